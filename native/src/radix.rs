//! Sort words by some of their bits: least significant digit first, stable.

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
