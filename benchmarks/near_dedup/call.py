"""Measure one call of the library on a corpus, as a program of its own that prints JSON.

    python -m benchmarks.near_dedup.call IN.parquet FUNCTION '{"ARGUMENT": VALUE, ...}'

FUNCTION is `minhash` or `find_near_duplicates` of `dedup`, or `clustering`: all of the latter but the signatures and the
hashes of whole texts. The texts are read before the clock starts. The argument `groups` names a column of the file.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

import numpy as np
import pyarrow.parquet as pq

import dedup
import stack_native
from benchmarks.measuring import refuse_debug_build
from benchmarks.near_dedup.runnable_threads import RunnableThreads
from dedup.near_duplicates import distinct_places, find_in_order


def main() -> None:
    path, function, given = sys.argv[1:4]
    refuse_debug_build()
    arguments: dict[str, Any] = json.loads(given)
    table = pq.read_table(path, columns=["content", "language"])
    texts = dedup.text_array(table.column("content"))
    if "groups" in arguments:
        arguments["groups"] = table.column(arguments["groups"])
    if function == "clustering":
        print(json.dumps(_clustering(texts)))
        return
    call: Any = getattr(dedup, function)
    before = _cpu_seconds()
    started = time.perf_counter()
    with RunnableThreads() as threads:
        answer = call(texts, **arguments)
    wall, cpu = time.perf_counter() - started, _cpu_seconds() - before
    result = {"cpu_seconds": cpu, "wall_seconds": wall, "parallelism": threads.parallelism}
    if function == "find_near_duplicates":
        kinds = np.array(answer.column("kind").to_pylist(), dtype=object)
        result |= {kind: int((kinds == kind).sum()) for kind in ("exact", "near")}
    print(json.dumps(result))


def _clustering(texts: Any) -> dict[str, float]:
    """Return the CPU seconds of all that is neither signing nor hashing whole texts, and the bytes that it read.

    Whole texts are hashed to find byte-identical copies, which are no clusters of near-duplicates.
    """
    settings = dedup.NearDuplicateSettings()
    order = np.arange(len(texts))
    before = _cpu_seconds()
    content = stack_native.content_keys(texts)
    hashing = _cpu_seconds() - before
    _, places = distinct_places(content["first"], content["second"], order, None)
    before = _cpu_seconds()
    settings.sign(texts, rows=order[places])
    signing = _cpu_seconds() - before
    before = _cpu_seconds()
    _, counts = find_in_order(texts, order, settings)
    return {
        "cpu_seconds": _cpu_seconds() - before - signing - hashing,
        "hashing_seconds": hashing,
        "bytes_read": counts.bytes_read,
    }


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
