//! Clusters of near-duplicates: proposed pairs are decided by exact similarity, one connected part after another.

use std::sync::Mutex;

use arrow_array::{Array, UInt32Array};

use crate::byte_column::ByteColumn;
use crate::decision::{ClusterKind, Decision, Known};
use crate::error::{in_range, KernelError};
use crate::gate::{packed_pairs, places};
use crate::parts::{Forest, Parts};
use crate::shingle_sets::{HeldSet, SetCache};
use crate::threads::{run_on_threads, take_next, MAX_THREADS};

/// A text that is in a cluster and does not stand for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    pub member: u32,
    pub representative: u32,
    pub similarity: f64,
}

/// The nearest text of the same component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    pub member: u32,
    pub nearest: u32,
    pub similarity: f64,
}

/// What the pairs gave.
#[derive(Debug, Default)]
pub struct Clusters {
    /// By representative, then member.
    pub members: Vec<Member>,
    /// By member, the representatives included; of components only.
    pub nearest: Vec<Nearest>,
    /// Pairs that were compared for this, and their similarity, ascending.
    pub compared: Vec<(u64, f64)>,
    /// Bytes of text that were cut into shingles.
    pub bytes_read: u64,
}

/// Decides pairs of places; place i stands for the text in row `rows[i]`, and lower places rank better.
///
/// The texts that stay and go depend on nothing but the pairs and the texts.
pub fn cluster_pairs(
    texts: &dyn Array,
    rows: &dyn Array,
    pairs: &dyn Array,
    decision: Decision,
    known: Option<Known<'_>>,
    threads: i64,
) -> Result<Clusters, KernelError> {
    let threads = in_range("threads", threads, 1, MAX_THREADS)?;
    let column = ByteColumn::new(texts, "texts")?;
    let rows = row_numbers("rows", rows, column.len())?;
    let pairs = packed_pairs("pairs", pairs, rows.len())?;
    if !pairs.is_sorted() {
        return Err(KernelError::UnknownName { argument: "pairs", expected: "ascending pairs".into() });
    }
    let parts = Parts::of(pairs, rows.len());
    let queue = Mutex::new(parts.iter());
    let done = Mutex::new((Clusters::default(), None));
    run_on_threads(threads, || {
        let mut worker = Worker::new(&column, rows, decision, known);
        while let Some(part) = take_next(&queue) {
            worker.cluster(part);
        }
        if let Ok(mut done) = done.lock() {
            let (clusters, broken) = &mut *done;
            if let Some(row) = worker.broken {
                *broken = Some(broken.unwrap_or(row).min(row));
            }
            worker.add_to(clusters);
        }
    });
    let (mut clusters, broken) = done.into_inner().unwrap_or_default();
    if let Some(row) = broken {
        return Err(KernelError::BrokenOffsets { row });
    }
    clusters.members.sort_unstable_by_key(|found| (found.representative, found.member));
    clusters.nearest.sort_unstable_by_key(|found| found.member);
    clusters.compared.sort_unstable_by_key(|&(pair, _)| pair);
    Ok(clusters)
}

/// Borrows an array of uint32 without nulls whose values are all below `texts`.
pub(crate) fn row_numbers<'a>(
    argument: &'static str,
    array: &'a dyn Array,
    texts: usize,
) -> Result<&'a [u32], KernelError> {
    let Some(numbers) = array.as_any().downcast_ref::<UInt32Array>() else {
        let found = array.data_type().to_string();
        return Err(KernelError::UnsupportedType { argument, expected: "uint32", found });
    };
    let bad = |row: usize| numbers.is_null(row) || numbers.value(row) as usize >= texts;
    match (0..numbers.len()).find(|&row| bad(row)) {
        Some(row) => Err(KernelError::BadIndex { argument, row, texts }),
        None => Ok(numbers.values()),
    }
}

/// One thread's share.
struct Worker<'a> {
    column: &'a ByteColumn<'a>,
    rows: &'a [u32],
    decision: Decision,
    known: Option<Known<'a>>,
    cache: SetCache,
    /// The set of `held`, if it was needed.
    table: HeldSet,
    held: Option<(u32, usize)>,
    broken: Option<usize>,
    found: Clusters,
}

impl<'a> Worker<'a> {
    fn new(
        column: &'a ByteColumn<'a>,
        rows: &'a [u32],
        decision: Decision,
        known: Option<Known<'a>>,
    ) -> Self {
        Self {
            column,
            rows,
            decision,
            known,
            cache: SetCache::default(),
            table: HeldSet::default(),
            held: None,
            broken: None,
            found: Clusters::default(),
        }
    }

    fn add_to(mut self, clusters: &mut Clusters) {
        clusters.members.append(&mut self.found.members);
        clusters.nearest.append(&mut self.found.nearest);
        clusters.compared.append(&mut self.found.compared);
        clusters.bytes_read += self.cache.bytes_read;
    }

    fn text(&mut self, place: u32) -> &'a [u8] {
        let row = self.rows[place as usize] as usize;
        match self.column.row(row) {
            Ok(text) => text.unwrap_or_default(),
            Err(_) => {
                self.broken = Some(self.broken.unwrap_or(row).min(row));
                b""
            }
        }
    }

    /// The exact similarity of a pair, known or computed.
    fn similarity(&mut self, pair: u64) -> f64 {
        if let Some(similarity) = self.known.and_then(|known| known.of(pair)) {
            return similarity;
        }
        let (left, right) = ((pair >> 32) as u32, pair as u32);
        let (left_text, right_text) = (self.text(left), self.text(right));
        let ngram = self.decision.ngram;
        let kept = match self.held {
            Some((place, count)) if place == left => count,
            _ => {
                let count = self.cache.fill(&mut self.table, left, left_text, ngram);
                self.held = Some((left, count));
                count
            }
        };
        let (distinct, shared) = self.cache.compare(&mut self.table, right, right_text, ngram);
        let similarity = self.decision.similarity(kept, distinct, shared);
        self.found.compared.push((pair, similarity));
        similarity
    }

    fn cluster(&mut self, part: &[u64]) {
        self.cache.clear();
        self.held = None;
        match self.decision.kind {
            ClusterKind::Star => self.stars(part),
            ClusterKind::Components => self.components(part),
        }
    }

    /// Visits texts in rank order; one that stays takes those like it that are still there.
    fn stars(&mut self, part: &[u64]) {
        let numbers = Numbers::of(part);
        let mut gone = vec![false; numbers.places.len()];
        for &pair in part {
            let (left, right) = places(pair);
            let (left_number, right_number) = (numbers.of_place(left), numbers.of_place(right));
            if gone[left_number] || gone[right_number] {
                continue;
            }
            let similarity = self.similarity(pair);
            if similarity >= self.decision.threshold {
                gone[right_number] = true;
                self.found.members.push(Member {
                    member: right as u32,
                    representative: left as u32,
                    similarity,
                });
            }
        }
    }

    /// Compares all pairs; what holds together is a component, and its best-ranked text stands for it.
    fn components(&mut self, part: &[u64]) {
        let numbers = Numbers::of(part);
        let mut forest = Forest::new(numbers.places.len());
        let mut nearest: Vec<Option<(f64, u32)>> = vec![None; numbers.places.len()];
        for &pair in part {
            let similarity = self.similarity(pair);
            if similarity < self.decision.threshold {
                continue;
            }
            let (left, right) = places(pair);
            forest.join(numbers.of_place(left), numbers.of_place(right));
            note_nearest(&mut nearest, &numbers, pair, similarity);
        }
        let mut to_representative: Vec<u64> = (0..numbers.places.len())
            .filter(|&number| nearest[number].is_some())
            .map(|number| (numbers.places[forest.root(number)], numbers.places[number]))
            .filter(|(root, member)| root != member)
            .map(|(root, member)| u64::from(root) << 32 | u64::from(member))
            .collect();
        to_representative.sort_unstable();
        for pair in to_representative {
            let compared = self.found.compared.len();
            let similarity = self.similarity(pair);
            if part.binary_search(&pair).is_ok() {
                self.found.compared.truncate(compared); // it is there already
            }
            // Its representative may be nearer to a text than any that was proposed with it.
            note_nearest(&mut nearest, &numbers, pair, similarity);
            let (representative, member) = ((pair >> 32) as u32, pair as u32);
            self.found.members.push(Member { member, representative, similarity });
        }
        for (&member, found) in numbers.places.iter().zip(nearest) {
            if let Some((similarity, nearest)) = found {
                self.found.nearest.push(Nearest { member, nearest, similarity });
            }
        }
    }
}

/// Notes both texts of a pair as the nearest of the other if they are; of equally near ones the better-ranked.
fn note_nearest(nearest: &mut [Option<(f64, u32)>], numbers: &Numbers, pair: u64, similarity: f64) {
    let (left, right) = ((pair >> 32) as u32, pair as u32);
    for (one, other) in [(left, right), (right, left)] {
        let found = &mut nearest[numbers.of_place(one as usize)];
        if found.is_none_or(|(most, place)| similarity > most || (similarity == most && other < place)) {
            *found = Some((similarity, other));
        }
    }
}

/// The places of a part, ascending; their numbers in it are small.
struct Numbers {
    places: Vec<u32>,
}

impl Numbers {
    fn of(part: &[u64]) -> Self {
        let mut places: Vec<u32> = part.iter().flat_map(|&pair| [(pair >> 32) as u32, pair as u32]).collect();
        places.sort_unstable();
        places.dedup();
        Self { places }
    }

    fn of_place(&self, place: usize) -> usize {
        self.places.partition_point(|&other| (other as usize) < place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Float64Array, StringArray, UInt64Array};

    fn all_pairs(count: u64) -> Vec<u64> {
        (0..count).flat_map(|left| (left + 1..count).map(move |right| left << 32 | right)).collect()
    }

    fn decision(kind: &str, measure: &str, threshold: f64) -> Decision {
        Decision::new(kind, measure, threshold, 1).expect("known names")
    }

    fn cluster(texts: &[&str], decision: Decision) -> Clusters {
        let rows = UInt32Array::from_iter_values(0..texts.len() as u32);
        let pairs = UInt64Array::from(all_pairs(texts.len() as u64));
        let texts = StringArray::from(texts.to_vec());
        cluster_pairs(&texts, &rows, &pairs, decision, None, 1).expect("clusters")
    }

    fn short(members: &[Member]) -> Vec<(u32, u32, f64)> {
        members.iter().map(|m| (m.member, m.representative, m.similarity)).collect()
    }

    #[test]
    fn a_chain_is_one_component_and_two_stars() {
        let texts = ["a b c d", "b c d e", "c d e f", "x"];
        let stars = cluster(&texts, decision("star", "jaccard", 0.6));
        assert_eq!(short(&stars.members), [(1, 0, 0.6)]);
        let component = cluster(&texts, decision("components", "jaccard", 0.6));
        assert_eq!(short(&component.members), [(1, 0, 0.6), (2, 0, 2.0 / 6.0)]);
        let nearest: Vec<(u32, u32)> = component.nearest.iter().map(|n| (n.member, n.nearest)).collect();
        assert_eq!(nearest, [(0, 1), (1, 0), (2, 1)]);
        assert!(component.compared.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn containment_takes_the_text_that_lies_in_another() {
        let texts = ["a b c d e f g h", "a b c", "a b c d e f g h i"];
        let stars = cluster(&texts, decision("star", "containment", 0.95));
        assert_eq!(short(&stars.members), [(1, 0, 1.0)]);
        let component = cluster(&texts, decision("components", "containment", 0.95));
        assert_eq!(component.members.len(), 2);
    }

    #[test]
    fn threads_known_similarities_and_the_order_of_texts_change_nothing() {
        let texts: Vec<String> =
            (0..400).map(|i| format!("x{} y{} z{} w{} v{}", i % 5, i % 7, i % 3, i % 11, i % 2)).collect();
        let pairs: Vec<u64> = all_pairs(400).into_iter().filter(|pair| pair % 7 < 3).collect();
        let pairs = UInt64Array::from(pairs);
        let (array, rows) = (StringArray::from(texts.clone()), UInt32Array::from_iter_values(0..400));
        let turned = StringArray::from(texts.into_iter().rev().collect::<Vec<_>>());
        let turned_rows = UInt32Array::from_iter_values((0..400).rev());
        for kind in ["star", "components"] {
            let decision = decision(kind, "jaccard", 0.6);
            let first = cluster_pairs(&array, &rows, &pairs, decision, None, 1).expect("clusters");
            assert!(first.members.len() > 10);
            let (known_pairs, values): (Vec<u64>, Vec<f64>) =
                first.compared.iter().copied().filter(|(pair, _)| pair % 2 == 0).unzip();
            let (known_pairs, values) = (UInt64Array::from(known_pairs), Float64Array::from(values));
            let known = Known::new(&known_pairs, &values).expect("sorted");
            for (texts, rows, known, threads) in [
                (&array, &rows, None, 2),
                (&array, &rows, Some(known), 1),
                (&turned, &turned_rows, None, 5),
                (&turned, &turned_rows, Some(known), 3),
            ] {
                let found = cluster_pairs(texts, rows, &pairs, decision, known, threads).expect("clusters");
                assert_eq!(found.members, first.members);
                assert_eq!(found.nearest, first.nearest);
                assert_eq!(found.compared.len() < first.compared.len(), known.is_some());
            }
        }
    }

    #[test]
    fn bad_arguments_are_errors() {
        let texts = StringArray::from(vec!["a", "b"]);
        let (rows, far) = (UInt32Array::from(vec![0, 1]), UInt32Array::from(vec![0, 2]));
        let decision = decision("star", "jaccard", 0.5);
        let call = |rows: &dyn Array, pairs: Vec<u64>, threads| {
            cluster_pairs(&texts, rows, &UInt64Array::from(pairs), decision, None, threads).is_err()
        };
        assert!(!call(&rows, vec![1], 1));
        assert!(call(&far, vec![1], 1));
        assert!(call(&rows, vec![2], 1));
        assert!(call(&rows, vec![1, 1 << 32 | 1], 1));
        assert!(call(&rows, vec![1], 0));
        assert!(Decision::new("stars", "jaccard", 0.5, 5).is_err());
        assert!(Decision::new("star", "cosine", 0.5, 5).is_err());
        assert!(Decision::new("star", "jaccard", 0.5, 0).is_err());
    }
}
