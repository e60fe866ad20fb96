//! The binding: converts arguments, releases the GIL, maps errors to `ValueError`.

use std::sync::Arc;

use arrow_array::{Float64Array, UInt32Array, UInt64Array};
use pyo3::prelude::*;
use pyo3_arrow::PyArray;

use crate::error::in_range;
use crate::python_export::{export_array, export_batch, export_columns};
use crate::{Clusters, CpuPath, Decision, Known, Permutations, Scheme, ShingleHash, MAX_NGRAM};

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

/// Return texts without their leading licence comments.
#[pyfunction]
#[pyo3(signature = (texts))]
fn without_license_headers(py: Python<'_>, texts: PyArray) -> PyResult<Bound<'_, PyAny>> {
    let kept = py.detach(|| crate::without_license_headers(texts.array().as_ref()))?;
    export_array(py, Arc::new(kept))
}

/// Count the tokens and the distinct shingles of each text.
#[pyfunction]
#[pyo3(signature = (texts, *, ngram=5))]
fn shingle_counts(py: Python<'_>, texts: PyArray, ngram: i64) -> PyResult<Bound<'_, PyAny>> {
    let batch = py.detach(|| crate::shingle_counts(texts.array().as_ref(), ngram))?;
    export_batch(py, batch)
}

/// Return the CPU paths that this machine has, slowest first.
#[pyfunction]
fn cpu_paths() -> Vec<&'static str> {
    CpuPath::available().into_iter().map(CpuPath::name).collect()
}

/// Sign texts; see the stub.
#[pyfunction]
#[pyo3(signature = (texts, multiply, add, *, rows=None, shingle_hash="tokens", ngram=5, min_tokens=0, threads=1, cpu_path=None))]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
fn minhash<'py>(
    py: Python<'py>,
    texts: PyArray,
    multiply: PyArray,
    add: PyArray,
    rows: Option<PyArray>,
    shingle_hash: &str,
    ngram: i64,
    min_tokens: i64,
    threads: i64,
    cpu_path: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let scheme = Scheme {
        shingle_hash: ShingleHash::named(shingle_hash)?,
        permutations: Permutations::from_arrays(multiply.array().as_ref(), add.array().as_ref())?,
        ngram: in_range("ngram", ngram, 1, MAX_NGRAM)?,
        min_tokens: in_range("min_tokens", min_tokens, 0, u32::MAX as usize)?,
        cpu_path: CpuPath::named(cpu_path)?,
    };
    let signatures = py.detach(|| {
        let rows = rows.as_ref().map(|rows| rows.array().as_ref());
        crate::minhash(texts.array().as_ref(), rows, &scheme, threads)
    })?;
    export_array(py, Arc::new(signatures))
}

/// Return the keys of bands.
#[pyfunction]
#[pyo3(signature = (signatures, *, num_perm, bands, rows, threads=1))]
fn band_keys(
    py: Python<'_>,
    signatures: PyArray,
    num_perm: i64,
    bands: i64,
    rows: i64,
    threads: i64,
) -> PyResult<Bound<'_, PyAny>> {
    let keys = py.detach(|| crate::band_keys(signatures.array().as_ref(), num_perm, bands, rows, threads))?;
    export_array(py, Arc::new(keys))
}

/// Return the pairs whose signatures agree.
#[pyfunction]
#[pyo3(signature = (signatures, pairs, *, num_perm, least_equal, threads=1))]
fn gate_pairs(
    py: Python<'_>,
    signatures: PyArray,
    pairs: PyArray,
    num_perm: i64,
    least_equal: i64,
    threads: i64,
) -> PyResult<Bound<'_, PyAny>> {
    let passed = py.detach(|| {
        let (signatures, pairs) = (signatures.array().as_ref(), pairs.array().as_ref());
        crate::gate_pairs(signatures, num_perm, pairs, least_equal, threads)
    })?;
    export_array(py, Arc::new(passed))
}

/// Return who shares a band key.
#[pyfunction]
#[pyo3(signature = (keys, *, threads=1))]
fn bucket_members(py: Python<'_>, keys: PyArray, threads: i64) -> PyResult<Bound<'_, PyAny>> {
    let members = py.detach(|| crate::bucket_members(keys.array().as_ref(), threads))?;
    export_array(py, Arc::new(members))
}

/// Return pairs in ascending order, each once.
#[pyfunction]
#[pyo3(signature = (pairs, *, threads=1))]
fn distinct_pairs(py: Python<'_>, pairs: PyArray, threads: i64) -> PyResult<Bound<'_, PyAny>> {
    let distinct = py.detach(|| crate::distinct_pairs(pairs.array().as_ref(), threads))?;
    export_array(py, Arc::new(distinct))
}

/// Return the connected part of each pair.
#[pyfunction]
#[pyo3(signature = (pairs, *, texts))]
fn part_roots(py: Python<'_>, pairs: PyArray, texts: i64) -> PyResult<Bound<'_, PyAny>> {
    let roots = py.detach(|| crate::part_roots(pairs.array().as_ref(), texts))?;
    export_array(py, Arc::new(roots))
}

/// Return keys by which identical contents are found.
#[pyfunction]
#[pyo3(signature = (contents, *, threads=1))]
fn content_keys(py: Python<'_>, contents: PyArray, threads: i64) -> PyResult<Bound<'_, PyAny>> {
    let [first, second] = py.detach(|| crate::content_keys(contents.array().as_ref(), threads))?;
    export_columns(py, vec![("first", Arc::new(first)), ("second", Arc::new(second))])
}

/// Decide pairs by exact similarity.
#[pyfunction]
#[pyo3(signature = (texts, rows, pairs, *, threshold, clusters="star", measure="jaccard", ngram=5, known_pairs=None, known_similarity=None, threads=1))]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
fn cluster_pairs<'py>(
    py: Python<'py>,
    texts: PyArray,
    rows: PyArray,
    pairs: PyArray,
    threshold: f64,
    clusters: &str,
    measure: &str,
    ngram: i64,
    known_pairs: Option<PyArray>,
    known_similarity: Option<PyArray>,
    threads: i64,
) -> PyResult<([Bound<'py, PyAny>; 3], u64)> {
    let decision = Decision::new(clusters, measure, threshold, ngram)?;
    let found = py.detach(|| {
        let known = match (&known_pairs, &known_similarity) {
            (Some(pairs), Some(similarity)) => {
                Some(Known::new(pairs.array().as_ref(), similarity.array().as_ref())?)
            }
            _ => None,
        };
        let (texts, rows, pairs) = (texts.array(), rows.array(), pairs.array());
        crate::cluster_pairs(texts.as_ref(), rows.as_ref(), pairs.as_ref(), decision, known, threads)
    })?;
    let Clusters { members, nearest, compared, bytes_read } = found;
    let members = export_columns(
        py,
        vec![
            ("member", Arc::new(UInt32Array::from_iter_values(members.iter().map(|m| m.member)))),
            (
                "representative",
                Arc::new(UInt32Array::from_iter_values(members.iter().map(|m| m.representative))),
            ),
            ("similarity", Arc::new(Float64Array::from_iter_values(members.iter().map(|m| m.similarity)))),
        ],
    )?;
    let nearest = export_columns(
        py,
        vec![
            ("member", Arc::new(UInt32Array::from_iter_values(nearest.iter().map(|n| n.member)))),
            ("nearest", Arc::new(UInt32Array::from_iter_values(nearest.iter().map(|n| n.nearest)))),
            ("similarity", Arc::new(Float64Array::from_iter_values(nearest.iter().map(|n| n.similarity)))),
        ],
    )?;
    let compared = export_columns(
        py,
        vec![
            ("pair", Arc::new(UInt64Array::from_iter_values(compared.iter().map(|&(pair, _)| pair)))),
            ("similarity", Arc::new(Float64Array::from_iter_values(compared.iter().map(|&(_, s)| s)))),
        ],
    )?;
    Ok(([members, nearest, compared], bytes_read))
}

/// Return all pairs of texts that are similar by a threshold or more.
#[pyfunction]
#[pyo3(signature = (texts, *, threshold, ngram=5, threads=1))]
fn exact_join(
    py: Python<'_>,
    texts: PyArray,
    threshold: f64,
    ngram: i64,
    threads: i64,
) -> PyResult<Bound<'_, PyAny>> {
    let batch = py.detach(|| crate::exact_join(texts.array().as_ref(), threshold, ngram, threads))?;
    export_batch(py, batch)
}

#[pymodule]
fn stack_native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_function(wrap_pyfunction!(crate::python_pii::pii_find, module)?)?;
    module.add_function(wrap_pyfunction!(crate::python_pii::pii_find_by_shape, module)?)?;
    module.add_function(wrap_pyfunction!(crate::python_pii::pii_find_in_array, module)?)?;
    module.add_function(wrap_pyfunction!(crate::python_pii::pii_redact_array, module)?)?;
    module.add_function(wrap_pyfunction!(crate::python_pii::pii_explain, module)?)?;
    module.add_function(wrap_pyfunction!(crate::python_pii::pii_redact, module)?)?;
    module.add_function(wrap_pyfunction!(crate::python_pii::pii_looks_random, module)?)?;
    module.add_function(wrap_pyfunction!(crate::python_pii::pii_rules, module)?)?;
    module.add_function(wrap_pyfunction!(line_statistics, module)?)?;
    module.add_function(wrap_pyfunction!(git_blob_ids, module)?)?;
    module.add_function(wrap_pyfunction!(without_license_headers, module)?)?;
    module.add_function(wrap_pyfunction!(shingle_counts, module)?)?;
    module.add_function(wrap_pyfunction!(cpu_paths, module)?)?;
    module.add_function(wrap_pyfunction!(minhash, module)?)?;
    module.add_function(wrap_pyfunction!(band_keys, module)?)?;
    module.add_function(wrap_pyfunction!(gate_pairs, module)?)?;
    module.add_function(wrap_pyfunction!(bucket_members, module)?)?;
    module.add_function(wrap_pyfunction!(distinct_pairs, module)?)?;
    module.add_function(wrap_pyfunction!(part_roots, module)?)?;
    module.add_function(wrap_pyfunction!(content_keys, module)?)?;
    module.add_function(wrap_pyfunction!(cluster_pairs, module)?)?;
    module.add_function(wrap_pyfunction!(exact_join, module)?)?;
    Ok(())
}
