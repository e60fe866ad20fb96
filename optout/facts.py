"""What is known of a repository when an opt-out is decided."""

from __future__ import annotations

import dataclasses

from optout.dates import ANY_TIME, Interval, day_of, latest_day
from optout.names import fold_host, fold_name

DatedName = tuple[str, str | None, str | None]
"""A former full name with the days on which the repository took and lost it, or None where unknown."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RepositoryFacts:
    """One repository as a listing or a clone describes it; None is unknown.

    Attributes:
        key: What names the repository to the caller; unique among the repositories of one decision.
        host: Host name, such as `github.com`.
        full_name: `owner/name` at the visit, in any case.
        id: Numeric id that the host gave to the repository; it survives renames.
        owner_id: Numeric id that the host gave to the owner.
        owner_login: Name of the owner; what stands before the last slash of `full_name` when None.
        previous_names: Former full names with their dates.
        fork: Whether the host calls it a fork; with False, parent and source are ignored.
        parent_id: Numeric id of the repository it was forked from.
        parent_full_name: Name of that repository.
        source_id: Numeric id of the root of the fork network.
        source_full_name: Name of that root.
        created_at: When the repository was made (for a fork: when it was forked), ISO 8601 in UTC.
        pushed_at: When it was last pushed to, ISO 8601 in UTC.
        visit_date: When it was seen under `full_name`, ISO 8601 in UTC.
    """

    key: str
    host: str
    full_name: str
    id: int | None = None
    owner_id: int | None = None
    owner_login: str | None = None
    previous_names: tuple[DatedName, ...] = ()
    fork: bool | None = None
    parent_id: int | None = None
    parent_full_name: str | None = None
    source_id: int | None = None
    source_full_name: str | None = None
    created_at: str | None = None
    pushed_at: str | None = None
    visit_date: str | None = None

    def names(self) -> tuple[tuple[str, Interval], ...]:
        """Return every folded full name with the days on which the repository had it, the present one first.

        No name is older than the repository, and the present one begins when the last former one ended.
        """
        created = day_of(self.created_at)
        former = [
            (fold_name(name), _interval(latest_day([day_of(since), created]), day_of(until)))
            for name, since, until in self.previous_names
        ]
        present_since = latest_day([created, *(interval.until for _, interval in former)])
        present = (fold_name(self.full_name), _interval(present_since, day_of(self.visit_date)))
        return (present, *sorted(former, key=repr))

    def folded_host(self) -> str:
        """Return the host in normal form."""
        return fold_host(self.host)

    def folded_owner(self) -> str:
        """Return the present owner's name in normal form; empty when neither login nor full name tells it."""
        if self.owner_login:
            return fold_name(self.owner_login)
        return fold_name(self.full_name).rpartition("/")[0]


def _interval(since: str | None, until: str | None) -> Interval:
    """Make an interval; dates that contradict each other tell nothing."""
    if since is not None and until is not None and until < since:
        return ANY_TIME
    return Interval(since, until)
