"""Measure how many threads of this process could have run at once, whether or not a core was free for them.

The kernel counts for every thread the time it ran and the time it waited for a core (schedstat). Their sum over wall time
is the parallelism that a call offers, also on a machine that others use.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

_SAMPLE_SECONDS = 0.005


class RunnableThreads:
    """Watch the threads of this process during a `with` block; `parallelism` says how many could run on average."""

    def __init__(self) -> None:
        self.parallelism = 0.0
        self._seen: dict[str, int] = {}
        self._stop = threading.Event()

    def __enter__(self) -> RunnableThreads:
        self._before = _times()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        self._own = str(self._thread.native_id)
        self._started = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        wall = time.perf_counter() - self._started
        self._seen.update(_times())
        self._stop.set()
        self._thread.join()
        spent = sum(
            nanoseconds - self._before.get(thread, 0)
            for thread, nanoseconds in self._seen.items()
            if thread != self._own
        )
        self.parallelism = spent / 1e9 / wall

    def _watch(self) -> None:
        while not self._stop.wait(_SAMPLE_SECONDS):
            self._seen.update(_times())


def _times() -> dict[str, int]:
    """Return nanoseconds that each thread ran or waited for a core."""
    times = {}
    for entry in os.scandir("/proc/self/task"):
        try:
            ran, waited, _ = Path(entry.path, "schedstat").read_text().split()
        except (OSError, ValueError):
            continue
        times[entry.name] = int(ran) + int(waited)
    return times
