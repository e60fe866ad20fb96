"""Storage on a local disk and on an object store: a file is there whole, or not at all."""

from __future__ import annotations

import errno
import itertools
import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from stack_pipeline.storage import Storage

_numbers = itertools.count()


@pytest.fixture(params=["local", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "local":
        return Storage(str(tmp_path / "store"))
    return Storage(f"memory://storage-test-{next(_numbers)}")


def left_behind(storage: Storage) -> list[str]:
    """Return every file, temporary ones too."""
    if storage.is_local:
        root = storage.local_path()
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    return storage.names()


def test_what_was_written_is_read_back(storage: Storage) -> None:
    storage.write_bytes("a/b/c.bin", b"\x00\xff" * 1000)
    assert storage.read_bytes("a/b/c.bin") == b"\x00\xff" * 1000
    assert storage.size("a/b/c.bin") == 2000
    assert storage.exists("a/b/c.bin")
    assert storage.exists("a/b")
    assert not storage.exists("a/b/d.bin")


def test_an_empty_file_is_a_file(storage: Storage) -> None:
    storage.write_bytes("empty", b"")
    assert storage.read_bytes("empty") == b""
    assert storage.size("empty") == 0
    assert storage.names() == ["empty"]


def test_commit_returns_what_the_writer_returns(storage: Storage) -> None:
    assert storage.commit("x", lambda stream: (stream.write(b"abc"), "done")[1]) == "done"


def test_reading_is_seekable(storage: Storage) -> None:
    storage.write_bytes("x", b"0123456789")
    with storage.open("x") as stream:
        stream.seek(-3, os.SEEK_END)
        assert stream.read() == b"789"


@pytest.mark.parametrize("error", [ValueError("bad"), OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_a_writer_that_fails_leaves_nothing(storage: Storage, error: BaseException) -> None:
    def write(stream: IO[bytes]) -> None:
        stream.write(b"half of it" * 100_000)
        raise error

    with pytest.raises(type(error)):
        storage.commit("a/b", write)
    assert not storage.exists("a/b")
    assert storage.size("a/b") is None
    assert storage.names() == left_behind(storage) == []


def test_a_writer_that_fails_leaves_the_old_file_as_it_was(storage: Storage) -> None:
    def write(stream: IO[bytes]) -> None:
        stream.write(b"new")
        raise ValueError

    storage.write_bytes("a", b"old")
    with pytest.raises(ValueError):
        storage.commit("a", write)
    assert storage.read_bytes("a") == b"old"
    assert left_behind(storage) == ["a"]


def test_nothing_is_visible_while_a_file_is_written(storage: Storage) -> None:
    def write(stream: IO[bytes]) -> None:
        stream.write(b"x" * 100_000)
        stream.flush()
        assert storage.names() == []
        assert not storage.exists("a")
        stream.write(b"y")

    storage.commit("a", write)
    assert storage.size("a") == 100_001


def test_a_second_writing_replaces_the_first(storage: Storage) -> None:
    storage.write_bytes("a", b"long and old")
    storage.write_bytes("a", b"new")
    assert storage.read_bytes("a") == b"new"
    assert left_behind(storage) == ["a"]


def test_once_refuses_a_taken_name_and_keeps_its_content(storage: Storage) -> None:
    storage.write_bytes("a", b"first", once=True)
    with pytest.raises(FileExistsError):
        storage.write_bytes("a", b"second", once=True)
    assert storage.read_bytes("a") == b"first"
    assert left_behind(storage) == ["a"]


def test_names_are_sorted_and_recursive_and_those_of_a_folder_alone(storage: Storage) -> None:
    for name in ("b", "a/2", "a/1", "ab/x", "a/c/d"):
        storage.write_bytes(name, b"")
    assert storage.names() == ["a/1", "a/2", "a/c/d", "ab/x", "b"]
    assert storage.names("a") == ["a/1", "a/2", "a/c/d"]
    assert storage.names("missing") == []


def test_names_of_a_missing_folder_are_none(storage: Storage) -> None:
    assert storage.names() == []


def test_names_hide_temporary_files(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))
    storage.write_bytes("a/b", b"")
    (tmp_path / "a" / ".tmp-1-2-b").write_bytes(b"killed while writing")
    assert storage.names() == ["a/b"]


def test_remove_takes_files_and_folders_and_forgives_missing_ones(storage: Storage) -> None:
    for name in ("a/1", "a/b/2", "c"):
        storage.write_bytes(name, b"")
    storage.remove("c")
    storage.remove("a")
    storage.remove("never was")
    storage.remove("never/was")
    assert storage.names() == []
    storage.write_bytes("a/1", b"again")
    assert storage.names() == ["a/1"]


def test_a_missing_file_cannot_be_read(storage: Storage) -> None:
    with pytest.raises(FileNotFoundError):
        storage.read_bytes("missing")


def test_make_folder_may_be_repeated(storage: Storage) -> None:
    storage.make_folder()
    storage.make_folder()
    assert storage.exists()


def test_a_private_file_is_for_its_owner_from_the_first_byte(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))

    def write(stream: IO[bytes]) -> None:
        assert stat.S_IMODE(os.fstat(stream.fileno()).st_mode) == 0o600
        stream.write(b"secret")

    storage.commit("key", write, private=True)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("corpus", True),
        ("/data/corpus", True),
        ("file:///data/corpus", True),
        ("local:///data/corpus", True),
        ("memory://corpus", False),
        ("s3://bucket/corpus", False),
    ],
)
def test_what_lies_on_a_local_disk_is_known_from_the_url(url: str, is_local: bool) -> None:
    assert Storage(url).is_local is is_local


@pytest.mark.parametrize("scheme", ["", "file://", "local://"])
def test_every_spelling_of_a_local_folder_is_the_same_folder(scheme: str, tmp_path: Path) -> None:
    Storage(f"{scheme}{tmp_path}").write_bytes("a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"
    assert Storage(f"{scheme}{tmp_path}/").local_path("a") == tmp_path / "a"


@pytest.mark.parametrize(
    "url", ["c", "./c", "a//b/", "we[i]rd*?", "per%20cent", "ha#sh", "a::b", "~c", "file:c", "é c"]
)
def test_a_relative_path_is_a_folder_below_the_current_one(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (tmp_path / "one", tmp_path / "other"):
        place.mkdir()
        monkeypatch.chdir(place)
        storage = Storage(url)
        assert storage.names() == []
        storage.write_bytes("a/b", b"x")
        assert (place / url / "a" / "b").read_bytes() == storage.read_bytes("a/b") == b"x"
        assert storage.names() == storage.names("a") == ["a/b"]
        storage.remove("a")
        assert storage.names() == []


def test_an_object_store_has_no_local_path() -> None:
    with pytest.raises(ValueError, match="not on a local disk"):
        Storage("memory://x").local_path()


def test_a_long_name_fits_with_its_temporary_prefix(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))
    storage.write_bytes("x" * 255, b"")
    assert storage.names() == ["x" * 255]


_FULL_DISK = """
import resource, signal, sys
from stack_pipeline.storage import Storage
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))
try:
    Storage(sys.argv[1]).commit("a/big", lambda stream: [stream.write(b"x" * 4096) for _ in range(64)])
except OSError as error:
    print("refused", error.errno)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs a limit on file sizes")
@pytest.mark.parametrize("scheme", ["", "memory://"])
def test_a_disk_that_is_full_leaves_nothing(scheme: str, tmp_path: Path) -> None:
    url = f"{scheme}{tmp_path}" if not scheme else f"{scheme}full"
    run = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, url], capture_output=True, text=True, check=False, timeout=60
    )
    assert run.stdout.split() == ["refused", str(errno.EFBIG)], run.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


_KILLED = """
import os, signal, sys
from stack_pipeline.storage import Storage
def write(stream):
    stream.write(b"x" * 100000)
    stream.flush()
    os.kill(os.getpid(), signal.SIGKILL)
Storage(sys.argv[1]).commit("a", write)
"""


def test_a_writer_that_is_killed_leaves_no_file_of_that_name(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False, timeout=60)
    assert run.returncode == -signal.SIGKILL
    storage = Storage(str(tmp_path))
    assert storage.names() == []
    assert not storage.exists("a")
    assert len(left_behind(storage)) == 1
    storage.remove_leftovers()
    assert left_behind(storage) == []


def test_leftovers_are_removed_at_any_depth_and_nothing_else(storage: Storage) -> None:
    names = ["a", "b/.tmp", "b/c/x.tmp-1", "b/c/.hidden"]
    for name in names:
        storage.write_bytes(name, b"")
    if storage.is_local:
        storage.local_path("b/c/.tmp-7-0-x").write_bytes(b"half")
    storage.remove_leftovers()
    assert left_behind(storage) == sorted(names)
