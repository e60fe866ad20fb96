"""Open every file of a corpus, a work folder and a release through one small interface over fsspec.

A file appears under its final name only when it is complete: on a local disk it is written under a temporary name,
synced and renamed; for an object store it is written to a local temporary file and uploaded when it is whole, because closing a
half-written upload would publish it. Readers go by manifests and task records, so an unnamed file does not exist for them.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, TypeVar

T = TypeVar("T")
_sequence = itertools.count()
_TEMPORARY = ".tmp-"


@lru_cache(maxsize=64)
def _filesystem(url: str) -> tuple[Any, str]:
    import fsspec

    return fsspec.core.url_to_fs(url)  # type: ignore[no-any-return]


def _place(url: str) -> tuple[Any, str]:
    """Return the file system of a folder and its path there; a path of this machine is taken as it is."""
    if "://" in url:
        return _filesystem(url)
    return _filesystem("file:///")[0], str(Path.cwd() / url)


@dataclass(frozen=True)
class Storage:
    """A folder on a local disk or an object store.

    Args:
        url: A local path or an fsspec URL such as `memory://corpus` or `s3://bucket/corpus`.

    Examples:
        >>> folder = Storage("memory://doc-example")
        >>> folder.write_bytes("a/b.txt", b"hello")
        >>> folder.read_bytes("a/b.txt"), folder.names("a")
        (b'hello', ['a/b.txt'])
    """

    url: str

    @property
    def is_local(self) -> bool:
        """Whether the folder lies on a disk of this machine."""
        return "://" not in self.url or self.url.startswith(("file://", "local://"))

    def local_path(self, name: str = "") -> Path:
        """Return the path of `name` on the local disk.

        Raises:
            ValueError: If the storage is not local.
        """
        if not self.is_local:
            raise ValueError("storage is not on a local disk")
        return Path(self._path(name))

    def _fs(self) -> Any:
        return _place(self.url)[0]

    def _path(self, name: str) -> str:
        root = _place(self.url)[1]
        return f"{root.rstrip('/')}/{name}" if name else root

    def commit(
        self, final_name: str, write: Callable[[IO[bytes]], T], *, once: bool = False, private: bool = False
    ) -> T:
        """Let `write` fill a file that appears under `final_name` only when it is whole.

        Args:
            final_name: Name below the folder, with `/` between parts.
            write: Called with a binary stream; what it returns is returned.
            once: Fail with `FileExistsError` if the name is already taken.
            private: On a local disk, only the owner may ever read the file (mode 0600).
        """
        if self.is_local:
            return self._commit_local(final_name, write, once=once, private=private)
        with tempfile.NamedTemporaryFile() as stream:
            result = write(stream)
            stream.flush()
            self._fs().put_file(stream.name, self._path(final_name), mode="create" if once else "overwrite")
        return result

    def _commit_local(
        self, final_name: str, write: Callable[[IO[bytes]], T], *, once: bool, private: bool
    ) -> T:
        final = self.local_path(final_name)
        final.parent.mkdir(parents=True, exist_ok=True)
        temporary = final.with_name(f"{_TEMPORARY}{os.getpid()}-{next(_sequence)}-{final.name[-64:]}")
        try:
            with temporary.open("wb") as stream:
                if private:
                    os.fchmod(stream.fileno(), 0o600)
                result = write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            if once:
                os.link(temporary, final)
                temporary.unlink()
            else:
                temporary.replace(final)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        _sync_folder(final.parent)
        return result

    def write_bytes(self, name: str, data: bytes, *, once: bool = False, private: bool = False) -> None:
        """Write a whole small file, see `commit`."""
        self.commit(name, lambda stream: stream.write(data), once=once, private=private)

    def read_bytes(self, name: str) -> bytes:
        """Read a whole small file.

        Raises:
            FileNotFoundError: If there is no such file.
        """
        with self.open(name) as stream:
            return stream.read()

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file for reading, seekable."""
        with self._fs().open(self._path(name), "rb") as stream:
            yield stream

    @contextmanager
    def open_for_arrow(self, name: str) -> Iterator[Any]:
        """Open a file for PyArrow to read; from a local disk nothing passes through Python."""
        if self.is_local:
            import pyarrow as pa

            with pa.OSFile(str(self.local_path(name)), "rb") as file:
                yield file
        else:
            with self.open(name) as stream:
                yield stream

    def exists(self, name: str = "") -> bool:
        """Whether a file or folder of this name exists."""
        return bool(self._fs().exists(self._path(name)))

    def size(self, name: str) -> int | None:
        """Return the size of a file in bytes, None if there is none."""
        try:
            return int(self._fs().size(self._path(name)))
        except FileNotFoundError:
            return None

    def names(self, folder: str = "") -> list[str]:
        """Return the names of all files below `folder`, sorted; temporary files are left out."""
        root = self._path("").rstrip("/") + "/"
        self._fs().invalidate_cache()
        found = self._fs().find(self._path(folder)) if self.exists(folder) else []
        names = [str(path).removeprefix(root) for path in found]
        return sorted(name for name in names if not name.rsplit("/", 1)[-1].startswith(_TEMPORARY))

    def remove(self, name: str) -> None:
        """Remove a file or a whole folder; a missing one is no error."""
        with suppress(FileNotFoundError):
            self._fs().rm(self._path(name), recursive=True)

    def remove_leftovers(self) -> None:
        """Remove the temporary files of killed writers; only for a folder that nobody is writing to."""
        if self.is_local:
            for path in self.local_path().rglob(f"{_TEMPORARY}*"):
                path.unlink(missing_ok=True)

    def make_folder(self, *, mode: int = 0o777) -> None:
        """Create the folder itself where the storage has folders."""
        if self.is_local:
            self.local_path().mkdir(parents=True, exist_ok=True, mode=mode)
        else:
            self._fs().makedirs(self._path(""), exist_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; some file systems have no folder sync."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
