"""Run a command on one core, with its messages in a file, and measure it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measuring import CommandFailed, Measured, measure_command

ROOT = Path(__file__).parents[1]
_TAIL_BYTES = 4096


def measure_pinned(
    command: Sequence[str], *, log: Path, cores: int = 1, environment: Mapping[str, str] | None = None
) -> Measured:
    """Run a command from the top folder on the last `cores` cores that this process may use.

    Raises:
        CommandFailed: If it fails, with the last line that it wrote.
    """
    allowed = ",".join(str(core) for core in sorted(os.sched_getaffinity(0))[-cores:])
    variables = [f"{name}={value}" for name, value in (environment or {}).items()]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as messages:
        try:
            return measure_command(
                ["env", *variables, "taskset", "-c", allowed, *command], folder=ROOT, stderr=messages
            )
        except CommandFailed as failure:
            raise CommandFailed(f"{failure}: {_last_line(log)}") from failure


def _last_line(log: Path) -> str:
    lines = log.read_bytes()[-_TAIL_BYTES:].decode(errors="replace").strip().splitlines()
    return lines[-1].strip()[:200] if lines else "no message"
