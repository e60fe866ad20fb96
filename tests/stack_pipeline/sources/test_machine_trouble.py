"""What the machine does wrong stops the run and is never blamed on a repository."""

from __future__ import annotations

import os
import pickle
import resource
import signal
from pathlib import Path

import pytest

from stack_pipeline.errors import RunFailed
from stack_pipeline.reasons import Reason
from stack_pipeline.sources import GitRepository, RepositoryUnreadable
from stack_pipeline.sources.problems import judge

from .made_pack import write_delta_bomb, write_delta_cycle
from .made_repository import MadeRepository


@pytest.fixture
def made(tmp_path: Path) -> MadeRepository:
    made = MadeRepository(tmp_path / "repo.git")
    made.commit(("100644", b"a.py", made.add_blob(b"x\n")))
    return made


def program(folder: Path, text: str) -> str:
    """Put a program called git into a folder of its own and return the folder."""
    (folder / "bin").mkdir()
    file = folder / "bin" / "git"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return str(folder / "bin")


def test_without_git_the_run_fails_with_a_hint(
    made: MadeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with (
        pytest.raises(RunFailed, match="git is not installed") as caught,
        GitRepository(made.path) as repository,
    ):
        repository.head()
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["exit 129", "echo odd answer", "kill -9 $$", "echo 'fatal: Out of memory, malloc failed' >&2; exit 128"],
)
def test_a_git_that_does_not_work_fails_the_run(
    made: MadeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("PATH", program(tmp_path, text) + os.pathsep + os.environ["PATH"])
    with pytest.raises(RunFailed), GitRepository(made.path) as repository:
        repository.head()


def test_a_git_that_is_killed_in_its_work_fails_the_run(
    made: MadeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_tree = "read line; echo 4b825dc642cb6eb9a060e54bf8d69288fbee4904 tree 0"
    number = int(signal.SIGKILL)
    text = f'{empty_tree}; [ "$2" = --batch ] && echo; read line; kill -{number} $$'
    monkeypatch.setenv("PATH", program(tmp_path, text) + os.pathsep + os.environ["PATH"])
    with pytest.raises(RunFailed, match=f"signal {number}"), GitRepository(made.path) as repository:
        repository.head()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="this system cannot bound another process")
def test_an_object_on_a_base_too_large_for_memory_is_damaged_data(tmp_path: Path) -> None:
    """A delta of a few bytes on a base that claims 100 GB: the base would have to be unpacked first."""
    made = MadeRepository(tmp_path / "repo.git")
    good = made.add_blob(b"good\n")
    bomb = write_delta_bomb(made.path, base_bytes=100 * 2**30)
    with GitRepository(made.path) as repository:
        assert list(repository.blobs([bomb, good], max_bytes=1000)) == [(bomb, None), (good, b"good\n")]


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="this system cannot bound another process")
def test_deltas_that_go_round_make_a_repository_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stack_pipeline.sources.isolation.MEMORY_LIMIT_BYTES", 2**28)
    made = MadeRepository(tmp_path / "repo.git")
    one, two = write_delta_cycle(made.path)
    made.commit(
        *(("100644", name, oid) for name, oid in ((b"a", made.add_blob(b"x")), (b"b", one), (b"c", two)))
    )
    with GitRepository(made.path) as repository:
        head = repository.head()
        with pytest.raises(RepositoryUnreadable, match="memory_limit"):
            list(repository.entries(head.tree))


def test_errors_of_the_file_system_are_told_apart() -> None:
    assert judge(FileNotFoundError(2, "x")) is None
    refused = judge(PermissionError(13, "x"))
    assert isinstance(refused, RepositoryUnreadable)
    assert refused.detail == "permission_denied"
    for number in (5, 12, 24, 28):
        assert isinstance(judge(OSError(number, "x")), RunFailed)


def test_a_refusal_keeps_its_reason_across_processes() -> None:
    error = pickle.loads(pickle.dumps(RepositoryUnreadable(Reason.EMPTY_REPOSITORY, "no_reference")))
    assert (error.reason, error.detail) == (Reason.EMPTY_REPOSITORY, "no_reference")
