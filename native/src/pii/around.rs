//! Look at the bytes around a place: characters, lines, bounded windows.

use std::ops::Range;

/// Returns up to `reach` bytes before `place`.
pub fn before(text: &[u8], place: usize, reach: usize) -> &[u8] {
    &text[place.saturating_sub(reach)..place]
}

/// Returns up to `reach` bytes from `place` on.
pub fn after(text: &[u8], place: usize, reach: usize) -> &[u8] {
    &text[place..text.len().min(place.saturating_add(reach))]
}

/// Returns what stands before `place` on its line, up to `reach` bytes.
pub fn line_before(text: &[u8], place: usize, reach: usize) -> &[u8] {
    let window = before(text, place, reach);
    match memchr::memrchr2(b'\n', b'\r', window) {
        Some(end) => &window[end + 1..],
        None => window,
    }
}

/// Returns what stands from `place` on to the end of its line, up to `reach` bytes.
pub fn line_after(text: &[u8], place: usize, reach: usize) -> &[u8] {
    let window = after(text, place, reach);
    match memchr::memchr2(b'\n', b'\r', window) {
        Some(end) => &window[..end],
        None => window,
    }
}

/// Returns the byte before `place`, 0 at the start of the text.
#[inline]
pub fn byte_before(text: &[u8], place: usize) -> u8 {
    if place == 0 {
        0
    } else {
        text[place - 1]
    }
}

/// Returns the byte at `place`, 0 at the end of the text.
#[inline]
pub fn byte_at(text: &[u8], place: usize) -> u8 {
    text.get(place).copied().unwrap_or(0)
}

/// Decodes the character that ends before `place`; `None` at the start and where the bytes are no UTF-8.
pub fn char_before(text: &[u8], place: usize) -> Option<char> {
    let window = before(text, place, 4);
    let start = window.iter().rposition(|&byte| byte & 0xC0 != 0x80)?;
    one_char(&window[start..])
}

/// Decodes the character that begins at `place`; `None` at the end and where the bytes are no UTF-8.
pub fn char_at(text: &[u8], place: usize) -> Option<char> {
    let first = *text.get(place)?;
    let length = match first {
        0..0x80 => return Some(char::from(first)),
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    one_char(text.get(place..place + length)?)
}

fn one_char(bytes: &[u8]) -> Option<char> {
    let mut characters = std::str::from_utf8(bytes).ok()?.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// Whether a character belongs to a word: a letter or digit of any script, or `_`.
pub fn is_word_char(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// Returns the run of bytes of a class around `place`, at most `reach` bytes to either side.
pub fn run_around(text: &[u8], place: usize, reach: usize, belongs: impl Fn(u8) -> bool) -> Range<usize> {
    let low = place.saturating_sub(reach);
    let high = text.len().min(place.saturating_add(reach));
    let start = text[low..place].iter().rposition(|&byte| !belongs(byte)).map_or(low, |at| low + at + 1);
    let end = text[place..high].iter().position(|&byte| !belongs(byte)).map_or(high, |at| place + at);
    start..end
}

/// Whether a value ends in an ellipsis or is followed by one: what documentation left out.
pub fn is_elided(text: &[u8], start: usize, end: usize) -> bool {
    const ELLIPSES: [&[u8]; 2] = [b"...", "…".as_bytes()];
    ELLIPSES.iter().any(|&dots| text[start..end].ends_with(dots) || after(text, end, dots.len()) == dots)
}

/// Whether a text contains one of some lower-case ASCII words, in any case.
pub fn contains_any_caseless(text: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|word| text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word)))
}

/// Counts blanks and tabs from a place on.
pub fn blanks(text: &[u8], place: usize, most: usize) -> usize {
    after(text, place, most).iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_either_line_end_and_at_the_reach() {
        let text = b"one\r\ntwo three\nfour";
        assert_eq!(line_before(text, 9, 80), b"two ");
        assert_eq!(line_before(text, 9, 2), b"o ");
        assert_eq!(line_after(text, 9, 80), b"three");
        assert_eq!(line_after(text, 16, 80), b"our");
    }

    #[test]
    fn characters_are_decoded_and_broken_bytes_are_none() {
        let text = "aé🦀".as_bytes();
        assert_eq!(char_before(text, text.len()), Some('🦀'));
        assert_eq!(char_before(text, 3), Some('é'));
        assert_eq!(char_before(text, 0), None);
        assert_eq!(char_at(text, 1), Some('é'));
        assert_eq!(char_at(text, 2), None);
        assert_eq!(char_at(b"\xE2\x82", 0), None);
        assert_eq!(char_before(b"\xFF", 1), None);
    }

    #[test]
    fn runs_reach_to_both_sides() {
        assert_eq!(run_around(b"--abc123--", 5, 80, |byte| byte.is_ascii_alphanumeric()), 2..8);
        assert_eq!(run_around(b"aaaaaaaaaa", 5, 2, |byte| byte == b'a'), 3..7);
        assert_eq!(run_around(b"", 0, 2, |_| true), 0..0);
    }
}
