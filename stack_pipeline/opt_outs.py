"""Opt-out decisions over the rows of a repositories table: the same function at ingest, at release and at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from optout import Decision, RepositoryFacts, Rules, decide

BlobHashes = Callable[[str], frozenset[bytes] | None]


def repository_facts(row: dict[str, Any]) -> RepositoryFacts:
    """Return what opt-out matching needs of a repositories row."""
    return RepositoryFacts(
        key=row["repository"],
        host=row["host"] or "local",
        full_name=row["full_name"],
        id=row["id"],
        owner_id=row["owner_id"],
        owner_login=row["owner_login"],
        previous_names=tuple(
            (name["full_name"], iso_date(name["since"]), iso_date(name["until"]))
            for name in row["previous_names"] or []
        ),
        fork=row["fork"],
        parent_id=row["parent_id"],
        parent_full_name=row["parent_full_name"],
        source_id=row["source_id"],
        source_full_name=row["source_full_name"],
        created_at=iso_date(row["created_at"]),
        pushed_at=iso_date(row["pushed_at"]),
        visit_date=iso_date(row["visit_date"]),
    )


def decide_repositories(
    rows: Iterable[dict[str, Any]], rules: Rules, blob_hashes: BlobHashes
) -> dict[str, Decision]:
    """Decide which repositories are opted out, by repository key.

    Args:
        rows: Rows of a repositories table; of several refs of one repository the first speaks for all.
        rules: The rules.
        blob_hashes: Keyed hashes of the blob ids of a repository's tree, None where unknown.
    """
    facts: dict[str, RepositoryFacts] = {}
    for row in rows:
        facts.setdefault(row["repository"], repository_facts(row))
    return decide(facts.values(), rules, blob_hashes=blob_hashes)


def iso_date(value: datetime | None) -> str | None:
    """Return a table's date as ISO 8601 in UTC."""
    return (
        None if value is None else value.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"
    )


def parse_date(text: str | None) -> datetime | None:
    """Read an ISO 8601 date as a listing or Git gives it; the inverse of `iso_date`. A date without a zone is UTC."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
