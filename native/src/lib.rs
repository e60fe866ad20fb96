//! Kernels of stack-pipeline: Arrow arrays in, Arrow arrays out.
//!
//! The algorithms know no Python; `python.rs` is the only binding. No function panics on any value: what an
//! array may not hold is a [`KernelError`]. No result depends on the number of threads or on the CPU.

mod alphanumeric;
mod alphanumeric_table;
mod byte_column;
mod error;
mod git_blob;
mod jaccard;
mod line_statistics;
mod shingles;

pub use alphanumeric::is_alphanumeric;
pub use byte_column::ByteColumn;
pub use error::KernelError;
pub use git_blob::{git_blob_id, git_blob_ids};
pub use jaccard::{exact_jaccard, jaccard_of_sets, MAX_THREADS};
pub use line_statistics::{line_statistics, LineStatistics};
pub use shingles::{shingle_counts, ShingleSet, Shingler, MAX_NGRAM};

#[cfg(feature = "python")]
mod python;
