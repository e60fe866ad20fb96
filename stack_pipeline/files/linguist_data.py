"""Read the vendored Linguist data, each file once and only when it is asked for.

`tools/vendor_linguist.py` writes the files from GitHub Linguist at the commit that `linguist_commit` returns.
The tables are shared: treat what is returned as read-only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any


@cache
def load_table(name: str) -> Any:
    """Return one parsed data file of this package, for example `languages.json`."""
    return json.loads((resources.files(__package__) / "data" / name).read_text(encoding="utf-8"))


def linguist_commit() -> str:
    """Return the full id of the Linguist commit that the data was taken from."""
    commit: str = load_table("languages.json")["commit"]
    return commit


def language_names() -> list[str]:
    """Return the names of all languages, in Linguist's order."""
    return list(load_table("languages.json")["languages"])


def language_type(language: str) -> str:
    """Return `programming`, `markup`, `data` or `prose`.

    Raises:
        ValueError: If Linguist has no language of that name.
    """
    row = load_table("languages.json")["languages"].get(language)
    if row is None:
        raise ValueError(f"language must be one of Linguist's names, got {language!r}")
    kind: str = row["type"]
    return kind


@dataclass(frozen=True, slots=True)
class LanguageIndex:
    """Languages by each of the marks that detection looks for; candidates are in Linguist's order.

    Attributes:
        by_extension: Lower-case extension with its dot.
        by_filename: Whole name, in its own case.
        by_interpreter: Name in a shebang line.
        by_alias: Lower-case name in an editor's mode line.
        primary: The first-listed extension of each language that has one.
        popular: Languages that Linguist lists first.
        generic: Extensions that say nothing by themselves.
    """

    by_extension: Mapping[str, tuple[str, ...]]
    by_filename: Mapping[str, tuple[str, ...]]
    by_interpreter: Mapping[str, tuple[str, ...]]
    by_alias: Mapping[str, str]
    primary: Mapping[str, str]
    popular: frozenset[str]
    generic: tuple[str, ...]


@lru_cache(maxsize=1)
def language_index() -> LanguageIndex:
    """Return the languages by extension, file name, interpreter and alias."""
    table = load_table("languages.json")
    languages: dict[str, dict[str, Any]] = table["languages"]
    aliases = {name.lower().replace(" ", "-"): name for name in languages}
    for name, row in languages.items():
        aliases.update({alias.lower(): name for alias in row.get("aliases", ())})
    return LanguageIndex(
        by_extension=_invert(languages, "extensions", lower=True),
        by_filename=_invert(languages, "filenames"),
        by_interpreter=_invert(languages, "interpreters"),
        by_alias=aliases,
        primary={
            name: row["extensions"][0].lower() for name, row in languages.items() if row.get("extensions")
        },
        popular=frozenset(table["popular"]),
        generic=tuple(table["generic_extensions"]),
    )


def _invert(
    languages: dict[str, dict[str, Any]], key: str, *, lower: bool = False
) -> dict[str, tuple[str, ...]]:
    inverted: dict[str, list[str]] = {}
    for name, row in languages.items():
        for value in row.get(key, ()):
            inverted.setdefault(value.lower() if lower else value, []).append(name)
    return {value: tuple(dict.fromkeys(names)) for value, names in inverted.items()}
