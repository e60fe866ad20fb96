from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stack_pipeline.errors import UsageError
from stack_pipeline.scanning import RedactSettings, Tally
from stack_pipeline.scanning.json_copy import find_value
from stack_pipeline.scanning.table_copy import check_tables, copy_table
from stack_pipeline.scanning.tables import one_table, open_tables
from tests.stack_pipeline.scanning.planted import MAIL, PASSWORD, leaked

SETTINGS = RedactSettings()


def copied(source: Path, column: str) -> tuple[Path, Tally]:
    target, tally = source.with_name(f"copy-{source.name}"), Tally()
    copy_table(one_table([str(source)], column=column), column, target, SETTINGS, tally)
    return target, tally


TYPES = {
    "string": pa.string(),
    "large_string": pa.large_string(),
    "string_view": pa.string_view(),
    "binary": pa.binary(),
    "dictionary": pa.dictionary(pa.int8(), pa.string()),
}


@pytest.mark.parametrize("kind", TYPES.values(), ids=list(TYPES))
def test_a_parquet_copy_differs_in_one_column_only(tmp_path: Path, kind: pa.DataType) -> None:
    texts = ["plain", None, f"mail {MAIL}", f'é password = "{PASSWORD}"', "", f"mail {MAIL}"]
    column = pa.array(texts, pa.string())
    typed = column.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else column.cast(kind)
    table = pa.table(
        {
            "before": pa.array(range(6), pa.int16()),
            "text": typed,
            "after": pa.array([[{"x": MAIL}]] * 6),
        }
    ).replace_schema_metadata({"who": "we"})
    source = tmp_path / "in.parquet"
    pq.write_table(table, source, row_group_size=4, compression="gzip")
    target, tally = copied(source, "text")
    opened, original = pq.ParquetFile(target), pq.ParquetFile(source)
    clean = opened.read()
    assert clean.schema.equals(original.schema_arrow, check_metadata=True)
    assert clean.drop_columns("text").equals(original.read().drop_columns("text"))
    assert [opened.metadata.row_group(n).num_rows for n in range(2)] == [4, 2]
    assert opened.metadata.row_group(0).column(0).compression == "GZIP"
    values = [v.decode() if isinstance(v, bytes) else v for v in clean["text"].to_pylist()]
    assert values == ["plain", None, "mail <EMAIL>", 'é password = "<PASSWORD>"', "", "mail <EMAIL>"]
    assert (tally.texts, tally.changed, tally.found.total()) == (5, 3, 3)


def test_an_empty_parquet_file_is_copied(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "in.parquet")
    target, tally = copied(tmp_path / "in.parquet", "text")
    assert pq.read_table(target).num_rows == tally.texts == 0


LINES = [
    b'{"a": 1.50, "meta": {"text": "mail b\\u00f6b bob@corp.io"}, "b": [1, 2]}\r\n',
    b"\n",
    b'{"a": 1e400, "meta":{"text":null}}\n',
    b'{"meta":\r{"text":"plain"}, "meta.text2": "bob@corp.io"}\n',
    '{ "meta" : {"text":"ö bob@corp.io"}  , "x":"\\u00e9"}'.encode(),
]
CLEAN = [
    b'{"a": 1.50, "meta": {"text": "mail b\\u00f6b <EMAIL>"}, "b": [1, 2]}\r\n',
    *LINES[1:4],
    '{ "meta" : {"text":"ö <EMAIL>"}  , "x":"\\u00e9"}'.encode(),
]


@pytest.mark.parametrize("compression", [None, "gzip", "zstd"])
def test_a_json_copy_keeps_every_other_byte(tmp_path: Path, compression: str | None) -> None:
    source = tmp_path / ("in.jsonl" + {None: "", "gzip": ".gz", "zstd": ".zst"}[compression])
    with pa.output_stream(str(source), compression=compression) as stream:
        stream.write(b"".join(LINES))
    target, tally = copied(source, "meta.text")
    with pa.input_stream(str(target), compression=compression) as stream:
        assert stream.read() == b"".join(CLEAN)
    assert (tally.texts, tally.changed) == (3, 2)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"text": 1}', "line 2: 'text' is no string"),
        (b'{"text": "x"', "line 2 is not valid JSON"),
        (b"[1]", "line 2 is not a JSON object"),
        (b'{"text": "\xff"}', "line 2 is not valid JSON"),
    ],
)
def test_a_broken_line_is_named_and_no_copy_is_left(tmp_path: Path, line: bytes, message: str) -> None:
    source = tmp_path / "in.jsonl"
    filler = b'{"text": "a"}\n' * 100
    source.write_bytes(filler + line + b"\n")
    with pytest.raises(UsageError) as caught:
        copied(source, "text")
    assert message.replace("line 2", "line 101") in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ('{"a": "x"}', "a", '"x"'),
        ('{"a": "x", "a": "y"}', "a", '"y"'),
        ("{}", "a", None),
        ('{"a.b": "x", "a": {"b": "y"}}', "a.b", '"x"'),
        ('{"a": {"b.c": {"d": "}\\""}}}', "a.b.c.d", '"}\\""'),
        ('{"a": ["b"]}', "a.b", None),
        ('\n{ "\\u0061" : {} , "z":"1" }', "z", '"1"'),
    ],
)
def test_the_place_of_a_value_is_found(text: str, name: str, value: str | None) -> None:
    place = find_value(text, 0, name)
    assert (None if place is None else text[slice(*place)]) == value


def test_a_table_can_be_checked_without_a_copy(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": f"mail {MAIL}"}) + "\n")
    tally = Tally()
    sources = open_tables([str(tmp_path)], column="text", id_column=None)
    check_tables(sources, "text", SETTINGS, tally)
    assert tally.changed == 1


def test_a_damaged_file_is_named_and_no_copy_is_left(tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    pq.write_table(pa.table({"text": [f"mail {MAIL} {n}" for n in range(1000)]}), source, compression="none")
    data = bytearray(source.read_bytes())
    data[4:400] = bytes(396)
    source.write_bytes(data)
    with pytest.raises(UsageError, match="is damaged") as caught:
        copied(source, "text")
    assert leaked(caught.value.message) == []
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


def test_nested_columns_of_parquet_are_scanned_and_not_rewritten(tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    pq.write_table(pa.table({"meta": [{"text": f"mail {MAIL}"}]}), source)
    assert len(open_tables([str(source)], column="meta.text", id_column=None)) == 1
    with pytest.raises(UsageError, match="is nested"):
        copied(source, "meta.text")
    with pytest.raises(UsageError, match="no column 'nope'"):
        copied(source, "nope")
