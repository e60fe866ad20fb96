//! Tell values apart: random, word, identifier, path, placeholder.
//!
//! A secret that a machine made looks drawn from its alphabet; a password that a person chose, an identifier and a
//! placeholder do not.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::compounds::is_compound;
use super::value_model;

/// Shortest value that can be told from a word.
pub const MIN_RANDOM: usize = 12;

/// Longest value whose letters are counted.
const MAX_COUNTED: usize = 512;

#[expect(clippy::unwrap_used, reason = "literals that a test compiles")]
fn pattern(source: &str) -> Regex {
    Regex::new(&format!("(?-u){source}")).unwrap()
}

/// The characters of a value, counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Characters {
    /// Number of bytes.
    pub length: usize,
    /// Digits.
    pub digits: usize,
    /// Lower-case ASCII letters.
    pub lower: usize,
    /// Upper-case ASCII letters.
    pub upper: usize,
    /// Letters above `f`.
    pub beyond_hex: usize,
    /// Distinct bytes.
    pub distinct: usize,
    /// Blanks of any kind.
    pub blanks: usize,
    /// Shannon entropy in bits per byte.
    pub entropy: f64,
}

impl Characters {
    /// Counts the first bytes of a value.
    pub fn of(value: &[u8]) -> Self {
        let value = &value[..value.len().min(MAX_COUNTED)];
        let mut counts = [0_u16; 256];
        let mut found = Self { length: value.len(), ..Self::default() };
        for &byte in value {
            counts[usize::from(byte)] += 1;
            match byte {
                b'0'..=b'9' => found.digits += 1,
                b'a'..=b'z' => found.lower += 1,
                b'A'..=b'Z' => found.upper += 1,
                _ if byte.is_ascii_whitespace() => found.blanks += 1,
                _ => {}
            }
            if matches!(byte, b'g'..=b'z' | b'G'..=b'Z') {
                found.beyond_hex += 1;
            }
        }
        for &count in value.iter().map(|&byte| &counts[usize::from(byte)]) {
            // Each byte adds its share of -log2(count / length) / length.
            found.entropy -= (f64::from(count) / value.len() as f64).log2() / value.len() as f64;
        }
        found.distinct = counts.iter().filter(|&&count| count > 0).count();
        found
    }

    /// Letters of ASCII.
    pub fn letters(&self) -> usize {
        self.lower + self.upper
    }

    /// Whether all bytes are hexadecimal digits of one case.
    pub fn is_hex(&self) -> bool {
        self.length > 0
            && self.digits + self.letters() == self.length
            && self.beyond_hex == 0
            && (self.lower == 0 || self.upper == 0)
    }

    /// Whether all bytes are ASCII letters and digits.
    pub fn is_alphanumeric(&self) -> bool {
        self.digits + self.letters() == self.length
    }
}

static PLACEHOLDER_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)your|example|sample|placeholder|change.?me|redacted|removed|censored|replace|insert|dummy|fixme|todo",
        r"|x{4}|\*{3}|\.{3}|-{5}|_{5}|#{3}|(?:^|[^0-9a-f])(?:deadbeef|cafebabe|feedface)|foobar|lorem|enter.?(?:here|your)",
    ))
});

static TEMPLATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\$\{|\$\(|\{\{|\}\}|\{%|%\{|#\{|<%|@@|^%.*%$|%\(|\$\[|\[\[|^\$[A-Za-z_]|^%[A-Za-z_]+%$|^<[^<>]*>$|^\{[^{}]*\}$",
        r"|^\[[^\[\]]*\]$|^@[A-Z][A-Z0-9_]+$|%[sdv]|^&[a-z]|\{[a-z_]*\}",
    ))
});

static LOOK_UP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:process\.env|os\.environ|getenv|env\[|ENV\.|secrets?\.|vault:|var\.|config\.|settings\.|self\.",
        r"|this\.)",
    ))
});

const SEQUENCES: &[&[u8]] = &[
    b"abcdefghijklmnopqrstuvwxyz",
    b"0123456789012345678901234567890123456789",
    b"qwertyuiopasdfghjklzxcvbnm",
    b"0123456789abcdef0123456789abcdef",
    b"zyxwvutsrqponmlkjihgfedcba",
    b"98765432109876543210",
];

/// Whether a value stands for another one: a template, a look-up, a filler, a sequence.
pub fn is_placeholder(value: &[u8]) -> bool {
    let value = &value[..value.len().min(MAX_COUNTED)];
    TEMPLATE.is_match(value)
        || PLACEHOLDER_WORDS.is_match(value)
        || LOOK_UP.is_match(value)
        || is_filler(value)
}

/// Whether a value is a reference to another one.
pub fn is_template(value: &[u8]) -> bool {
    TEMPLATE.is_match(value) || LOOK_UP.is_match(value)
}

/// Whether a value repeats one or two characters, or counts.
pub fn is_filler(value: &[u8]) -> bool {
    let lowered = value.to_ascii_lowercase();
    let mut seen = [false; 256];
    lowered.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    let distinct = seen.iter().filter(|&&is_seen| is_seen).count();
    distinct <= (lowered.len() / 12).max(2)
        || (lowered.len() >= 6
            && SEQUENCES.iter().any(|sequence| memchr::memmem::find(sequence, &lowered).is_some()))
}

/// Whether a value of 12 bytes or more looks drawn by a machine.
///
/// Hexadecimal values need letters and digits and an entropy of 2.5 bits per character. All others need an entropy
/// of at least 3 bits (3.5 from 20 characters on), the [value model](value_model) must find them likelier drawn than
/// written, and they must not be made of words.
pub fn looks_random(value: &[u8]) -> bool {
    value.len() >= MIN_RANDOM && is_drawn(value, &Characters::of(value)) && !is_placeholder(value)
}

/// The same for values of any length that are no placeholders.
pub fn is_drawn(value: &[u8], characters: &Characters) -> bool {
    if characters.blanks > 0 {
        return false;
    }
    if characters.is_hex() && characters.length >= MIN_RANDOM {
        return characters.digits > 1 && characters.letters() > 1 && characters.entropy >= 2.5;
    }
    let classes = usize::from(characters.digits > 0)
        + usize::from(characters.lower > 0)
        + usize::from(characters.upper > 0);
    if characters.letters() == 0 || (classes < 2 && characters.length < 16) {
        return false;
    }
    let least = if characters.length >= 20 { 3.4 } else { 2.9 };
    let randomness = if classes < 2 { value_model::LEAST_LETTERS } else { value_model::LEAST_MIXED };
    characters.entropy >= least && value_model::randomness(value) > randomness && !is_compound(value)
}

/// Whether a value is a UUID.
pub fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
