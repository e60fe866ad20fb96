"""`stack_native.content_keys`: equal for equal bytes only, and secret."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stack_native

Key = tuple[int | None, int | None]


def keys_of(contents: Any, **options: Any) -> list[Key]:
    found = stack_native.content_keys(contents, **options)
    assert found.schema.names == ["first", "second"]
    assert found.schema.types == [pa.uint64(), pa.uint64()]
    return list(zip(found["first"].to_pylist(), found["second"].to_pylist(), strict=True))


@given(st.lists(st.one_of(st.none(), st.binary(max_size=40)), max_size=12), st.integers(1, 3))
def test_keys_are_equal_where_bytes_are(contents: list[bytes | None], threads: int) -> None:
    keys = keys_of(pa.array(contents, pa.binary()), threads=threads)
    for one, key in zip(contents, keys, strict=True):
        assert (key == (None, None)) == (one is None)
        assert [other == one for other in contents] == [other == key for other in keys]


def test_every_length_up_to_some_blocks_and_every_flipped_bit_has_its_own_key() -> None:
    zeros = [bytes(length) for length in range(300)]
    flipped = [
        bytes([0] * place + [1 << bit] + [0] * (69 - place)) for place in range(70) for bit in range(8)
    ]
    keys = keys_of(pa.array(zeros + flipped))
    assert len({key[0] for key in keys}) == len({key[1] for key in keys}) == len(keys)


@pytest.mark.parametrize("place", [0, 8, 16, 24, 32, 40, 48, 56])
def test_contents_made_to_cancel_their_lengths_share_no_word(place: int) -> None:
    longer, shorter = bytes(70), bytearray(66)
    shorter[place] = 70 ^ 66
    first, second = keys_of(pa.array([longer, bytes(shorter)]))
    assert first[0] != second[0] and first[1] != second[1]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_every_type_and_a_slice_give_the_same(kind: pa.DataType) -> None:
    contents = pa.array(["left out", "x", None, "", "y" * 100], kind).slice(1)
    assert keys_of(contents) == keys_of(pa.array([b"x", None, b"", b"y" * 100]))


def test_threads_change_nothing() -> None:
    contents = pa.array([b"%d" % (number % 2000) for number in range(5000)])
    one = keys_of(contents)
    assert len(set(one)) == 2000
    assert all(keys_of(contents, threads=threads) == one for threads in (2, 7, 256))


def test_keys_of_another_process_are_others() -> None:
    code = "import pyarrow, stack_native; print(stack_native.content_keys(pyarrow.array([b'x']))['first'][0])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) != keys_of(pa.array([b"x"]))[0][0]


@pytest.mark.parametrize(
    ("contents", "threads", "message"),
    [
        (pa.array([1]), 1, "contents must be an array of .*, got Int64"),
        (pa.array(["x"]), 0, r"threads must be in \[1, 256\], got 0"),
        (pa.array(["x"]), 257, r"threads must be in \[1, 256\], got 257"),
    ],
)
def test_bad_arguments_are_value_errors(contents: Any, threads: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        stack_native.content_keys(contents, threads=threads)
