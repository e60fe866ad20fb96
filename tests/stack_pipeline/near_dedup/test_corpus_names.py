"""A corpus and a release as inputs: what is read of them, and how their rows are named."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from stack_pipeline.canonical import canonical_json
from stack_pipeline.corpus import open_or_create_corpus
from stack_pipeline.errors import UsageError
from stack_pipeline.jobs import FileRef
from stack_pipeline.storage import Storage
from stack_pipeline.tables.parquet import write_table
from stack_pipeline.tables.schema import CONTENTS, DATA, LAYOUT, ORIGINS
from tests.stack_pipeline.card.made_release import release_manifest
from tests.stack_pipeline.near_dedup.made_documents import families, text_of, write_parquet
from tests.stack_pipeline.near_dedup.runs import clusters, dedup, found, refused


def content_id(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


def _written(storage: Storage, name: str, schema: pa.Schema, rows: list[dict[str, Any]]) -> dict[str, Any]:
    filled = [{**dict.fromkeys(schema.names), **row} for row in rows]
    written = write_table(storage, name, schema, [pa.Table.from_pylist(filled, schema=schema)])
    return {"root": "corpus", "name": name, **asdict(written)}


def make_corpus(folder: Path, snapshots: list[dict[str, str]]) -> Path:
    """Make a corpus of snapshots of paths and their texts; every path ends in its language."""
    corpus = open_or_create_corpus(str(folder), key=None)
    for number, files in enumerate(snapshots, 1):
        contents = [
            {
                "content_id": content_id(text),
                "text": text,
                "encoding": "utf-8",
                "size_bytes": 1,
                "length_bytes": 1,
            }
            | {"sha1": "0", "sha256": "0", "text_sha256": "0"}
            for text in sorted(set(files.values()), key=content_id)
        ]
        origins = [
            {"repository": "host/name/a/b", "commit": "0" * 40, "path_bytes": path.encode(), "path": path}
            | {"path_is_lossy": False, "entry_index": 0, "mode": 0o100644, "content_id": content_id(text)}
            | {"language": path.rpartition(".")[2]}
            for path, text in files.items()
        ]
        refs = [
            {"kind": "contents"}
            | _written(corpus.storage, f"snapshots/{number}/contents/0.parquet", CONTENTS, contents),
            {"kind": "origins"}
            | _written(corpus.storage, f"snapshots/{number}/origins/0.parquet", ORIGINS, origins),
        ]
        manifest = canonical_json({"layout": list(LAYOUT), "files": refs})
        corpus.storage.write_bytes(f"snapshots/{number}/manifest.json", manifest)
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    first = {
        "src/a.py": text_of("a", words=240),
        "src/other.c": text_of("a", words=240),
        "alone.py": text_of("z"),
    }
    second = {f"src/near-{n}.py": text_of("a", changed=n, words=240) for n in (6, 12)}
    return make_corpus(tmp_path / "corpus", [first, second])


def test_all_snapshots_of_a_corpus_are_read_with_the_names_of_first_origins(
    corpus: Path, tmp_path: Path
) -> None:
    dedup(corpus, "--output", tmp_path / "out")
    rows = {row["id"]: row for row in clusters(tmp_path / "out").to_pylist()}
    assert len(rows) == 3
    named = rows[content_id(text_of("a", words=240))]
    assert (named["path"], named["language"], named["repository"]) == ("src/a.py", "py", "host/name/a/b")
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert [(row["name"], row["files"]) for row in report["by_language"]] == [("py", 4)]


def test_what_is_read_from_a_corpus_is_for_its_owner_only(corpus: Path, tmp_path: Path) -> None:
    dedup(corpus, "--output", tmp_path / "out", "--write-filtered")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


def test_languages_of_a_corpus_bound_comparison(corpus: Path, tmp_path: Path) -> None:
    other = make_corpus(tmp_path / "other", [{"x.c": text_of("a", changed=30, words=240)}])
    dedup(corpus, other, "--output", tmp_path / "all")
    dedup(corpus, other, "--output", tmp_path / "within", "--within", "language")
    assert len(found(tmp_path / "all")) == 4
    assert len(found(tmp_path / "within")) == 3


def test_a_corpus_goes_with_other_files(corpus: Path, tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "more.parquet", families(1))
    dedup(corpus, path, "--output", tmp_path / "out")
    rows = {row["id"]: row for row in clusters(tmp_path / "out").to_pylist()}
    assert rows["0-1"]["path"] == "src/0-1.txt"
    assert rows[content_id(text_of("a", words=240))]["path"] == "src/a.py"
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert {row["name"] for row in report["by_source"]} == {str(corpus), str(path)}


def test_an_empty_corpus_is_refused(tmp_path: Path) -> None:
    open_or_create_corpus(str(tmp_path / "corpus"), key=None)
    assert "nothing was ingested" in refused(tmp_path / "corpus", "--output", tmp_path / "out").message


def make_release(folder: Path) -> Path:
    name = "data/python/train-00000-of-00001.parquet"
    rows = [
        {"content_id": content_id(text), "content_id_kind": "git", "content": text, "content_sha256": "0"}
        | {
            "length_bytes": 1,
            "language": "Python",
            "repo_name": "a/b",
            "path": "p",
            "license_type": "permissive",
        }
        for text in sorted((text_of("a", words=240), text_of("a", changed=6, words=240)), key=content_id)
    ]
    written = _written(Storage(str(folder)), name, DATA, rows)
    written["root"] = "output"
    manifest = release_manifest([FileRef("data", **written)])
    Storage(str(folder)).write_bytes("manifest.json", manifest)
    (folder / "data" / "stray.parquet").write_bytes(b"not named by the manifest")
    return folder


def test_of_a_release_the_training_rows_are_read(tmp_path: Path) -> None:
    dedup(make_release(tmp_path / "release"), "--output", tmp_path / "out", "--write-filtered")
    assert sorted(row["id"] for row in found(tmp_path / "out")) == sorted(
        content_id(text) for text in (text_of("a", words=240), text_of("a", changed=6, words=240))
    )
    assert (tmp_path / "out" / "filtered" / "data" / "python" / "train-00000-of-00001.parquet").is_file()


def test_an_output_of_dedup_is_no_input(tmp_path: Path) -> None:
    dedup(
        write_parquet(tmp_path / "all.parquet", families(1)), "--output", tmp_path / "out", "--write-filtered"
    )
    error = refused(tmp_path / "out", "--output", tmp_path / "again")
    assert isinstance(error, UsageError)
    assert "filtered" in str(error.hint)
    dedup(tmp_path / "out" / "filtered", "--output", tmp_path / "again")
    assert found(tmp_path / "again") == []
