"""What is known of a repository before it is read: where it lies, which it is, and its metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

DEFAULT_HOST = "github.com"

Identity = Literal["listed", "claimed", "local"]
"""Who says which repository it is: a listing (trusted), the URL in a clone's config, or only its folder."""

_NAME_PART = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}\.)*[a-z0-9-]{0,62}[a-z0-9]")
_MAX_HOST_LENGTH = 253
_MAX_NAME_PARTS = 20


@dataclass(frozen=True)
class PreviousName:
    """A name that a repository had, from `since` (inclusive) to `until` (exclusive); None is unknown.

    Dates are `YYYY-MM-DDTHH:MM:SSZ`.
    """

    full_name: str
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, kw_only=True)
class Repository:
    """One repository to be read. Dates are `YYYY-MM-DDTHH:MM:SSZ`; None is unknown.

    Attributes:
        location: Path of the work tree, bare clone or mirror on this machine. Never published.
        key: `<host>/id/<id>`, `<host>/name/<lower-cased full name>` or `local/<path below the source>`.
        identity: Who says so.
        full_name: `owner/name`; without a listing or a claim `local/<path below the source>`,
            percent-encoded.
        ref: Requested branch, tag or full reference name.
        commit: Commit to be read, in hex: the requested one, or after planning the one found.
        problem: Value of a `Reason` for which it is not read; None when nothing is known against it.
        problem_detail: One word that narrows `problem`, such as "alternates".
    """

    location: str
    key: str
    identity: Identity
    full_name: str
    host: str | None = None
    id: int | None = None
    ref: str | None = None
    commit: str | None = None
    owner_id: int | None = None
    owner_login: str | None = None
    default_branch: str | None = None
    fork: bool | None = None
    parent_id: int | None = None
    parent_full_name: str | None = None
    source_id: int | None = None
    source_full_name: str | None = None
    stars: int | None = None
    forks: int | None = None
    license_spdx_id: str | None = None
    created_at: str | None = None
    pushed_at: str | None = None
    archived: bool | None = None
    private: bool | None = None
    visit_date: str | None = None
    previous_names: tuple[PreviousName, ...] = ()
    problem: str | None = None
    problem_detail: str | None = None

    @property
    def owner(self) -> str:
        """The part of `full_name` before the first slash; "local" where nothing better is known."""
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        """The part of `full_name` after the first slash."""
        return self.full_name.partition("/")[2]


def repository_key(*, host: str, id: int | None, full_name: str) -> str:
    """Return the key of a repository that has a host.

    Examples:
        >>> repository_key(host="github.com", id=None, full_name="Redis/redis")
        'github.com/name/redis/redis'
    """
    return f"{host}/name/{full_name.lower()}" if id is None else f"{host}/id/{id}"


def is_full_name(text: str, *, host: str | None) -> bool:
    """Tell whether `text` is `owner/name` in the letters that hosts allow; groups may nest outside GitHub.

    Examples:
        >>> is_full_name("torvalds/linux", host="github.com"), is_full_name("a/../b", host="gitlab.com")
        (True, False)
    """
    parts = text.split("/")
    if len(parts) < 2 or len(parts) > (2 if host in (None, DEFAULT_HOST) else _MAX_NAME_PARTS):
        return False
    return all(_NAME_PART.fullmatch(part) is not None and part not in (".", "..") for part in parts)


def is_host(text: str) -> bool:
    """Tell whether `text` is a lower-case host name with a dot, without port or user.

    Examples:
        >>> is_host("github.com"), is_host("user@github.com"), is_host("work-alias")
        (True, False, False)
    """
    return "." in text and len(text) <= _MAX_HOST_LENGTH and _HOST.fullmatch(text) is not None
