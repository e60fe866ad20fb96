//! The estimate gate: of proposed pairs, those whose signatures agree in enough slots.

use std::sync::Mutex;

use arrow_array::{Array, UInt64Array};

use crate::band_keys::signature_slots;
use crate::cpu_path::{dispatch, CPU_PATH};
use crate::error::{in_range, KernelError};
use crate::threads::{run_on_threads, take_next, MAX_THREADS};
use crate::word_mask::WordMask;

/// Pairs that a thread takes at once.
const CHUNK: usize = 1 << 14;

/// Pairs that the next signature is fetched ahead by.
const AHEAD: usize = 8;

/// Returns the places of a packed pair, the better-ranked one first.
#[inline(always)]
pub(crate) fn places(pair: u64) -> (usize, usize) {
    ((pair >> 32) as usize, (pair & 0xffff_ffff) as usize)
}

/// Borrows packed pairs `left << 32 | right` with left < right < `texts`.
pub(crate) fn packed_pairs<'a>(
    argument: &'static str,
    array: &'a dyn Array,
    texts: usize,
) -> Result<&'a [u64], KernelError> {
    let Some(pairs) = array.as_any().downcast_ref::<UInt64Array>() else {
        let found = array.data_type().to_string();
        return Err(KernelError::UnsupportedType { argument, expected: "uint64", found });
    };
    let bad = |&pair: &u64| {
        let (left, right) = places(pair);
        left >= right || right >= texts
    };
    match pairs.values().iter().position(bad) {
        Some(row) => Err(KernelError::BadIndex { argument, row, texts }),
        None if pairs.null_count() > 0 => Err(KernelError::BadIndex { argument, row: 0, texts }),
        None => Ok(pairs.values()),
    }
}

/// Returns the pairs whose signatures are equal in at least `least_equal` slots, in the order given.
pub fn gate_pairs(
    signatures: &dyn Array,
    num_perm: i64,
    pairs: &dyn Array,
    least_equal: i64,
    threads: i64,
) -> Result<UInt64Array, KernelError> {
    let num_perm = in_range("num_perm", num_perm, 1, 1 << 16)?;
    let least_equal = in_range("least_equal", least_equal, 0, num_perm)?;
    let threads = in_range("threads", threads, 1, MAX_THREADS)?;
    let slots = signature_slots(signatures, num_perm)?;
    let pairs = packed_pairs("pairs", pairs, slots.len() / num_perm)?;
    let chunks = Mutex::new(pairs.chunks(CHUNK).enumerate());
    let passed = Mutex::new(Vec::new());
    run_on_threads(threads, || {
        while let Some((number, chunk)) = take_next(&chunks) {
            let found = gate_on(*CPU_PATH, slots, num_perm, chunk, least_equal);
            if let Ok(mut passed) = passed.lock() {
                passed.push((number, found));
            }
        }
    });
    let mut passed = passed.into_inner().unwrap_or_default();
    passed.sort_unstable_by_key(|&(number, _)| number);
    Ok(UInt64Array::from_iter_values(passed.into_iter().flat_map(|(_, found)| found)))
}

dispatch!(fn gate_on => gate(slots: &[u32], num_perm: usize, pairs: &[u64], least_equal: usize) -> Vec<u64>);

#[inline(always)]
fn gate(
    _masks: impl WordMask,
    slots: &[u32],
    num_perm: usize,
    pairs: &[u64],
    least_equal: usize,
) -> Vec<u64> {
    let signature = |place: usize| &slots[place * num_perm..(place + 1) * num_perm];
    let mut passed = Vec::new();
    for (number, &pair) in pairs.iter().enumerate() {
        if let Some(&next) = pairs.get(number + AHEAD) {
            prefetch(signature(places(next).1));
        }
        let (left, right) = places(pair);
        let equal: u32 = signature(left).iter().zip(signature(right)).map(|(a, b)| u32::from(a == b)).sum();
        if equal as usize >= least_equal {
            passed.push(pair);
        }
    }
    passed
}

/// Asks for the first lines of a signature; the hardware goes on by itself.
#[inline(always)]
fn prefetch(signature: &[u32]) {
    #[cfg(target_arch = "x86_64")]
    for line in signature.chunks(16).take(4) {
        // SAFETY: prefetching reads nothing; SSE is part of x86-64.
        unsafe {
            std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(line.as_ptr().cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = signature;
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::UInt32Array;

    #[test]
    fn pairs_pass_by_their_equal_slots_for_any_threads() {
        let texts = 300_u32;
        let slots: Vec<u32> = (0..texts * 20).map(|i| (i / 20 * 7 + i % 20 * i % 13) % 3).collect();
        let pairs: Vec<u64> = (0..u64::from(texts))
            .flat_map(|left| (left + 1..u64::from(texts)).map(move |right| left << 32 | right))
            .collect();
        let equal = |pair: u64| {
            let (left, right) = places(pair);
            (0..20).filter(|slot| slots[left * 20 + slot] == slots[right * 20 + slot]).count()
        };
        let expected: Vec<u64> = pairs.iter().copied().filter(|&pair| equal(pair) >= 12).collect();
        assert!(!expected.is_empty() && expected.len() < pairs.len());
        let (signatures, pairs) = (UInt32Array::from(slots.clone()), UInt64Array::from(pairs));
        for threads in [1, 2, 5] {
            let found = gate_pairs(&signatures, 20, &pairs, 12, threads).expect("pairs");
            assert_eq!(found.values()[..], expected[..]);
        }
    }

    #[test]
    fn pairs_that_are_no_pairs_are_refused() {
        let signatures = UInt32Array::from(vec![1, 2, 3]);
        for pair in [0, 1 << 32 | 1, 1 << 32, 3, u64::MAX] {
            assert!(gate_pairs(&signatures, 1, &UInt64Array::from(vec![pair]), 0, 1).is_err(), "{pair}");
        }
        assert!(gate_pairs(&signatures, 1, &UInt64Array::from(vec![2]), 0, 1).is_ok());
    }
}
