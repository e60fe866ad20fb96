"""Run the whole pipeline in this process or as the command, and read what became of each file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from beam_jobs.running import run_job
from stack_pipeline.building import finish_release, prepare_ingest, prepare_release
from stack_pipeline.corpus import open_corpus, open_or_create_corpus
from stack_pipeline.ingest.stages import STAGES as INGEST_STAGES
from stack_pipeline.keys import PUBLIC_KEY
from stack_pipeline.recipe import Recipe
from stack_pipeline.release.stages import STAGES as RELEASE_STAGES
from stack_pipeline.sources import plan_sources


@dataclass(frozen=True)
class Built:
    """Where a build lies, and its root."""

    corpus: str
    release: str
    root: str


def ingest(
    corpus: str,
    sources: Sequence[str],
    recipe: Recipe,
    *,
    workers: int = 1,
    options: Sequence[str] = (),
    key: bytes = PUBLIC_KEY,
) -> None:
    """Ingest sources into a corpus."""
    job = prepare_ingest(open_or_create_corpus(corpus, key=key), plan_sources(sources), recipe)
    if job is not None:
        run_job(job, INGEST_STAGES, workers=workers, options=options)


def release(
    corpus: str, output: str, recipe: Recipe, *, workers: int = 1, options: Sequence[str] = ()
) -> Built:
    """Make a release of a corpus."""
    started = datetime.now(UTC)
    job = prepare_release(open_corpus(corpus), output, recipe, public_key_ok=True)
    run_job(job, RELEASE_STAGES, workers=workers, options=options)
    return Built(corpus, output, finish_release(job, started=started, workers=workers, runner="local"))


def build(
    folder: Path,
    sources: Sequence[str],
    recipe: Recipe,
    *,
    workers: int = 1,
    options: Sequence[str] = (),
    key: bytes = PUBLIC_KEY,
) -> Built:
    """Ingest and release in one go, below a folder."""
    ingest(str(folder / "corpus"), sources, recipe, workers=workers, options=options, key=key)
    return release(str(folder / "corpus"), str(folder / "release"), recipe, workers=workers, options=options)


def with_engine(recipe: Recipe, **settings: Any) -> Recipe:
    """Return a recipe with other engine settings."""
    return replace(recipe, engine=replace(recipe.engine, **settings))


def command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `stack-pipeline` as a user does and return its exit code and output."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("stack-pipeline")), *arguments],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        env={**os.environ, "NO_COLOR": "1", **options.pop("env", {})},
        **options,
    )


def listed_names(listing: Path) -> dict[str, str]:
    """Map repository identities to full names, as a listing gives them."""
    rows = [json.loads(line) for line in listing.read_text().splitlines()]
    return {f"{row.get('host', 'github.com')}/id/{row['id']}": row["full_name"] for row in rows}


def repository_fates(built: Built) -> dict[str, str]:
    """Return what became of each repository, by full name: read, or the reason it is out."""
    (view,) = Path(built.corpus, "work", "take_view").glob("*/view.parquet")
    return {
        row["full_name"]: "opted_out" if row["opted_out"] else row["reason"] or "read"
        for row in pq.read_table(view).to_pylist()
    }


def fates(built: Built) -> dict[tuple[str, bytes], str]:
    """Return what became of each file of each read repository, by full name and path, from the tables alone.

    Needs the build's work folder.
    """
    corpus, work = Path(built.corpus), Path(built.corpus, "work")
    names = {}
    (view,) = work.glob("take_view/*/view.parquet")
    for row in pq.read_table(view).to_pylist():
        names[row["repository"], row["commit"]] = row["full_name"]
    judged: dict[tuple[str, bytes, int], dict[str, Any]] = {}
    for file in corpus.glob(f"releases/{built.root}/origins.parquet"):
        for row in pq.read_table(file).to_pylist():
            judged[row["repository"], row["path_bytes"], row["entry_index"]] = row
    kept = {
        row["content_id"] for row in pq.read_table(corpus / f"releases/{built.root}/ids.parquet").to_pylist()
    }
    drops = {
        row["content_id"]: row["reason"]
        for stage in ("exact_dedup", "filter_blobs", "redact_blobs")
        for file in work.glob(f"{stage}/*/drops.parquet")
        for row in pq.read_table(file).to_pylist()
    }
    found: dict[tuple[str, bytes], str] = {}
    for file in corpus.glob("snapshots/*/origins/*.parquet"):
        for row in pq.read_table(file).to_pylist():
            key = (row["repository"], row["path_bytes"], row["entry_index"])
            name = names.get((row["repository"], row["commit"]))
            if name is not None:
                found[name, row["path_bytes"]] = _fate(row, judged.get(key), kept, drops)
    return found


def _fate(row: dict[str, Any], judged: dict[str, Any] | None, kept: set[str], drops: dict[str, str]) -> str:
    if judged is None:
        return str(row["reason"])
    if judged["drop_reason"] is not None:
        return str(judged["drop_reason"])
    if not judged["is_representative"]:
        return "exact_duplicate"
    return "kept" if row["content_id"] in kept else drops[row["content_id"]]
