"""Read REUSE declarations: `REUSE.toml`, `.reuse/dep5` and `<file>.license` sidecars.

Source: REUSE specification 3.3 (https://reuse.software/spec/) and the Debian machine-readable copyright
format 1.0.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from .evidence import split

MAX_RULES = 2_000
_MAX_CHARS = 1_000_000
_MAX_GLOB = 500


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


def _tokens(glob: str, *, stars_cross: bool) -> list[str]:
    """Return the parts of a glob: single characters, "?" (dep5), "*" within a folder, "**" across folders."""
    tokens: list[str] = []
    at = 0
    while at < len(glob):
        char = glob[at]
        if char == "\\" and at + 1 < len(glob):
            tokens.append("=" + glob[at + 1])
            at += 2
            continue
        if char == "*":
            run = len(glob[at:]) - len(glob[at:].lstrip("*"))
            tokens.append("**" if stars_cross or run > 1 else "*")
            at += run
            continue
        tokens.append("?" if char == "?" and stars_cross else "=" + char)
        at += 1
    return tokens


def _glob_matches(glob: str, path: str, *, stars_cross: bool) -> bool:
    """Match by running all alternatives at once: cost is pattern length times path length, never more."""
    tokens = _tokens(glob, stars_cross=stars_cross)
    states = _closure({0}, tokens)
    for char in path[:4096]:
        reached = set()
        for state in states:
            token = tokens[state] if state < len(tokens) else ""
            if token == "**" or (token == "*" and char != "/"):
                reached.add(state)
            elif token == "?" or token == "=" + char:
                reached.add(state + 1)
        states = _closure(reached, tokens)
        if not states:
            return False
    return len(tokens) in states


def _closure(states: set[int], tokens: list[str]) -> set[int]:
    reached = set(states)
    for state in sorted(states):
        while state < len(tokens) and tokens[state] in {"*", "**"}:
            state += 1
            reached.add(state)
    return reached


def reuse_rules(path: bytes, content: str) -> tuple[ReuseRule, ...]:
    """Return the annotations of a `REUSE.toml` or `.reuse/dep5` in file order, at most 2,000.

    A `REUSE.toml` that cannot be read gives one rule for everything below it, whose empty statement nobody
    can read.
    """
    content = content[:_MAX_CHARS].replace("\r\n", "\n")
    if path == b".reuse/dep5":
        return _dep5_rules(path, content)
    try:
        value = tomllib.loads(content)
    except (ValueError, RecursionError):
        return (ReuseRule(split(path)[0], ("**",), "", "override", path, is_dep5=False),)
    annotations = value.get("annotations")
    rules = []
    for table in annotations[:MAX_RULES] if isinstance(annotations, list) else []:
        if not isinstance(table, dict):
            continue
        globs = _strings(table.get("path"))
        stated = _strings(table.get("SPDX-License-Identifier"))
        if globs and stated:
            statement = stated[0] if len(stated) == 1 else " AND ".join(f"({value})" for value in stated)
            precedence = str(table.get("precedence", "closest"))
            rules.append(ReuseRule(split(path)[0], globs, statement, precedence, path, is_dep5=False))
    return tuple(rules)


def _strings(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(item[:_MAX_GLOB] for item in values[:MAX_RULES] if isinstance(item, str) and item)


def _dep5_rules(path: bytes, content: str) -> tuple[ReuseRule, ...]:
    rules = []
    for paragraph in re.split(r"\n[ \t]*\n", content)[:MAX_RULES]:
        fields: dict[str, str] = {}
        key = ""
        for line in paragraph.splitlines():
            if line[:1] in {" ", "\t"}:
                fields[key] = fields.get(key, "") + "\n" + line.strip()
            elif not line.startswith("#") and ":" in line:
                key, _, value = line.partition(":")
                key = key.strip().lower()
                fields[key] = value.strip()
        globs = tuple(glob[:_MAX_GLOB] for glob in fields.get("files", "").split()[:MAX_RULES])
        statement = fields.get("license", "").split("\n")[0].strip()
        if globs and statement:
            rules.append(ReuseRule(b"", globs, statement, "aggregate", path, is_dep5=True))
    return tuple(rules)
