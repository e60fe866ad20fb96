//! Kernels of stack-pipeline: Arrow arrays in, Arrow arrays out.
//!
//! The algorithms know no Python; `python.rs` is the only binding. No function panics on any value: what an
//! array may not hold is a [`KernelError`]. No result depends on the number of threads or on the CPU.

mod alphanumeric;
mod alphanumeric_table;
mod band_keys;
mod buckets;
mod byte_column;
mod clustering;
mod content_keys;
mod cpu_path;
mod decision;
mod error;
mod exact_join;
mod gate;
mod git_blob;
mod joined_shingles;
mod license_header;
mod line_statistics;
mod minhash;
mod parts;
mod permutations;
pub mod pii;
mod prefix_index;
mod radix;
mod repeats;
mod sha1_lanes;
mod shared_shingles;
mod shingle_hashes;
mod shingle_sets;
mod shingles;
mod threads;
mod token_hash;
mod tokens;
mod word_mask;

pub use alphanumeric::is_alphanumeric;
pub use band_keys::{band_keys, NO_KEY};
pub use buckets::{bucket_members, distinct_pairs};
pub use byte_column::ByteColumn;
pub use clustering::{cluster_pairs, Clusters, Member, Nearest};
pub use content_keys::content_keys;
pub use cpu_path::CpuPath;
pub use decision::{ClusterKind, Decision, Known, Measure};
pub use error::KernelError;
pub use exact_join::exact_join;
pub use gate::gate_pairs;
pub use git_blob::{git_blob_id, git_blob_ids};
pub use joined_shingles::Cut;
pub use license_header::{license_header, without_license_headers};
pub use line_statistics::{line_statistics, LineStatistics};
pub use minhash::{minhash, Scheme, ShingleHash, Signer};
pub use parts::part_roots;
pub use permutations::{Permutations, EMPTY_SLOT};
pub use shingles::{shingle_counts, ShingleSet, Shingler, MAX_NGRAM};
pub use threads::MAX_THREADS;
pub use token_hash::hash32;

#[cfg(feature = "python")]
mod python;
#[cfg(feature = "python")]
mod python_export;
#[cfg(feature = "python")]
mod python_pii;
