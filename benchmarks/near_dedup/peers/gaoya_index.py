"""gaoya: its string index, which tokenises, signs and asks its signatures whether two texts reach the threshold."""

from __future__ import annotations

import importlib
from typing import Any

from benchmarks.near_dedup.peers.task import NGRAM, Clock, Task
from benchmarks.near_dedup.peers.unions import Components

_BATCH = 4096


def main() -> None:
    gaoya: Any = importlib.import_module("gaoya.minhash")
    task = Task.from_arguments()
    clock = Clock()
    texts = task.texts()
    index = gaoya.MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=task.threshold,
        num_bands=task.bands,
        band_size=task.rows,
        analyzer="word",
        ngram_range=(NGRAM, NGRAM),
        id_container="smallvec",
    )
    with clock:
        for start in range(0, len(texts), _BATCH):
            batch = texts.slice(start, _BATCH).to_pylist()
            index.par_bulk_insert_docs(list(range(start, start + len(batch))), batch)
    components = Components(len(texts))
    for start in range(0, len(texts), _BATCH):
        matches = index.par_bulk_query(texts.slice(start, _BATCH).to_pylist())
        for row, others in enumerate(matches, start):
            components.join(row, others)
    note = f"{task.bands * task.rows} permutations; signing includes inserting"
    task.answer(components.removed(), signature_seconds=clock.seconds, note=note)


if __name__ == "__main__":
    main()
