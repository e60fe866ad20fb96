"""The chain of an origin or a repository as the corpus knows it, with all names and evidence."""

from __future__ import annotations

from typing import Any

from optout import Decision, Rules
from stack_pipeline.inspection.blob_chain import blob_fate
from stack_pipeline.inspection.evidence import license_evidence
from stack_pipeline.inspection.explanation import LISTED, PUBLISHED, Chain, Step
from stack_pipeline.inspection.private_record import PrivateRecord
from stack_pipeline.opt_outs import iso_date
from stack_pipeline.reasons import READ_BUT_NOT_STORED, Reason
from stack_pipeline.selection.origin_rules import ORIGIN_RULES

Row = dict[str, Any]


def origin_subject(repository: Row, origin: Row) -> str:
    """Return how an origin is shown: `owner/repo:path`, with the ref where one was asked for."""
    ref = f"@{repository['ref']}" if repository["ref"] else ""
    return f"{repository['full_name']}{ref}:{origin['path']}"


def origin_chain(record: PrivateRecord, repository: Row, origin: Row) -> Chain:
    """Return the decisions on one entry of one repository of the view."""
    subject = origin_subject(repository, origin)
    reason = origin["reason"]
    if reason is not None and reason not in READ_BUT_NOT_STORED:
        return Chain(subject, reason, (_read_step(origin, "dropped"),))
    steps = [_read_step(origin, "kept" if reason is None else "not stored")]
    judged = _judged(record, repository, origin)
    if judged is None:
        return Chain(subject, "unknown", tuple(steps))
    steps.append(_judge_step(judged, repository))
    if judged["drop_reason"] == Reason.OPTED_OUT:
        return Chain(subject, str(Reason.OPTED_OUT), tuple(steps))
    published_id, is_kept = record.published_id(origin["content_id"])
    blob = blob_fate(record.release, published_id)
    passed = judged["drop_reason"] is None
    if not passed and blob.fate != PUBLISHED:
        return Chain(subject, judged["drop_reason"], tuple(steps))
    if not (is_kept and judged["is_representative"]) and blob.fate in (PUBLISHED, Reason.EXACT_DUPLICATE):
        steps.append(_beside_step(blob.steps[-1].evidence, passed=passed))
        return Chain(subject, str(Reason.EXACT_DUPLICATE) if passed else LISTED, tuple(steps))
    return Chain(subject, blob.fate, (*steps, *blob.steps))


def _judged(record: PrivateRecord, repository: Row, origin: Row) -> Row | None:
    """Return what the release said of an entry."""
    keys = ("repository", "commit", "entry_index")
    wanted = (*(origin[key] for key in keys), repository["ref"])
    for batch in record.judged(content_id=origin["content_id"]):
        for row in batch.to_pylist():
            if (*(row[key] for key in keys), row["ref"]) == wanted:
                return dict(row)
    return None


def _read_step(origin: Row, verdict: str) -> Step:
    evidence = {
        "commit": origin["commit"],
        "git_id": origin["content_id"],
        "mode": f"{origin['mode']:06o}",
        "size_bytes": origin["size_bytes"],
    }
    if origin["license_status"] is not None:
        evidence |= {"language": origin["language"], "license": license_evidence(origin)}
        evidence |= {key: origin[key] for key in ("is_vendored", "is_generated", "is_minified")}
    return Step("ingest", verdict, origin["reason"], evidence)


def _judge_step(judged: Row, repository: Row) -> Step:
    reason = judged["drop_reason"]
    if reason is None:
        return Step("judge_origins", "kept", evidence={"license_type": judged["license_type"]})
    if reason == Reason.OPTED_OUT:
        return Step("judge_origins", "dropped", reason, {"opt_out": judged["drop_rule"]})
    source = next((rule.source for rule in ORIGIN_RULES if rule.name == judged["drop_rule"]), None)
    evidence = {"rule": judged["drop_rule"], "source": source, "license_type": judged["license_type"]}
    if reason == Reason.FEW_STARS:
        evidence["stars"] = repository["stars"]
    return Step("judge_origins", "dropped", reason, evidence)


def _beside_step(row: dict[str, Any], *, passed: bool) -> Step:
    """Return the step of an origin whose text is published under another origin's name."""
    kept = row.get("kept", row)
    if passed:
        evidence = {"because": "another origin of the same text was elected", "kept": kept}
        return Step("exact_dedup", "merged", str(Reason.EXACT_DUPLICATE), evidence)
    evidence = {"because": "another origin of the same text passed all rules", "kept": kept}
    return Step("publish", "listed beside the published row", None, evidence)


def repository_steps(record: PrivateRecord, repository: Row) -> tuple[str, tuple[Step, ...]]:
    """Return the fate of a repository as a whole, and the decisions on it."""
    evidence = {
        key: repository[key] for key in ("repository", "identity", "ref", "branch", "commit", "snapshot")
    }
    evidence |= {"commit_date": iso_date(repository["commit_date"]), "entries": repository["entries"]}
    detail = {"detail": repository["reason_detail"]} if repository["reason_detail"] else {}
    verdict = {"read": "read", "withheld": "not read"}.get(repository["status"], "dropped")
    steps = [Step("ingest", verdict, repository["reason"], {**evidence, **detail})]
    decision = record.decisions[repository["repository"]]
    steps.append(_opt_out_step(decision, record.rules, dropped=repository["status"] == "dropped"))
    if decision.opted_out or repository["status"] == "withheld":
        return str(Reason.OPTED_OUT), tuple(steps)
    return repository["reason"] or "read", tuple(steps)


def _opt_out_step(decision: Decision, rules: Rules | None, *, dropped: bool) -> Step:
    if rules is None:
        return Step(
            "take_view", "not decided again", None, {"because": "the corpus has lost its copy of the rules"}
        )
    evidence: dict[str, Any] = {"opt_out": decision.reason, "note": decision.note} if decision.note else {}
    if decision.rule is not None:
        rule = rules.rules[decision.rule]
        evidence |= {"scope": rule.scope, "forks": rule.forks, "rule_id": rule.reference}
    if decision.unchecked:
        evidence["unchecked_fork"] = True
    if decision.divergent:
        evidence["divergent_fork"] = True
    if decision.opted_out:
        return Step("take_view", "dropped", str(Reason.OPTED_OUT), evidence)
    return Step("take_view", "dropped" if dropped else "kept", None, evidence)
