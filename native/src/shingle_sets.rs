//! Exact shingle sets of texts, as hashes by secret keys, and how much two of them share.

use crate::cpu_path::{dispatch, CpuPath};
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

    /// Whether a hash is in the set.
    #[inline(always)]
    fn contains(&self, hash: u64) -> bool {
        let mask = self.cells.len() - 1;
        let mut at = (hash >> self.shift) as usize;
        loop {
            let cell = self.cells[at & mask];
            if cell == hash || cell == 0 {
                return cell == hash;
            }
            at += 1;
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

/// Builds shingle sets with buffers that are used again.
#[derive(Default)]
pub struct SetBuilder {
    hasher: ShingleHasher,
    table: HashTable,
}

impl SetBuilder {
    /// Appends the distinct shingles of `text`, each once, as non-zero hashes in order of first appearance.
    pub fn append_distinct(&mut self, text: &[u8], ngram: usize, distinct: &mut Vec<u64>) {
        append_on(CpuPath::best(), self, text, ngram, distinct);
    }
}

dispatch!(fn append_on => append(builder: &mut SetBuilder, text: &[u8], ngram: usize, distinct: &mut Vec<u64>));

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
        let most = distinct.len() - start + hashes.len();
        if 2 * most > table.cells.len() {
            if distinct.len() == start {
                table.reset(most);
            } else {
                table.reset(2 * most);
                distinct[start..].iter().for_each(|&hash| {
                    table.insert(hash);
                });
            }
        }
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

    /// Makes `table` the set of the text that `place` stands for, and returns its size.
    pub fn fill(&mut self, table: &mut HashTable, place: u32, text: &[u8], ngram: usize) -> usize {
        let count = self.distinct(place, text, ngram).len();
        if self.built.take() == Some(place) {
            std::mem::swap(table, &mut self.builder.table);
        } else {
            table.fill(self.distinct(place, text, ngram));
        }
        count
    }

    /// Returns the set of the text that `place` stands for.
    pub fn distinct(&mut self, place: u32, text: &[u8], ngram: usize) -> &[u64] {
        if let Some(&(start, end)) = self.ranges.get(&place) {
            return &self.kept[start..end];
        }
        self.bytes_read += text.len() as u64;
        self.built = Some(place);
        // A shingle takes at least two bytes of text, its hash eight.
        if self.kept.len() + text.len() / 2 > KEPT_HASHES {
            self.scratch.clear();
            self.builder.append_distinct(text, ngram, &mut self.scratch);
            return &self.scratch;
        }
        let start = self.kept.len();
        self.builder.append_distinct(text, ngram, &mut self.kept);
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
    fn a_table_is_filled_with_a_text_just_read_and_with_one_from_before() {
        let (mut cache, mut table) = (SetCache::default(), HashTable::default());
        for round in 0..2 {
            for (place, text) in [b"a b c", b"c d e", b"x y z"].iter().enumerate() {
                assert_eq!(cache.fill(&mut table, place as u32, *text, 1), 3);
                let other = cache.distinct(1, b"c d e", 1).to_vec();
                assert_eq!(table.count_shared(&other), [1, 3, 0][place], "{round}");
            }
        }
        assert_eq!(cache.bytes_read, 15);
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
