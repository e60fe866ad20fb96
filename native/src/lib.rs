//! Kernels of stack-pipeline. The algorithms know no Python; `python.rs` is the only binding.

#[cfg(feature = "python")]
mod python;
