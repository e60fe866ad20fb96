"""Show what a release holds: totals, languages, licences, reasons, samples, single rows."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Iterator
from typing import Any

from stack_pipeline.errors import UsageError
from stack_pipeline.files import language_slug
from stack_pipeline.inspection.published import UNKNOWN_LANGUAGE, Release, open_release
from stack_pipeline.storage import Storage

Row = dict[str, Any]

_CONTENT_ID = re.compile(r"[0-9a-fA-F]{40}")


def summary(release: Storage) -> list[Row]:
    """Return rows of `name` and `value`: root, key, counts of files, rows and bytes, notes.

    Raises:
        UsageError: If there is no release.
    """
    opened = open_release(release)
    manifest = opened.manifest
    rows = [
        ("root", opened.root),
        ("layout", ".".join(map(str, manifest["layout"]))),
        ("key", manifest["key"].get("id")),
        ("key_is_public", manifest["key"].get("public")),
        ("shards", len(opened.of("data"))),
        ("languages", len({part.slug for part in opened.of("data")})),
        ("files", _rows_of(opened, "data")),
        ("text_bytes", sum(row["bytes"] for row in _grouped(opened, ("language",)))),
        ("disk_bytes", sum(part.size_bytes for part in opened.parts)),
        *((kind, _rows_of(opened, kind)) for kind in ("origins", "repositories", "licenses", "redactions")),
        *sorted(manifest["notes"].items()),
    ]
    return [{"name": name, "value": value} for name, value in rows]


def _rows_of(release: Release, kind: str) -> int:
    return sum(part.rows for part in release.of(kind))


def languages(release: Storage) -> list[Row]:
    """Return a row per language with its shards, files and bytes of text, the largest first.

    Raises:
        UsageError: If there is no release.
    """
    opened = open_release(release)
    shards: dict[str | None, int] = {}
    for part in opened.of("data"):
        shards[part.slug] = shards.get(part.slug, 0) + 1
    rows = _grouped(opened, ("language",))
    return [{**row, "shards": shards.get(_slug(row["language"]), 0)} for row in rows]


def licenses(release: Storage) -> list[Row]:
    """Return a row per licence expression, with its type, status, files and bytes of text, the largest first.

    Raises:
        UsageError: If there is no release.
    """
    return _grouped(open_release(release), ("license_expression", "license_type", "license_status"))


def reasons(release: Storage) -> list[Row]:
    """Return the funnel: a row per stage and reason, in the order of the stages, with files and bytes.

    A stage's first row is what it took in, its last what it kept; `unit` says what it counts. Bytes are of
    originals until `judge_origins`, then of decoded texts.

    Raises:
        UsageError: If there is no release.
    """
    rows: list[Row] = []
    for stage in open_release(release).manifest["stages"]:
        told = [("in", stage["in"]), *sorted(stage["dropped"].items()), ("kept", stage["kept"])]
        for reason, (files, size) in told:
            rows.append(
                {
                    "stage": stage["stage"],
                    "unit": stage["unit"],
                    "reason": reason,
                    "files": files,
                    "bytes": size,
                }
            )
    return rows


def sample(release: Storage, *, rows: int, seed: int = 0, language: str | None = None) -> list[Row]:
    """Return training rows chosen by a hash of seed and id: the same each time, spread over the release.

    Args:
        release: Folder of the release.
        rows: How many; fewer where there are fewer.
        seed: Another seed, another sample.
        language: One of Linguist's names, in any letter case, or its folder's name; all by default.

    Raises:
        UsageError: If there is no release, or it has no such language, or `rows` is below 1.
    """
    opened = open_release(release)
    if rows < 1:
        raise UsageError(f"a sample has at least 1 row, not {rows}")
    slugs = None if language is None else {_slug_of(opened, language)}
    ranked = ((_rank(seed, content_id), content_id, slug) for content_id, slug in _ids(opened, slugs))
    chosen = heapq.nsmallest(rows, ranked)
    found = []
    for _, content_id, slug in chosen:
        parts = [part for part in opened.of("data") if part.slug == slug and part.holds(content_id)]
        found += opened.rows_in(parts, content_id)
    return found


def show(release: Storage, content_id: str) -> Row:
    """Return a training row with its `origins` and `redactions`.

    Args:
        release: Folder of the release.
        content_id: Published id, in any letter case.

    Raises:
        UsageError: If there is no release, the id is malformed, or no row has it.
    """
    opened = open_release(release)
    if not _CONTENT_ID.fullmatch(content_id):
        raise UsageError(
            "a content id has 40 hexadecimal digits", hint="stack-pipeline inspect RELEASE sample"
        )
    wanted = content_id.lower()
    origins = opened.rows("origins", wanted)
    language = next((row["language"] for row in origins if row["is_representative"]), None)
    slug = _slug(language or UNKNOWN_LANGUAGE)
    parts = [part for part in opened.of("data") if part.slug == slug and part.holds(wanted)]
    rows = opened.rows_in(parts, wanted) if origins else []
    if not rows:
        raise UsageError(
            f"no training row has the id {wanted}",
            hint="a redacted copy has another id; ask: stack-pipeline explain",
        )
    return {**rows[0], "origins": origins, "redactions": opened.rows("redactions", wanted)}


def _grouped(release: Release, columns: tuple[str, ...]) -> list[Row]:
    """Return files and bytes of text per value of some columns, the largest first."""
    totals: dict[tuple[Any, ...], list[int]] = {}
    for batch in release.batches("data", columns=[*columns, "length_bytes"]):
        grouped = batch.group_by(list(columns)).aggregate([("length_bytes", "sum"), ([], "count_all")])
        for row in grouped.to_pylist():
            total = totals.setdefault(tuple(row[name] for name in columns), [0, 0])
            total[0] += row["count_all"]
            total[1] += row["length_bytes_sum"]
    ordered = sorted(totals.items(), key=lambda item: (-item[1][1], tuple(map(str, item[0]))))
    return [{**dict(zip(columns, key, strict=True)), "files": n, "bytes": size} for key, (n, size) in ordered]


def _ids(release: Release, slugs: set[str] | None) -> Iterator[tuple[str, str]]:
    for part in release.of("data"):
        if part.slug is not None and (slugs is None or part.slug in slugs):
            for batch in release.batches_in(part, columns=["content_id"]):
                yield from ((content_id, part.slug) for content_id in batch["content_id"].to_pylist())


def _rank(seed: int, content_id: str) -> bytes:
    return hashlib.sha256(f"sample {seed} {content_id}".encode()).digest()


def _slug(language: str) -> str:
    return UNKNOWN_LANGUAGE if language == UNKNOWN_LANGUAGE else language_slug(language)


def _slug_of(release: Release, language: str) -> str:
    """Return the folder of a language that the release has.

    Raises:
        UsageError: If it has none, with a hint.
    """
    import difflib

    named = {part.slug: part.slug for part in release.of("data") if part.slug}
    for row in _grouped(release, ("language",)):
        named[row["language"].lower()] = _slug(row["language"])
    found = named.get(language.lower())
    if found is None:
        near = difflib.get_close_matches(language.lower(), list(named), n=1)
        hint = f"did you mean '{near[0]}'?" if near else "see: stack-pipeline inspect RELEASE languages"
        raise UsageError(f"the release has no language '{language}'"[:200], hint=hint)
    return found
