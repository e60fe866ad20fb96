//! How pairs are decided: the kind of cluster, the measure, the threshold, and what is known from before.

use arrow_array::{Array, Float64Array, UInt64Array};

use crate::error::{in_range, KernelError};
use crate::shingles::MAX_NGRAM;

/// What a cluster is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClusterKind {
    /// A text goes by its own similarity to a text that stays.
    Star,
    /// Texts are connected by pairs that are similar.
    Components,
}

/// What similarity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// |A ∩ B| / |A ∪ B|.
    Jaccard,
    /// |A ∩ B| / |B|, where B is the text that goes; of components, the smaller one.
    Containment,
}

/// How pairs are decided.
#[derive(Clone, Copy, Debug)]
pub struct Decision {
    pub kind: ClusterKind,
    pub measure: Measure,
    pub threshold: f64,
    pub ngram: usize,
}

impl Decision {
    /// Takes names and numbers as callers give them.
    pub fn new(kind: &str, measure: &str, threshold: f64, ngram: i64) -> Result<Self, KernelError> {
        let unknown =
            |argument, expected: &str| KernelError::UnknownName { argument, expected: expected.into() };
        Ok(Self {
            kind: match kind {
                "star" => ClusterKind::Star,
                "components" => ClusterKind::Components,
                _ => return Err(unknown("clusters", "star, components")),
            },
            measure: match measure {
                "jaccard" => Measure::Jaccard,
                "containment" => Measure::Containment,
                _ => return Err(unknown("measure", "jaccard, containment")),
            },
            threshold,
            ngram: in_range("ngram", ngram, 1, MAX_NGRAM)?,
        })
    }

    /// The similarity of sets of these sizes that share so many.
    pub fn similarity(self, kept: usize, gone: usize, shared: usize) -> f64 {
        if shared == 0 {
            return 0.0;
        }
        let whole = match (self.measure, self.kind) {
            (Measure::Jaccard, _) => kept + gone - shared,
            (Measure::Containment, ClusterKind::Star) => gone,
            (Measure::Containment, ClusterKind::Components) => kept.min(gone),
        };
        shared as f64 / whole as f64
    }
}

/// Similarities that are known from before: packed pairs in ascending order, and a value for each.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pairs: &'a [u64],
    similarity: &'a [f64],
}

impl<'a> Known<'a> {
    /// Borrows a column of uint64 and one of float64.
    pub fn new(pairs: &'a dyn Array, similarity: &'a dyn Array) -> Result<Self, KernelError> {
        let (Some(pairs), Some(similarity)) = (
            pairs.as_any().downcast_ref::<UInt64Array>(),
            similarity.as_any().downcast_ref::<Float64Array>(),
        ) else {
            let (argument, expected) = ("known_pairs, known_similarity", "uint64 and float64");
            let found = format!("{} and {}", pairs.data_type(), similarity.data_type());
            return Err(KernelError::UnsupportedType { argument, expected, found });
        };
        let (pairs, similarity) = (&pairs.values()[..], &similarity.values()[..]);
        if pairs.len() != similarity.len() || !pairs.is_sorted() {
            let argument = "known_similarity";
            return Err(KernelError::WrongLength {
                argument,
                expected: pairs.len(),
                found: similarity.len(),
            });
        }
        Ok(Self { pairs, similarity })
    }

    /// The similarity of a pair, if it is known.
    pub fn of(self, pair: u64) -> Option<f64> {
        self.pairs.binary_search(&pair).ok().and_then(|at| self.similarity.get(at)).copied()
    }
}
