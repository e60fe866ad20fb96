from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.errors import RunFailed, StackPipelineError, UsageError
from stack_pipeline.near_dedup.columns import ColumnChoice
from stack_pipeline.near_dedup.input_files import find_inputs
from stack_pipeline.near_dedup.inputs import Documents
from stack_pipeline.near_dedup.json_lines import JsonLines
from stack_pipeline.near_dedup.opening import open_documents
from tests.stack_pipeline.near_dedup.made_documents import families, json_lines, write_lines, write_parquet

ROWS = families()


def opened(*inputs: Path | str, **choice: Any) -> Documents:
    found = find_inputs([str(given) for given in inputs])
    return open_documents(found, ColumnChoice(**choice), progress=lambda step, done, total: None)


def values(documents: Documents, column: str, wanted: Any = None) -> list[Any]:
    return [
        value
        for _, table in documents.batches([column], wanted=wanted)
        for value in table.column(column).to_pylist()
    ]


def texts(documents: Documents) -> list[bytes | None]:
    return values(documents, "text")


def refusal(*inputs: Path | str, kind: type[StackPipelineError] = UsageError, **choice: Any) -> str:
    with pytest.raises(kind) as caught:
        list(opened(*inputs, **choice).batches(["text", "id", "path", "language"]))
    assert "\n" not in caught.value.message + (caught.value.hint or "")
    return f"{caught.value.message} | {caught.value.hint}"


TEXT = ["a b", None, "", "é \x00 \U0001f600"]
AS_BYTES = [None if text is None else text.encode() for text in TEXT]


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.binary(),
        pa.large_binary(),
        pa.string_view(),
        pa.dictionary(pa.int32(), pa.string()),
        pa.dictionary(pa.int8(), pa.binary()),
    ],
    ids=str,
)
def test_texts_of_every_string_type_are_the_same_bytes(kind: pa.DataType, tmp_path: Path) -> None:
    is_coded = pa.types.is_dictionary(kind)
    column = pa.array(TEXT).cast(kind.value_type if is_coded else kind)
    column = column.dictionary_encode() if is_coded else column
    pq.write_table(pa.table({"text": column}), tmp_path / "a.parquet")
    assert texts(opened(tmp_path / "a.parquet")) == AS_BYTES


def test_binary_texts_need_not_be_utf8(tmp_path: Path) -> None:
    pq.write_table(pa.table({"content": [b"\xff\xfe", b"ok"]}), tmp_path / "a.parquet")
    assert texts(opened(tmp_path / "a.parquet")) == [b"\xff\xfe", b"ok"]


def test_names_that_are_no_utf8_are_shown_by_their_escapes(tmp_path: Path) -> None:
    broken = pa.Array.from_buffers(pa.string(), 1, pa.array([b"a\xffb"]).buffers())
    pq.write_table(pa.table({"id": broken, "path": broken, "content": ["x"]}), tmp_path / "a.parquet")
    documents = opened(tmp_path / "a.parquet")
    assert values(documents, "path") == values(documents, "id") == ["a\\xffb"]


@pytest.mark.parametrize("write", [write_parquet, write_lines])
def test_nested_columns_are_named_with_dots(write: Any, tmp_path: Path) -> None:
    rows = [
        {"meta": {"lang": {"name": "C"}, "body": "x y"}, "key": {"n": 1}},
        {"meta": None, "key": {"n": 2}},
    ]
    path = write(tmp_path / ("a.parquet" if write is write_parquet else "a.jsonl"), rows)
    documents = opened(path, text="meta.body", id="key.n", language="meta.lang.name")
    assert texts(documents) == [b"x y", None]
    assert values(documents, "language") == ["C", None]
    assert values(documents, "id") == [1, 2]


def test_only_wanted_rows_are_read(tmp_path: Path) -> None:
    one = write_parquet(tmp_path / "a.parquet", ROWS[:11], row_group_size=3)
    two = write_lines(tmp_path / "b.jsonl", ROWS[11:])
    documents = opened(one, two)
    for chosen in ([0], [2, 3], [10, 11, 19], [], list(range(20))):
        wanted = np.zeros(20, bool)
        wanted[chosen] = True
        got = [
            (row, text)
            for rows, table in documents.batches(["text"], wanted=wanted)
            for row, text in zip(rows.tolist(), table.column("text").to_pylist(), strict=True)
        ]
        assert got == [(row, ROWS[row]["content"].encode()) for row in chosen]


def test_columns_come_in_the_order_asked_for_and_again_and_again(tmp_path: Path) -> None:
    documents = opened(write_parquet(tmp_path / "a.parquet", ROWS), within="language")
    names = ["rank", "group", "text", "id", "path", "language", "repository"]
    first = [table for _, table in documents.batches(names)]
    assert first[0].column_names == names
    assert pa.concat_tables(first).equals(pa.concat_tables(t for _, t in documents.batches(names)))


def test_the_rank_is_distinct_and_follows_value_then_id(tmp_path: Path) -> None:
    rows = [{"id": i, "text": "x", "stars": s} for i, s in (("d", 1), ("c", 5), ("b", None), ("a", 5))]
    path = write_parquet(tmp_path / "a.parquet", rows)
    assert opened(path).rank.tolist() == [3, 2, 1, 0]
    assert opened(path, rank="stars", descending=True).rank.tolist() == [2, 1, 3, 0]
    assert opened(path, rank="stars").rank.tolist() == [0, 2, 3, 1]
    assert opened(path, rank="stars", id="none").rank.tolist() == [0, 1, 3, 2]


def test_ids_that_are_numbers_sort_as_numbers(tmp_path: Path) -> None:
    for path in (
        write_parquet(tmp_path / "a.parquet", [{"id": n, "text": "x"} for n in (10, 9, 100)]),
        write_lines(tmp_path / "a.jsonl", [{"id": n, "text": "x"} for n in (10, 9, 100)]),
    ):
        assert opened(path).rank.tolist() == [1, 0, 2]


def test_folders_are_read_in_the_order_of_names_and_hidden_files_are_not(tmp_path: Path) -> None:
    for name in ("b/2.parquet", "b/10.parquet", "a.jsonl", ".hidden/x.parquet", "notes.txt"):
        path = tmp_path / "in" / name
        rows = [{"id": name, "content": name}]
        if name.endswith("jsonl"):
            write_lines(path, rows)
        elif name.endswith("parquet"):
            write_parquet(path, rows)
        else:
            path.write_text("not data")
    expected = ["a.jsonl", "b/10.parquet", "b/2.parquet"]
    assert values(opened(tmp_path / "in"), "id") == expected
    assert values(opened(f"{tmp_path}/in/**/*.parquet"), "id") == expected[1:]


LINES: list[dict[str, Any]] = [
    {"id": n, "content": f'text {n} \u2028 \ud800 \\ "' * n, "x": [1, {"y": None}]} for n in range(40)
]


@pytest.mark.parametrize("block_bytes", [1, 7, 64, 8 << 20])
def test_blocks_of_any_size_give_the_same_rows(block_bytes: int, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl.gz", LINES)
    source = JsonLines(find_inputs([str(path)]).files[0], block_bytes=block_bytes)
    read = list(source.read({"id": "id", "text": "content"}, None))
    assert [i for rows, _ in read for i in rows.tolist()] == list(range(40))
    assert [t for _, a in read for t in a["text"].to_pylist()] == [
        row["content"].encode("utf-8", "surrogatepass") for row in LINES
    ]


def test_blank_lines_windows_line_ends_and_a_byte_order_mark_are_no_rows(tmp_path: Path) -> None:
    data = b'\xef\xbb\xbf{"id":1,"text":"a"}\r\n\r\n  \n{"id":2,"text":"b"}'
    (tmp_path / "a.jsonl").write_bytes(data)
    documents = opened(tmp_path / "a.jsonl")
    assert texts(documents) == [b"a", b"b"]


def test_compressed_files_of_several_members_are_read_whole(tmp_path: Path) -> None:
    parts = [json_lines(ROWS[:3]), json_lines(ROWS[3:])]
    (tmp_path / "a.jsonl.gz").write_bytes(b"".join(map(gzip.compress, parts)))
    (tmp_path / "b.jsonl.zst").write_bytes(
        b"".join(pa.compress(p, codec="zstd", asbytes=True) for p in parts)
    )
    for name in ("a.jsonl.gz", "b.jsonl.zst"):
        assert values(opened(tmp_path / name), "id") == [row["id"] for row in ROWS]


@given(
    st.lists(
        st.fixed_dictionaries(
            {"text": st.one_of(st.none(), st.text())}, optional={"lang": st.text(), "other": st.integers()}
        ),
        min_size=1,
    ),
    st.integers(1, 50),
)
def test_any_objects_come_back(tmp_path_factory: pytest.TempPathFactory, rows: Any, block_bytes: int) -> None:
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    write_lines(path, rows)
    source = JsonLines(find_inputs([str(path)]).files[0], block_bytes=block_bytes)
    read = [t for _, arrays in source.read({"text": "text"}, None) for t in arrays["text"].to_pylist()]
    assert read == [None if row["text"] is None else row["text"].encode() for row in rows]


@given(st.binary(max_size=300), st.sampled_from(["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet"]))
def test_any_bytes_give_rows_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("bytes") / name
    path.write_bytes(data)
    try:
        documents = opened(path, id="none")
        assert len(texts(documents)) == documents.count
    except StackPipelineError as error:
        assert "\n" not in error.message


BROKEN = {
    "no JSON": b"{'a': 1}",
    "cut off": b'{"id":1,"text":"a',
    "two objects": b'{"id":3,"text":"a"}{"id":4,"text":"b"}',
    "no object": b"[1]",
    "deep": b"[" * 200_000,
    "no UTF-8": b'{"id":3,"text":"\xff"}',
    "a text that is none": b'{"id":3,"text":["a"]}',
    "no id": b'{"text":"a"}',
    "a null id": b'{"id":null,"text":"a"}',
    "a true id": b'{"id":true,"text":"a"}',
    "an id beyond 64 bits": b'{"id":36893488147419103232,"text":"a"}',
    "a number of many digits": b'{"id":' + b"9" * 10_000 + b',"text":"a"}',
    "another kind of id": b'{"id":"b","text":"a"}',
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_line_is_one_error_with_its_number(what: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id":1,"text":"a"}\n\n{"id":2,"text":"b"}\n' + BROKEN[what] + b"\n")
    message = refusal(path)
    assert str(path) in message
    assert ("line 4" in message) != (what in ("an id beyond 64 bits", "another kind of id"))


def column_error(tmp_path: Path, table: dict[str, Any], **choice: Any) -> str:
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    return refusal(tmp_path / "a.parquet", **choice)


def test_wrong_columns_are_refused_with_those_there_are(tmp_path: Path) -> None:
    table: dict[str, Any] = {"body_text": ["a"], "n": [1], "list": [["a"]]}
    assert "its columns: body_text, n, list" in column_error(tmp_path, table)
    assert "no column 'missing'" in column_error(tmp_path, table, text="missing")
    assert "no column 'n.x'" in column_error(tmp_path, table, text="n.x")
    assert "'n' is int64" in column_error(tmp_path, table, text="n")
    assert "'list' is list" in column_error(tmp_path, table, text="list")
    assert "'list' is list" in column_error(tmp_path, table, text="body_text", id="list")
    assert "'list' is list" in column_error(tmp_path, table, text="body_text", rank="list")
    assert "'list' is list" in column_error(tmp_path, table, text="body_text", within="list")
    assert "no column 'stars'" in column_error(tmp_path, table, text="body_text", rank="stars")
    assert "no column 'language'" in column_error(tmp_path, table, text="body_text", within="language")


def test_ids_that_are_null_or_stand_twice_are_refused_with_their_places(tmp_path: Path) -> None:
    one = write_parquet(tmp_path / "a.parquet", [{"id": n, "text": "x"} for n in ("a", "b", "c")])
    two = write_parquet(tmp_path / "b.parquet", [{"id": n, "text": "x"} for n in ("d", "b")])
    message = refusal(one, two)
    assert f"{one} row 1 and {two} row 1" in message
    assert "--id-column none" in message
    assert "1 nulls" in column_error(tmp_path, {"id": ["a", None], "text": ["x", "y"]})
    assert "64 bits" in column_error(tmp_path, {"id": pa.array([2**64 - 1], pa.uint64()), "text": ["x"]})


def test_files_of_different_columns_and_types_are_refused(tmp_path: Path) -> None:
    one = write_parquet(tmp_path / "a.parquet", [{"id": "a", "text": "x"}])
    other = write_parquet(tmp_path / "b.parquet", [{"id": "b", "content": "x"}])
    assert f"no column 'text', which {one} has" in refusal(tmp_path)
    assert texts(opened(one, other)) == [b"x", b"x"]
    nameless = write_parquet(tmp_path / "in" / "n.parquet", [{"text": "x"}])
    assert f"{one} has one" in refusal(one, nameless)
    assert "ids in 'id' are int64" in refusal(
        one, write_lines(tmp_path / "c.jsonl", [{"id": 1, "text": "x"}])
    )
    both = [
        write_parquet(tmp_path / f"{n}.parquet", [{"id": str(n), "text": "x", "r": r}])
        for n, r in ((1, 1), (2, "b"))
    ]
    assert "several types" in refusal(*both, rank="r")


def test_optional_columns_that_only_some_files_have_are_null_elsewhere(tmp_path: Path) -> None:
    one = write_parquet(tmp_path / "a.parquet", [{"id": "a", "text": "x", "language": "C", "path": "p"}])
    two = write_lines(tmp_path / "b.jsonl", [{"id": "b", "text": "x"}])
    documents = opened(one, two)
    assert values(documents, "language") == ["C", None]
    assert values(documents, "path") == ["p", None]
    assert "no column 'language'" in refusal(one, two, language="language")


def test_inputs_that_cannot_be_are_refused_in_one_line(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "in" / "a.parquet", ROWS)
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.csv").write_text("id,text\n")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    (tmp_path / "empty.jsonl").write_bytes(b"\n\n")
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(json_lines(ROWS) * 50)[:-20])
    assert "no such file" in refusal(tmp_path / "missing.parquet")
    assert "no file matches" in refusal(f"{tmp_path}/*.pq")
    assert "neither Parquet nor JSONL" in refusal(tmp_path / "a.csv")
    assert "no Parquet or JSONL file" in refusal(tmp_path / "empty")
    assert "not a Parquet file" in refusal(tmp_path / "b.parquet")
    assert "named twice" in refusal(path, path.parent)
    assert "no rows" in refusal(tmp_path / "empty.jsonl")
    assert "no whole gzip file" in refusal(tmp_path / "cut.jsonl.gz")
    assert "local disk" in refusal("s3://bucket/data")


def test_a_parquet_file_damaged_inside_is_one_line(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", [{"id": str(n), "text": f"x{n}" * 50} for n in range(500)])
    data = bytearray(path.read_bytes())
    data[200 : len(data) // 2] = b"\xaa" * (len(data) // 2 - 200)
    path.write_bytes(data)
    with pytest.raises((RunFailed, UsageError)) as caught:
        texts(opened(path, id="none"))
    assert "\n" not in caught.value.message


def test_a_line_longer_than_a_block_is_read(tmp_path: Path) -> None:
    long = "word " * 4_000_000
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(json.dumps({"id": "a", "text": long}).encode() + b"\n" + b'{"id":"b","text":"c"}')
    assert [len(text or b"") for text in texts(opened(path))] == [len(long), 1]


@pytest.mark.parametrize("is_coded", [False, True])
def test_a_text_stored_once_for_many_rows_comes_in_pieces(is_coded: bool, tmp_path: Path) -> None:
    long = "word " * 200_000
    column = pa.array([0, 1, None] * 40, pa.int32())
    coded = pa.DictionaryArray.from_arrays(column, pa.array([long, "short"]))
    table = pa.table({"content": coded if is_coded else coded.dictionary_decode()})
    pq.write_table(table, tmp_path / "a.parquet")
    sizes, rows = [], []
    documents = opened(tmp_path / "a.parquet")
    assert documents.text_bytes == 40 * (len(long) + 5)
    for numbers, piece in documents.batches(["text"]):
        sizes.append(piece.nbytes)
        rows += numbers.tolist()
        assert [len(text or b"") for text in piece.column("text").to_pylist()] == [
            (len(long), 5, 0)[row % 3] for row in numbers.tolist()
        ]
    assert rows == list(range(120))
    assert max(sizes) < 10_000_000


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    pq.write_table(table, tmp_path / "a.parquet")
    assert "'text' stands twice" in refusal(tmp_path / "a.parquet")


def test_keys_that_the_first_lines_leave_out_are_found(tmp_path: Path) -> None:
    rows = [{}, {"id": "b", "content": "x"}, {"id": "c", "content": "y", "language": "C"}]
    write_lines(tmp_path / "a.jsonl", rows[1:])
    assert values(opened(tmp_path / "a.jsonl"), "language") == [None, "C"]
    write_lines(tmp_path / "b.jsonl", rows)
    assert texts(opened(tmp_path / "b.jsonl", id="none")) == [None, b"x", b"y"]
    write_lines(tmp_path / "c.jsonl", [{}])
    assert "no column for the text" in refusal(tmp_path / "c.jsonl")


def test_a_file_without_rows_goes_with_others(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_bytes(b"\n")
    write_lines(tmp_path / "in" / "b.jsonl", [{"id": "b", "content": "x"}])
    pq.write_table(
        pa.table({"id": pa.array([], pa.string()), "content": pa.array([], pa.string())}),
        tmp_path / "in" / "c.parquet",
    )
    documents = opened(tmp_path / "in")
    assert (values(documents, "id"), texts(documents), documents.starts) == (["b"], [b"x"], [0, 0, 1, 1])


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_parquet_file_with_any_bytes_changed_gives_rows_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    path = write_parquet(tmp_path_factory.mktemp("changed") / "a.parquet", ROWS, row_group_size=7)
    data = bytearray(path.read_bytes())
    for place, byte in changes:
        data[place % len(data)] = byte
    path.write_bytes(data)
    try:
        documents = opened(path, id="none", within="language")
        rows = [
            row for numbers, _ in documents.batches(["text", "path", "group"]) for row in numbers.tolist()
        ]
        assert rows == list(range(documents.count))
    except StackPipelineError as error:
        assert "\n" not in error.message
