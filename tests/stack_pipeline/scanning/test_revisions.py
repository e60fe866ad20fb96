from __future__ import annotations

from pathlib import Path

import pytest

from stack_pipeline.errors import UsageError
from stack_pipeline.scanning import Tally
from stack_pipeline.scanning.revisions import Revision
from tests.stack_pipeline.sources.made_repository import MISSING, MadeRepository, run_git


def texts(path: Path, name: str, tally: Tally, *, skip: tuple[Path, ...] = ()) -> dict[str, bytes]:
    with Revision(str(path), name, skip=skip) as revision:
        count = revision.count()
        read = {place.path: text.data for place, text in revision.texts(tally)}
    assert count >= len(read)
    return read


def test_a_commit_of_a_work_tree_is_read_whatever_lies_there_now(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("first")
    (tmp_path / "b.bin").write_bytes(b"a\0b")
    (tmp_path / "link").symlink_to("sub/a.txt")
    run_git(tmp_path, "add", ".")
    run_git(tmp_path, "commit", "-qm", "one")
    run_git(tmp_path, "tag", "-a", "v1", "-m", "x")
    first = run_git(tmp_path, "rev-parse", "HEAD")
    (tmp_path / "sub" / "a.txt").write_text("second")
    run_git(tmp_path, "commit", "-qam", "two")
    (tmp_path / "sub" / "a.txt").write_text("third")
    for name in (first, "v1", "refs/tags/v1"):
        tally = Tally()
        assert texts(tmp_path, name, tally) == {"sub/a.txt": b"first"}
        assert (tally.binary, tally.links, tally.unread) == (1, 1, 0)
    for name in ("HEAD", "main"):
        assert texts(tmp_path, name, Tally()) == {"sub/a.txt": b"second"}
    assert texts(tmp_path, "HEAD", Tally(), skip=(tmp_path / "sub" / "a.txt",)) == {}


def test_hostile_names_and_missing_blobs_cost_nothing_else(tmp_path: Path) -> None:
    made = MadeRepository(tmp_path / "repo.git")
    blob = made.add_blob(b"x")
    names = [b"a\n\x1b[2J", b"na\xefve", b"z"]
    made.commit(*(("100644", name, blob) for name in names), ("100644", b"gone", MISSING))
    tally = Tally()
    assert list(texts(made.path, "main", tally)) == ["a\n\x1b[2J", "na\udcefve", "z"]
    assert (tally.unread, tally.first_unread) == (1, "gone: missing or damaged")


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q")
    for name in ("main", "nope", "0" * 40, "HEAD~1", "--all"):
        with pytest.raises(UsageError, match="no revision"):
            Revision(str(tmp_path), name)
    (tmp_path / "plain").mkdir()
    with pytest.raises(UsageError, match="not a repository"):
        Revision(str(tmp_path / "plain"), "main")


def test_a_repository_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    made = MadeRepository(tmp_path / "repo.git")
    made.commit(("100644", b"a", made.add_blob(b"x")))
    (made.path / "objects" / "info" / "alternates").write_text("/elsewhere\n")
    with pytest.raises(UsageError, match="alternates"):
        Revision(str(made.path), "main")
