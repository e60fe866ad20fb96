"""Explain why something is in a release, out of it, or changed: the chain of decisions with their evidence.

The release alone answers for what it publishes and says "not in this release" for the rest. The corpus that
it was made from answers for everything that was ever listed. Only the row groups that a question needs are
read, and what the corpus needs is imported only with a corpus: an answer takes less time than the imports.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from stack_pipeline.errors import UsageError
from stack_pipeline.files import decode
from stack_pipeline.inspection.explanation import UNKNOWN, Answer, Chain, Explanation, Step
from stack_pipeline.inspection.published import Release, open_release
from stack_pipeline.inspection.question import Question, parse_question
from stack_pipeline.inspection.release_chain import path_chains, published_chain, repository_answer
from stack_pipeline.storage import Storage

if TYPE_CHECKING:
    from stack_pipeline.corpus import Corpus
    from stack_pipeline.inspection.private_record import PrivateRecord

NOT_IN_RELEASE = "not in this release"
OTHER_ID = "not in this release under this id; a redacted copy would have another"


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
    record = None
    if corpus is not None:
        from stack_pipeline.inspection.private_record import private_record

        record = private_record(corpus, opened)
    if question.kind == "file":
        answer = _about_file(opened, question.file, record)
    elif question.kind == "id":
        answer = _about_id(opened, question.content_id, record)
    else:
        answer = _about_name(opened, question, record)
    return Explanation(what, question.kind, answer.chains, answer.summary, answer.note)


def _about_name(release: Release, question: Question, record: PrivateRecord | None) -> Answer:
    if record is not None:
        from stack_pipeline.inspection import corpus_answers

        return corpus_answers.about_name(record, question)
    if question.kind == "path":
        answer = Answer(path_chains(release, question.name, question.path))
    else:
        answer = Answer(*repository_answer(release, question.name))
    return answer if answer.chains else Answer(note=NOT_IN_RELEASE)


def _about_id(release: Release, content_id: str, record: PrivateRecord | None) -> Answer:
    if record is not None:
        from stack_pipeline.inspection import corpus_answers

        return corpus_answers.about_id(record, content_id)
    chain = published_chain(release, content_id)
    return Answer((chain,)) if chain is not None else Answer(note=OTHER_ID)


def _about_file(release: Release, file: Path, record: PrivateRecord | None) -> Answer:
    """Look for a file's bytes by their git id, then for its decoded text."""
    content_id, text_sha256, step = _hashed(file, release.recipe.ingest.max_file_bytes)
    answer = _about_id(release, content_id, record)
    if not answer.chains and text_sha256 is not None:
        others = record.content_ids_of_text(text_sha256) if record else _rows_of_text(release, text_sha256)
        chains = tuple(chain for other in others for chain in _about_id(release, other, record).chains)
        answer = Answer(chains) if chains else answer
    if not answer.chains:
        return Answer((Chain(file.name, UNKNOWN, (step,)),), note=answer.note)
    chains = tuple(Chain(c.subject, c.fate, (step, *c.steps)) for c in answer.chains)
    return Answer(chains, answer.summary, answer.note)


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
