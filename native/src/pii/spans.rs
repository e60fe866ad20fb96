//! Say where a value was found: the one small type between finding and replacing.

use super::kinds::Kind;

/// A half-open range of bytes that holds personal data or a secret.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
    /// Name of the rule that decided.
    pub detector: &'static str,
    /// How sure that rule is, in (0, 1].
    pub confidence: f64,
}

impl Span {
    fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether `self` names the union of two overlapping spans: the longer, surer, more secret one.
    fn outranks(&self, other: &Self) -> bool {
        let order = other
            .len()
            .cmp(&self.len())
            .then(other.confidence.total_cmp(&self.confidence))
            .then(self.kind.rank().cmp(&other.kind.rank()))
            .then(self.detector.cmp(other.detector));
        order.is_lt()
    }
}

/// Merges overlapping spans into their union, so that no part of any of them is left outside.
///
/// The union takes kind, detector and confidence from its longest member; of equally long ones from the most
/// confident, then by the kind's rank, then by the detector's name. Spans that only touch stay apart; empty ones
/// vanish.
pub fn merge_spans(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| span.end > span.start);
    spans.sort_by(|a, b| (a.start, a.end).cmp(&(b.start, b.end)).then_with(|| order(a, b)));
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    // The member that names the union, whose own length counts and not that of the union.
    let mut chosen: Option<Span> = None;
    for span in spans {
        match (merged.last_mut(), &mut chosen) {
            (Some(union), Some(named)) if span.start < union.end => {
                union.end = union.end.max(span.end);
                if span.outranks(named) {
                    *named = span;
                    (union.kind, union.detector, union.confidence) =
                        (span.kind, span.detector, span.confidence);
                }
            }
            _ => {
                merged.push(span);
                chosen = Some(span);
            }
        }
    }
    merged
}

fn order(a: &Span, b: &Span) -> std::cmp::Ordering {
    if a.outranks(b) {
        std::cmp::Ordering::Less
    } else if b.outranks(a) {
        std::cmp::Ordering::Greater
    } else {
        std::cmp::Ordering::Equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize, kind: Kind, confidence: f64) -> Span {
        Span { start, end, kind, detector: kind.name(), confidence }
    }

    #[test]
    fn overlapping_spans_become_their_union_named_by_the_longest() {
        let email = span(0, 4, Kind::Email, 0.9);
        let key = span(2, 9, Kind::Key, 0.5);
        assert_eq!(merge_spans(vec![key, email]), [span(0, 9, Kind::Key, 0.5)]);
    }

    #[test]
    fn touching_spans_stay_apart_and_empty_ones_vanish() {
        let spans = vec![span(4, 8, Kind::Key, 0.5), span(0, 4, Kind::Key, 0.5), span(9, 9, Kind::Key, 0.5)];
        assert_eq!(merge_spans(spans).len(), 2);
    }

    #[test]
    fn of_equal_lengths_the_surer_and_then_the_more_secret_wins() {
        let (email, key) = (span(0, 4, Kind::Email, 0.9), span(0, 4, Kind::Key, 0.5));
        assert_eq!(merge_spans(vec![key, email])[0].kind, Kind::Email);
        let email = span(0, 4, Kind::Email, 0.5);
        assert_eq!(merge_spans(vec![email, key])[0].kind, Kind::Key);
    }

    #[test]
    fn the_union_keeps_the_name_of_its_longest_member_whatever_comes_after() {
        let spans =
            vec![span(0, 5, Kind::Key, 0.5), span(4, 8, Kind::Email, 0.9), span(7, 14, Kind::Password, 0.1)];
        assert_eq!(merge_spans(spans), [span(0, 14, Kind::Password, 0.1)]);
    }
}
