//! Which characters are alphanumeric: exactly those of Python's `str.isalnum`, Unicode 14.0.0.
//!
//! Rust's own `char::is_alphanumeric` is another set (it counts combining marks with the property Alphabetic, and
//! follows the Unicode version of the compiler), so the set comes from a table written by
//! `tables/write_alphanumeric_table.py`.

use std::cmp::Ordering;

use crate::alphanumeric_table::RANGES;

/// Whether `str.isalnum` of CPython 3.11 (Unicode 14.0.0) is true of `character`.
pub fn is_alphanumeric(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    let point = u32::from(character);
    let place = |&(first, last): &(u32, u32)| {
        if last < point {
            Ordering::Less
        } else if first > point {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    };
    RANGES.binary_search_by(place).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_sorted_disjoint_and_apart() {
        for pair in RANGES.windows(2) {
            assert!(pair[0].0 <= pair[0].1 && pair[0].1 + 1 < pair[1].0);
        }
    }

    #[test]
    fn letters_and_numbers_of_many_scripts_count_and_the_rest_does_not() {
        for character in ['a', 'Z', '0', 'é', 'ß', 'Ж', '中', 'ª', '²', '½', 'Ⅷ', '٣', '\u{1D7FF}']
        {
            assert!(is_alphanumeric(character), "{character:?}");
        }
        for character in ['_', ' ', '\n', '-', '€', '\u{301}', '😀', '\u{AD}', '\u{10FFFF}'] {
            assert!(!is_alphanumeric(character), "{character:?}");
        }
    }
}
