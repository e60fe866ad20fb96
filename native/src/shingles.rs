//! Shingles: the distinct n-grams of maximal `[A-Za-z0-9_]+` runs of a text, case kept.
//!
//! A shingle is known by the 128-bit SipHash-1-3 of its tokens joined by one space (a token holds no space, so the
//! join is unambiguous). Two different shingles would have to meet by chance among 2^128, also when a file was made
//! to collide, so sets of hashes are exact in practice.
//! Source: Aumasson, Bernstein, "SipHash: a fast short-input PRF", 2012.

use std::sync::Arc;

use arrow_array::builder::Int64Builder;
use arrow_array::{Array, ArrayRef, RecordBatch};
use siphasher::sip128::SipHasher13;

use crate::byte_column::ByteColumn;
use crate::error::{in_range, KernelError};

/// Longest n-gram that is taken.
pub const MAX_NGRAM: usize = 64;

/// The distinct shingles of one text: sorted hashes.
pub type ShingleSet = Vec<u128>;

/// Cuts texts into shingles, with buffers that are used again.
pub struct Shingler {
    ngram: usize,
    joined: Vec<u8>,
    starts: Vec<usize>,
    hasher: SipHasher13,
}

impl Shingler {
    /// A shingler for n-grams of `ngram` tokens, at least 1.
    pub fn new(ngram: usize) -> Self {
        let hasher = SipHasher13::new_with_keys(0x7368_696e_676c_6531, 0x7374_6163_6b2d_7069);
        Self { ngram: ngram.max(1), joined: Vec::new(), starts: Vec::new(), hasher }
    }

    /// Returns the number of tokens of `text` and its distinct shingles, sorted.
    pub fn shingles(&mut self, text: &[u8]) -> (usize, ShingleSet) {
        self.join_tokens(text);
        let mut set: ShingleSet = self.ngrams().map(|ngram| self.hasher.hash(ngram).as_u128()).collect();
        set.sort_unstable();
        set.dedup();
        (self.starts.len(), set)
    }

    /// Writes the tokens, each followed by a space, to `joined` and where each starts to `starts`.
    fn join_tokens(&mut self, text: &[u8]) {
        self.joined.clear();
        self.starts.clear();
        for token in text.split(|&byte| !is_word(byte)).filter(|token| !token.is_empty()) {
            self.starts.push(self.joined.len());
            self.joined.extend_from_slice(token);
            self.joined.push(b' ');
        }
    }

    /// The n-grams as slices of `joined`, without the last space.
    fn ngrams(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.starts.iter().skip(self.ngram).copied().chain([self.joined.len()]);
        let count = (self.starts.len() + 1).saturating_sub(self.ngram);
        self.starts.iter().zip(ends).take(count).filter_map(|(&start, end)| self.joined.get(start..end - 1))
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Returns a batch with the columns `tokens` and `shingles` (distinct), one row per text; nulls for a null.
pub fn shingle_counts(texts: &dyn Array, ngram: i64) -> Result<RecordBatch, KernelError> {
    let ngram = in_range("ngram", ngram, 1, MAX_NGRAM)?;
    let column = ByteColumn::new(texts, "texts")?;
    let mut shingler = Shingler::new(ngram);
    let mut token_counts = Int64Builder::with_capacity(column.len());
    let mut distinct_counts = Int64Builder::with_capacity(column.len());
    for row in 0..column.len() {
        let counted = column.row(row)?.map(|text| shingler.shingles(text));
        token_counts.append_option(counted.as_ref().map(|(tokens, _)| *tokens as i64));
        distinct_counts.append_option(counted.as_ref().map(|(_, set)| set.len() as i64));
    }
    let columns: [(&str, ArrayRef, bool); 2] = [
        ("tokens", Arc::new(token_counts.finish()), true),
        ("shingles", Arc::new(distinct_counts.finish()), true),
    ];
    RecordBatch::try_from_iter_with_nullable(columns).map_err(|error| KernelError::Arrow(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn plain(text: &[u8], ngram: usize) -> BTreeSet<Vec<u8>> {
        let tokens: Vec<&[u8]> = text.split(|&b| !is_word(b)).filter(|token| !token.is_empty()).collect();
        tokens.windows(ngram).map(|window| window.join(&b' ')).collect()
    }

    #[test]
    fn counts_are_those_of_plain_sets() {
        let repeated = "a b c d e f ".repeat(9);
        let texts = ["", "a", "a b c d", "a b c d e", "_x9 + é y-z\tq\nA", "\u{0}\u{fffd}", &repeated];
        for text in texts {
            for ngram in [1, 2, 5, 7] {
                let (_, set) = Shingler::new(ngram).shingles(text.as_bytes());
                assert_eq!(set.len(), plain(text.as_bytes(), ngram).len(), "{text:?} {ngram}");
            }
        }
    }

    #[test]
    fn where_tokens_are_cut_matters_and_what_cuts_them_does_not() {
        let set = |text: &str| Shingler::new(2).shingles(text.as_bytes());
        assert_eq!(set("ab c"), set("  ab++c\n"));
        assert_ne!(set("ab c"), set("a bc"));
        assert_ne!(set("ab c"), set("AB c"));
    }

    #[test]
    fn a_used_shingler_forgets_the_text_before() {
        let mut shingler = Shingler::new(1);
        shingler.shingles(b"one two three");
        assert_eq!(shingler.shingles(b"one"), Shingler::new(1).shingles(b"one"));
        assert_eq!(shingler.shingles(b""), (0, vec![]));
    }
}
