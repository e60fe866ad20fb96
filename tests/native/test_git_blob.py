"""`stack_native.git_blob_ids` against hashlib and Git itself."""

from __future__ import annotations

import hashlib
import subprocess

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stack_native


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.binary(max_size=300))))
def test_ids_equal_hashlib(contents: list[bytes | None]) -> None:
    expected = [c if c is None else hashlib.sha1(b"blob %d\0" % len(c) + c).digest() for c in contents]
    for kind in (pa.binary(), pa.large_binary()):
        ids = stack_native.git_blob_ids(pa.array(contents, kind))
        assert ids.type == pa.binary(20)
        assert ids.to_pylist() == expected


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_strings_are_hashed_as_utf8(kind: pa.DataType) -> None:
    texts = ["", "é\r\n", "中"]
    as_bytes = pa.array([text.encode() for text in texts])
    assert stack_native.git_blob_ids(pa.array(texts, kind)).equals(stack_native.git_blob_ids(as_bytes))


@pytest.mark.parametrize("content", [b"", b"hello\n", b"\0\xff" * 70_000, b"a\r\nb"], ids=len)
def test_ids_equal_git_hash_object(content: bytes) -> None:
    command = ["git", "hash-object", "--stdin", "--no-filters"]
    said = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode().strip()
    assert stack_native.git_blob_ids(pa.array([content]))[0].as_py().hex() == said


def test_other_types_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^contents must be an array of"):
        stack_native.git_blob_ids(pa.array([1.5]))
