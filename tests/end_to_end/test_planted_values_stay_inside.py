"""Planted values stay in the private tables of the corpus: none in other files, temporary folders or messages."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stack_pipeline.sample import PLANTED, SampleListing
from tests.end_to_end.pipeline import command

_MOST_FILE_BYTES = 40_000


def stop_large_files() -> None:
    """Let writes fail in the middle of a file, as a full disk does."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_FILE_BYTES, _MOST_FILE_BYTES))


def planted_in(data: bytes) -> list[str]:
    return [f"{each.kind} of {each.where}" for each in PLANTED if each.value.encode() in data]


def build(
    sample: SampleListing, folder: Path, *, preexec_fn: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Build a release with all messages on and the temporary files inside `folder`."""
    for name in ("tmp", "home"):
        (folder / name).mkdir()
    options: dict[str, Any] = {} if preexec_fn is None else {"preexec_fn": preexec_fn}
    return command(
        *("build", str(sample.listing), "--output", str(folder / "release"), "--recipe", str(sample.recipe)),
        *("--verbose", "--workers", "2"),
        env={"TMPDIR": str(folder / "tmp"), "HOME": str(folder / "home")},
        **options,
    )


def test_the_planted_values_are_of_every_kind() -> None:
    assert {each.kind for each in PLANTED} == {"key", "password", "private_key", "email", "ip_address"}


@pytest.mark.parametrize("stop", [None, stop_large_files], ids=["a whole build", "a failed build"])
def test_only_tables_of_the_corpus_hold_planted_values(
    sample: SampleListing, tmp_path: Path, stop: Callable[[], None] | None
) -> None:
    result = build(sample, tmp_path, preexec_fn=stop)
    assert result.returncode == (0 if stop is None else 1), result.stderr
    assert planted_in((result.stdout + result.stderr).encode()) == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    tables = {path for path in files if path.suffix == ".parquet" and "release.corpus" in path.parts}
    assert (tmp_path / "release.corpus" / "key") in files and tables
    found = {str(path.relative_to(tmp_path)): planted_in(path.read_bytes()) for path in files}
    assert {name: values for name, values in found.items() if values and tmp_path / name not in tables} == {}
    assert [path for path in files if "tmp" in path.relative_to(tmp_path).parts[:1]] == []
