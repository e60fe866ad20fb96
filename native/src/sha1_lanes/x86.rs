//! SHA-1 in the lanes of AVX2 and AVX-512: the turning of blocks into words, and the rounds.

use super::{Lanes, Sha1Lanes, BLOCK, LANES};
use crate::word_mask::{Avx2, Avx512};
use std::arch::x86_64::*;

impl Sha1Lanes for Avx2 {
    #[inline(always)]
    fn columns(self, blocks: &[[u8; BLOCK]; LANES]) -> [Lanes; BLOCK / 4] {
        // SAFETY: `Avx2` is only made by `dispatch!` in a function with the target feature.
        unsafe { columns(blocks) }
    }

    #[inline(always)]
    fn compress(self, state: &mut [Lanes; 5], words: &[Lanes; BLOCK / 4]) {
        // SAFETY: as above.
        unsafe { eights::compress(state, words) }
    }
}

impl Sha1Lanes for Avx512 {
    #[inline(always)]
    fn columns(self, blocks: &[[u8; BLOCK]; LANES]) -> [Lanes; BLOCK / 4] {
        // SAFETY: `Avx512` is only made by `dispatch!` in a function with the target feature.
        unsafe { columns(blocks) }
    }

    #[inline(always)]
    fn compress(self, state: &mut [Lanes; 5], words: &[Lanes; BLOCK / 4]) {
        // SAFETY: as above.
        unsafe { sixteens::compress(state, words) }
    }
}

/// Defines `compress` of as many lanes as a vector has. The rounds are written out, for the schedule and the
/// state to be registers; the value in place i of the state is a, b, c, d or e by turns.
macro_rules! define_compress {
    ($features:literal, $width:literal) => {
        #[inline]
        #[target_feature(enable = $features)]
        pub fn compress(state: &mut [Lanes; 5], words: &[Lanes; BLOCK / 4]) {
            for part in 0..LANES / $width {
                // No `map` here: it has not the target feature, and what it calls would not be inlined.
                let mut schedule = [splat(0); BLOCK / 4];
                for (word, lanes) in schedule.iter_mut().zip(words) {
                    *word = load(&lanes.as_chunks().0[part]);
                }
                let mut before = [splat(0); 5];
                for (word, lanes) in before.iter_mut().zip(&*state) {
                    *word = load(&lanes.as_chunks().0[part]);
                }
                let mut now = before;
                rounds!(now, schedule, choose, 0x5A82_7999:
                    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);
                rounds!(now, schedule, parity, 0x6ED9_EBA1:
                    20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39);
                rounds!(now, schedule, majority, 0x8F1B_BCDC:
                    40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59);
                rounds!(now, schedule, parity, 0xCA62_C1D6:
                    60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79);
                for ((lanes, now), before) in state.iter_mut().zip(now).zip(before) {
                    store(&mut lanes.as_chunks_mut().0[part], add(before, now));
                }
            }
        }
    };
}

macro_rules! rounds {
    ($state:ident, $words:ident, $mix:ident, $constant:literal: $($round:literal)*) => {$({
        const TURN: usize = 80 - $round;
        const AT: usize = $round % 16;
        if $round >= 16 {
            let mixed = parity($words[(AT + 13) % 16], $words[(AT + 8) % 16], $words[(AT + 2) % 16]);
            $words[AT] = rotate_1(xor(mixed, $words[AT]));
        }
        let mixed = $mix($state[(TURN + 1) % 5], $state[(TURN + 2) % 5], $state[(TURN + 3) % 5]);
        let sum = add(add($state[(TURN + 4) % 5], add($words[AT], splat($constant))), mixed);
        $state[(TURN + 4) % 5] = add(sum, rotate_5($state[TURN % 5]));
        $state[(TURN + 1) % 5] = rotate_30($state[(TURN + 1) % 5]);
    })*};
}

/// Defines small functions of vectors.
macro_rules! operations {
    ($features:literal: $($name:ident($($argument:ident: $kind:ty),*) -> $result:ty { $body:expr })*) => {$(
        #[inline]
        #[target_feature(enable = $features)]
        fn $name($($argument: $kind),*) -> $result {
            $body
        }
    )*};
}

/// Eight lanes of AVX2.
mod eights {
    use super::{Lanes, BLOCK, LANES};
    use std::arch::x86_64::*;

    type V = __m256i;

    define_compress!("avx2", 8);
    operations! { "avx2":
        // SAFETY: loads 8 words, unaligned.
        load(from: &[u32; 8]) -> V { unsafe { _mm256_loadu_si256(from.as_ptr().cast()) } }
        // SAFETY: stores 8 words, unaligned.
        store(to: &mut [u32; 8], value: V) -> () { unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), value) } }
        splat(value: u32) -> V { _mm256_set1_epi32(value.cast_signed()) }
        add(a: V, b: V) -> V { _mm256_add_epi32(a, b) }
        xor(a: V, b: V) -> V { _mm256_xor_si256(a, b) }
        parity(a: V, b: V, c: V) -> V { xor(xor(a, b), c) }
        choose(a: V, b: V, c: V) -> V { xor(c, _mm256_and_si256(a, xor(b, c))) }
        majority(a: V, b: V, c: V) -> V {
            _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, _mm256_or_si256(a, b)))
        }
        rotate_1(a: V) -> V { _mm256_or_si256(_mm256_add_epi32(a, a), _mm256_srli_epi32::<31>(a)) }
        rotate_5(a: V) -> V { _mm256_or_si256(_mm256_slli_epi32::<5>(a), _mm256_srli_epi32::<27>(a)) }
        rotate_30(a: V) -> V { _mm256_or_si256(_mm256_slli_epi32::<30>(a), _mm256_srli_epi32::<2>(a)) }
    }
}

/// Sixteen lanes of AVX-512.
mod sixteens {
    use super::{Lanes, BLOCK, LANES};
    use std::arch::x86_64::*;

    type V = __m512i;

    define_compress!("avx512f", 16);
    operations! { "avx512f":
        // SAFETY: loads 16 words, unaligned.
        load(from: &[u32; 16]) -> V { unsafe { _mm512_loadu_si512(from.as_ptr().cast()) } }
        // SAFETY: stores 16 words, unaligned.
        store(to: &mut [u32; 16], value: V) -> () { unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), value) } }
        splat(value: u32) -> V { _mm512_set1_epi32(value.cast_signed()) }
        add(a: V, b: V) -> V { _mm512_add_epi32(a, b) }
        xor(a: V, b: V) -> V { _mm512_xor_si512(a, b) }
        parity(a: V, b: V, c: V) -> V { _mm512_ternarylogic_epi32::<0x96>(a, b, c) }
        choose(a: V, b: V, c: V) -> V { _mm512_ternarylogic_epi32::<0xCA>(a, b, c) }
        majority(a: V, b: V, c: V) -> V { _mm512_ternarylogic_epi32::<0xE8>(a, b, c) }
        rotate_1(a: V) -> V { _mm512_rol_epi32::<1>(a) }
        rotate_5(a: V) -> V { _mm512_rol_epi32::<5>(a) }
        rotate_30(a: V) -> V { _mm512_rol_epi32::<30>(a) }
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn columns(blocks: &[[u8; BLOCK]; LANES]) -> [Lanes; BLOCK / 4] {
    let swap =
        _mm256_broadcastsi128_si256(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
    let mut columns = [[0; LANES]; BLOCK / 4];
    for (row, eight) in blocks.as_chunks::<8>().0.iter().enumerate() {
        for word in [0, 8] {
            let mut rows = [_mm256_setzero_si256(); 8];
            for (row, block) in rows.iter_mut().zip(eight) {
                // SAFETY: loads 32 bytes at 0 or 32 of 64, unaligned.
                let bytes = unsafe { _mm256_loadu_si256(block.as_ptr().add(4 * word).cast()) };
                *row = _mm256_shuffle_epi8(bytes, swap);
            }
            for (column, found) in columns[word..].iter_mut().zip(eight_columns(rows)) {
                // SAFETY: stores 32 bytes at 0 or 32 of 64, unaligned.
                unsafe { _mm256_storeu_si256(column.as_mut_ptr().add(8 * row).cast(), found) }
            }
        }
    }
    columns
}

/// Turns eight rows of eight words into columns.
#[inline]
#[target_feature(enable = "avx2")]
fn eight_columns(rows: [__m256i; 8]) -> [__m256i; 8] {
    let [a, b, c, d, e, f, g, h] = rows;
    let pairs =
        |low: __m256i, high: __m256i| [_mm256_unpacklo_epi32(low, high), _mm256_unpackhi_epi32(low, high)];
    let fours = |[a, b]: [__m256i; 2], [c, d]: [__m256i; 2]| {
        [
            _mm256_unpacklo_epi64(a, c),
            _mm256_unpackhi_epi64(a, c),
            _mm256_unpacklo_epi64(b, d),
            _mm256_unpackhi_epi64(b, d),
        ]
    };
    let [p, q, r, s] = fours(pairs(a, b), pairs(c, d));
    let [t, u, v, w] = fours(pairs(e, f), pairs(g, h));
    let low = |a, b| _mm256_permute2x128_si256::<0x20>(a, b);
    let high = |a, b| _mm256_permute2x128_si256::<0x31>(a, b);
    [low(p, t), low(q, u), low(r, v), low(s, w), high(p, t), high(q, u), high(r, v), high(s, w)]
}
