//! Numbers for the shingles that several texts hold, rarest first, and texts as sorted lists of these numbers.

use crate::error::{in_range, KernelError};
use crate::shingles::ShingleSet;

/// One text with its set of shingles, those of this text alone only counted.
pub struct Document {
    /// Place among the texts.
    pub text: usize,
    /// Distinct shingles.
    pub size: usize,
    /// Numbers of the shingles that another text holds too, ascending: those in fewer texts first.
    pub shared: Vec<u32>,
}

impl Document {
    /// The shared shingles among the first `length` of the set; shingles of this text alone come first of all.
    pub fn prefix(&self, length: usize) -> &[u32] {
        let own = self.size - self.shared.len();
        let end = length.saturating_sub(own).min(self.shared.len());
        &self.shared[..end]
    }
}

/// Numbers the shingles by the count of sets that hold them; returns a document per set, by ascending (size, place).
pub fn number_shingles(sets: Vec<ShingleSet>) -> Result<Vec<Document>, KernelError> {
    let numbers = SharedShingles::new(&sets)?;
    let mut documents: Vec<Document> = Vec::with_capacity(sets.len());
    for (text, set) in sets.into_iter().enumerate() {
        let mut shared: Vec<u32> = set.iter().filter_map(|&shingle| numbers.get(shingle)).collect();
        shared.sort_unstable();
        documents.push(Document { text, size: set.len(), shared });
    }
    documents.sort_by_key(|document| document.size);
    Ok(documents)
}

/// The shingles that two texts or more hold, with their numbers.
///
/// Hashes are even, so the leading bits of one tell nearly where it stands among the sorted.
struct SharedShingles {
    hashes: Vec<u128>,
    numbers: Vec<u32>,
    /// Where the hashes with these leading bits begin; one more at the end.
    first: Vec<usize>,
    shift: u32,
}

impl SharedShingles {
    fn new(sets: &[ShingleSet]) -> Result<Self, KernelError> {
        let mut all = Vec::with_capacity(sets.iter().map(Vec::len).sum());
        sets.iter().for_each(|set| all.extend_from_slice(set));
        all.sort_unstable();
        let runs = || all.chunk_by(u128::eq).filter(|run| run.len() > 1);
        let hashes: Vec<u128> = runs().filter_map(|run| run.first().copied()).collect();
        in_range("shared shingles", hashes.len() as i64, 0, u32::MAX as usize)?;
        let mut order: Vec<(usize, u32)> = runs().map(<[u128]>::len).zip(0..).collect();
        drop(all);
        order.sort_unstable();
        let mut numbers = vec![0; hashes.len()];
        for (number, &(_, place)) in (0..).zip(&order) {
            numbers[place as usize] = number;
        }
        let bits = hashes.len().max(2).ilog2();
        let shift = u128::BITS - bits;
        let mut first = vec![0; (1 << bits) + 1];
        hashes.iter().for_each(|hash| first[(hash >> shift) as usize + 1] += 1);
        for place in 1..first.len() {
            first[place] += first[place - 1];
        }
        Ok(Self { hashes, numbers, first, shift })
    }

    fn get(&self, shingle: u128) -> Option<u32> {
        let bucket = (shingle >> self.shift) as usize;
        let range = self.first[bucket]..self.first[bucket + 1];
        let place = self.hashes[range.clone()].binary_search(&shingle).ok()?;
        Some(self.numbers[range.start + place])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_shingles_get_low_numbers_and_lone_ones_none() {
        let sets = vec![vec![1 << 120, 2 << 120, 3 << 120, 9], vec![1 << 120, 2 << 120], vec![2 << 120]];
        let documents = number_shingles(sets).expect("documents");
        let seen: Vec<_> = documents.iter().map(|d| (d.text, d.size, d.shared.as_slice())).collect();
        assert_eq!(seen, [(2, 1, &[1][..]), (1, 2, &[0, 1]), (0, 4, &[0, 1])]);
        assert!(documents[2].prefix(2).is_empty());
        assert_eq!(documents[2].prefix(3), [0]);
        assert_eq!(documents[2].prefix(9), [0, 1]);
    }

    #[test]
    fn no_sets_and_empty_sets_are_no_error() {
        assert!(number_shingles(Vec::new()).expect("documents").is_empty());
        let documents = number_shingles(vec![Vec::new(), vec![5]]).expect("documents");
        assert!(documents.iter().all(|document| document.shared.is_empty()));
    }
}
