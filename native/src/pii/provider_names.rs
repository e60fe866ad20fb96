//! Find the provider of a value of a plain shape: one whose name stands before it.

use std::sync::LazyLock;

use super::providers::{Rule, RULES};
use super::word_set::WordSet;

/// How far before a value its provider's name may stand.
const NEAR: usize = 80;

/// Finds the rule whose provider is named near a value that has its plain shape.
pub fn rule_near(text: &[u8], start: usize, end: usize) -> Option<&'static Rule> {
    let window = &text[start.saturating_sub(NEAR)..start];
    NAMES.find_in_window(window, |rule| rule.is_value(&text[start..end]))
}

/// Names with the rules of their providers.
struct Names {
    words: WordSet,
    rules: Vec<&'static Rule>,
}

/// All names.
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let (words, rules): (Vec<_>, _) = all_names().into_iter().unzip();
    Names { words: WordSet::new(&words), rules }
});

/// All names with the rules of their providers.
fn all_names() -> Vec<(&'static [u8], &'static Rule)> {
    let rules = RULES.iter().filter(|rule| !rule.is_shape);
    rules.flat_map(|rule| rule.keywords.iter().map(move |name| (name.as_bytes(), rule))).collect()
}

impl Names {
    /// Returns the first rule that `fits`, of the providers named in a short text in the order of the names' ends.
    fn find_in_window(&self, window: &[u8], fits: impl Fn(&Rule) -> bool) -> Option<&'static Rule> {
        let mut first = None;
        self.words.for_each(window, &mut |number, _| {
            if first.is_none() && fits(self.rules[number]) {
                first = Some(self.rules[number]);
            }
        });
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pii::word_set::tests::assert_equal_to_an_automaton;

    #[test]
    fn all_names_are_found_as_an_automaton_finds_them() {
        let names: Vec<&[u8]> = all_names().into_iter().map(|(name, _)| name).collect();
        assert!(names.iter().all(|name| name.len() > 1));
        assert_equal_to_an_automaton(&names, 3000);
    }
}
