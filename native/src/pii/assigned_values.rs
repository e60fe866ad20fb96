//! Judge values that are given to the names of passwords and keys.
//!
//! A password may be anything that is no placeholder, name or prompt; a key must look drawn by a machine.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::around::contains_any_caseless;
use super::base64::decode;
use super::given::{Given, Operator, Writing};
use super::names::{is_password_word, NameKind};
use super::trace::Reason;
use super::value_model;
use super::values::{is_drawn, is_filler, is_placeholder, is_template, is_uuid, Characters};

#[expect(clippy::unwrap_used, reason = "literals that a test compiles")]
fn pattern(source: &str) -> Regex {
    Regex::new(&format!("(?-u)^(?:{source})$")).unwrap()
}

/// Names of other values and types: dotted paths, also of pointers, constants, `snake_case`.
static IDENTIFIER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[*&]{0,2}[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+(?:_[a-z]+)+_?",
    )
});

/// Two words and a number, which people make passwords of.
static TWO_WORDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[a-z]{4,}\.[a-z]{4,}[0-9]{1,4}"));

/// Versions and ranges of them, also of a registry: `npm:^3.4.1`.
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:[a-z]{2,12}[:-])?[\^~<>=v]{0,2}[0-9]+(?:\.[0-9]+)+(?:[+-][A-Za-z0-9.+-]*)?")
});

/// Values of which a part is crossed out.
static MASKED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s).*(?:[xX]{6}|\*{4}).*"));

static FILE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?s).*\.(?:tar|t?gz|zip|jar|json|ya?ml|toml|txt|md|html?|pem|crt|cer|key|pub|p12|jks|js|py|go|rb|java)",
    )
});

/// Words that name a secret instead of being one.
static NAME_LIKE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:[a-z0-9_. -]{0,30}[_. -])?(?:new|old|my|the|your|user|db|root|admin|test|current|confirm|repeat|re|hashed",
        r"|encrypted|plain|default)?[_. -]?(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|key|credentials?",
        r"|username|login|email|string|text|hidden|true|false|null|none|nil|undefined|required|optional|empty|invalid",
        r"|missing|unknown|value|basic|bearer|plain|name|type|number|object|bool|boolean|byte|char|integer|float|double|hash|encoded|hashed|decoded|encrypted|always|never)s?(?:[_. -]?(?:field|label",
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
    let is_literal = given.writing != Writing::Plain
        || !given.is_spaced
        || given.operator == Operator::Colon
        || value.iter().all(u8::is_ascii_digit);
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
    let after_user = memchr::memchr(b':', value).map_or(&value[..0], |colon| &value[colon + 1..]);
    if is_hash(value) || (is_hash(after_user) && matches!(after_user[0], b'$' | b'{')) {
        return Some("a hash");
    }
    if is_number(value) {
        return Some("a version, an address or a number in hexadecimal digits");
    }
    let is_name = is_identifier(value) && !(is_literal && TWO_WORDS.is_match(value));
    if NAME_LIKE.is_match(value) || is_name || is_password_word(value) {
        return Some("the name of a value");
    }
    const STARTS: &[&[u8]] = &[
        b"/",
        b"./",
        b"../",
        b"http://",
        b"https://",
        b"file:",
        b"classpath:",
        b"urn:",
        b"--",
        b"#",
        b".",
        b"\\",
        b"$",
    ];
    if STARTS.iter().any(|start| value.starts_with(start))
        || matches!(value[value.len() - 1], b'(' | b':')
        || (value.ends_with(b"=") && value.len() < 8)
        || (value.ends_with(b"/") && value.len() < 20)
        || (blanks == 1 && (value[0] == b'-' || value.ends_with(b";") || value.contains(&b'/')))
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
    b"secret1",
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

/// The same for secrets of an application.
const WEAK_SECRETS: &[&[u8]] = &[b"supersecret", b"topsecret", b"verysecret"];

/// Shortest part of a dotted value that shows that it is no path of names.
const LEAST_PART: usize = 20;

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

/// Whether a value is an armored block in base64 that holds a certificate, a public key or nothing.
fn is_public_block(value: &[u8]) -> bool {
    const HEAD: &[u8] = b"-----BEGIN ";
    const LEAST_BODY: usize = 40;
    if !value.starts_with(b"LS0tLS1CRUdJTi") {
        return false;
    }
    let block = decode(value);
    let label = block.strip_prefix(HEAD).unwrap_or_default();
    let Some(label_end) = memchr::memmem::find(label, b"-----") else {
        return false;
    };
    let body = &label[label_end..];
    let body = &body[..memchr::memmem::find(body, b"-----END").unwrap_or(body.len())];
    let is_private = memchr::memmem::find(&label[..label_end], b"PRIVATE").is_some();
    !is_private || body.iter().filter(|byte| byte.is_ascii_alphanumeric()).count() < LEAST_BODY
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
    let is_escaped = |escape: &&[u8]| memchr::memmem::find(value, escape).is_some();
    if [b"%20".as_slice(), b"%0A", b"%0D"].iter().any(is_escaped) || !value.is_ascii() {
        return Some("a text");
    }
    if is_template(value) || is_filler(value) || MASKED.is_match(value) {
        return Some("a template or a filler");
    }
    if VERSION.is_match(value) {
        return Some("a version");
    }
    if is_public_block(value) {
        return Some("a block without a key");
    }
    let slashes = value.iter().filter(|&&byte| byte == b'/').count();
    // Base64 has a slash in 64 characters.
    let is_path = slashes > 1 && (value.ends_with(b"/") || slashes * 16 > value.len());
    if kind == NameKind::Perhaps && (value.contains(&b'\\') || FILE.is_match(value) || is_path) {
        return Some("a pattern or a path");
    }
    if kind == NameKind::Secret && WEAK_SECRETS.contains(&value) {
        return None;
    }
    let is_drawn_part = |part: &[u8]| part.len() >= LEAST_PART && is_drawn(part, &Characters::of(part));
    if IDENTIFIER.is_match(value) && !value.split(|&byte| byte == b'.').any(is_drawn_part) {
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
