"""Run ours: signatures by scheme and CPU path, the command end to end, two threads, options, many short documents."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.keeping import Results
from benchmarks.measuring import CommandFailed, Measured
from benchmarks.near_dedup.corpus import Corpus
from benchmarks.near_dedup.judging import judge
from benchmarks.near_dedup.short_documents import short_documents
from benchmarks.near_dedup.truth import Truth
from benchmarks.one_core import ROOT, measure_pinned

SCHEMES = ("default", "datasketch", "datasketch-legacy", "bigcode")
CPU_PATHS = ("portable", "avx2", "avx512")
KINDS = ("star", "components")
MODES = ("memory", "streaming")
OPTIONS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "licence header stripped": {"strip_license_headers": True},
    "within languages": {"groups": "language"},
    "at least 20 tokens": {"min_tokens": 20},
    "at least 50 tokens": {"min_tokens": 50},
    "containment": {"measure": "containment"},
}
SHORT_COUNTS = (1_000_000, 10_000_000)

Row = dict[str, Any]


@dataclass(frozen=True)
class OurRuns:
    """Measurements of this project on one corpus, kept in `results`."""

    corpus: Corpus
    cache: Path
    results: Results

    def signatures(self) -> list[Row]:
        """Measure `minhash` by scheme and CPU path; a path that the machine lacks has the key `failure`."""
        rows = []
        for scheme in SCHEMES:
            for path in CPU_PATHS:
                row = self._call("minhash", {"scheme": scheme, "cpu_path": path, "threads": 1})
                rows.append({"scheme": scheme, "cpu_path": path, **row})
        return rows

    def threads(self) -> list[Row]:
        """Measure `minhash` and `find_near_duplicates` on one and on two threads (and cores)."""
        rows = []
        for function in ("minhash", "find_near_duplicates"):
            for threads in (1, 2):
                row = self._call(function, {"threads": threads}, cores=2)
                rows.append({"function": function, "threads": threads, **row})
        return rows

    def clustering(self) -> Row:
        """Measure what comes after the signatures, on one thread."""
        return self._call("clustering", {})

    def options(self) -> list[Row]:
        """Count what each option removes, by exact and by near-duplicates."""
        calls = ((name, self._call("find_near_duplicates", given)) for name, given in OPTIONS.items())
        return [{"option": name, **row} for name, row in calls]

    def end_to_end(self, truth: Truth) -> list[Row]:
        """Measure the command, Parquet to clusters, in both modes and for both cluster kinds, and judge it."""
        rows = []
        for kind in KINDS:
            for mode in MODES if kind == "star" else MODES[:1]:
                row = self._command(self.corpus.path, mode=mode, kind=kind, truth=truth)
                rows.append({"kind": kind, "mode": mode, **row})
        return rows

    def short_documents(self) -> list[Row]:
        """Measure the streaming mode on generated short documents, a million and ten million."""
        rows = []
        for count in SHORT_COUNTS:
            path = short_documents(count, self.cache)
            rows.append(
                {"documents": count, **self._command(path, mode="streaming", kind="star", truth=None)}
            )
        return rows

    def _call(self, function: str, arguments: dict[str, Any], *, cores: int = 1) -> Row:
        words = "-".join(str(value) for value in arguments.values()) or "plain"
        name = f"{function}-{words}-{self.corpus.name}"

        def measure() -> Row:
            module = "benchmarks.near_dedup.call"
            command = [sys.executable, "-m", module, str(self.corpus.path.resolve()), function]
            run = measure_pinned([*command, json.dumps(arguments)], log=self._log(name), cores=cores)
            return {"peak_bytes": run.peak_bytes, **json.loads(run.stdout)}

        return self.results.get(
            name, (function, arguments, cores, self.corpus.path.name), _or_failure(measure)
        )

    def _command(self, path: Path, *, mode: str, kind: str, truth: Truth | None) -> Row:
        threshold = 0.7 if truth is None else truth.threshold
        name = f"command-{mode}-{kind}-{threshold}-{path.stem}"
        output = self.cache / "runs" / name

        def measure() -> Row:
            shutil.rmtree(output, ignore_errors=True)
            output.parent.mkdir(parents=True, exist_ok=True)
            program = str(Path(sys.executable).with_name("stack-pipeline"))
            command = [program, "dedup", str(path.resolve()), "--output", str(output.resolve())]
            command += [
                "--threads",
                "1",
                "--threshold",
                str(threshold),
                "--clusters",
                kind,
                "--accept",
                "--quiet",
            ]
            command += ["--streaming"] if mode == "streaming" else ["--in-memory"]
            run = measure_pinned(command, log=self._log(name))
            row = {**_measured(run), **_judged(output / "clusters.parquet", kind, truth)}
            shutil.rmtree(output)
            return row

        return self.results.get(name, (mode, kind, threshold, path.name, _own_digest()), _or_failure(measure))

    def _log(self, name: str) -> Path:
        return self.cache / "messages" / f"{name}.txt"


@cache
def _own_digest() -> str:
    """Return a digest of the code that is measured, so that no result outlives it."""
    native = importlib.util.find_spec("stack_native")
    modules = [*ROOT.glob("dedup/*.py"), *ROOT.glob("stack_pipeline/near_dedup/*.py")]
    for place in native.submodule_search_locations or () if native else ():
        modules += Path(place).glob("*.so")
    if native and native.origin:
        modules.append(Path(native.origin))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(modules))).hexdigest()


def _or_failure(measure: Callable[[], Row]) -> Callable[[], Row]:
    def measured() -> Row:
        try:
            return measure()
        except CommandFailed as failure:
            return {"failure": str(failure)}

    return measured


def _measured(run: Measured) -> Row:
    return {"cpu_seconds": run.cpu_seconds, "wall_seconds": run.wall_seconds, "peak_bytes": run.peak_bytes}


def _judged(clusters: Path, kind: str, truth: Truth | None) -> Row:
    """Judge the removals of a table of clusters; ids are row numbers."""
    nearest = "representative" if kind == "star" else "nearest"
    table = pq.read_table(clusters, columns=["id", "representative", nearest])
    member, representative, partner = (table.column(i).to_numpy() for i in range(3))
    gone = member != representative
    if truth is None:
        return {"removed": int(gone.sum())}
    return {"judgement": asdict(judge(truth, member[gone], kind=kind, representative=partner[gone]))}
