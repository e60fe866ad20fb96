//! Keys by which byte-identical contents are found.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;

use arrow_array::{Array, UInt64Array};

use crate::byte_column::ByteColumn;
use crate::error::{in_range, KernelError};
use crate::threads::{run_on_threads, take_next, MAX_THREADS};
use crate::token_hash::content_hash;

/// Contents that a thread takes at once.
const CHUNK: usize = 256;

/// Returns two words per content, null for a null: equal in one process for equal bytes, and in practice only then.
///
/// The keys of the hash are drawn at random once a process, so nobody can prepare contents that collide, and the
/// words mean nothing in another process.
pub fn content_keys(contents: &dyn Array, threads: i64) -> Result<[UInt64Array; 2], KernelError> {
    let threads = in_range("threads", threads, 1, MAX_THREADS)?;
    let column = ByteColumn::new(contents, "contents")?;
    let mut keys: Vec<Option<[u64; 2]>> = vec![None; column.len()];
    let first_broken_row = AtomicUsize::new(usize::MAX);
    let chunks = Mutex::new(keys.chunks_mut(CHUNK).enumerate());
    run_on_threads(threads, || {
        while let Some((number, chunk)) = take_next(&chunks) {
            for (offset, key) in chunk.iter_mut().enumerate() {
                let row = number * CHUNK + offset;
                match column.row(row) {
                    Ok(content) => *key = content.map(content_hash),
                    Err(_) => {
                        first_broken_row.fetch_min(row, Ordering::Relaxed);
                    }
                }
            }
        }
    });
    match first_broken_row.into_inner() {
        usize::MAX => Ok([0, 1].map(|word| keys.iter().map(|key| key.map(|words| words[word])).collect())),
        row => Err(KernelError::BrokenOffsets { row }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::BinaryArray;
    use std::collections::HashSet;

    #[test]
    fn equal_contents_have_equal_keys_and_others_do_not() {
        let mut contents: Vec<Vec<u8>> = (0..100).map(|n| vec![0; n]).collect();
        contents.extend((0..100).map(|n| (0..100).map(|i| u8::from(i == n)).collect()));
        let rows: Vec<Option<&[u8]>> =
            contents.iter().chain(&contents).map(|c| Some(c.as_slice())).chain([None]).collect();
        for threads in [1, 3] {
            let [first, second] = content_keys(&BinaryArray::from(rows.clone()), threads).expect("keys");
            assert!(first.is_null(400) && second.is_null(400));
            let key = |row| (first.value(row), second.value(row));
            assert_eq!((0..200).map(key).collect::<HashSet<_>>().len(), 200);
            assert!((0..200).all(|row| key(row) == key(row + 200)));
        }
    }
}
