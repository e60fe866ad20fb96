//! Check the checksums that some providers put into their tokens.
//!
//! A right checksum makes a find sure; a wrong one does not unmake it, because a token that was typed over in an
//! example or scrambled in a test is better masked than kept.
//!
//! Source: GitHub's description of its token formats: the last six characters are the CRC-32 of the characters
//! before them and after the prefix, in base 62.

/// A checksum that a rule of the table may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// CRC-32 (IEEE) of the body in six digits of base 62, after a prefix that ends in `_`.
    Crc32Base62,
}

impl Checksum {
    /// The checksum of a name; `None` for the empty name and for unknown ones.
    pub fn named(name: &str) -> Option<Self> {
        (name == "crc32-base62").then_some(Self::Crc32Base62)
    }
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK_DIGITS: usize = 6;

/// Whether a value carries the right checksum.
pub fn has_checksum(checksum: Checksum, value: &[u8]) -> bool {
    match checksum {
        Checksum::Crc32Base62 => {
            let Some(prefix) = value.iter().position(|&byte| byte == b'_') else {
                return false;
            };
            let body = &value[prefix + 1..];
            let Some(split) = body.len().checked_sub(CHECK_DIGITS) else {
                return false;
            };
            base62(crc32(&body[..split])) == body[split..]
        }
    }
}

/// Writes a number in six digits of base 62, the most significant first.
fn base62(mut number: u32) -> [u8; CHECK_DIGITS] {
    let mut digits = [b'0'; CHECK_DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(number % 62) as usize];
        number /= 62;
    }
    digits
}

/// CRC-32 as in IEEE 802.3, bit by bit: values are short.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_of_the_standard_is_met() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_right_checksum_is_known_and_a_wrong_one_is_not() {
        let body = b"zQ3kP8mR1vXw5TnB7cYd2LsH9fJg";
        let check = base62(crc32(body));
        let token = [b"ghp_".as_slice(), body, &check].concat();
        assert!(has_checksum(Checksum::Crc32Base62, &token));
        let mut wrong = token.clone();
        wrong[10] ^= 1;
        assert!(!has_checksum(Checksum::Crc32Base62, &wrong));
        assert!(!has_checksum(Checksum::Crc32Base62, b"ghp_1"));
        assert!(!has_checksum(Checksum::Crc32Base62, b""));
    }
}
