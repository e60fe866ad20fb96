"""Bring every table to published ids and published names, a range of content ids at a time."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.reasons import Reason
from stack_pipeline.release.publishing import Publisher
from stack_pipeline.release.take_view import range_tasks, snapshot_files, task_bounds
from stack_pipeline.release.work_tables import (
    BLOB_DROPS,
    JUDGED_ORIGINS,
    NAME_ROWS,
    NEAR_CLUSTERS,
)
from stack_pipeline.selection.origin_rules import ORIGIN_RULES
from stack_pipeline.sources import display_path
from stack_pipeline.tables.schema import CLUSTERS, DECISIONS, LICENSES, RELEASE_ORIGINS
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of

KEPT = "kept"


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids."""
    inputs = [
        *finished.files("take_view", "view"),
        *finished.files("judge_origins", "origins"),
        *(
            ref
            for stage in ("exact_dedup", "filter_blobs", "redact_blobs")
            for ref in finished.files(stage, "drops")
        ),
        *finished.files("choose_representatives", "clusters"),
        *finished.files("redact_blobs", "ids"),
        *snapshot_files(job, "licenses"),
    ]
    return range_tasks("name_rows", finished, inputs)


def run(context: TaskContext) -> None:
    """Write origins, decisions, clusters and names under published ids."""
    bounds = task_bounds(context)
    drops = context.read_all(
        context.task.files("drops"), BLOB_DROPS, key="content_id", bounds=bounds
    ).to_pylist()
    origins = context.read_all(
        context.task.files("origins"), JUDGED_ORIGINS, key="content_id", bounds=bounds
    ).to_pylist()
    merged = {row["content_id"]: row["kept_content_id"] for row in drops if row["stage"] == "exact_dedup"}
    near = context.read_all(
        context.task.files("clusters"), NEAR_CLUSTERS, key="content_id", bounds=bounds
    ).to_pylist()
    heads = _exact_heads(context, bounds)
    fates = _fates(context, set(merged.values()))
    namer = _Namer(
        context,
        {
            *(row["content_id"] for row in (*origins, *drops, *near)),
            *(row["kept_content_id"] for row in (*drops, *fates.values())),
            *(row["representative"] for row in near),
            *heads,
        },
    )
    published, names = _origins_and_names(namer, origins, merged)
    for kind, schema, rows, order in (
        ("origins", RELEASE_ORIGINS, published, ("content_id", "repository_id", "revision_id", "path_bytes")),
        ("decisions", DECISIONS, _decisions(namer, origins, drops, fates), ("content_id",)),
        ("clusters", CLUSTERS, _clusters(namer, near, heads, merged), ("content_id", "kind")),
        ("names", NAME_ROWS, names, ("content_id",)),
    ):
        table = pa.Table.from_pylist(rows, schema=schema)
        context.write(kind, schema, table.sort_by([(name, "ascending") for name in order]))


def _origins_and_names(
    namer: _Namer, origins: list[dict[str, Any]], merged: dict[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the published origins of kept texts, and what each representative gives to its training row."""
    published: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for row in origins:
        kept = merged.get(row["content_id"], row["content_id"])
        if namer.is_published(kept) and row["drop_reason"] != Reason.OPTED_OUT:
            represents = row["is_representative"] and kept == row["content_id"]
            published.append(namer.origin(row, kept, represents))
            if represents:
                names.append(namer.names(row, published[-1]))
    return published, names


def _decisions(
    namer: _Namer,
    origins: list[dict[str, Any]],
    drops: list[dict[str, Any]],
    fates: dict[str, dict[str, Any]],
) -> list[dict[str, Any]]:
    """Return a decision per blob; blobs that only opted-out origins hold are counted, not listed."""
    judged: dict[str, str | None] = {}
    for row in origins:
        before = judged.setdefault(row["content_id"], row["drop_reason"])
        judged[row["content_id"]] = min(before, row["drop_reason"], key=_distance)
    decided = {row["content_id"] for row in drops}
    return [
        *(namer.drop(_with_fate(row, fates)) for row in drops),
        *(
            namer.decision(content_id, reason)
            for content_id, reason in judged.items()
            if content_id not in decided and reason != Reason.OPTED_OUT
        ),
    ]


def _clusters(
    namer: _Namer, near: list[dict[str, Any]], heads: list[str], merged: dict[str, str]
) -> list[dict[str, Any]]:
    """Return the members of clusters that lie in this range."""
    exact = [(member, kept) for member, kept in sorted(merged.items()) if namer.is_published(kept)]
    return [
        *(namer.near_cluster(row) for row in near),
        *(namer.member("exact", *pair, 1.0) for pair in exact),
        *(namer.member("exact", kept, kept, 1.0) for kept in heads if namer.is_published(kept)),
    ]


def _fates(context: TaskContext, wanted: set[str]) -> dict[str, dict[str, Any]]:
    """Return what became of blobs that stood for others, where a later stage dropped them."""
    ids = pa.array(sorted(wanted), pa.string())
    drops = context.read_all(context.task.files("drops"), BLOB_DROPS)
    found = drops.filter(pc.is_in(drops["content_id"], value_set=ids))
    return {row["content_id"]: row for row in found.to_pylist()}


def _exact_heads(context: TaskContext, bounds: tuple[str, str]) -> list[str]:
    """Return the blobs of this range that stand for exact duplicates, wherever those lie."""
    drops = context.read_all(context.task.files("drops"), BLOB_DROPS, columns=["stage", "kept_content_id"])
    kept = drops.filter(pc.equal(drops["stage"], "exact_dedup"))["kept_content_id"].unique().to_pylist()
    low, high = bounds
    return sorted(name for name in kept if name >= low and (not high or name < high))


def _with_fate(row: dict[str, Any], fates: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Give an exact duplicate the fate of the blob that stood for it: the same text ends in the same place."""
    fate = fates.get(row["kept_content_id"]) if row["stage"] == "exact_dedup" else None
    return row if fate is None else {**fate, "content_id": row["content_id"]}


_RULE_ORDER = {str(rule.reason): number for number, rule in enumerate(ORIGIN_RULES)}


def _distance(reason: str | None) -> int:
    """Return how far from being kept an origin was: the last rule is nearest, an opt-out farthest."""
    return -1 if reason is None else len(ORIGIN_RULES) - _RULE_ORDER.get(reason, -1)


class _Namer:
    """Published ids and names of one release.

    Args:
        context: The task.
        content_ids: The blobs that are asked for, and perhaps a null.
    """

    def __init__(self, context: TaskContext, content_ids: set[str | None]) -> None:
        self._publisher = Publisher(context.job.recipe, context.job.keys())
        (view,) = context.task.files("view")
        self._view = {(row["repository"], row["ref"] or ""): row for row in context.read(view).to_pylist()}
        self._license_ids = self._published_licenses(context)
        wanted = pa.array([name for name in content_ids if name is not None], pa.string())
        self._ids: dict[str, str] = {}
        for ref in context.task.files("ids"):
            for table in context.iter(ref, columns=["content_id", "published_id"]):
                ids = table.filter(pc.is_in(table["content_id"], value_set=wanted))
                self._ids |= zip(ids["content_id"].to_pylist(), ids["published_id"].to_pylist(), strict=True)

    def _published_licenses(self, context: TaskContext) -> dict[str, str]:
        """Map the ids of licence texts to published ones: keyed where the text is published redacted."""
        texts = context.read_all(context.task.files("licenses"), LICENSES, columns=["id", "text"])
        return {
            row["id"]: self._publisher.license_id(
                row["id"], is_redacted=self._publisher.notice(row["text"]) != row["text"]
            )
            for row in texts.to_pylist()
        }

    def is_published(self, content_id: str) -> bool:
        return content_id in self._ids

    def id_of(self, content_id: str) -> str:
        """Return the published id of any blob, kept or not."""
        found = self._ids.get(content_id)
        return found or self._publisher.published_id(content_id, is_published_as_is=False)

    def origin(self, row: dict[str, Any], kept: str, is_representative: bool) -> dict[str, Any]:
        """Return the published row of an origin."""
        repository = self._view[row["repository"], row["ref"] or ""]
        path, redacted = self._publisher.path(row["path_bytes"])
        shown, lossy = display_path(path)
        return {
            "content_id": self.id_of(kept),
            "repository_id": published_repository_id(self._publisher, row["repository"]),
            "repo_name": self._publisher.name(repository["full_name"]),
            "revision_id": row["commit"],
            "path_bytes": path,
            "path": shown,
            "path_is_lossy": lossy,
            "path_redacted": redacted,
            "language": row["language"],
            "is_vendor": row["is_vendored"],
            "is_generated": row["is_generated"],
            "license_type": row["license_type"],
            "license_expression": row["license_expression"],
            "license_status": row["license_status"],
            "license_source": row["license_source"],
            "license_path": self._shown_path(row["license_path"]),
            "detected_licenses": row["detected_licenses"],
            "license_text_ids": [self._license_ids[identity] for identity in row["license_text_ids"] or ()],
            "is_representative": is_representative,
        }

    def _shown_path(self, path: bytes | None) -> str | None:
        return None if path is None else display_path(self._publisher.path(path)[0])[0]

    def names(self, row: dict[str, Any], origin: dict[str, Any]) -> dict[str, Any]:
        """Return what a representative gives to its training row."""
        repository = self._view[row["repository"], row["ref"] or ""]
        filename = origin["path"].rsplit("/", 1)[-1]
        _, dot, extension = filename.rpartition(".")
        return {
            **{name: origin[name] for name in NAME_ROWS.names if name in origin},
            "filename": filename,
            "extension": extension if dot else "",
            "branch_name": self._publisher.name(repository["branch"]),
            "visit_date": repository["visit_date"],
            "revision_date": repository["commit_date"],
            "committer_date": repository["commit_date"],
            "github_id": repository["id"],
            "star_events_count": repository["stars"],
            "fork_events_count": repository["forks"],
            "gha_license_id": repository["license_spdx_id"],
            "gha_created_at": repository["created_at"],
        }

    def drop(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the decision on a blob that a blob stage dropped."""
        kept = row["kept_content_id"]
        return {
            "content_id": self.id_of(row["content_id"]),
            "stage": row["stage"],
            "reason": row["reason"],
            "kept_content_id": None if kept is None else self.id_of(kept),
            "similarity": row["similarity"],
            "rule": row["rule"],
        }

    def decision(self, content_id: str, reason: str | None) -> dict[str, Any]:
        """Return the decision on a blob that was kept, or that no origin carried past the origin rules."""
        stage = "publish" if reason is None else "judge_origins"
        return {"content_id": self.id_of(content_id), "stage": stage, "reason": reason or KEPT}

    def near_cluster(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a member of a near-duplicate cluster."""
        return self.member("near", row["content_id"], row["representative"], row["similarity"])

    def member(self, kind: str, member: str, kept: str, similarity: float) -> dict[str, Any]:
        """Return a row of the clusters table."""
        representative = self.id_of(kept)
        return {
            "kind": kind,
            "cluster": representative,
            "content_id": self.id_of(member),
            "representative": representative,
            "similarity": similarity,
        }


def published_repository_id(publisher: Publisher, repository: str) -> str:
    """Return the id of a repository in a release: its identity, redacted as a name."""
    shown = publisher.name(repository)
    assert shown is not None
    return shown


STAGE = Stage("name_rows", 1, plan, run, sections=("redact", "release"), versions=versions_of("pii"))
