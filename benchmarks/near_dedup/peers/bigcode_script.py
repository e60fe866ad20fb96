"""The published BigCode script, given as a file, run as it is; the path stands in the environment variable below."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
import time
from typing import Any

from benchmarks.near_dedup.peers.task import NGRAM, NUM_PERM, Task

SCRIPT_VARIABLE = "BIGCODE_MINHASH_SCRIPT"


def main() -> None:
    task = Task.from_arguments()
    data = task.folder / "data"
    data.mkdir(exist_ok=True)
    shutil.copyfile(task.corpus, data / "train.parquet")
    settings = {
        "dataset": "parquet",
        "data-dir": str(data),
        "cache-dir": str(task.folder / "cache"),
        "ngram-size": NGRAM,
        "num-perm": NUM_PERM,
        "threshold": task.threshold,
        "output": str(task.folder / "output"),
    }
    command = [sys.executable, os.environ[SCRIPT_VARIABLE]]
    command += [word for name, value in settings.items() for word in (f"--{name}", str(value))]
    started, before = time.perf_counter(), sum(os.times()[2:4])
    run = subprocess.run(command, check=False, stderr=subprocess.PIPE, text=True, cwd=task.folder)
    wall, cpu = time.perf_counter() - started, sum(os.times()[2:4]) - before
    if run.returncode:
        sys.exit(run.stderr[-2000:])
    datasets: Any = importlib.import_module("datasets")
    kept = set(datasets.load_from_disk(str(task.folder / "output" / "deduplicated"))["id"])
    signing = re.search(r"minhash\s*: ([0-9.]+) seconds", run.stderr)
    note = "shingles with empty tokens; signing from its own wall clock, scaled by its share of CPU"
    task.answer(
        set(range(len(task.texts()))) - kept,
        signature_seconds=float(signing[1]) * cpu / wall if signing else None,
        note=note,
    )


if __name__ == "__main__":
    main()
