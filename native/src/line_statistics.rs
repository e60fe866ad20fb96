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
        let mut measure = Measure::default();
        let mut place = 0;
        while place < text.len() {
            let end = text.len().min(place + BLOCK);
            let block = &text.as_bytes()[place..end];
            if !measure.after_carriage_return && is_plain(block) {
                measure.take_plain(block);
                place = end;
            } else {
                for character in text[place..].chars() {
                    measure.take(character);
                    place += character.len_utf8();
                    if place >= end {
                        break;
                    }
                }
            }
        }
        measure.finish()
    }
}

/// Bytes that are looked at together; fewer than a byte can count.
const BLOCK: usize = 128;

/// Whether a block is ASCII without control characters other than tabs and line feeds.
fn is_plain(block: &[u8]) -> bool {
    let other = |byte: u8| (byte & 0x80) | u8::from(byte < b' ' && byte != b'\t' && byte != b'\n');
    block.iter().fold(0, |others, &byte| others | other(byte)) == 0
}

/// A text that is measured from its beginning on.
#[derive(Default)]
struct Measure {
    lines: u64,
    in_lines: u64,
    longest: u64,
    characters: u64,
    alphanumeric: u64,
    /// Characters of the line so far.
    length: u64,
    after_carriage_return: bool,
}

impl Measure {
    fn take(&mut self, character: char) {
        self.characters += 1;
        let second_half = character == '\n' && self.after_carriage_return;
        self.after_carriage_return = character == '\r';
        if second_half {
            return;
        }
        if ends_line(character) {
            self.end_line();
        } else {
            self.length += 1;
            self.alphanumeric += u64::from(is_alphanumeric(character));
        }
    }

    /// Takes a block for which `is_plain` holds, not after a carriage return.
    fn take_plain(&mut self, block: &[u8]) {
        self.characters += block.len() as u64;
        let count = block.iter().fold(0_u8, |count, &byte| {
            let is_digit = byte.wrapping_sub(b'0') < 10;
            let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
            count.wrapping_add(u8::from(is_digit | is_letter))
        });
        self.alphanumeric += u64::from(count);
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', block) {
            self.length += (end - start) as u64;
            self.end_line();
            start = end + 1;
        }
        self.length += (block.len() - start) as u64;
    }

    fn end_line(&mut self) {
        self.lines += 1;
        self.in_lines += self.length;
        self.longest = self.longest.max(self.length);
        self.length = 0;
    }

    fn finish(mut self) -> LineStatistics {
        if self.length > 0 {
            self.end_line();
        }
        LineStatistics {
            line_count: self.lines,
            avg_line_length: ratio(self.in_lines, self.lines),
            max_line_length: self.longest,
            alphanum_fraction: ratio(self.alphanumeric, self.characters),
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
    fn blocks_change_nothing() {
        let pieces = ["a", "é", "\n", "\r", "\r\n", "\u{1c}", "word and 7 more ", "\u{2028}", "_"];
        let mut seed = 1_u32;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as usize % below
        };
        for length in 0..400 {
            let plain = "x y\n".repeat(length / 3);
            let mixed: String = (0..length).map(|_| pieces[next(pieces.len())]).collect();
            for text in [format!("{plain}{mixed}{plain}"), mixed] {
                let mut expected = Measure::default();
                text.chars().for_each(|character| expected.take(character));
                assert_eq!(LineStatistics::of(&text), expected.finish(), "{text:?}");
            }
        }
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
