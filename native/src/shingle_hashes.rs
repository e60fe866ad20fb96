//! Hash the n-grams of a text's tokens, window by window: the fast twin of `shingles.rs`.

use crate::token_hash::{finish, token_hash, HashKeys};
use crate::tokens::Window;
use crate::word_mask::WordMask;

/// Hashes shingles with buffers that are used again.
#[derive(Default)]
pub struct ShingleHasher {
    window: Window,
    tokens: Vec<u64>,
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
            let bytes = self.window.bytes();
            // A loop, as `extend` by an iterator may be compiled without the instructions of the CPU path.
            let kept = self.tokens.len();
            self.tokens.resize(kept + found.len(), 0);
            for (token, &[start, end]) in self.tokens[kept..].iter_mut().zip(found) {
                *token = token_hash(keys, bytes, start as usize, end as usize);
            }
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

/// Appends the hash of every n-gram: a polynomial of its token hashes.
#[inline(always)]
pub fn hash_ngrams(tokens: &[u64], ngram: usize, base: u64, hashes: &mut Vec<u64>) {
    if ngram == 5 {
        // Written out, the products are independent of each other and become vector instructions.
        let [b1, b2, b3, b4] = powers(base);
        hashes.extend(tokens.array_windows::<5>().map(|&[t0, t1, t2, t3, t4]| {
            finish(
                t0.wrapping_mul(b4)
                    .wrapping_add(t1.wrapping_mul(b3))
                    .wrapping_add(t2.wrapping_mul(b2))
                    .wrapping_add(t3.wrapping_mul(b1))
                    .wrapping_add(t4),
            )
        }));
    } else {
        hashes.extend(tokens.windows(ngram).map(|ngram| {
            finish(ngram.iter().fold(0, |sum: u64, &token| sum.wrapping_mul(base).wrapping_add(token)))
        }));
    }
}

fn powers(base: u64) -> [u64; 4] {
    let square = base.wrapping_mul(base);
    [base, square, square.wrapping_mul(base), square.wrapping_mul(square)]
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
