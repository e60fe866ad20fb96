//! Exact shingle sets of texts, as hashes by secret keys, and how much two of them share.

use crate::cpu_path::{dispatch, CPU_PATH};
use crate::shingle_hashes::ShingleHasher;
use crate::token_hash::secret_keys;
use crate::word_mask::WordMask;

/// Hashes that are kept for texts seen before; 32 MB.
const KEPT_HASHES: usize = 1 << 22;

/// A set of hashes by open addressing, at most half full. Zero marks a free cell.
#[derive(Default)]
pub struct HashTable {
    cells: Vec<u64>,
    shift: u32,
}

impl HashTable {
    /// Empties the set and makes room for `count` hashes.
    fn reset(&mut self, count: usize) {
        let bits = (2 * count.max(32)).next_power_of_two().trailing_zeros();
        self.cells.clear();
        self.cells.resize(1 << bits, 0);
        self.shift = u64::BITS - bits;
    }

    /// Adds a hash and says whether it was new. There must be room for it.
    #[inline(always)]
    fn insert(&mut self, hash: u64) -> bool {
        let mask = self.cells.len() - 1;
        let mut at = (hash >> self.shift) as usize;
        loop {
            let cell = &mut self.cells[at & mask];
            if *cell == hash {
                return false;
            }
            if *cell == 0 {
                *cell = hash;
                return true;
            }
            at += 1;
        }
    }

    /// The place of a hash, or of the free cell where it would be.
    #[inline(always)]
    fn find(&self, hash: u64) -> usize {
        let mask = self.cells.len() - 1;
        let mut at = (hash >> self.shift) as usize & mask;
        while self.cells[at] != hash && self.cells[at] != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    /// Whether a hash is in the set.
    #[inline(always)]
    fn contains(&self, hash: u64) -> bool {
        self.cells[self.find(hash)] == hash
    }

    /// Makes room for `more` hashes beside those that it holds.
    fn make_room(&mut self, held: &[u64], more: usize) {
        let most = held.len() + more;
        if 2 * most > self.cells.len() {
            self.reset(if held.is_empty() { most } else { 2 * most });
            for &hash in held {
                self.insert(hash);
            }
        }
    }

    /// Makes the set that of these distinct hashes.
    fn fill(&mut self, hashes: &[u64]) {
        self.reset(hashes.len());
        for &hash in hashes {
            self.insert(hash);
        }
    }

    /// How many of these distinct hashes are in the set.
    pub fn count_shared(&self, hashes: &[u64]) -> usize {
        if self.cells.is_empty() {
            return 0;
        }
        hashes.iter().filter(|&&hash| self.contains(hash)).count()
    }
}

/// A set that other texts are held against, and which of its hashes the last one of them has.
#[derive(Default)]
pub struct HeldSet {
    table: HashTable,
    /// For each cell the number of the text that was last seen to have its hash.
    seen_by: Vec<u32>,
    texts: u32,
}

impl HeldSet {
    /// How many of these distinct hashes are in the set.
    pub fn count_shared(&self, hashes: &[u64]) -> usize {
        self.table.count_shared(hashes)
    }

    /// Forgets which hashes were seen; after the table was changed.
    fn forget(&mut self) {
        self.texts = 0;
        self.seen_by.clear();
        self.seen_by.resize(self.table.cells.len(), 0);
    }

    /// Begins another text.
    fn next_text(&mut self) {
        if self.table.cells.is_empty() {
            self.table.reset(0);
            self.forget();
        }
        if self.texts == u32::MAX {
            self.forget();
        }
        self.texts += 1;
    }

    /// Whether a hash of the present text is in the set, and whether it is new there.
    #[inline(always)]
    fn see(&mut self, hash: u64) -> (bool, bool) {
        let at = self.table.find(hash);
        let is_in = self.table.cells[at] == hash;
        let seen_by = &mut self.seen_by[at];
        let is_new = is_in && *seen_by != self.texts;
        if is_new {
            *seen_by = self.texts;
        }
        (is_in, is_new)
    }
}

/// Builds shingle sets with buffers that are used again.
#[derive(Default)]
pub struct SetBuilder {
    hasher: ShingleHasher,
    table: HashTable,
}

impl SetBuilder {
    /// Appends the distinct shingles of `text`, each once, as non-zero hashes in order of first appearance.
    pub fn append_distinct(&mut self, text: &[u8], ngram: usize, distinct: &mut Vec<u64>) {
        append_on(*CPU_PATH, self, text, ngram, distinct);
    }

    /// The same, and returns how many of them are in `held`.
    fn append_beside(
        &mut self,
        held: &mut HeldSet,
        text: &[u8],
        ngram: usize,
        distinct: &mut Vec<u64>,
    ) -> usize {
        append_beside_on(*CPU_PATH, self, held, text, ngram, distinct)
    }
}

dispatch!(fn append_on => append(builder: &mut SetBuilder, text: &[u8], ngram: usize, distinct: &mut Vec<u64>));

dispatch!(fn append_beside_on => append_beside(
    builder: &mut SetBuilder, held: &mut HeldSet, text: &[u8], ngram: usize, distinct: &mut Vec<u64>,
) -> usize);

/// Hashes that `held` has need no table of their own: one look tells that they are shared and whether they are new.
#[inline(always)]
fn append_beside(
    masks: impl WordMask,
    builder: &mut SetBuilder,
    held: &mut HeldSet,
    text: &[u8],
    ngram: usize,
    distinct: &mut Vec<u64>,
) -> usize {
    let SetBuilder { hasher, table } = builder;
    let (mut shared, mut others) = (0, Vec::new());
    held.next_text();
    table.reset(0);
    hasher.for_each_piece(masks, secret_keys(), text, ngram, |hashes| {
        table.make_room(&others, hashes.len());
        for &hash in hashes {
            let hash = hash.max(1);
            let (is_in, is_new) = held.see(hash);
            if is_new {
                shared += 1;
                distinct.push(hash);
            } else if !is_in && table.insert(hash) {
                others.push(hash);
                distinct.push(hash);
            }
        }
    });
    shared
}

#[inline(always)]
fn append(
    masks: impl WordMask,
    builder: &mut SetBuilder,
    text: &[u8],
    ngram: usize,
    distinct: &mut Vec<u64>,
) {
    let SetBuilder { hasher, table } = builder;
    let start = distinct.len();
    table.reset(0);
    hasher.for_each_piece(masks, secret_keys(), text, ngram, |hashes| {
        table.make_room(&distinct[start..], hashes.len());
        for &hash in hashes {
            let hash = hash.max(1);
            if table.insert(hash) {
                distinct.push(hash);
            }
        }
    });
}

/// The sets of texts that are compared again and again, as many as there is room for.
#[derive(Default)]
pub struct SetCache {
    kept: Vec<u64>,
    ranges: std::collections::HashMap<u32, (usize, usize)>,
    scratch: Vec<u64>,
    builder: SetBuilder,
    /// The place whose set the builder made last: its table holds that set.
    built: Option<u32>,
    /// Bytes of text that were cut into shingles.
    pub bytes_read: u64,
}

impl SetCache {
    /// Forgets all texts.
    pub fn clear(&mut self) {
        self.kept.clear();
        self.ranges.clear();
        self.built = None;
    }

    /// Makes `held` the set of the text that `place` stands for, and returns its size.
    pub fn fill(&mut self, held: &mut HeldSet, place: u32, text: &[u8], ngram: usize) -> usize {
        let count = self.distinct(place, text, ngram).len();
        if self.built.take() == Some(place) {
            std::mem::swap(&mut held.table, &mut self.builder.table);
        } else {
            held.table.fill(self.distinct(place, text, ngram));
        }
        held.forget();
        count
    }

    /// Returns the size of the set of the text that `place` stands for, and how much of it `held` has.
    pub fn compare(&mut self, held: &mut HeldSet, place: u32, text: &[u8], ngram: usize) -> (usize, usize) {
        if let Some(&(start, end)) = self.ranges.get(&place) {
            return (end - start, held.count_shared(&self.kept[start..end]));
        }
        self.built = None;
        let mut shared = 0;
        let distinct = self.cut(place, text, |builder, distinct| {
            shared = builder.append_beside(held, text, ngram, distinct);
        });
        (distinct.len(), shared)
    }

    /// Returns the set of the text that `place` stands for.
    fn distinct(&mut self, place: u32, text: &[u8], ngram: usize) -> &[u64] {
        if let Some(&(start, end)) = self.ranges.get(&place) {
            return &self.kept[start..end];
        }
        self.built = Some(place);
        self.cut(place, text, |builder, distinct| builder.append_distinct(text, ngram, distinct))
    }

    /// Returns the hashes that `append` gives for a text, which are kept if there is room.
    fn cut(
        &mut self,
        place: u32,
        text: &[u8],
        append: impl FnOnce(&mut SetBuilder, &mut Vec<u64>),
    ) -> &[u64] {
        self.bytes_read += text.len() as u64;
        // A shingle takes at least two bytes of text, its hash eight.
        if self.kept.len() + text.len() / 2 > KEPT_HASHES {
            self.scratch.clear();
            append(&mut self.builder, &mut self.scratch);
            return &self.scratch;
        }
        let start = self.kept.len();
        append(&mut self.builder, &mut self.kept);
        self.ranges.insert(place, (start, self.kept.len()));
        &self.kept[start..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingles::Shingler;

    #[test]
    fn sets_are_those_of_the_reference() {
        let long: String = (0..60_000_u64).map(|i| format!("t{} ", i * i % 7919)).collect();
        let same = "a b c d e f ".repeat(9000);
        let mut cache = SetCache::default();
        for ngram in [1, 2, 5] {
            cache.clear();
            let texts = ["", "a", "a b c d e", "one two one two one two", &long, &same];
            for (place, text) in texts.iter().enumerate() {
                let expected = Shingler::new(ngram).shingles(text.as_bytes()).1;
                for _ in 0..2 {
                    let found = cache.distinct(place as u32, text.as_bytes(), ngram);
                    assert_eq!(found.len(), expected.len());
                    assert_eq!(found.iter().collect::<std::collections::HashSet<_>>().len(), expected.len());
                }
            }
        }
    }

    #[test]
    fn a_text_is_held_against_one_just_read_and_one_from_before() {
        let texts: [&[u8]; 4] = [b"a b c", b"c d e d e", b"x y z", b""];
        for kept in [true, false] {
            let (mut cache, mut held) = (SetCache::default(), HeldSet::default());
            assert_eq!(cache.compare(&mut held, 9, b"a b a", 1), (2, 0));
            for round in 0..2 {
                for (place, text) in texts.iter().enumerate().take(3) {
                    if !kept {
                        cache.clear();
                    }
                    assert_eq!(cache.fill(&mut held, place as u32, text, 1), 3);
                    for other in [1, 3, 1] {
                        let expected = if other == 3 { (0, 0) } else { (3, [1, 3, 0][place]) };
                        let found = cache.compare(&mut held, other as u32, texts[other], 1);
                        assert_eq!(found, expected, "{kept} {round} {place}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_two_long_texts_share_is_counted_however_the_second_is_read() {
        let text = |step: u64| (0..30_000).map(|i| format!("t{} ", i * step % 7919)).collect::<String>();
        let (one, other) = (text(3), text(5));
        let (mut cache, mut held) = (SetCache::default(), HeldSet::default());
        for ngram in [1, 2, 5] {
            cache.clear();
            cache.fill(&mut held, 0, one.as_bytes(), ngram);
            let first = cache.compare(&mut held, 1, other.as_bytes(), ngram);
            assert_eq!(cache.compare(&mut held, 1, other.as_bytes(), ngram), first);
            let sets = [&one, &other].map(|text| Shingler::new(ngram).shingles(text.as_bytes()).1);
            let shared = sets[0].iter().filter(|shingle| sets[1].binary_search(shingle).is_ok()).count();
            assert_eq!(first, (sets[1].len(), shared));
        }
    }

    #[test]
    fn what_two_sets_share_is_counted() {
        let mut builder = SetBuilder::default();
        let mut set = |text: &str| {
            let mut distinct = Vec::new();
            builder.append_distinct(text.as_bytes(), 1, &mut distinct);
            distinct
        };
        let mut table = HashTable::default();
        assert_eq!(table.count_shared(&set("a b")), 0);
        table.fill(&set("a b c d a"));
        assert_eq!(table.count_shared(&set("c d e d")), 2);
        table.fill(&set("x"));
        assert_eq!(table.count_shared(&set("a b c d a")), 0);
    }
}
