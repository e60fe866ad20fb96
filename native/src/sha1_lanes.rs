//! The first four bytes of SHA-1 of many short messages, sixteen at a time.
//!
//! Each of the sixteen lanes of a vector holds a message of one or two blocks; what is longer goes through the
//! `sha1` crate. Source: FIPS 180-4, section 6.1.

use sha1::block_api::compress;

use crate::word_mask::{Portable, WordMask};

#[cfg(target_arch = "x86_64")]
mod x86;

const LANES: usize = 16;
const BLOCK: usize = 64;

/// Messages shorter than these fit into one block and into two.
const SHORT: usize = BLOCK - 8;
const MIDDLE: usize = 2 * BLOCK - 8;

type Lanes = [u32; LANES];

const START: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];

/// Bytes to keep of a block, then one that ends the message: both are windows of 64 bytes into a table.
const KEEP: [u8; 2 * BLOCK + 1] = {
    let mut table = [0; 2 * BLOCK + 1];
    let mut place = 0;
    while place < BLOCK {
        table[place] = 0xff;
        place += 1;
    }
    table
};

const MARK: [u8; 2 * BLOCK + 1] = {
    let mut table = [0; 2 * BLOCK + 1];
    table[BLOCK] = 0x80;
    table
};

/// A way to compress sixteen blocks at once on one CPU path.
pub trait Sha1Lanes: Copy {
    /// Returns the words of sixteen blocks, big-endian: word, block.
    fn columns(self, blocks: &[[u8; BLOCK]; LANES]) -> [Lanes; BLOCK / 4];

    /// The compression function: takes those words into the states.
    fn compress(self, state: &mut [Lanes; 5], words: &[Lanes; BLOCK / 4]);
}

impl Sha1Lanes for Portable {
    #[inline(always)]
    fn columns(self, blocks: &[[u8; BLOCK]; LANES]) -> [Lanes; BLOCK / 4] {
        let mut columns = [[0; LANES]; BLOCK / 4];
        for (lane, block) in blocks.iter().enumerate() {
            for (column, bytes) in columns.iter_mut().zip(block.as_chunks::<4>().0) {
                column[lane] = u32::from_be_bytes(*bytes);
            }
        }
        columns
    }

    #[inline(always)]
    fn compress(self, state: &mut [Lanes; 5], words: &[Lanes; BLOCK / 4]) {
        compress_lanes(state, words);
    }
}

/// Fills a block with `length` bytes at `start`, the bit that ends a message, and zeros, as far as they go.
#[inline(always)]
fn pad_into(row: &mut [u8; BLOCK], bytes: &[u8], start: usize, length: isize) {
    let shift = (BLOCK as isize - length).clamp(0, BLOCK as isize + 1) as usize;
    let Some(bytes) = bytes.get(start..start + BLOCK) else {
        return; // never: the caller leaves room after messages
    };
    let (keep, mark) = (&KEEP[shift..shift + BLOCK], &MARK[shift..shift + BLOCK]);
    for (((byte, from), keep), mark) in row.iter_mut().zip(bytes).zip(keep).zip(mark) {
        *byte = from & keep | mark;
    }
}

/// Hashes batches of messages, with buffers that are used again.
#[derive(Default)]
pub struct Sha1Batch {
    /// Places of the messages of one block and of two.
    places: [Vec<usize>; 2],
}

impl Sha1Batch {
    /// Appends to `hashes` the first four bytes, little-endian, of the SHA-1 of each message.
    ///
    /// The messages lie between `bounds` in `bytes`, which go on for 128 bytes after the start of each.
    #[inline(always)]
    pub fn hash(
        &mut self,
        masks: impl WordMask,
        bytes: &[u8],
        bounds: &[(usize, usize)],
        hashes: &mut Vec<u32>,
    ) {
        let first = hashes.len();
        hashes.resize(first + bounds.len(), 0);
        let hashes = &mut hashes[first..];
        self.places.iter_mut().for_each(Vec::clear);
        for (place, &(start, end)) in bounds.iter().enumerate() {
            match end - start {
                0..SHORT => self.places[0].push(place),
                SHORT..MIDDLE => self.places[1].push(place),
                _ => hashes[place] = long_hash(&bytes[start..end]),
            }
        }
        for (blocks, places) in self.places.iter().enumerate() {
            for places in places.chunks(LANES) {
                let mut messages = [(0, 0); LANES];
                for (message, &place) in messages.iter_mut().zip(places) {
                    *message = bounds[place];
                }
                let found = hash_lanes(masks, bytes, &messages, blocks + 1);
                for (&place, word) in places.iter().zip(found) {
                    hashes[place] = word.swap_bytes();
                }
            }
        }
    }
}

/// Returns the first words of the hashes of sixteen messages of so many blocks.
#[inline(always)]
fn hash_lanes(
    masks: impl WordMask,
    bytes: &[u8],
    messages: &[(usize, usize); LANES],
    blocks: usize,
) -> Lanes {
    let mut state = START.map(|word| [word; LANES]);
    for number in 0..blocks {
        let from = number * BLOCK;
        let mut rows = [[0; BLOCK]; LANES];
        for (row, &(start, end)) in rows.iter_mut().zip(messages) {
            pad_into(row, bytes, start + from, (end - start) as isize - from as isize);
        }
        let mut words = masks.columns(&rows);
        if number + 1 == blocks {
            for (word, &(start, end)) in words[15].iter_mut().zip(messages) {
                *word = 8 * (end - start) as u32;
            }
        }
        masks.compress(&mut state, &words);
    }
    state[0]
}

#[inline(always)]
fn pad(message: &[u8], padded: &mut [u8]) {
    padded[..message.len()].copy_from_slice(message);
    padded[message.len()] = 0x80;
    let end = padded.len();
    padded[end - 8..].copy_from_slice(&(8 * message.len() as u64).to_be_bytes());
}

#[inline(never)]
fn long_hash(message: &[u8]) -> u32 {
    let (blocks, rest) = message.as_chunks::<BLOCK>();
    let mut state = START;
    compress(&mut state, blocks);
    let mut padded = [[0; BLOCK]; 2];
    let count = rest.len() / (BLOCK - 8) + 1;
    let last = &mut padded[..count];
    pad(rest, last.as_flattened_mut());
    let bits = (8 * message.len() as u64).to_be_bytes();
    last[count - 1][BLOCK - 8..].copy_from_slice(&bits);
    compress(&mut state, last);
    state[0].swap_bytes()
}

#[inline(always)]
fn each(value: impl Fn(usize) -> u32) -> Lanes {
    std::array::from_fn(value)
}

/// The compression function on sixteen blocks at once.
#[inline(always)]
fn compress_lanes(state: &mut [Lanes; 5], words: &[Lanes; 16]) {
    let mut schedule = *words;
    let [mut a, mut b, mut c, mut d, mut e] = *state;
    for round in 0..80 {
        let at = round % 16;
        if round >= 16 {
            let (w3, w8, w14) = (schedule[(at + 13) % 16], schedule[(at + 8) % 16], schedule[(at + 2) % 16]);
            let old = schedule[at];
            schedule[at] = each(|i| (w3[i] ^ w8[i] ^ w14[i] ^ old[i]).rotate_left(1));
        }
        let word = schedule[at];
        let (mixed, constant) = match round / 20 {
            0 => (each(|i| d[i] ^ (b[i] & (c[i] ^ d[i]))), 0x5A82_7999),
            1 => (each(|i| b[i] ^ c[i] ^ d[i]), 0x6ED9_EBA1),
            2 => (each(|i| (b[i] & c[i]) | (d[i] & (b[i] | c[i]))), 0x8F1B_BCDC),
            _ => (each(|i| b[i] ^ c[i] ^ d[i]), 0xCA62_C1D6_u32),
        };
        let next = each(|i| {
            a[i].rotate_left(5)
                .wrapping_add(mixed[i])
                .wrapping_add(e[i])
                .wrapping_add(constant)
                .wrapping_add(word[i])
        });
        (e, d, c, b, a) = (d, c, each(|i| b[i].rotate_left(30)), a, next);
    }
    for (sum, value) in state.iter_mut().zip([a, b, c, d, e]) {
        *sum = each(|i| sum[i].wrapping_add(value[i]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu_path::{dispatch, CpuPath};
    use sha1::{Digest, Sha1};

    dispatch!(fn hash_on => hash(messages: &[Vec<u8>]) -> Vec<u32>);

    #[inline(always)]
    fn hash(masks: impl WordMask, messages: &[Vec<u8>]) -> Vec<u32> {
        let (mut hashes, mut bytes, mut bounds) = (vec![7], Vec::new(), Vec::new());
        for message in messages {
            bounds.push((bytes.len(), bytes.len() + message.len()));
            bytes.extend(message);
        }
        bytes.extend([0xff; 2 * BLOCK]);
        Sha1Batch::default().hash(masks, &bytes, &bounds, &mut hashes);
        hashes.split_off(1)
    }

    #[test]
    fn hashes_are_those_of_the_sha1_crate_for_every_length_on_every_path() {
        let messages: Vec<Vec<u8>> = (0..400).map(|n| (0..n).map(|i| (i * 7 + n) as u8).collect()).collect();
        let first = |message: &Vec<u8>| {
            let digest = Sha1::digest(message);
            u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]])
        };
        let expected: Vec<u32> = messages.iter().map(first).collect();
        for path in CpuPath::available() {
            assert_eq!(hash_on(path, &messages), expected, "{path:?}");
            assert_eq!(hash_on(path, &messages[..3]), expected[..3]);
        }
    }
}
