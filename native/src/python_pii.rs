//! The binding of `pii`: texts in, rows of finds and replacements out.

use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use pyo3_arrow::PyArray;

use crate::pii::{self, Kind, Kinds, Policy, Redactor, Search, Span, Style};
use crate::python_export::{export_array, export_columns};
use crate::KernelError;

/// A find as Python gets it: start, end, kind, detector, confidence.
type Row = (usize, usize, &'static str, &'static str, f64);

/// A replacement: start and end in the result, start and end in the original, kind, detector, hash.
type ReplacedRow = (usize, usize, usize, usize, &'static str, &'static str, Option<String>);

fn search(kinds: Option<Vec<String>>, policy: &str) -> Result<Search, KernelError> {
    let kinds = match kinds {
        None => Kinds::DEFAULT,
        Some(names) => names.iter().map(|name| Kind::named(name)).collect::<Result<_, _>>()?,
    };
    Ok(Search { kinds, policy: Policy::named(policy)? })
}

/// Works on the bytes of a `str` or `bytes` without the GIL; whether offsets count characters comes with them.
fn with_bytes<'py, T: Send>(
    text: &Bound<'py, PyAny>,
    work: impl FnOnce(&[u8], bool) -> T + Send,
) -> PyResult<T> {
    let work = |bytes: &[u8], is_text| text.py().detach(|| work(bytes, is_text));
    if let Ok(bytes) = text.cast::<PyBytes>() {
        return Ok(work(bytes.as_bytes(), false));
    }
    let Ok(text) = text.cast::<PyString>() else {
        return Err(PyTypeError::new_err("text must be str or bytes"));
    };
    if let Ok(utf8) = text.to_str() {
        return Ok(work(utf8.as_bytes(), true));
    }
    // A lone surrogate: three bytes that are no UTF-8.
    let encoded = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
    Ok(work(encoded.cast::<PyBytes>()?.as_bytes(), true))
}

/// Find personal data and secrets in one text.
#[pyfunction]
#[pyo3(signature = (text, *, kinds=None, policy="detect"))]
pub fn pii_find(text: &Bound<'_, PyAny>, kinds: Option<Vec<String>>, policy: &str) -> PyResult<Vec<Row>> {
    let search = search(kinds, policy)?;
    with_bytes(text, |bytes, is_text| rows(bytes, pii::find(bytes, search), is_text))
}

/// Find only what is known by its own shape.
#[pyfunction]
#[pyo3(signature = (text))]
pub fn pii_find_by_shape(text: &Bound<'_, PyAny>) -> PyResult<Vec<Row>> {
    with_bytes(text, |bytes, is_text| rows(bytes, pii::find_by_shape(bytes), is_text))
}

/// Say what was looked at and why it was left.
#[pyfunction]
#[pyo3(signature = (text, *, kinds=None, policy="detect"))]
#[expect(clippy::type_complexity, reason = "rows of a table")]
pub fn pii_explain(
    text: &Bound<'_, PyAny>,
    kinds: Option<Vec<String>>,
    policy: &str,
) -> PyResult<(Vec<Row>, Vec<(usize, usize, &'static str, Option<&'static str>)>)> {
    let search = search(kinds, policy)?;
    with_bytes(text, |bytes, is_text| {
        let explained = pii::explain(bytes, search);
        let edges = explained.candidates.iter().flat_map(|candidate| [candidate.start, candidate.end]);
        let mut places =
            if is_text { character_places(bytes, edges.collect()) } else { edges.collect() }.into_iter();
        let candidates = explained.candidates.iter().filter_map(|candidate| {
            Some((places.next()?, places.next()?, candidate.detector, candidate.left_because))
        });
        let candidates = candidates.collect();
        (rows(bytes, explained.spans, is_text), candidates)
    })
}

/// Replace personal data and secrets in one text.
#[pyfunction]
#[pyo3(signature = (text, *, key=None, style="placeholder", kinds=None, policy="redact", proposed=None))]
pub fn pii_redact<'py>(
    text: &Bound<'py, PyBytes>,
    key: Option<&[u8]>,
    style: &str,
    kinds: Option<Vec<String>>,
    policy: &str,
    proposed: Option<Vec<(usize, usize, String)>>,
) -> PyResult<Option<(Bound<'py, PyBytes>, Vec<ReplacedRow>)>> {
    let redactor = Redactor { search: search(kinds, policy)?, style: Style::named(style)?, key };
    let bytes = text.as_bytes();
    let proposed = spans_of(proposed.unwrap_or_default(), bytes.len())?;
    let redacted = text.py().detach(|| pii::redact(bytes, &redactor, &proposed));
    let Some((clean, replaced)) = redacted else {
        return Ok(None);
    };
    let rows = replaced.iter().map(|replaced| {
        let Span { start, end, kind, detector, .. } = replaced.original;
        (
            replaced.start,
            replaced.end,
            start,
            end,
            kind.name(),
            detector,
            replaced.value_hash.map(|hash| pii::hex(&hash)),
        )
    });
    let rows = rows.collect();
    Ok(Some((PyBytes::new(text.py(), &clean), rows)))
}

/// Find in all texts of an array.
#[pyfunction]
#[pyo3(signature = (texts, *, kinds=None, policy="detect", threads=1))]
pub fn pii_find_in_array<'py>(
    py: Python<'py>,
    texts: PyArray,
    kinds: Option<Vec<String>>,
    policy: &str,
    threads: i64,
) -> PyResult<Bound<'py, PyAny>> {
    let search = search(kinds, policy)?;
    let columns = py.detach(|| pii::find_in_array(texts.array().as_ref(), search, threads))?;
    export_columns(py, columns)
}

/// Replace in all texts of an array.
#[pyfunction]
#[pyo3(signature = (texts, *, key=None, style="placeholder", kinds=None, policy="redact", threads=1))]
pub fn pii_redact_array<'py>(
    py: Python<'py>,
    texts: PyArray,
    key: Option<&[u8]>,
    style: &str,
    kinds: Option<Vec<String>>,
    policy: &str,
    threads: i64,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let redactor = Redactor { search: search(kinds, policy)?, style: Style::named(style)?, key };
    let (clean, columns) = py.detach(|| pii::redact_array(texts.array().as_ref(), &redactor, threads))?;
    Ok((export_array(py, Arc::new(clean))?, export_columns(py, columns)?))
}

/// Whether a value of 12 bytes or more looks drawn by a machine.
#[pyfunction]
#[pyo3(signature = (value))]
pub fn pii_looks_random(value: &[u8]) -> bool {
    pii::looks_random(value)
}

/// The table of provider rules: id, service, form, keywords, pattern, entropy, example, source.
#[pyfunction]
#[expect(clippy::type_complexity, reason = "rows of a table")]
pub fn pii_rules(
) -> Vec<(&'static str, &'static str, &'static str, Vec<&'static str>, &'static str, f64, String, &'static str)>
{
    let row = |rule: &'static pii::Rule| {
        let form = if rule.is_shape { "shape" } else { "near" };
        let keywords = rule.keywords.clone();
        (rule.id, rule.service, form, keywords, rule.pattern, rule.entropy, rule.example.clone(), rule.source)
    };
    pii::RULES.iter().map(row).collect()
}

/// Name under which spans of others are merged with ours.
const PROPOSED: &str = "proposed";

fn spans_of(rows: Vec<(usize, usize, String)>, length: usize) -> Result<Vec<Span>, KernelError> {
    let spans = rows.into_iter().map(|(start, end, kind)| {
        if start > end || end > length {
            return Err(KernelError::OutOfRange {
                argument: "proposed",
                least: 0,
                most: length,
                found: end as i64,
            });
        }
        Ok(Span { start, end, kind: Kind::named(&kind)?, detector: PROPOSED, confidence: 0.5 })
    });
    Ok(pii::merge_spans(spans.collect::<Result<_, _>>()?))
}

/// All bytes but those that continue a character.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

/// Translates places of bytes, in any order, into places of characters, in one pass over the text.
fn character_places(text: &[u8], places: Vec<usize>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_unstable_by_key(|&index| places[index]);
    let mut translated = vec![0; places.len()];
    let (mut place, mut count) = (0, 0);
    for index in order {
        count += characters(&text[place..places[index]]);
        place = places[index];
        translated[index] = count;
    }
    translated
}

fn rows(text: &[u8], spans: Vec<Span>, in_characters: bool) -> Vec<Row> {
    let (mut place, mut count) = (0, 0);
    let row = |span: &Span| {
        let Span { mut start, mut end, kind, detector, confidence } = *span;
        if in_characters {
            let last = end;
            start = count + characters(&text[place..start]);
            end = start + characters(&text[span.start..end]);
            (place, count) = (last, end);
        }
        (start, end, kind.name(), detector, confidence)
    };
    spans.iter().map(row).collect()
}
