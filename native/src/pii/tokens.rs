//! Find drawn values without a telling name: near the name of a provider, or in quotes where secrets stand.
//!
//! Most drawn values are no secrets, so the checks are the larger part: ids of Git, checksums, UUIDs, paths,
//! identifiers, certificates and images are dropped.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::around::{byte_at, byte_before, line_before};
use super::kinds::Kind;
use super::private_keys::PublicBlocks;
use super::provider_names::rule_near;
use super::spans::Span;
use super::token_runs::{for_each_run, LEAST_RUN};
use super::trace::{Reason, Sink};
use super::values::{is_drawn, is_placeholder, is_uuid, looks_random, Characters};

/// Name of the detector of quoted values.
pub const TOKEN_DETECTOR: &str = "quoted-token";

/// Name of the detector of NATS seeds, whose shape has no literal.
pub const NKEY_DETECTOR: &str = "nats-nkey-seed";

/// Shortest and longest value in quotes.
const LEAST_QUOTED: usize = 20;
const MAX_QUOTED: usize = 200;

const CONTEXT: usize = 64;

#[expect(clippy::unwrap_used, reason = "literals that a test compiles")]
fn pattern(source: &str) -> Regex {
    Regex::new(&format!("(?i-u){source}")).unwrap()
}

static SECRET_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"secret|token|passw|api_?-?key|access_?-?key|auth|credential|private_?-?key|encryption_?-?key|account_?-?key",
        r"|signing|client_?-?key|app_?-?key|bearer|\bkey\b|_key\b",
    ))
});

static HARMLESS_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"sha-?[0-9]|sha\b|md5|hash|checksum|digest|commit|rev\b|revision|integrity|etag|fingerprint|guid|uuid|nonce",
        r"|\biv\b|salt|cert|public|image|base64|src=|href|url\(|data:|blob|tree|hexsha|crc|expected|vector|signature",
        r"|\bsig\b|thumbprint|changeset|version|cipher|plain|encrypted|\bid\b|_id\b|Id\b|next.?page|page.?token|csrf",
        r"|xsrf|sitekey|cache|websocket",
    ))
});

/// Names of values that are no secrets, as whole words.
static HARMLESS_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(?:sha-?[0-9]{0,3}|md5(?:sum)?|hash|checksum|digest|commit|revision|integrity|etag|fingerprint|guid|uuid|nonce",
        r"|iv|id|sig|signature|tree|blob|crc(?:32)?|thumbprint|changeset|csrf|xsrf|sitekey|public)\b",
        r"|_(?:id|md5|hash|sha1|sha256)\b|(?-i:[a-z]Id)\b|page_?token",
    ))
});

/// Looks at all runs of base64 and hexadecimal characters that hold a digit.
pub fn judge_tokens(text: &[u8], sink: &mut impl Sink) {
    let mut blocks = PublicBlocks::new(text);
    for_each_run(text, &mut |start, end| judge_token(text, start, end, &mut blocks, sink));
}

fn judge_token(text: &[u8], start: usize, end: usize, blocks: &mut PublicBlocks<'_>, sink: &mut impl Sink) {
    // A sign before the value is no part of it: `token=…`, `--…`.
    let value = &text[start..end];
    let lead =
        value
            .iter()
            .rposition(|&byte| byte == b'=')
            .map_or(0, |at| if at + 1 < value.len() { at + 1 } else { 0 });
    let start =
        start + lead + text[start + lead..end].iter().take_while(|byte| b"-+/=_".contains(byte)).count();
    if end - start < LEAST_RUN {
        return;
    }
    let value = &text[start..end];
    if !value.iter().any(u8::is_ascii_digit) || blocks.holds(start) {
        return;
    }
    if let Some(rule) = rule_near(text, start, end) {
        match against_near(text, start, end) {
            Some(reason) => sink.leave(start, end, rule.id, reason),
            None => {
                return sink.take(Span { start, end, kind: Kind::Key, detector: rule.id, confidence: 0.8 });
            }
        }
    }
    if is_nkey_seed(value) && super::providers::begins_here(text, start) {
        return sink.take(Span { start, end, kind: Kind::Key, detector: NKEY_DETECTOR, confidence: 0.9 });
    }
    let quote = byte_before(text, start);
    if matches!(quote, b'"' | b'\'' | b'`')
        && byte_at(text, end) == quote
        && (LEAST_QUOTED..=MAX_QUOTED).contains(&(end - start))
    {
        let value = &value[..length_without_scope(value)];
        let end = start + value.len();
        let reason = against_quoted(value, line_before(text, start, CONTEXT))
            .or_else(|| is_piece(text, start, end).then_some("a piece of a longer blob"));
        match reason {
            Some(reason) => sink.leave(start, end, TOKEN_DETECTOR, reason),
            None => {
                sink.take(Span { start, end, kind: Kind::Key, detector: TOKEN_DETECTOR, confidence: 0.6 })
            }
        }
    }
}

/// How far before a value its own name stands.
const NAME_REACH: usize = 28;

/// Returns why a value of a provider's plain shape near the provider's name is none.
fn against_near(text: &[u8], start: usize, end: usize) -> Option<Reason> {
    let value = &text[start..end];
    if is_placeholder(value) {
        return Some("a placeholder");
    }
    if HARMLESS_NAME.is_match(line_before(text, start, NAME_REACH)) {
        return Some("a checksum, an id or public data, by the words before it");
    }
    if byte_before(text, start) == b'@' || byte_at(text, end) == b'(' || byte_before(text, start) == b'/' {
        return Some("a revision, a path or a call");
    }
    let characters = Characters::of(value);
    if !(characters.is_hex() || is_uuid(value) || is_drawn(value, &characters)) {
        return Some("written, not drawn");
    }
    let window = &text[start.saturating_sub(96)..start];
    (!SECRET_WORD.is_match(window)).then_some("no telling word near it")
}

fn against_quoted(value: &[u8], line: &[u8]) -> Option<Reason> {
    if is_uuid(value) {
        return Some("a UUID");
    }
    if is_path_like(value) {
        return Some("a path or a compound name");
    }
    if !looks_random(value) {
        return Some("written, not drawn");
    }
    if HARMLESS_WORD.is_match(line) {
        return Some("a checksum, an id or public data, by the words before it");
    }
    if SECRET_WORD.is_match(line) {
        return None;
    }
    Some("no telling word near it")
}

/// Whether a quoted value is added to another one or stands in a column of such values.
fn is_piece(text: &[u8], start: usize, end: usize) -> bool {
    let next = super::around::after(text, end + 1, 64);
    let follows = next.trim_ascii_start();
    let follows = follows.strip_prefix(b"b").unwrap_or(follows);
    let is_added = matches!(follows.first(), Some(b'.' | b'+' | b'\\' | b'"' | b'\''));
    let before = super::around::before(text, start - 1, 64);
    let before = before.strip_suffix(b"b").unwrap_or(before).trim_ascii_end();
    let adds = matches!(before.last(), Some(b'.' | b'+' | b'\\' | b'"' | b'\''));
    (is_added || adds) && end - start >= 40
}

/// Whether a value is a seed of NATS: `S`, the kind of the key, and base32 (NATS NKeys).
fn is_nkey_seed(value: &[u8]) -> bool {
    value.len() == 58
        && value[0] == b'S'
        && b"ANOUCX".contains(&value[1])
        && value.iter().all(|byte| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(byte))
        && Characters::of(value).entropy > 3.8
}

/// Returns the length of a value without the scope of a signature: `AKIA…/20210304/eu-north-1/s3/aws4_request`.
///
/// Source: AWS General Reference, Signature Version 4, credential scope.
pub fn length_without_scope(value: &[u8]) -> usize {
    if !value.ends_with(b"_request") {
        return value.len();
    }
    let id = [b"/".as_slice(), b"%2F"].iter().find_map(|slash| {
        let at = memchr::memmem::find(value, slash)?;
        let day = super::around::after(value, at + slash.len(), 8);
        (day.len() == 8 && day.iter().all(u8::is_ascii_digit)).then_some(at)
    });
    id.unwrap_or(value.len())
}

/// Whether slashes or separators cut a value into parts like a path or a compound name.
fn is_path_like(value: &[u8]) -> bool {
    let parts = value.split(|byte| b"/_-".contains(byte)).filter(|part| !part.is_empty());
    let (count, longest) = parts.fold((0, 0), |(count, longest), part| (count + 1, part.len().max(longest)));
    value[0] == b'/' || (count >= 3 && longest <= 14)
}
