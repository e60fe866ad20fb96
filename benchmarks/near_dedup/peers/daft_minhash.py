"""daft: punctuation replaced by spaces, its minhash expression, bands grouped with numpy."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from benchmarks.near_dedup.peers.task import NGRAM, Clock, Task
from benchmarks.near_dedup.peers.unions import Components, join_bands


def main() -> None:
    daft: Any = importlib.import_module("daft")
    functions: Any = importlib.import_module("daft.functions")
    task = Task.from_arguments()
    clock = Clock()
    num_hashes = task.bands * task.rows
    with clock:
        words = functions.regexp_replace(daft.col("content"), "[^A-Za-z0-9_]+", " ")
        signature = functions.minhash(words, num_hashes=num_hashes, ngram_size=NGRAM)
        frame = daft.read_parquet(str(task.corpus)).select(daft.col("id"), signature.alias("signature"))
        table = frame.to_arrow().combine_chunks().sort_by("id")
    column = table.column("signature").combine_chunks()
    signatures = np.asarray(column.flatten(), dtype=np.uint32).reshape(len(column), num_hashes)
    components = Components(len(column))
    join_bands(signatures, components, bands=task.bands, rows=task.rows)
    note = f"{num_hashes} permutations; signing includes reading the file"
    task.answer(components.removed(), signature_seconds=clock.seconds, note=note)


if __name__ == "__main__":
    main()
