"""The part of a chain that the release itself tells: what became of a blob after its origins were judged."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from stack_pipeline.inspection.explanation import PUBLISHED, UNKNOWN, Step
from stack_pipeline.inspection.published import Release
from stack_pipeline.reasons import Reason
from stack_pipeline.selection.blob_rules import BLOB_RULES

MAX_SPANS = 100
"""Places of redactions shown for one text; the count is always whole."""

_RULE_SETTINGS = {
    Reason.SIZE: ("max_size_bytes",),
    Reason.LONG_LINES: ("max_line_length", "max_mean_line_length"),
    Reason.FEW_ALPHANUMERICS: ("min_alphanumeric",),
    Reason.COMMENT_RATIO: ("min_comment_ratio", "max_comment_ratio"),
}
"""The keys of `[select]` that a blob rule compares with."""


@dataclass(frozen=True)
class BlobFate:
    """What the release says of a blob: its decision, and the steps that led there."""

    fate: str
    steps: tuple[Step, ...]


def blob_fate(release: Release, content_id: str) -> BlobFate:
    """Return what became of the blob that the release calls by an id.

    Args:
        release: The release.
        content_id: Published id; keyed for a blob that was redacted or left out.
    """
    decision = next(iter(release.rows("decisions", content_id)), None)
    if decision is None:
        return BlobFate(UNKNOWN, ())
    reason = decision["reason"]
    if reason == "kept":
        return BlobFate(PUBLISHED, _kept_steps(release, content_id))
    if decision["stage"] == "judge_origins":
        evidence = {"origins": "no origin of this blob passed the origin rules"}
        return BlobFate(reason, (Step("judge_origins", "dropped", reason, evidence),))
    if decision["stage"] == "filter_blobs":
        step = Step("filter_blobs", "dropped", reason, _rule_evidence(release, decision))
        return BlobFate(reason, (step,))
    verdict = "merged" if reason == Reason.EXACT_DUPLICATE else "dropped"
    return BlobFate(
        reason, (Step(decision["stage"], verdict, reason, _duplicate_evidence(release, decision)),)
    )


def published_as(release: Release, content_id: str) -> dict[str, Any]:
    """Return where a published row lies and what it is called, empty if no row has this id."""
    origins = release.rows("origins", content_id)
    origin = next((row for row in origins if row["is_representative"]), None)
    if origin is None:
        return {}
    place = release.place(content_id, origin["language"] or "unknown")
    shown = {"content_id": content_id, **(asdict(place) if place else {})}
    return {
        **shown,
        "repo_name": origin["repo_name"],
        "path": origin["path"],
        "revision_id": origin["revision_id"],
    }


def _rule_evidence(release: Release, decision: dict[str, Any]) -> dict[str, Any]:
    select = release.recipe.select
    settings = {key: getattr(select, key) for key in _RULE_SETTINGS.get(decision["reason"], ())}
    source = next((rule.source for rule in BLOB_RULES if rule.name == decision["rule"]), None)
    return {"rule": decision["rule"], "source": source, **settings}


def _duplicate_evidence(release: Release, decision: dict[str, Any]) -> dict[str, Any]:
    kept = decision["kept_content_id"]
    evidence = {
        "rule": decision["rule"],
        "similarity": decision["similarity"],
        "kept": published_as(release, kept),
    }
    if decision["reason"] == Reason.NEAR_DUPLICATE:
        evidence["threshold"] = release.recipe.near_dedup.threshold
    return evidence


def _kept_steps(release: Release, content_id: str) -> tuple[Step, ...]:
    clusters = release.rows_where(
        "clusters", "cluster", {content_id}, columns=["kind", "cluster", "content_id"]
    )
    members = Counter(row["kind"] for row in clusters if row["content_id"] != content_id)
    steps = [
        Step("exact_dedup", "kept", evidence={"other_blobs_of_this_text": members["exact"]}),
        Step("filter_blobs", "kept"),
    ]
    if release.recipe.near_dedup.enabled:
        steps.append(Step("near_dedup", "kept", evidence={"near_duplicates_it_stands_for": members["near"]}))
    steps.append(_redaction(release, content_id))
    steps.append(Step("publish", "published", evidence=published_as(release, content_id)))
    return tuple(steps)


def _redaction(release: Release, content_id: str) -> Step:
    if not release.recipe.redact.enabled:
        return Step("redact_blobs", "unchanged", evidence={"redaction": "switched off in the recipe"})
    spans = release.rows("redactions", content_id, columns=["start", "end", "kind", "detector"])
    if not spans:
        return Step("redact_blobs", "unchanged")
    kinds = dict(sorted(Counter(span["kind"] for span in spans).items()))
    evidence = {"spans": len(spans), "kinds": kinds, "places": spans[:MAX_SPANS]}
    return Step("redact_blobs", "redacted", evidence=evidence)
