//! Exact Jaccard similarity of pairs of texts, over their shingle sets.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;
use std::thread;

use arrow_array::{Array, Float64Array, UInt32Array};

use crate::byte_column::ByteColumn;
use crate::error::{in_range, KernelError};
use crate::shingles::{ShingleSet, Shingler, MAX_NGRAM};

/// Most threads that are taken.
pub const MAX_THREADS: usize = 256;

/// Texts or pairs that a thread takes at once.
const CHUNK: usize = 256;

/// Returns |a ∩ b| / |a ∪ b| of two sorted sets; 0 if one of them is empty.
pub fn jaccard_of_sets(a: &[u128], b: &[u128]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        common += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    common as f64 / (a.len() + b.len() - common) as f64
}

/// Returns the similarity of `texts[left[i]]` and `texts[right[i]]` for every i.
///
/// A text of fewer than `ngram` tokens (or a null) has no shingles and is similar to nothing, not even to itself.
/// The set of each text that occurs in a pair is built once and held until the end: 16 bytes per distinct shingle.
pub fn exact_jaccard(
    texts: &dyn Array,
    left: &dyn Array,
    right: &dyn Array,
    ngram: i64,
    threads: i64,
) -> Result<Float64Array, KernelError> {
    let ngram = in_range("ngram", ngram, 1, MAX_NGRAM)?;
    let threads = in_range("threads", threads, 1, MAX_THREADS)?;
    let column = ByteColumn::new(texts, "texts")?;
    let left = row_numbers("left", left, column.len())?;
    let right = row_numbers("right", right, column.len())?;
    if left.len() != right.len() {
        return Err(KernelError::LengthMismatch { left: left.len(), right: right.len() });
    }
    let mut wanted = vec![false; column.len()];
    for &row in left.iter().chain(right) {
        wanted[row as usize] = true;
    }
    let sets = shingle_sets(&column, &wanted, ngram, threads)?;
    let mut similarities = vec![0.0; left.len()];
    let chunks = Mutex::new(similarities.chunks_mut(CHUNK).enumerate());
    run_on_threads(threads, || {
        while let Some((number, chunk)) = take_next(&chunks) {
            let pairs = left.iter().zip(right).skip(number * CHUNK);
            for (slot, (&a, &b)) in chunk.iter_mut().zip(pairs) {
                *slot = jaccard_of_sets(&sets[a as usize], &sets[b as usize]);
            }
        }
    });
    Ok(Float64Array::from(similarities))
}

/// Borrows an array of uint32 without nulls whose values are all below `texts`.
fn row_numbers<'a>(
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

/// Builds the shingle set of every wanted row; the others are left empty.
fn shingle_sets(
    column: &ByteColumn<'_>,
    wanted: &[bool],
    ngram: usize,
    threads: usize,
) -> Result<Vec<ShingleSet>, KernelError> {
    let mut sets: Vec<ShingleSet> = vec![ShingleSet::new(); column.len()];
    let first_broken_row = AtomicUsize::new(usize::MAX);
    let chunks = Mutex::new(sets.chunks_mut(CHUNK).enumerate());
    run_on_threads(threads, || {
        let mut shingler = Shingler::new(ngram);
        while let Some((number, chunk)) = take_next(&chunks) {
            for (offset, set) in chunk.iter_mut().enumerate() {
                let row = number * CHUNK + offset;
                if !wanted[row] {
                    continue;
                }
                match column.row(row) {
                    Ok(text) => *set = shingler.shingles(text.unwrap_or_default()).1,
                    Err(_) => {
                        first_broken_row.fetch_min(row, Ordering::Relaxed);
                    }
                }
            }
        }
    });
    match first_broken_row.into_inner() {
        usize::MAX => Ok(sets),
        row => Err(KernelError::BrokenOffsets { row }),
    }
}

/// Takes the next item of an iterator that threads share.
fn take_next<I: Iterator>(items: &Mutex<I>) -> Option<I::Item> {
    items.lock().ok()?.next()
}

/// Runs `work` on `threads` threads, this one included; a thread that cannot be started is done without.
fn run_on_threads(threads: usize, work: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 1..threads {
            if thread::Builder::new().spawn_scoped(scope, &work).is_err() {
                break;
            }
        }
        work();
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Float32Array, StringArray};

    fn similarities(texts: &StringArray, left: Vec<u32>, right: Vec<u32>, threads: i64) -> Vec<f64> {
        let (left, right) = (UInt32Array::from(left), UInt32Array::from(right));
        exact_jaccard(texts, &left, &right, 1, threads).expect("similarities").values().to_vec()
    }

    #[test]
    fn similarity_is_intersection_over_union() {
        let texts =
            StringArray::from(vec![Some("a b c d"), Some("c d e"), Some("a a b c d"), Some("-"), None]);
        let found = similarities(&texts, vec![0, 0, 0, 3, 4, 1], vec![1, 2, 3, 3, 4, 1], 1);
        assert_eq!(found, [0.4, 1.0, 0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn threads_change_nothing() {
        let rows: Vec<String> = (0..1500).map(|i| format!("a{} b{} c{} d", i % 7, i % 5, i % 3)).collect();
        let texts = StringArray::from(rows);
        let left: Vec<u32> = (0..1500).collect();
        let right: Vec<u32> = (0..1500).map(|i| (i * 37) % 1500).collect();
        let one = similarities(&texts, left.clone(), right.clone(), 1);
        assert!(one.iter().any(|&s| s > 0.0 && s < 1.0));
        for threads in [2, 3, 256] {
            assert_eq!(one, similarities(&texts, left.clone(), right.clone(), threads));
        }
    }

    #[test]
    fn bad_arguments_are_errors() {
        let texts = StringArray::from(vec!["a", "b"]);
        let one = UInt32Array::from(vec![1]);
        let call = |left: &dyn Array, ngram, threads| exact_jaccard(&texts, left, &one, ngram, threads).err();
        assert!(call(&one, 5, 1).is_none());
        let far = UInt32Array::from(vec![2]);
        assert_eq!(call(&far, 5, 1), Some(KernelError::BadIndex { argument: "left", row: 0, texts: 2 }));
        let null = UInt32Array::from(vec![None]);
        assert_eq!(call(&null, 5, 1), Some(KernelError::BadIndex { argument: "left", row: 0, texts: 2 }));
        let two = UInt32Array::from(vec![0, 1]);
        assert_eq!(call(&two, 5, 1), Some(KernelError::LengthMismatch { left: 2, right: 1 }));
        assert!(call(&Float32Array::from(vec![0.0]), 5, 1).is_some());
        for (ngram, threads) in [(0, 1), (65, 1), (-1, 1), (5, 0), (5, 257), (5, i64::MIN)] {
            assert!(matches!(call(&one, ngram, threads), Some(KernelError::OutOfRange { .. })));
        }
    }
}
