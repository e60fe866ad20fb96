//! Find IP addresses of both families.
//!
//! A dotted quad or a group of hexadecimal digits and colons proposes; a parser and the context dispose. Not
//! addresses, by rule: versions, revisions, section numbers, object identifiers, scope operators (`std::`), slices
//! (`[::2]`), times, MAC and EUI-64 addresses, netmasks, a lone `::`.
//!
//! A span holds the address alone: no port, no brackets, no prefix length, no zone.
//!
//! Sources: RFC 4291 section 2.2 for the text forms of IPv6.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::around::{after, byte_at, byte_before, line_after, line_before};
use super::kinds::Kind;
use super::spans::Span;
use super::trace::{Reason, Sink};

/// Names of the detectors.
pub const IPV4_DETECTOR: &str = "ipv4";
/// Names of the detectors.
pub const IPV6_DETECTOR: &str = "ipv6";

/// Longest text form of an IPv6 address: six groups and a dotted quad.
const MAX_V6: usize = 45;

/// How much of the line is looked at.
const CONTEXT: usize = 48;

#[expect(clippy::unwrap_used, reason = "a literal that a test compiles")]
fn pattern(source: &str) -> Regex {
    Regex::new(&format!("(?i-u){source}")).unwrap()
}

/// Words that speak of addresses.
static IP_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:^|[^a-z])ip(?:v?[46])?(?:[^a-z]|$)|addr|host|server|dns|ping|gateway|subnet|network|netmask|route|listen",
        r"|bind|proxy|peer|remote|client|inet|ip_|_ip|connect|://|cidr|socket|allow|deny|whitelist|url",
    ))
});

/// Words that speak of versions, sections and the like.
static VERSION_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"version|release|revision|(?:^|[^a-z])(?:ver|rev|vers|build|upgraded?|studio|ec|update[ds]?|firmware|bump)(?:[^a-z]|$)",
        r"|assembly|changelog|sect(?:ion)?|clause|prior to|until|as of|added in|starting|before|after|chapter|figure",
        r"|(?:^|[^a-z])(?:sec|fig|table|oid|rfc|step)(?:[^a-z]|$)|\xC2\xA7|,v |[=~<>!]=\s*$|\^\s*$|~>\s*$|since",
        r"|introduced|deprecated|package|library|plugin|\bpip\b|\bnpm\b|\bgem\b",
    ))
});

/// Numbered standards, after which sections are cited.
static STANDARD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b802\.[0-9]|\[MS-[A-Z]{2,8}\]|\bISO\b|\bECMA-|\bC(?:89|9[059]|11|17|23)\b|\[[0-9]{1,3}, ?$|->\s*$",
    )
});

/// `version = `, `?v=`, `$Revision: `, and `$Id: hosts,v ` of CVS.
static VERSION_LAST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:version|\$revision)\W{0,4}$|[?&]v(?:er)?=$|,v $"));
static VERSION_NEXT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^\n]{0,8}(?:version|release)"));

/// First arcs of object identifiers (ITU-T X.660) that stand in certificates, LDAP and SNMP.
const OID_ARCS: &[&[u8]] = &[b"1.3.6.1", b"2.5.4.", b"2.5.29.", b"1.0.", b"0.9.", b"2.16.", b"1.2.840"];

/// Looks at the digit-dot-digit at `dot`; returns where to go on.
pub fn judge_quad(text: &[u8], dot: usize, sink: &mut impl Sink) -> usize {
    let mut start = dot;
    while start > 0 && text[start - 1].is_ascii_digit() && dot - start < 4 {
        start -= 1;
    }
    if dot - start > 3 || byte_before(text, start).is_ascii_digit() {
        return dot + 1;
    }
    let Some(end) = quad_end(text, start) else {
        return dot + 1;
    };
    let octets = &text[start..end];
    match parse_v4(octets) {
        None => sink.leave(start, end, IPV4_DETECTOR, "an octet is above 255"),
        Some(address) if address.octets()[0] == 255 => sink.leave(start, end, IPV4_DETECTOR, "a netmask"),
        Some(_) => match other_quad(text, start, end) {
            Some(reason) => sink.leave(start, end, IPV4_DETECTOR, reason),
            None => {
                let confidence = if IP_WORD.is_match(line_before(text, start, CONTEXT)) { 0.9 } else { 0.6 };
                sink.take(Span { start, end, kind: Kind::IpAddress, detector: IPV4_DETECTOR, confidence });
            }
        },
    }
    end
}

/// Returns where four groups of one to three digits end, if they do not go on.
fn quad_end(text: &[u8], start: usize) -> Option<usize> {
    let mut place = start;
    for group in 0..4 {
        if group > 0 {
            if byte_at(text, place) != b'.' {
                return None;
            }
            place += 1;
        }
        let digits = after(text, place, 4).iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=3).contains(&digits) {
            return None;
        }
        place += digits;
    }
    Some(place)
}

/// Parses a dotted quad; leading zeros are refused, since their base is in doubt.
fn parse_v4(quad: &[u8]) -> Option<Ipv4Addr> {
    std::str::from_utf8(quad).ok()?.parse().ok()
}

/// Returns why a quad is a version, a section number, an object identifier or part of a longer number.
fn other_quad(text: &[u8], start: usize, end: usize) -> Option<Reason> {
    let previous = byte_before(text, start);
    let next = byte_at(text, end);
    let window = super::around::before(text, start, CONTEXT);
    let second = window.len().checked_sub(2).map_or(0, |place| window[place]);
    match previous {
        b'-' if ends_in_quad(&window[..window.len() - 1]) => {}
        b'.' | b'-' if second.is_ascii_alphanumeric() => return Some("part of a longer number"),
        // `-.5.6.7.8` of a drawing, `.1.2.3.4` of an object identifier; after an ellipsis an address may stand.
        b'.' if second != b'.' => return Some("part of a longer number"),
        b'_' => return Some("part of a name"),
        _ if previous.is_ascii_alphanumeric() => return Some("part of a name"),
        _ => {}
    }
    if next.is_ascii_alphabetic() || next == b'_' {
        return Some("part of a name");
    }
    if next == b'.' && byte_at(text, end + 1).is_ascii_alphanumeric() {
        return Some("part of a longer number");
    }
    if next == b'-' && byte_at(text, end + 1).is_ascii_alphabetic() {
        return Some("a version with a suffix");
    }
    let line = line_before(text, start, CONTEXT);
    if previous == b'/' && second != b'/' && second != 0 && !second.is_ascii_whitespace() {
        let near = &line[line.len().saturating_sub(9)..];
        return (!IP_WORD.is_match(near) || near.ends_with(b"://")).then_some("a segment of a path");
    }
    if previous == b'@' && second.is_ascii_alphabetic() {
        let has_scheme = memchr::memmem::find(window, b"://").is_some();
        let is_login = memchr::memmem::find(window, b"ssh").is_some() || next == b':';
        return (!has_scheme && !is_login).then_some("a version behind a name");
    }
    if previous == b':' && second.is_ascii_alphanumeric() {
        let token = line.rsplit(|byte| byte.is_ascii_whitespace()).next().unwrap_or(line);
        let is_option = token.starts_with(b"/") && token.len() < 5;
        if !is_option
            && !IP_WORD.is_match(token)
            && token[..token.len() - 1].iter().any(|byte| b"/:.".contains(byte))
        {
            return Some("a version behind a name");
        }
    }
    if next == b'-' && byte_at(text, end + 1).is_ascii_digit() {
        let digits = after(text, end + 1, 5).iter().take_while(|byte| byte.is_ascii_digit()).count();
        if byte_at(text, end + 1 + digits) != b'.' {
            return Some("a version with a revision");
        }
    }
    let is_numbered = line.trim_ascii().is_empty() && next == b'.' && byte_at(text, end + 1) == b' ';
    if is_numbered || begins_heading(text, line, start, end) {
        return Some("the number of a section");
    }
    if is_drawing(text, start, end) {
        return Some("coordinates of a drawing");
    }
    if IP_WORD.is_match(&line[line.len().saturating_sub(24)..]) {
        return VERSION_LAST.is_match(line).then_some("a version");
    }
    let quad = &text[start..end];
    if quad.starts_with(b"0.") && !quad.starts_with(b"0.0.") && !matches!(next, b'/' | b':') {
        return Some("a version, since no address begins with zero");
    }
    if OID_ARCS.iter().any(|arcs| quad.starts_with(arcs)) {
        return Some("an object identifier");
    }
    if VERSION_WORD.is_match(line) {
        return Some("a version or a section, by the words before it");
    }
    if STANDARD.is_match(line) {
        return Some("a section of a standard");
    }
    VERSION_NEXT.is_match(line_after(text, end, 20)).then_some("a version, by the word after it")
}

/// Whether a text ends in an address, as before the `-` of a range.
fn ends_in_quad(text: &[u8]) -> bool {
    let length = text.iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    parse_v4(&text[text.len() - length..]).is_some()
}

/// Whether small numbers and a title stand alone in a comment, as in `/* 7.18.2.5 Limits of … */`.
fn begins_heading(text: &[u8], line: &[u8], start: usize, end: usize) -> bool {
    const MARKS: [&[u8]; 4] = [b"/*", b"//", b"*", b"#"];
    const HIGHEST: u8 = 40;
    let is_small = parse_v4(&text[start..end]).is_some_and(|address| {
        let groups = address.octets();
        groups[0] != 10 && groups.iter().all(|group| (1..=HIGHEST).contains(group))
    });
    let title = line_after(text, end, 24);
    let is_title = title.starts_with(b" ")
        && title.get(1).is_some_and(u8::is_ascii_uppercase)
        && title.get(2).is_some_and(u8::is_ascii_lowercase);
    is_small && is_title && MARKS.contains(&line.trim_ascii())
}

/// Whether a quad stands among the numbers and commands of a path in SVG: `c.51.56.82-1.27,2.2.4.8z`.
///
/// Source: SVG 1.1 section 8.3.
fn is_drawing(text: &[u8], start: usize, end: usize) -> bool {
    let belongs = |byte: &&u8| byte.is_ascii_digit() || b"MmLlHhVvCcSsQqTtAaZz.,- ".contains(byte);
    let before = super::around::before(text, start, CONTEXT);
    let before = &before[before.len() - before.iter().rev().take_while(belongs).count()..];
    let around = &text[start - before.len()..];
    let length = end - start + before.len();
    let length = length + around[length..].iter().take(CONTEXT).take_while(belongs).count();
    let around = &around[..length];
    let is_glued = |pair: &&[u8]| {
        (pair[0].is_ascii_digit() && (pair[1].is_ascii_alphabetic() || pair[1] == b'-'))
            || (pair[0].is_ascii_alphabetic() && (pair[1].is_ascii_digit() || b".-".contains(&pair[1])))
    };
    let numbers = around.split(|byte| byte.is_ascii_alphabetic() || b",- ".contains(byte));
    let is_decimal = |number: &&[u8]| matches!(number.iter().filter(|&&byte| byte == b'.').count(), 1 | 2);
    around.windows(2).filter(is_glued).count() >= 2 && numbers.filter(is_decimal).count() >= 3
}

/// Looks at the hexadecimal groups around the colon at `colon`; returns where to go on.
pub fn judge_colons(text: &[u8], colon: usize, sink: &mut impl Sink) -> usize {
    let run = super::around::run_around(text, colon, MAX_V6, |byte| {
        byte.is_ascii_hexdigit() || byte == b':' || byte == b'.'
    });
    let (start, mut end) = (run.start, run.end);
    let next = end.max(colon + 1);
    while end > start && text[end - 1] == b'.' {
        end -= 1;
    }
    if end - start > 1 && text[end - 1] == b':' && text[end - 2] != b':' {
        end -= 1;
    }
    if end - start < 3 || end - start > MAX_V6 {
        return next;
    }
    let value = &text[start..end];
    if std::str::from_utf8(value).ok().and_then(|value| value.parse::<Ipv6Addr>().ok()).is_none() {
        return next;
    }
    match other_colons(text, start, end) {
        Some(reason) => sink.leave(start, end, IPV6_DETECTOR, reason),
        None => {
            let span = Span { start, end, kind: Kind::IpAddress, detector: IPV6_DETECTOR, confidence: 0.9 };
            sink.take(span);
        }
    }
    next
}

/// Returns why a valid IPv6 text is an operator, a slice, a range of revisions or an EUI-64.
fn other_colons(text: &[u8], start: usize, end: usize) -> Option<Reason> {
    let (previous, next) = (byte_before(text, start), byte_at(text, end));
    if previous.is_ascii_alphanumeric()
        || matches!(previous, b'_' | b':' | b'.' | b'$' | b'<')
        || previous >= 0x80
    {
        return Some("part of a name");
    }
    if next.is_ascii_alphanumeric() || matches!(next, b'_' | b':' | b'(' | b'<') {
        return Some("a scope operator or part of a name");
    }
    let value = &text[start..end];
    let is_compressed = memchr::memmem::find(value, b"::").is_some();
    let groups: Vec<&[u8]> = value.split(|&byte| byte == b':').filter(|group| !group.is_empty()).collect();
    if !is_compressed {
        return groups.iter().all(|group| group.len() == 2).then_some("an EUI-64");
    }
    if groups.iter().all(|group| group.eq_ignore_ascii_case(b"ffff")) {
        return Some("a netmask");
    }
    if value.contains(&b'.') || groups.len() >= 4 {
        return None;
    }
    let line = line_before(text, start, CONTEXT);
    let speaks_of_addresses = || IP_WORD.is_match(line);
    let delimited = is_delimited(previous, next);
    if value == b"::1" {
        return (!delimited && !speaks_of_addresses()).then_some("a slice or a revision");
    }
    if groups.len() == 1 && value.starts_with(b"::") && !speaks_of_addresses() {
        return Some("a slice or a scope operator");
    }
    let is_decimal = groups.iter().all(|group| group.iter().all(u8::is_ascii_digit));
    let has_digit = groups.iter().any(|group| group.iter().any(u8::is_ascii_digit));
    if groups.len() < 3 && !has_digit && !speaks_of_addresses() {
        return Some("letters only, as in a scope operator");
    }
    let is_global =
        groups[0].starts_with(b"2001") || groups[0].starts_with(b"2002") || groups[0].starts_with(b"64");
    if groups.len() < 3 && is_decimal && !is_global {
        let is_address = speaks_of_addresses() || matches!(next, b'/' | b'%');
        return (!is_address).then_some("a range of numbers");
    }
    let is_short = groups[0].len() < 3;
    (is_short && !delimited && !speaks_of_addresses()).then_some("too short to be sure")
}

fn is_delimited(previous: u8, next: u8) -> bool {
    let opens = matches!(previous, 0 | b'\'' | b'"' | b'[' | b'`' | b'(' | b' ' | b'\t' | b'\n' | b',');
    let closes = matches!(
        next,
        0 | b'\'' | b'"' | b']' | b'`' | b')' | b' ' | b'\t' | b'\n' | b'\r' | b',' | b'/' | b'%' | b';'
    );
    opens && closes
}
