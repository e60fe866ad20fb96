"""Whatever texts come in becomes one Arrow array."""

from __future__ import annotations

import pyarrow as pa
import pytest

from dedup import text_array


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_an_array_passes_as_it_is(kind: pa.DataType) -> None:
    array = pa.array(["a", None], kind)
    assert text_array(array) is array


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["a", b"\xff", None], [b"a", b"\xff", None]),
        (("é",), [b"\xc3\xa9"]),
        (["\udc80"], [b"\xed\xb2\x80"]),
        ([], []),
        (pa.chunked_array([["a"], ["é", None]]), [b"a", b"\xc3\xa9", None]),
        (pa.chunked_array([], pa.string()), []),
        (pa.chunked_array([[b"\xff"], [b""]]), [b"\xff", b""]),
    ],
)
def test_the_rest_becomes_one_array_of_bytes(texts: object, expected: list[bytes | None]) -> None:
    array = text_array(texts)
    assert isinstance(array, pa.Array) and array.to_pylist() == expected


@pytest.mark.parametrize("texts", [pa.array([1]), pa.chunked_array([[1.0]]), "text", b"text", 7, None, [1]])
def test_what_is_no_text_is_refused(texts: object) -> None:
    with pytest.raises(ValueError, match=r"^texts must be"):
        text_array(texts)
