"""Show the progress of steps that call back: a bar per step on a terminal, a line per step elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

Progress = Callable[[str, int, int], None]


@contextmanager
def step_progress(*, quiet: bool = False) -> Iterator[Progress]:
    """Give a function to call with a step's name, what is done and what there is to do; it writes to stderr."""
    if quiet:
        yield lambda name, done, total: None
    elif sys.stderr.isatty():
        bars = _Bars()
        try:
            yield bars.update
        finally:
            bars.close()
    else:
        yield _Lines().update


class _Lines:
    """A line when a step is done."""

    def __init__(self) -> None:
        self._started: dict[str, float] = {}
        self._said: set[str] = set()

    def update(self, name: str, done: int, total: int) -> None:
        started = self._started.setdefault(name, time.monotonic())
        if done >= total and name not in self._said:
            self._said.add(name)
            click.echo(f"{name}: done in {time.monotonic() - started:.1f} s", err=True)


class _Bars:
    """A bar per step, with the time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._tasks: dict[str, Any] = {}
        self._bars = Progress(
            TextColumn("{task.description:>24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=Console(stderr=True),
        )
        self._bars.start()

    def update(self, name: str, done: int, total: int) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, total=max(1, total))
        self._bars.update(self._tasks[name], completed=done if total else 1, total=max(1, total))

    def close(self) -> None:
        self._bars.stop()
