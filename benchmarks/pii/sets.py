"""Read the evaluation sets: our own cases, and public sets of development cases from a folder."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.pii.cases.generated import generate_cases
from benchmarks.pii.cases.reader import IGNORE, Case, read_handwritten
from benchmarks.pii.scoring import Item, Reference

#: Name and file of each set that a folder may hold.
FILES = {"ei": "ei_dev.jsonl.gz", "fix": "fix_dev.jsonl.gz", "cred": "cred_dev.jsonl.gz"}

#: What each set is, for the page.
SAID = {
    "own": "cases written for this project, by hand; every class that is known to be hard",
    "generated": "cases that this project generates from seeds",
    "ei": "e-mail and IP addresses in lines of real code, a sample in strata of hard classes, read one by one",
    "fix": "secrets in the fixtures of five scanners' rules; invented tokens",
    "cred": "secrets by people's labels (CredData), values scrambled within their class, windows of real files",
}

_DONT_CARE = (IGNORE, "EMAIL_OBF")
_PLACEHOLDER = "X"


@dataclass(frozen=True)
class EvaluationSet:
    """A set of labelled texts."""

    name: str
    items: tuple[Item, ...]

    @property
    def digest(self) -> str:
        """A digest of all that is in it."""
        return hashlib.sha256(repr(self.items).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def kinds(self) -> tuple[str, ...]:
        """All labels of its items, in alphabetical order."""
        return tuple(sorted({kind for item in self.items for kind in item.kinds}))


def read_sets(folder: Path | None) -> list[EvaluationSet]:
    """Read our own cases and, if a folder is given, the public sets that are there.

    Raises:
        FileNotFoundError: If the folder holds none of them.
    """
    sets = own_sets()
    if folder is None:
        return sets
    found = [read_public(name, folder / file) for name, file in FILES.items() if (folder / file).exists()]
    if not found:
        raise FileNotFoundError(f"none of {', '.join(FILES.values())} is in {folder}")
    return [*sets, *found]


def own_sets() -> list[EvaluationSet]:
    """Return our own cases: those written by hand, and those that are generated."""
    return [_own_set("own", read_handwritten()), _own_set("generated", generate_cases())]


def _own_set(name: str, cases: Iterable[Case]) -> EvaluationSet:
    return EvaluationSet(name, tuple(_own(case) for case in cases))


def _own(case: Case) -> Item:
    return Item(
        id=case.id,
        group=case.group,
        text=case.text,
        references=tuple(
            Reference(span.start, span.end, span.kind, case.group)
            for span in case.spans
            if span.kind not in _DONT_CARE
        ),
        ignored=tuple((span.start, span.end) for span in case.spans if span.kind in _DONT_CARE),
        kinds=case.kinds,
    )


def read_public(name: str, path: Path) -> EvaluationSet:
    """Read a set of JSON lines, compressed by gzip or not."""
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).decode().split("\n")
    return EvaluationSet(name, tuple(_public(json.loads(line)) for line in lines if line))


def _public(row: dict[str, Any]) -> Item:
    placeholders = [_place(mark) for mark in row.get("neg", ()) if mark.get("note") == _PLACEHOLDER]
    dont_care = [_place(span) for span in row["spans"] if span["label"] in _DONT_CARE]
    return Item(
        id=row["id"],
        group=row.get("cls") or row.get("svc") or row.get("ext", "-"),
        text=row["text"],
        references=tuple(
            Reference(
                *_place(span), span["label"], span.get("sub") or "-", tuple(map(_pair, span.get("alt", ())))
            )
            for span in row["spans"]
            if span["label"] not in _DONT_CARE
        ),
        ignored=(*dont_care, *placeholders),
        negatives=tuple(_place(mark) for mark in row.get("neg", ()) if mark.get("note") != _PLACEHOLDER),
        kinds=tuple(row["entities"]),
        weight=row.get("weight", 1),
        suffix=_suffix(row.get("ext", "")),
    )


def _place(mark: dict[str, Any]) -> tuple[int, int]:
    return mark["start"], mark["end"]


def _pair(alternative: list[int]) -> tuple[int, int]:
    return alternative[0], alternative[1]


def _suffix(extension: str) -> str:
    """Return a file name's ending; what is none, as for files without, becomes that of plain text."""
    plain = extension.startswith(".") and extension[1:].isalnum()
    return extension if plain else ".txt"
