//! Cut texts into word tokens: windows of whole tokens, in each the places where tokens start and end.

use crate::token_hash::PADDING;
use crate::word_mask::{is_word, WordMask, BLOCK};

/// Bytes of text in a window, but for what a token takes that begins in it.
const WINDOW: usize = 1 << 14;

/// A piece of a text that cuts no token, followed by zeros, and the edges of its tokens.
#[derive(Default)]
pub struct Window {
    bytes: Vec<u8>,
    edges: Vec<u32>,
    count: usize,
}

impl Window {
    /// Takes the next piece off the front of `text` and returns it; `None` when nothing is left.
    ///
    /// A piece is longer than 16 KiB only by a token that does not end there; the few bytes beyond 4 GiB of such a
    /// token become a token of their own.
    #[inline(always)]
    pub fn take<'a>(&mut self, masks: impl WordMask, text: &mut &'a [u8]) -> Option<&'a [u8]> {
        if text.is_empty() {
            return None;
        }
        let least = text.len().min(WINDOW);
        let most = text.len().min(u32::MAX as usize - 2 * BLOCK);
        let end = match text.get(least - 1) {
            Some(&last) if is_word(last) => {
                text[least..most].iter().take_while(|&&byte| is_word(byte)).count() + least
            }
            _ => least,
        };
        let (piece, rest) = text.split_at(end);
        *text = rest;
        self.fill(masks, piece);
        Some(piece)
    }

    /// The bytes of the piece, followed by at least [`PADDING`] zeros.
    #[inline(always)]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Start and end of each token.
    #[inline(always)]
    pub fn tokens(&self) -> &[[u32; 2]] {
        self.edges[..self.count].as_chunks::<2>().0
    }

    #[inline(always)]
    fn fill(&mut self, masks: impl WordMask, piece: &[u8]) {
        self.bytes.clear();
        self.bytes.extend_from_slice(piece);
        // A zero is no word character: it ends the last token, so that edges always come in pairs.
        self.bytes.resize((piece.len() / BLOCK + 1) * BLOCK + PADDING, 0);
        let (mut count, mut carry, mut base) = (0, 0, 0_u32);
        for block in self.bytes.as_chunks::<BLOCK>().0 {
            let mask = masks.word_mask(block);
            let edges = mask ^ (mask << 1 | carry);
            carry = mask >> 63;
            if self.edges.len() < count + BLOCK {
                // Few edges in a very long token take little; many in a window take what it has at most.
                self.edges.resize((count + BLOCK).next_multiple_of(WINDOW + BLOCK), 0);
            }
            if let Some(slots) = self.edges.get_mut(count..).and_then(|rest| rest.first_chunk_mut::<BLOCK>())
            {
                masks.write_places(edges, base, slots);
            }
            count += edges.count_ones() as usize;
            base += BLOCK as u32;
        }
        self.count = count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu_path::{dispatch, CpuPath};

    dispatch!(fn tokens_on => collect(text: &[u8]) -> Vec<Vec<u8>>);

    #[inline(always)]
    fn collect(masks: impl WordMask, text: &[u8]) -> Vec<Vec<u8>> {
        let (mut window, mut rest, mut found) = (Window::default(), text, Vec::new());
        while let Some(piece) = window.take(masks, &mut rest) {
            assert_eq!(&window.bytes()[..piece.len()], piece);
            found.extend(
                window.tokens().iter().map(|&[start, end]| piece[start as usize..end as usize].to_vec()),
            );
        }
        found
    }

    fn plain(text: &[u8]) -> Vec<Vec<u8>> {
        text.split(|&b| !is_word(b)).filter(|token| !token.is_empty()).map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn tokens_are_those_of_a_plain_split_on_every_path() {
        let mut texts =
            vec![Vec::new(), b"a".to_vec(), b" ".to_vec(), vec![b'x'; 3 * WINDOW], vec![0xff; 300]];
        for length in [63, 64, 65, 127, 128, 129, WINDOW - 1, WINDOW, WINDOW + 1, 2 * WINDOW + 7] {
            texts.push(vec![b'w'; length]);
            texts.push(b"ab+".iter().copied().cycle().take(length).collect());
            texts.push((0..length).map(|i| (i * i % 251) as u8).collect());
            texts.push((0..length).map(|i| if i % 2 == 0 { b'z' } else { b' ' }).collect());
        }
        for path in CpuPath::available() {
            for text in &texts {
                assert_eq!(tokens_on(path, text), plain(text), "{path:?} {}", text.len());
            }
        }
    }
}
