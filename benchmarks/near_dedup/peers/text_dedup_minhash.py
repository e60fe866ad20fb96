"""text-dedup: its own MinHash program with a configuration file, without its check of false positives."""

from __future__ import annotations

import importlib
import json
import pickle
from pathlib import Path
from typing import Any

from benchmarks.near_dedup.peers.task import NGRAM, NUM_PERM, Clock, Task


def run(*, check_false_positive: bool) -> None:
    """Run text-dedup on the task of the command line."""
    task = Task.from_arguments()
    clock = Clock()
    settings = task.folder / "config.toml"
    settings.write_text(_configuration(task, check_false_positive=check_false_positive))
    program: Any = importlib.import_module("text_dedup.minhash")
    fingerprint = program.fingerprint

    def timed(*arguments: Any) -> Any:
        with clock:
            return fingerprint(*arguments)

    program.fingerprint = timed
    program.main(importlib.import_module("text_dedup.config.base").load_config_from_toml(settings))
    removed, note = _removed(task.folder / "output")
    task.answer(removed, signature_seconds=clock.seconds, note=note)


def _configuration(task: Task, *, check_false_positive: bool) -> str:
    arguments = {
        "path": "parquet",
        "data_files": str(task.corpus.resolve()),
        "split": "train",
        "cache_dir": str(task.folder / "cache"),
    }
    tables: dict[str, dict[str, Any]] = {
        "input": {"input_type": "local_files", "file_type": "parquet"},
        "input.read_arguments": arguments,
        "algorithm": {
            "algorithm_name": "minhash",
            "text_column": "content",
            "num_perm": NUM_PERM,
            "bands": task.bands,
            "rows": task.rows,
            "ngram_size": NGRAM,
            "min_length": NGRAM,
            "threshold": task.threshold,
            "check_false_positive": check_false_positive,
            "num_proc": 1,
        },
        "output": {
            "output_dir": str(task.folder / "output"),
            "save_clusters": True,
            "keep_index_column": True,
        },
        "debug": {},
    }
    return "\n".join(_toml_table(name, table) for name, table in tables.items())


def _toml_table(name: str, table: dict[str, Any]) -> str:
    return "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items()), ""])


def _removed(output: Path) -> tuple[set[int], str]:
    """Return the members of clusters but the lowest of each, and a note if the program's output drops others."""
    datasets: Any = importlib.import_module("datasets")
    with (output / "clusters.pickle").open("rb") as stream:
        clusters: dict[int, int] = pickle.load(stream)
    lowest: dict[int, int] = {}
    for row, cluster in clusters.items():
        lowest[cluster] = min(row, lowest.get(cluster, row))
    removed = set(clusters) - set(lowest.values())
    dropped = set(clusters) - set(datasets.load_from_disk(str(output))["id"])
    differs = f"judged by its clusters; its output drops {len(dropped)} of their {len(clusters)} members"
    return removed, "" if dropped == removed else differs


if __name__ == "__main__":
    run(check_false_positive=False)
