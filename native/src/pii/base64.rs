//! Decode the head of base64 text, of either alphabet, with or without padding.
//!
//! Source: RFC 4648 sections 4 and 5.

/// What base64 text holds.
#[derive(Debug, PartialEq, Eq)]
pub enum Head {
    /// Printable ASCII.
    Text(Vec<u8>),
    /// Other UTF-8 text.
    Utf8(Vec<u8>),
    /// Other bytes.
    Bytes,
    /// No base64 at all.
    Broken,
}

/// Decodes at most `most` characters.
pub fn decode_head(text: &[u8], most: usize) -> Head {
    let body = text.iter().rposition(|&byte| byte != b'=').map_or(&text[..0], |last| &text[..=last]);
    if body.len() % 4 == 1 && body.len() <= most {
        return Head::Broken;
    }
    let mut decoded = Vec::with_capacity(body.len().min(most) * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for &byte in body.iter().take(most / 4 * 4) {
        let Some(value) = value_of(byte) else {
            return Head::Broken;
        };
        bits = bits << 6 | value;
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count) as u8);
        }
    }
    if decoded.iter().all(|byte| (0x20..0x7F).contains(byte)) {
        Head::Text(decoded)
    } else if std::str::from_utf8(&decoded).is_ok_and(|text| !text.chars().any(char::is_control)) {
        Head::Utf8(decoded)
    } else {
        Head::Bytes
    }
}

/// Decodes text up to its first character outside of the alphabet.
pub fn decode(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for value in text.iter().map_while(|&byte| value_of(byte)) {
        bits = bits << 6 | value;
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count) as u8);
        }
    }
    decoded
}

fn value_of(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_are_decoded_with_and_without_padding() {
        for text in [b"YW5uOnMzY3IzdA==".as_slice(), b"YW5uOnMzY3IzdA"] {
            assert_eq!(decode_head(text, 64), Head::Text(b"ann:s3cr3t".to_vec()));
        }
        assert_eq!(decode_head(b"__79", 64), Head::Bytes);
        assert_eq!(decode_head(b"a", 64), Head::Broken);
        assert_eq!(decode_head(b"ab*d", 64), Head::Broken);
        assert_eq!(decode_head(b"", 64), Head::Text(Vec::new()));
    }
}
