"""Measure CPU per MB against the size of the input, peak memory, and the time of `explain`.

    python -m benchmarks.scaling [--sizes 10,30] [--memory-sizes 100,300] [--clones FOLDER] [--write docs/measured/scaling.md]

Without clones the input is generated: repositories of made-up modules in several languages, deterministic, nothing committed. With
clones it is whole repositories of a folder, in order of their names, until the size is reached.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.generated import write_repositories
from benchmarks.measuring import Measured, machine_text, refuse_debug_build, run_measured
from benchmarks.sizing import clones_up_to
from stack_pipeline.cli.output import size_text

RUNS = 3
MOST_RATIO = 1.25
MOST_BYTES = 1_500_000_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10,30", help="MB: a third and the whole of the set")
    parser.add_argument("--memory-sizes", default="100,300", help="MB")
    parser.add_argument("--clones", type=Path)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    refuse_debug_build()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), arguments.clones)
        lines = [*bench.scaling(_numbers(arguments.sizes)), *bench.memory(_numbers(arguments.memory_sizes))]
    page = "\n".join(
        [
            "# Speed and memory",
            "",
            "Made by `python -m benchmarks.scaling"
            + (" --clones FOLDER" if arguments.clones else "")
            + "`. CPU time of",
            "all processes of `stack-pipeline build` with one worker and the default recipe.",
            "",
            *lines,
            "",
            f"Machine: {machine_text()}.",
            "",
        ]
    )
    print(page)
    if arguments.write is not None:
        arguments.write.write_text(page)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


class Bench:
    """Inputs of given sizes, and measured builds of them."""

    def __init__(self, folder: Path, clones: Path | None) -> None:
        self._folder = folder
        self._clones = clones
        self._builds = 0

    def scaling(self, sizes: Sequence[int]) -> list[str]:
        """Build each size three times, interleaved, and compare the medians."""
        sources = {size: self._sources(size) for size in sizes}
        seconds: dict[int, list[float]] = {size: [] for size in sizes}
        for _ in range(RUNS):
            for size in sizes:
                seconds[size].append(self._build(sources[size][0]).cpu_seconds / sources[size][1] * 1e6)
        medians = {size: statistics.median(values) for size, values in seconds.items()}
        lines = ["## CPU per MB", "", "| MB | runs, CPU s per MB | median |", "|---|---|---|"]
        for size in sizes:
            runs = ", ".join(f"{value:.2f}" for value in seconds[size])
            lines.append(f"| {sources[size][1] / 1e6:.1f} | {runs} | {medians[size]:.2f} |")
        ratio = medians[sizes[-1]] / medians[sizes[0]]
        verdict = "reached" if ratio <= MOST_RATIO else "MISSED"
        return [
            *lines,
            "",
            f"Ratio of the whole set to a third of it: {ratio:.2f} (at most {MOST_RATIO}: {verdict}).",
            "",
        ]

    def memory(self, sizes: Sequence[int]) -> list[str]:
        """Build each size once; also ask the last release to explain a file."""
        lines = [
            "## Memory",
            "",
            "| MB | peak of the process tree | CPU s | CPU s per MB | `explain` of a file, wall s |",
        ]
        lines.append("|---|---|---|---|---|")
        for size in sizes:
            source, size_bytes = self._sources(size)
            run = self._build(source)
            verdict = "" if run.peak_bytes <= MOST_BYTES else " MISSED"
            per_mb = run.cpu_seconds / size_bytes * 1e6
            lines.append(
                f"| {size_bytes / 1e6:.1f} | {size_text(run.peak_bytes)}{verdict} | {run.cpu_seconds:.0f} | {per_mb:.2f} |"
                f" {self._explain():.2f} |"
            )
        return [*lines, "", f"The bound is {size_text(MOST_BYTES)} at both sizes; `explain` under a second."]

    def _sources(self, megabytes: int) -> tuple[Path, int]:
        target = self._folder / f"sources-{megabytes}"
        if self._clones is not None:
            return clones_up_to(self._clones, megabytes * 1_000_000, target.with_suffix(".jsonl"))
        return write_repositories(target, megabytes * 1_000_000)

    def _build(self, source: Path) -> Measured:
        self._builds += 1
        self._release = self._folder / f"release-{self._builds}"
        return run_measured(
            "build", str(source), "--output", str(self._release), "--quiet", "--format", "json"
        )

    def _explain(self) -> float:
        sample = run_measured("inspect", str(self._release), "sample", "-n", "1", "--format", "json")
        row = json.loads(sample.stdout)[0]
        what = f"{row['repo_name']}:{row['path']}"
        return run_measured(
            "explain", str(self._release), what, "--corpus", f"{self._release}.corpus"
        ).wall_seconds


if __name__ == "__main__":
    main()
