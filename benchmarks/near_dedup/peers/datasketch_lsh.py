"""datasketch: MinHash in its default scheme over Python shingles, MinHashLSH; texts without shingles are left out."""

from __future__ import annotations

import importlib
from typing import Any

from benchmarks.near_dedup.peers.shingle_sets import shingle_set
from benchmarks.near_dedup.peers.task import NUM_PERM, Clock, Task
from benchmarks.near_dedup.peers.unions import Components


def main() -> None:
    datasketch: Any = importlib.import_module("datasketch")
    task = Task.from_arguments()
    clock = Clock()
    texts = task.texts()
    index = datasketch.MinHashLSH(num_perm=NUM_PERM, params=(task.bands, task.rows))
    components = Components(len(texts))
    for row, text in enumerate(texts):
        with clock:
            shingles = [shingle.encode() for shingle in shingle_set(text.as_py())]
            signature = datasketch.MinHash(num_perm=NUM_PERM)
            signature.update_batch(shingles)
        if shingles:
            components.join(row, index.query(signature))
            index.insert(row, signature)
    task.answer(components.removed(), signature_seconds=clock.seconds)


if __name__ == "__main__":
    main()
