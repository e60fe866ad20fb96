//! Which bytes are word characters `[A-Za-z0-9_]`, 64 at a time.

use crate::permutations::LegacyLeast;
use crate::sha1_lanes::Sha1Lanes;

/// Bytes that are classified at once.
pub const BLOCK: usize = 64;

/// A way to classify bytes on one CPU path; what else a path does in a way of its own comes with it.
pub trait WordMask: LegacyLeast + Sha1Lanes {
    /// Returns a mask whose bit i says whether byte i is a word character.
    fn word_mask(self, block: &[u8; BLOCK]) -> u64;

    /// Returns a mask whose bit i says whether byte i is of a class.
    fn class_mask(self, block: &[u8; BLOCK], class: &AsciiClass) -> u64;

    /// Returns the lowest `bits` < 256 bits of a word.
    #[inline(always)]
    fn low_bits(self, word: u64, bits: u32) -> u64 {
        if bits < u64::BITS {
            word & ((1 << bits) - 1)
        } else {
            word
        }
    }

    /// Writes `base` plus the place of each set bit, and rubbish after them.
    #[inline(always)]
    fn write_places(self, mut bits: u64, base: u32, places: &mut [u32; BLOCK]) {
        let count = bits.count_ones() as usize;
        // Most blocks have at most two groups: always two, so that the branch is foreseen.
        for group in places.as_chunks_mut::<8>().0.iter_mut().take(count.div_ceil(8).max(2)) {
            for place in group {
                *place = base.wrapping_add(bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
            }
        }
    }
}

/// A set of ASCII bytes.
pub struct AsciiClass {
    /// Bit h of entry l says whether the byte h << 4 | l belongs to it.
    nibbles: [u8; 16],
    /// 1 for each byte that belongs to it.
    bytes: [u8; 256],
}

impl AsciiClass {
    /// The class of some bytes; those of 128 and more are left out.
    pub const fn of(bytes: &[u8]) -> Self {
        let mut class = Self { nibbles: [0; 16], bytes: [0; 256] };
        let mut place = 0;
        while place < bytes.len() {
            let byte = bytes[place];
            if byte.is_ascii() {
                class.nibbles[(byte & 15) as usize] |= 1 << (byte >> 4);
                class.bytes[byte as usize] = 1;
            }
            place += 1;
        }
        class
    }

    /// Whether a byte belongs to it.
    #[inline(always)]
    pub fn has(&self, byte: u8) -> bool {
        self.bytes[usize::from(byte)] != 0
    }
}

/// Plain integer arithmetic.
#[derive(Clone, Copy)]
pub struct Portable;

impl WordMask for Portable {
    #[inline(always)]
    fn word_mask(self, block: &[u8; BLOCK]) -> u64 {
        block.iter().rev().fold(0, |mask, &byte| mask << 1 | u64::from(is_word(byte)))
    }

    #[inline(always)]
    fn class_mask(self, block: &[u8; BLOCK], class: &AsciiClass) -> u64 {
        let mut mask = 0;
        for (number, bytes) in block.as_chunks::<8>().0.iter().enumerate() {
            let eight = bytes
                .iter()
                .enumerate()
                .fold(0, |eight, (place, &byte)| eight | u64::from(class.bytes[usize::from(byte)]) << place);
            mask |= eight << (8 * number);
        }
        mask
    }
}

/// Whether a byte is one of `[A-Za-z0-9_]`.
#[inline(always)]
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{AsciiClass, WordMask, BLOCK};
    use std::arch::x86_64::*;

    /// The bit of each high nibble; none for bytes of 128 and more.
    const HIGH: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0];

    static WORDS: AsciiClass =
        AsciiClass::of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz0123456789");

    /// AVX2: two shuffles per 32 bytes.
    #[derive(Clone, Copy)]
    pub struct Avx2;

    impl WordMask for Avx2 {
        #[inline(always)]
        fn word_mask(self, block: &[u8; BLOCK]) -> u64 {
            self.class_mask(block, &WORDS)
        }

        #[inline(always)]
        fn class_mask(self, block: &[u8; BLOCK], class: &AsciiClass) -> u64 {
            let halves = block.as_ptr().cast::<__m256i>();
            // SAFETY: loads 2 x 32 bytes of a block of 64, unaligned; `Avx2` is only made by `dispatch!` in a
            // function with the target feature.
            unsafe {
                let first = half_mask(_mm256_loadu_si256(halves), class);
                let second = half_mask(_mm256_loadu_si256(halves.add(1)), class);
                u64::from(second) << 32 | u64::from(first)
            }
        }

        #[inline(always)]
        fn low_bits(self, word: u64, bits: u32) -> u64 {
            // SAFETY: as above.
            unsafe { _bzhi_u64(word, bits) }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn half_mask(bytes: __m256i, class: &AsciiClass) -> u32 {
        // SAFETY: loads 16 bytes of tables of 16.
        let (low, high) = unsafe {
            (
                _mm256_broadcastsi128_si256(_mm_loadu_si128(class.nibbles.as_ptr().cast())),
                _mm256_broadcastsi128_si256(_mm_loadu_si128(HIGH.as_ptr().cast())),
            )
        };
        let nibble = _mm256_set1_epi8(0x0f);
        let by_low = _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, nibble));
        let by_high = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble));
        let none = _mm256_cmpeq_epi8(_mm256_and_si256(by_low, by_high), _mm256_setzero_si256());
        !_mm256_movemask_epi8(none).cast_unsigned()
    }

    /// AVX-512: two shuffles per 64 bytes.
    #[derive(Clone, Copy)]
    pub struct Avx512;

    impl WordMask for Avx512 {
        #[inline(always)]
        fn word_mask(self, block: &[u8; BLOCK]) -> u64 {
            self.class_mask(block, &WORDS)
        }

        #[inline(always)]
        fn class_mask(self, block: &[u8; BLOCK], class: &AsciiClass) -> u64 {
            // SAFETY: `Avx512` is only made by `dispatch!` in a function with the target feature.
            unsafe { block_mask(block, class) }
        }

        #[inline(always)]
        fn low_bits(self, word: u64, bits: u32) -> u64 {
            // SAFETY: as above.
            unsafe { _bzhi_u64(word, bits) }
        }

        #[inline(always)]
        fn write_places(self, bits: u64, base: u32, places: &mut [u32; BLOCK]) {
            // SAFETY: as above.
            unsafe { write_places(bits, base, places) }
        }
    }

    /// The numbers of the set bits side by side, widened sixteen at a time; most blocks have at most 32.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,popcnt")]
    fn write_places(bits: u64, base: u32, places: &mut [u32; BLOCK]) {
        const NUMBERS: [u8; BLOCK] = {
            let mut numbers = [0; BLOCK];
            let mut number = 0;
            while number < BLOCK {
                numbers[number] = number as u8;
                number += 1;
            }
            numbers
        };
        let base = _mm512_set1_epi32(base.cast_signed());
        // SAFETY: loads and stores 64 bytes of arrays of 64.
        unsafe {
            let set = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(NUMBERS.as_ptr().cast()));
            let mut write = |part: usize, sixteen: __m128i| {
                let widened = _mm512_add_epi32(_mm512_cvtepu8_epi32(sixteen), base);
                _mm512_storeu_si512(places.as_mut_ptr().add(16 * part).cast(), widened);
            };
            write(0, _mm512_extracti32x4_epi32::<0>(set));
            write(1, _mm512_extracti32x4_epi32::<1>(set));
            if bits.count_ones() > 32 {
                write(2, _mm512_extracti32x4_epi32::<2>(set));
                write(3, _mm512_extracti32x4_epi32::<3>(set));
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn block_mask(block: &[u8; BLOCK], class: &AsciiClass) -> u64 {
        // SAFETY: loads 64 bytes of a block of 64 and 16 bytes of tables of 16, unaligned.
        let (bytes, low, high) = unsafe {
            (
                _mm512_loadu_si512(block.as_ptr().cast()),
                _mm512_broadcast_i32x4(_mm_loadu_si128(class.nibbles.as_ptr().cast())),
                _mm512_broadcast_i32x4(_mm_loadu_si128(HIGH.as_ptr().cast())),
            )
        };
        let nibble = _mm512_set1_epi8(0x0f);
        let by_low = _mm512_shuffle_epi8(low, _mm512_and_si512(bytes, nibble));
        let by_high = _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16::<4>(bytes), nibble));
        _mm512_test_epi8_mask(by_low, by_high)
    }

    #[cfg(test)]
    mod tests {
        use super::super::is_word;
        use super::*;
        use crate::cpu_path::{dispatch, CpuPath};

        dispatch!(fn mask_on => mask(block: &[u8; BLOCK]) -> u64);

        #[inline(always)]
        fn mask<M: WordMask>(masks: M, block: &[u8; BLOCK]) -> u64 {
            masks.word_mask(block)
        }

        dispatch!(fn class_on => signs(block: &[u8; BLOCK]) -> u64);

        #[inline(always)]
        fn signs<M: WordMask>(masks: M, block: &[u8; BLOCK]) -> u64 {
            masks.class_mask(block, const { &AsciiClass::of(b"\0 !09:;@~\x7F\xFF") })
        }

        dispatch!(fn places_on => places(bits: u64, base: u32) -> [u32; BLOCK]);

        #[inline(always)]
        fn places<M: WordMask>(masks: M, bits: u64, base: u32) -> [u32; BLOCK] {
            let mut places = [0; BLOCK];
            masks.write_places(bits, base, &mut places);
            places
        }

        #[test]
        fn places_are_those_of_the_set_bits() {
            let mut random = 1_u64;
            for round in 0..300 {
                random = random.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29) ^ round;
                for bits in [random, random & random << 7, random | random << 3, 0, u64::MAX, 1 << 63] {
                    let expected: Vec<u32> =
                        (0..64).filter(|i| bits >> i & 1 == 1).map(|i| 7000 + i).collect();
                    for path in CpuPath::available() {
                        assert_eq!(places_on(path, bits, 7000)[..expected.len()], expected, "{path:?}");
                    }
                }
            }
        }

        #[test]
        fn every_byte_in_every_place_is_classified_alike() {
            for path in CpuPath::available() {
                for shift in 0..=255_u8 {
                    let mut block = [0; BLOCK];
                    for (place, byte) in block.iter_mut().enumerate() {
                        *byte = shift.wrapping_add(place as u8);
                    }
                    let found = mask_on(path, &block);
                    let signs = class_on(path, &block);
                    for (place, &byte) in block.iter().enumerate() {
                        assert_eq!(found >> place & 1 == 1, is_word(byte), "{path:?} {byte}");
                        assert_eq!(
                            signs >> place & 1 == 1,
                            b"\0 !09:;@~\x7F".contains(&byte),
                            "{path:?} {byte}"
                        );
                    }
                }
            }
        }
    }
}
