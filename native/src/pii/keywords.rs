//! One set of all words that propose a secret, another of those that propose it by shape.

use std::sync::LazyLock;

use super::commands::command_words;
use super::names::ROOTS;
use super::private_keys::{ENCODED_WORD, PRIVATE_KEY_WORD, PUTTY_WORD};
use super::providers::{Rule, RULES};
use super::word_set::WordSet;

/// What a word proposes.
#[derive(Clone, Copy)]
pub enum Proposal {
    /// A piece of a telling name.
    Name,
    /// `PRIVATE KEY`.
    PrivateKey,
    /// The head of a PuTTY key file.
    PuttyKey,
    /// The head of a block in base64.
    EncodedKey,
    /// `://`, before which a scheme stands and after which credentials may.
    Url,
    /// `basic`, `bearer` and the like before a credential.
    Scheme,
    /// `eyJ`, the beginning of a JSON object in base64.
    JsonToken,
    /// A command whose options may hold a password.
    Command,
    /// A literal of a provider's shape.
    Shape(&'static Rule),
}

/// Names of schemes of the `Authorization` header.
const SCHEMES: &[&[u8]] = &[b"basic", b"bearer"];

/// Words and what they propose.
pub struct Keywords {
    words: WordSet,
    proposals: Vec<Proposal>,
}

/// All words that propose a secret.
pub static KEYWORDS: LazyLock<Keywords> = LazyLock::new(|| Keywords::new(|_| true));

/// Those that propose a value which is known by its own shape.
pub static SHAPES: LazyLock<Keywords> = LazyLock::new(|| Keywords::new(Proposal::is_of_shape));

impl Proposal {
    fn is_of_shape(self) -> bool {
        !matches!(self, Self::Name | Self::Url | Self::Scheme | Self::Command)
    }
}

/// All words with what they propose.
fn all_proposals() -> Vec<(&'static [u8], Proposal)> {
    let mut all = Vec::new();
    let mut add = |word, proposal| all.push((word, proposal));
    ROOTS.iter().for_each(|&root| add(root, Proposal::Name));
    SCHEMES.iter().for_each(|&scheme| add(scheme, Proposal::Scheme));
    add(PRIVATE_KEY_WORD, Proposal::PrivateKey);
    add(PUTTY_WORD, Proposal::PuttyKey);
    add(ENCODED_WORD, Proposal::EncodedKey);
    add(b"://", Proposal::Url);
    add(b"eyJ", Proposal::JsonToken);
    command_words().for_each(|word| add(word, Proposal::Command));
    for rule in RULES.iter().filter(|rule| rule.is_shape) {
        for keyword in &rule.keywords {
            add(keyword.trim_start_matches('~').as_bytes(), Proposal::Shape(rule));
        }
    }
    all
}

impl Keywords {
    fn new(is_wanted: fn(Proposal) -> bool) -> Self {
        let wanted = all_proposals().into_iter().filter(|(_, proposal)| is_wanted(*proposal));
        let (words, proposals): (Vec<_>, _) = wanted.unzip();
        Self { words: WordSet::new(&words), proposals }
    }

    /// Calls `judge` with each proposal and the place of its word, in the order of the words' ends.
    pub fn propose(&self, text: &[u8], mut judge: impl FnMut(Proposal, usize)) {
        self.words.for_each(text, &mut |number, place| judge(self.proposals[number], place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pii::word_set::tests::assert_equal_to_an_automaton;

    #[test]
    fn all_words_are_found_as_an_automaton_finds_them() {
        let words: Vec<&[u8]> = all_proposals().into_iter().map(|(word, _)| word).collect();
        assert!(words.iter().all(|word| word.len() > 1));
        assert_equal_to_an_automaton(&words, 3000);
    }
}
