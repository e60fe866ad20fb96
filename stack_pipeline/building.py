"""Prepare an ingest or a release as a job, and close it: everything around the Beam pipeline itself."""

from __future__ import annotations

import json
import platform
import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stack_pipeline.canonical import canonical_json, digest_of
from stack_pipeline.corpus import Corpus, newest_rows, open_corpus
from stack_pipeline.errors import RunFailed, UsageError
from stack_pipeline.jobs import Job
from stack_pipeline.manifest import MANIFEST_NAME, manifest_root
from stack_pipeline.recipe import Recipe, canonical_recipe
from stack_pipeline.release.stages import STAGES
from stack_pipeline.storage import Storage
from stack_pipeline.tasks import cpu_seconds

if TYPE_CHECKING:
    from optout import Rules
    from stack_pipeline.sources import Repository

UNFINISHED_NAME = "unfinished.json"


def read_rules_text(rules_path: str) -> str:
    """Return the text of an opt-out rules file, empty for no file.

    Raises:
        UsageError: If the file cannot be read.
    """
    if not rules_path:
        return ""
    try:
        return Path(rules_path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{rules_path}: cannot read the opt-out rules: {reason}") from None


def read_rules(rules_path: str) -> Rules:
    """Read and check an opt-out rules file.

    Raises:
        UsageError: If the file cannot be read or a rule is wrong.
    """
    from optout import parse_rules

    try:
        return parse_rules(read_rules_text(rules_path))
    except ValueError as error:
        raise UsageError(f"{rules_path}: {error}", hint="docs/opt-out.md shows the form of a rule") from None


def store_rules(corpus: Corpus, rules_path: str) -> tuple[str, str]:
    """Copy the opt-out rules into the corpus, where workers find them; return the copy's name and the keyed digest."""
    digest = read_rules(rules_path).digest(corpus.keys.subkey("opt-out rules"))
    name = f"rules/{digest[:16]}.toml"
    corpus.storage.write_bytes(name, read_rules_text(rules_path).encode())
    return name, digest


def prepare_ingest(corpus: Corpus, repositories: Sequence[Repository], recipe: Recipe) -> Job | None:
    """Plan an ingest of repositories; None if the newest snapshot was made of exactly these.

    Args:
        corpus: The corpus.
        repositories: What `stack_pipeline.sources.plan_sources` found.
        recipe: The recipe.
    """
    from stack_pipeline.ingest.commit_snapshot import sources_digest

    rules_name, rules_digest = store_rules(corpus, recipe.optout.rules)
    snapshots = corpus.snapshots()
    job = Job(
        kind="ingest",
        corpus=corpus.url,
        output="",
        recipe=recipe,
        rules_name=rules_name,
        rules_digest=rules_digest,
        key_id=corpus.keys.key_id,
        snapshot=snapshots[-1].number + 1 if snapshots else 1,
        sources=tuple(repositories),
    )
    if snapshots and snapshots[-1].manifest["sources_digest"] == sources_digest(job):
        return None
    return job


def prepare_release(corpus: Corpus, output: str, recipe: Recipe, *, public_key_ok: bool = False) -> Job:
    """Plan a release of the corpus's newest view and claim the output folder for it.

    Raises:
        UsageError: If the corpus is empty, its key is the public one, or the folder holds something else.
    """
    from stack_pipeline.release.take_view import check_store

    snapshots = corpus.snapshots()
    if not snapshots:
        raise UsageError(
            f"{corpus.url}: nothing was ingested yet", hint="stack-pipeline ingest SOURCE --corpus DIR"
        )
    if corpus.keys.is_public and not public_key_ok:
        raise UsageError(
            f"{corpus.url}: this corpus has the public key of the demo",
            hint="use another corpus, or --public-key-ok",
        )
    check_store(recipe.ingest.store, recipe.licenses.profile)
    rules_name, rules_digest = store_rules(corpus, recipe.optout.rules)
    job = Job(
        kind="release",
        corpus=corpus.url,
        output=output,
        recipe=replace(recipe, optout=replace(recipe.optout, rules="")),
        rules_name=rules_name,
        rules_digest=rules_digest,
        key_id=corpus.keys.key_id,
        snapshot=snapshots[-1].number,
    )
    claim_output(job, [snapshot.root for snapshot in snapshots])
    return job


def claim_output(job: Job, snapshot_roots: list[str]) -> None:
    """Mark an empty folder as this build's, or go on with the folder that the same build left unfinished.

    Raises:
        UsageError: If the folder holds anything else, or cannot be written.
    """
    output = job.storage("output")
    build = digest_of(
        {
            "recipe": canonical_recipe(job.recipe, optout_digest=job.rules_digest),
            "snapshots": snapshot_roots,
            "key": job.key_id,
        }
    )
    try:
        mark = _read_mark(output)
        if mark is None and output.names():
            what = "a finished release" if output.exists(MANIFEST_NAME) else "other files"
            raise UsageError(
                f"{job.output}: the output folder holds {what}", hint="name a new or empty folder"
            )
        if mark is None:
            output.make_folder()
            output.write_bytes(UNFINISHED_NAME, canonical_json({"build": build}))
    except OSError as error:
        raise UsageError(
            f"{job.output}: cannot write the output: {error.strerror}", hint="name a folder that can be made"
        ) from None
    if mark not in (None, build):
        raise UsageError(
            f"{job.output}: the output folder holds another unfinished build",
            hint="remove it, or run that build's command again to finish it",
        )


def _read_mark(output: Storage) -> str | None:
    """Return the build that claimed a folder, None if none did."""
    try:
        return str(json.loads(output.read_bytes(UNFINISHED_NAME))["build"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return "unknown"


def finish_release(job: Job, *, started: datetime, workers: int, runner: str) -> str:
    """Write `run.json`, take the mark off the folder, clear the finished work; return the root.

    Raises:
        RunFailed: If the build left no manifest.
    """
    output = job.storage("output")
    try:
        root = manifest_root(output.read_bytes(MANIFEST_NAME))
    except FileNotFoundError:
        raise RunFailed("the build ended without a manifest", hint="run the same command again") from None
    corpus = open_corpus(job.corpus)
    run = {
        "root": root,
        "snapshots": [{"number": s.number, "root": s.root} for s in corpus.snapshots()],
        "started": started.isoformat(),
        "finished": datetime.now(UTC).isoformat(),
        "host": socket.gethostname(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "workers": workers,
        "runner": runner,
        "stages": cpu_seconds(job, STAGES),
    }
    output.write_bytes("run.json", canonical_json(run))
    output.remove_leftovers()
    _drop_strays(output)
    output.remove(UNFINISHED_NAME)
    clear_work(job)
    return root


def _drop_strays(output: Storage) -> None:
    """Remove files that no manifest names, as an interrupted build may leave them."""
    manifest = json.loads(output.read_bytes(MANIFEST_NAME))
    named = {file["name"] for file in manifest["files"]}
    for name in output.names():
        if "/" in name and name not in named:
            output.remove(name)


def clear_work(job: Job) -> None:
    """Remove the finished tasks of a job, unless the recipe keeps them."""
    if not job.recipe.engine.keep_work:
        job.storage("work").remove("")


def view_counts(corpus: Corpus) -> dict[str, Any]:
    """Return how many repositories the newest view has, by status."""
    counts: dict[str, int] = {}
    for row in newest_rows(corpus):
        counts[row["status"]] = counts.get(row["status"], 0) + 1
    return counts
