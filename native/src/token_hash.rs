//! The hash of a token and the keys it takes.
//!
//! With the public keys the hash is part of the signature format (`dedup.hash32` is its twin in Python); with
//! random keys, drawn once a process, two different tokens cannot be made to collide by who does not know them,
//! so that sets of hashes are exact in practice for hostile texts too.
//! Source of the mixing step: Wang Yi, "wyhash", 2019; of the keys: Steele, Lea, Flood, "Fast splittable
//! pseudorandom number generators", 2014.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use crate::word_mask::{Portable, WordMask};

/// Zero bytes that must follow a token where it lies.
pub const PADDING: usize = 16;

/// What tokens and n-grams of tokens are hashed with.
#[derive(Clone, Copy, Debug)]
pub struct HashKeys {
    token: [u64; 4],
    /// The base of the polynomial of token hashes; odd.
    pub base: u64,
}

/// SplitMix64 from state 0, and the golden ratio.
pub const PUBLIC_KEYS: HashKeys = HashKeys {
    token: [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F, 0xF88B_B8A8_724C_81EC],
    base: 0x9E37_79B9_7F4A_7C15,
};

/// Keys that differ from process to process.
pub fn secret_keys() -> &'static HashKeys {
    static KEYS: OnceLock<HashKeys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let random = RandomState::new();
        let draw = |number: u64| random.hash_one(number);
        HashKeys { token: [draw(0), draw(1), draw(2), draw(3)], base: draw(4) | 1 }
    })
}

/// The xor of both halves of a product.
#[inline(always)]
pub fn mum(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// Returns the two words at `start`.
#[inline(always)]
fn words(bytes: &[u8], start: usize) -> (u64, u64) {
    let Some(pair) = bytes.get(start..start + PADDING).and_then(|piece| piece.first_chunk::<PADDING>())
    else {
        return (0, 0); // never: the caller pads
    };
    let pair = u128::from_le_bytes(*pair);
    (pair as u64, (pair >> 64) as u64)
}

/// Returns the two words of `length` <= 16 bytes at `start`, zero beyond.
#[inline(always)]
fn last_words(masks: impl WordMask, bytes: &[u8], start: usize, length: usize) -> (u64, u64) {
    let (first, second) = words(bytes, start);
    let bits = 8 * length as u32;
    (masks.low_bits(first, bits), masks.low_bits(second, bits.saturating_sub(u64::BITS)))
}

/// Bytes of the longest token that is hashed in one step.
pub const SHORT_TOKEN: usize = 16;

/// Returns the hash of `bytes[start..end]`; `bytes` goes on for [`PADDING`] bytes after that.
#[inline(always)]
pub fn token_hash(masks: impl WordMask, keys: &HashKeys, bytes: &[u8], start: usize, end: usize) -> u64 {
    if end - start > SHORT_TOKEN {
        long_token_hash(masks, keys, bytes, start, end)
    } else {
        short_token_hash(masks, keys, bytes, start, end)
    }
}

/// The hash of a token of at most [`SHORT_TOKEN`] bytes; of a longer one, some value.
#[inline(always)]
pub fn short_token_hash(
    masks: impl WordMask,
    keys: &HashKeys,
    bytes: &[u8],
    start: usize,
    end: usize,
) -> u64 {
    let length = end - start;
    let (first, second) = last_words(masks, bytes, start, length);
    mum(first ^ keys.token[0] ^ length as u64, second ^ keys.token[1])
}

/// The hash of a token of more than [`SHORT_TOKEN`] bytes.
#[inline(always)]
pub fn long_token_hash(masks: impl WordMask, keys: &HashKeys, bytes: &[u8], start: usize, end: usize) -> u64 {
    let length = (end - start) as u64;
    let mut hash = keys.token[2] ^ length;
    let mut at = start;
    while at + 16 <= end {
        let (first, second) = words(bytes, at);
        hash = mum(first ^ keys.token[0] ^ hash, second ^ keys.token[1]);
        at += 16;
    }
    let (first, second) = last_words(masks, bytes, at, end - at);
    mum(first ^ keys.token[3] ^ hash, second ^ keys.token[1] ^ length)
}

/// Spreads what a polynomial of token hashes gave over all 64 bits; its upper half is `hash32`.
#[inline(always)]
pub fn finish(polynomial: u64) -> u64 {
    (polynomial ^ (polynomial >> 32)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

/// Returns two hashes of any bytes by secret keys: 128 bits that are equal in one process for equal bytes only.
pub fn content_hash(content: &[u8]) -> [u64; 2] {
    let keys = &secret_keys().token;
    let length = content.len() as u64;
    let (pairs, rest) = content.as_chunks::<32>();
    let mut last = [0; 32];
    last[..rest.len()].copy_from_slice(rest);
    // Two blocks at a time in chains of their own, so that products do not wait for each other.
    let (mut even, mut odd) = ([keys[2], keys[3]], [keys[3], keys[0]]);
    for pair in pairs.iter().chain([&last]) {
        let [one, other] = [0, 16].map(|at| pair[at..].first_chunk::<16>().copied().unwrap_or_default());
        even = content_step(keys, even, one);
        odd = content_step(keys, odd, other);
    }
    // The length comes last, where no content can cancel it.
    let first = mum(even[0] ^ keys[0] ^ length, odd[0] ^ keys[1]);
    let second = mum(even[1] ^ keys[1], odd[1] ^ keys[0] ^ length);
    [finish(first), finish(second)]
}

#[inline(always)]
fn content_step(keys: &[u64; 4], [first, second]: [u64; 2], block: [u8; 16]) -> [u64; 2] {
    let words = u128::from_le_bytes(block);
    let (low, high) = (words as u64, (words >> 64) as u64);
    [mum(low ^ keys[0] ^ first, high ^ keys[1]), mum(low ^ keys[1], high ^ keys[2] ^ second)]
}

/// Returns the 32-bit hash of pieces between single spaces: of a shingle, what MinHash permutes.
pub fn hash32(data: &[u8]) -> u32 {
    let mut padded = data.to_vec();
    padded.extend([0; PADDING]);
    let (mut start, mut polynomial) = (0, 0_u64);
    for piece in data.split(|&byte| byte == b' ') {
        let hash = token_hash(Portable, &PUBLIC_KEYS, &padded, start, start + piece.len());
        polynomial = polynomial.wrapping_mul(PUBLIC_KEYS.base).wrapping_add(hash);
        start += piece.len() + 1;
    }
    (finish(polynomial) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_token_does_not_matter() {
        for length in 0..70 {
            let text: Vec<u8> = (0..length).map(|i| b'a' + (i % 26) as u8).collect();
            let hashes: Vec<u64> = [0_u8, 0xff, b'a']
                .iter()
                .map(|&after| {
                    let padded = [&text[..], &[after; 40]].concat();
                    token_hash(Portable, &PUBLIC_KEYS, &padded, 0, length)
                })
                .collect();
            assert!(hashes.windows(2).all(|pair| pair[0] == pair[1]), "{length}");
        }
    }

    #[test]
    fn lengths_and_bytes_change_the_hash() {
        let mut seen = std::collections::HashSet::new();
        for length in 0..200 {
            assert!(seen.insert(hash32(&vec![b'a'; length])));
            assert!(length == 0 || seen.insert(hash32(&[&vec![b'a'; length - 1][..], b"b"].concat())));
        }
        assert_ne!(hash32(b"ab c"), hash32(b"a bc"));
        assert_ne!(hash32(b"a  b"), hash32(b"a b"));
    }

    #[test]
    fn secret_keys_stay_and_are_not_the_public_ones() {
        assert_eq!(secret_keys().token, secret_keys().token);
        assert_ne!(secret_keys().token, PUBLIC_KEYS.token);
        assert_eq!(secret_keys().base & 1, 1);
    }
}
