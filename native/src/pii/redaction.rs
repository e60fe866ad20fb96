//! Replace what was found, and nothing else.
//!
//! Redaction works on the original text as a list of edits. Each round searches the text as edited so far; what it
//! finds is translated back into the original and merged with the edits it touches. When a round finds nothing, the
//! text is clean under the same policy, so a second redaction changes nothing. A replacement can reveal a new find only
//! by changing the context of other text, which happens once or twice at most; the rounds are bounded all the same, by
//! taking whole lines and at last the whole text.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::finding::{find, find_by_shape, is_by_shape, without_own, Search};
use super::kinds::Kind;
use super::replacement::{own_replacements, value_hash, Replacements, Style};
use super::spans::{merge_spans, Span};
use super::values::{looks_random, MIN_RANDOM};

/// Rounds that replace just what they find, and rounds that replace whole lines.
const EXACT_ROUNDS: usize = 4;
const LINE_ROUNDS: usize = 4;

/// What to replace, and by what.
#[derive(Clone, Copy)]
pub struct Redactor<'a> {
    /// Kinds and policy.
    pub search: Search,
    /// How values are replaced.
    pub style: Style,
    /// Secret of the keyed hashes; without one there are only placeholders.
    pub key: Option<&'a [u8]>,
}

/// One replacement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Replaced {
    /// The place in the result.
    pub start: usize,
    /// Byte after its last.
    pub end: usize,
    /// The place in the original.
    pub original: Span,
    /// Keyed hash of the value, if there is a key.
    pub value_hash: Option<[u8; 16]>,
}

/// Replaces finds and `proposed` spans; `None` if there is nothing to replace.
///
/// `proposed` are disjoint, in order, and within the text.
pub fn redact(
    original: &[u8],
    redactor: &Redactor<'_>,
    proposed: &[Span],
) -> Option<(Vec<u8>, Vec<Replaced>)> {
    let mut found = find(original, redactor.search);
    if !proposed.is_empty() {
        found.extend(without_own(original, proposed.to_vec()));
        found = merge_spans(found);
    }
    if found.is_empty() {
        return None;
    }
    let taken = || own_replacements(original).into_iter().map(|range| original[range].to_vec());
    let mut replacements = Replacements::new(redactor.key, redactor.style, taken());
    let mut fallback = Replacements::new(None, Style::Placeholder, std::iter::empty());
    let mut edited = Edited { text: original.to_vec(), edits: Vec::new(), places: Vec::new() };
    for round in 0..=EXACT_ROUNDS + LINE_ROUNDS {
        let wider = widened(&edited.text, &found, redactor.search, round);
        let mut edits = edited.edits.clone();
        edits.extend(wider.iter().map(|span| edited.in_original(span)));
        let replacements = if round < EXACT_ROUNDS { &mut replacements } else { &mut fallback };
        edited = edit(original, merge_spans(edits), replacements);
        found = find(&edited.text, redactor.search);
        if found.is_empty() {
            break;
        }
    }
    let replaced = edited.edits.iter().zip(&edited.places).map(|(edit, place)| Replaced {
        start: place.start,
        end: place.end,
        original: *edit,
        value_hash: redactor.key.map(|key| value_hash(edit.kind, &original[edit.start..edit.end], key)),
    });
    let replaced = replaced.collect();
    Some((edited.text, replaced))
}

/// Returns what a round replaces for its finds: them and their other occurrences, then lines, then all.
fn widened(text: &[u8], found: &[Span], search: Search, round: usize) -> Vec<Span> {
    if round < EXACT_ROUNDS {
        // A key may be hidden in a larger find; its own value must not survive elsewhere either.
        let hidden = if search.kinds.has(Kind::Key) { find_by_shape(text) } else { Vec::new() };
        let mut spans = other_occurrences(text, found.iter().chain(&hidden));
        spans.extend_from_slice(found);
        return merge_spans(spans);
    }
    if round == EXACT_ROUNDS + LINE_ROUNDS {
        return vec![Span { start: 0, end: text.len(), ..found[0] }];
    }
    let lines = found.iter().map(|span| {
        let start = memchr::memrchr(b'\n', &text[..span.start]).map_or(0, |end| end + 1);
        let end = memchr::memchr(b'\n', &text[span.end..]).map_or(text.len(), |length| span.end + length);
        Span { start, end, ..*span }
    });
    merge_spans(lines.collect())
}

/// Returns the places of all random secrets of 12 bytes or more, wherever they stand.
fn other_occurrences<'a>(text: &[u8], found: impl Iterator<Item = &'a Span>) -> Vec<Span> {
    let mut secrets: BTreeMap<&[u8], Span> = BTreeMap::new();
    for span in found {
        let value = &text[span.start..span.end];
        let is_secret = matches!(span.kind, Kind::Key | Kind::Password) && value.len() >= MIN_RANDOM;
        if is_secret && (is_by_shape(span.detector) || looks_random(value)) {
            secrets.entry(value).or_insert(*span);
        }
    }
    if secrets.is_empty() {
        return Vec::new();
    }
    let values: Vec<&[u8]> = secrets.keys().copied().collect();
    let spans: Vec<Span> = secrets.values().copied().collect();
    let Ok(automaton) = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&values) else {
        return Vec::new();
    };
    let places = automaton.find_overlapping_iter(text).map(|place| {
        let span = spans[place.pattern().as_usize()];
        Span { start: place.start(), end: place.end(), ..span }
    });
    places.collect()
}

/// A text after edits: the edits in the original, and where each replacement stands in `text`.
struct Edited {
    text: Vec<u8>,
    edits: Vec<Span>,
    places: Vec<Range<usize>>,
}

impl Edited {
    /// Translates a span of the edited text into the original; part of a replacement becomes all of it.
    fn in_original(&self, span: &Span) -> Span {
        let start = match self.places.partition_point(|place| place.start <= span.start).checked_sub(1) {
            None => span.start,
            Some(index) if span.start < self.places[index].end => self.edits[index].start,
            Some(index) => self.edits[index].end + span.start - self.places[index].end,
        };
        let end = match self.places.partition_point(|place| place.start < span.end).checked_sub(1) {
            None => span.end,
            Some(index) if span.end <= self.places[index].end => self.edits[index].end,
            Some(index) => self.edits[index].end + span.end - self.places[index].end,
        };
        Span { start, end, ..*span }
    }
}

fn edit(original: &[u8], edits: Vec<Span>, replacements: &mut Replacements<'_>) -> Edited {
    let originals: HashSet<Vec<u8>> =
        edits.iter().map(|edit| original[edit.start..edit.end].to_ascii_lowercase()).collect();
    let mut text = Vec::with_capacity(original.len());
    let mut places = Vec::with_capacity(edits.len());
    let mut position = 0;
    for edit in &edits {
        text.extend_from_slice(&original[position..edit.start]);
        let start = text.len();
        let value = &original[edit.start..edit.end];
        text.extend(replacements.get(edit.kind, value, |lowered| originals.contains(lowered)));
        places.push(start..text.len());
        position = edit.end;
    }
    text.extend_from_slice(&original[position..]);
    Edited { text, edits, places }
}
