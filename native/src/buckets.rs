//! Who shares a band key, and which pairs were proposed: sorts of packed words.

use arrow_array::{Array, UInt64Array};

use crate::band_keys::NO_KEY;
use crate::error::{in_range, KernelError};
use crate::radix::{sort_by_bits, sort_on_threads};
use crate::threads::MAX_THREADS;

/// Bits of a place.
const PLACE_BITS: u32 = 32;

fn words<'a>(argument: &'static str, array: &'a dyn Array) -> Result<&'a [u64], KernelError> {
    match array.as_any().downcast_ref::<UInt64Array>() {
        Some(words) if words.null_count() == 0 => Ok(words.values()),
        _ => {
            let found = array.data_type().to_string();
            Err(KernelError::UnsupportedType { argument, expected: "uint64 without nulls", found })
        }
    }
}

/// Returns a word for each place that shares the upper half of its key: that half, and the place below it; ascending.
///
/// Keys that differ in their lower halves only fall together, which costs time and is no error: what shares a key is
/// only a proposal.
pub fn bucket_members(keys: &dyn Array, threads: i64) -> Result<UInt64Array, KernelError> {
    let threads = in_range("threads", threads, 1, MAX_THREADS)?;
    let keys = words("keys", keys)?;
    if keys.len() > u32::MAX as usize {
        let argument = "keys";
        return Err(KernelError::WrongLength { argument, expected: u32::MAX as usize, found: keys.len() });
    }
    let packed = |(place, &key): (usize, &u64)| (key >> PLACE_BITS) << PLACE_BITS | place as u64;
    let members: Vec<u64> = keys.iter().enumerate().filter(|&(_, &key)| key != NO_KEY).map(packed).collect();
    // Places ascend already.
    let members = sort_on_threads(members, threads, |part| {
        sort_by_bits(part, &mut Vec::new(), PLACE_BITS, u64::BITS - PLACE_BITS);
    });
    let shared: Vec<u64> = members
        .chunk_by(|one, other| one >> PLACE_BITS == other >> PLACE_BITS)
        .filter(|bucket| bucket.len() > 1)
        .flatten()
        .copied()
        .collect();
    Ok(UInt64Array::from(shared))
}

/// Returns packed pairs in ascending order, each once.
pub fn distinct_pairs(pairs: &dyn Array, threads: i64) -> Result<UInt64Array, KernelError> {
    let threads = in_range("threads", threads, 1, MAX_THREADS)?;
    let pairs = words("pairs", pairs)?;
    let all = pairs.iter().fold(0, |all, pair| all | pair);
    let bits = |half: u64| u64::BITS - half.leading_zeros();
    let mut pairs = sort_on_threads(pairs.to_vec(), threads, |part| {
        let mut scratch = Vec::new();
        sort_by_bits(part, &mut scratch, 0, bits(all & 0xffff_ffff));
        sort_by_bits(part, &mut scratch, PLACE_BITS, bits(all >> PLACE_BITS));
    });
    pairs.dedup();
    Ok(UInt64Array::from(pairs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token_hash::mum;
    use std::collections::BTreeSet;

    #[test]
    fn members_of_buckets_are_those_that_share_a_key() {
        let keys: Vec<u64> = (0..3000_u64).map(|i| mum(i * i % 701 + 1, u64::MAX / 3)).collect();
        let keys: Vec<u64> =
            keys.into_iter().enumerate().map(|(i, k)| if i % 10 == 0 { 0 } else { k }).collect();
        let found = bucket_members(&UInt64Array::from(keys.clone()), 1).expect("keys");
        let shares =
            |&place: &usize| keys[place] != 0 && keys.iter().filter(|&&k| k == keys[place]).count() > 1;
        let expected: BTreeSet<u64> =
            (0..keys.len()).filter(shares).map(|place| (keys[place] >> 32) << 32 | place as u64).collect();
        assert_eq!(found.values().to_vec(), expected.into_iter().collect::<Vec<_>>());
        assert_eq!(bucket_members(&UInt64Array::from(Vec::<u64>::new()), 2).map(|found| found.len()), Ok(0));
    }

    #[test]
    fn pairs_ascend_and_come_once() {
        let pairs: Vec<u64> = (0..5000_u64).map(|i| ((i * 7919 % 97) << 32) | (i * 31 % 211)).collect();
        let expected: BTreeSet<u64> = pairs.iter().copied().collect();
        let found = distinct_pairs(&UInt64Array::from(pairs), 1).expect("pairs");
        assert_eq!(found.values().to_vec(), expected.into_iter().collect::<Vec<_>>());
        assert!(distinct_pairs(&UInt64Array::from(vec![None, Some(1)]), 1).is_err());
    }
}
