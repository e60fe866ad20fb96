//! Sort words: by some of their bits, least significant digit first, stable; and on several threads.

use std::sync::Mutex;

use crate::threads::{run_on_threads, take_next};

/// Bits of a digit.
const DIGIT: u32 = 11;

/// Sorts by `bits` bits from `shift` on; words that are equal there keep their order. `scratch` is used again.
pub fn sort_by_bits(words: &mut Vec<u64>, scratch: &mut Vec<u64>, shift: u32, bits: u32) {
    let mut done = 0;
    while done < bits {
        let width = DIGIT.min(bits - done);
        sort_by_digit(words, scratch, shift + done, width);
        done += width;
    }
}

/// Fewer words are sorted on one thread.
const FEW: usize = 1 << 13;

/// Brings words into ascending order by `sort`, which does so with the part that it is given.
pub fn sort_on_threads(mut words: Vec<u64>, threads: usize, sort: impl Fn(&mut Vec<u64>) + Sync) -> Vec<u64> {
    if threads < 2 || words.len() < FEW {
        sort(&mut words);
        return words;
    }
    let size = words.len().div_ceil(threads);
    let mut parts: Vec<Vec<u64>> = words.chunks(size).map(<[u64]>::to_vec).collect();
    drop(words);
    let queue = Mutex::new(parts.iter_mut());
    run_on_threads(threads, || {
        while let Some(part) = take_next(&queue) {
            sort(part);
        }
    });
    while parts.len() > 1 {
        parts = parts.chunks(2).map(|pair| merge(&pair[0], pair.get(1).map_or(&[], Vec::as_slice))).collect();
    }
    parts.pop().unwrap_or_default()
}

/// Merges ascending words.
fn merge(one: &[u64], other: &[u64]) -> Vec<u64> {
    let mut merged = Vec::with_capacity(one.len() + other.len());
    let (mut left, mut right) = (0, 0);
    while let (Some(&a), Some(&b)) = (one.get(left), other.get(right)) {
        merged.push(a.min(b));
        left += usize::from(a <= b);
        right += usize::from(a > b);
    }
    merged.extend_from_slice(&one[left..]);
    merged.extend_from_slice(&other[right..]);
    merged
}

fn sort_by_digit(words: &mut Vec<u64>, scratch: &mut Vec<u64>, shift: u32, width: u32) {
    let digit = |word: u64| (word >> shift) as usize & ((1 << width) - 1);
    let mut next = vec![0_usize; 1 << width];
    for &word in words.iter() {
        next[digit(word)] += 1;
    }
    if next.contains(&words.len()) {
        return; // all in one place, as they are
    }
    let mut start = 0;
    for slot in &mut next {
        (start, *slot) = (start + *slot, start);
    }
    scratch.resize(words.len(), 0);
    for &word in words.iter() {
        let slot = &mut next[digit(word)];
        scratch[*slot] = word;
        *slot += 1;
    }
    std::mem::swap(words, scratch);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token_hash::mum;

    #[test]
    fn threads_give_the_same_order() {
        for count in [0, 1, FEW as u64, 3 * FEW as u64 + 1] {
            let words: Vec<u64> = (1..=count).map(|i| mum(i % 5000, 0x9E37_79B9_7F4A_7C15)).collect();
            let mut expected = words.clone();
            expected.sort_unstable();
            for threads in [1, 2, 3, 7] {
                let sort = |part: &mut Vec<u64>| sort_by_bits(part, &mut Vec::new(), 0, u64::BITS);
                assert_eq!(sort_on_threads(words.clone(), threads, sort), expected, "{count} {threads}");
            }
        }
    }

    #[test]
    fn words_are_sorted_by_their_bits_and_stay_in_order_otherwise() {
        for count in [0, 1, 2, 1000] {
            let words: Vec<u64> = (1..=count).map(|i| mum(i, 0x9E37_79B9_7F4A_7C15)).collect();
            for (shift, bits) in [(0, 64), (32, 32), (3, 7), (20, 12), (0, 0)] {
                let key = |word: &u64| if bits == 0 { 0 } else { word >> shift & (u64::MAX >> (64 - bits)) };
                let mut expected = words.clone();
                expected.sort_by_key(key);
                let (mut found, mut scratch) = (words.clone(), vec![9; 3]);
                sort_by_bits(&mut found, &mut scratch, shift, bits);
                assert_eq!(found, expected, "{count} {shift} {bits}");
            }
        }
    }
}
