"""Run a near-deduplication from inputs to outputs.

An alarm that stops the run keeps back what would remove anything: the keep list and the filtered copies. Clusters, report and manifest are
written, they are the evidence; the same command with `--accept` takes the clusters from there.
"""

from __future__ import annotations

import platform
import shutil
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from stack_pipeline.canonical import canonical_json
from stack_pipeline.near_dedup.clustering import cluster_documents
from stack_pipeline.near_dedup.earlier_run import found_earlier
from stack_pipeline.near_dedup.input_files import find_inputs
from stack_pipeline.near_dedup.inputs import Documents, Progress
from stack_pipeline.near_dedup.members import Members, name_members
from stack_pipeline.near_dedup.opening import open_documents
from stack_pipeline.near_dedup.outputs import (
    MANIFEST,
    check_output,
    hash_inputs,
    manifest_bytes,
    new_folder,
    report_bytes,
    run_digest,
    tool_versions,
    write_clusters,
    write_filtered,
    write_keep,
    write_text,
)
from stack_pipeline.near_dedup.page import report_page
from stack_pipeline.near_dedup.settings import Request, check_settings, choose_mode
from stack_pipeline.near_dedup.summary import make_report, removed_rows


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        report: What `report.json` holds.
        files: Names of the files in the output folder, sorted.
        stopped: Whether an alarm held back the keep list and the filtered copies.
    """

    report: dict[str, Any]
    files: tuple[str, ...]
    stopped: bool


def run_dedup(request: Request, *, progress: Progress) -> Outcome:
    """Find near-duplicates and write the output folder.

    Args:
        request: What to do.
        progress: Told of each step.

    Raises:
        UsageError: If settings, inputs, columns or the output folder are wrong; nothing was written.
        RunFailed: If a file is damaged or changed while it is read.
    """
    check_settings(request.settings)
    inputs = find_inputs(request.inputs)
    check_output(request.output, inputs, overwrite=request.overwrite)
    times = _Times()
    documents = open_documents(inputs, request.columns, progress=progress)
    times.note("read columns")
    identities = hash_inputs(inputs, progress=progress)
    versions = tool_versions()
    run = run_digest(request.shaping(), identities, versions)
    times.note("hash inputs")
    mode = choose_mode(request, documents=documents.count, text_bytes=documents.text_bytes)
    with new_folder(request.output, private=bool(inputs.corpora)) as folder:
        found = found_earlier(request.output, run, documents) if request.accept else None
        is_reused = found is not None
        counts: dict[str, Any] = {}
        if found is None:
            found, counts = _cluster(documents, request, folder, mode=mode, progress=progress)
        times.note("find clusters")
        progress("write report", 0, 1)
        members = name_members(documents, found)
        report = make_report(members, accept=request.accept)
        entries = [write_clusters(folder, members)]
        if not report["stopped"]:
            entries += _write_kept(folder, members, request, progress)
        times.note("write")
        entries += _write_report(folder, report, request)
        manifest = manifest_bytes(
            run=run,
            shaping=request.shaping(),
            documents=documents,
            inputs=identities,
            versions=versions,
            report=report,
            files=entries,
        )
        (folder / MANIFEST).write_bytes(manifest)
        record = _run_record(request, documents, times, mode=mode, is_reused=is_reused, counts=counts)
        (folder / "run.json").write_bytes(record)
        progress("write report", 1, 1)
    names = sorted({entry["name"] for entry in entries} | {MANIFEST, "run.json"})
    return Outcome(report, tuple(names), bool(report["stopped"]))


def _cluster(
    documents: Documents, request: Request, folder: Path, *, mode: str, progress: Progress
) -> tuple[pa.Table, dict[str, Any]]:
    work = folder / "work"
    work.mkdir()
    try:
        found = cluster_documents(
            documents,
            request.settings,
            mode=mode,
            work_dir=work,
            threads=request.threads,
            progress=progress,
            longest_first=request.settings.measure == "containment" and request.columns.rank is None,
        )
        return found.table, asdict(found.counts)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _write_kept(folder: Path, members: Members, request: Request, progress: Progress) -> list[dict[str, Any]]:
    keep = ~removed_rows(members.documents, members.found)
    entries = [write_keep(folder, members.documents, keep)]
    if request.write_filtered:
        entries += write_filtered(folder, members.documents, keep, progress=progress)
    return entries


def _write_report(folder: Path, report: dict[str, Any], request: Request) -> list[dict[str, Any]]:
    settings = {**request.shaping()["clusters"], "within": request.columns.within}
    page = report_page(report, settings=settings)
    return [
        write_text(folder, "report.json", report_bytes({**report, "settings": settings})),
        write_text(folder, "report.html", page.encode()),
    ]


class _Times:
    """Seconds of wall and processor time by step, for `run.json` only."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC)
        self._last = (time.monotonic(), time.process_time())
        self.steps: dict[str, dict[str, float]] = {}

    def note(self, step: str) -> None:
        """Book the time since the last note on a step."""
        now = (time.monotonic(), time.process_time())
        wall, cpu = (after - before for after, before in zip(now, self._last, strict=True))
        self.steps[step] = {"wall_seconds": round(wall, 3), "cpu_seconds": round(cpu, 3)}
        self._last = now


def _run_record(
    request: Request,
    documents: Documents,
    times: _Times,
    *,
    mode: str,
    is_reused: bool,
    counts: dict[str, Any],
) -> bytes:
    times.note("report")
    return canonical_json(
        {
            "started": times.started.isoformat(),
            "finished": datetime.now(UTC).isoformat(),
            "steps": times.steps,
            "documents": documents.count,
            "text_bytes": documents.text_bytes,
            "mode": mode,
            "search": counts,
            "clusters_of_an_earlier_run": is_reused,
            "threads": request.threads,
            "memory_bytes": request.memory_bytes,
            "settings": asdict(request.settings),
            "python": platform.python_version(),
            "platform": platform.platform(),
        }
    )
