//! Find private key blocks: from the BEGIN line to the END line, or to the end of the base64 lines.
//!
//! A block counts only when base64 text follows its header, so that code which merely looks for the header stays.
//! Blocks in string literals, comments and YAML are found as they stand: escapes and line decorations belong to the
//! block. A block that is encoded in base64 once more, as in secrets of Kubernetes, is found too.
//!
//! Sources: RFC 7468 (PEM), RFC 4716 (SSH2), RFC 9580 section 6.2 (OpenPGP armor), PuTTY's PPK format.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;
use regex::bytes::Regex;

use super::around::{after, before, byte_before};
use super::base64::decode;
use super::kinds::Kind;
use super::spans::Span;
use super::trace::Sink;

/// Name of the detector.
pub const PRIVATE_KEY_DETECTOR: &str = "private-key";

/// What stands in every header of a private key; its places are what [`judge_private_key`] takes.
pub const PRIVATE_KEY_WORD: &[u8] = b"PRIVATE KEY";

/// What stands at the head of a PuTTY key file.
pub const PUTTY_WORD: &[u8] = b"PuTTY-User-Key-File-";

/// `-----BEGIN` in base64.
pub const ENCODED_WORD: &[u8] = b"LS0tLS1CRUdJTi";

/// Longest block in bytes; an RSA key of 16,384 bits in PEM takes 12,700, more when it is a string literal.
const MAX_BLOCK: usize = 40_000;

/// Longest line of base64 after which another one may follow.
const MAX_WRAPPED: usize = 100;

/// Longest text between the dashes and `PRIVATE KEY`.
const MAX_LABEL: usize = 64;

/// Fewest characters of base64 that a block keeps although something is left out.
const LEAST_WHOLE: usize = 200;

/// Least base64 in a row that makes a block real.
const LEAST_BASE64: usize = 24;

#[expect(clippy::unwrap_used, reason = "literals that a test compiles")]
fn pattern(source: &str) -> Regex {
    Regex::new(&format!("(?-u){source}")).unwrap()
}

static BEGIN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:-{4,5}|&#45;{5}) ?BEGIN (?:[A-Z0-9]{1,12} ){0,4}$"));
static END: LazyLock<Regex> = LazyLock::new(|| pattern(r"-{4,5} ?END (?:[A-Z0-9]{1,12} ){0,4}$"));
static HEADER_END: LazyLock<Regex> = LazyLock::new(|| pattern(r"^PRIVATE KEY(?: BLOCK)? ?-{4,5}"));
static PUTTY_END: LazyLock<Regex> = LazyLock::new(|| pattern(r"Private-(?:MAC|Hash): ?[0-9a-f]{40,64}"));

/// Escapes and decorations before a line of a block, then a header or base64.
static BODY_LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?:(?:\\[nrt]|[\s\x22'`+,;#*>|)(]|//){0,40}",
        r"(?:[\w-]{1,24}: [^\n\\\x22']{0,120}|[A-Za-z0-9+/=]{16,4096}))+",
    ))
});
/// A line of base64 with what it is indented by.
static ENCODED_LINE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\r?\n[ \t]{0,80})?[A-Za-z0-9+/_-]+={0,2}"));
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:\\[nrt]|[\s\x22'`+,;#*>|)(]|//){0,40}([A-Za-z0-9+/]{1,64}={1,2})(?:[^\w-]|$)")
});

/// What a `PRIVATE KEY` belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Begin(usize, usize),
    End(usize),
    None,
}

fn mark(text: &[u8], word: usize) -> Mark {
    let Some(header) = HEADER_END.find(after(text, word, 32)) else {
        return Mark::None;
    };
    let label = before(text, word, MAX_LABEL);
    if let Some(found) = BEGIN.find(label) {
        Mark::Begin(word - label.len() + found.start(), word + header.end())
    } else if END.is_match(label) {
        Mark::End(word + header.end())
    } else {
        Mark::None
    }
}

/// Looks at the `PRIVATE KEY` at `word`.
pub fn judge_private_key(text: &[u8], word: usize, sink: &mut impl Sink) {
    let Mark::Begin(start, header_end) = mark(text, word) else {
        return;
    };
    let block = &text[..text.len().min(start + MAX_BLOCK)];
    let (end, confidence) = match next_mark(block, header_end) {
        (_, Mark::End(end)) => (end, 1.0),
        (limit, _) => (body_end(&block[..limit], header_end), 0.9),
    };
    let body = &text[header_end..end];
    if is_filled_or_cut(body) {
        sink.leave(start, end, PRIVATE_KEY_DETECTOR, "a placeholder or an excerpt");
    } else if longest_base64(body) >= LEAST_BASE64 {
        sink.take(Span { start, end, kind: Kind::Key, detector: PRIVATE_KEY_DETECTOR, confidence });
    } else {
        sink.leave(start, header_end, PRIVATE_KEY_DETECTOR, "no base64 after the header");
    }
}

/// Returns the next header or end of a private key, and where it begins.
fn next_mark(block: &[u8], from: usize) -> (usize, Mark) {
    for place in memmem::find_iter(&block[from..], PRIVATE_KEY_WORD) {
        match mark(block, from + place) {
            Mark::None => {}
            found @ Mark::Begin(start, _) => return (start.max(from), found),
            found => return (from + place, found),
        }
    }
    (block.len(), Mark::None)
}

/// Returns where the base64 lines after a BEGIN line end.
fn body_end(block: &[u8], start: usize) -> usize {
    let mut end = start;
    while let Some(lines) = BODY_LINE.find(&block[end..]) {
        if lines.end() == 0 {
            break;
        }
        end += lines.end();
    }
    match TAIL.captures(&block[end..]).and_then(|tail| tail.get(1)) {
        Some(tail) if end > start => end + tail.end(),
        _ => end,
    }
}

/// Whether a body repeats one character, or shows a few lines around an ellipsis.
fn is_filled_or_cut(body: &[u8]) -> bool {
    let is_base64 = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let count = body.iter().filter(is_base64).count();
    let is_cut = || memmem::find(body, b"...").is_some() || memmem::find(body, "…".as_bytes()).is_some();
    let is_filler = || {
        let first = body.iter().find(|byte| is_base64(byte) && !matches!(byte, b'n' | b'r' | b't'));
        body.iter().filter(is_base64).filter(|byte| Some(*byte) == first).count() * 10 >= count * 9
    };
    count > 0 && ((count < LEAST_WHOLE && is_cut()) || is_filler())
}

fn longest_base64(body: &[u8]) -> usize {
    body.split(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')))
        .map(<[u8]>::len)
        .max()
        .unwrap_or(0)
}

/// Looks at the head of a PuTTY key file at `word`.
pub fn judge_putty_key(text: &[u8], word: usize, sink: &mut impl Sink) {
    let block = after(text, word, MAX_BLOCK);
    let limit = memmem::find(&block[1..], PUTTY_WORD).map_or(block.len(), |next| next + 1);
    let block = &block[..limit];
    let Some(end) = PUTTY_END.find(block) else {
        return;
    };
    if memmem::find(&block[..end.start()], b"Private-Lines:").is_some() {
        let (start, end) = (word, word + end.end());
        sink.take(Span { start, end, kind: Kind::Key, detector: PRIVATE_KEY_DETECTOR, confidence: 1.0 });
    }
}

/// Looks at the base64 text that begins at `word` with an encoded `-----BEGIN`.
pub fn judge_encoded_key(text: &[u8], word: usize, sink: &mut impl Sink) {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    if !text[word..].starts_with(ENCODED_WORD) || is_base64(byte_before(text, word)) {
        return;
    }
    let (length, encoded) = encoded_lines(after(text, word, MAX_BLOCK * 4 / 3));
    let decoded = decode(&encoded);
    let mut spans = Vec::new();
    if let Some(place) = memmem::find(&decoded, PRIVATE_KEY_WORD) {
        judge_private_key(&decoded, place, &mut spans);
    }
    let end = word + length;
    match spans.first() {
        Some(Span { start: 0, confidence, .. }) => {
            let (kind, detector) = (Kind::Key, PRIVATE_KEY_DETECTOR);
            sink.take(Span { start: word, end, kind, detector, confidence: *confidence });
        }
        _ => sink.leave(word, end, PRIVATE_KEY_DETECTOR, "no private key in the encoded block"),
    }
}

/// Returns how long the lines of base64 at the start of a text are together, and their characters.
///
/// A line follows if it is nothing else, no longer than the first, which is a wrapped one, and does not begin a block:
/// that is looked at by itself, so that the work stays linear.
fn encoded_lines(block: &[u8]) -> (usize, Vec<u8>) {
    let (mut end, mut width, mut encoded) = (0, 0, Vec::new());
    for line in ENCODED_LINE.find_iter(block) {
        let run = line.as_bytes().trim_ascii_start();
        let is_whole = || block.get(line.end()).is_none_or(|byte| b"\r\n\"'`".contains(byte));
        let follows = || {
            let is_wrapped = width <= MAX_WRAPPED && run.len() <= width && block[end - 1] != b'=';
            line.start() == end && is_wrapped && is_whole() && !run.starts_with(ENCODED_WORD)
        };
        if end > 0 && !follows() {
            break;
        }
        width = width.max(run.len());
        encoded.extend(run.iter().copied().filter(|&byte| byte != b'='));
        end = line.end();
    }
    (end, encoded)
}

/// Tells, for places in ascending order, whether they lie in a certificate, a public key or a signature.
pub struct PublicBlocks<'a> {
    text: &'a [u8],
    /// Where the next look begins.
    next: usize,
    block: Range<usize>,
}

/// What the label of a block without a secret holds.
const PUBLIC_LABELS: &[&[u8]] =
    &[b"CERTIFICATE", b"PUBLIC KEY", b"SIGNATURE", b"CRL", b"PARAMETERS", b"REQUEST", b"MESSAGE"];

impl<'a> PublicBlocks<'a> {
    /// Looks at a text from its start.
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, next: 0, block: 0..0 }
    }

    /// Whether a place, not before the last one asked for, lies in such a block.
    pub fn holds(&mut self, place: usize) -> bool {
        while self.block.end <= place && self.next <= place {
            self.advance(place);
        }
        self.block.contains(&place)
    }

    fn advance(&mut self, place: usize) {
        static BLOCK_BEGIN: LazyLock<memmem::Finder> = LazyLock::new(|| memmem::Finder::new(b"-----BEGIN "));
        let Some(found) = BLOCK_BEGIN.find(&self.text[self.next..]) else {
            self.next = usize::MAX;
            return;
        };
        let start = self.next + found;
        if start > place {
            self.next = start;
            return;
        }
        let label_start = start + b"-----BEGIN ".len();
        let window = after(self.text, label_start, MAX_LABEL);
        let label = &window[..memmem::find(window, b"-----").unwrap_or(0)];
        self.next = label_start;
        let is_public = PUBLIC_LABELS.iter().any(|word| memmem::find(label, word).is_some());
        if is_public {
            let body = after(self.text, label_start, MAX_BLOCK);
            let end = label_start + memmem::find(body, b"-----END ").unwrap_or(body.len());
            self.block = start..end;
            self.next = end;
        }
    }
}
