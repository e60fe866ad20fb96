//! An inverted index over the prefixes of sets of shingles, and the sizes and prefix lengths that a threshold asks for.

use crate::shared_shingles::Document;

/// For each shingle the documents whose index prefix holds it, ascending, with its place among their shared ones.
pub struct Index {
    first: Vec<usize>,
    postings: Vec<(u32, u32)>,
}

impl Index {
    /// The index over all documents, which come by ascending size.
    pub fn new(documents: &[Document], bounds: Bounds) -> Self {
        let prefixes =
            || documents.iter().map(|document| document.prefix(bounds.index_prefix(document.size)));
        let shingles = documents.iter().filter_map(|document| document.shared.last()).max();
        let mut first = vec![0; shingles.map_or(0, |&most| most as usize + 1) + 1];
        prefixes().flatten().for_each(|&shingle| first[shingle as usize + 1] += 1);
        for place in 1..first.len() {
            first[place] += first[place - 1];
        }
        let mut free = first.clone();
        let mut postings = vec![(0, 0); first.last().copied().unwrap_or(0)];
        for (document, prefix) in (0..).zip(prefixes()) {
            for (place, &shingle) in (0..).zip(prefix) {
                postings[free[shingle as usize]] = (document, place);
                free[shingle as usize] += 1;
            }
        }
        Self { first, postings }
    }

    /// The postings of a shingle.
    pub fn get(&self, shingle: u32) -> &[(u32, u32)] {
        &self.postings[self.first[shingle as usize]..self.first[shingle as usize + 1]]
    }
}

/// What a threshold asks of sizes. Rounded a little down: a bound may propose too much, never too little.
#[derive(Clone, Copy)]
pub struct Bounds {
    /// Jaccard similarity, in (0, 1].
    pub threshold: f64,
}

impl Bounds {
    fn at_least(share: f64, of: usize) -> usize {
        ((share * of as f64 * (1.0 - 1e-9)).ceil() as usize).clamp(1, of.max(1))
    }

    /// Least size of a set that is similar to one of `size`, and least number of shingles that the two share.
    pub fn least_size(self, size: usize) -> usize {
        Self::at_least(self.threshold, size)
    }

    /// Least number of common shingles of two sets.
    pub fn least_common(self, one: usize, other: usize) -> usize {
        Self::at_least(self.threshold / (1.0 + self.threshold), one + other)
    }

    /// Shingles of a set of `size` among which every partner that is not larger has one.
    pub fn probe_prefix(self, size: usize) -> usize {
        (size + 1).saturating_sub(self.least_size(size)).min(size)
    }

    /// Shingles of a set of `size` among which every partner that is not smaller has one of its probe prefix.
    pub fn index_prefix(self, size: usize) -> usize {
        (size + 1).saturating_sub(self.least_common(size, size)).min(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_hold_what_a_pair_at_the_threshold_can_spare() {
        let bounds = Bounds { threshold: 0.7 };
        assert_eq!([bounds.least_size(10), bounds.least_size(0), bounds.least_common(10, 7)], [7, 1, 7]);
        assert_eq!([bounds.probe_prefix(10), bounds.probe_prefix(1), bounds.probe_prefix(0)], [4, 1, 0]);
        assert_eq!([bounds.index_prefix(10), bounds.index_prefix(0)], [2, 0]);
        let equal = Bounds { threshold: 1.0 };
        assert_eq!([equal.probe_prefix(10), equal.index_prefix(10)], [1, 1]);
    }

    #[test]
    fn postings_name_documents_and_places() {
        let document = |size, shared: &[u32]| Document { text: 0, size, shared: shared.to_vec() };
        let documents = [document(1, &[2]), document(3, &[0, 1, 2])];
        let index = Index::new(&documents, Bounds { threshold: 0.5 });
        assert_eq!((index.get(0), index.get(1)), (&[(1, 0)][..], &[(1, 1)][..]));
        assert_eq!(index.get(2), [(0, 0)]);
    }
}
