"""Measure how fast a release is made of an existing corpus of real repositories, and where the time goes.

    python -m benchmarks.release_speed --repositories FOLDER [--corpus FOLDER] [--write docs/measured/release_speed.md]

FOLDER holds clones in any layout. They are read into a corpus first, which is not measured; --corpus names one that is
there already, made with the public key. A release is then built on one core, all stages on, several times, each time from
nothing but the snapshots; the run with the median CPU time counts.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measured, machine_text, refuse_debug_build, run_measured
from benchmarks.one_core import measure_pinned
from benchmarks.tables import table
from stack_pipeline.cli.output import size_text
from stack_pipeline.keys import PUBLIC_KEY

TARGET = 12.0
"""MB of source text per CPU second."""

_MB = 1e6


@dataclass(frozen=True)
class Build:
    """A measured build: how it ran, the accounts of its stages, the CPU seconds of their tasks, its root."""

    run: Measured
    accounts: list[dict[str, Any]]
    stages: list[dict[str, Any]]
    root: str


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.release_speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--repositories", type=Path, help="a folder of clones")
    parser.add_argument("--corpus", type=Path, help="use this corpus, which the public key was given")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", type=Path, help="write the page to this file")
    arguments = parser.parse_args()
    if (arguments.repositories is None) == (arguments.corpus is None):
        parser.error("one of --repositories and --corpus is needed")
    refuse_debug_build()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = arguments.corpus or make_corpus(arguments.repositories, folder)
        builds = [build(corpus, folder / "release", folder) for _ in range(arguments.runs)]
    if len({each.root for each in builds}) != 1:
        sys.exit("the runs ended with different roots")
    page = page_text(sorted(builds, key=lambda each: each.run.cpu_seconds), machine=machine_text())
    print(page)
    if arguments.write is not None:
        arguments.write.write_text(page, encoding="utf-8")


def make_corpus(repositories: Path, folder: Path) -> Path:
    """Read clones into a corpus with the public key."""
    key, corpus = folder / "key", folder / "corpus"
    key.write_text(PUBLIC_KEY.hex())
    key.chmod(0o600)
    run_measured(
        "ingest", str(repositories), "--corpus", str(corpus), "--key-file", str(key), "--workers", "2"
    )
    return corpus


def build(corpus: Path, release: Path, folder: Path) -> Build:
    """Build a release on one core, without what an earlier one left beside the snapshots."""
    for left in (release, corpus / "signals", corpus / "work"):
        shutil.rmtree(left, ignore_errors=True)
    program = str(Path(sys.executable).with_name("stack-pipeline"))
    command = [program, "build", "--corpus", str(corpus.resolve()), "--output", str(release)]
    command += ["--public-key-ok", "--workers", "1", "--format", "json", "--quiet"]
    run = measure_pinned(command, log=folder / "messages.txt")
    result = json.loads(run.stdout)
    stages = json.loads((release / "run.json").read_bytes())["stages"]
    return Build(run, result["stages"], stages, result["root"])


def page_text(builds: list[Build], *, machine: str) -> str:
    """Return the page; builds by CPU time."""
    middle = builds[len(builds) // 2]
    accounts = {account["stage"]: account for account in middle.accounts}
    files, size = accounts["exact_dedup"]["in"]
    spent = middle.run.cpu_seconds
    in_tasks = sum(stage["cpu_seconds"] for stage in middle.stages)
    rate, rate_of_tasks = size / _MB / spent, size / _MB / in_tasks
    verdict = "reached" if rate >= TARGET else f"MISSED by {1 - rate / TARGET:.1%}"
    rows = [
        (stage["stage"], stage["tasks"], stage["cpu_seconds"], stage["cpu_seconds"] * 1e3 / (size / _MB))
        for stage in middle.stages
    ]
    others = spent - in_tasks
    rows.append(("start, Beam, planning", None, others, others * 1e3 / (size / _MB)))
    times = ", ".join(f"{each.run.cpu_seconds:.1f}" for each in builds)
    return f"""# The speed of a release

Made by `python -m benchmarks.release_speed`. A release of an existing corpus of real repositories, default recipe, all stages on,
one worker on one core, nothing kept from an earlier release. CPU seconds are those of the whole process tree;
MB are 10⁶ bytes of the source text that passed the origin rules ({files:,} files, {size / _MB:,.1f} MB).
Reading the repositories is not in it.

| what | |
| --- | --- |
| CPU seconds of {len(builds)} runs | {times} |
| MB of source text per CPU second | {rate:.1f} |
| target | {TARGET:g}: {verdict} |
| MB per CPU second of the stages' tasks, without start and planning | {rate_of_tasks:.1f} |
| peak memory of the process tree | {size_text(middle.run.peak_bytes)} |
| wall seconds | {middle.run.wall_seconds:.1f} |

## Where the time goes

{table(("stage", "tasks", "CPU s", "ms per MB"), rows)}

Machine: {machine}.
"""


if __name__ == "__main__":
    main()
