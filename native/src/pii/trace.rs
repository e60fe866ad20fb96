//! Tell why a candidate was taken or left, at no cost when nobody asks.

use super::spans::Span;

/// Why a candidate is no find.
pub type Reason = &'static str;

/// Takes what a detector decides.
pub trait Sink {
    /// Whether it takes candidates that were left; if not, they need not be looked at to the end.
    const TAKES_LEFT: bool;

    /// Takes a find.
    fn take(&mut self, span: Span);

    /// Takes a candidate that was left, with the reason; `detector` is who looked at it.
    #[inline(always)]
    fn leave(&mut self, _start: usize, _end: usize, _detector: &'static str, _reason: Reason) {}
}

impl Sink for Vec<Span> {
    const TAKES_LEFT: bool = false;

    #[inline(always)]
    fn take(&mut self, span: Span) {
        self.push(span);
    }
}

/// A candidate that a detector looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Who looked at it.
    pub detector: &'static str,
    /// Why it was left; `None` for a find.
    pub left_because: Option<Reason>,
}

/// Keeps finds and candidates.
#[derive(Default)]
pub struct Explained {
    /// What was found, as without an explanation.
    pub spans: Vec<Span>,
    /// What was looked at, in the order of the detectors.
    pub candidates: Vec<Candidate>,
}

impl Sink for Explained {
    const TAKES_LEFT: bool = true;

    fn take(&mut self, span: Span) {
        self.spans.push(span);
        let Span { start, end, detector, .. } = span;
        self.candidates.push(Candidate { start, end, detector, left_because: None });
    }

    fn leave(&mut self, start: usize, end: usize, detector: &'static str, reason: Reason) {
        self.candidates.push(Candidate { start, end, detector, left_because: Some(reason) });
    }
}
