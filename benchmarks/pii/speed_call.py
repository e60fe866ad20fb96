"""Measure calls of the library on texts, as a program of its own that prints JSON.

    python -m benchmarks.pii.speed_call arrays|texts|hostile IN.parquet MOST_BYTES RUNS

The texts are read before the clock starts. Times are CPU seconds of this process, the median of RUNS.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pii
from benchmarks.measuring import refuse_debug_build
from benchmarks.pii.speed_corpus import hostile_lines, read_texts, size_bytes

ADDRESSES = ("EMAIL", "IP_ADDRESS")
SECRETS = ("KEY", "PASSWORD")
CALLS: dict[str, Callable[[Any], Any]] = {
    "find_in_array, all kinds": pii.find_in_array,
    "find_in_array, e-mail and IP": lambda texts: pii.find_in_array(texts, kinds=ADDRESSES),
    "find_in_array, secrets": lambda texts: pii.find_in_array(texts, kinds=SECRETS),
    "redact_array, placeholder": pii.redact_array,
    "redact_array, synthetic": lambda texts: pii.redact_array(texts, key=b"k" * 32),
}
SHORT_CHARACTERS = 2000
_SHORT_TEXTS = 500
_KIB = 1024


def main() -> None:
    what, path, most_bytes, runs = sys.argv[1:5]
    refuse_debug_build()
    if what == "hostile":
        print(
            json.dumps({name: _seconds(pii.find, line, int(runs)) for name, line in hostile_lines().items()})
        )
        return
    texts = read_texts(Path(path), int(most_bytes))
    print(json.dumps(_arrays(texts, int(runs)) if what == "arrays" else _short(texts, int(runs))))


def _arrays(texts: Any, runs: int) -> dict[str, Any]:
    """Return, for each call on the whole array, its CPU seconds and the peak of memory above what was in use before."""
    calls = {}
    pii.find_in_array(texts.slice(0, 1))
    for name, call in CALLS.items():
        peak = _peak_above(call, texts)
        calls[name] = {"cpu_seconds": _seconds(call, texts, runs), "peak_bytes": peak}
    finds = pii.find_in_array(texts)
    return {"bytes": size_bytes(texts), "texts": len(texts), "finds": len(finds), "calls": calls}


def _short(texts: Any, runs: int) -> dict[str, float]:
    """Return the CPU seconds of one `find` on a text of two thousand characters, the mean of many."""
    pieces = [text.as_py()[:SHORT_CHARACTERS] for text in texts.slice(0, 20 * _SHORT_TEXTS)]
    pieces = [piece for piece in pieces if len(piece) == SHORT_CHARACTERS][:_SHORT_TEXTS]

    def all_(pieces: list[str]) -> None:
        for piece in pieces:
            pii.find(piece)

    return {"cpu_seconds": _seconds(all_, pieces, runs) / max(len(pieces), 1), "texts": len(pieces)}


def _seconds(call: Callable[[Any], Any], argument: Any, runs: int) -> float:
    measured = []
    for _ in range(runs):
        before = time.process_time()
        call(argument)
        measured.append(time.process_time() - before)
    return median(measured)


def _peak_above(call: Callable[[Any], Any], argument: Any) -> int | None:
    """Return the bytes by which memory grew at most during a call; None where the kernel does not tell."""
    gc.collect()
    try:
        Path("/proc/self/clear_refs").write_text("5")
        before = _status("VmRSS")
        call(argument)
        return max(0, _status("VmHWM") - before)
    except OSError:
        return None


def _status(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * _KIB
    return 0


if __name__ == "__main__":
    main()
