"""Explain why something is in a release, out of it, or changed: the chain of decisions with their evidence.

The release alone answers for what it publishes and says "not in this release" for the rest. The corpus that
it was made from answers for everything that was ever listed. Only the row groups that a question needs are
read.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from stack_pipeline.corpus import Corpus
from stack_pipeline.errors import UsageError
from stack_pipeline.files import decode
from stack_pipeline.inspection.explanation import UNKNOWN, Chain, Explanation, Step
from stack_pipeline.inspection.origin_chain import origin_chain, repository_steps
from stack_pipeline.inspection.private_record import PrivateRecord, private_record
from stack_pipeline.inspection.published import Release, open_release
from stack_pipeline.inspection.question import Question, parse_question
from stack_pipeline.inspection.release_chain import path_chains, published_chain, repository_answer
from stack_pipeline.inspection.repository_summary import repository_summary
from stack_pipeline.storage import Storage

NOT_IN_RELEASE = "not in this release"
OTHER_ID = "not in this release under this id; a redacted copy would have another"
NOT_IN_CORPUS = "neither this release nor its corpus knows it"
MAX_CHAINS = 20
"""Chains shown for one blob; a licence text can stand in every repository."""


def explain(release: Storage, what: str, *, corpus: Corpus | None = None) -> Explanation:
    """Return the decisions on a repository, a path, a content id or a local file.

    Args:
        release: Folder of the release.
        what: `owner/repo`, `owner/repo:path`, a content id (40 hexadecimal digits: published, or a git blob
            id), or a local file. Names match in any letter case and with their host too; with the corpus also
            former names.
        corpus: The corpus that the release was made from; without it, what is not published is "not in this
            release".

    Raises:
        UsageError: If there is no release, `what` is malformed, or the corpus is another one.
    """
    opened = open_release(release)
    question = parse_question(what)
    record = None if corpus is None else private_record(corpus, opened)
    if question.kind in ("repository", "path"):
        answer = _about_name(opened, question, record)
    elif question.kind == "id":
        answer = _about_id(opened, question.content_id, record)
    else:
        answer = _about_file(opened, question.file, record)
    return Explanation(what, question.kind, *answer)


_Answer = tuple[tuple[Chain, ...], tuple[dict[str, Any], ...], str | None]


def _about_name(release: Release, question: Question, record: PrivateRecord | None) -> _Answer:
    is_path = question.kind == "path"
    if record is None:
        if is_path:
            chains = path_chains(release, question.name, question.path)
            return chains, (), None if chains else NOT_IN_RELEASE
        chains, summary = repository_answer(release, question.name)
        return chains, summary, None if chains else NOT_IN_RELEASE
    repositories = record.named(question.name)
    if not repositories:
        return (), (), NOT_IN_CORPUS
    chains, summary = (), ()
    for repository in repositories:
        fate, steps = repository_steps(record, repository)
        if is_path and fate == "read":
            chains += tuple(_path_chains(record, repository, question.path))
            continue
        if fate == "read":
            summary += repository_summary(record, repository)
        chains += (Chain(repository["full_name"], fate, steps),)
    return chains, summary, None if chains else "this repository has no such path at the commit that was read"


def _path_chains(record: PrivateRecord, repository: dict[str, Any], path: bytes) -> list[Chain]:
    """Return a chain per entry of a repository under a path; display forms match too."""
    shown = path.decode("utf-8", "replace")
    found = []
    for batch in record.origins(repository):
        found += [row for row in batch.to_pylist() if row["path_bytes"] == path or row["path"] == shown]
    return [origin_chain(record, repository, origin) for origin in found]


def _about_id(release: Release, content_id: str, record: PrivateRecord | None) -> _Answer:
    if record is not None:
        origins = record.origins_of_blob(content_id)
        if not origins and (original := record.content_id_of(content_id)) is not None:
            origins = record.origins_of_blob(original)
        if origins:
            chains = tuple(origin_chain(record, *pair) for pair in origins[:MAX_CHAINS])
            more = len(origins) - MAX_CHAINS
            return chains, (), f"and {more} more origins of the same blob" if more > 0 else None
    chain = published_chain(release, content_id)
    if chain is not None:
        return (chain,), (), None
    return (), (), OTHER_ID if record is None else NOT_IN_CORPUS


def _about_file(release: Release, file: Path, record: PrivateRecord | None) -> _Answer:
    """Look for a file's bytes by their git id, then for its decoded text."""
    content_id, text_sha256, step = _hashed(file, release.recipe.ingest.max_file_bytes)
    chains, summary, note = _about_id(release, content_id, record)
    if not chains and text_sha256 is not None:
        others = record.content_ids_of_text(text_sha256) if record else _rows_of_text(release, text_sha256)
        answers = [_about_id(release, other, record) for other in others]
        chains = tuple(chain for answer in answers for chain in answer[0])
        note = None if chains else note
    if not chains:
        return (Chain(file.name, UNKNOWN, (step,)),), (), note
    return tuple(Chain(c.subject, c.fate, (step, *c.steps)) for c in chains), summary, note


def _hashed(file: Path, max_bytes: int) -> tuple[str, str | None, Step]:
    """Return the git blob id of a file, the digest of its text if it has one, and both as a step.

    Raises:
        UsageError: If the file cannot be read.
    """
    try:
        size = file.stat().st_size
        digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
        with file.open("rb") as stream:
            head = stream.read(max_bytes + 1)
            digest.update(head)
            while piece := stream.read(1 << 20):
                digest.update(piece)
    except OSError as error:
        raise UsageError(f"{file}: cannot read the file: {error.strerror}") from None
    decoded = decode(head) if len(head) <= max_bytes else None
    text = None if decoded is None else hashlib.sha256(decoded.text.encode()).hexdigest()
    content_id = digest.hexdigest()
    evidence = {"git_id": content_id, "size_bytes": size, "encoding": decoded.encoding if decoded else None}
    return content_id, text, Step("file", "hashed", None, evidence)


def _rows_of_text(release: Release, text_sha256: str) -> list[str]:
    """Return the ids of the published rows of a text, such as a copy saved from the release."""
    rows = release.rows_where("data", "content_sha256", {text_sha256}, columns=["content_id"])
    return sorted(row["content_id"] for row in rows)
