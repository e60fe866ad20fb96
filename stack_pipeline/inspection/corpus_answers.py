"""Answers that the corpus gives: for everything that was ever listed, with all names and evidence."""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc

from stack_pipeline.inspection.explanation import Answer, Chain
from stack_pipeline.inspection.origin_chain import origin_chain, repository_steps
from stack_pipeline.inspection.private_record import PrivateRecord
from stack_pipeline.inspection.question import Question
from stack_pipeline.inspection.release_chain import published_chain
from stack_pipeline.inspection.repository_summary import repository_summary

NOT_IN_CORPUS = "neither this release nor its corpus knows it"
NO_SUCH_PATH = "this repository has no such path at the commit that was read"
MAX_CHAINS = 20
"""Chains shown for one blob; a licence text can stand in every repository."""


def about_name(record: PrivateRecord, question: Question) -> Answer:
    """Answer for the repositories that have or had a name, or for a path in them."""
    repositories = record.named(question.name)
    if not repositories:
        return Answer(note=NOT_IN_CORPUS)
    chains: list[Chain] = []
    summary: list[dict[str, Any]] = []
    for repository in repositories:
        fate, steps = repository_steps(record, repository)
        if question.kind == "path" and fate == "read":
            chains += _path_chains(record, repository, question.path)
            continue
        chains.append(Chain(repository["full_name"], fate, steps))
        if fate == "read":
            summary += repository_summary(record, repository)
    return Answer(tuple(chains), tuple(summary), None if chains else NO_SUCH_PATH)


def about_id(record: PrivateRecord, content_id: str) -> Answer:
    """Answer for a git blob id, or for an id that the release shows."""
    origins = record.origins_of_blob(content_id)
    if not origins and (original := record.content_id_of(content_id)) is not None:
        origins = record.origins_of_blob(original)
    if origins:
        more = len(origins) - MAX_CHAINS
        chains = tuple(origin_chain(record, *pair) for pair in origins[:MAX_CHAINS])
        return Answer(chains, note=f"and {more} more origins of the same blob" if more > 0 else None)
    chain = published_chain(record.release, content_id)
    return Answer((chain,)) if chain is not None else Answer(note=NOT_IN_CORPUS)


def _path_chains(record: PrivateRecord, repository: dict[str, Any], path: bytes) -> list[Chain]:
    """Return a chain per entry of a repository under a path; display forms match too."""
    shown = path.decode("utf-8", "replace")
    chains: list[Chain] = []
    for batch in record.origins(repository):
        here = pc.or_(pc.equal(batch["path_bytes"], path), pc.equal(batch["path"], shown))
        chains += [origin_chain(record, repository, origin) for origin in batch.filter(here).to_pylist()]
    return chains
