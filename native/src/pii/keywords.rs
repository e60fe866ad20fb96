//! One automaton for all words that propose a secret, another for the names of providers.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::commands::command_words;
use super::names::ROOTS;
use super::private_keys::{ENCODED_WORD, PRIVATE_KEY_WORD, PUTTY_WORD};
use super::providers::{Rule, RULES};

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

/// The automaton and what its words propose.
pub struct Keywords {
    automaton: Option<AhoCorasick>,
    proposals: Vec<Proposal>,
}

/// All words that propose a secret.
pub static KEYWORDS: LazyLock<Keywords> = LazyLock::new(Keywords::new);

impl Keywords {
    fn new() -> Self {
        let mut words: Vec<&[u8]> = Vec::new();
        let mut proposals = Vec::new();
        let mut add = |word: &'static [u8], proposal| {
            words.push(word);
            proposals.push(proposal);
        };
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
        Self { automaton: automaton(&words, MatchKind::Standard), proposals }
    }

    /// Calls `judge` with each proposal and the place of its word, in the order of the words' ends.
    pub fn propose(&self, text: &[u8], mut judge: impl FnMut(Proposal, usize)) {
        let Some(automaton) = &self.automaton else {
            return;
        };
        for found in automaton.find_overlapping_iter(text) {
            judge(self.proposals[found.pattern().as_usize()], found.start());
        }
    }
}

fn automaton(words: &[&[u8]], kind: MatchKind) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(kind)
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .ok()
}

/// The names of providers whose values have a plain shape.
pub struct Names {
    automaton: Option<AhoCorasick>,
    rules: Vec<&'static Rule>,
}

/// All of them.
pub static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut words: Vec<&[u8]> = Vec::new();
    let mut rules = Vec::new();
    for rule in RULES.iter().filter(|rule| !rule.is_shape) {
        for keyword in &rule.keywords {
            words.push(keyword.as_bytes());
            rules.push(rule);
        }
    }
    Names { automaton: automaton(&words, MatchKind::Standard), rules }
});

impl Names {
    /// The rules of the providers named in a short text, in the order of the names' ends.
    pub fn in_window<'a>(&'a self, window: &'a [u8]) -> impl Iterator<Item = &'static Rule> + 'a {
        let found = self.automaton.iter().flat_map(move |automaton| automaton.find_overlapping_iter(window));
        found.map(|found| self.rules[found.pattern().as_usize()])
    }
}
