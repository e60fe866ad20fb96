"""Read a rules file: TOML in, `Rules` out, one-line errors that name the rule and the key."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from collections.abc import Mapping
from typing import Any, cast

from optout.dates import Interval, day_of
from optout.globs import Glob
from optout.names import Name, parse_host, parse_owner, parse_repository
from optout.rules import ForkMode, Rule, Rules, Scope

_KEYS = (
    *("owner", "owner_id", "repository", "repository_id", "host", "path", "blob"),
    *("since", "until", "forks", "id", "reason"),
)
_FORK_MODES = ("identical", "all", "none")
_MAX_ID = 2**63 - 1


def parse_rules(toml_text: str) -> Rules:
    """Read the text of a rules file; an empty one gives no rules.

    Errors never repeat a value, because a rules file names people.

    Raises:
        ValueError: If the text is not TOML, a key is unknown, or a rule is incomplete, ambiguous or too wide.

    Examples:
        >>> [rule.name for rule in parse_rules('[[rule]]\\nowner = "GitHub.com/Acme"').rules]
        ['acme']
    """
    try:
        document = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the rules file is not valid TOML: {error}") from None
    except (ValueError, RecursionError):
        raise ValueError(
            "the rules file is not valid TOML: a number is too long or tables nest too deep"
        ) from None
    for key in document:
        if key != "rule":
            raise ValueError(f"unknown key '{_shown(key)}'{_suggestion(key, ('rule',))}")
    tables = document.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError("rule: must be an array of tables; start each rule with '[[rule]]'")
    return Rules(tuple(_parse_rule(table, f"rule {number}") for number, table in enumerate(tables, start=1)))


def _parse_rule(table: Mapping[str, Any], where: str) -> Rule:
    for key in table:
        if key not in _KEYS:
            raise ValueError(f"{where}: unknown key '{_shown(key)}'{_suggestion(key, _KEYS)}")
    scope = _scope_of(table, where)
    reference, reason = _text(table, "id", where), _text(table, "reason", where)
    if scope == "blob":
        return Rule(scope=scope, blob=_blob(table, where), reference=reference, reason=reason)
    key = "owner" if scope == "owner" else "repository"
    name, numeric_id = _name(table, key, where), _numeric_id(table, f"{key}_id", where)
    return Rule(
        scope=scope,
        host=_host(table, name, where),
        numeric_id=numeric_id,
        name=name.path if name else None,
        path=_glob(table, where),
        owned=_owned(table, name, where),
        forks=_forks(table, where),
        reference=reference,
        reason=reason,
    )


def _scope_of(table: Mapping[str, Any], where: str) -> Scope:
    """Return the one scope of a rule; keys of two scopes, or keys that mean nothing in it, are errors."""
    subjects = {
        "owner": [key for key in ("owner", "owner_id") if key in table],
        "repository": [key for key in ("repository", "repository_id") if key in table],
        "blob": [key for key in ("blob",) if key in table],
    }
    given = [subject for subject, keys in subjects.items() if keys]
    if not given:
        raise ValueError(
            f"{where}: names nothing; give 'owner', 'owner_id', 'repository', 'repository_id' or 'blob'"
        )
    if len(given) > 1:
        raise ValueError(f"{where}: has both '{given[0]}' and '{given[1]}'; write one rule for each")
    scope = "path" if given == ["repository"] and "path" in table else given[0]
    foreign = {
        "owner": ("path",),
        "repository": (),
        "path": ("forks",),
        "blob": ("path", "host", "since", "until", "forks"),
    }[scope]
    for key in foreign:
        if key in table:
            raise ValueError(
                f"{where}: '{key}' means nothing beside '{'path' if scope == 'path' else given[0]}'"
            )
    return cast(Scope, scope)


def _name(table: Mapping[str, Any], key: str, where: str) -> Name | None:
    text = _text(table, key, where)
    if text is None:
        return None
    try:
        name = parse_owner(text) if key == "owner" else parse_repository(text)
    except ValueError as error:
        raise ValueError(f"{where}: {key} {error}") from None
    if name.path in ("all", "everyone", "everybody", "anyone") and f"{key}_id" not in table:
        raise ValueError(
            f"{where}: {key} reads as everyone; for an account of that name give '{key}_id' as well"
        )
    return name


def _host(table: Mapping[str, Any], name: Name | None, where: str) -> str:
    text = _text(table, "host", where)
    if text is None:
        if name is None:
            raise ValueError(f"{where}: host is missing; an id needs 'host', such as 'github.com'")
        return name.host
    try:
        host = parse_host(text)
    except ValueError as error:
        raise ValueError(f"{where}: host {error}") from None
    if name is not None and name.host != host:
        raise ValueError(f"{where}: host differs from the host in the name")
    return host


def _numeric_id(table: Mapping[str, Any], key: str, where: str) -> int | None:
    value = table.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _MAX_ID:
        raise ValueError(f"{where}: {key} must be a positive whole number")
    return value


def _glob(table: Mapping[str, Any], where: str) -> str | None:
    text = _text(table, "path", where)
    if text is None:
        return None
    try:
        Glob(text)
    except ValueError as error:
        raise ValueError(f"{where}: path {error}") from None
    return text


def _blob(table: Mapping[str, Any], where: str) -> str:
    text = (_text(table, "blob", where) or "").strip().lower().removeprefix("swh:1:cnt:")
    if len(text) != 40 or any(c not in "0123456789abcdef" for c in text):
        raise ValueError(
            f"{where}: blob must be a git blob id of 40 hex digits ('git hash-object FILE' prints it)"
        )
    return text


def _owned(table: Mapping[str, Any], name: Name | None, where: str) -> Interval:
    since, until = _day(table, "since", where), _day(table, "until", where)
    for key in ("since", "until"):
        if key in table and name is None:
            raise ValueError(f"{where}: {key} dates a name, and this rule has only an id; remove it")
    if since is not None and until is not None and until < since:
        raise ValueError(f"{where}: until is before since")
    return Interval(since, until)


def _day(table: Mapping[str, Any], key: str, where: str) -> str | None:
    value = table.get(key)
    if value is None:
        return None
    day = day_of(value.isoformat() if isinstance(value, dt.date) else value) if _is_date_like(value) else None
    if day is None:
        raise ValueError(f"{where}: {key} must be a date such as 2024-01-31")
    return day


def _is_date_like(value: object) -> bool:
    return isinstance(value, dt.date) or (isinstance(value, str) and len(value) >= len("2024-01-31"))


def _forks(table: Mapping[str, Any], where: str) -> ForkMode:
    value = table.get("forks", "identical")
    if value not in _FORK_MODES:
        raise ValueError(f"{where}: forks must be one of 'identical', 'all', 'none'")
    return cast(ForkMode, value)


def _text(table: Mapping[str, Any], key: str, where: str) -> str | None:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{where}: {key} must be text in quotes")
    return value


def _suggestion(key: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else f"; known are {', '.join(known)}"


def _shown(key: str) -> str:
    """Return a key as it may stand in a one-line message."""
    return "".join(c if c.isprintable() else "?" for c in key[:40])
