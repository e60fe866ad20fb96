"""Parquet files: the same bytes for the same rows, row groups cut by bytes, reads within bounds."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stack_pipeline.storage import Storage
from stack_pipeline.tables.digest import LogicalDigest
from stack_pipeline.tables.parquet import (
    FAST,
    ROW_GROUP_ROWS,
    SMALL,
    Codec,
    WrittenTable,
    iter_table,
    read_table,
    row_bytes,
    write_table,
)

from .made_rows import NESTED, made_rows, rows_of

KEYED = pa.schema(
    [pa.field("key", pa.string()), pa.field("n", pa.int64()), pa.field("content", pa.large_string())]
)
IN_FOLDER = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path))


def cut(table: pa.Table, cuts: list[int]) -> Iterator[pa.Table]:
    edges = [0, *sorted(cuts), table.num_rows]
    return (table.slice(one, other - one) for one, other in itertools.pairwise(edges))


@IN_FOLDER
@given(rows_of(NESTED, max_size=30), st.data())
def test_the_bytes_do_not_depend_on_how_the_rows_arrive(
    storage: Storage, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    table = pa.Table.from_pylist(rows, schema=NESTED)
    cuts = data.draw(st.lists(st.integers(0, len(rows)), max_size=6))
    one = write_table(storage, "one", NESTED, [table], row_group_bytes=400)
    other = write_table(storage, "other", NESTED, cut(table, cuts), row_group_bytes=400)
    batches = table.to_batches(max_chunksize=data.draw(st.integers(1, 7)))
    third = write_table(storage, "third", NESTED, batches, row_group_bytes=400)
    assert one == other == third
    assert storage.read_bytes("one") == storage.read_bytes("other") == storage.read_bytes("third")


@IN_FOLDER
@given(rows_of(NESTED, max_size=20))
def test_rows_come_back_as_they_were(storage: Storage, rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, schema=NESTED)
    written = write_table(storage, "t", NESTED, [table], row_group_bytes=300)
    found = read_table(storage, "t")
    assert found.schema.equals(NESTED)
    assert found.equals(table)
    data = storage.read_bytes("t")
    digest = LogicalDigest(NESTED)
    digest.update(found)
    assert written == WrittenTable(len(rows), len(data), hashlib.sha256(data).hexdigest(), digest.hexdigest())


def test_encodings_of_the_batches_do_not_matter(storage: Storage) -> None:
    texts = ["a", None, "b", "a"]
    plain = pa.table({"key": texts, "n": pa.array([1, 2, 3, 4], pa.int64()), "content": texts})
    coded = pa.table(
        {
            "n": pa.array([1, 2, 3, 4], pa.int32()),
            "content": pa.array(texts).dictionary_encode(),
            "unknown": [0] * 4,
            "key": pa.array(texts, pa.large_string()),
        }
    )
    assert write_table(storage, "one", KEYED, [plain]) == write_table(storage, "other", KEYED, [coded])


def test_row_groups_end_where_their_bytes_pass_the_limit(storage: Storage) -> None:
    lengths = [10, 0, 500, 10, 2000, 1, 1, 300, 90, 10, 0, 0]
    table = pa.table({"key": [""] * 12, "n": range(12), "content": ["x" * n for n in lengths]})
    write_table(storage, "t", KEYED, [table], row_group_bytes=400)
    expected, rows, size = [], 0, 0
    for length in lengths:
        rows, size = rows + 1, size + 8 * 3 + length
        if size >= 400:
            expected.append(rows)
            rows = size = 0
    file = pq.ParquetFile(storage.local_path("t"))
    groups = [file.metadata.row_group(index).num_rows for index in range(file.num_row_groups)]
    assert groups == [*expected, rows]
    assert len(expected) > 2


def test_row_groups_also_end_at_a_number_of_rows(storage: Storage) -> None:
    schema = pa.schema([("n", pa.int64())])
    table = pa.table({"n": pa.nulls(ROW_GROUP_ROWS + 1, pa.int64())})
    write_table(storage, "t", schema, [table], row_group_bytes=1 << 40)
    file = pq.ParquetFile(storage.local_path("t"))
    assert [file.metadata.row_group(i).num_rows for i in range(2)] == [ROW_GROUP_ROWS, 1]


def test_bytes_of_rows_count_strings_of_every_kind_and_no_nulls() -> None:
    columns = {
        "a": pa.array(["abc", None]),
        "b": pa.array(["äö", ""], pa.large_string()),
        "c": pa.array([b"12345", None]),
        "d": pa.array([b"1234567", None], pa.large_binary()),
        "n": pa.array([1, None]),
    }
    assert row_bytes(pa.table(columns)).tolist() == [5 * 8 + 3 + 4 + 5 + 7, 5 * 8]


def test_an_empty_table_has_its_schema(storage: Storage) -> None:
    written = write_table(storage, "t", NESTED, [])
    assert written.rows == 0
    assert read_table(storage, "t").schema.equals(NESTED)
    assert read_table(storage, "t", columns=["n", "id"]).column_names == ["n", "id"]
    assert list(iter_table(storage, "t")) == []
    assert write_table(storage, "u", NESTED, [NESTED.empty_table()] * 3) == written


def test_files_are_zstd_and_text_has_no_statistics(storage: Storage) -> None:
    table = pa.table({"key": ["a"], "n": [1], "content": ["secret text"]})
    write_table(storage, "t", KEYED, [table])
    group = pq.ParquetFile(storage.local_path("t")).metadata.row_group(0)
    assert {group.column(index).compression for index in range(3)} == {"ZSTD"}
    assert group.column(2).statistics is None
    assert group.column(0).statistics.max == "a"


@pytest.mark.parametrize(("codec", "name"), [(SMALL, "ZSTD"), (FAST, "LZ4")])
def test_signatures_are_not_compressed_and_only_what_repeats_has_a_dictionary(
    storage: Storage, codec: Codec, name: str
) -> None:
    drawn = pa.array([bytes(range(32)), bytes(32)], pa.binary(32))
    table = pa.table({"content_id": ["a", "b"], "language": ["C", "C"], "signature": drawn})
    write_table(storage, "t", table.schema, [table], codec=codec)
    group = pq.ParquetFile(storage.local_path("t")).metadata.row_group(0)
    columns = [group.column(index) for index in range(3)]
    assert [column.compression for column in columns] == [name, name, "UNCOMPRESSED"]
    assert [column.has_dictionary_page for column in columns] == [False, True, False]
    assert columns[2].statistics is None
    assert read_table(storage, "t").equals(table)


def test_a_missing_column_is_null_and_a_required_one_is_refused(storage: Storage) -> None:
    write_table(storage, "t", KEYED, [pa.table({"n": [1]})])
    assert read_table(storage, "t").to_pylist() == [{"key": None, "n": 1, "content": None}]
    with pytest.raises(pa.ArrowInvalid, match="'id'"):
        write_table(storage, "u", NESTED, [pa.table({"n": [1]})])
    assert storage.names() == ["t"]


def test_rows_that_stop_half_way_leave_no_file(storage: Storage) -> None:
    def rows() -> Iterator[pa.Table]:
        yield pa.Table.from_pylist(made_rows(NESTED, 50), schema=NESTED)
        raise OSError(28, "No space left on device")

    for place in (storage, Storage("memory://half-way")):
        with pytest.raises(OSError, match="No space"):
            write_table(place, "t", NESTED, rows(), row_group_bytes=100)
        assert place.names() == []


class _FullDisk:
    """A stream on a disk with room for some bytes."""

    def __init__(self, room: int) -> None:
        self._room = room

    def write(self, data: bytes) -> int:
        size = memoryview(data).nbytes
        self._room -= size
        if self._room < 0:
            raise OSError(28, "No space left on device")
        return size

    def flush(self) -> None:
        return


class _FullStorage(Storage):
    def commit(self, final_name: str, write: Any, **options: Any) -> Any:
        return write(_FullDisk(int(final_name)))


@pytest.mark.parametrize("room", [0, 3, 4, 100, 2000])
def test_a_full_disk_comes_out_as_the_error_it_is(room: int) -> None:
    table = pa.Table.from_pylist(made_rows(NESTED, 50), schema=NESTED)
    with pytest.raises(OSError, match="No space left") as caught:
        write_table(_FullStorage("memory://full"), str(room), NESTED, [table], row_group_bytes=100)
    assert caught.value.errno == 28


KEYS = st.lists(st.text("0123456789abcdef", min_size=1, max_size=3) | st.none(), max_size=40)


@IN_FOLDER
@given(
    KEYS,
    st.text("0123456789abcdef", max_size=2),
    st.text("0123456789abcdef", max_size=2),
    st.integers(20, 200),
)
def test_reading_within_bounds_is_filtering(
    storage: Storage, keys: list[str | None], low: str, high: str, limit: int
) -> None:
    keys = sorted(keys, key=lambda key: (key is None, key or ""))
    rows: list[dict[str, Any]] = [{"key": key, "n": n, "content": "x" * n} for n, key in enumerate(keys)]
    write_table(storage, "t", KEYED, [pa.Table.from_pylist(rows, schema=KEYED)], row_group_bytes=limit)
    wanted = [
        row
        for row in rows
        if row["key"] is not None and low <= row["key"] and (not high or row["key"] < high)
    ]
    bounds = (low, high)
    found = read_table(storage, "t", key="key", bounds=bounds)
    assert found.to_pylist() == wanted
    assert found.schema.equals(KEYED)
    some = read_table(storage, "t", columns=["content", "n"], key="key", bounds=bounds)
    assert some.to_pylist() == [{"content": row["content"], "n": row["n"]} for row in wanted]
    assert some.column_names == ["content", "n"]
    pieces = list(iter_table(storage, "t", columns=["key"], key="key", bounds=bounds))
    assert [key for piece in pieces for key in piece["key"].to_pylist()] == [row["key"] for row in wanted]
    assert all(piece.num_rows for piece in pieces)


def test_row_groups_outside_the_bounds_are_not_read(storage: Storage) -> None:
    rows = [{"key": f"{n:04d}", "n": n, "content": "x" * 5000} for n in range(64)]
    write_table(storage, "t", KEYED, [pa.Table.from_pylist(rows, schema=KEYED)], row_group_bytes=4096)
    file = pq.ParquetFile(storage.local_path("t"))
    assert file.num_row_groups == 64
    path = storage.local_path("t")
    data = bytearray(path.read_bytes())
    column = file.metadata.row_group(63).column(2)
    data[column.data_page_offset : column.data_page_offset + 20] = b"\xff" * 20
    path.write_bytes(data)
    assert read_table(storage, "t", key="key", bounds=("0010", "0012")).num_rows == 2
    with pytest.raises(OSError):
        read_table(storage, "t")


def test_a_small_file_has_the_bytes_that_the_pinned_writer_gives_it(storage: Storage) -> None:
    # Bytes are promised for one pinned writer: a new pyarrow may change the first value, and says so in the
    # changelog ("changes output"); the logical digest may never change within a major layout version.
    table = pa.Table.from_pylist(made_rows(NESTED, 11), schema=NESTED)
    written = write_table(storage, "t", NESTED, [table], row_group_bytes=300)
    assert written.logical == "a7c5a47a4b2e23a25181bcbd3c7bc3b8fc2d5ccc7bb0c35d6d5a7793e5062553"
    assert (pa.__version__, written.sha256) == (
        "25.0.1",
        "c42509782cc408127327ead7236b5ff156af8c8ee3aa0f59c06e5ad24241e6c2",
    )
