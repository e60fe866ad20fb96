//! Read values that other marks than an operator give to a name: attributes, tags, property lists, PHP's serialisation.

use super::around::{after, blanks, byte_at};
use super::given::{Given, Operator, Writing, MAX_PLAIN};

/// Reads `;s:16:"` of PHP's serialisation.
pub fn serialized_value(text: &[u8], place: usize) -> Option<(Operator, usize, bool)> {
    let rest = after(text, place, 10).strip_prefix(b";s:")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0 && rest.get(digits) == Some(&b':')).then_some((Operator::Set, place + 4 + digits, false))
}

/// Reads `… value="` after an attribute that names the secret, and `value:` on the next line of YAML.
pub fn attribute_value(text: &[u8], place: usize, is_closed: bool) -> Option<(Operator, usize, bool)> {
    let mut next =
        place + after(text, place, 24).iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    if next == place {
        return None;
    }
    let has_comma = byte_at(text, place) == b',';
    next += usize::from(has_comma);
    let word = after(text, next, 7);
    if !word.get(..5).is_some_and(|word| word.eq_ignore_ascii_case(b"value")) {
        return None;
    }
    let is_yaml = word.get(5) == Some(&b':');
    let is_attribute = is_closed && word.get(5) == Some(&b'=');
    if !is_yaml && !is_attribute {
        return None;
    }
    next += 6;
    Some((if is_yaml { Operator::Colon } else { Operator::Set }, next + blanks(text, next, 4), false))
}

/// Reads `</key><string>value</string>` of a property list.
pub fn plist_value(text: &[u8], place: usize) -> Option<Given> {
    let rest = after(text, place, 6 + 40 + MAX_PLAIN).strip_prefix(b"</key>")?;
    let inside = rest.trim_ascii_start().strip_prefix(b"<string>")?;
    let length = memchr::memchr(b'<', inside)?;
    let start = place + 6 + (rest.len() - inside.len());
    let is_closed = inside[length..].starts_with(b"</string>") && length > 0;
    is_closed.then_some(Given {
        start,
        end: start + length,
        writing: Writing::Tagged,
        operator: Operator::Set,
        is_spaced: false,
    })
}

/// Reads `…>value</`.
pub fn tagged_value(text: &[u8], place: usize) -> Option<Given> {
    let window = after(text, place, 40);
    let open = window
        .iter()
        .position(|byte| matches!(byte, b'<' | b'>' | b'\n' | b'=' | b':' | b',' | b'(' | b';'))?;
    if window[open] != b'>' || window[..open].iter().any(|byte| matches!(byte, b'-' | b'/')) {
        return None;
    }
    let inside = place + open + 1;
    let start = inside + after(text, inside, 4).iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let body = after(text, start, MAX_PLAIN);
    let length = body.iter().position(|byte| matches!(byte, b'<' | b'>') || byte.is_ascii_whitespace())?;
    let rest = &body[length..];
    let blank = rest.iter().take(4).take_while(|byte| byte.is_ascii_whitespace()).count();
    let closes = rest[blank..].starts_with(b"</");
    (closes && length > 0).then_some(Given {
        start,
        end: start + length,
        writing: Writing::Tagged,
        operator: Operator::Set,
        is_spaced: false,
    })
}
