"""Count the entries of a repository of the view by what became of them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.inspection.explanation import PUBLISHED
from stack_pipeline.inspection.private_record import PrivateRecord
from stack_pipeline.reasons import READ_BUT_NOT_STORED, Reason

_COLUMNS = ["repository", "commit", "ref", "content_id", "size_bytes", "drop_reason", "is_representative"]

Row = dict[str, Any]


def repository_summary(record: PrivateRecord, repository: Row) -> tuple[Row, ...]:
    """Return a row per (stage, fate) with number and original bytes of its entries, in order of stages."""
    fates = _stub_fates(record, repository)
    passed: list[Row] = []
    for row in _judged(record, repository):
        if row["drop_reason"] is None:
            passed.append(row)
        else:
            fates.append(("judge_origins", row["drop_reason"], row["size_bytes"] or 0))
    published = _published_ids(record, {row["content_id"] for row in passed})
    decisions = {
        row["content_id"]: row
        for row in record.release.rows_where(
            "decisions", "content_id", set(published.values()), columns=["stage", "reason"]
        )
    }
    for row in passed:
        decision = decisions.get(published[row["content_id"]], {"stage": "publish", "reason": "unknown"})
        fates.append((*_fate(row, decision), row["size_bytes"] or 0))
    return _counted(repository["full_name"], fates)


def _fate(row: Row, decision: Row) -> tuple[str, str]:
    if decision["reason"] != "kept":
        return decision["stage"], decision["reason"]
    return (
        ("publish", PUBLISHED) if row["is_representative"] else ("exact_dedup", str(Reason.EXACT_DUPLICATE))
    )


def _stub_fates(record: PrivateRecord, repository: Row) -> list[tuple[str, str, int]]:
    """Return the entries that were not taken; those that were read and not stored are judged later."""
    return [
        ("ingest", row["reason"], row["size_bytes"] or 0)
        for batch in record.origins(repository, columns=["reason", "size_bytes"])
        for row in batch.to_pylist()
        if row["reason"] is not None and row["reason"] not in READ_BUT_NOT_STORED
    ]


def _judged(record: PrivateRecord, repository: Row) -> list[Row]:
    rows: list[Row] = []
    for batch in record.judged(columns=_COLUMNS):
        mine = pc.and_(
            pc.equal(batch["repository"], repository["repository"]),
            pc.equal(batch["commit"], repository["commit"]),
        )
        rows += [row for row in batch.filter(mine).to_pylist() if row["ref"] == repository["ref"]]
    return rows


def _published_ids(record: PrivateRecord, content_ids: set[str]) -> dict[str, str]:
    """Return the id under which the release speaks of each blob."""
    wanted = pa.array(sorted(content_ids), pa.string())
    found: dict[str, str] = {}
    for batch in record.ids(columns=["content_id", "published_id"]):
        mine = batch.filter(pc.is_in(batch["content_id"], value_set=wanted))
        found.update(zip(mine["content_id"].to_pylist(), mine["published_id"].to_pylist(), strict=True))
    for content_id in content_ids - found.keys():
        found[content_id] = record.publisher.published_id(content_id, is_published_as_is=False)
    return found


_STAGES = ("ingest", "judge_origins", "exact_dedup", "filter_blobs", "near_dedup", "publish")


def _counted(name: str, fates: list[tuple[str, str, int]]) -> tuple[Row, ...]:
    counts: dict[tuple[int, str, str], list[int]] = {}
    for stage, fate, size in fates:
        number = _STAGES.index(stage) if stage in _STAGES else len(_STAGES)
        tally = counts.setdefault((number, stage, fate), [0, 0])
        tally[0] += 1
        tally[1] += size
    return tuple(
        {"repository": name, "stage": stage, "fate": fate, "files": files, "bytes": size}
        for (_, stage, fate), (files, size) in sorted(counts.items())
    )
