"""What `explain` answers: chains of decisions with their evidence."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

PUBLISHED = "published"
LISTED = "listed"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Step:
    """What one stage said.

    Attributes:
        stage: Name of the stage, such as `judge_origins`.
        verdict: `kept`, `dropped`, `merged`, `redacted`, `published` and the like.
        reason: Of `stack_pipeline.reasons.Reason`, or None.
        evidence: Plain values that JSON can hold; never a matched value.
    """

    stage: str
    verdict: str
    reason: str | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Chain:
    """The decisions on one subject, in the order of the stages.

    Attributes:
        subject: A repository, `owner/repo:path`, a content id or a file.
        fate: `published`; `listed` for an origin that stands beside a published row; `read` for a repository;
            `unknown`; or the reason why it is out.
        steps: The decisions.
    """

    subject: str
    fate: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Answer:
    """What is found: chains, files by fate, and what else is to say; see `Explanation`."""

    chains: tuple[Chain, ...] = ()
    summary: tuple[dict[str, Any], ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class Explanation:
    """The answer to one question.

    Attributes:
        what: The question, as asked.
        kind: `repository`, `path`, `id` or `file`.
        chains: A chain per subject that was found; empty if nothing was.
        summary: Of a repository: files and bytes by fate.
        note: What else is to say, in one line, or None.
    """

    what: str
    kind: str
    chains: tuple[Chain, ...] = ()
    summary: tuple[dict[str, Any], ...] = ()
    note: str | None = None

    def rows(self) -> list[dict[str, Any]]:
        """Return a row per step: subject, stage, verdict, reason, and the evidence as one line of JSON."""
        return [
            {
                "subject": chain.subject,
                "stage": step.stage,
                "verdict": step.verdict,
                "reason": step.reason,
                "evidence": json.dumps(step.evidence, sort_keys=True, ensure_ascii=False)
                if step.evidence
                else "",
            }
            for chain in self.chains
            for step in chain.steps
        ]

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "what": self.what,
            "kind": self.kind,
            "chains": [
                {
                    "subject": chain.subject,
                    "fate": chain.fate,
                    "steps": [
                        {"stage": s.stage, "verdict": s.verdict, "reason": s.reason, "evidence": s.evidence}
                        for s in chain.steps
                    ],
                }
                for chain in self.chains
            ],
            "summary": list(self.summary),
            "note": self.note,
        }
