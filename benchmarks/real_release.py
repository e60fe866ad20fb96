"""Build a release of real public repositories at fixed commits, verify it, and write funnel and root.

    python -m benchmarks.real_release --clones FOLDER [--write docs/measured/real_release.md]

FOLDER holds clones of the repositories in real_repositories.csv, as OWNER/NAME.git or one of the other layouts in clones.py.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.clones import write_listing
from benchmarks.measuring import Measured, machine_text, refuse_debug_build, run_measured
from stack_pipeline.cli.funnel import COLUMNS, funnel_rows, readable
from stack_pipeline.cli.output import size_text
from stack_pipeline.keys import PUBLIC_KEY


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clones", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    refuse_debug_build()
    with tempfile.TemporaryDirectory() as folder:
        page = measure(Path(folder), arguments.clones, arguments.workers)
    print(page)
    if arguments.write is not None:
        arguments.write.write_text(page)


def measure(folder: Path, clones: Path, workers: int) -> str:
    """Build and verify in a folder; return the page."""
    count = write_listing(clones, folder / "repositories.jsonl")
    key = folder / "key"
    key.write_text(PUBLIC_KEY.hex())
    key.chmod(0o600)
    release = folder / "release"
    built = run_measured(
        *("build", str(folder / "repositories.jsonl"), "--output", str(release), "--key-file", str(key)),
        *("--public-key-ok", "--workers", str(workers), "--format", "json", "--quiet"),
    )
    verified = run_measured("verify", str(release), "--corpus", f"{release}.corpus", "--format", "json")
    result = json.loads(built.stdout)
    return page_text(count, workers, result, built, verified, shared_blobs(release))


def shared_blobs(release: Path) -> str:
    """Say what became of the blobs that redis and valkey share."""
    columns = ["content_id", "repo_name", "license_type"]
    origins = pq.read_table(release / "origins", columns=columns)
    published = pc.unique(pq.read_table(release / "data", columns=["content_id", "repo_name"])["content_id"])
    found: dict[str, set[str]] = {}
    wrong = 0
    for row in origins.to_pylist():
        if row["repo_name"] in ("redis/redis", "valkey-io/valkey"):
            found.setdefault(row["repo_name"], set()).add(row["content_id"])
            wrong += row["repo_name"] == "redis/redis" and row["license_type"] == "permissive"
    both = found.get("redis/redis", set()) & found.get("valkey-io/valkey", set())
    kept = len(both & set(published.to_pylist()))
    representatives = pq.read_table(release / "data", columns=["repo_name"])["repo_name"].to_pylist()
    return (
        f"{len(both)} published blobs have an origin in redis/redis and in valkey-io/valkey ({kept} of them as rows);"
        f" {wrong} published origins of redis/redis are permissive ones;"
        f" {representatives.count('redis/redis')} rows name redis/redis and"
        f" {representatives.count('valkey-io/valkey')} name valkey-io/valkey as their repository."
    )


def page_text(
    count: int, workers: int, result: dict[str, Any], built: Measured, verified: Measured, shared: str
) -> str:
    """Return the measured page in Markdown."""
    rows = readable(funnel_rows(result["stages"]))
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += ["| " + " | ".join(_cell(row.get(name)) for name in COLUMNS) + " |" for row in rows]
    checks = json.loads(verified.stdout)
    read = result["stages"][1]["in"][1]
    return "\n".join(
        (
            f"# A release of {count} real repositories",
            "",
            "Made by `python -m benchmarks.real_release --clones FOLDER --write docs/measured/real_release.md`",
            "with the default recipe and the public key. The repositories and commits are those of `benchmarks/real_repositories.csv`.",
            "",
            f"Root: `{result['root']}`",
            "",
            *lines,
            "",
            shared,
            "",
            f"`verify` with the corpus: {sum(c['passed'] is True for c in checks)} checks passed,"
            f" {sum(c['passed'] is False for c in checks)} failed.",
            "",
            f"Build with {workers} workers: {built.cpu_seconds:.0f} s CPU, {built.wall_seconds:.0f} s wall,"
            f" {size_text(read)} of blobs ({read / 1e6 / built.cpu_seconds:.2f} MB per CPU second),"
            f" peak memory of all processes {size_text(built.peak_bytes)}."
            f" Verification: {verified.cpu_seconds:.0f} s CPU.",
            "",
            f"Machine: {machine_text()}.",
            "",
        )
    )


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    main()
