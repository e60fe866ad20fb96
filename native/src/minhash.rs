//! MinHash signatures of texts: bytes → tokens → shingle hashes → the least of each permutation.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;

use arrow_array::{Array, UInt32Array};

use crate::byte_column::ByteColumn;
use crate::clustering::row_numbers;
use crate::cpu_path::{dispatch, CpuPath};
use crate::error::{in_range, KernelError};
use crate::joined_shingles::{Cut, Joiner};
use crate::permutations::{Permutations, EMPTY_SLOT};
use crate::repeats::{FreshNgrams, Repeats};
use crate::sha1_lanes::Sha1Batch;
use crate::shingle_hashes::ShingleHasher;
use crate::shingles::MAX_NGRAM;
use crate::threads::{run_on_threads, take_next, MAX_THREADS};
use crate::token_hash::PUBLIC_KEYS;
use crate::word_mask::WordMask;

/// Texts that a thread takes at once.
const CHUNK: usize = 64;

/// What is permuted for a shingle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShingleHash {
    /// `hash32` of its tokens.
    Tokens,
    /// The first four bytes of the SHA-1 of its bytes.
    Sha1(Cut),
}

impl ShingleHash {
    /// The hash of a name.
    pub fn named(name: &str) -> Result<Self, KernelError> {
        match name {
            "tokens" => Ok(Self::Tokens),
            "sha1" => Ok(Self::Sha1(Cut::Words)),
            "sha1-literal" => Ok(Self::Sha1(Cut::Literal)),
            _ => Err(KernelError::UnknownName {
                argument: "shingle_hash",
                expected: "tokens, sha1, sha1-literal".to_owned(),
            }),
        }
    }
}

/// How texts are signed.
#[derive(Clone, Debug)]
pub struct Scheme {
    pub shingle_hash: ShingleHash,
    pub permutations: Permutations,
    /// Tokens per shingle, at least 1.
    pub ngram: usize,
    /// Texts of fewer tokens are left without shingles.
    pub min_tokens: usize,
    pub cpu_path: CpuPath,
}

/// Signs texts one by one, with buffers that are used again.
#[derive(Default)]
pub struct Signer {
    hasher: ShingleHasher,
    joiner: Joiner,
    sha1: Sha1Batch,
    repeats: Repeats,
    fresh_ngrams: FreshNgrams,
    hashes: Vec<u32>,
    fresh: Vec<(usize, usize)>,
}

impl Signer {
    /// Returns the signature of `text`, `EMPTY_SLOT` throughout without shingles.
    pub fn sign(&mut self, scheme: &Scheme, text: &[u8]) -> Vec<u32> {
        let mut signature = scheme.permutations.blank();
        self.sign_into(scheme, text, &mut signature);
        signature.truncate(scheme.permutations.num_perm());
        signature
    }

    fn sign_into(&mut self, scheme: &Scheme, text: &[u8], slots: &mut [u32]) {
        slots.fill(EMPTY_SLOT);
        let tokens = sign_on(scheme.cpu_path, self, scheme, text, slots);
        if tokens < scheme.min_tokens {
            slots.fill(EMPTY_SLOT);
        }
    }
}

dispatch!(fn sign_on => lower_slots(signer: &mut Signer, scheme: &Scheme, text: &[u8], slots: &mut [u32]) -> usize);

#[inline(always)]
fn lower_slots(
    masks: impl WordMask,
    signer: &mut Signer,
    scheme: &Scheme,
    text: &[u8],
    slots: &mut [u32],
) -> usize {
    let permutations = &scheme.permutations;
    let hashes = &mut signer.hashes;
    match scheme.shingle_hash {
        ShingleHash::Tokens => {
            signer.repeats.clear();
            signer.hasher.for_each_piece(masks, &PUBLIC_KEYS, text, scheme.ngram, |found| {
                hashes.clear();
                signer.repeats.append_new(found, hashes);
                permutations.lower(masks, hashes, slots);
            })
        }
        ShingleHash::Sha1(cut) => {
            let (fresh, mut rest) = (&mut signer.fresh, text);
            signer.fresh_ngrams.clear();
            signer.joiner.begin();
            while let Some(ngrams) = signer.joiner.take(masks, cut, &mut rest, scheme.ngram) {
                fresh.clear();
                match cut {
                    Cut::Words => fresh.extend(ngrams.bounds()),
                    // Most literal n-grams are repeats of indentation.
                    Cut::Literal => signer.fresh_ngrams.append(masks, &ngrams, fresh),
                }
                hashes.clear();
                signer.sha1.hash(masks, ngrams.joined(), fresh, hashes);
                permutations.lower(masks, hashes, slots);
            }
            signer.joiner.total()
        }
    }
}

/// Returns the signatures of the texts in `rows`, or of all, one after the other: `num_perm` values each.
pub fn minhash(
    texts: &dyn Array,
    rows: Option<&dyn Array>,
    scheme: &Scheme,
    threads: i64,
) -> Result<UInt32Array, KernelError> {
    in_range("ngram", scheme.ngram as i64, 1, MAX_NGRAM)?;
    let threads = in_range("threads", threads, 1, MAX_THREADS)?;
    let column = ByteColumn::new(texts, "texts")?;
    let rows = rows.map(|rows| row_numbers("rows", rows, column.len())).transpose()?;
    let num_perm = scheme.permutations.num_perm();
    // Zeros, so that each thread is the first to touch its pages.
    let mut signatures = vec![0; rows.map_or(column.len(), <[u32]>::len) * num_perm];
    let first_broken_row = AtomicUsize::new(usize::MAX);
    let chunks = Mutex::new(signatures.chunks_mut((CHUNK * num_perm).max(1)).enumerate());
    run_on_threads(threads, || {
        let (mut signer, mut slots) = (Signer::default(), scheme.permutations.blank());
        while let Some((number, chunk)) = take_next(&chunks) {
            for (offset, signature) in chunk.chunks_mut(num_perm).enumerate() {
                let place = number * CHUNK + offset;
                let row = rows.map_or(place, |rows| rows[place] as usize);
                match column.row(row) {
                    Ok(Some(text)) => {
                        signer.sign_into(scheme, text, &mut slots);
                        signature.copy_from_slice(&slots[..num_perm]);
                    }
                    Ok(None) => signature.fill(EMPTY_SLOT),
                    Err(_) => {
                        first_broken_row.fetch_min(row, Ordering::Relaxed);
                    }
                }
            }
        }
    });
    match first_broken_row.into_inner() {
        usize::MAX => Ok(UInt32Array::from(signatures)),
        row => Err(KernelError::BrokenOffsets { row }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token_hash::hash32;
    use arrow_array::StringArray;

    fn scheme(shingle_hash: ShingleHash, cpu_path: CpuPath, min_tokens: usize) -> Scheme {
        let permutations = Permutations::affine32(&[1, 3, 5], &[0, 7, 9]).expect("equal lengths");
        Scheme { shingle_hash, permutations, ngram: 2, min_tokens, cpu_path }
    }

    #[test]
    fn signatures_are_equal_on_every_path_and_for_any_threads() {
        let rows: Vec<Option<String>> = (0..700)
            .map(|i| (i % 11 != 0).then(|| format!("if (x{i}) {{ y = {} }} ", i % 7).repeat(i % 90)))
            .collect();
        let texts = StringArray::from(rows);
        for kind in [ShingleHash::Tokens, ShingleHash::Sha1(Cut::Words), ShingleHash::Sha1(Cut::Literal)] {
            let expected = minhash(&texts, None, &scheme(kind, CpuPath::Portable, 0), 1).expect("signatures");
            assert_eq!(expected.len(), 2100);
            for path in CpuPath::available() {
                for threads in [1, 2, 5] {
                    assert_eq!(minhash(&texts, None, &scheme(kind, path, 0), threads), Ok(expected.clone()));
                }
            }
        }
    }

    #[test]
    fn the_identity_permutation_gives_the_least_mixed_hash_and_short_texts_none() {
        let found = Signer::default().sign(&scheme(ShingleHash::Tokens, CpuPath::best(), 0), b"a b");
        let other = Signer::default().sign(&scheme(ShingleHash::Tokens, CpuPath::best(), 0), b"b a");
        assert_ne!(found, other);
        assert_ne!(hash32(b"a b"), hash32(b"b a"));
        let short = Signer::default().sign(&scheme(ShingleHash::Tokens, CpuPath::best(), 3), b"a b");
        assert_eq!(short, [EMPTY_SLOT; 3]);
        assert_eq!(
            Signer::default().sign(&scheme(ShingleHash::Tokens, CpuPath::best(), 0), b"a"),
            [EMPTY_SLOT; 3]
        );
    }
}
