//! Drop most hashes that were seen before: a minimum does not need them twice.
//!
//! A direct-mapped cache remembers the last hash of each cell. What it forgets is kept twice, which costs time only.

use crate::joined_shingles::Ngrams;
use crate::shingle_hashes::hash_ngrams;
use crate::token_hash::{secret_keys, token_hash};
use crate::word_mask::WordMask;

const CELLS: usize = 4096;

/// Remembers hashes of 32 bits.
pub struct Repeats {
    cells: Box<[u32; CELLS]>,
}

impl Default for Repeats {
    fn default() -> Self {
        Self { cells: Box::new([0; CELLS]) }
    }
}

impl Repeats {
    /// Forgets everything.
    #[inline(always)]
    pub fn clear(&mut self) {
        self.cells.fill(0);
        self.cells[0] = 1; // 0 belongs in this cell and must not seem to be there; 1 does not belong in it
    }

    /// Appends the upper halves of `hashes` that were not just seen.
    #[inline(always)]
    pub fn append_new(&mut self, hashes: &[u64], new: &mut Vec<u32>) {
        let start = new.len();
        new.resize(start + hashes.len(), 0);
        let (slots, mut count) = (&mut new[start..], 0);
        for hash in hashes {
            let hash = (hash >> 32) as u32;
            let cell = &mut self.cells[(hash ^ hash >> 15) as usize % CELLS];
            let is_new = *cell != hash;
            *cell = hash;
            // `count` is at most the number of hashes before this one.
            slots[count] = hash;
            count += usize::from(is_new);
        }
        new.truncate(start + count);
    }
}

/// Remembers n-grams of joined tokens by cheap hashes, for schemes whose own hash is dear.
///
/// The keys are secret, so that no text can be made to have an n-gram dropped by collision.
pub struct FreshNgrams {
    cells: Box<[u64; CELLS]>,
    tokens: Vec<u64>,
    hashes: Vec<u64>,
}

impl Default for FreshNgrams {
    fn default() -> Self {
        Self { cells: Box::new([0; CELLS]), tokens: Vec::new(), hashes: Vec::new() }
    }
}

impl FreshNgrams {
    /// Forgets everything.
    #[inline(always)]
    pub fn clear(&mut self) {
        self.cells.fill(0);
        self.cells[0] = 1 << 40; // as above: its own cell is 1
    }

    /// Appends the bounds of the n-grams that were not just seen.
    #[inline(always)]
    pub fn append(&mut self, masks: impl WordMask, ngrams: &Ngrams<'_>, fresh: &mut Vec<(usize, usize)>) {
        let keys = secret_keys();
        // A loop, as `extend` by an iterator may be compiled without the instructions of the CPU path.
        self.tokens.resize(ngrams.tokens().len(), 0);
        for (token, (start, end)) in self.tokens.iter_mut().zip(ngrams.tokens()) {
            *token = token_hash(masks, keys, ngrams.joined(), start, end);
        }
        self.hashes.clear();
        hash_ngrams(&self.tokens, ngrams.ngram(), keys.base, &mut self.hashes);
        let start = fresh.len();
        fresh.resize(start + self.hashes.len(), (0, 0));
        let (slots, mut count) = (&mut fresh[start..], 0);
        for (&hash, bounds) in self.hashes.iter().zip(ngrams.bounds()) {
            let cell = &mut self.cells[(hash >> 40) as usize % CELLS];
            let is_new = *cell != hash;
            *cell = hash;
            // `count` is at most the number of hashes before this one.
            slots[count] = bounds;
            count += usize::from(is_new);
        }
        fresh.truncate(start + count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::joined_shingles::{Cut, Joiner};
    use crate::word_mask::Portable;
    use std::collections::HashSet;

    #[test]
    fn no_hash_is_lost_and_repeats_mostly_are() {
        let hashes: Vec<u64> = (0..20_000_u64).map(|i| (i % 1500) << 32).collect();
        let (mut repeats, mut found) = (Repeats::default(), Vec::new());
        repeats.clear();
        repeats.append_new(&hashes, &mut found);
        assert_eq!(found.iter().collect::<HashSet<_>>().len(), 1500);
        assert!(found.len() < 5000);
        repeats.clear();
        found.clear();
        repeats.append_new(&[0, 1 << 32], &mut found);
        assert_eq!(found, [0, 1]);
    }

    #[test]
    fn no_ngram_is_lost_and_repeats_mostly_are() {
        let text: String = (0..5000).map(|i| format!("{}   ", i % 350)).collect();
        for ngram in [1, 2, 5] {
            let (mut joiner, mut fresh_ngrams) = (Joiner::default(), FreshNgrams::default());
            let (mut all, mut found, mut rest) = (Vec::new(), Vec::new(), text.as_bytes());
            joiner.begin();
            fresh_ngrams.clear();
            while let Some(ngrams) = joiner.take(Portable, Cut::Literal, &mut rest, ngram) {
                let mut fresh = Vec::new();
                fresh_ngrams.append(Portable, &ngrams, &mut fresh);
                let bytes = |(start, end): (usize, usize)| ngrams.joined()[start..end].to_vec();
                all.extend(ngrams.bounds().map(bytes));
                found.extend(fresh.into_iter().map(bytes));
            }
            assert_eq!(all.iter().collect::<HashSet<_>>(), found.iter().collect());
            assert!(found.len() < all.len() / 2);
        }
    }
}
