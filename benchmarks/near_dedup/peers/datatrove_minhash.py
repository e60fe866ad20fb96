"""datatrove: signatures, buckets, clusters and the list of removals, its four stages on its local executor."""

from __future__ import annotations

import importlib
import os
import struct
from pathlib import Path
from typing import Any

from benchmarks.near_dedup.peers.task import NGRAM, Clock, Task


def main() -> None:
    minhash: Any = importlib.import_module("datatrove.pipeline.dedup.minhash")
    readers: Any = importlib.import_module("datatrove.pipeline.readers")
    task = Task.from_arguments()
    clock = Clock()
    config = minhash.MinhashConfig(n_grams=NGRAM, num_buckets=task.bands, hashes_per_bucket=task.rows)
    signatures, buckets, removals = (
        str(task.folder / name) for name in ("signatures", "buckets", "removals")
    )
    reader = readers.ParquetReader(
        str(task.corpus.resolve().parent),
        glob_pattern=task.corpus.name,
        text_key="content",
        read_metadata=False,
    )
    with clock:
        _run(task, "1", [reader, minhash.MinhashDedupSignature(signatures, config=config)], 1)
    _run(task, "2", [minhash.MinhashDedupBuckets(signatures, buckets, config=config)], task.bands)
    _run(task, "3", [minhash.MinhashDedupCluster(buckets, removals, config=config)], 1)
    note = "keeps any member of a cluster; signing includes reading the file"
    task.answer(_removed(Path(removals)), signature_seconds=clock.seconds, note=note)


def _run(task: Task, stage: str, steps: list[Any], tasks: int) -> None:
    executors: Any = importlib.import_module("datatrove.executor.local")
    logs = os.fspath(task.folder / "logs" / stage)
    executors.LocalPipelineExecutor(pipeline=steps, tasks=tasks, workers=1, logging_dir=logs).run()


def _removed(folder: Path) -> set[int]:
    path = folder / "000000.remove"
    return {row for (row,) in struct.iter_unpack("<I", path.read_bytes())} if path.exists() else set()


if __name__ == "__main__":
    main()
