"""The digest of all rules that shape a snapshot, as stands in each repositories row."""

from __future__ import annotations

from stack_pipeline.canonical import digest_of
from stack_pipeline.jobs import Job
from stack_pipeline.versions import ingest_versions


def rules_digest(job: Job) -> str:
    """Return the digest of the ingest recipe and of the rule versions."""
    return digest_of({"versions": ingest_versions(), "recipe": job.recipe_slice(("ingest",))})[:16]
