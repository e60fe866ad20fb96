//! Find e-mail addresses.
//!
//! An `@` proposes; a grammar with the list of top-level domains disposes. Not addresses, by rule: `git@host:path`,
//! the user part of a URL, names of SSH algorithms (`zlib@openssh.com`), versions (`pkg@1.2.3`), brand names
//! (`Музыка@Mail.Ru`), message ids and paths of archived messages.
//!
//! Sources: RFC 5321 section 4.5.3.1 for the lengths; the Public Suffix List for the top-level domains.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::around::{after, byte_at, byte_before, char_at, char_before, is_word_char, line_before};
use super::kinds::Kind;
use super::spans::Span;
use super::trace::{Reason, Sink};

/// Name of the detector.
pub const EMAIL_DETECTOR: &str = "email";

/// Longest local part and domain, in bytes.
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;

/// Top-level labels outside the list that stand in addresses of intranets, examples and tests.
const PRIVATE_TLDS: [&str; 14] = [
    "corp",
    "example",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "private",
    "test",
    "tld",
    "xx",
];

static TOP_LEVEL: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("tlds.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).chain(PRIVATE_TLDS).collect()
});

/// Hosts whose "mailboxes" are names of algorithms and protocol extensions (RFC 4250 section 4.6.1).
const SSH_HOSTS: [&str; 4] = ["libssh.org", "lysator.liu.se", "openssh.com", "ssh.com"];

/// What occurs in the names of SSH algorithms and extensions.
const SSH_WORDS: &[&[u8]] = &[
    b"cbc",
    b"ctr",
    b"gcm",
    b"mac",
    b"zlib",
    b"cert",
    b"auth",
    b"eow",
    b"keepalive",
    b"rename",
    b"stat",
    b"sync",
    b"limits",
    b"expand",
    b"tun",
    b"link",
    b"listen",
    b"forward",
    b"session",
    b"hostkey",
    b"delay",
    b"chacha",
    b"streamlocal",
    b"winadj",
    b"kex",
    b"ping",
    b"filexfer",
    b"agent",
    b"lsetstat",
    b"copy",
];

/// A command that logs in at the address after it.
static LOGIN: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a literal that a test compiles")]
    Regex::new(r"(?-u)(?:^|[\s;&|($`'\x22/])(?:ssh|sftp|mosh|ssh-copy-id|autossh)(?: +-[A-Za-z0-9]+(?: +[^\s-]\S*)?)* +$").unwrap()
});

/// Hosts that serve repositories to the users `git`, `hg` and `svn`.
const FORGES: &[&[u8]] = &[b"github.", b"gitlab.", b"bitbucket.", b"gitee.", b"heroku.", b"codeberg."];

/// Looks at the `@` at `at`.
pub fn judge_email(text: &[u8], at: usize, sink: &mut impl Sink) {
    let Some((start, end)) = extent(text, at) else {
        return;
    };
    match reason_against(text, start, at, end) {
        None => {
            let confidence = if text[at + 1..end].contains(&b'.') { 0.9 } else { 0.5 };
            sink.take(Span { start, end, kind: Kind::Email, detector: EMAIL_DETECTOR, confidence });
        }
        Some(reason) => sink.leave(start, end, EMAIL_DETECTOR, reason),
    }
}

/// Returns where an address with this `@` begins and ends.
fn extent(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let start = local_start(text, at)?;
    let end = domain_end(text, at + 1)?;
    Some((start, end))
}

fn is_local_char(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36F}' | '.' | '%' | '+' | '&' | '~' | '-') || is_word_char(character)
}

/// Returns where the local part begins once delimiters, escapes and glued words are cut off.
fn local_start(text: &[u8], at: usize) -> Option<usize> {
    let mut start = at;
    while let Some(character) = char_before(text, start).filter(|&c| is_local_char(c)) {
        start -= character.len_utf8();
        if at - start > MAX_LOCAL {
            return None;
        }
    }
    start = after_glued(text, start, at);
    // `\u003c` before the address in a string literal is no part of it.
    if byte_before(text, start) == b'\\' && text[start..at].starts_with(b"u00") && at - start > 5 {
        start += 5;
    }
    // `\n` before the address in a string literal is no part of it.
    if byte_before(text, start) == b'\\'
        && matches!(byte_at(text, start), b'n' | b'r' | b't')
        && at - start > 1
    {
        start += 1;
    }
    while start < at && matches!(text[start], b'.' | b'-' | b'&' | b'~' | b'%' | b'+') {
        start += 1;
    }
    let local = &text[start..at];
    if local.is_empty() || local.ends_with(b".") {
        return None;
    }
    let has_letter = local.iter().any(|&byte| byte.is_ascii_alphanumeric() || byte >= 0x80);
    has_letter.then(|| with_apostrophe(text, start))
}

/// Moves past a percent escape, past the `%LT` of curl's tests, and past CJK text before an ASCII name.
fn after_glued(text: &[u8], start: usize, at: usize) -> usize {
    let local = &text[start..at];
    let mut cut = 0;
    for (place, window) in local.windows(3).enumerate() {
        let is_delimiter = window[0] == b'%'
            && match window[1].to_ascii_lowercase() {
                b'3' => matches!(window[2].to_ascii_lowercase(), b'c' | b'a' | b'd' | b'e'),
                b'2' => window[2].is_ascii_hexdigit(),
                b'5' => matches!(window[2].to_ascii_lowercase(), b'b' | b'd'),
                _ => false,
            }
            || window == b"%LT";
        if is_delimiter && place + 3 < local.len() {
            cut = place + 3;
        }
    }
    let ascii = local.iter().rposition(|&byte| byte >= 0x80).map_or(0, |last| last + 1);
    if ascii > cut && ascii < local.len() && char_before(local, ascii).is_some_and(is_unspaced_script) {
        cut = ascii;
    }
    start + cut
}

/// Whether a character is of a script that sets no spaces between words, and its full-width punctuation.
fn is_unspaced_script(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}')
}

/// Moves back over `O'`, `D'` and the like.
fn with_apostrophe(text: &[u8], start: usize) -> usize {
    if byte_before(text, start) != b'\'' || start < 2 || !byte_at(text, start).is_ascii_alphabetic() {
        return start;
    }
    let letter = start - 2;
    let is_prefix = matches!(text[letter], b'o' | b'O' | b'd' | b'D');
    if is_prefix && !byte_before(text, letter).is_ascii_alphanumeric() {
        letter
    } else {
        start
    }
}

/// Returns where the longest domain with a known top-level label ends.
fn domain_end(text: &[u8], start: usize) -> Option<usize> {
    let mut end = start;
    while let Some(character) = char_at(text, end) {
        if !(character.is_alphanumeric() || character == '.' || character == '-') || end - start > MAX_DOMAIN
        {
            break;
        }
        end += character.len_utf8();
    }
    let domain = std::str::from_utf8(&text[start..end]).ok()?;
    // `user@host.org로`: text of a script without spaces goes on after an ASCII domain.
    let is_ascii = domain.bytes().next().is_some_and(|byte| byte.is_ascii());
    let foreign = domain.char_indices().find(|&(_, character)| is_unspaced_script(character));
    let domain = match foreign {
        Some((place, _)) if is_ascii && !domain[..place].ends_with('.') => &domain[..place],
        _ => domain,
    };
    let domain = domain.trim_end_matches(['.', '-']);
    let mut good = None;
    let (mut position, mut labels) = (0, 0);
    for label in domain.split('.') {
        if label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-') {
            break;
        }
        labels += 1;
        position += label.len();
        if labels > 1 && is_top_level(label) {
            good = Some(start + position);
        }
        position += 1;
    }
    good
}

fn is_top_level(label: &str) -> bool {
    if label.bytes().any(|byte| byte.is_ascii_uppercase() || byte >= 0x80) {
        TOP_LEVEL.contains(label.to_lowercase().as_str())
    } else {
        TOP_LEVEL.contains(label)
    }
}

/// Returns why an address is something else.
fn reason_against(text: &[u8], start: usize, at: usize, end: usize) -> Option<Reason> {
    let local = &text[start..at];
    let domain = text[at + 1..end].to_ascii_lowercase();
    let line = line_before(text, start, 80);
    let following = after(text, end, 80);
    if is_userinfo(line) {
        return Some("the user part of a URL");
    }
    if matches!(local, b"git" | b"hg" | b"svn" | b"gitea" | b"forgejo") {
        let is_forge = FORGES.iter().any(|forge| domain.windows(forge.len()).any(|part| part == *forge));
        if is_forge || matches!(following.first(), Some(b':' | b'/')) {
            return Some("the user of a repository's host");
        }
    }
    if line.ends_with(b"jdbc:oracle:thin:") {
        return Some("the user of a database");
    }
    if is_login(line) {
        return Some("a login at a host");
    }
    if is_scp_path(following) {
        return Some("a host and a path as scp writes them");
    }
    if SSH_HOSTS.iter().any(|host| host.as_bytes() == domain) && is_ssh_name(local) {
        return Some("the name of an SSH algorithm");
    }
    if line.ends_with(b"/") && is_archived_message(following) {
        return Some("the path of an archived message");
    }
    if is_call(following) && text[end - 1].is_ascii_lowercase() && is_identifier(local) {
        return Some("a decorator or a call");
    }
    let is_brand = !local.is_ascii() && domain.is_ascii() && text[at + 1].is_ascii_uppercase();
    is_brand.then_some("a brand name")
}

/// Whether a line ends in `scheme://…`, other than a `mailto://`.
fn is_userinfo(line: &[u8]) -> bool {
    let Some(slashes) = memchr::memmem::rfind(line, b"://") else {
        return false;
    };
    let is_inside = line[slashes + 3..].iter().all(|byte| {
        !byte.is_ascii_whitespace()
            && !matches!(byte, b'/' | b'@' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'?' | b'=')
    });
    let scheme = &line[..slashes];
    is_inside
        && scheme.last().is_some_and(u8::is_ascii_alphanumeric)
        && !scheme.to_ascii_lowercase().ends_with(b"mailto")
}

/// Whether a line ends in `ssh` or its kin with options.
fn is_login(line: &[u8]) -> bool {
    line.ends_with(b" ") && LOGIN.is_match(line)
}

/// Whether `:path/…` or `:name.git` follows.
fn is_scp_path(following: &[u8]) -> bool {
    let Some(path) = following.strip_prefix(b":") else {
        return false;
    };
    if path.starts_with(b"//") {
        return false;
    }
    let length = path
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || b"_~./+-".contains(byte)))
        .unwrap_or(path.len());
    let path = &path[..length];
    path.contains(&b'/') || path.ends_with(b".git")
}

fn is_ssh_name(local: &[u8]) -> bool {
    local.iter().any(u8::is_ascii_digit) || super::around::contains_any_caseless(local, SSH_WORDS)
}

/// Whether `/msg00971.html` or the like follows.
fn is_archived_message(following: &[u8]) -> bool {
    let Some(rest) = following.strip_prefix(b"/") else {
        return false;
    };
    let rest = rest.strip_prefix(b"msg").unwrap_or(rest);
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && rest[digits..].starts_with(b".htm")
}

fn is_call(following: &[u8]) -> bool {
    following.first() == Some(&b'(')
        && following
            .get(1)
            .is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b')' | b'"' | b'\''))
}

fn is_identifier(name: &[u8]) -> bool {
    name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        && name.first().is_some_and(|byte| !byte.is_ascii_digit())
}
