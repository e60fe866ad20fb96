//! Make replacements, and recognise them again without the key.
//!
//! Two styles. `placeholder` writes `<EMAIL>`, `<IP_ADDRESS>`, `<KEY>`, `<PASSWORD>`. `synthetic` writes values of the
//! same form that cannot be real, drawn by a keyed hash of kind and value, so that one value has one replacement in
//! every file:
//!
//! - e-mail: twelve base32 letters at `redacted.example`, a domain that never resolves (RFC 2606);
//! - IPv4: 198.18.0.0/15, reserved for benchmarks (RFC 2544). The documentation networks would do too, but they are too
//!   small for a file full of addresses, and they stand in real texts, where they could not be told from ours;
//! - IPv6: 2001:db8:7069::/48, out of the documentation prefix (RFC 3849);
//! - keys: the marker `xrdct_` and letters of it, in upper case if the key has no lower case;
//! - passwords: a row of `x` and `X`, which all tools know for a masked value;
//! - names: `Xrdct` and a drawn word; user names: the marker and five drawn letters.
//!
//! Keys have at least 12 characters then and passwords 9; longer ones keep their length. A secret that is a number
//! becomes a row of one digit, so that it stays a number. Of a value in several lines, or in several parts of a literal, only the
//! [pieces](super::pieces) are replaced. No synthetic value needs quotes or escapes where the original needed none.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

use hmac::{Hmac, KeyInit, Mac};
use regex::bytes::Regex;
use sha2::Sha256;

use super::kinds::Kind;
use super::pieces::{is_in_parts, pieces};
use super::providers::has_provider_shape;
use crate::error::KernelError;

/// How values are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `<KIND>`.
    Placeholder,
    /// A value of the same form.
    Synthetic,
}

impl Style {
    /// The style of a name.
    pub fn named(name: &str) -> Result<Self, KernelError> {
        match name {
            "placeholder" => Ok(Self::Placeholder),
            "synthetic" => Ok(Self::Synthetic),
            _ => Err(KernelError::UnknownName {
                argument: "style",
                expected: "placeholder, synthetic".to_owned(),
            }),
        }
    }
}

const EMAIL_DOMAIN: &str = "redacted.example";
const IPV4_FIRST: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 0);
const IPV4_COUNT: u64 = 1 << 17;
const IPV6_FIRST: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0x7069, 0, 0, 0, 0, 0);

/// Marker of keys and user names: letters that stand in no word.
const MARKER: &[u8] = b"xrdct";

/// Shortest synthetic values, long enough for some hundred others in the same file.
const LEAST_KEY: usize = 12;
const LEAST_PASSWORD: usize = 9;

/// Most draws for one value; a file that needs more gets placeholders.
const MAX_DRAWS: u32 = 64;

#[expect(clippy::unwrap_used, reason = "a literal that a test compiles")]
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u)<(?:EMAIL|IP_ADDRESS|KEY|PASSWORD|NAME|USERNAME)>|[a-z2-7]{12}@redacted\.example",
        r"|198\.1[89](?:\.[0-9]{1,3}){2}|2001:db8:7069(?::[0-9a-f]{0,4}){1,5}|Xrdct [A-Z][a-z]{5}",
        r"|xrdct_[cdrtx]+|XRDCT_[CDRTX]+|xrdct[a-z]{5}|x[xX]{8,}",
    ))
    .unwrap()
});

/// Whether some lines hold what looks like a replacement of either style; none goes over the end of a line.
pub fn holds_replacement(lines: &[u8]) -> bool {
    OWN.is_match(lines)
}

/// Returns the ranges that look like replacements of either style, in order.
pub fn own_replacements(text: &[u8]) -> Vec<Range<usize>> {
    let ranges = OWN.find_iter(text).filter(|found| {
        let before = found.start().checked_sub(1).map_or(b' ', |place| text[place]);
        let after = text.get(found.end()).copied().unwrap_or(b' ');
        let is_number = found.as_bytes().starts_with(b"198.");
        !(is_number && (before.is_ascii_digit() || after.is_ascii_digit()))
    });
    let mut merged: Vec<Range<usize>> = Vec::new();
    for found in ranges {
        match merged.last_mut() {
            Some(last) if found.start() <= last.end => last.end = last.end.max(found.end()),
            _ => merged.push(found.range()),
        }
    }
    merged
}

/// Returns the form under which equal values are one: e-mail in lower case, addresses in canonical form.
fn normalized(kind: Kind, value: &[u8]) -> Vec<u8> {
    match kind {
        Kind::Email => match std::str::from_utf8(value) {
            Ok(text) => text.to_lowercase().into_bytes(),
            Err(_) => value.to_ascii_lowercase(),
        },
        Kind::IpAddress => match std::str::from_utf8(value).ok().and_then(|text| text.parse::<IpAddr>().ok())
        {
            Some(address) => address.to_string().into_bytes(),
            None => value.to_vec(),
        },
        _ => value.to_vec(),
    }
}

fn mac(key: &[u8], purpose: &str, kind: Kind, value: &[u8]) -> [u8; 32] {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in [b"pii".as_slice(), purpose.as_bytes(), kind.name().as_bytes()] {
        mac.update(part);
        mac.update(b"\0");
    }
    mac.update(&normalized(kind, value));
    mac.finalize().into_bytes().into()
}

/// Returns the keyed hash of a value: half of HMAC-SHA-256 over kind and normalised value.
pub fn value_hash(kind: Kind, value: &[u8], key: &[u8]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&mac(key, "value", kind, value)[..16]);
    half
}

/// Returns the placeholder of a kind, followed by the line ends of the value; one for each part of a literal in parts.
fn placeholder(kind: Kind, value: &[u8]) -> Vec<u8> {
    if is_in_parts(value) {
        return placeholders(kind, value);
    }
    format!("<{}>", kind.name()).into_bytes().into_iter().chain(line_ends(value)).collect()
}

fn line_ends(value: &[u8]) -> impl Iterator<Item = u8> + '_ {
    value.iter().copied().filter(|byte| matches!(byte, b'\r' | b'\n'))
}

fn placeholders(kind: Kind, value: &[u8]) -> Vec<u8> {
    let name = format!("<{}>", kind.name());
    let mut result = Vec::new();
    let mut position = 0;
    for piece in pieces(value) {
        result.extend_from_slice(&value[position..piece.start]);
        result.extend_from_slice(name.as_bytes());
        position = piece.end;
    }
    result.extend_from_slice(&value[position..]);
    result
}

/// Numbers drawn from a seed: HMAC-SHA-256 in counter mode.
struct Drawn {
    seed: [u8; 32],
    block: [u8; 32],
    used: usize,
    count: u32,
}

impl Drawn {
    fn new(seed: [u8; 32]) -> Self {
        Self { seed, block: [0; 32], used: 32, count: 0 }
    }

    /// Returns the next number below `limit`, which is small.
    fn below(&mut self, limit: u8) -> u8 {
        if self.used + 2 > self.block.len() {
            self.block = mac(&self.seed, &self.count.to_string(), Kind::Key, b"");
            self.count += 1;
            self.used = 0;
        }
        let number = u16::from_be_bytes([self.block[self.used], self.block[self.used + 1]]);
        self.used += 2;
        (number % u16::from(limit)) as u8
    }

    fn letter(&mut self) -> u8 {
        b'a' + self.below(26)
    }
}

/// Returns a value of the same form that is nobody's; `attempt` numbers the draws.
fn synthetic(kind: Kind, value: &[u8], key: &[u8], attempt: u32) -> Vec<u8> {
    let seed = mac(key, &format!("replacement {attempt}"), kind, value);
    let mut drawn = Drawn::new(seed);
    let number = u64::from_be_bytes([seed[0], seed[1], seed[2], seed[3], seed[4], seed[5], seed[6], seed[7]]);
    let made: Vec<u8> = match kind {
        Kind::Email => {
            let letters = (0..12).map(|_| b"abcdefghijklmnopqrstuvwxyz234567"[usize::from(drawn.below(32))]);
            letters.chain(*b"@").chain(EMAIL_DOMAIN.bytes()).collect()
        }
        Kind::IpAddress if value.contains(&b':') => {
            let low = u128::from(number) << 16 | u128::from(seed[8]) << 8 | u128::from(seed[9]);
            Ipv6Addr::from_bits(IPV6_FIRST.to_bits() | low).to_string().into_bytes()
        }
        Kind::IpAddress => {
            let address = u64::from(IPV4_FIRST.to_bits()) + number % IPV4_COUNT;
            Ipv4Addr::from_bits(address as u32).to_string().into_bytes()
        }
        Kind::Name => {
            let word =
                (0..6).map(
                    |place| if place == 0 { drawn.letter().to_ascii_uppercase() } else { drawn.letter() },
                );
            b"Xrdct ".iter().copied().chain(word).collect()
        }
        Kind::Username => MARKER.iter().copied().chain((0..5).map(|_| drawn.letter())).collect(),
        Kind::Key | Kind::Password => {
            let digit = b'1' + (attempt % 9) as u8;
            return synthetic_secret(kind, value, digit, &mut drawn);
        }
    };
    // Another finder may propose an address or a name that runs over a line's end.
    made.into_iter().chain(line_ends(value)).collect()
}

fn synthetic_secret(kind: Kind, value: &[u8], digit: u8, drawn: &mut Drawn) -> Vec<u8> {
    let mut result = Vec::with_capacity(value.len());
    let mut position = 0;
    for piece in pieces(value) {
        result.extend_from_slice(&value[position..piece.start]);
        push_synthetic_piece(kind, &value[piece.clone()], digit, drawn, &mut result);
        position = piece.end;
    }
    result.extend_from_slice(&value[position..]);
    result
}

/// Appends what stands for a piece: as long as it is, unless that is too short to tell values apart; a row of `digit`
/// for a number.
///
/// Scanners take values for secrets by their entropy, by runs of letters and digits of a certain length, and by their
/// place in a URL, whatever stands there. Five letters behind a marker have too little entropy, `_` ends the run, and
/// all scanners know a row of `x`, even in a URL.
fn push_synthetic_piece(kind: Kind, piece: &[u8], digit: u8, drawn: &mut Drawn, result: &mut Vec<u8>) {
    if is_number(piece) {
        return result.extend(std::iter::repeat_n(digit, piece.len()));
    }
    // One byte for each character, and one for each byte that belongs to none.
    let count = piece.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
    if kind == Kind::Password {
        result.push(b'x');
        return result.extend((1..count.max(LEAST_PASSWORD)).map(|_| b"xX"[usize::from(drawn.below(2))]));
    }
    let start = result.len();
    result.extend_from_slice(MARKER);
    result.push(b'_');
    let letters = (result.len() - start..count.max(LEAST_KEY)).map(|_| MARKER[usize::from(drawn.below(5))]);
    result.extend(letters);
    if piece.iter().any(u8::is_ascii_uppercase) && !piece.iter().any(u8::is_ascii_lowercase) {
        result[start..].make_ascii_uppercase();
    }
}

/// Whether a value is a number, which stays one: without quotes nothing else may stand in its place.
fn is_number(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

/// The replacements of one file: one for each value, no two alike, none equal to a value of the file.
pub struct Replacements<'a> {
    key: Option<&'a [u8]>,
    style: Style,
    given: HashMap<(Kind, Vec<u8>), Vec<u8>>,
    taken: HashMap<Vec<u8>, (Kind, Vec<u8>)>,
}

impl<'a> Replacements<'a> {
    /// Begins a file, in which `taken` already stand.
    pub fn new(key: Option<&'a [u8]>, style: Style, taken: impl Iterator<Item = Vec<u8>>) -> Self {
        let taken = taken.map(|value| (value, (Kind::Key, Vec::new()))).collect();
        Self { key, style, given: HashMap::new(), taken }
    }

    /// Returns the replacement of a value; `is_original` says whether a lower-case text is a value of the file.
    pub fn get(&mut self, kind: Kind, value: &[u8], is_original: impl Fn(&[u8]) -> bool) -> Vec<u8> {
        let (Some(key), Style::Synthetic) = (self.key, self.style) else {
            return placeholder(kind, value);
        };
        let name = (kind, normalized(kind, value));
        if let Some(given) = self.given.get(&name) {
            if !is_original(&given.to_ascii_lowercase()) {
                return given.clone();
            }
        }
        for attempt in 0..MAX_DRAWS {
            let drawn = synthetic(kind, value, key, attempt);
            let lowered = drawn.to_ascii_lowercase();
            // Numbers of one length have one replacement.
            let is_shared = is_number(&drawn);
            let is_free = is_shared || self.taken.get(&drawn).is_none_or(|owner| *owner == name);
            if is_free && !is_original(&lowered) && !is_shaped(kind, &drawn) {
                self.taken.insert(drawn.clone(), name.clone());
                self.given.insert(name, drawn.clone());
                return drawn;
            }
        }
        placeholder(kind, value)
    }
}

fn is_shaped(kind: Kind, drawn: &[u8]) -> bool {
    matches!(kind, Kind::Key | Kind::Password) && has_provider_shape(drawn)
}
