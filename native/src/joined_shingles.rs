//! The n-grams of a text as bytes, tokens joined by one space, for schemes that hash these bytes.

use crate::tokens::Window;
use crate::word_mask::{is_word, WordMask, BLOCK};

/// How a text is cut into tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Maximal runs of `[A-Za-z0-9_]`.
    Words,
    /// What lies between any two characters other than these, empty tokens included: the literal
    /// `re.split("[^A-Za-z_0-9]", text)` of the BigCode script. A byte that continues a UTF-8 character is no
    /// character of its own.
    Literal,
}

/// Bytes of a text that are joined at once where tokens are not looked for first.
const PIECE: usize = 1 << 14;

/// Bytes that may be read after the start of any n-gram; what they hold beyond its end is arbitrary.
pub const SLACK: usize = 128;

/// Joins tokens piece by piece, with buffers that are used again.
///
/// It is asked for pieces and calls nothing back: a closure that the compiler does not inline would be compiled
/// without the instructions of the CPU path.
#[derive(Default)]
pub struct Joiner {
    window: Window,
    /// Tokens, each followed by a space, then rubbish of at least [`SLACK`] bytes.
    joined: Vec<u8>,
    /// Bytes of tokens and spaces.
    length: usize,
    /// Where each token starts, and where the next one will; then rubbish.
    starts: Vec<usize>,
    /// Tokens in the buffers.
    waiting: usize,
    /// Those of them whose n-gram was handed out.
    done: usize,
    total: usize,
    ended: bool,
}

/// N-grams in a piece of joined text.
pub struct Ngrams<'a> {
    joined: &'a [u8],
    starts: &'a [usize],
    ngram: usize,
}

impl<'a> Ngrams<'a> {
    /// The text they lie in, with [`SLACK`].
    #[inline(always)]
    pub fn joined(&self) -> &'a [u8] {
        self.joined
    }

    /// Tokens in each.
    pub fn ngram(&self) -> usize {
        self.ngram
    }

    /// Start and end of each in the joined text, in their order.
    #[inline(always)]
    pub fn bounds(&self) -> impl ExactSizeIterator<Item = (usize, usize)> + use<'a> {
        self.spans(self.ngram)
    }

    /// Start and end of each token.
    #[inline(always)]
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = (usize, usize)> + use<'a> {
        self.spans(1)
    }

    #[inline(always)]
    fn spans(&self, tokens: usize) -> impl ExactSizeIterator<Item = (usize, usize)> + use<'a> {
        let ends = self.starts.get(tokens..).unwrap_or_default();
        self.starts.iter().zip(ends).map(|(&start, &end)| (start, end - 1))
    }
}

impl Joiner {
    /// Starts a text; the pieces that follow are to be those of this text.
    #[inline(always)]
    pub fn begin(&mut self) {
        (self.length, self.waiting, self.done, self.total, self.ended) = (0, 0, 0, 0, false);
        self.starts.resize(self.starts.len().max(1), 0);
        self.starts[0] = 0;
    }

    /// Tokens of the text so far.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Takes the next piece off the front of `text` and returns the n-grams that end in it; `None` at the end.
    #[inline(always)]
    pub fn take(
        &mut self,
        masks: impl WordMask,
        cut: Cut,
        text: &mut &[u8],
        ngram: usize,
    ) -> Option<Ngrams<'_>> {
        if self.ended {
            return None;
        }
        self.forget_done();
        let before = self.waiting;
        match cut {
            Cut::Words => self.join_words(masks, text),
            Cut::Literal => self.join_literal(masks, text),
        }
        self.total += self.waiting - before;
        self.done = (self.waiting + 1).saturating_sub(ngram);
        Some(Ngrams { joined: &self.joined, starts: &self.starts[..=self.waiting], ngram })
    }

    /// Drops the tokens that belong to no n-gram to come.
    #[inline(always)]
    fn forget_done(&mut self) {
        let kept = self.starts[self.done];
        self.joined.copy_within(kept..self.length, 0);
        self.length -= kept;
        self.starts.copy_within(self.done..=self.waiting, 0);
        self.waiting -= self.done;
        self.starts[..=self.waiting].iter_mut().for_each(|start| *start -= kept);
    }

    /// Makes room for a piece of so many bytes, tokens and spaces alike.
    #[inline(always)]
    fn reserve(&mut self, bytes: usize) {
        let joined = self.length + bytes + SLACK;
        if self.joined.len() < joined {
            self.joined.resize(joined, 0);
        }
        let starts = self.waiting + 1 + bytes + BLOCK;
        if self.starts.len() < starts {
            self.starts.resize(starts, 0);
        }
    }

    #[inline(always)]
    fn join_words(&mut self, masks: impl WordMask, text: &mut &[u8]) {
        if self.window.take(masks, text).is_none() {
            self.ended = true;
            return;
        }
        self.reserve(self.window.bytes().len());
        let (bytes, tokens) = (self.window.bytes(), self.window.tokens());
        let mut at = self.length;
        let starts = &mut self.starts[self.waiting + 1..][..tokens.len()];
        for (&[start, end], next) in tokens.iter().zip(starts) {
            at = append_token(&mut self.joined, at, bytes, start as usize, end as usize);
            *next = at;
        }
        self.length = at;
        self.waiting += tokens.len();
    }

    #[inline(always)]
    fn join_literal(&mut self, masks: impl WordMask, text: &mut &[u8]) {
        let (piece, rest) = text.split_at(text.len().min(PIECE));
        *text = rest;
        self.reserve(piece.len() + 1);
        let (blocks, last) = piece.as_chunks::<BLOCK>();
        for block in blocks {
            self.join_block(masks, block);
        }
        last.iter().for_each(|&byte| self.join_byte(byte));
        if rest.is_empty() {
            self.join_byte(b' ');
            self.ended = true;
        }
    }

    #[inline(always)]
    fn join_block(&mut self, masks: impl WordMask, block: &[u8; BLOCK]) {
        let continued = block.iter().fold(false, |any, &byte| any | continues(byte));
        let joined = self.joined.get_mut(self.length..).and_then(|rest| rest.first_chunk_mut::<BLOCK>());
        let starts = self.starts.get_mut(self.waiting + 1..).and_then(|rest| rest.first_chunk_mut::<BLOCK>());
        match (joined, starts) {
            (Some(joined), Some(starts)) if !continued => {
                for (joined, &byte) in joined.iter_mut().zip(block) {
                    *joined = if is_word(byte) { byte } else { b' ' };
                }
                let spaces = !masks.word_mask(block);
                write_starts(spaces, self.length + 1, starts);
                self.length += BLOCK;
                self.waiting += spaces.count_ones() as usize;
            }
            _ => block.iter().for_each(|&byte| self.join_byte(byte)),
        }
    }

    #[inline(always)]
    fn join_byte(&mut self, byte: u8) {
        if is_word(byte) {
            self.joined[self.length] = byte;
            self.length += 1;
        } else if !continues(byte) {
            self.joined[self.length] = b' ';
            self.length += 1;
            self.waiting += 1;
            self.starts[self.waiting] = self.length;
        }
    }
}

/// Whether a byte continues a UTF-8 character.
#[inline(always)]
fn continues(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// Writes `base` plus the place of each set bit, and rubbish after them.
#[inline(always)]
fn write_starts(mut bits: u64, base: usize, starts: &mut [usize; BLOCK]) {
    let count = bits.count_ones() as usize;
    for group in starts.as_chunks_mut::<8>().0.iter_mut().take(count.div_ceil(8)) {
        for start in group {
            *start = base + bits.trailing_zeros() as usize;
            bits &= bits.wrapping_sub(1);
        }
    }
}

/// Writes `bytes[start..end]` and a space to `joined` at `at`, and returns where they end; copies sixteen bytes at
/// once, where that is enough.
#[inline(always)]
fn append_token(joined: &mut [u8], at: usize, bytes: &[u8], start: usize, end: usize) -> usize {
    let length = end - start;
    let from = bytes.get(start..start + 16).and_then(|rest| rest.first_chunk::<16>());
    let to = joined.get_mut(at..at + 16).and_then(|rest| rest.first_chunk_mut::<16>());
    match (from, to) {
        (Some(from), Some(to)) if length <= 16 => *to = *from,
        _ => joined[at..at + length].copy_from_slice(&bytes[start..end]),
    }
    joined[at + length] = b' ';
    at + length + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu_path::{dispatch, CpuPath};

    dispatch!(fn ngrams_on => collect(cut: Cut, text: &[u8], ngram: usize) -> (usize, Vec<Vec<u8>>));

    #[inline(always)]
    fn collect(masks: impl WordMask, cut: Cut, text: &[u8], ngram: usize) -> (usize, Vec<Vec<u8>>) {
        let (mut joiner, mut found) = (Joiner::default(), Vec::new());
        joiner.begin();
        joiner.take(masks, cut, &mut &b"left over"[..], 1);
        joiner.begin();
        let mut rest = text;
        while let Some(ngrams) = joiner.take(masks, cut, &mut rest, ngram) {
            found.extend(ngrams.bounds().map(|(start, end)| ngrams.joined()[start..end].to_vec()));
            for (start, end) in ngrams.tokens() {
                assert!(end == start || is_word(ngrams.joined()[start]));
                assert!(ngrams.joined().len() >= start + SLACK);
            }
        }
        (joiner.total(), found)
    }

    #[test]
    fn ngrams_are_those_of_plain_splits_on_every_path() {
        let long = "some_token (x1) += é; ".repeat(5000);
        let mixed = "\u{e9} x \u{1F600}. y".repeat(7) + &"ab.c   (".repeat(5000) + &"w".repeat(40_000) + " z";
        for text in ["", "a", "a b", " a  b\u{e9}c\u{1F600}d ", "one two three four five six", &long, &mixed]
        {
            let literal: Vec<&str> = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
            let words: Vec<&str> = literal.iter().filter(|token| !token.is_empty()).copied().collect();
            for (cut, tokens) in [(Cut::Literal, &literal), (Cut::Words, &words)] {
                for ngram in [1, 2, 5] {
                    let expected: Vec<Vec<u8>> =
                        tokens.windows(ngram).map(|w| w.join(" ").into_bytes()).collect();
                    for path in CpuPath::available() {
                        let found = ngrams_on(path, cut, text.as_bytes(), ngram);
                        assert!(found == (tokens.len(), expected.clone()), "{path:?} {cut:?} {ngram}");
                    }
                }
            }
        }
    }
}
