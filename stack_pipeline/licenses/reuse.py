"""Read REUSE declarations: `REUSE.toml`, `.reuse/dep5` and `<file>.license` sidecars.

Source: REUSE specification 3.3 (https://reuse.software/spec/) and the Debian machine-readable copyright
format 1.0.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .evidence import split

MAX_RULES = 2_000
_MAX_CHARS = 1_000_000
_MAX_GLOB = 300
_MAX_GLOBS = 1_000
_MAX_PATH = 4_096
_PRECEDENCES = ("closest", "aggregate", "override")


@dataclass(frozen=True)
class ReuseRule:
    """One annotation: files whose path matches have the stated licence.

    Attributes:
        folder: Folder that the globs are relative to, without trailing slash.
        globs: Patterns; `*` stops at a slash in REUSE.toml and not in dep5.
        statement: What is stated, an expression if all is well.
        precedence: "closest" (a statement in the file goes first), "aggregate" (both hold) or "override".
        source: Path of the declaring file.
        is_dep5: Whether it comes from `.reuse/dep5`.
    """

    folder: bytes
    globs: tuple[str, ...]
    statement: str
    precedence: str
    source: bytes
    is_dep5: bool

    def matches(self, path: bytes) -> bool:
        """Return whether the rule speaks for the file at `path`."""
        if self.folder and not path.startswith(self.folder + b"/"):
            return False
        below = path[len(self.folder) + 1 if self.folder else 0 :].decode("utf-8", "surrogateescape")
        return any(_glob_matches(glob, below, stars_cross=self.is_dep5) for glob in self.globs)


@dataclass(frozen=True)
class _Glob:
    """A glob as bit masks over its parts, part i being bit i.

    Attributes:
        characters: Character -> the parts that are this character.
        wildcards: The parts that are any one character.
        stars: The parts that are any run of characters without slash.
        crossing: The stars that go over slashes too.
        length: Number of parts.
    """

    characters: Mapping[str, int]
    wildcards: int
    stars: int
    crossing: int
    length: int


@lru_cache(maxsize=4096)
def _compiled(glob: str, *, stars_cross: bool) -> _Glob:
    characters: dict[str, int] = {}
    wildcards = stars = crossing = at = part = 0
    while at < len(glob):
        char, bit, step = glob[at], 1 << part, 1
        if char == "*":
            step = len(glob) - at - len(glob[at:].lstrip("*"))
            stars |= bit
            crossing |= bit if stars_cross or step > 1 else 0
        elif char == "?" and stars_cross:
            wildcards |= bit
        else:
            step = 2 if char == "\\" and at + 1 < len(glob) else 1
            literal = glob[at + step - 1]
            characters[literal] = characters.get(literal, 0) | bit
        at, part = at + step, part + 1
    return _Glob(characters, wildcards, stars, crossing, part)


def _glob_matches(glob: str, path: str, *, stars_cross: bool) -> bool:
    """Follow all ways to match at once: a few operations for each character of the path, whatever the glob."""
    compiled = _compiled(glob, stars_cross=stars_cross)
    states = 1 | (compiled.stars & 1) << 1
    for char in path[:_MAX_PATH]:
        here = compiled.characters.get(char, 0) | compiled.wildcards
        states = states & (compiled.crossing if char == "/" else compiled.stars) | (states & here) << 1
        states |= (states & compiled.stars) << 1
        if not states:
            return False
    return bool(states >> compiled.length & 1) and len(path) <= _MAX_PATH


def reuse_rules(path: bytes, content: str) -> tuple[ReuseRule, ...]:
    """Return the annotations of a `REUSE.toml` or `.reuse/dep5` in file order.

    A `REUSE.toml` that is no TOML, and a file with more or longer globs than can be tried for every path, give
    one rule for everything below, whose empty statement nobody can read.
    """
    content = content[:_MAX_CHARS].replace("\r\n", "\n")
    if path == b".reuse/dep5":
        return _dep5_rules(path, content)
    try:
        value = tomllib.loads(content)
    except (ValueError, RecursionError):
        return (_unreadable(path),)
    annotations = value.get("annotations")
    rules = []
    for table in annotations[: MAX_RULES + 1] if isinstance(annotations, list) else []:
        if not isinstance(table, dict):
            continue
        globs = _strings(table.get("path"))
        stated = _strings(table.get("SPDX-License-Identifier"))
        if globs and stated:
            statement = stated[0] if len(stated) == 1 else " AND ".join(f"({value})" for value in stated)
            precedence = table.get("precedence")
            precedence = precedence if precedence in _PRECEDENCES else "closest"
            rules.append(ReuseRule(split(path)[0], globs, statement, precedence, path, is_dep5=False))
    return _bounded(rules, path)


def _bounded(rules: list[ReuseRule], path: bytes) -> tuple[ReuseRule, ...]:
    """Return the rules, or one that nobody can read in place of more globs than can be tried for every file."""
    globs = [glob for rule in rules for glob in rule.globs]
    if len(rules) > MAX_RULES or len(globs) > _MAX_GLOBS or max(map(len, globs), default=0) > _MAX_GLOB:
        return (_unreadable(path),)
    return tuple(rules)


def _unreadable(path: bytes) -> ReuseRule:
    folder = b"" if path == b".reuse/dep5" else split(path)[0]
    return ReuseRule(folder, ("**",), "", "override", path, is_dep5=False)


def _strings(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(item for item in values[: _MAX_GLOBS + 1] if isinstance(item, str) and item)


def _dep5_rules(path: bytes, content: str) -> tuple[ReuseRule, ...]:
    rules = []
    for paragraph in re.split(r"\n[ \t]*\n", content)[: MAX_RULES + 1]:
        fields: dict[str, str] = {}
        key = ""
        for line in paragraph.splitlines():
            if line[:1] in {" ", "\t"}:
                fields[key] = fields.get(key, "") + "\n" + line.strip()
            elif not line.startswith("#") and ":" in line:
                key, _, value = line.partition(":")
                key = key.strip().lower()
                fields[key] = value.strip()
        globs = tuple(glob for glob in fields.get("files", "").split()[: _MAX_GLOBS + 1])
        statement = fields.get("license", "").split("\n")[0].strip()
        if globs and statement:
            rules.append(ReuseRule(b"", globs, statement, "aggregate", path, is_dep5=True))
    return _bounded(rules, path)
