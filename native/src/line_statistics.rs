//! Line statistics of texts, as The Stack v1 has them.
//!
//! Lines are those of Python's `str.splitlines()`, lengths count code points without the line's end, and a
//! character is alphanumeric as [`is_alphanumeric`] says.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int64Builder};
use arrow_array::{Array, ArrayRef, RecordBatch};

use crate::alphanumeric::is_alphanumeric;
use crate::byte_column::ByteColumn;
use crate::error::KernelError;

/// The statistics of one text; all zero for an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LineStatistics {
    /// Number of lines; an end of line at the end of the text starts no further line.
    pub line_count: u64,
    /// Mean characters per line.
    pub avg_line_length: f64,
    /// Characters of the longest line.
    pub max_line_length: u64,
    /// Share of alphanumeric characters among all characters, ends of lines included.
    pub alphanum_fraction: f64,
}

impl LineStatistics {
    /// Measures `text`.
    pub fn of(text: &str) -> Self {
        let (mut lines, mut in_lines, mut longest) = (0_u64, 0_u64, 0_u64);
        let (mut characters, mut alphanumeric, mut length) = (0_u64, 0_u64, 0_u64);
        let mut after_carriage_return = false;
        let mut line_is_open = false;
        for character in text.chars() {
            characters += 1;
            let second_half = character == '\n' && after_carriage_return;
            after_carriage_return = character == '\r';
            if second_half {
                continue;
            }
            if ends_line(character) {
                lines += 1;
                in_lines += length;
                longest = longest.max(length);
                length = 0;
                line_is_open = false;
            } else {
                length += 1;
                line_is_open = true;
                alphanumeric += u64::from(is_alphanumeric(character));
            }
        }
        if line_is_open {
            lines += 1;
            in_lines += length;
            longest = longest.max(length);
        }
        Self {
            line_count: lines,
            avg_line_length: ratio(in_lines, lines),
            max_line_length: longest,
            alphanum_fraction: ratio(alphanumeric, characters),
        }
    }
}

/// The line boundaries of Python's `str.splitlines()`; none of them is alphanumeric.
fn ends_line(character: char) -> bool {
    matches!(character, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// Returns a batch of the four statistics, one row per text; nulls for a null.
pub fn line_statistics(texts: &dyn Array) -> Result<RecordBatch, KernelError> {
    let column = ByteColumn::new(texts, "texts")?;
    let rows = column.len();
    let mut line_count = Int64Builder::with_capacity(rows);
    let mut avg_line_length = Float64Builder::with_capacity(rows);
    let mut max_line_length = Int64Builder::with_capacity(rows);
    let mut alphanum_fraction = Float64Builder::with_capacity(rows);
    for row in 0..rows {
        let statistics = column.text(row)?.map(LineStatistics::of);
        line_count.append_option(statistics.map(|s| s.line_count as i64));
        avg_line_length.append_option(statistics.map(|s| s.avg_line_length));
        max_line_length.append_option(statistics.map(|s| s.max_line_length as i64));
        alphanum_fraction.append_option(statistics.map(|s| s.alphanum_fraction));
    }
    let columns: [(&str, ArrayRef, bool); 4] = [
        ("line_count", Arc::new(line_count.finish()), true),
        ("avg_line_length", Arc::new(avg_line_length.finish()), true),
        ("max_line_length", Arc::new(max_line_length.finish()), true),
        ("alphanum_fraction", Arc::new(alphanum_fraction.finish()), true),
    ];
    RecordBatch::try_from_iter_with_nullable(columns).map_err(|error| KernelError::Arrow(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::StringArray;

    #[test]
    fn lines_end_where_splitlines_ends_them() {
        let cases = [
            ("", 0, 0),
            ("a", 1, 1),
            ("a\n", 1, 1),
            ("\n", 1, 0),
            ("a\r\nbb", 2, 2),
            ("a\n\rbb", 3, 2),
            ("a\r\r\nb", 3, 1),
            ("\r\n\n", 2, 0),
            ("a\u{b}b\u{c}c\u{1c}d\u{1d}e\u{1e}f\u{85}g\u{2028}h\u{2029}", 8, 1),
            ("a\u{1f}b\tc", 1, 5),
        ];
        for (text, lines, longest) in cases {
            let statistics = LineStatistics::of(text);
            assert_eq!((statistics.line_count, statistics.max_line_length), (lines, longest), "{text:?}");
        }
    }

    #[test]
    fn lengths_count_characters_and_shares_count_ends_of_lines() {
        let statistics = LineStatistics::of("éé\nß_\n");
        assert_eq!(statistics.avg_line_length, 2.0);
        assert_eq!(statistics.alphanum_fraction, 0.5);
        assert_eq!(LineStatistics::of(""), LineStatistics::default());
    }

    #[test]
    fn a_null_text_has_null_statistics() {
        let batch = line_statistics(&StringArray::from(vec![Some("a"), None])).expect("a batch");
        assert!(batch
            .columns()
            .iter()
            .all(|column| column.len() == 2 && column.is_null(1) && column.is_valid(0)));
    }
}
