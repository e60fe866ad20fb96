//! Hash the n-grams of a text's tokens, window by window: the fast twin of `shingles.rs`.

use crate::token_hash::{finish, long_token_hash, short_token_hash, HashKeys, SHORT_TOKEN};
use crate::tokens::Window;
use crate::word_mask::WordMask;

/// Hashes shingles with buffers that are used again.
#[derive(Default)]
pub struct ShingleHasher {
    window: Window,
    tokens: Vec<u64>,
    long: Vec<u32>,
    hashes: Vec<u64>,
}

impl ShingleHasher {
    /// Calls `take` with the hashes of the n-grams of `text` in their order, repeats included, some thousand at a
    /// time, and returns the number of tokens.
    #[inline(always)]
    pub fn for_each_piece(
        &mut self,
        masks: impl WordMask,
        keys: &HashKeys,
        mut text: &[u8],
        ngram: usize,
        mut take: impl FnMut(&[u64]),
    ) -> usize {
        let mut total = 0;
        self.tokens.clear();
        while self.window.take(masks, &mut text).is_some() {
            let found = self.window.tokens();
            total += found.len();
            let kept = self.tokens.len();
            self.tokens.resize(kept + found.len(), 0);
            hash_tokens(masks, keys, self.window.bytes(), found, &mut self.tokens[kept..], &mut self.long);
            let complete = (self.tokens.len() + 1).saturating_sub(ngram);
            if complete > 0 {
                self.hashes.clear();
                hash_ngrams(&self.tokens, ngram, keys.base, &mut self.hashes);
                take(&self.hashes);
                // The last tokens belong to n-grams that end in the next window.
                self.tokens.drain(..complete);
            }
        }
        total
    }
}

/// Writes the hash of every token; `long` is room for the numbers of long ones.
#[inline(always)]
fn hash_tokens(
    masks: impl WordMask,
    keys: &HashKeys,
    bytes: &[u8],
    tokens: &[[u32; 2]],
    hashes: &mut [u64],
    long: &mut Vec<u32>,
) {
    if long.len() <= tokens.len() {
        long.resize(tokens.len() + 1, 0);
    }
    // A few tokens are long, which ones cannot be foreseen: first all as if they were short, without a branch.
    let mut count = 0;
    for (number, (hash, &[start, end])) in hashes.iter_mut().zip(tokens).enumerate() {
        *hash = short_token_hash(masks, keys, bytes, start as usize, end as usize);
        if let Some(slot) = long.get_mut(count) {
            *slot = number as u32;
        }
        count += usize::from((end - start) as usize > SHORT_TOKEN);
    }
    for &number in &long[..count] {
        let [start, end] = tokens[number as usize];
        hashes[number as usize] = long_token_hash(masks, keys, bytes, start as usize, end as usize);
    }
}

/// Appends the hash of every n-gram: a polynomial of its token hashes.
#[inline(always)]
pub fn hash_ngrams(tokens: &[u64], ngram: usize, base: u64, hashes: &mut Vec<u64>) {
    if ngram == 5 {
        if let Some(count) = tokens.len().checked_sub(4) {
            let start = hashes.len();
            hashes.resize(start + count + 2, 0);
            hash_fivegrams(tokens, base, &mut hashes[start..]);
            hashes.truncate(start + count);
        }
    } else {
        hashes.extend(tokens.windows(ngram).map(|ngram| {
            finish(ngram.iter().fold(0, |sum: u64, &token| sum.wrapping_mul(base).wrapping_add(token)))
        }));
    }
}

/// Writes the hashes of the 5-grams and two values more: the sum of two tokens serves two n-grams, and all products
/// of a pass become vector instructions.
#[inline(always)]
fn hash_fivegrams(tokens: &[u64], base: u64, hashes: &mut [u64]) {
    for (pair, &[first, second]) in hashes.iter_mut().zip(tokens.array_windows::<2>()) {
        *pair = first.wrapping_mul(base).wrapping_add(second);
    }
    let square = base.wrapping_mul(base);
    let (count, last) = (hashes.len().saturating_sub(2), &tokens[4.min(tokens.len())..]);
    for number in 0..count.min(last.len()) {
        let four = hashes[number].wrapping_mul(square).wrapping_add(hashes[number + 2]);
        hashes[number] = finish(four.wrapping_mul(base).wrapping_add(last[number]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu_path::{dispatch, CpuPath};
    use crate::shingles::Shingler;
    use crate::token_hash::{hash32, PUBLIC_KEYS};
    use std::collections::HashSet;

    dispatch!(fn hashes_on => collect(text: &[u8], ngram: usize) -> (usize, Vec<u64>));

    #[inline(always)]
    fn collect(masks: impl WordMask, text: &[u8], ngram: usize) -> (usize, Vec<u64>) {
        let mut found = Vec::new();
        let mut hasher = ShingleHasher::default();
        hasher.for_each_piece(masks, &PUBLIC_KEYS, b"left over from before", 1, |_| ());
        let tokens =
            hasher.for_each_piece(masks, &PUBLIC_KEYS, text, ngram, |hashes| found.extend_from_slice(hashes));
        (tokens, found)
    }

    #[test]
    fn hashes_are_those_of_joined_tokens_on_every_path() {
        let long: Vec<u8> =
            (0..40_000).flat_map(|i| format!("t{} ", i % 977 * i % 13).into_bytes()).collect();
        for text in [&b""[..], b"a b c d", b"a b c d e", b"one, two; three_4 five 6 seven", &long] {
            let tokens: Vec<&[u8]> =
                text.split(|b| !crate::word_mask::is_word(*b)).filter(|t| !t.is_empty()).collect();
            for ngram in [1, 2, 5, 9] {
                let expected: Vec<u32> =
                    tokens.windows(ngram).map(|window| hash32(&window.join(&b' '))).collect();
                for path in CpuPath::available() {
                    let (count, found) = hashes_on(path, text, ngram);
                    let upper: Vec<u32> = found.iter().map(|hash| (hash >> 32) as u32).collect();
                    assert_eq!((count, upper), (tokens.len(), expected.clone()), "{path:?} {ngram}");
                }
                let (_, set) = Shingler::new(ngram).shingles(text);
                let (_, found) = hashes_on(CpuPath::best(), text, ngram);
                assert_eq!(found.iter().collect::<HashSet<_>>().len(), set.len());
            }
        }
    }
}
