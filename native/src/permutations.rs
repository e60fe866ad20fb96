//! The permutations of MinHash: for every slot, the least of the permuted hashes.
//!
//! Both arithmetics are datasketch's: "affine32", its default since 2.0, and "legacy", that of datasketch before
//! 2.0 and of the scripts that came from it. The loops are written so that slots become vector lanes.
//! Source: Broder, "On the resemblance and containment of documents", 1997; https://github.com/ekzhu/datasketch.

use arrow_array::{Array, UInt32Array, UInt64Array};

use crate::error::KernelError;
use crate::word_mask::{Portable, WordMask};

/// Value of all slots of a text without shingles.
pub const EMPTY_SLOT: u32 = u32::MAX;

/// Most slots of a signature.
pub const MAX_NUM_PERM: usize = 1 << 16;

/// Hashes that go through the slots together, to save loads and stores of the slots.
const TOGETHER: usize = 8;

/// Slots are filled up to a multiple of this.
const LANES: usize = 16;

const MERSENNE_61: u64 = (1 << 61) - 1;

/// The permutations of a signature.
#[derive(Clone, Debug)]
pub enum Permutations {
    /// min of (a * fmix32(h) + b) mod 2^32.
    Affine32 { num_perm: usize, multiply: Vec<u32>, add: Vec<u32> },
    /// min of ((a * h + b) mod 2^64 mod (2^61 - 1)) mod 2^32.
    Legacy { num_perm: usize, multiply: Vec<u64>, add: Vec<u64> },
}

impl Permutations {
    /// Takes columns of a factor and a summand per slot: uint32 for "affine32", uint64 for "legacy".
    pub fn from_arrays(multiply: &dyn Array, add: &dyn Array) -> Result<Self, KernelError> {
        let short =
            |array: &dyn Array| array.as_any().downcast_ref::<UInt32Array>().map(|a| a.values().to_vec());
        let long =
            |array: &dyn Array| array.as_any().downcast_ref::<UInt64Array>().map(|a| a.values().to_vec());
        if let (Some(multiply), Some(add)) = (short(multiply), short(add)) {
            return Self::affine32(&multiply, &add);
        }
        if let (Some(multiply), Some(add)) = (long(multiply), long(add)) {
            return Self::legacy(&multiply, &add);
        }
        let found = format!("{} and {}", multiply.data_type(), add.data_type());
        let (argument, expected) = ("multiply, add", "uint32 or of uint64, both");
        Err(KernelError::UnsupportedType { argument, expected, found })
    }

    /// Takes a factor and a summand per slot.
    pub fn affine32(multiply: &[u32], add: &[u32]) -> Result<Self, KernelError> {
        check_lengths(multiply.len(), add.len())?;
        let num_perm = multiply.len();
        Ok(Self::Affine32 { num_perm, multiply: filled(multiply), add: filled(add) })
    }

    /// Takes a factor and a summand per slot.
    pub fn legacy(multiply: &[u64], add: &[u64]) -> Result<Self, KernelError> {
        check_lengths(multiply.len(), add.len())?;
        let num_perm = multiply.len();
        Ok(Self::Legacy { num_perm, multiply: filled(multiply), add: filled(add) })
    }

    /// Slots of a signature.
    pub fn num_perm(&self) -> usize {
        match self {
            Self::Affine32 { num_perm, .. } | Self::Legacy { num_perm, .. } => *num_perm,
        }
    }

    /// A signature of no shingles, with the filling.
    pub fn blank(&self) -> Vec<u32> {
        vec![EMPTY_SLOT; self.num_perm().next_multiple_of(LANES)]
    }

    /// Lowers the slots by some hashes. `hashes` are mixed in place on the way.
    #[inline(always)]
    pub fn lower(&self, masks: impl WordMask, hashes: &mut [u32], slots: &mut [u32]) {
        match self {
            Self::Affine32 { multiply, add, .. } => {
                hashes.iter_mut().for_each(|hash| *hash = fmix32(*hash));
                lower_affine32(hashes, multiply, add, slots);
            }
            Self::Legacy { multiply, add, .. } => lower_legacy(masks, hashes, multiply, add, slots),
        }
    }
}

fn check_lengths(multiply: usize, add: usize) -> Result<(), KernelError> {
    if multiply == add && (1..=MAX_NUM_PERM).contains(&multiply) {
        return Ok(());
    }
    Err(KernelError::WrongLength { argument: "add", expected: multiply, found: add })
}

fn filled<T: Copy + Default>(values: &[T]) -> Vec<T> {
    let mut filled = values.to_vec();
    filled.resize(values.len().next_multiple_of(LANES), T::default());
    filled
}

/// The finalizer of MurmurHash3 (Appleby, 2011).
#[inline(always)]
fn fmix32(mut hash: u32) -> u32 {
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85EB_CA6B);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xC2B2_AE35);
    hash ^ (hash >> 16)
}

#[inline(always)]
fn lower_affine32(hashes: &[u32], multiply: &[u32], add: &[u32], slots: &mut [u32]) {
    let (groups, rest) = hashes.as_chunks::<TOGETHER>();
    for group in groups {
        affine32_group(group, multiply, add, slots);
    }
    if let Some(&last) = rest.last() {
        // The last hash again and again: a minimum does not mind.
        let mut group = [last; TOGETHER];
        group[..rest.len()].copy_from_slice(rest);
        affine32_group(&group, multiply, add, slots);
    }
}

#[inline(always)]
fn affine32_group(group: &[u32; TOGETHER], multiply: &[u32], add: &[u32], slots: &mut [u32]) {
    let slots = slots.as_chunks_mut::<LANES>().0;
    let (multiply, add) = (multiply.as_chunks::<LANES>().0, add.as_chunks::<LANES>().0);
    for ((slots, multiply), add) in slots.iter_mut().zip(multiply).zip(add) {
        for lane in 0..LANES {
            let at = |hash: u32| multiply[lane].wrapping_mul(hash).wrapping_add(add[lane]);
            let [a, b, c, d, e, f, g, h] = group.map(at);
            let least = a.min(b).min(c.min(d)).min(e.min(f).min(g.min(h)));
            slots[lane] = slots[lane].min(least);
        }
    }
}

#[inline(always)]
fn lower_legacy(masks: impl LegacyLeast, hashes: &[u32], multiply: &[u64], add: &[u64], slots: &mut [u32]) {
    if hashes.is_empty() {
        return;
    }
    let slots = slots.as_chunks_mut::<LANES>().0;
    let (multiply, add) = (multiply.as_chunks::<LANES>().0, add.as_chunks::<LANES>().0);
    for ((slots, multiply), add) in slots.iter_mut().zip(multiply).zip(add) {
        let mut least = masks.legacy_least(hashes, multiply, &add.map(|add| add.wrapping_add(1)));
        if least.iter().any(|&least| least < 8) {
            least = std::array::from_fn(|lane| {
                let values = hashes.iter().map(|&hash| legacy(multiply[lane], add[lane], hash));
                values.min().unwrap_or(EMPTY_SLOT).wrapping_add(1)
            });
        }
        for (slot, least) in slots.iter_mut().zip(least) {
            *slot = (*slot).min(least.wrapping_sub(1));
        }
    }
}

#[cold]
fn legacy(multiply: u64, add: u64, hash: u32) -> u32 {
    (multiply.wrapping_mul(u64::from(hash)).wrapping_add(add) % MERSENNE_61) as u32
}

/// A way to lower slots by "legacy" permutations on one CPU path.
///
/// For y = a * h + b + 1, the value of the permutation plus 1 is (y mod 2^32) + (y >> 61) mod 2^32: the division by
/// 2^61 - 1 adds the upper 3 bits to the lower 61. Three bits can carry out of those only if the lower 61 of
/// a * h + b are 2^61 - 8 or more. Then the sum here is less than 8, as it is for values of 2^32 - 1 and less than 7.
pub trait LegacyLeast: Copy {
    /// Returns the least sum of each slot for `add` = b + 1; below 8 the value is to be taken exactly.
    fn legacy_least(self, hashes: &[u32], multiply: &[u64; LANES], add: &[u64; LANES]) -> [u32; LANES];
}

impl LegacyLeast for Portable {
    #[inline(always)]
    fn legacy_least(self, hashes: &[u32], multiply: &[u64; LANES], add: &[u64; LANES]) -> [u32; LANES] {
        let mut least = [u32::MAX; LANES];
        for &hash in hashes {
            for lane in 0..LANES {
                let y = multiply[lane].wrapping_mul(u64::from(hash)).wrapping_add(add[lane]);
                least[lane] = least[lane].min(y.wrapping_add(y >> 61) as u32);
            }
        }
        least
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{LegacyLeast, LANES};
    use crate::word_mask::{Avx2, Avx512};
    use std::arch::x86_64::*;

    impl LegacyLeast for Avx2 {
        #[inline(always)]
        fn legacy_least(self, hashes: &[u32], multiply: &[u64; LANES], add: &[u64; LANES]) -> [u32; LANES] {
            // SAFETY: `Avx2` is only made by `dispatch!` in a function with the target feature.
            unsafe { least_avx2(hashes, multiply, add) }
        }
    }

    impl LegacyLeast for Avx512 {
        #[inline(always)]
        fn legacy_least(self, hashes: &[u32], multiply: &[u64; LANES], add: &[u64; LANES]) -> [u32; LANES] {
            // SAFETY: `Avx512` is only made by `dispatch!` in a function with the target features.
            unsafe { least_avx512(hashes, multiply, add) }
        }
    }

    /// Eight slots at a time: the lower halves of the sums of two vectors in one, the upper ones in another.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn least_avx2(hashes: &[u32], multiply: &[u64; LANES], add: &[u64; LANES]) -> [u32; LANES] {
        let load = |from: &[u64; LANES]| {
            let mut vectors = [_mm256_setzero_si256(); 4];
            for (i, vector) in vectors.iter_mut().enumerate() {
                // SAFETY: loads 4 x 4 of 16 words, unaligned.
                *vector = unsafe { _mm256_loadu_si256(from.as_ptr().add(4 * i).cast()) };
            }
            vectors
        };
        let (multiply, add) = (load(multiply), load(add));
        let lower = |a, b| {
            let (a, b) = (_mm256_castsi256_ps(a), _mm256_castsi256_ps(b));
            _mm256_castps_si256(_mm256_shuffle_ps::<0b10_00_10_00>(a, b))
        };
        let upper = |a, b| {
            let (a, b) = (_mm256_castsi256_ps(a), _mm256_castsi256_ps(b));
            _mm256_castps_si256(_mm256_shuffle_ps::<0b11_01_11_01>(a, b))
        };
        let above = [upper(multiply[0], multiply[1]), upper(multiply[2], multiply[3])];
        let mut least = [_mm256_set1_epi32(-1); 2];
        for &hash in hashes {
            let hash = _mm256_set1_epi32(hash.cast_signed());
            for i in 0..2 {
                let first = _mm256_add_epi64(_mm256_mul_epu32(multiply[2 * i], hash), add[2 * i]);
                let second = _mm256_add_epi64(_mm256_mul_epu32(multiply[2 * i + 1], hash), add[2 * i + 1]);
                let top = _mm256_add_epi32(upper(first, second), _mm256_mullo_epi32(above[i], hash));
                let sum = _mm256_add_epi32(lower(first, second), _mm256_srli_epi32::<29>(top));
                least[i] = _mm256_min_epu32(least[i], sum);
            }
        }
        let mut found = [0; LANES];
        for (found, least) in found.as_chunks_mut::<8>().0.iter_mut().zip(least) {
            // SAFETY: stores 8 words, unaligned.
            unsafe {
                _mm256_storeu_si256(
                    found.as_mut_ptr().cast(),
                    _mm256_permute4x64_epi64::<0b11_01_10_00>(least),
                )
            }
        }
        found
    }

    /// Eight slots at a time, in the lower halves of the lanes.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq")]
    fn least_avx512(hashes: &[u32], multiply: &[u64; LANES], add: &[u64; LANES]) -> [u32; LANES] {
        let load = |from: &[u64; LANES]| {
            let mut vectors = [_mm512_setzero_si512(); 2];
            for (i, vector) in vectors.iter_mut().enumerate() {
                // SAFETY: loads 2 x 8 of 16 words, unaligned.
                *vector = unsafe { _mm512_loadu_si512(from.as_ptr().add(8 * i).cast()) };
            }
            vectors
        };
        let (multiply, add) = (load(multiply), load(add));
        let mut least = [_mm512_set1_epi32(-1); 2];
        for &hash in hashes {
            let hash = _mm512_maskz_set1_epi32(0x5555, hash.cast_signed());
            for i in 0..2 {
                let y = _mm512_add_epi64(_mm512_mullo_epi64(multiply[i], hash), add[i]);
                let sum = _mm512_add_epi32(y, _mm512_srli_epi64::<61>(y));
                least[i] = _mm512_min_epu32(least[i], sum);
            }
        }
        let mut found = [0; LANES];
        for (found, least) in found.as_chunks_mut::<8>().0.iter_mut().zip(least) {
            // SAFETY: stores 8 words, unaligned.
            unsafe { _mm256_storeu_si256(found.as_mut_ptr().cast(), _mm512_cvtepi64_epi32(least)) }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu_path::{dispatch, CpuPath};

    dispatch!(fn lower_on => lower(permutations: &Permutations, hashes: &[u32]) -> Vec<u32>);

    #[inline(always)]
    fn lower(masks: impl WordMask, permutations: &Permutations, hashes: &[u32]) -> Vec<u32> {
        let mut slots = permutations.blank();
        permutations.lower(masks, &mut hashes.to_vec(), &mut slots);
        slots[..permutations.num_perm()].to_vec()
    }

    fn numbers(count: usize, seed: u64) -> Vec<u64> {
        (1..=count as u64).map(|i| crate::token_hash::mum(i ^ seed, 0x9E37_79B9_7F4A_7C15)).collect()
    }

    #[test]
    fn slots_are_the_least_permuted_hash_on_every_path() {
        for (num_perm, count) in [(1, 1), (7, 8), (16, 9), (250, 31), (256, 200), (300, 3), (33, 0)] {
            let hashes: Vec<u32> = numbers(count, 1)
                .iter()
                .map(|&n| n as u32)
                .chain([0, u32::MAX])
                .skip(usize::from(count == 0) * 2)
                .collect();
            let (a, mut b) = (numbers(num_perm, 2), numbers(num_perm, 3));
            // Where the sum of the lower 61 bits and the upper 3 carries, and where it just does not.
            for (slot, add) in b.iter_mut().enumerate().skip(5) {
                *add = ((slot % 8) as u64) << 61 | (MERSENNE_61 - slot as u64 / 8);
            }
            let (a32, b32): (Vec<u32>, Vec<u32>) =
                (a.iter().map(|&x| x as u32 | 1).collect(), b.iter().map(|&x| x as u32).collect());
            let affine: Vec<u32> = (0..num_perm)
                .map(|k| {
                    hashes
                        .iter()
                        .map(|&h| a32[k].wrapping_mul(fmix32(h)).wrapping_add(b32[k]))
                        .min()
                        .unwrap_or(EMPTY_SLOT)
                })
                .collect();
            let old: Vec<u32> = (0..num_perm)
                .map(|k| {
                    let value =
                        |&h: &u32| (a[k].wrapping_mul(u64::from(h)).wrapping_add(b[k]) % MERSENNE_61) as u32;
                    hashes.iter().map(value).min().unwrap_or(EMPTY_SLOT)
                })
                .collect();
            for path in CpuPath::available() {
                assert_eq!(
                    lower_on(path, &Permutations::affine32(&a32, &b32).expect("lengths"), &hashes),
                    affine
                );
                assert_eq!(lower_on(path, &Permutations::legacy(&a, &b).expect("lengths"), &hashes), old);
            }
        }
        assert!(Permutations::affine32(&[1], &[]).is_err());
    }
}
