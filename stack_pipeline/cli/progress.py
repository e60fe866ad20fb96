"""Show the progress of a running job by the task records it leaves: a bar per stage on a terminal, a line per stage elsewhere."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from stack_pipeline.jobs import Job
from stack_pipeline.storage import Storage

_SECONDS = 0.5


@contextmanager
def progress(job: Job, stage_names: Sequence[str], *, quiet: bool = False) -> Iterator[None]:
    """Show progress on stderr while the body runs a job."""
    if quiet:
        yield
        return
    watch = _Watch(job.storage("work"), stage_names)
    shown = _Bars(watch) if sys.stderr.isatty() else _Lines(watch)
    stop = threading.Event()

    def poll() -> None:
        while not stop.wait(_SECONDS):
            shown.update()

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        shown.update()
        shown.close()


class _Watch:
    """Count planned and finished tasks of each stage."""

    def __init__(self, work: Storage, stage_names: Sequence[str]) -> None:
        self._work = work
        self.names = stage_names
        self._planned: dict[str, list[str]] = {}
        self._done: dict[str, set[str]] = {name: set() for name in stage_names}
        self.started: dict[str, float] = {}
        self._began = time.time()

    def counts(self, name: str) -> tuple[int, int] | None:
        """Return (finished, planned) tasks of a stage, None before it is planned."""
        planned = self._planned.get(name) or self._plan(name)
        if planned is None:
            return None
        done = self._done[name]
        for task in planned:
            if task not in done and self._work.exists(f"{name}/{task}/record.json"):
                done.add(task)
        return len(done), len(planned)

    def _plan(self, name: str) -> list[str] | None:
        """Read the plan of a stage that this run made; an older one is not shown."""
        if name != self.names[0] and not self._reached(name):
            return None
        try:
            plan = json.loads(self._work.read_bytes(f"{name}/plan.json"))["tasks"]
        except (OSError, ValueError, KeyError):
            return None
        self._planned[name] = plan
        self.started.setdefault(name, time.time())
        return list(plan)

    def _reached(self, name: str) -> bool:
        before = self.names[self.names.index(name) - 1]
        counts = self.counts(before) if before in self._planned else None
        return counts is not None and counts[0] == counts[1]


class _Lines:
    """A line when a stage is planned and one when it is done."""

    def __init__(self, watch: _Watch) -> None:
        self._watch = watch
        self._said: set[str] = set()

    def update(self) -> None:
        for name in self._watch.names:
            if name in self._said:
                continue
            counts = self._watch.counts(name)
            if counts is None:
                return
            if counts[0] == counts[1]:
                seconds = time.time() - self._watch.started[name]
                click.echo(f"{name}: {counts[1]} tasks done in {seconds:.1f} s", err=True)
                self._said.add(name)

    def close(self) -> None:
        return


class _Bars:
    """A bar per stage, with rate and time left."""

    def __init__(self, watch: _Watch) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._watch = watch
        self._tasks: dict[str, Any] = {}
        self._finished: set[str] = set()
        self._bars = Progress(
            TextColumn("{task.description:>24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:>10}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=Console(stderr=True),
        )
        self._bars.start()

    def update(self) -> None:
        for name in self._watch.names:
            counts = self._watch.counts(name)
            if counts is None:
                return
            if name in self._finished:
                continue
            if name not in self._tasks:
                self._tasks[name] = self._bars.add_task(name, total=max(1, counts[1]), rate="")
            if counts[0] == counts[1]:
                self._finished.add(name)
            seconds = max(0.001, time.time() - self._watch.started[name])
            finished = counts[0] if counts[1] else 1
            self._bars.update(self._tasks[name], completed=finished, rate=f"{counts[0] / seconds:.1f}/s")

    def close(self) -> None:
        self._bars.stop()
