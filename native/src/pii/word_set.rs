//! Find all words of a set in a text, in any case of ASCII letters: a bitmap of trigrams proposes, a comparison disposes.
//!
//! Bytes fall into 32 classes, so that the three last bytes of a word make a trigram of 15 bits. A bitmap of four
//! kilobytes tells for each place of a text whether a word may end there; one place of twenty does in source code. The
//! words that end in a trigram are then compared. No step waits for the one before, as the states of an automaton do.

use crate::cpu_path::{dispatch, CPU_PATH};
use crate::word_mask::{WordMask, BLOCK};

/// Bits of a class, of the two classes before it, and the number of each.
const CLASS_BITS: usize = 5;
const CLASSES: usize = 1 << CLASS_BITS;
const PAIRS: usize = CLASSES * CLASSES;

/// The class of all bytes that are rare in words; also of what stands before a text.
const OTHER: u8 = 31;

#[inline]
fn class_of(byte: u8) -> usize {
    usize::from(CLASS[usize::from(byte)])
}

/// The class of each byte; both cases of a letter have one, bytes of other scripts are spread over all.
const CLASS: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            letter @ (b'a'..=b'z' | b'A'..=b'Z') => (letter | 0x20) - b'a',
            b'0'..=b'9' => 26,
            b'_' => 27,
            b'-' => 28,
            b'.' => 29,
            b':' | b'/' | b'=' => 30,
            high @ 128.. => high & OTHER,
            _ => OTHER,
        };
        byte += 1;
    }
    classes
};

/// Bytes at the end of a word that are compared at once.
const TAIL: usize = 8;

/// A word, ready to be compared with what ends at a place.
struct Word {
    /// Its last bytes in lower case, the last one highest, and zeros before a short word.
    tail: u64,
    /// 0x20 where a letter stands in the tail.
    fold: u64,
    /// 0xFF where a byte stands in the tail.
    keep: u64,
    length: usize,
    /// What stands before the tail, in lower case.
    head: Box<[u8]>,
    /// Its places in the list of words; several if the list has it in several cases.
    numbers: Vec<usize>,
}

impl Word {
    fn new(lowered: &[u8], number: usize) -> Self {
        let (head, last) = lowered.split_at(lowered.len().saturating_sub(TAIL));
        let of_each = |byte: fn(u8) -> u8| tail_of(&last.iter().map(|&at| byte(at)).collect::<Vec<_>>());
        Self {
            tail: tail_of(last),
            fold: of_each(|byte| if byte.is_ascii_lowercase() { 0x20 } else { 0 }),
            keep: of_each(|_| 0xFF),
            length: lowered.len(),
            head: head.into(),
            numbers: vec![number],
        }
    }

    /// Whether it is a word given in lower case.
    fn is(&self, lowered: &[u8]) -> bool {
        self.length == lowered.len() && self.tail == tail_of(lowered) && lowered.starts_with(&self.head)
    }

    /// Whether it ends at `end`, before which `tail` stands.
    #[inline]
    fn ends_at(&self, text: &[u8], end: usize, tail: u64) -> bool {
        (tail | self.fold) & self.keep == self.tail
            && self.length <= end
            && text[end - self.length..][..self.head.len()].eq_ignore_ascii_case(&self.head)
    }
}

/// The last eight bytes as a number, the last one highest; zeros for what is not there.
#[inline]
fn tail_of(bytes: &[u8]) -> u64 {
    if let Some(last) = bytes.last_chunk::<TAIL>() {
        return u64::from_le_bytes(*last);
    }
    bytes.iter().rev().enumerate().fold(0, |tail, (place, &byte)| tail | u64::from(byte) << (56 - 8 * place))
}

/// Words that are looked for together.
pub struct WordSet {
    /// Bit c of entry p tells whether a word ends in the class c after the pair of classes p.
    ends: [u32; PAIRS],
    /// How many bits are set before each entry.
    ranks: [u16; PAIRS],
    /// For each set bit, the classes that may stand before the trigram, as bits.
    before: Vec<u32>,
    /// Where the words of each set bit begin in `words`, and where those of the last one end.
    groups: Vec<u16>,
    /// By trigram, the longest first.
    words: Vec<Word>,
}

impl WordSet {
    /// Makes a set of words of two bytes and more; shorter ones are never found.
    pub fn new(list: &[&[u8]]) -> Self {
        let mut words: Vec<(usize, u32, Word)> = Vec::new();
        for (number, word) in list.iter().enumerate().filter(|(_, word)| word.len() > 1) {
            let lowered = word.to_ascii_lowercase();
            let before = lowered.iter().rev().nth(3).map_or(u32::MAX, |&byte| 1 << class_of(byte));
            for trigram in trigrams_at_end(&lowered) {
                match words.iter_mut().find(|(other, _, word)| *other == trigram && word.is(&lowered)) {
                    Some((.., word)) => word.numbers.push(number),
                    None => words.push((trigram, before, Word::new(&lowered, number))),
                }
            }
        }
        words.sort_by_key(|(trigram, _, word)| (*trigram, usize::MAX - word.length));
        let mut set = Self {
            ends: [0; PAIRS],
            ranks: [0; PAIRS],
            before: Vec::new(),
            groups: Vec::new(),
            words: Vec::new(),
        };
        for group in words.chunk_by(|(one, ..), (other, ..)| one == other) {
            let trigram = group[0].0;
            set.ends[trigram / CLASSES] |= 1 << (trigram % CLASSES);
            set.before.push(group.iter().fold(0, |all, (_, before, _)| all | before));
        }
        for pair in 1..PAIRS {
            set.ranks[pair] = set.ranks[pair - 1] + set.ends[pair - 1].count_ones() as u16;
        }
        let mut last = None;
        for (place, (trigram, _, word)) in words.into_iter().enumerate() {
            if last != Some(trigram) {
                set.groups.push(place as u16);
                last = Some(trigram);
            }
            set.words.push(word);
        }
        set.groups.push(set.words.len() as u16);
        set
    }

    /// Calls `found` with the number of each word and where it begins, by the places where the words end; of those that
    /// end together the longest comes first, and of equal ones the first of the list.
    pub fn for_each(&self, text: &[u8], found: &mut dyn FnMut(usize, usize)) {
        search_on(*CPU_PATH, self, text, found);
    }

    #[inline(always)]
    fn search(&self, text: &[u8], found: &mut dyn FnMut(usize, usize)) {
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut before = [usize::from(OTHER); 2];
        for (number, block) in blocks.iter().enumerate() {
            let places = self.places(block, &mut before);
            self.compare(text, number * BLOCK, places, found);
        }
        let mut block = [0; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        let places = self.places(&block, &mut before) & ((1 << rest.len()) - 1);
        self.compare(text, text.len() - rest.len(), places, found);
    }

    /// Returns the bits of the places of a block in which a word may end; `before` holds the two classes before it.
    #[inline(always)]
    fn places(&self, block: &[u8; BLOCK], before: &mut [usize; 2]) -> u64 {
        let mut places = 0;
        let [mut first, mut second] = *before;
        for (number, bytes) in block.as_chunks::<8>().0.iter().enumerate() {
            let mut eight = 0;
            for (place, &byte) in bytes.iter().enumerate() {
                let third = class_of(byte);
                eight |= (self.ends[first << CLASS_BITS | second] >> third & 1) << place;
                (first, second) = (second, third);
            }
            places |= u64::from(eight) << (8 * number);
        }
        *before = [first, second];
        places
    }

    /// Compares the words that may end in the places of a block at `start`.
    #[inline(always)]
    fn compare(&self, text: &[u8], start: usize, mut places: u64, found: &mut dyn FnMut(usize, usize)) {
        // Written without a branch, which would seldom be foreseen: most places are dropped here.
        let mut likely = [(0_u16, 0_u16); BLOCK];
        let mut count = 0;
        while places != 0 {
            let place = places.trailing_zeros() as usize;
            places &= places - 1;
            let (group, before) = self.group(tail_of(&text[..=start + place]));
            likely[count] = (place as u16, group as u16);
            count += (self.before[group] >> before & 1) as usize;
        }
        for &(place, group) in &likely[..count] {
            let (end, group) = (start + usize::from(place) + 1, usize::from(group));
            let tail = tail_of(&text[..end]);
            for word in &self.words[usize::from(self.groups[group])..usize::from(self.groups[group + 1])] {
                if word.ends_at(text, end, tail) {
                    word.numbers.iter().for_each(|&number| found(number, end - word.length));
                }
            }
        }
    }

    /// Returns the number of the group of words that end in the trigram of the last bytes, and the class before it.
    #[inline(always)]
    fn group(&self, tail: u64) -> (usize, usize) {
        let [.., before, first, second, third] = tail.to_le_bytes().map(class_of);
        let pair = first << CLASS_BITS | second;
        let below = self.ends[pair] & ((1 << third) - 1);
        (usize::from(self.ranks[pair]) + below.count_ones() as usize, before)
    }
}

dispatch!(fn search_on => search(set: &WordSet, text: &[u8], found: &mut dyn FnMut(usize, usize)));

/// Vector instructions are not used; those for single bits of the better paths are.
#[inline(always)]
fn search(_: impl WordMask, set: &WordSet, text: &[u8], found: &mut dyn FnMut(usize, usize)) {
    set.search(text, found);
}

/// The trigrams that a word of two bytes or more ends in: one, or one for each class before a word of two bytes.
fn trigrams_at_end(lowered: &[u8]) -> Vec<usize> {
    let trigram = lowered.iter().fold(0, |all, &byte| all << CLASS_BITS | class_of(byte));
    if lowered.len() > 2 {
        vec![trigram % (PAIRS * CLASSES)]
    } else {
        (0..CLASSES).map(|class| class << (2 * CLASS_BITS) | trigram).collect()
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::cpu_path::CpuPath;
    use aho_corasick::{AhoCorasick, MatchKind};

    /// Compares what is found in generated texts with the overlapping matches of an automaton, order included.
    pub fn assert_equal_to_an_automaton(list: &[&[u8]], texts: usize) {
        let set = WordSet::new(list);
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(list)
            .expect("an automaton");
        let mut state = 7_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            (state >> 33) as usize % below
        };
        for _ in 0..texts {
            let mut text = Vec::new();
            for _ in 0..random(24) {
                let word = list[random(list.len())];
                let from = if random(3) == 0 { random(word.len()) } else { 0 };
                let to = if random(3) == 0 { from + random(word.len() - from) } else { word.len() };
                let case = random(3);
                text.extend(word[from..to].iter().map(|byte| match case {
                    0 => byte.to_ascii_uppercase(),
                    1 if random(2) == 0 => byte ^ 0x20,
                    _ => *byte,
                }));
                (0..random(3)).for_each(|_| text.push(random(256) as u8));
            }
            let matches = automaton.find_overlapping_iter(&text);
            let expected: Vec<_> = matches.map(|found| (found.pattern().as_usize(), found.start())).collect();
            for path in CpuPath::available() {
                let mut found = Vec::new();
                search_on(path, &set, &text, &mut |number, start| found.push((number, start)));
                assert_eq!(found, expected, "{path:?} {}", String::from_utf8_lossy(&text));
            }
        }
    }

    #[test]
    fn overlapping_words_equal_words_and_words_of_other_scripts_are_found_in_order() {
        let words = [
            "pw",
            "7z",
            "pass",
            "ass",
            "ss",
            "password",
            "passphrase",
            "secret-token:mercury_",
            "SK_",
            "sk_",
            "Sk_",
            "://",
            "ps://",
            "https://",
            "пароль",
            "密码",
            "==: ",
            "aaa",
            "aaaaaaaa",
            "aaaaaaaaa",
            "identified by",
            "a@b",
            "[x]",
            "{x}",
        ];
        let words = words.map(str::as_bytes);
        assert_equal_to_an_automaton(&words, 20_000);
    }

    #[test]
    fn a_word_is_found_at_every_place_of_short_texts_and_blocks() {
        let set = WordSet::new(&[b"pw", b"TokenToken"]);
        for length in 10..200 {
            for start in 0..=length - 10 {
                let mut text = vec![b' '; length];
                text[start..start + 10].copy_from_slice(b"tokenTOKEN");
                let mut found = Vec::new();
                set.for_each(&text, &mut |number, start| found.push((number, start)));
                assert_eq!(found, [(1, start)]);
                text[start..start + 10].copy_from_slice(b"........PW");
                set.for_each(&text, &mut |number, start| found.push((number, start)));
                assert_eq!(found, [(1, start), (0, start + 8)]);
            }
        }
    }

    #[test]
    fn nothing_is_found_in_nothing_or_by_no_words() {
        WordSet::new(&[b"pw"]).for_each(b"", &mut |_, _| panic!("found"));
        WordSet::new(&[]).for_each(b"pw", &mut |_, _| panic!("found"));
        WordSet::new(&[b"", b"p"]).for_each(b"pw", &mut |_, _| panic!("found"));
    }
}
