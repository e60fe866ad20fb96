//! The binding: converts arguments, releases the GIL, maps errors to `ValueError`.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3_arrow::{PyArray, PyRecordBatch};

use crate::KernelError;

impl From<KernelError> for PyErr {
    fn from(error: KernelError) -> Self {
        PyValueError::new_err(error.to_string())
    }
}

fn export_array(py: Python<'_>, array: ArrayRef) -> PyResult<Bound<'_, PyAny>> {
    py.import("pyarrow")?.getattr("array")?.call1((PyArray::from_array_ref(array),))
}

fn export_batch(py: Python<'_>, batch: RecordBatch) -> PyResult<Bound<'_, PyAny>> {
    PyRecordBatch::new(batch).into_pyarrow(py)
}

/// Measure the lines of each text; see the stub for the columns.
#[pyfunction]
#[pyo3(signature = (texts))]
fn line_statistics(py: Python<'_>, texts: PyArray) -> PyResult<Bound<'_, PyAny>> {
    let batch = py.detach(|| crate::line_statistics(texts.array().as_ref()))?;
    export_batch(py, batch)
}

/// Return the git blob id of each content.
#[pyfunction]
#[pyo3(signature = (contents))]
fn git_blob_ids(py: Python<'_>, contents: PyArray) -> PyResult<Bound<'_, PyAny>> {
    let ids = py.detach(|| crate::git_blob_ids(contents.array().as_ref()))?;
    export_array(py, Arc::new(ids))
}

/// Count the tokens and the distinct shingles of each text.
#[pyfunction]
#[pyo3(signature = (texts, *, ngram=5))]
fn shingle_counts(py: Python<'_>, texts: PyArray, ngram: i64) -> PyResult<Bound<'_, PyAny>> {
    let batch = py.detach(|| crate::shingle_counts(texts.array().as_ref(), ngram))?;
    export_batch(py, batch)
}

/// Return the exact Jaccard similarity of each pair of texts.
#[pyfunction]
#[pyo3(signature = (texts, left, right, *, ngram=5, threads=1))]
fn exact_jaccard(
    py: Python<'_>,
    texts: PyArray,
    left: PyArray,
    right: PyArray,
    ngram: i64,
    threads: i64,
) -> PyResult<Bound<'_, PyAny>> {
    let similarities = py.detach(|| {
        let (texts, left, right) = (texts.array(), left.array(), right.array());
        crate::exact_jaccard(texts.as_ref(), left.as_ref(), right.as_ref(), ngram, threads)
    })?;
    export_array(py, Arc::new(similarities))
}

#[pymodule]
fn stack_native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_function(wrap_pyfunction!(line_statistics, module)?)?;
    module.add_function(wrap_pyfunction!(git_blob_ids, module)?)?;
    module.add_function(wrap_pyfunction!(shingle_counts, module)?)?;
    module.add_function(wrap_pyfunction!(exact_jaccard, module)?)?;
    Ok(())
}
