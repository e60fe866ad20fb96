"""Redact the files of a repository, and check what redaction promises of each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

import pii
from benchmarks.pii.repositories import TextFile
from stack_pipeline.keys import PUBLIC_KEY
from stack_pipeline.scanning.redacting import Replaced

SYNTHETIC, PLACEHOLDER = "synthetic", "placeholder"
STYLES = (SYNTHETIC, PLACEHOLDER)
POLICY = "redact"

CHECKS = {
    "outside": "a byte outside the replaced places differs",
    "lines": "another number of line ends",
    "again": "a second redaction changes something",
    "found": "the finder finds something in the result",
    "array": "`redact_array` gives something else than `redact`",
}


@dataclass(frozen=True)
class RedactedFile:
    """A file before and after redaction, and the checks of `CHECKS` that it fails."""

    repository: str
    path: str
    original: bytes
    clean: bytes
    replacements: tuple[Replaced, ...] = ()
    failed: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether anything was replaced."""
        return bool(self.replacements)

    @cached_property
    def text(self) -> str:
        """The result as text."""
        return self.clean.decode("utf-8")

    def value(self, replacement: Replaced) -> bytes:
        """Return what stood at a replaced place."""
        return self.original[replacement.original_start : replacement.original_end]

    def with_only(self, replacement: Replaced) -> bytes:
        """Return the original with one place replaced."""
        head, tail = self.original[: replacement.original_start], self.original[replacement.original_end :]
        return head + self.clean[replacement.start : replacement.end] + tail


@dataclass
class Redactions:
    """Counts over all files, by style."""

    files: int = 0
    size_bytes: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, style: str, file: RedactedFile) -> None:
        """Count a file that was redacted in a style; the first style counts files and bytes too."""
        if style == STYLES[0]:
            self.files += 1
            self.size_bytes += len(file.original)
        self.changed[style] += file.is_changed
        self.kinds.update((style, replacement.kind) for replacement in file.replacements)
        for check in file.failed:
            self.failed.setdefault((style, check), []).append(f"{file.repository}: {file.path}")


def redact_files(repository: str, files: Iterable[TextFile], style: str) -> Iterator[RedactedFile]:
    """Redact files one by one with the public key."""
    for file in files:
        yield redact_file(repository, file, style)


def redact_file(repository: str, file: TextFile, style: str) -> RedactedFile:
    """Redact a file with the public key and check the result."""
    options: dict[str, Any] = {"key": PUBLIC_KEY, "policy": POLICY, "style": style}
    result = pii.redact(file.content, **options)
    texts, rows = pii.redact_array(pa.array([file.content], pa.large_binary()), **options)
    replacements = tuple(Replaced(*(row[name] for name in Replaced.__slots__)) for row in rows.to_pylist())
    made = RedactedFile(repository, file.path, file.content, result.text, replacements)
    agree = texts[0].as_py() == result.text and len(replacements) == len(result.spans)
    holds = {
        "outside": outside(made.original, made.replacements, original=True)
        == outside(made.clean, made.replacements),
        "lines": [made.original.count(end) for end in (b"\n", b"\r")]
        == [made.clean.count(end) for end in (b"\n", b"\r")],
        "again": pii.redact(made.clean, **options).text == made.clean,
        "found": not pii.find(made.clean, policy=POLICY),
        "array": agree,
    }
    failed = tuple(check for check, held in holds.items() if not held)
    return RedactedFile(repository, file.path, file.content, result.text, replacements, failed)


def outside(content: bytes, replacements: Iterable[Replaced], *, original: bool = False) -> list[bytes]:
    """Return the parts of a content between its replaced places, in order."""
    parts, position = [], 0
    for place in replacements:
        start, end = (place.original_start, place.original_end) if original else (place.start, place.end)
        parts.append(content[position:start])
        position = end
    return [*parts, content[position:]]
