"""Turn one row of a listing into a `Repository`: GitHub's own field names, checked types, one-line errors.

Nested objects (`owner: {login: …}`) and dotted names (`owner.login`) mean the same. Fields that are not known
are passed over: GitHub's API gives more than a hundred.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from stack_pipeline.errors import UsageError
from stack_pipeline.sources.dates import utc_seconds
from stack_pipeline.sources.references import is_reference_name
from stack_pipeline.sources.repository import (
    DEFAULT_HOST,
    PreviousName,
    Repository,
    is_full_name,
    is_host,
    repository_key,
)

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_MAX_INTEGER = 2**63 - 1
_MAX_SHOWN = 60
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_INTEGER = re.compile(r"[0-9]{1,19}")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Row:
    """One row with the place it came from.

    Attributes:
        fields: Values by field name, nested or dotted.
        where: `<file>:<row>` for errors.
        is_text: All values are text (CSV): an empty one is None, numbers and flags are parsed.
    """

    fields: Mapping[str, object]
    where: str
    is_text: bool = False

    def error(self, field: str, problem: str, *, hint: str | None = None) -> UsageError:
        """Return the error of a field."""
        return UsageError(f"{self.where}: field '{field}': {problem}", hint=hint)

    def value(self, field: str) -> object:
        """Return a value by its dotted name, or None if it or an object on the way is absent or null."""
        if field in self.fields:
            found = self.fields[field]
            return None if self.is_text and isinstance(found, str) and not found.strip() else found
        outer, dot, inner = field.partition(".")
        if not dot or (nested := self.value(outer)) is None:
            return None
        if not isinstance(nested, Mapping):
            raise self.error(outer, f"an object expected, got {_shown(nested)}", hint=f"give it as '{field}'")
        return nested.get(inner)

    def text(self, field: str) -> str | None:
        """Return a text, or None."""
        value = self.value(field)
        if value is None or (isinstance(value, str) and _CONTROL.search(value) is None):
            return value
        raise self.error(field, f"a text on one line expected, got {_shown(value)}")

    def integer(self, field: str, *, at_least: int = 0) -> int | None:
        """Return an integer up to 2**63 - 1, or None."""
        value = self.value(field)
        if self.is_text and isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
            value = int(value)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not at_least <= value <= _MAX_INTEGER:
            raise self.error(field, f"an integer of at least {at_least} expected, got {_shown(value)}")
        return value

    def flag(self, field: str) -> bool | None:
        """Return true or false, or None."""
        value = self.value(field)
        if self.is_text and isinstance(value, str):
            value = _FLAGS.get(value.strip().lower(), value)
        if value is None or isinstance(value, bool):
            return value
        raise self.error(field, f"true or false expected, got {_shown(value)}")

    def date(self, field: str) -> str | None:
        """Return a date as `YYYY-MM-DDTHH:MM:SSZ`, or None."""
        value = self.value(field)
        if value is None:
            return None
        with suppress(ValueError):
            if isinstance(value, str | datetime):
                return utc_seconds(value)
        raise self.error(
            field,
            f"a date in ISO 8601 expected, got {_shown(value)}",
            hint="write it as 2024-03-01T08:00:00Z",
        )

    def full_name(self, field: str, *, host: str | None) -> str | None:
        """Return a repository's name, or None."""
        value = self.text(field)
        if value is not None and not is_full_name(value, host=host):
            raise self.error(
                field,
                f"'owner/name' expected, got {_shown(value)}",
                hint="letters, digits and -._ are allowed",
            )
        return value


def repository_of(row: Row, *, folder: Path) -> Repository:
    """Return the repository that a row lists.

    Without `id` and `full_name` the row gives no identity: `identity` is "local" and `key` is made of the
    path, until the clone itself claims one.

    Args:
        row: The row.
        folder: The listing's folder, which `path` is relative to.

    Raises:
        UsageError: If a field is missing or has a wrong type or form.
    """
    path = row.text("path")
    if not path:
        raise row.error(
            "path", "missing", hint="each row needs the path of a clone, relative to the listing's folder"
        )
    id, host = row.integer("id", at_least=1), row.text("host")
    named = row.text("full_name") is not None or id is not None
    host = (host or DEFAULT_HOST).lower() if named else None
    if host is not None and not is_host(host):
        raise row.error("host", f"a host such as {DEFAULT_HOST} expected, got {_shown(host)}")
    full_name = row.full_name("full_name", host=host)
    if id is not None and full_name is None:
        raise row.error(
            "full_name", "missing beside 'id'", hint="give the name that the repository has today"
        )
    local_key = local_name(path)
    return Repository(
        location=str((folder / path).absolute()),
        key=repository_key(host=host, id=id, full_name=full_name) if host and full_name else local_key,
        identity="listed" if host else "local",
        full_name=full_name or local_key,
        host=host,
        id=id,
        ref=_ref(row),
        commit=_commit(row),
        owner_id=row.integer("owner.id", at_least=1),
        owner_login=row.text("owner.login"),
        default_branch=row.text("default_branch"),
        fork=row.flag("fork"),
        parent_id=row.integer("parent.id", at_least=1),
        parent_full_name=row.full_name("parent.full_name", host=host),
        source_id=row.integer("source.id", at_least=1),
        source_full_name=row.full_name("source.full_name", host=host),
        stars=row.integer("stargazers_count"),
        forks=row.integer("forks_count"),
        license_spdx_id=row.text("license.spdx_id"),
        created_at=row.date("created_at"),
        pushed_at=row.date("pushed_at"),
        archived=row.flag("archived"),
        private=row.flag("private"),
        visit_date=row.date("visit_date"),
        previous_names=_previous_names(row, host=host),
    )


def local_name(path: str) -> str:
    """Return the key of a repository that has only a path: `local/…`, percent-encoded, without a final
    `.git`.

    Of a path that does not lie below the source (absolute, or with `..`) only the last name is shown.

    Examples:
        >>> local_name("clones/redis+redis.git"), local_name("a b")
        ('local/clones/redis+redis', 'local/a%20b')
    """
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or ".." in parts:
        parts = parts[-1:]
    joined = "/".join(parts)
    shortened = joined.removesuffix(".git").rstrip("/") or joined
    return "local/" + quote(shortened, safe="/+@=,", errors="surrogateescape")


def _ref(row: Row) -> str | None:
    ref = row.text("ref")
    if ref is None or ref == "HEAD":
        return ref
    name = ref if ref.startswith("refs/") else f"refs/heads/{ref}"
    if not is_reference_name(name.encode()):
        raise row.error("ref", f"a branch, tag or full reference name expected, got {_shown(ref)}")
    return ref


def _commit(row: Row) -> str | None:
    commit = row.text("commit")
    if commit is not None and _COMMIT.fullmatch(commit.lower()) is None:
        raise row.error(
            "commit", f"a full commit id expected, got {_shown(commit)}", hint="40 hexadecimal digits (or 64)"
        )
    return commit.lower() if commit is not None else None


def _previous_names(row: Row, *, host: str | None) -> tuple[PreviousName, ...]:
    value = row.value("previous_names")
    if row.is_text and isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise row.error("previous_names", "a JSON array expected") from None
    if value is None:
        return ()
    if not isinstance(value, list):
        raise row.error("previous_names", f"a list expected, got {_shown(value)}")
    names = []
    for position, item in enumerate(value):
        if not isinstance(item, Mapping):
            raise row.error("previous_names", f"a list of objects expected, got {_shown(item)}")
        inner = Row(item, f"{row.where}: previous_names[{position}]")
        name = inner.full_name("full_name", host=host)
        if name is None:
            raise inner.error("full_name", "missing")
        names.append(PreviousName(name, inner.date("since"), inner.date("until")))
    return tuple(names)


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"
