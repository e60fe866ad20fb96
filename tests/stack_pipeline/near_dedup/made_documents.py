"""Invented documents whose similarities are known, as rows and as files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Row = dict[str, Any]


def text_of(name: str, *, changed: int | None = None, words: int = 60) -> str:
    """Return a text of lines of six words, one word changed."""
    tokens = [f"{name}_{n}" for n in range(words)]
    if changed is not None:
        tokens[changed] = f"changed_{changed}"
    return "".join(" ".join(tokens[at : at + 6]) + ";\n" for at in range(0, words, 6))


def families(count: int = 4, *, copies: int = 3) -> list[Row]:
    """Return families of near-duplicates: an original, `copies` with a word changed, and a byte-identical twin."""
    rows: list[Row] = []
    for family in range(count):
        language = ("Python", "C", None)[family % 3]
        named = {"language": language, "repo_name": f"owner/repo-{family % 2}"}
        for member in range(copies + 1):
            text = text_of(f"f{family}", changed=None if member == 0 else 6 * member)
            rows.append({"id": f"{family}-{member}", "content": text, **named, "stars": member})
        rows.append({"id": f"{family}-twin", "content": text_of(f"f{family}"), **named, "stars": 99})
    for row in rows:
        row["path"] = f"src/{row['id']}.txt"
    return rows


def chain(count: int) -> list[Row]:
    """Return pages cut from one template so that each resembles the next by 0.84 and others by less than 0.7: only a chain ties them."""
    words = [f"t{n}" for n in range(5 * count + 60)]
    return [
        {
            "id": f"page-{n:05d}",
            "content": " ".join(words[5 * n : 5 * n + 60]),
            "language": "HTML",
            "path": f"{n}.html",
        }
        for n in range(count)
    ]


def singles(count: int, *, language: str = "Python") -> list[Row]:
    """Return texts that resemble no other."""
    return [
        {"id": f"single-{n:05d}", "content": text_of(f"s{n}"), "language": language, "path": f"{n}.py"}
        for n in range(count)
    ]


def write_parquet(path: Path, rows: Sequence[Row], *, row_group_size: int = 3, **schema: pa.DataType) -> Path:
    """Write rows as Parquet; `schema` overrides the types of columns."""
    table = pa.Table.from_pylist(list(rows))
    for name, kind in schema.items():
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table.column(name).cast(kind))
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, row_group_size=row_group_size)
    return path


def json_lines(rows: Sequence[Row]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def write_lines(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as JSONL, compressed as the name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = json_lines(rows)
    if path.suffix == ".gz":
        data = gzip.compress(data)
    if path.suffix == ".zst":
        data = pa.compress(data, codec="zstd", asbytes=True)
    path.write_bytes(data)
    return path
