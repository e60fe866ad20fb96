//! Connected parts of a graph whose edges are packed pairs.

use arrow_array::{Array, UInt32Array};

use crate::error::{in_range, KernelError};
use crate::gate::{packed_pairs, places};

/// A forest over places, in which the least place of a tree is its root.
pub struct Forest {
    parent: Vec<u32>,
}

impl Forest {
    /// A forest of single places.
    pub fn new(count: usize) -> Self {
        Self { parent: (0..count as u32).collect() }
    }

    /// The root of a place; halves the path on the way.
    pub fn root(&mut self, place: usize) -> usize {
        let mut at = place;
        while self.parent[at] as usize != at {
            let parent = self.parent[at] as usize;
            self.parent[at] = self.parent[parent];
            at = parent;
        }
        at
    }

    /// Joins the trees of two places.
    pub fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        self.parent[left.max(right)] = left.min(right) as u32;
    }
}

/// Returns the best-ranked place of the connected part of each pair of places below `texts`.
pub fn part_roots(pairs: &dyn Array, texts: i64) -> Result<UInt32Array, KernelError> {
    let texts = in_range("texts", texts, 0, u32::MAX as usize)?;
    let pairs = packed_pairs("pairs", pairs, texts)?;
    let mut forest = Forest::new(texts);
    for &pair in pairs {
        let (left, right) = places(pair);
        forest.join(left, right);
    }
    Ok(pairs.iter().map(|&pair| Some(forest.root(places(pair).0) as u32)).collect())
}

/// Pairs by connected part, the largest part first; in a part they keep their order.
pub struct Parts {
    pairs: Vec<u64>,
    bounds: Vec<(usize, usize)>,
}

impl Parts {
    /// Sorts pairs of places below `count` into parts.
    pub fn of(pairs: &[u64], count: usize) -> Self {
        let mut forest = Forest::new(count);
        for &pair in pairs {
            let (left, right) = places(pair);
            forest.join(left, right);
        }
        let mut next = vec![0_usize; count + 1];
        for &pair in pairs {
            next[forest.root(places(pair).0) + 1] += 1;
        }
        let mut bounds = Vec::new();
        for place in 0..count {
            let start = next[place];
            next[place + 1] += start;
            if next[place + 1] > start {
                bounds.push((start, next[place + 1]));
            }
        }
        let mut sorted = vec![0; pairs.len()];
        for &pair in pairs {
            let slot = &mut next[forest.root(places(pair).0)];
            sorted[*slot] = pair;
            *slot += 1;
        }
        bounds.sort_by_key(|&(start, end)| (std::cmp::Reverse(end - start), start));
        Self { pairs: sorted, bounds }
    }

    /// The pairs of each part.
    pub fn iter(&self) -> impl Iterator<Item = &[u64]> {
        self.bounds.iter().map(|&(start, end)| &self.pairs[start..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::UInt64Array;

    #[test]
    fn parts_are_connected_and_apart() {
        let pair = |left: u64, right: u64| left << 32 | right;
        let pairs = [pair(0, 5), pair(1, 2), pair(2, 3), pair(3, 4), pair(5, 7), pair(8, 9)];
        let parts = Parts::of(&pairs, 10);
        let found: Vec<&[u64]> = parts.iter().collect();
        assert_eq!(found, [&pairs[1..4], &[pairs[0], pairs[4]][..], &pairs[5..]]);
        let roots = part_roots(&UInt64Array::from(pairs.to_vec()), 10).expect("pairs");
        assert_eq!(roots.values()[..], [0, 1, 1, 1, 0, 8]);
        assert_eq!(Parts::of(&[], 3).iter().count(), 0);
        assert_eq!(Parts::of(&[], 0).iter().count(), 0);
    }
}
