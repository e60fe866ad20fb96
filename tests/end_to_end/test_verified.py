"""Releases that once failed their own checks, and the sample, pass `verify`."""

from __future__ import annotations

import codecs
import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from stack_pipeline.corpus import open_corpus
from stack_pipeline.inspection import verify
from stack_pipeline.licenses.vendored import license_texts
from stack_pipeline.recipe import Recipe
from stack_pipeline.storage import Storage
from tests.end_to_end.made_repositories import commit
from tests.end_to_end.pipeline import Built, build


def failed(made: Built, *, with_corpus: bool) -> list[str]:
    corpus = open_corpus(made.corpus) if with_corpus else None
    return [
        f"{c.name}: {c.detail}" for c in verify(Storage(made.release), corpus=corpus) if c.passed is False
    ]


def test_the_sample_passes_every_check_with_and_without_its_corpus(built: Built) -> None:
    assert failed(built, with_corpus=True) == []
    assert failed(built, with_corpus=False) == []


def test_one_text_in_six_encodings_is_one_row_and_one_cluster(tmp_path: Path) -> None:
    text = "def größe(länge, breite):\n    return länge * breite  # in Metern\n"
    encoded = {
        "plain.py": text.encode(),
        "bom.py": codecs.BOM_UTF8 + text.encode(),
        "le16.py": codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        "be16.py": codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        "le32.py": codecs.BOM_UTF32_LE + text.encode("utf-32-le"),
        "be32.py": codecs.BOM_UTF32_BE + text.encode("utf-32-be"),
    }
    commit(tmp_path / "repository", {"LICENSE": license_texts()["MIT"], **encoded})
    made = build(tmp_path, [str(tmp_path / "repository")], Recipe())
    assert failed(made, with_corpus=True) == []
    clusters = pq.read_table(f"{made.release}/clusters").to_pylist()
    assert len(clusters) == 6
    assert {row["representative"] for row in clusters} == {row["cluster"] for row in clusters}
    (row,) = pq.read_table(f"{made.release}/data/python").to_pylist()
    assert row["origin_count"] == 6


def test_a_fork_whose_parent_moved_on_stays_and_the_build_ends_well(tmp_path: Path) -> None:
    """The fork was never pushed to, but its blobs are no longer among the opted-out repository's."""
    license_text = license_texts()["MIT"]
    commit(tmp_path / "parent", {"LICENSE": license_text, "new.py": "def new(a, b):\n    return a - b\n"})
    commit(tmp_path / "fork", {"LICENSE": license_text, "old.py": "def old(a, b):\n    return a + b\n"})
    parent = {"path": "parent", "id": 1, "full_name": "gone/away", "fork": False}
    fork = {
        "path": "fork",
        "id": 2,
        "full_name": "stays/here",
        "fork": True,
        "parent": {"id": 1, "full_name": "gone/away"},
        "source": {"id": 1, "full_name": "gone/away"},
        "created_at": "2021-01-01T00:00:00Z",
        "pushed_at": "2020-12-31T00:00:00Z",
    }
    listing = tmp_path / "listing.jsonl"
    listing.write_text("".join(json.dumps(row) + "\n" for row in (parent, fork)))
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nrepository = "github.com/gone/away"\n')
    recipe = replace(Recipe(), optout=replace(Recipe().optout, rules=str(rules)))
    made = build(tmp_path, [str(listing)], recipe)
    assert failed(made, with_corpus=True) == []
    names = pq.read_table(f"{made.release}/repositories")["repo_name"].to_pylist()
    assert names == ["stays/here"]
