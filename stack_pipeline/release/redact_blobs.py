"""Redact the texts that stay, measure the published text, and give each blob its published id."""

from __future__ import annotations

import hashlib
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import stack_native
from stack_pipeline.accounting import Account
from stack_pipeline.files import language_slug
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.release.publishing import Publisher
from stack_pipeline.release.take_view import range_tasks, snapshot_files, task_bounds
from stack_pipeline.release.texts import iter_texts
from stack_pipeline.release.work_tables import BLOB_DROPS, BLOBS, NEAR_CLUSTERS, PUBLISHED_IDS, TEXT_ROWS
from stack_pipeline.tables.schema import REDACTIONS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of

UNKNOWN_LANGUAGE = "unknown"
TEXT_GROUP_BYTES = 1 << 20
"""Small row groups: each language is read out of every file."""


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids."""
    inputs = [
        *finished.files("filter_blobs", "blobs"),
        *finished.files("choose_representatives", "clusters"),
        *snapshot_files(job, "contents"),
    ]
    return range_tasks("redact_blobs", finished, inputs)


def run(context: TaskContext) -> None:
    """Write text rows, redactions, the map of published ids, and why near-duplicates are out."""
    account = context.account = Account("blob")
    bounds = task_bounds(context)
    blobs = context.read_all(context.task.files("blobs"), BLOBS, key="content_id", bounds=bounds)
    clusters = {
        row["content_id"]: row
        for row in context.read_all(
            context.task.files("clusters"), NEAR_CLUSTERS, key="content_id", bounds=bounds
        ).to_pylist()
    }
    kept = {row["content_id"]: row for row in blobs.to_pylist() if _stays(row, clusters)}
    redactor = _Redactor(context, kept, clusters)
    ids = pa.array(sorted(kept), pa.string())
    for texts in iter_texts(context, context.task.files("contents"), ids, bounds):
        redactor.add(texts)
    for row in kept.values():
        account.keep(1, row["length_bytes"])
    if len(redactor.ids) != len(kept):
        raise OSError(f"{len(kept) - len(redactor.ids)} texts are not in the corpus")
    texts_table = pa.concat_tables([TEXT_ROWS.empty_table(), *redactor.texts]).sort_by("sort_key")
    context.write("texts", TEXT_ROWS, texts_table, row_group_bytes=TEXT_GROUP_BYTES)
    redactions = pa.Table.from_pylist(redactor.redactions, schema=REDACTIONS)
    context.write(
        "redactions", REDACTIONS, redactions.sort_by([(n, "ascending") for n in ("content_id", "start")])
    )
    context.write(
        "ids", PUBLISHED_IDS, pa.Table.from_pylist(redactor.ids, schema=PUBLISHED_IDS).sort_by("content_id")
    )
    drops = [_drop(clusters[name]) for name in blobs["content_id"].to_pylist() if name not in kept]
    context.write("drops", BLOB_DROPS, pa.Table.from_pylist(drops, schema=BLOB_DROPS))
    context.facts = {"languages": redactor.language_bytes}


def _stays(row: dict[str, Any], clusters: dict[str, dict[str, Any]]) -> bool:
    cluster = clusters.get(row["content_id"])
    return cluster is None or cluster["representative"] == row["content_id"]


def _drop(cluster: dict[str, Any]) -> dict[str, Any]:
    return {
        "content_id": cluster["content_id"],
        "stage": "near_dedup",
        "reason": "near_duplicate",
        "rule": "exact Jaccard similarity",
        "kept_content_id": cluster["representative"],
        "similarity": cluster["similarity"],
    }


class _Redactor:
    """Turn texts into published rows, a batch at a time."""

    def __init__(
        self, context: TaskContext, kept: dict[str, dict[str, Any]], clusters: dict[str, dict[str, Any]]
    ) -> None:
        self._publisher = Publisher(context.job.recipe, context.job.keys())
        self._kept = kept
        self._clusters = clusters
        self.texts: list[pa.Table] = []
        self.redactions: list[dict[str, Any]] = []
        self.ids: list[dict[str, Any]] = []
        self.language_bytes: dict[str, int] = {}

    def add(self, texts: pa.Table) -> None:
        """Redact a batch of contents."""
        clean, spans = self._publisher.redact_array(texts["text"].combine_chunks())
        clean = clean.cast(pa.large_string())
        changed = set() if spans is None else set(spans["row"].to_pylist())
        content_ids = texts["content_id"].to_pylist()
        published = [
            self._publish(content_id, is_changed=row in changed) for row, content_id in enumerate(content_ids)
        ]
        for span in [] if spans is None else spans.to_pylist():
            shown = {name: span[name] for name in ("start", "end", "kind", "detector", "value_hash")}
            self.redactions.append({"content_id": published[span["row"]], **shown})
        lengths = pc.binary_length(clean)
        languages = [self._kept[content_id]["language"] for content_id in content_ids]
        slugs = list(map(language_slug, languages))
        for slug, size in zip(slugs, lengths.to_pylist(), strict=True):
            self.language_bytes[slug] = self.language_bytes.get(slug, 0) + size
        as_it_was = pa.array([one == other for one, other in zip(published, content_ids, strict=True)])
        columns = {
            "sort_key": [f"{slug}/{name}" for slug, name in zip(slugs, published, strict=True)],
            "content_id": content_ids,
            "content_id_kind": pc.if_else(as_it_was, "git", "keyed"),
            "blob_id": pc.if_else(as_it_was, texts["sha1"].combine_chunks(), None),
            "content": clean,
            "content_sha256": _sha256_of_each(clean),
            "length_bytes": lengths,
            "language": [language or UNKNOWN_LANGUAGE for language in languages],
            "src_encoding": texts["encoding"].combine_chunks(),
            "near_dup_of": [self._clusters.get(name, {}).get("representative") for name in content_ids],
            **dict(pa.table(stack_native.line_statistics(clean)).to_pydict()),
        }
        arrays = [_array(columns[field.name], field.type) for field in TEXT_ROWS]
        self.texts.append(pa.table(arrays, schema=TEXT_ROWS))

    def _publish(self, content_id: str, *, is_changed: bool) -> str:
        """Return the published id of a content, and keep it."""
        published = self._publisher.published_id(content_id, is_published_as_is=not is_changed)
        self.ids.append({"content_id": content_id, "published_id": published, "is_redacted": is_changed})
        return published


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    return values.cast(kind) if isinstance(values, pa.Array) else pa.array(values, kind)


def _sha256_of_each(texts: pa.Array) -> list[str]:
    """Return the SHA-256 of the bytes of each text of a large string array."""
    return [hashlib.sha256(text.as_buffer()).hexdigest() for text in texts]


STAGE = Stage("redact_blobs", 1, plan, run, sections=("redact", "release"), versions=versions_of("pii"))
