//! Look for words inside a word: `secret` in `clientsecrets`.

/// Words that are looked for inside others.
pub struct Roots {
    words: Vec<&'static [u8]>,
    /// The words that end in each byte, as bits.
    by_last: [u32; 256],
}

impl Roots {
    /// Reads a list of at most 32 words.
    pub fn of(list: &'static str) -> Self {
        let words: Vec<&[u8]> = list.split_ascii_whitespace().map(str::as_bytes).collect();
        let mut by_last = [0; 256];
        for (number, last) in
            words.iter().enumerate().filter_map(|(number, word)| Some((number, word.last()?)))
        {
            by_last[usize::from(*last)] |= 1 << number;
        }
        Self { words, by_last }
    }

    /// Whether a word is one of them.
    pub fn has(&self, word: &[u8]) -> bool {
        self.words.contains(&word)
    }

    /// Returns what stands after the last of them inside `word`, without an `s`.
    ///
    /// Words of fewer than six bytes count only at its end, those of fewer than three only alone.
    pub fn after_last_in<'a>(&self, word: &'a [u8]) -> Option<&'a [u8]> {
        for end in (1..=word.len()).rev() {
            let mut numbers = self.by_last[usize::from(word[end - 1])];
            while numbers != 0 {
                let root = self.words[numbers.trailing_zeros() as usize];
                numbers &= numbers - 1;
                let stands_alone = root.len() >= 3 || root.len() == word.len();
                if stands_alone && (root.len() >= 6 || end == word.len()) && word[..end].ends_with(root) {
                    let rest = &word[end..];
                    return Some(rest.strip_prefix(b"s").unwrap_or(rest));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_counts_short_ones_only_at_the_end() {
        let roots = Roots::of("pw pass password secret secrettoken");
        let table: &[(&str, Option<&str>)] = &[
            ("password", Some("")),
            ("passwords", Some("")),
            ("dbpasswordhash", Some("hash")),
            ("secretpassword", Some("")),
            ("passwordsecretid", Some("id")),
            ("mypass", Some("")),
            ("passive", None),
            ("pw", Some("")),
            ("mypw", None),
            ("", None),
        ];
        for (word, expected) in table {
            assert_eq!(roots.after_last_in(word.as_bytes()), expected.map(str::as_bytes), "{word}");
        }
        assert!(roots.has(b"pass") && !roots.has(b"passive"));
    }
}
