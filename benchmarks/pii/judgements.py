"""Judgements of finds in real files: a committed table that holds hashes of places, no value and no line.

A place is hashed from the repository's name, the path, the kind, the line's number and the line with the value masked. So
a judgement is lost when the line, its number or the find's extent changes, and never carried to another value's place.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from stack_pipeline.inspection.reviewing import wilson_interval

JUDGEMENTS = Path(__file__).with_name("judgements.csv")
COLUMNS = ("place", "verdict", "reason")
VERDICTS = ("true", "false", "unsure")
MASK = "****"

_HASH_DIGITS = 32
_SAID_TWICE = "{name}:{number}: place {place} is judged twice"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says of a place, and why."""

    verdict: str
    reason: str


def place_hash(repository: str, path: str, kind: str, line_number: int, masked_line: str) -> str:
    """Return the hash of a place: 32 hexadecimal digits of SHA-256.

    Args:
        repository: Name of the repository.
        path: Path of the file in it.
        kind: Kind of the find.
        line_number: Number of the line where it begins, counted from 1.
        masked_line: That line with the value replaced by `MASK`.

    Examples:
        >>> place_hash("a/b", "c.py", "EMAIL", 1, "mail ****")
        'e135cc6a17fa04bb2bc929062388e6a3'
    """
    fields = (repository, path, kind, str(line_number), masked_line)
    data = "".join(f"{len(field)}:{field}" for field in fields)
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]


def read_judgements(path: Path = JUDGEMENTS) -> dict[str, Judgement]:
    """Read the table; empty if there is none.

    Raises:
        ValueError: If a verdict is unknown or a place is judged twice.
    """
    if not path.exists():
        return {}
    judged: dict[str, Judgement] = {}
    with path.open(newline="", encoding="utf-8") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            place, verdict = row["place"], row["verdict"]
            if verdict not in VERDICTS:
                raise ValueError(
                    f"{path.name}:{number}: verdict must be {', '.join(VERDICTS)}; got {verdict!r}"
                )
            if place in judged:
                raise ValueError(_SAID_TWICE.format(name=path.name, number=number, place=place))
            judged[place] = Judgement(verdict, row["reason"])
    return judged


def write_for_judging(kind: type[Any], finds: Iterable[Any], path: Path) -> None:
    """Write finds for a person to fill in `verdict` and `reason`.

    Args:
        kind: Their dataclass, whose first field is `place`.
        finds: What is to be judged.
        path: CSV file.
    """
    _, *others = (each.name for each in fields(kind))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, [*COLUMNS, *others], restval="")
        writer.writeheader()
        writer.writerows(asdict(find) for find in finds)


def add_judgements(path: Path, target: Path = JUDGEMENTS) -> int:
    """Take the rows of a sample that have a verdict into the table; return how many are new.

    Raises:
        SystemExit: If a verdict is unknown.
    """
    judged = read_judgements(target)
    before = len(judged)
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["verdict"] and row["verdict"] not in VERDICTS:
                sys.exit(f"verdict must be {', '.join(VERDICTS)}; got {row['verdict']!r}")
            if row["verdict"]:
                judged[row["place"]] = Judgement(row["verdict"], row["reason"])
    with target.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((place, given.verdict, given.reason) for place, given in sorted(judged.items()))
    return len(judged) - before


@dataclass(frozen=True, slots=True)
class Precision:
    """The share of right finds among the judged ones; those that nobody is sure of count on neither side."""

    right: int
    wrong: int
    unsure: int

    @classmethod
    def of(cls, verdicts: Counter[str]) -> Precision:
        """Count verdicts."""
        return cls(*(verdicts[name] for name in VERDICTS))

    @property
    def share(self) -> float | None:
        """Precision; None if nothing is judged."""
        total = self.right + self.wrong
        return self.right / total if total else None

    @property
    def interval(self) -> tuple[float, float]:
        """Its Wilson interval."""
        return wilson_interval(self.right, self.right + self.wrong)
