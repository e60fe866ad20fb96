//! Judge values that are given to the names of passwords and keys.
//!
//! A password may be anything that is no placeholder, name or prompt; a key must look drawn by a machine.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::around::contains_any_caseless;
use super::glue::{Given, Operator, Writing};
use super::names::{is_password_word, NameKind};
use super::tokens::is_uuid;
use super::trace::Reason;
use super::value_model;
use super::values::{is_drawn, is_filler, is_placeholder, is_template, Characters};

#[expect(clippy::unwrap_used, reason = "literals that a test compiles")]
fn pattern(source: &str) -> Regex {
    Regex::new(&format!("(?-u)^(?:{source})$")).unwrap()
}

/// Names of other values: dotted paths, constants, `snake_case`.
static IDENTIFIER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+(?:_[a-z]+)+_?",
    )
});

/// Words that name a secret instead of being one.
static NAME_LIKE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:[a-z0-9_. -]{0,30}[_. -])?(?:new|old|my|the|your|user|db|root|admin|test|current|confirm|repeat|hashed",
        r"|encrypted|plain|default)?[_. -]?(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|key|credentials?",
        r"|username|login|email|string|text|hidden|true|false|null|none|nil|undefined|required|optional|empty|invalid",
        r"|missing|unknown|value|basic|bearer|plain|name|type|number|object|boolean|hash|encoded|hashed|decoded|encrypted)s?(?:[_. -]?(?:field|label",
        r"|input|text|name|hash|confirm|confirmation|error|message|type|value|id))?[0-9]{0,2}[:?!.]?",
    ))
});

/// Whether a value is spelled like the name of another one.
///
/// A digit among letters makes it no name: people put digits into passwords, and at the end of names.
pub fn is_identifier(value: &[u8]) -> bool {
    let has_inner_digit = || {
        let is_inner = |pair: &[u8]| {
            pair[0].is_ascii_digit() && (pair[1].is_ascii_alphabetic() || b"_.-".contains(&pair[1]))
        };
        value.windows(2).any(is_inner)
    };
    IDENTIFIER.is_match(value) && !has_inner_digit()
}

/// Returns why a value given to a password's name is no password.
pub fn against_password(value: &[u8], given: &Given) -> Option<Reason> {
    let is_literal = given.writing != Writing::Plain || !given.is_spaced || given.operator == Operator::Colon;
    if is_literal && WEAK_PASSWORDS.iter().any(|weak| value.eq_ignore_ascii_case(weak)) {
        return None;
    }
    if value.len() < 4 || value.len() > 128 {
        return Some("too short or too long for a password");
    }
    let blanks = value.iter().filter(|byte| byte.is_ascii_whitespace()).count();
    if blanks > 1 || value[0].is_ascii_whitespace() || value[value.len() - 1].is_ascii_whitespace() {
        return Some("several words");
    }
    if is_placeholder(value) {
        return Some("a placeholder");
    }
    if is_hash(value) {
        return Some("a hash");
    }
    if is_number(value) {
        return Some("a version, an address or a number in hexadecimal digits");
    }
    if NAME_LIKE.is_match(value) || is_identifier(value) || is_password_word(value) {
        return Some("the name of a value");
    }
    const STARTS: &[&[u8]] = &[b"/", b"./", b"../", b"http://", b"https://", b"--", b"#", b".", b"\\", b"$"];
    if STARTS.iter().any(|start| value.starts_with(start))
        || matches!(value[value.len() - 1], b'(' | b':')
        || (value.ends_with(b"=") && value.len() < 8)
    {
        return Some("a path, a URL or a piece of code");
    }
    if b"([{<!'\"*&".contains(&value[0]) || !value.iter().any(u8::is_ascii_alphanumeric) {
        return Some("a piece of code");
    }
    if Characters::of(value).distinct < 3 {
        return Some("a filler");
    }
    const SENTENCE: &[&[u8]] = &[b"password", b"must", b"invalid", b"enter", b"please"];
    (blanks == 1 && contains_any_caseless(value, SENTENCE)).then_some("a message")
}

/// Passwords that documentation and tests use as such.
pub const WEAK_PASSWORDS: &[&[u8]] = &[
    b"changeme",
    b"changeit",
    b"change_me",
    b"letmein",
    b"qwerty",
    b"secret",
    b"secret123",
    b"password1",
    b"password123",
    b"passw0rd",
    b"p@ssw0rd",
    b"p@ssword",
    b"admin",
    b"admin123",
    b"root",
    b"toor",
    b"guest",
    b"test",
    b"test123",
    b"testing",
    b"testpass",
    b"demo",
    b"foobar",
    b"foobarbaz",
    b"hunter2",
    b"mysecretpassword",
    b"postgres",
    b"mysql",
    b"12345",
    b"123456",
    b"1234",
    b"12345678",
    b"123456789",
    b"supersecret",
    b"topsecret",
    b"verysecret",
    b"dummy",
    b"rootpassword",
    b"example",
];

/// Whether a value is the hash of a password, as crypt(3), LDAP and Docker write it.
fn is_hash(value: &[u8]) -> bool {
    const PREFIXES: &[&[u8]] = &[
        b"$1$",
        b"$2a$",
        b"$2b$",
        b"$2y$",
        b"$5$",
        b"$6$",
        b"$apr1$",
        b"$argon2",
        b"$pbkdf2",
        b"pbkdf2",
        b"{sha",
        b"{ssha",
        b"{md5",
        b"{crypt",
        b"{bcrypt",
        b"sha1:",
        b"sha256:",
        b"sha512:",
        b"md5:",
        b"bcrypt",
        b"scram-sha",
        b"argon2",
        b"sha256$",
        b"sha-",
    ];
    PREFIXES
        .iter()
        .any(|prefix| value.len() >= prefix.len() && value[..prefix.len()].eq_ignore_ascii_case(prefix))
}

/// Whether a value is a version, a network or `0x…`.
fn is_number(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"^").or_else(|| value.strip_prefix(b"~")).unwrap_or(value);
    let dots = digits.iter().filter(|&&byte| byte == b'.').count();
    let is_version = dots >= 2 && digits.iter().all(|byte| byte.is_ascii_digit() || b"./".contains(byte));
    is_version || (value.starts_with(b"0x") && value[2..].iter().all(u8::is_ascii_hexdigit))
}

/// Returns why a value given to a key's name is no key.
pub fn against_key(value: &[u8], kind: NameKind) -> Option<Reason> {
    if value.len() < 8 || value.len() > 4096 {
        return Some("too short or too long for a key");
    }
    if value.iter().any(|byte| byte.is_ascii_whitespace() || b"{}<>()[],".contains(byte)) {
        return Some("a piece of code or of text");
    }
    if is_template(value) || is_filler(value) {
        return Some("a template or a filler");
    }
    if IDENTIFIER.is_match(value) {
        return Some("the name of a value");
    }
    if is_hash(value) {
        return Some("a hash");
    }
    const STARTS: &[&[u8]] = &[b"~/", b"/", b"http", b"./", b"#", b"@", b"--"];
    if STARTS.iter().any(|start| value.starts_with(start)) {
        return Some("a path or a URL");
    }
    if kind == NameKind::Perhaps && is_uuid(value) {
        return Some("a UUID");
    }
    let characters = Characters::of(value);
    if value.len() >= 10 && is_drawn(value, &characters) {
        let slashes = value.iter().filter(|&&byte| byte == b'/').count();
        return (slashes > 3 && is_placeholder(value)).then_some("a path");
    }
    if kind == NameKind::Secret
        && characters.digits > 0
        && characters.letters() > 0
        && characters.is_alphanumeric()
    {
        let is_mixed = characters.entropy >= 2.6 && value_model::randomness(value) > 0.6;
        return (!is_mixed).then_some("written, not drawn");
    }
    Some("written, not drawn")
}
