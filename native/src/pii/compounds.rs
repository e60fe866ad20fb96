//! Tell compound names from drawn values by their words: `X-Compile-Target-JDK`, `PBKDF2WithHmacSHA512`,
//! `AWS4-HMAC-SHA256`, `Ctrl+Shift+L`.
//!
//! A name is cut at its signs, its capitals and the ends of its numbers. Drawn values fall into pieces of one or two
//! letters there, names into words.

use super::value_model;

/// Longest number in a name, and longest run of capitals in front of small letters.
const MAX_DIGITS: usize = 4;
const MAX_CAPITALS: usize = 6;

/// Fewest letters of a word on average, those of one letter not counted.
const LEAST_AVERAGE: usize = 3;

/// Letters from which on a word says by itself whether it is written.
const LEAST_TOLD: usize = 5;

/// Most randomness of written words, in bits per letter: 95 % of words lie below, 95 % of eight drawn letters above.
const MAX_RANDOMNESS: f64 = 1.0;

/// Words of cryptography without vowels.
const ABBREVIATIONS: &[&[u8]] = &[b"ecdhe", b"pbkdf", b"scrypt"];

/// The words of a name, counted.
#[derive(Default)]
struct Words {
    long: usize,
    letters: usize,
    single: usize,
    told: usize,
    randomness: f64,
}

/// Whether a value is made of several written words and short numbers.
pub fn is_compound(value: &[u8]) -> bool {
    let mut words = Words::default();
    let parts = value.split(|byte| b"-_.:/+".contains(byte)).filter(|part| !part.is_empty());
    parts.clone().all(|part| words.add_part(part)) && words.make_a_name()
}

impl Words {
    /// Adds the words of a part; false if it is no word, and no short number.
    fn add_part(&mut self, part: &[u8]) -> bool {
        if part.iter().all(u8::is_ascii_digit) {
            return part.len() <= MAX_DIGITS;
        }
        let mut rest = part;
        while !rest.is_empty() {
            let capitals = count(rest, u8::is_ascii_uppercase);
            let small = count(&rest[capitals..], u8::is_ascii_lowercase);
            // The last of several capitals begins the next word: `URLPath`.
            let length = if capitals > 1 && small > 0 { capitals - 1 } else { capitals + small };
            let digits = count(&rest[length..], u8::is_ascii_digit);
            let next = &rest[length + digits..];
            let is_sound = length > 0
                && (capitals <= MAX_CAPITALS || length == part.len())
                && digits <= MAX_DIGITS
                && (digits == 0 || next.is_empty() || is_capitalised(next));
            if !is_sound {
                return false;
            }
            self.add(&rest[..length]);
            rest = next;
        }
        true
    }

    fn add(&mut self, word: &[u8]) {
        if word.len() == 1 {
            self.single += 1;
            return;
        }
        self.long += 1;
        self.letters += word.len();
        let word = word.to_ascii_lowercase();
        if word.len() >= LEAST_TOLD && !ABBREVIATIONS.contains(&word.as_slice()) {
            self.told += word.len();
            self.randomness += value_model::randomness(&word) * word.len() as f64;
        }
    }

    fn make_a_name(&self) -> bool {
        self.long + self.single > 1
            && self.single * 2 <= self.long
            && self.letters >= LEAST_AVERAGE * self.long
            && self.randomness <= MAX_RANDOMNESS * self.told as f64
    }
}

fn count(text: &[u8], belongs: fn(&u8) -> bool) -> usize {
    text.iter().take_while(|byte| belongs(byte)).count()
}

fn is_capitalised(text: &[u8]) -> bool {
    text[0].is_ascii_uppercase() && text.get(1).is_some_and(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_words_are_compound() {
        for name in [
            "X-Compile-Target-JDK",
            "Created-By",
            "Build-Jdk-Spec",
            "Bundle-DocURL",
            "Ctrl+Shift+L",
            "AWS4-HMAC-SHA256",
            "HmacSHA256",
            "PBKDF2WithHmacSHA512",
            "NestingId_tern1",
            "tern--nest1-idkey",
            "s3SecretKey",
            "__tern-nest_shared__",
            "X-Tern-Server-Side-Encryption-S3-Sealed-Key",
        ] {
            assert!(is_compound(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn drawn_values_and_single_words_are_not() {
        for value in [
            "",
            "password",
            "qTb7ZkRwvX2mLpY9dHsN4",
            "WQPTRBKD7M",
            "a7395e0c59397380b8359a744fcd82d1",
            "4kqzt81wmvhxb5r2ncj73pfyds",
            "k-bqrTXoJvzPW",
            "xkROOPERZwYb+2NPU0G1LM8XtxX+fNUYbLBGtSMA",
            "wjrqx-kvzpt-ghbnq",
            "PLKTWQZXBN4RD7GHMJVC",
            "81cee16d-93e2-4f14-a424-fd360fafede2",
            "Tq4-Zw9-Xr1",
        ] {
            assert!(!is_compound(value.as_bytes()), "{value}");
        }
    }
}
