//! Cut a secret into pieces, and what joins them: ends of lines with the leaders of comments, and the quotes and signs
//! between the parts of a literal.
//!
//! Only pieces are replaced, so that a key which is written as `"…" + "…"`, or in lines that begin with `#`, leaves code
//! that still parses.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

#[expect(clippy::unwrap_used, reason = "literals that a test compiles")]
fn pattern(source: &str) -> Regex {
    Regex::new(&format!("(?-u){source}")).unwrap()
}

/// A quote, an operator, line ends, and the quote of the next part.
const LITERAL_JOINT: &str = r"[\x22'`][\s+,.&\\()]{0,400}[bBrRfFuUL]{0,2}[\x22'`]";

/// Line ends, indentation, and what makes the next line a comment or a quotation.
const LINE_JOINT: &str = r"[ \t]*[\r\n]+[ \t]*(?:(?:[#*;>|]|//|--)[ \t]+|#+)?[ \t]*";

static JOINT: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("{LITERAL_JOINT}|{LINE_JOINT}")));
static BETWEEN_LITERALS: LazyLock<Regex> = LazyLock::new(|| pattern(LITERAL_JOINT));

/// Returns the pieces of a value, in order; none is empty.
pub fn pieces(value: &[u8]) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for joint in JOINT.find_iter(value) {
        pieces.push(start..joint.start());
        start = joint.end();
    }
    pieces.push(start..value.len());
    pieces.retain(|piece| !value[piece.clone()].trim_ascii().is_empty());
    pieces
}

/// Whether a value is a literal in several parts.
pub fn is_in_parts(value: &[u8]) -> bool {
    BETWEEN_LITERALS.is_match(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_operators_line_ends_and_leaders_belong_to_no_piece() {
        let table: &[(&str, &[&str])] = &[
            ("one", &["one"]),
            ("", &[]),
            ("one\ntwo\r\n  three\n", &["one", "two", "three"]),
            ("one\\n\"\n    + \"two\\n\" +\n\"three", &["one\\n", "two\\n", "three"]),
            ("one',\n 'two'.'three", &["one", "two", "three"]),
            ("one\"\n  b\"two", &["one", "two"]),
            ("one\" \\\n \"two", &["one", "two"]),
            (
                "one\n# two\n#three\n//four+/\n// five\n * six",
                &["one", "two", "three", "//four+/", "five", "six"],
            ),
            ("one \"two\"", &["one \"two\""]),
        ];
        for (value, expected) in table {
            let found: Vec<&str> = pieces(value.as_bytes()).into_iter().map(|piece| &value[piece]).collect();
            assert_eq!(found, *expected, "{value}");
        }
        assert!(is_in_parts(b"one\" + \"two"));
        assert!(!is_in_parts(b"one\ntwo"));
    }
}
