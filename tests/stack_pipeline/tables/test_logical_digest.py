"""The logical digest sees rows and nothing else: not chunks, not encodings, not what lies under a null."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.tables.digest import LogicalDigest

from .made_rows import NESTED, made_rows, rows_of


def digest_of(*tables: pa.Table | pa.RecordBatch, schema: pa.Schema | None = None) -> str:
    digest = LogicalDigest(schema or tables[0].schema)
    for table in tables:
        digest.update(table)
    return digest.hexdigest()


def one_column(array: pa.Array | pa.ChunkedArray) -> str:
    return digest_of(pa.table({"x": array}))


def cuts_of(data: st.DataObject, length: int) -> list[int]:
    return [0, *sorted(data.draw(st.lists(st.integers(0, length), max_size=5))), length]


@given(rows_of(NESTED), st.data())
def test_it_does_not_depend_on_how_rows_arrive(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    whole = pa.Table.from_pylist(rows, schema=NESTED)
    cuts = cuts_of(data, len(rows))
    pieces = [whole.slice(one, other - one) for one, other in itertools.pairwise(cuts)]
    expected = digest_of(whole)
    assert digest_of(*pieces, schema=NESTED) == expected
    assert digest_of(pa.concat_tables(pieces)) == expected
    assert digest_of(*whole.to_batches(max_chunksize=1), schema=NESTED) == expected


@given(rows_of(NESTED, min_size=1), st.integers(0, 3), st.integers(0, 3))
def test_a_slice_has_the_digest_of_its_rows(rows: list[dict[str, Any]], before: int, after: int) -> None:
    padding = made_rows(NESTED, 4)
    longer = pa.Table.from_pylist(
        [*padding[:before], *rows, *padding[:after]], schema=NESTED
    ).combine_chunks()
    assert digest_of(longer.slice(before, len(rows))) == digest_of(pa.Table.from_pylist(rows, schema=NESTED))


@given(rows_of(NESTED, max_size=4), rows_of(NESTED, max_size=4))
def test_tables_of_different_rows_have_different_digests(
    one: list[dict[str, Any]], other: list[dict[str, Any]]
) -> None:
    left, right = (pa.Table.from_pylist(rows, schema=NESTED) for rows in (one, other))
    same = str(left.to_pylist()) == str(right.to_pylist())
    assert (digest_of(left) == digest_of(right)) is same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pa.array(["a", None, "bc"]), pa.array(["a", None, "bc"], pa.large_string())),
        (pa.array([b"a", None, b"bc"]), pa.array([b"a", None, b"bc"], pa.large_binary())),
        (pa.array(["a", None, "a"]), pa.array(["a", None, "a"]).dictionary_encode()),
        (pa.array(["a", None]), pa.array(["a", None], pa.large_string()).dictionary_encode()),
        (pa.array([["a"], None, []]), pa.array([["a"], None, []], pa.large_list(pa.large_string()))),
        (
            pa.array(["a", None, None]),
            pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int8()), pa.array(["a", None])),
        ),
        (pa.array([b"zz", b"aa", b"bb", b"zz"], pa.binary(2))[1:3], pa.array([b"aa", b"bb"], pa.binary(2))),
        (pa.array([b"zz", b"aa", None], pa.binary(2))[1:], pa.array([b"aa", None], pa.binary(2))),
        (pa.chunked_array([[1, 2], [3]]), pa.array([1, 2, 3])),
        (pa.chunked_array([], pa.int64()), pa.array([], pa.int64())),
    ],
)
def test_the_same_values_in_another_encoding_have_one_digest(one: pa.Array, other: pa.Array) -> None:
    assert one_column(one) == one_column(other)


def with_garbage_under_nulls() -> list[tuple[pa.Array, pa.Array]]:
    mask = pa.array([False, True, False])
    validity = pa.py_buffer(bytes([0b101]))
    offsets = pa.py_buffer(np.array([0, 1, 4, 5], np.int32).tobytes())
    text = pa.StringArray.from_buffers(3, offsets, pa.py_buffer(b"aXXXb"), validity)
    raw = pa.Array.from_buffers(pa.binary(), 3, [validity, offsets, pa.py_buffer(b"aXXXb")])
    numbers = pa.Array.from_buffers(
        pa.int64(), 3, [validity, pa.py_buffer(np.array([1, 77, 2], np.int64).tobytes())]
    )
    flags = pa.Array.from_buffers(pa.bool_(), 3, [validity, pa.py_buffer(bytes([0b111]))])
    times = pa.Array.from_buffers(
        pa.timestamp("us", tz="UTC"), 3, [validity, pa.py_buffer(np.array([1, 77, 2], np.int64).tobytes())]
    )
    fixed = pa.Array.from_buffers(pa.binary(2), 3, [validity, pa.py_buffer(b"aaXXbb")])
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 4, 5], pa.int32()), pa.array(list("aXXXb")), mask=mask)
    structs = pa.StructArray.from_arrays([pa.array(["a", "X", "b"])], names=["s"], mask=mask)
    return [
        (text, pa.array(["a", None, "b"])),
        (raw, pa.array([b"a", None, b"b"])),
        (numbers, pa.array([1, None, 2])),
        (flags, pa.array([True, None, True])),
        (times, pa.array([1, None, 2], pa.timestamp("us", tz="UTC"))),
        (fixed, pa.array([b"aa", None, b"bb"], pa.binary(2))),
        (lists, pa.array([["a"], None, ["b"]])),
        (structs, pa.array([{"s": "a"}, None, {"s": "b"}])),
    ]


@pytest.mark.parametrize(("garbage", "clean"), with_garbage_under_nulls(), ids=lambda array: str(array.type))
def test_what_lies_under_a_null_does_not_count(garbage: pa.Array, clean: pa.Array) -> None:
    garbage.validate(full=True)
    assert garbage.to_pylist() == clean.to_pylist()
    assert one_column(garbage) == one_column(clean)
    assert one_column(garbage.slice(1)) == one_column(clean.slice(1))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["a", "b"], ["b", "a"]),
        (["ab", ""], ["a", "b"]),
        (["", None], [None, ""]),
        ([None], [""]),
        ([], [None]),
        (["a"], ["a", None]),
        ([["a"], []], [[], ["a"]]),
        ([["a", "b"]], [["a"], ["b"]]),
        ([[]], [None]),
        ([[None]], [[]]),
        ([{"s": None}], [None]),
        ([{"s": 1, "t": 2}], [{"s": 2, "t": 1}]),
        ([1, 2], [1, 3]),
        ([0], [None]),
        ([False], [None]),
        ([True, False], [False, True]),
        ([0.5], [0.25]),
        ([1], [1.0]),
        ([b"a"], ["a"]),
    ],
)
def test_another_value_null_or_order_has_another_digest(one: list[Any], other: list[Any]) -> None:
    left, right = pa.array(one), pa.array(other)
    if pa.types.is_null(left.type):
        left = left.cast(right.type)
    if pa.types.is_null(right.type):
        right = right.cast(left.type)
    assert one_column(left) != one_column(right)


def test_names_and_order_of_columns_count() -> None:
    array = pa.array(["v"])
    tables = [
        pa.table({"a": array, "b": pa.array(["w"])}),
        pa.table({"b": pa.array(["w"]), "a": array}),
        pa.table({"a": pa.array(["w"]), "b": array}),
        pa.table({"a": array, "c": pa.array(["w"])}),
        pa.table({"a": array}),
    ]
    assert len({digest_of(table) for table in tables}) == len(tables)


def test_names_inside_a_struct_count() -> None:
    assert one_column(pa.array([{"s": 1}])) != one_column(pa.array([{"t": 1}]))


def test_rows_are_counted() -> None:
    digest = LogicalDigest(NESTED)
    digest.update(pa.Table.from_pylist(made_rows(NESTED, 3), schema=NESTED))
    digest.update(pa.RecordBatch.from_pylist(made_rows(NESTED, 2), schema=NESTED))
    assert digest.rows == 5


def test_a_table_of_other_columns_is_refused() -> None:
    with pytest.raises(ValueError):
        LogicalDigest(NESTED).update(pa.table({"id": ["a"]}))


def test_the_digest_of_known_rows_stays_what_it_is() -> None:
    # Raise the major layout version if this ever has to change: published roots depend on it.
    table = pa.Table.from_pylist(made_rows(NESTED, 11), schema=NESTED)
    assert digest_of(table) == "a7c5a47a4b2e23a25181bcbd3c7bc3b8fc2d5ccc7bb0c35d6d5a7793e5062553"


def test_the_digest_of_one_column_can_be_computed_by_hand() -> None:
    def sha(data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    lengths = b"".join(n.to_bytes(8, "little") for n in (1, 0, 2))
    column = sha(sha(b"\x01\x00\x01") + sha(lengths) + sha(b"abc"))
    expected = hashlib.sha256(b"3" + b"\nx:string:" + column).hexdigest()
    assert one_column(pa.array(["a", None, "bc"])) == expected
