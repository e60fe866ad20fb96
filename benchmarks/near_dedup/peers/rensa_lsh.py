"""rensa: R-MinHash over Python shingles, all tokens read, and its LSH index; texts without shingles are left out."""

from __future__ import annotations

import importlib
from typing import Any

from benchmarks.near_dedup.peers.shingle_sets import shingle_set
from benchmarks.near_dedup.peers.task import Clock, Task
from benchmarks.near_dedup.peers.unions import Components

_BATCH = 512


def main() -> None:
    rensa: Any = importlib.import_module("rensa")
    task = Task.from_arguments()
    clock = Clock()
    texts = task.texts()
    num_perm = task.bands * task.rows
    index = rensa.RMinHashLSH(threshold=task.threshold, num_perm=num_perm, num_bands=task.bands)
    components = Components(len(texts))
    for start in range(0, len(texts), _BATCH):
        with clock:
            sets = [list(shingle_set(text)) for text in texts.slice(start, _BATCH).to_pylist()]
            signatures = rensa.RMinHash.from_token_sets(sets, num_perm=num_perm, seed=42)
        for row, (shingles, signature) in enumerate(zip(sets, signatures, strict=True), start):
            if shingles:
                components.join(row, index.query(signature))
                index.insert(row, signature)
    task.answer(components.removed(), signature_seconds=clock.seconds, note=f"{num_perm} permutations")


if __name__ == "__main__":
    main()
