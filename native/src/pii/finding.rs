//! Look at all candidates of a text, and make one sorted list of disjoint finds.

use std::ops::Range;

use super::assignments::Assignments;
use super::credentials::{self, JsonWebTokens};
use super::keywords::{Proposal, KEYWORDS, SHAPES};
use super::kinds::{Kind, Kinds};
use super::policy::Policy;
use super::private_keys::{self, PRIVATE_KEY_DETECTOR};
use super::replacement::{holds_replacement, own_replacements};
use super::spans::{merge_spans, Span};
use super::trace::{Explained, Sink};
use super::{commands, email, ip, people, providers, tokens};

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// The kinds wanted.
    pub kinds: Kinds,
    /// What counts.
    pub policy: Policy,
}

/// Finds what a text holds: disjoint spans in order, in bytes.
pub fn find(text: &[u8], search: Search) -> Vec<Span> {
    let mut spans = Vec::new();
    judge(text, search.kinds, &mut spans);
    cleaned(text, search, spans)
}

/// The same, with all candidates that were looked at.
pub fn explain(text: &[u8], search: Search) -> Explained {
    let mut explained = Explained::default();
    judge(text, search.kinds, &mut explained);
    explained.spans = cleaned(text, search, std::mem::take(&mut explained.spans));
    explained
}

/// Finds only values that are known by their own shape: keys of providers, private keys, JSON web tokens.
///
/// Such a value must occur nowhere in a release.
pub fn find_by_shape(text: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut web_tokens = JsonWebTokens::default();
    SHAPES.propose(text, |proposal, place| match proposal {
        Proposal::PrivateKey => private_keys::judge_private_key(text, place, &mut spans),
        Proposal::PuttyKey => private_keys::judge_putty_key(text, place, &mut spans),
        Proposal::EncodedKey => private_keys::judge_encoded_key(text, place, &mut spans),
        Proposal::JsonToken => web_tokens.judge(text, place, &mut spans),
        Proposal::Shape(rule) => providers::judge_shape(text, place, rule, &mut spans),
        _ => {}
    });
    merge_spans(without_own(text, spans))
}

/// Whether a detector knows a value by its own shape.
pub fn is_by_shape(detector: &str) -> bool {
    detector == PRIVATE_KEY_DETECTOR
        || detector == credentials::JWT_DETECTOR
        || providers::RULES.iter().any(|rule| rule.is_shape && rule.id == detector)
}

fn cleaned(text: &[u8], search: Search, mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| {
        search.kinds.has(span.kind) && !search.policy.spares(span.kind, &text[span.start..span.end])
    });
    merge_spans(without_own(text, spans))
}

/// Drops what holds nothing but replacements that redaction made, and white space between them.
pub(super) fn without_own(text: &[u8], mut spans: Vec<Span>) -> Vec<Span> {
    if !may_touch_own(text, &spans) {
        return spans;
    }
    let own = own_replacements(text);
    if !own.is_empty() {
        spans.retain(|span| !is_covered(text, span, &own));
    }
    spans
}

/// Whether a replacement stands on the lines of some spans; also if the lines are longer than the text altogether, and
/// it is no more work to look for all replacements.
fn may_touch_own(text: &[u8], spans: &[Span]) -> bool {
    let mut rest = text.len();
    spans.iter().any(|span| {
        let start = memchr::memrchr(b'\n', &text[..span.start]).map_or(0, |end| end + 1);
        let end = memchr::memchr(b'\n', &text[span.end..]).map_or(text.len(), |end| span.end + end);
        let is_long = end - start > rest;
        rest = rest.saturating_sub(end - start);
        is_long || holds_replacement(&text[start..end])
    })
}

fn is_covered(text: &[u8], span: &Span, own: &[Range<usize>]) -> bool {
    let mut position = span.start;
    let first = own.partition_point(|range| range.end <= span.start);
    for range in own[first..].iter().take_while(|range| range.start < span.end) {
        if range.start > position && !text[position..range.start].trim_ascii().is_empty() {
            return false;
        }
        position = position.max(range.end);
    }
    position >= span.end || (position > span.start && text[position..span.end].trim_ascii().is_empty())
}

/// Looks at all candidates of a text.
pub fn judge(text: &[u8], kinds: Kinds, sink: &mut impl Sink) {
    if kinds.has(Kind::Email) {
        memchr::memchr_iter(b'@', text).for_each(|at| email::judge_email(text, at, sink));
    }
    if kinds.has(Kind::IpAddress) {
        judge_addresses(text, sink);
    }
    if kinds.has_secrets() {
        judge_secrets(text, sink);
    }
    people::judge_people(text, kinds, sink);
}

fn judge_addresses(text: &[u8], sink: &mut impl Sink) {
    let is_digit = |place: usize| text.get(place).is_some_and(u8::is_ascii_digit);
    let mut next = 0;
    for dot in memchr::memchr_iter(b'.', text) {
        if dot >= next && dot > 0 && is_digit(dot - 1) && is_digit(dot + 1) {
            next = ip::judge_quad(text, dot, sink);
        }
    }
    let is_group =
        |place: usize| text.get(place).is_some_and(|byte| byte.is_ascii_hexdigit() || *byte == b':');
    next = 0;
    for colon in memchr::memchr_iter(b':', text) {
        if colon >= next
            && is_group(colon + 1)
            && (colon == 0 || !text[colon - 1].is_ascii_alphabetic() || is_group(colon - 1))
        {
            next = ip::judge_colons(text, colon, sink);
        }
    }
}

fn judge_secrets(text: &[u8], sink: &mut impl Sink) {
    let mut assignments = Assignments::default();
    let mut web_tokens = JsonWebTokens::default();
    KEYWORDS.propose(text, |proposal, place| match proposal {
        Proposal::Name => assignments.judge(text, place, sink),
        Proposal::PrivateKey => private_keys::judge_private_key(text, place, sink),
        Proposal::PuttyKey => private_keys::judge_putty_key(text, place, sink),
        Proposal::EncodedKey => private_keys::judge_encoded_key(text, place, sink),
        Proposal::Url => credentials::judge_url(text, place, sink),
        Proposal::Scheme => credentials::judge_scheme(text, place, sink),
        Proposal::JsonToken => web_tokens.judge(text, place, sink),
        Proposal::Command => commands::judge_command(text, place, sink),
        Proposal::Shape(rule) => providers::judge_shape(text, place, rule, sink),
    });
    tokens::judge_tokens(text, sink);
}
