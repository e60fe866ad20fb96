"""`stack_native.line_statistics` against str.splitlines and str.isalnum."""

from __future__ import annotations

import sys

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stack_native

ENDS_OF_LINES = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def plain_statistics(text: str) -> dict[str, float]:
    lengths = [len(line) for line in text.splitlines()]
    return {
        "line_count": len(lengths),
        "avg_line_length": sum(lengths) / len(lengths) if lengths else 0.0,
        "max_line_length": max(lengths, default=0),
        "alphanum_fraction": sum(map(str.isalnum, text)) / len(text) if text else 0.0,
    }


@settings(deadline=None)
@given(st.lists(st.text(st.one_of(st.sampled_from(ENDS_OF_LINES + "a_ é"), st.characters(codec="utf-8")))))
def test_statistics_equal_those_of_plain_python(texts: list[str]) -> None:
    for kind in (pa.string(), pa.large_string()):
        measured = stack_native.line_statistics(pa.array(texts, kind))
        assert measured.to_pylist() == [plain_statistics(text) for text in texts]


def test_every_code_point_is_alphanumeric_exactly_if_python_says_so() -> None:
    points = [p for p in range(sys.maxunicode + 1) if not 0xD800 <= p <= 0xDFFF]
    shares = stack_native.line_statistics(pa.array([chr(p) for p in points])).column("alphanum_fraction")
    found = {p for p, share in zip(points, shares.to_pylist(), strict=True) if share == 1.0}
    assert found == {p for p in points if chr(p).isalnum()}


def test_every_code_point_ends_a_line_exactly_if_python_says_so() -> None:
    texts = [f"a{chr(p)}b" for p in range(sys.maxunicode + 1) if not 0xD800 <= p <= 0xDFFF]
    counts = stack_native.line_statistics(pa.array(texts)).column("line_count").to_pylist()
    assert counts == [len(text.splitlines()) for text in texts]


def test_columns_have_the_names_and_types_of_the_stack() -> None:
    schema = stack_native.line_statistics(pa.array([], pa.string())).schema
    assert {field.name: str(field.type) for field in schema} == {
        "line_count": "int64",
        "avg_line_length": "double",
        "max_line_length": "int64",
        "alphanum_fraction": "double",
    }


def test_nulls_stay_null_and_slices_keep_their_rows() -> None:
    texts = pa.array([b"left out", b"a\nbb", None, b""], pa.binary()).slice(1)
    assert stack_native.line_statistics(texts).column("max_line_length").to_pylist() == [2, None, 0]


@pytest.mark.parametrize("raw", [b"\xff", b"ok\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80"])
@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()])
def test_bytes_that_are_not_utf8_are_refused_by_row(raw: bytes, kind: pa.DataType) -> None:
    with pytest.raises(ValueError, match=r"^texts must be UTF-8, row 1 is not$"):
        stack_native.line_statistics(pa.array([b"fine", raw], kind))


def test_a_string_array_that_holds_other_bytes_is_refused_too() -> None:
    forged = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")]
    )
    with pytest.raises(ValueError, match="row 0"):
        stack_native.line_statistics(forged)


def test_offsets_that_point_outside_are_refused() -> None:
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little", signed=True) for n in (0, 90, 2)))
    forged = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"ab")])
    with pytest.raises(ValueError, match="offsets are broken at row 0"):
        stack_native.line_statistics(forged)


@pytest.mark.parametrize(
    "texts",
    [
        pa.array([1]),
        pa.array(["a"]).dictionary_encode(),
        pa.chunked_array([["a"]]),
        pa.record_batch({"text": ["a"]}),
        ["a"],
        None,
    ],
    ids=["integers", "dictionary", "chunked", "batch", "list", "none"],
)
def test_other_types_are_refused(texts: object) -> None:
    with pytest.raises(ValueError):
        stack_native.line_statistics(texts)
