//! Read what stands between a name and the value that is given to it, in any language that gives values to names.
//!
//! `name = "value"`, `"name": "value"`, `name="value"`, `['name'] => 'value'`, `name: String = "value"`,
//! `setName("value")`, `--name value`, `name=value`, `<name>value</name>`, `key="name" value="value"`.

use super::around::{after, blanks, byte_at};
use super::given::{Given, Operator, Writing, MAX_PLAIN};
use super::glue_forms::{attribute_value, plist_value, serialized_value, tagged_value};

/// Longest value between quotes.
const MAX_QUOTED: usize = 4096;

/// Whether a value may be given to a name that ends at `end`: tells most names that none is given to, at a glance.
pub fn may_be_given(text: &[u8], end: usize) -> bool {
    match text.get(end) {
        None | Some(b',') => false,
        Some(b';') => serialized_value(text, end).is_some(),
        Some(b')' | b'}') => tagged_value(text, end).is_some(),
        Some(b'\n') => attribute_value(text, end, false).is_some(),
        Some(_) => true,
    }
}

/// Reads the value given to a name that ends at `end`.
pub fn given_value(text: &[u8], end: usize) -> Option<Given> {
    if let Some(given) = plist_value(text, end) {
        return Some(given);
    }
    let after_name = skip_accessors(text, close_name(text, end));
    if let Some(given) = tagged_value(text, after_name) {
        return Some(given);
    }
    let is_closed = after_name > end;
    let (operator, place, is_spaced) = serialized_value(text, after_name)
        .or_else(|| attribute_value(text, after_name, is_closed))
        .or_else(|| operator_after(text, after_name, is_closed))?;
    if let Some((start, end)) = quoted_value(text, place, operator) {
        return Some(Given { start, end, writing: Writing::Quoted, operator, is_spaced });
    }
    let may_be_plain = matches!(operator, Operator::Set | Operator::Colon | Operator::Blank);
    let (start, end) = may_be_plain.then(|| plain_value(text, place))??;
    // A value of `MAX_PLAIN` bytes and more is cut off, and refused by its length.
    Some(Given { start, end, writing: Writing::Plain, operator, is_spaced })
}

/// Moves over `{ get; set; }` of C#.
fn skip_accessors(text: &[u8], place: usize) -> usize {
    let window = after(text, place, 40);
    let open = blanks(text, place, 2);
    if window.get(open) != Some(&b'{') {
        return place;
    }
    match memchr::memchr(b'}', window) {
        Some(close) if memchr::memmem::find(&window[..close], b"get;").is_some() => place + close + 1,
        _ => place,
    }
}

/// Moves over what closes a name: quotes with their escapes, a bracket, Markdown's marks.
fn close_name(text: &[u8], place: usize) -> usize {
    let mut end = place;
    let skip_while = |end: usize, most: usize, belongs: fn(u8) -> bool| {
        end + after(text, end, most).iter().take_while(|&&byte| belongs(byte)).count()
    };
    end = skip_while(end, 3, |byte| byte == b'\\');
    if matches!(byte_at(text, end), b'"' | b'\'' | b'`' | b'*') {
        end = skip_while(end, 2, |byte| matches!(byte, b'"' | b'\'' | b'`' | b'*'));
    } else if end > place {
        return place;
    }
    if byte_at(text, end) == b']' {
        end += 1;
    }
    if after(text, end, 2) == b"[]" {
        end += 2;
    }
    end
}

/// Reads an operator, a type before it, and the blanks after it.
fn operator_after(text: &[u8], place: usize, is_closed: bool) -> Option<(Operator, usize, bool)> {
    let blanks_before = blanks(text, place, 24);
    let mut next = place + blanks_before;
    let mut found = operator_at(text, next);
    if !is_closed && (found.is_none() || matches!(found, Some((Operator::Colon, _)))) {
        // `name: Type = "…"`, `name string = "…"`.
        let type_start = next + found.map_or(0, |(_, length)| length);
        let type_start = type_start + blanks(text, type_start, 2);
        if let Some(after_type) = skip_type(text, type_start) {
            if let Some((Operator::Set, length)) = operator_at(text, after_type) {
                if found.is_some() || is_bare_type(&text[type_start..after_type]) {
                    next = after_type;
                    found = Some((Operator::Set, length));
                }
            }
        }
    }
    let Some((operator, length)) = found else {
        // A quoted value may follow a bare name after blanks; a plain one only after a flag, which the caller checks.
        return (blanks_before > 0 && !is_closed).then_some((Operator::Blank, next, true));
    };
    if operator == Operator::Comma && !is_closed {
        return None;
    }
    next += length;
    let blanks_after = blanks(text, next, 24);
    next += blanks_after;
    // The value may stand on the next line, quoted.
    let may_break = matches!(operator, Operator::Set | Operator::Colon);
    let line_end = if may_break { 2 } else { 0 };
    let line_end =
        after(text, next, line_end).iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    if line_end > 0 {
        let indented = next + line_end + blanks(text, next + line_end, 40);
        if indented > next + line_end && matches!(byte_at(text, indented), b'"' | b'\'' | b'`') {
            next = indented;
        }
    }
    let is_spaced = blanks_before + blanks_after > 0;
    Some((operator, next, is_spaced))
}

/// Whether a word between a name and `=` is a type, and no attribute.
fn is_bare_type(word: &[u8]) -> bool {
    const TYPES: &[&[u8]] =
        &[b"string", b"str", b"[]byte", b"char", b"text", b"varchar", b"as string", b"securestring"];
    let word = word.trim_ascii().trim_ascii_start().to_ascii_lowercase();
    TYPES.contains(&word.as_slice())
}

/// Returns the operator at a place and its length.
fn operator_at(text: &[u8], place: usize) -> Option<(Operator, usize)> {
    let bytes = after(text, place, 8);
    if bytes.starts_with(b".equals(") || bytes.starts_with(b".Equals(") {
        return Some((Operator::Compare, 8));
    }
    if bytes.starts_with("：".as_bytes()) {
        return Some((Operator::Colon, "：".len()));
    }
    if bytes.starts_with(b"{\"") {
        return Some((Operator::Call, 1));
    }
    let length = bytes.iter().take_while(|byte| b"=:!<>~?|.+-(,".contains(byte)).count();
    // A quote, a sign or a parenthesis may follow at once: the longest operator counts.
    (1..=length.min(4)).rev().find_map(|length| {
        let operator = match &bytes[..length] {
            b"=" | b":=" | b"::=" | b":::=" | b"=>" | b".=" | b"?=" | b"+=" | b"||=" | b"|=" | b"=:"
            | b"<-" | b"||" | b"~>" => Operator::Set,
            b":" if bytes.get(1) == Some(&b':') => return None,
            b":" | b"?:" | b"!:" => Operator::Colon,
            b"==" | b"===" | b"!=" | b"!==" | b"=~" | b"<>" => Operator::Compare,
            b"(" | b"=(" | b"<>(" => Operator::Call,
            b"," => Operator::Comma,
            _ => return None,
        };
        Some((operator, length))
    })
}

/// Moves over a type and the blanks after it, if one begins at `place`.
fn skip_type(text: &[u8], place: usize) -> Option<usize> {
    let place = if after(text, place, 3).eq_ignore_ascii_case(b"as ") { place + 3 } else { place };
    let lifetime = b"&'static ";
    let place = if after(text, place, lifetime.len()) == lifetime { place + lifetime.len() } else { place };
    let window = after(text, place, 32);
    let length =
        window.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_<>?.&*[]'".contains(byte)).count();
    let begins =
        window.first().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'&' | b'*' | b'['));
    (length > 0 && begins).then(|| place + length + blanks(text, place + length, 4))
}

/// Longest name of a function around a value.
const MAX_WRAPPER: usize = 40;

/// Ends of the names of functions that make a value of a literal.
const WRAPPERS: &[&[u8]] = &[
    b"string",
    b"str",
    b"value",
    b"secret",
    b"password",
    b"some",
    b"just",
    b"of",
    b"bytes",
    b"buffer",
    b"decode",
    b"chars",
    b"ptr",
    b"pointer",
    b"from",
    b"sensitive",
    b"literal",
    b"credential",
    b"credentials",
    b"token",
    b"key",
    b"text",
    b"unicode",
    b"ok",
    b"box",
];

/// Reads a value between quotes, which functions may wrap.
fn quoted_value(text: &[u8], place: usize, operator: Operator) -> Option<(usize, usize)> {
    let mut next = place;
    for _ in 0..2 {
        let Some(inside) = wrapper_end(text, next) else {
            break;
        };
        next = inside;
    }
    if operator != Operator::Call && next == place && byte_at(text, next) == b'(' {
        next += 1;
    }
    next += after(text, next, 2).iter().take_while(|byte| b"bBurfLR@$&".contains(byte)).count();
    let (start, close) = open_quote(text, next).or_else(|| open_quote(text, place))?;
    let window = after(text, start, MAX_QUOTED + close.len());
    let length = closing(window, close)?;
    Some((start, start + length))
}

/// Returns where the argument of a function begins that is called at `place` and makes a value of it.
fn wrapper_end(text: &[u8], place: usize) -> Option<usize> {
    let place = if after(text, place, 4) == b"new " { place + 4 } else { place };
    let window = after(text, place, MAX_WRAPPER);
    let length =
        window.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_.:&".contains(byte)).count();
    let name = &window[..length];
    if length == 0 || window.get(length) != Some(&b'(') {
        return None;
    }
    let lowered = name.to_ascii_lowercase();
    let last = lowered.rsplit(|byte| matches!(byte, b'.' | b':')).next().unwrap_or(&lowered);
    let last = last.trim_ascii_end();
    let makes_value = WRAPPERS.iter().any(|wrapper| last.ends_with(wrapper))
        && !last.starts_with(b"get")
        && !last.contains(&b'?');
    makes_value.then(|| place + length + 1 + blanks(text, place + length + 1, 2))
}

/// The quotes that open a value, and what closes it.
fn open_quote(text: &[u8], place: usize) -> Option<(usize, &'static [u8])> {
    let window = after(text, place, 6);
    const QUOTES: [(&[u8], &[u8]); 19] = [
        (b"\"\"\"", b"\"\"\""),
        (b"'''", b"'''"),
        (b"```", b"```"),
        (b"``", b"``"),
        (b"\"", b"\""),
        (b"'", b"'"),
        (b"`", b"`"),
        (b"\\\\\\\"", b"\\\\\\\""),
        (b"\\\\\"", b"\\\\\""),
        (b"\\\"", b"\\\""),
        (b"\\\\\\'", b"\\\\\\'"),
        (b"\\'", b"\\'"),
        (b"\\`", b"\\`"),
        (b"&quot;", b"&quot;"),
        (b"&#39;", b"&#39;"),
        ("\u{201C}".as_bytes(), "\u{201D}".as_bytes()),
        ("\u{2018}".as_bytes(), "\u{2019}".as_bytes()),
        ("\u{AB}".as_bytes(), "\u{BB}".as_bytes()),
        (b"%22", b"%22"),
    ];
    let (open, close) = QUOTES.into_iter().find(|(open, _)| window.starts_with(open))?;
    // `""` is an empty value and not the opening of a Markdown quote.
    Some((place + open.len(), close))
}

/// Returns where a value ends that `close` closes on the same line.
fn closing(window: &[u8], close: &[u8]) -> Option<usize> {
    let mut place = 0;
    while place < window.len() {
        if window[place..].starts_with(close) {
            return Some(place);
        }
        match window[place] {
            b'\n' | b'\r' => return None,
            b'\\' if close.len() == 1 => place += 2,
            _ => place += 1,
        }
    }
    None
}

/// Reads a value up to a blank or a delimiter.
fn plain_value(text: &[u8], place: usize) -> Option<(usize, usize)> {
    let window = after(text, place, MAX_PLAIN + 1);
    let length = window
        .iter()
        .take_while(|byte| {
            !byte.is_ascii_whitespace() && !b"\"'`<>,;&()[]{}|\\".contains(byte) && **byte != 0
        })
        .count();
    // Full-width punctuation ends a value in a sentence.
    const MARKS: [&[u8]; 6] = [
        "，".as_bytes(),
        "。".as_bytes(),
        "、".as_bytes(),
        "；".as_bytes(),
        "（".as_bytes(),
        "）".as_bytes(),
    ];
    let is_mark = |at: &usize| MARKS.iter().any(|mark| window[*at..].starts_with(mark));
    let mark = memchr::memchr2_iter(0xE3, 0xEF, &window[..length]).find(is_mark);
    let mut end = place + mark.unwrap_or(length);
    while end > place && matches!(text[end - 1], b'.' | b':') {
        end -= 1;
    }
    (end > place).then_some((place, end))
}
