//! Know secrets of providers: by their own shape, or by a plain shape near the provider's name.
//!
//! The table `provider_rules.tsv` holds a rule per row; this module reads it, and judges a value at a place that one
//! of its literals proposes. Patterns are compiled when they are first needed.

use std::sync::{LazyLock, OnceLock};

use regex::bytes::{Regex, RegexBuilder};

use super::around::{after, byte_before};
use super::assigned_values::is_identifier;
use super::checksums::{has_checksum, Checksum};
use super::kinds::Kind;
use super::spans::Span;
use super::trace::Sink;
use super::value_model;
use super::values::{is_filler, is_template, Characters};

/// Longest value of a provider in bytes, and how far a literal may stand inside it.
const MAX_VALUE: usize = 2048;
const MAX_BEFORE: usize = 64;

/// A row of the table.
#[derive(Debug)]
pub struct Rule {
    /// Its name, which is the detector's.
    pub id: &'static str,
    /// The provider.
    pub service: &'static str,
    /// Whether the shape alone decides.
    pub is_shape: bool,
    /// Literals of a shape; `~` before one that stands inside. Names of the provider otherwise.
    pub keywords: Vec<&'static str>,
    /// What matches the whole value.
    pub pattern: &'static str,
    /// Least entropy in bits per byte.
    pub entropy: f64,
    /// A checksum that the value carries.
    pub checksum: Option<Checksum>,
    /// An invented value.
    pub example: String,
    /// Where the fact comes from.
    pub source: &'static str,
    compiled: OnceLock<Option<Pattern>>,
}

/// A compiled pattern.
#[derive(Debug)]
struct Pattern {
    regex: Regex,
    /// Whether it matches only at the start of what it is given.
    is_anchored: bool,
    /// Length of the longest value and the byte after it.
    most: usize,
}

impl Pattern {
    fn compile(source: &str, is_anchored: bool) -> Option<Self> {
        let anchor = if is_anchored { "^" } else { "" };
        // The boundary belongs to the pattern, so that the alternative is taken that ends at one.
        let source = format!("{anchor}({source})(?:[^A-Za-z0-9_]|$)");
        let regex = RegexBuilder::new(&source)
            .unicode(false)
            .size_limit(1 << 21)
            .dfa_size_limit(1 << 18)
            .build()
            .ok()?;
        let mut parser = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build();
        let most = parser.parse(&source).ok()?.properties().maximum_len().unwrap_or(MAX_VALUE);
        Some(Self { regex, is_anchored, most })
    }
}

impl Rule {
    fn read(line: &'static str) -> Option<Self> {
        let fields: Vec<&'static str> = line.split('\t').collect();
        let &[id, service, form, keywords, pattern, entropy, check, example, source] = fields.as_slice()
        else {
            return None;
        };
        Some(Self {
            id,
            service,
            is_shape: form == "shape",
            keywords: keywords.split(' ').collect(),
            pattern,
            entropy: entropy.parse().ok()?,
            checksum: Checksum::named(check),
            example: example.replace('¦', ""),
            source,
            compiled: OnceLock::new(),
        })
    }

    /// Whether a value has the plain shape and is as irregular as the provider's are.
    pub fn is_value(&self, value: &[u8]) -> bool {
        let is_whole =
            |pattern: &Pattern| pattern.regex.find(value).is_some_and(|found| found.end() == value.len());
        self.pattern().is_some_and(is_whole) && Characters::of(value).entropy >= self.entropy
    }

    /// The compiled pattern; `None` if it is none, which a test rules out.
    fn pattern(&self) -> Option<&Pattern> {
        let is_anchored = || !self.keywords.iter().any(|keyword| keyword.starts_with('~'));
        self.compiled.get_or_init(|| Pattern::compile(self.pattern, is_anchored())).as_ref()
    }
}

/// All rules, in the order of the table.
pub static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rows =
        include_str!("provider_rules.tsv").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.skip(1).filter_map(Rule::read).collect()
});

/// Looks at a literal of a rule at `place`.
pub fn judge_shape<S: Sink>(text: &[u8], place: usize, rule: &'static Rule, sink: &mut S) {
    let Some(pattern) = rule.pattern() else {
        return;
    };
    let mut low = place;
    let mut reach = MAX_VALUE;
    if pattern.is_anchored {
        // Most words of a rule are something else, which is told without the places of groups.
        if (!S::TAKES_LEFT && !begins_here(text, place)) || !pattern.regex.is_match(after(text, low, reach)) {
            return;
        }
    } else {
        // A value begins no later than its word, and ends no later than the longest one.
        low = place.saturating_sub(MAX_BEFORE);
        reach = reach.min(place - low + pattern.most);
    }
    let window = after(text, low, reach);
    for found in pattern.regex.captures_iter(window).filter_map(|captures| captures.get(1)) {
        let (start, end) = (low + found.start(), low + found.end());
        if start > place {
            return;
        }
        if end > place {
            return judge_value(text, start, end, rule, sink);
        }
    }
}

fn judge_value(text: &[u8], start: usize, end: usize, rule: &'static Rule, sink: &mut impl Sink) {
    let value = &text[start..end];
    if !begins_here(text, start) {
        return sink.leave(start, end, rule.id, "part of a longer word");
    }
    let characters = Characters::of(value);
    if characters.entropy < rule.entropy {
        return sink.leave(start, end, rule.id, "too regular");
    }
    if is_example(value) {
        return sink.leave(start, end, rule.id, "a placeholder");
    }
    let is_written = || value_model::randomness(value) <= value_model::LEAST_MIXED;
    if characters.digits == 0 && is_identifier(value) && is_written() {
        return sink.leave(start, end, rule.id, "the name of a value");
    }
    let confidence = match rule.checksum {
        Some(checksum) if has_checksum(checksum, value) => 1.0,
        Some(_) => 0.8,
        None => 0.95,
    };
    sink.take(Span { start, end, kind: Kind::Key, detector: rule.id, confidence });
}

/// Whether a word may begin at `place`: after no letter, digit or `_`, or after an escape.
pub fn begins_here(text: &[u8], place: usize) -> bool {
    let last = byte_before(text, place);
    if !(last.is_ascii_alphanumeric() || last == b'_') {
        return true;
    }
    let second = place.checked_sub(2).map_or(0, |at| text[at]);
    let third = place.checked_sub(3).map_or(0, |at| text[at]);
    (second == b'\\' && matches!(last, b'n' | b'r' | b't'))
        || (third == b'%' && second.is_ascii_hexdigit() && last.is_ascii_hexdigit())
}

/// Whether a value of a provider's shape stands for none: a template, a filler or one that says so.
fn is_example(value: &[u8]) -> bool {
    const WORDS: &[&[u8]] = &[
        b"example",
        b"xxxxxx",
        b"placeholder",
        b"redacted",
        b"your_",
        b"your-",
        b"abcdefghij",
        b"0123456789",
    ];
    is_template(value.strip_prefix(b"$").unwrap_or(value))
        || is_filler(value)
        || super::around::contains_any_caseless(value, WORDS)
}

/// Whether any shape of a provider occurs in a value, whatever its letters say; for made-up values.
pub fn has_provider_shape(value: &[u8]) -> bool {
    RULES.iter().filter(|rule| rule.is_shape).any(|rule| {
        let literal = rule
            .keywords
            .iter()
            .any(|keyword| memchr::memmem::find(value, keyword.trim_start_matches('~').as_bytes()).is_some());
        literal
            && rule.keywords.iter().any(|keyword| {
                let keyword = keyword.trim_start_matches('~').as_bytes();
                memchr::memmem::find_iter(value, keyword).any(|place| {
                    rule.pattern().is_some_and(|pattern| {
                        let low = if pattern.is_anchored { place } else { place.saturating_sub(MAX_BEFORE) };
                        pattern.regex.is_match(&value[low..])
                    })
                })
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pii::{find, Kinds, Policy, Search};

    #[test]
    fn every_row_is_read_and_every_pattern_compiles() {
        let rows = include_str!("provider_rules.tsv")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        assert_eq!(rows.count() - 1, RULES.len());
        for rule in RULES.iter() {
            assert!(rule.pattern().is_some(), "{}", rule.id);
        }
    }

    #[test]
    fn every_example_is_found_by_its_rule_or_an_equal_one() {
        for rule in RULES.iter() {
            let text = if rule.is_shape {
                format!("x = '{}'\n", rule.example)
            } else {
                format!("the token of {} is {} now\n", rule.keywords[0], rule.example)
            };
            let found = find(text.as_bytes(), Search { kinds: Kinds::DEFAULT, policy: Policy::Detect });
            let place = text.find(&rule.example).unwrap();
            assert!(
                found.iter().any(|span| span.start <= place && span.end >= place + rule.example.len()),
                "{}: {found:?}",
                rule.id
            );
        }
    }
}
