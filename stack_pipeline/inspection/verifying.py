"""Verify a release: recompute every promise that it makes, reading each file row group by row group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pyarrow as pa

from stack_pipeline.corpus import Corpus
from stack_pipeline.errors import UsageError
from stack_pipeline.inspection.private_record import private_record
from stack_pipeline.inspection.published import Release, open_release
from stack_pipeline.inspection.verification.corpus_checks import CORPUS_CHECKS, corpus_checks
from stack_pipeline.inspection.verification.file_checks import CheckedFiles, check_files
from stack_pipeline.inspection.verification.findings import Check, Findings, unchecked
from stack_pipeline.inspection.verification.joined_checks import (
    JoinedChecks,
    merkle_check,
    pointer_check,
    reference_check,
)
from stack_pipeline.inspection.verification.manifest_checks import manifest_checks
from stack_pipeline.inspection.verification.row_checks import IdRanges, LogicalDigests, RowOrder, Watcher
from stack_pipeline.inspection.verification.text_checks import (
    GitIds,
    LineStatistics,
    PersonalData,
    RedactedPlaces,
    Selection,
    Texts,
)
from stack_pipeline.storage import Storage
from stack_pipeline.tables.parquet import iter_table

Progress = Callable[[str, int, int], None]
"""Called with the name of what was just done, how many steps are done, and how many there are."""

_JOINED = ("unique_ids", "kept_rows", "origins", "clusters", "redacted_rows", "similarities")
_OVER_TABLES: tuple[tuple[tuple[str, ...], tuple[str, ...], Callable[[Release], list[Check]]], ...] = (
    (
        _JOINED,
        ("data", "origins", "decisions", "clusters", "redactions"),
        lambda release: JoinedChecks(release).run(),
    ),
    (("pointers",), ("data", "decisions", "clusters"), lambda release: [pointer_check(release)]),
    (("references",), ("origins", "repositories", "licenses"), lambda release: [reference_check(release)]),
    (("merkle_roots",), ("data", "origins"), lambda release: [merkle_check(release)]),
)
"""Names of checks, the tables that they read, and the function that makes them."""


def verify(
    release: Storage, *, corpus: Corpus | None = None, progress: Progress | None = None
) -> list[Check]:
    """Recompute hashes, digests, counts, order, schemas and ids, and scan for personal data again.

    Args:
        release: Folder of the release.
        corpus: The corpus that the release was made from; with it, opt-outs and drops are decided anew.
        progress: Called after each file and each step.

    Returns:
        The checks in a fixed order. A check that rests on a damaged file, or on a corpus that was not given,
        has `passed` None.

    Raises:
        UsageError: If there is no release, or the corpus is another one.
    """
    opened = open_release(release)
    advance = _Steps(progress, 2 * len(opened.parts) + len(_OVER_TABLES) + 1)
    files = check_files(opened, advance=advance)
    unsound = files.unsound(opened)
    readable, watched = _watch(opened, files, unsound, advance)
    checks = [*manifest_checks(opened), *files.checks, readable, *watched]
    for names, kinds, make in _OVER_TABLES:
        checks += _unless_unsound(names, kinds, unsound, partial(make, opened))
        advance(names[0])
    checks += _with_corpus(opened, corpus, unsound)
    advance("corpus")
    return checks


def _with_corpus(release: Release, corpus: Corpus | None, unsound: dict[str, str]) -> list[Check]:
    """Make the checks that need the corpus, or say why not."""
    names = ("corpus_record", *CORPUS_CHECKS)
    if corpus is None:
        return [unchecked(name, "needs the corpus that the release was made from") for name in names]
    try:
        record = private_record(corpus, release)
    except UsageError as error:
        return [
            Check(names[0], False, error.message),
            *(unchecked(name, "another corpus") for name in CORPUS_CHECKS),
        ]
    known = Check(names[0], True, "the corpus has the key and a record of this root")
    needed = ("data", "origins", "redactions")
    return [known, *_unless_unsound(CORPUS_CHECKS, needed, unsound, lambda: corpus_checks(record))]


class _Steps:
    """Count steps for whoever shows progress."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def __call__(self, name: str) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(name, self._done, self._total)


def _watch(
    release: Release, files: CheckedFiles, unsound: dict[str, str], advance: _Steps
) -> tuple[Check, list[Check]]:
    """Read every sound file once; what cannot be read after all joins the unsound."""
    readable = Findings("readable", "every row group can be read")
    digests = LogicalDigests()
    watchers: list[Watcher] = [
        digests,
        RowOrder(),
        IdRanges(release),
        Texts(),
        LineStatistics(),
        GitIds(release),
    ]
    watchers += [RedactedPlaces(release), Selection(release), PersonalData(release)]
    # Training rows come last: their watchers look into other tables, which must be known to be readable.
    for part in sorted(files.sound, key=lambda part: part.kind == "data"):
        digests.start(part)
        seeing = [
            w for w in watchers if part.kind in w.kinds and not any(kind in unsound for kind in w.beside)
        ]
        try:
            for batch in iter_table(release.storage, part.name):
                batch.validate(full=True)
                for watcher in seeing:
                    watcher.see(part, batch)
        except (pa.ArrowException, OSError):
            readable.add(f"{part.name}: a row group cannot be read")
            unsound.setdefault(part.kind, part.name)
            digests.forget(part)
        advance(part.name)
    return readable.check(), [
        _weighed(watcher.check(), (*watcher.kinds, *watcher.beside), unsound) for watcher in watchers
    ]


def _unless_unsound(
    names: Sequence[str], kinds: Sequence[str], unsound: dict[str, str], make: Callable[[], list[Check]]
) -> list[Check]:
    """Make checks over whole tables, or none if a part of one of them cannot be read."""
    damaged = next((unsound[kind] for kind in kinds if kind in unsound), None)
    if damaged is not None:
        return [unchecked(name, f"{damaged} is damaged") for name in names]
    return make()


def _weighed(check: Check, kinds: Sequence[str], unsound: dict[str, str]) -> Check:
    """A check that found nothing did not pass if it could not see everything."""
    damaged = next((unsound[kind] for kind in kinds if kind in unsound), None)
    return unchecked(check.name, f"{damaged} is damaged") if damaged is not None and check.passed else check
