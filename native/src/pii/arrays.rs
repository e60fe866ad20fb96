//! Find and replace in all texts of an Arrow array.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use arrow_array::builder::{LargeBinaryBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, LargeBinaryArray, StringArray};

use super::finding::{find, Search};
use super::redaction::{redact, Redactor, Replaced};
use super::spans::Span;
use crate::byte_column::ByteColumn;
use crate::error::{in_range, KernelError};
use crate::threads::{run_on_threads, take_next, MAX_THREADS};

/// Texts that a thread takes at once.
const CHUNK: usize = 32;

/// Columns of a table, with their names.
pub type Columns = Vec<(&'static str, ArrayRef)>;

/// Finds what the texts hold: a row per find, in order of texts and places.
pub fn find_in_array(texts: &dyn Array, search: Search, threads: i64) -> Result<Columns, KernelError> {
    let found = on_rows(texts, threads, |text| find(text, search))?;
    let rows: Vec<(usize, Span)> = flattened(found);
    let mut columns = place_columns(rows.iter().map(|(row, span)| (*row, span.start, span.end)));
    columns.push(("kind", names(rows.iter().map(|(_, span)| span.kind.name()))));
    columns.push(("detector", names(rows.iter().map(|(_, span)| span.detector))));
    columns.push((
        "confidence",
        Arc::new(Float64Array::from_iter_values(rows.iter().map(|(_, span)| span.confidence))),
    ));
    Ok(columns)
}

/// Replaces what the texts hold; returns the texts, null for a null, and a row per replacement.
pub fn redact_array(
    texts: &dyn Array,
    redactor: &Redactor<'_>,
    threads: i64,
) -> Result<(LargeBinaryArray, Columns), KernelError> {
    let column = ByteColumn::new(texts, "texts")?;
    let results = on_rows(texts, threads, |text| redact(text, redactor, &[]))?;
    let mut clean = LargeBinaryBuilder::new();
    let mut replaced: Vec<(usize, Replaced)> = Vec::new();
    for (row, result) in results.into_iter().enumerate() {
        match result {
            None => clean.append_null(),
            Some(None) => clean.append_value(column.row(row)?.unwrap_or_default()),
            Some(Some((text, spans))) => {
                clean.append_value(text);
                replaced.extend(spans.into_iter().map(|span| (row, span)));
            }
        }
    }
    let mut columns = place_columns(replaced.iter().map(|(row, span)| (*row, span.start, span.end)));
    let numbers = |of: fn(&Replaced) -> usize| {
        let values = replaced.iter().map(|(_, span)| of(span) as i64);
        Arc::new(Int64Array::from_iter_values(values)) as ArrayRef
    };
    columns.push(("original_start", numbers(|span| span.original.start)));
    columns.push(("original_end", numbers(|span| span.original.end)));
    columns.push(("kind", names(replaced.iter().map(|(_, span)| span.original.kind.name()))));
    columns.push(("detector", names(replaced.iter().map(|(_, span)| span.original.detector))));
    let mut hashes = StringBuilder::new();
    for (_, span) in &replaced {
        hashes.append_option(span.value_hash.map(|hash| hex(&hash)));
    }
    columns.push(("value_hash", Arc::new(hashes.finish())));
    Ok((clean.finish(), columns))
}

/// Works on each text on threads; the results in order of rows, `None` for a null.
fn on_rows<T: Send>(
    texts: &dyn Array,
    threads: i64,
    work: impl Fn(&[u8]) -> T + Sync,
) -> Result<Vec<Option<T>>, KernelError> {
    let threads = in_range("threads", threads, 1, MAX_THREADS)?;
    let column = ByteColumn::new(texts, "texts")?;
    let mut results: Vec<Option<T>> = (0..column.len()).map(|_| None).collect();
    let first_broken_row = AtomicUsize::new(usize::MAX);
    let chunks = Mutex::new(results.chunks_mut(CHUNK).enumerate());
    run_on_threads(threads, || {
        while let Some((number, chunk)) = take_next(&chunks) {
            for (offset, result) in chunk.iter_mut().enumerate() {
                let row = number * CHUNK + offset;
                match column.row(row) {
                    Ok(text) => *result = text.map(&work),
                    Err(_) => {
                        first_broken_row.fetch_min(row, Ordering::Relaxed);
                    }
                }
            }
        }
    });
    match first_broken_row.into_inner() {
        usize::MAX => Ok(results),
        row => Err(KernelError::BrokenOffsets { row }),
    }
}

fn flattened(found: Vec<Option<Vec<Span>>>) -> Vec<(usize, Span)> {
    let rows = found.into_iter().enumerate();
    rows.flat_map(|(row, spans)| spans.unwrap_or_default().into_iter().map(move |span| (row, span))).collect()
}

fn place_columns(places: impl Iterator<Item = (usize, usize, usize)>) -> Columns {
    let places: Vec<(usize, usize, usize)> = places.collect();
    let column = |of: fn(&(usize, usize, usize)) -> usize| {
        Arc::new(Int64Array::from_iter_values(places.iter().map(|place| of(place) as i64))) as ArrayRef
    };
    vec![
        ("row", column(|place| place.0)),
        ("start", column(|place| place.1)),
        ("end", column(|place| place.2)),
    ]
}

fn names<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// Writes bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
