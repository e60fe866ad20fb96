//! Keys of LSH bands: a hash of each slice of a signature.

use std::sync::Mutex;

use arrow_array::{Array, UInt32Array, UInt64Array};

use crate::error::{in_range, KernelError};
use crate::permutations::EMPTY_SLOT;
use crate::threads::{run_on_threads, take_next, MAX_THREADS};
use crate::token_hash::mum;

/// Key of a text without shingles, and of no other.
pub const NO_KEY: u64 = 0;

/// Golden ratio and SplitMix64 constants; each band starts from another state.
const START: u64 = 0x9E37_79B9_7F4A_7C15;
const MULTIPLY: u64 = 0xBF58_476D_1CE4_E5B9;

/// Borrows signatures, `num_perm` slots each.
pub(crate) fn signature_slots(signatures: &dyn Array, num_perm: usize) -> Result<&[u32], KernelError> {
    let argument = "signatures";
    let Some(slots) = signatures.as_any().downcast_ref::<UInt32Array>() else {
        let found = signatures.data_type().to_string();
        return Err(KernelError::UnsupportedType { argument, expected: "uint32", found });
    };
    if slots.null_count() > 0 || slots.len() % num_perm != 0 {
        let expected = slots.len().next_multiple_of(num_perm);
        return Err(KernelError::WrongLength { argument, expected, found: slots.len() });
    }
    Ok(slots.values())
}

/// Returns the keys of all bands, band after band, each with a key per signature.
pub fn band_keys(
    signatures: &dyn Array,
    num_perm: i64,
    bands: i64,
    rows: i64,
    threads: i64,
) -> Result<UInt64Array, KernelError> {
    let threads = in_range("threads", threads, 1, MAX_THREADS)?;
    let num_perm = in_range("num_perm", num_perm, 1, 1 << 16)?;
    let bands = in_range("bands", bands, 1, num_perm)?;
    let rows = in_range("rows", rows, 1, num_perm / bands)?;
    let slots = signature_slots(signatures, num_perm)?;
    let texts = slots.len() / num_perm;
    let mut keys = vec![NO_KEY; texts * bands];
    let mut columns: Vec<(usize, &mut [u64])> = keys.chunks_exact_mut(texts.max(1)).enumerate().collect();
    let shares = Mutex::new(columns.chunks_mut(bands.div_ceil(threads)));
    run_on_threads(threads, || {
        while let Some(columns) = take_next(&shares) {
            fill_columns(columns, slots, num_perm, rows);
        }
    });
    Ok(UInt64Array::from(keys))
}

const BLOCK: usize = 256;

/// Fills the columns of some bands: some hundred signatures at a time stay in the cache while the bands go over them.
fn fill_columns(columns: &mut [(usize, &mut [u64])], slots: &[u32], num_perm: usize, rows: usize) {
    let texts = slots.len() / num_perm;
    for first in (0..texts).step_by(BLOCK) {
        let last = (first + BLOCK).min(texts);
        for (band, column) in &mut *columns {
            let block = slots[first * num_perm..last * num_perm].chunks_exact(num_perm);
            for (key, signature) in column[first..last].iter_mut().zip(block) {
                let slice = &signature[*band * rows..(*band + 1) * rows];
                if slice[0] != EMPTY_SLOT || signature.iter().any(|&slot| slot != EMPTY_SLOT) {
                    *key = band_key(*band as u64, slice);
                }
            }
        }
    }
}

#[inline]
fn band_key(band: u64, slice: &[u32]) -> u64 {
    let (pairs, rest) = slice.as_chunks::<2>();
    let mut state = (band + 1).wrapping_mul(START);
    for &[first, second] in pairs {
        state = mum(state ^ (u64::from(second) << 32 | u64::from(first)), MULTIPLY);
    }
    if let [last] = *rest {
        state = mum(state ^ u64::from(last) ^ START, MULTIPLY);
    }
    (state ^ state >> 29).wrapping_mul(START).max(NO_KEY + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    #[test]
    fn keys_are_equal_where_slices_are_and_differ_from_band_to_band() {
        let slots: Vec<u32> = (0..2000 * 8).map(|i| (mum(i, START) >> 40) as u32 & 1).collect();
        for (bands, rows) in [(2, 4), (4, 2), (8, 1), (2, 3)] {
            let keys =
                band_keys(&UInt32Array::from(slots.clone()), 8, bands, rows, 1 + bands % 3).expect("keys");
            let mut slice_of = HashMap::new();
            for (band, column) in keys.values().chunks(2000).enumerate() {
                for (key, signature) in column.iter().zip(slots.chunks(8)) {
                    let slice = &signature[band * rows as usize..(band + 1) * rows as usize];
                    assert_eq!(*slice_of.entry(*key).or_insert((band, slice)), (band, slice));
                }
            }
            let slices: HashSet<_> = slice_of.values().collect();
            assert!(slices.len() == slice_of.len() && slices.len() > 4);
        }
    }

    #[test]
    fn texts_without_shingles_have_no_key_and_a_slot_that_only_looks_empty_has() {
        let slots = UInt32Array::from(vec![EMPTY_SLOT, EMPTY_SLOT, EMPTY_SLOT, 7]);
        let keys = band_keys(&slots, 2, 2, 1, 1).expect("keys");
        assert_eq!((keys.value(0), keys.value(2)), (NO_KEY, NO_KEY));
        assert!(keys.value(1) != NO_KEY && keys.value(3) != NO_KEY);
        assert_eq!(
            band_keys(&UInt32Array::from(Vec::<u32>::new()), 2, 2, 1, 2).map(|keys| keys.len()),
            Ok(0)
        );
    }

    #[test]
    fn bands_that_do_not_fit_are_refused() {
        let slots = UInt32Array::from(vec![1, 2, 3]);
        for (num_perm, bands, rows) in [(3, 2, 2), (2, 1, 1), (3, 0, 1), (3, 1, 4), (0, 1, 1)] {
            assert!(band_keys(&slots, num_perm, bands, rows, 1).is_err());
        }
    }
}
