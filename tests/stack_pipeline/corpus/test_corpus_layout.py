"""A corpus on disk: made once, private, with one key, used by one job at a time."""

from __future__ import annotations

import hashlib
import json
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from stack_pipeline.canonical import canonical_json
from stack_pipeline.corpus import locked, open_corpus, open_or_create_corpus
from stack_pipeline.errors import RunFailed, UsageError
from stack_pipeline.keys import KeyRing
from stack_pipeline.tables.schema import LAYOUT

from .made_corpus import commit_snapshot, repository_row

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("existing", [False, True])
def test_a_new_corpus_is_private(existing: bool, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    if existing:
        folder.mkdir(mode=0o755)
    corpus = open_or_create_corpus(str(folder), key=None)
    assert mode_of(folder) == 0o700
    assert mode_of(folder / "key") == 0o600
    assert json.loads((folder / "corpus.json").read_bytes()) == {
        "layout": list(LAYOUT),
        "key_id": corpus.keys.key_id,
    }
    assert corpus.keys.master.hex().encode() not in (folder / "corpus.json").read_bytes()
    assert open_corpus(str(folder)) == corpus


def test_a_corpus_on_an_object_store(tmp_path: Path) -> None:
    corpus = open_or_create_corpus("memory://corpus-of-a-test", key=KEY)
    assert open_corpus("memory://corpus-of-a-test") == corpus
    assert open_or_create_corpus("memory://corpus-of-a-test", key=None) == corpus
    with locked("memory://corpus-of-a-test"):
        assert corpus.snapshots() == []


def test_a_corpus_is_opened_again_with_its_key_and_with_no_key(tmp_path: Path) -> None:
    corpus = open_or_create_corpus(str(tmp_path / "c"), key=KEY)
    assert corpus.keys == KeyRing(KEY)
    assert open_or_create_corpus(str(tmp_path / "c"), key=KEY) == corpus
    assert open_or_create_corpus(str(tmp_path / "c"), key=None) == corpus


def test_another_key_is_refused_later(tmp_path: Path) -> None:
    open_or_create_corpus(str(tmp_path / "c"), key=KEY)
    with pytest.raises(UsageError, match="has another key") as caught:
        open_or_create_corpus(str(tmp_path / "c"), key=OTHER_KEY)
    assert "--key-file" in str(caught.value.hint)


def test_a_key_that_was_swapped_is_found(tmp_path: Path) -> None:
    open_or_create_corpus(str(tmp_path / "c"), key=KEY)
    (tmp_path / "c" / "key").write_text(OTHER_KEY.hex())
    with pytest.raises(UsageError, match="the key is not the one") as caught:
        open_corpus(str(tmp_path / "c"))
    assert KeyRing(KEY).key_id in str(caught.value.hint)
    assert OTHER_KEY.hex() not in caught.value.message + str(caught.value.hint)


def test_a_lost_key_is_named_and_never_made_anew(tmp_path: Path) -> None:
    open_or_create_corpus(str(tmp_path / "c"), key=KEY)
    (tmp_path / "c" / "key").unlink()
    for key in (None, KEY):
        with pytest.raises(UsageError, match="has lost its key"):
            open_or_create_corpus(str(tmp_path / "c"), key=key)
    assert not (tmp_path / "c" / "key").exists()


@pytest.mark.parametrize("place", ["missing", "empty", "file"])
def test_a_place_without_a_corpus_is_named(place: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="no corpus here") as caught:
        open_corpus(str(tmp_path / place))
    assert "stack-pipeline ingest" in str(caught.value.hint)
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("name", ["notes.txt", "deep/down/file", "manifest.json"])
def test_a_folder_of_something_else_is_left_alone(name: str, tmp_path: Path) -> None:
    path = tmp_path / "c" / name
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    before = mode_of(tmp_path / "c")
    with pytest.raises(UsageError, match="not empty and no corpus"):
        open_or_create_corpus(str(tmp_path / "c"), key=None)
    assert [found for found in (tmp_path / "c").rglob("*") if found.is_file()] == [path]
    assert mode_of(tmp_path / "c") == before


def test_a_file_in_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("mine")
    with pytest.raises(UsageError, match="not empty and no corpus"):
        open_or_create_corpus(str(tmp_path / "c"), key=None)
    assert (tmp_path / "c").read_text() == "mine"


def test_a_creation_that_was_interrupted_goes_on_with_its_key(tmp_path: Path) -> None:
    corpus = open_or_create_corpus(str(tmp_path / "c"), key=KEY)
    (tmp_path / "c" / "corpus.json").unlink()
    with pytest.raises(UsageError, match="holds another key"):
        open_or_create_corpus(str(tmp_path / "c"), key=OTHER_KEY)
    assert open_or_create_corpus(str(tmp_path / "c"), key=None) == corpus


def test_creations_at_the_same_time_agree_on_one_key(tmp_path: Path) -> None:
    for number in range(20):
        url = str(tmp_path / f"c{number}")
        with ThreadPoolExecutor(4) as pool:
            opened = list(pool.map(lambda _, url=url: open_or_create_corpus(url, key=None), range(4)))
        assert {corpus.keys.key_id for corpus in opened} == {open_corpus(url).keys.key_id}


@pytest.mark.parametrize("layout", [[LAYOUT[0] + 1, 0], [0, 1], "1.0", None, [], {"major": 1}])
def test_another_layout_is_refused(layout: Any, tmp_path: Path) -> None:
    corpus = open_or_create_corpus(str(tmp_path / "c"), key=KEY)
    head = canonical_json({"layout": layout, "key_id": corpus.keys.key_id})
    corpus.storage.write_bytes("corpus.json", head)
    with pytest.raises(UsageError, match=r"the corpus has layout .*; this program reads 1\.x"):
        open_corpus(corpus.url)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_damage_is_named(data: bytes, tmp_path: Path) -> None:
    corpus = open_or_create_corpus(str(tmp_path / "c"), key=KEY)
    commit_snapshot(corpus, 1, [])
    corpus.storage.write_bytes("snapshots/1/manifest.json", data)
    with pytest.raises(UsageError, match="manifest of snapshot 1 is damaged"):
        corpus.snapshots()
    corpus.storage.write_bytes("corpus.json", data)
    with pytest.raises(UsageError, match=r"corpus\.json is damaged"):
        open_corpus(corpus.url)


def test_a_later_minor_layout_is_read_and_what_is_unknown_ignored(tmp_path: Path) -> None:
    corpus = open_or_create_corpus(str(tmp_path / "c"), key=KEY)
    later = [LAYOUT[0], LAYOUT[1] + 1]
    corpus.storage.write_bytes(
        "corpus.json", canonical_json({"layout": later, "key_id": corpus.keys.key_id, "new": 1})
    )
    commit_snapshot(corpus, 1, [repository_row("a/b")], layout=later)
    manifest = json.loads(corpus.storage.read_bytes("snapshots/1/manifest.json"))
    manifest["files"][0]["new"] = "unknown here"
    corpus.storage.write_bytes("snapshots/1/manifest.json", canonical_json(manifest))
    (snapshot,) = open_corpus(corpus.url).snapshots()
    assert [ref.rows for ref in snapshot.files("repositories")] == [1]
    assert snapshot.files("origins") == ()


def test_snapshots_are_those_with_a_manifest_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    corpus = open_or_create_corpus(str(tmp_path / "c"), key=KEY)
    for number in (10, 2, 1):
        commit_snapshot(corpus, number, [])
    corpus.storage.write_bytes("snapshots/3/origins/00000-of-00001.parquet", b"unfinished")
    corpus.storage.write_bytes("snapshots/4/old/manifest.json", b"no manifest of a snapshot")
    snapshots = corpus.snapshots()
    assert [snapshot.number for snapshot in snapshots] == [1, 2, 10]
    data = corpus.storage.read_bytes("snapshots/10/manifest.json")
    assert snapshots[-1].root == hashlib.sha256(data).hexdigest()


def test_a_snapshot_of_another_layout_is_refused(tmp_path: Path) -> None:
    corpus = open_or_create_corpus(str(tmp_path / "c"), key=KEY)
    commit_snapshot(corpus, 1, [], layout=[9, 0])
    with pytest.raises(UsageError, match=r"snapshot 1 has layout 9\.0"):
        corpus.snapshots()


_HOLD = """
import sys
from stack_pipeline.corpus import locked
with locked(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_job_at_a_time_and_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    url = str(tmp_path / "c")
    command = [sys.executable, "-c", _HOLD, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RunFailed, match="another job is using this corpus"), locked(url):
            pass
        holder.kill()
        holder.wait(timeout=60)
        with locked(url):
            assert mode_of(tmp_path / "c") == 0o700
    with locked(url):
        pass


def test_a_lock_is_free_after_a_job_that_failed(tmp_path: Path) -> None:
    url = str(tmp_path / "c")
    with pytest.raises(ZeroDivisionError), locked(url):
        raise ZeroDivisionError
    with locked(url):
        pass
    assert open_or_create_corpus(url, key=None).snapshots() == []
