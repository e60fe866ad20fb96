//! All pairs of texts whose shingle sets are similar by a threshold or more: a prefix-filter join, nothing sampled.
//!
//! Shingles get numbers by how many texts hold them, rarest first. Two sets that share at least α shingles share one
//! among the first |x| - α + 1 of x and the first |y| - α + 1 of y, so an inverted index over these prefixes proposes
//! every pair; sizes and positions drop most proposals, and merging the two sorted sets decides the rest. A shingle
//! of one text only is in no pair: it is counted and not kept. Byte-identical texts are joined once and expanded.
//! Holds 32 bytes per distinct shingle of a text at most (about 3 bytes per byte of source code), besides the pairs.
//!
//! Sources: Bayardo, Ma, Srikant, "Scaling up all pairs similarity search", 2007; Xiao, Wang, Lin, Yu, "Efficient
//! similarity joins for near duplicate detection", 2008 (the shorter prefix of the index, the positional filter).

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, UInt32Array};

use crate::byte_column::ByteColumn;
use crate::error::{in_range, KernelError};
use crate::prefix_index::{Bounds, Index};
use crate::shared_shingles::{number_shingles, Document};
use crate::shingles::{ShingleSet, Shingler, MAX_NGRAM};
use crate::threads::{run_on_threads, take_next, MAX_THREADS};

/// Texts that a thread takes at once.
const CHUNK: usize = 256;

/// Most pairs that are returned: 24 bytes each are held at the end.
const MOST_PAIRS: usize = 200_000_000;

/// Two row numbers, the smaller one first, and the similarity of their texts.
type Pair = (u32, u32, f64);

/// Returns a batch with the columns `left`, `right` (uint32, left < right) and `similarity` (float64), sorted.
///
/// A text of fewer than `ngram` tokens, or a null, is in no pair. All pairs among rows of equal bytes are given too:
/// n equal rows are n (n - 1) / 2 pairs. More than [`MOST_PAIRS`] pairs are an error.
pub fn exact_join(
    texts: &dyn Array,
    threshold: f64,
    ngram: i64,
    threads: i64,
) -> Result<RecordBatch, KernelError> {
    let ngram = in_range("ngram", ngram, 1, MAX_NGRAM)?;
    let threads = in_range("threads", threads, 1, MAX_THREADS)?;
    if !(threshold > 0.0 && threshold <= 1.0) {
        let expected = "the numbers in (0, 1]".to_owned();
        return Err(KernelError::UnknownName { argument: "threshold", expected });
    }
    let column = ByteColumn::new(texts, "texts")?;
    in_range("len(texts)", column.len() as i64, 0, u32::MAX as usize)?;
    let distinct = Distinct::new(&column)?;
    let documents = number_shingles(shingle_sets(&distinct.texts, ngram, threads))?;
    let joined = join(&documents, threshold, threads);
    check_count(&joined, &documents, &distinct.rows)?;
    let pairs = expand(&joined, &documents, &distinct.rows);
    let columns: [(&str, ArrayRef); 3] = [
        ("left", Arc::new(UInt32Array::from_iter_values(pairs.iter().map(|pair| pair.0)))),
        ("right", Arc::new(UInt32Array::from_iter_values(pairs.iter().map(|pair| pair.1)))),
        ("similarity", Arc::new(Float64Array::from_iter_values(pairs.iter().map(|pair| pair.2)))),
    ];
    RecordBatch::try_from_iter(columns).map_err(|error| KernelError::Arrow(error.to_string()))
}

/// The distinct texts in order of first appearance, and the rows of each, ascending.
#[derive(Default)]
struct Distinct<'a> {
    texts: Vec<&'a [u8]>,
    rows: Vec<Vec<u32>>,
}

impl<'a> Distinct<'a> {
    fn new(column: &ByteColumn<'a>) -> Result<Self, KernelError> {
        let mut places: HashMap<&[u8], usize> = HashMap::new();
        let mut distinct = Self::default();
        for row in 0..column.len() {
            let Some(text) = column.row(row)? else { continue };
            let place = *places.entry(text).or_insert(distinct.texts.len());
            if place == distinct.texts.len() {
                distinct.texts.push(text);
                distinct.rows.push(Vec::new());
            }
            distinct.rows[place].push(row as u32);
        }
        Ok(distinct)
    }
}

fn shingle_sets(texts: &[&[u8]], ngram: usize, threads: usize) -> Vec<ShingleSet> {
    let mut sets = vec![ShingleSet::new(); texts.len()];
    let chunks = Mutex::new(sets.chunks_mut(CHUNK).zip(texts.chunks(CHUNK)));
    run_on_threads(threads, || {
        let mut shingler = Shingler::new(ngram);
        while let Some((sets, texts)) = take_next(&chunks) {
            for (set, text) in sets.iter_mut().zip(texts) {
                *set = shingler.shingles(text).1;
                set.shrink_to_fit();
            }
        }
    });
    sets
}

/// Returns the pairs of document numbers, the smaller number first; stops soon after more than [`MOST_PAIRS`].
fn join(documents: &[Document], threshold: f64, threads: usize) -> Vec<Pair> {
    let bounds = Bounds { threshold };
    let index = Index::new(documents, bounds);
    let found = Mutex::new(Vec::new());
    let count = AtomicUsize::new(0);
    let chunks = Mutex::new((0..documents.len()).step_by(CHUNK));
    run_on_threads(threads, || {
        let mut probe = Probe { documents, index: &index, bounds, common: vec![0; documents.len()] };
        let mut pairs = Vec::new();
        while let Some(start) = take_next(&chunks) {
            for number in start..documents.len().min(start + CHUNK) {
                let before = pairs.len();
                probe.pairs_with_smaller(number, &mut pairs);
                if count.fetch_add(pairs.len() - before, Ordering::Relaxed) > MOST_PAIRS {
                    break;
                }
            }
        }
        if let Ok(mut found) = found.lock() {
            found.append(&mut pairs);
        }
    });
    found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Common prefix shingles that a positional bound has shown to be too few.
const TOO_FEW: u32 = u32::MAX;

/// Looks for the partners of one document after the other.
struct Probe<'a> {
    documents: &'a [Document],
    index: &'a Index,
    bounds: Bounds,
    /// Shingles found in common so far, by document; all 0 between documents.
    common: Vec<u32>,
}

impl Probe<'_> {
    /// Adds the pairs of document `number` with those before it, which are not larger.
    fn pairs_with_smaller(&mut self, number: usize, pairs: &mut Vec<Pair>) {
        let document = &self.documents[number];
        let mut proposed = Vec::new();
        let prefix = document.prefix(self.bounds.probe_prefix(document.size));
        let least_size = self.bounds.least_size(document.size);
        for (place, &shingle) in prefix.iter().enumerate() {
            let postings = self.index.get(shingle);
            let start =
                postings.partition_point(|&(other, _)| self.documents[other as usize].size < least_size);
            for &(other, other_place) in &postings[start..] {
                let other = other as usize;
                if other >= number {
                    break;
                }
                let candidate = &self.documents[other];
                let slot = &mut self.common[other];
                if *slot == 0 {
                    proposed.push(other);
                }
                if *slot != TOO_FEW {
                    let rest =
                        (document.shared.len() - place).min(candidate.shared.len() - other_place as usize);
                    let least = self.bounds.least_common(document.size, candidate.size);
                    *slot = if *slot as usize + rest >= least { *slot + 1 } else { TOO_FEW };
                }
            }
        }
        for other in proposed {
            if std::mem::take(&mut self.common[other]) != TOO_FEW {
                pairs.extend(self.verified(other, number));
            }
        }
    }

    /// The pair of two documents if they are similar enough.
    fn verified(&self, one: usize, other: usize) -> Option<Pair> {
        let (a, b) = (&self.documents[one], &self.documents[other]);
        let common = common_of_sorted(&a.shared, &b.shared);
        let similarity = common as f64 / (a.size + b.size - common) as f64;
        (similarity >= self.bounds.threshold).then_some((one as u32, other as u32, similarity))
    }
}

fn common_of_sorted(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        common += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    common
}

/// Refuses more than [`MOST_PAIRS`] pairs of rows before they are made.
fn check_count(joined: &[Pair], documents: &[Document], rows: &[Vec<u32>]) -> Result<(), KernelError> {
    let count = |document: u32| rows[documents[document as usize].text].len() as u64;
    let between = joined.iter().map(|&(one, other, _)| count(one) * count(other));
    let within = documents.iter().filter(|document| document.size > 0).map(|document| {
        let equal = rows[document.text].len() as u64;
        equal * (equal - 1) / 2
    });
    let pairs = between.chain(within).fold(0_u64, u64::saturating_add);
    let shown = pairs.min(MOST_PAIRS as u64 + 1) as i64;
    in_range("pairs at the threshold", shown, 0, MOST_PAIRS).map(drop)
}

/// Turns pairs of documents into pairs of rows and adds those of rows with equal bytes; sorted.
fn expand(joined: &[Pair], documents: &[Document], rows: &[Vec<u32>]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for &(one, other, similarity) in joined {
        for &left in &rows[documents[one as usize].text] {
            let rights = rows[documents[other as usize].text].iter();
            pairs.extend(rights.map(|&right| (left.min(right), left.max(right), similarity)));
        }
    }
    for document in documents.iter().filter(|document| document.size > 0) {
        let rows = &rows[document.text];
        for (place, &left) in rows.iter().enumerate() {
            pairs.extend(rows.iter().skip(place + 1).map(|&right| (left, right, 1.0)));
        }
    }
    pairs.sort_unstable_by_key(|pair| (pair.0, pair.1));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{BinaryArray, Int32Array, StringArray};

    fn found(texts: &dyn Array, threshold: f64, ngram: i64, threads: i64) -> Vec<Pair> {
        let batch = exact_join(texts, threshold, ngram, threads).expect("pairs");
        let column = |name: &str| batch.column_by_name(name).expect(name).clone();
        let numbers = |name: &str| {
            let numbers = column(name);
            numbers.as_any().downcast_ref::<UInt32Array>().expect("uint32").values().to_vec()
        };
        let similarity = column("similarity");
        let similarity =
            similarity.as_any().downcast_ref::<Float64Array>().expect("float64").values().to_vec();
        numbers("left")
            .into_iter()
            .zip(numbers("right"))
            .zip(similarity)
            .map(|((l, r), s)| (l, r, s))
            .collect()
    }

    fn brute_force(texts: &[Option<String>], threshold: f64, ngram: usize) -> Vec<Pair> {
        let mut shingler = Shingler::new(ngram);
        let sets: Vec<ShingleSet> = texts
            .iter()
            .map(|text| shingler.shingles(text.as_deref().unwrap_or_default().as_bytes()).1)
            .collect();
        let mut pairs = Vec::new();
        for (left, a) in sets.iter().enumerate() {
            for (right, b) in sets.iter().enumerate().skip(left + 1) {
                let similarity = jaccard_of_sets(a, b);
                if similarity >= threshold {
                    pairs.push((left as u32, right as u32, similarity));
                }
            }
        }
        pairs
    }

    /// Families of texts that drift apart, of 0 to 60 tokens, some equal, some null.
    fn families(count: usize) -> Vec<Option<String>> {
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut texts: Vec<Option<String>> = Vec::new();
        let mut tokens: Vec<u64> = Vec::new();
        while texts.len() < count {
            if next(8) == 0 {
                tokens = (0..next(61)).map(|_| next(40)).collect();
            } else if !tokens.is_empty() && next(4) > 0 {
                let place = next(tokens.len() as u64) as usize;
                tokens[place] = next(40);
            }
            let text: Vec<String> = tokens.iter().map(|token| format!("t{token}")).collect();
            texts.push((next(50) > 0).then(|| text.join(" ")));
        }
        texts
    }

    #[test]
    fn pairs_are_those_of_brute_force() {
        let texts = families(400);
        let array = StringArray::from(texts.clone());
        for ngram in [1, 2, 5] {
            for threshold in [0.01, 0.3, 0.5, 0.7, 0.75, 0.8, 0.85, 2.0 / 3.0, 1.0] {
                let expected = brute_force(&texts, threshold, ngram);
                assert!(!expected.is_empty());
                assert_eq!(found(&array, threshold, ngram as i64, 1), expected, "{threshold} {ngram}");
            }
        }
    }

    #[test]
    fn threads_change_nothing() {
        let array = StringArray::from(families(1500));
        let one = found(&array, 0.6, 2, 1);
        for threads in [2, 3, 256] {
            assert_eq!(found(&array, 0.6, 2, threads), one);
        }
    }

    #[test]
    fn texts_without_shingles_are_in_no_pair() {
        let array = StringArray::from(vec![Some("a b"), Some("a b"), None, None, Some(""), Some("")]);
        assert_eq!(found(&array, 0.1, 3, 1), []);
        assert_eq!(found(&array, 0.1, 2, 1), [(0, 1, 1.0)]);
        assert_eq!(found(&StringArray::from(Vec::<Option<&str>>::new()), 0.5, 5, 1), []);
    }

    #[test]
    fn equal_bytes_and_equal_sets_are_both_pairs() {
        let array = BinaryArray::from(vec![&b"x y\xff"[..], b"x+y", b"x y\xff", b"x"]);
        assert_eq!(found(&array, 1.0, 2, 1), [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0)]);
    }

    #[test]
    fn more_pairs_than_can_be_held_are_an_error() {
        let array = StringArray::from(vec!["a b c"; 20_001]);
        let error = exact_join(&array, 0.5, 2, 1).err().map(|error| error.to_string());
        let expected = "pairs at the threshold must be in [0, 200000000], got 200000001";
        assert_eq!(error.as_deref(), Some(expected));
    }

    #[test]
    fn bad_arguments_are_errors() {
        let texts = StringArray::from(vec!["a"]);
        for threshold in [0.0, -1.0, 1.1, f64::NAN, f64::INFINITY] {
            assert!(exact_join(&texts, threshold, 5, 1).is_err(), "{threshold}");
        }
        for (ngram, threads) in [(0, 1), (65, 1), (5, 0), (5, 257)] {
            assert!(exact_join(&texts, 0.5, ngram, threads).is_err());
        }
        assert!(exact_join(&Int32Array::from(vec![1]), 0.5, 5, 1).is_err());
    }

    fn jaccard_of_sets(a: &[u128], b: &[u128]) -> f64 {
        let shared = a.iter().filter(|hash| b.contains(hash)).count();
        shared as f64 / (a.len() + b.len() - shared).max(1) as f64
    }
}
