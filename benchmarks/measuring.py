"""Run the command and measure CPU time, wall time and peak memory of its whole process tree; describe the machine."""

from __future__ import annotations

import os
import platform
import re
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO

import psutil

_SAMPLE_SECONDS = 0.05
_LIBRARIES = ("apache-beam", "pyarrow", "numpy", "datasketch", "presidio-analyzer", "detect-secrets")


@dataclass(frozen=True)
class Measured:
    """One run: seconds of CPU (user and system, children included), seconds of wall time, peak bytes of memory."""

    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    stdout: str


def run_measured(*arguments: str) -> Measured:
    """Run `stack-pipeline` with arguments and measure it.

    Raises:
        SystemExit: If it fails.
    """
    try:
        return measure_command((str(Path(sys.executable).with_name("stack-pipeline")), *arguments))
    except CommandFailed as failure:
        sys.exit(f"the command failed with {failure}: {' '.join(arguments)}")


class CommandFailed(Exception):
    """A measured command ended with another exit code than 0, or could not be started."""


def measure_command(
    command: Sequence[str], *, folder: Path | None = None, stderr: IO[bytes] | None = None
) -> Measured:
    """Run a command in a folder and measure it; its standard error goes to `stderr`, else to ours.

    Raises:
        CommandFailed: If it fails.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, cwd=folder)
    except OSError as error:
        raise CommandFailed(f"{error.strerror} ({command[0]})") from error
    peak = _Peak(process.pid)
    stdout, _ = process.communicate()
    wall = time.perf_counter() - started
    peak.stop()
    if process.returncode != 0:
        raise CommandFailed(f"exit code {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(cpu, wall, peak.size_bytes, stdout)


class _Peak:
    """Sample the resident memory of a process tree in a thread."""

    def __init__(self, pid: int) -> None:
        self.size_bytes = 0
        self._root = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(_SAMPLE_SECONDS):
            self.size_bytes = max(self.size_bytes, self._now())

    def _now(self) -> int:
        total = 0
        try:
            for process in [self._root, *self._root.children(recursive=True)]:
                total += process.memory_info().rss
        except psutil.Error:
            return total
        return total

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


def refuse_debug_build() -> None:
    """End if the native module was built without optimisation.

    Raises:
        SystemExit: If so.
    """
    import stack_native

    if getattr(stack_native, "DEBUG_BUILD", False):
        sys.exit("stack_native is a debug build; install the package again")


def machine_text() -> str:
    """Return one line on machine and versions, without its name."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists() and (match := re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text())):
        model = match[1]
    memory = psutil.virtual_memory().total / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB; {platform.system()}, Python {platform.python_version()};"
        f" stack-pipeline {version('stack-pipeline')}, {libraries}"
    )
