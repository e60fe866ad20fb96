"""Talk to one `git cat-file` process, and say what its death means."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from stack_pipeline.errors import RunFailed
from stack_pipeline.sources.isolation import limit_memory, machine_trouble

_MAX_ERROR_BYTES = 65_536
_KILLED_BY_THE_MACHINE = frozenset(
    {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU}
)
_MACHINE_TROUBLE = (
    b"Too many open files",
    b"No space left",
    b"Input/output error",
    b"unable to create thread",
)
_OUT_OF_MEMORY = (b"Out of memory", b"Cannot allocate memory", b"out of memory")


@dataclass(frozen=True)
class ObjectInfo:
    """Type ("blob", "tree", "commit" or "tag") and size in bytes of an object, as its header states them."""

    kind: str
    size: int


Answer = tuple[ObjectInfo, bytes]


class GitDied(Exception):
    """Git ended where an answer was due, and the data is to blame."""


class GitOutOfMemory(GitDied):
    """Git ended because an object needs more memory than `isolation.MEMORY_LIMIT_BYTES`."""


class CatFile:
    """One `git cat-file` process, which has shown that it answers."""

    def __init__(self, mode: str, environment: dict[str, str], *, probe: str) -> None:
        self._has_contents = mode == "--batch"
        self._errors = tempfile.TemporaryFile(dir=environment["GIT_DIR"])  # noqa: SIM115 - closed by stop
        self._process = _start(mode, environment, errors=self._errors)
        self._is_limited = limit_memory(self._process.pid)
        self.is_running = True
        try:
            self.send([probe])
            if self.answer(max_bytes=0) != (ObjectInfo("tree", 0), b""):
                self.stop()
                raise GitDied
        except GitDied:
            raise RunFailed(
                "git cat-file does not start", hint="check that `git version` shows 2.29 or newer"
            ) from None

    def send(self, oids: Sequence[str]) -> None:
        """Ask for some objects: no more than a window, and only when everything before has been answered."""
        os.lseek(self._errors.fileno(), 0, os.SEEK_SET)  # Git shares the position
        os.ftruncate(self._errors.fileno(), 0)
        try:
            self._input.write("".join(f"{oid}\n" for oid in oids).encode())
            self._input.flush()
        except BrokenPipeError:
            return  # the answer that does not come will tell why

    def answer(self, *, max_bytes: int) -> Answer | None:
        """Read one answer: type, size and in content mode the bytes; None if Git calls the object missing."""
        header = self._output.readline()
        words = header.split()
        if not header.endswith(b"\n"):
            raise self._end()
        if len(words) != 3:
            return None
        info = ObjectInfo(words[1].decode(), int(words[2]))
        if not self._has_contents:
            return info, b""
        if info.size > max_bytes:  # another copy than the one whose size was asked for
            self.stop()
            raise GitDied
        content = self._output.read(info.size + 1)
        if len(content) != info.size + 1:
            raise self._end()
        return info, content[:-1]

    def stop(self) -> None:
        """Kill the process, if it still runs, and close everything."""
        if not self.is_running:
            return
        self.is_running = False
        self._process.kill()
        self._process.wait()
        for stream in (self._input, self._output, self._errors):
            try:
                stream.close()
            except BrokenPipeError:
                continue

    @property
    def _input(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _output(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _end(self) -> Exception:
        """Return what Git's death means: damaged data, or a machine in trouble."""
        code = self._process.wait()
        text = os.pread(self._errors.fileno(), _MAX_ERROR_BYTES, 0)
        self.stop()
        if any(sign in text for sign in _OUT_OF_MEMORY):
            return GitOutOfMemory() if self._is_limited else machine_trouble("out of memory")
        if any(sign in text for sign in _MACHINE_TROUBLE):
            return machine_trouble("input/output error")
        if -code in _KILLED_BY_THE_MACHINE:
            return machine_trouble(f"killed by signal {-code}")
        return GitDied()


def _start(mode: str, environment: dict[str, str], *, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            ["git", "cat-file", mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            cwd=environment["GIT_DIR"],
        )
    except FileNotFoundError:
        raise RunFailed(
            "git is not installed", hint="install Git 2.29 or newer and put it on the PATH"
        ) from None
    except OSError as error:
        raise machine_trouble(error.strerror or "cannot start") from None
