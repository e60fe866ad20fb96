"""Name the versions of all rules that shape a snapshot."""

from __future__ import annotations

from stack_pipeline.canonical import digest_of
from stack_pipeline.jobs import Job

INGEST_RULES_VERSION = "1"


def rule_versions() -> dict[str, str]:
    """Return the versions of what decides at ingest, by name."""
    from stack_pipeline.files import FILE_RULES_VERSION
    from stack_pipeline.licenses import LICENSE_RULES_VERSION

    return {
        "ingest": INGEST_RULES_VERSION,
        "files": FILE_RULES_VERSION,
        "licenses": str(LICENSE_RULES_VERSION),
    }


def rules_digest(job: Job) -> str:
    """Return the digest of the ingest recipe and rule versions, as stands in each repositories row."""
    return digest_of({"versions": rule_versions(), "recipe": job.recipe_slice(("ingest",))})[:16]
