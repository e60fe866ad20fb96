//! Find credentials that their surroundings give away: passwords in URLs, values of Authorization headers, JSON web
//! tokens.
//!
//! Sources: RFC 3986 section 3.2.1 (userinfo), RFC 7617 (Basic), RFC 6750 (Bearer), RFC 7515 and 7516 (JWS, JWE).

use std::ops::Range;

use super::around::{after, before, byte_at, byte_before, contains_any_caseless, is_elided};
use super::assigned_values::WEAK_PASSWORDS;
use super::base64::{decode, decode_head, Head};
use super::kinds::Kind;
use super::spans::Span;
use super::trace::{Reason, Sink};
use super::values::{is_placeholder, looks_random};

/// Names of the detectors.
pub const URL_DETECTOR: &str = "url-password";
/// Names of the detectors.
pub const HEADER_DETECTOR: &str = "authorization-header";
/// Names of the detectors.
pub const JWT_DETECTOR: &str = "json-web-token";

/// Longest user and password in a URL, and longest value of a header.
const MAX_USER: usize = 64;
const MAX_PASSWORD: usize = 128;
const MAX_HEADER: usize = 8192;

/// What documentation writes in place of a password: names of fields, in lower case.
const STAND_INS: &[&[u8]] = &[
    b"access_key",
    b"accesskey",
    b"api_key",
    b"apikey",
    b"aws_secret_access_key",
    b"key",
    b"mypass",
    b"mypassword",
    b"oauth2",
    b"p",
    b"pass",
    b"pass1",
    b"passphrase",
    b"passw",
    b"passwd",
    b"password",
    b"port",
    b"pw",
    b"pwd",
    b"secret",
    b"secret_access_key",
    b"secret_key",
    b"secretkey",
    b"token",
    b"user",
    b"username",
    b"x-oauth-basic",
    b"x-token-auth",
    b"xxx",
    b"your_password",
    b"yourpassword",
];

/// Whether a value is what documentation writes for a password.
pub fn is_stand_in(value: &[u8]) -> bool {
    STAND_INS.contains(&value.to_ascii_lowercase().as_slice())
}

/// Looks at the `://` at `place`.
pub fn judge_url(text: &[u8], place: usize, sink: &mut impl Sink) {
    if !byte_before(text, place).is_ascii_alphanumeric() {
        return;
    }
    let start = place + 3;
    let window = after(text, start, MAX_USER + MAX_PASSWORD + 2);
    if memchr::memchr(b'@', window).is_none() {
        return;
    }
    let authority =
        window.iter().take_while(|byte| !byte.is_ascii_whitespace() && !b"\"'<>`/?#".contains(byte)).count();
    // The last `@` before the path ends the password: `p@ss@host`. A user may be an address itself.
    let Some(last) = memchr::memrchr(b'@', &window[..authority]) else {
        return;
    };
    let user = match memchr::memchr2(b':', b'@', &window[..last]) {
        Some(place) if window[place] == b':' => place,
        Some(_) => memchr::memrchr(b':', &window[..last]).unwrap_or(last),
        None => last,
    };
    if user == last || user > MAX_USER {
        return;
    }
    let rest = &window[user + 1..];
    let end = last - user - 1;
    let follows =
        rest.get(end + 1).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_[${%-(".contains(byte));
    if end == 0 || end > MAX_PASSWORD || !follows {
        return;
    }
    let (start, end) = (start + user + 1, start + user + 1 + end);
    match against_url_password(&window[..user], &text[start..end]) {
        Some(reason) => sink.leave(start, end, URL_DETECTOR, reason),
        None => sink.take(Span { start, end, kind: Kind::Password, detector: URL_DETECTOR, confidence: 0.8 }),
    }
}

fn against_url_password(user: &[u8], password: &[u8]) -> Option<Reason> {
    if is_stand_in(password) && !user.is_empty() {
        return Some("what documentation writes for a password");
    }
    if password.len() > 5 && WEAK_PASSWORDS.contains(&password) {
        return None;
    }
    if password.iter().any(|byte| b"{}<>$*[]()|,;".contains(byte))
        || memchr::memmem::find(password, b"%s").is_some()
    {
        return Some("a template");
    }
    if password.iter().all(u8::is_ascii_digit) && password.len() < 6 && password.len() != 4 {
        return Some("a port");
    }
    is_placeholder(password).then_some("a placeholder")
}

/// Looks at `basic` or `bearer` at `place`.
pub fn judge_scheme(text: &[u8], place: usize, sink: &mut impl Sink) {
    let is_basic = matches!(text[place], b'b' | b'B') && matches!(byte_at(text, place + 1), b'a' | b'A');
    let word_end = place + if is_basic { 5 } else { 6 };
    if byte_before(text, place).is_ascii_alphanumeric() {
        return;
    }
    let Some(range) = header_value(text, word_end) else {
        return;
    };
    let value = &text[range.clone()];
    let reason = if is_elided(text, range.start, range.end) {
        Some("elided")
    } else if is_basic {
        against_basic(text, place, value)
    } else {
        against_bearer(value)
    };
    match reason {
        Some(reason) => sink.leave(range.start, range.end, HEADER_DETECTOR, reason),
        None => {
            let Range { start, end } = range;
            sink.take(Span { start, end, kind: Kind::Key, detector: HEADER_DETECTOR, confidence: 0.8 });
        }
    }
}

/// Returns the credential after a scheme: blanks, an escaped blank, or a string that is added.
fn header_value(text: &[u8], end: usize) -> Option<Range<usize>> {
    let window = after(text, end, 16);
    let blanks = window.iter().take_while(|&&byte| byte == b' ').count();
    let skipped = if blanks > 0 {
        blanks
    } else if window.starts_with(b"%20") {
        3
    } else {
        return None;
    };
    let mut start = end + skipped;
    // `"Basic " + "…"`.
    let joined = after(text, start, 8);
    let quote = joined.iter().take_while(|byte| b"\\\"' +".contains(byte)).count();
    if quote > 0 && joined[..quote].contains(&b'+') {
        start += quote;
    }
    let length = after(text, start, MAX_HEADER)
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"_.~+/=-".contains(byte))
        .count();
    let mut stop = start + length;
    while stop > start && text[stop - 1] == b'.' {
        stop -= 1;
    }
    (stop - start >= 8).then_some(start..stop)
}

fn against_basic(text: &[u8], place: usize, value: &[u8]) -> Option<Reason> {
    if value.iter().any(|byte| b".~".contains(byte)) {
        return Some("no base64");
    }
    match decode_head(value, MAX_HEADER) {
        Head::Text(decoded) if is_user_and_password(&decoded) => None,
        Head::Text(_) => Some("no user and password inside"),
        Head::Utf8(decoded) if is_user_and_password(&decoded) => None,
        Head::Bytes | Head::Utf8(_) => {
            // Scrambled or binary credentials count where a header is written out.
            let is_header = contains_any_caseless(before(text, place, 40), &[b"authorization"]);
            (!is_header || !looks_random(value)).then_some("no user and password inside")
        }
        Head::Broken => Some("no base64"),
    }
}

fn is_user_and_password(decoded: &[u8]) -> bool {
    match memchr::memchr(b':', decoded) {
        // A token may stand in for both, after no user.
        Some(0) => decoded.len() > 16,
        Some(colon) => colon + 1 < decoded.len(),
        None => false,
    }
}

fn against_bearer(value: &[u8]) -> Option<Reason> {
    let body = value.split(|&byte| byte == b'=').next().unwrap_or(value);
    (!looks_random(body)).then_some("written, not drawn")
}

/// Finds JSON web tokens; keeps where the last one ended.
#[derive(Default)]
pub struct JsonWebTokens {
    end: usize,
}

impl JsonWebTokens {
    /// Looks at the `eyJ` at `place`.
    pub fn judge(&mut self, text: &[u8], place: usize, sink: &mut impl Sink) {
        if place < self.end
            || !text[place..].starts_with(b"eyJ")
            || byte_before(text, place).is_ascii_alphanumeric()
        {
            return;
        }
        let window = after(text, place, MAX_HEADER);
        let belongs = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_=-".contains(byte);
        let length_from = |start: usize| window[start..].iter().take_while(belongs).count();
        let head = &window[..length_from(0)];
        if before(text, place, 7) == b"base64," {
            return sink.leave(place, place + head.len(), JWT_DETECTOR, "data of a data URL");
        }
        if head.len() < 16 || !is_json_object(head) {
            return sink.leave(place, place + head.len(), JWT_DETECTOR, "no JSON object inside");
        }
        let (mut lengths, mut next) = (Vec::new(), head.len());
        while lengths.len() < 4 && window.get(next) == Some(&b'.') {
            lengths.push(length_from(next + 1));
            next += 1 + lengths[lengths.len() - 1];
        }
        // With a key that was agreed on, the second part of an encrypted token is empty.
        let filled = lengths
            .iter()
            .enumerate()
            .take_while(|(at, length)| **length >= 4 || (*at == 0 && **length == 0))
            .count();
        // One part is an object, three make a signed token, five an encrypted one.
        let taken = match filled {
            0 => 0,
            1 => usize::from(lengths[0] > 0),
            4 => 4,
            _ => 2,
        };
        if taken == 0 && !names_secret(head) {
            return sink.leave(place, place + head.len(), JWT_DETECTOR, "no token and no secret inside");
        }
        let end = place + head.len() + lengths[..taken].iter().map(|length| length + 1).sum::<usize>();
        self.end = end;
        sink.take(Span { start: place, end, kind: Kind::Key, detector: JWT_DETECTOR, confidence: 0.95 });
    }
}

/// Whether an object that is no header of a token has a member that is named after a secret.
fn names_secret(part: &[u8]) -> bool {
    const MEMBERS: &[&[u8]] =
        &[b"\"priv", b"\"secret", b"\"token", b"\"passw", b"\"api", b"_token\"", b"_secret\"", b"password\""];
    contains_any_caseless(&decode(part), MEMBERS)
}

/// Whether base64url text decodes to the beginning of a JSON object with a member.
fn is_json_object(part: &[u8]) -> bool {
    match decode_head(part, 256) {
        Head::Text(decoded) => {
            decoded.starts_with(b"{\"") && memchr::memmem::find(&decoded, b"\":").is_some()
        }
        // The object may hold UTF-8.
        Head::Bytes | Head::Utf8(_) => true,
        Head::Broken => false,
    }
}
