"""The floors: recall and precision that no class of our own cases may fall below."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pii.scoring import Found, Item, score
from benchmarks.pii.sets import EvaluationSet

FLOORS = Path(__file__).with_name("floors.csv")
COLUMNS = ("set", "group", "recall", "precision")
_DIGITS = 3

Class = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Level:
    """Strict recall and precision of a class, all kinds together.

    A class without a reference has recall 1, and its precision is the share of its texts without a false find.
    """

    recall: float
    precision: float


def levels(texts: EvaluationSet, finds: Mapping[str, Sequence[Found]]) -> dict[Class, Level]:
    """Return the level of each class of a set, in alphabetical order."""
    groups: dict[str, list[Item]] = {}
    for item in texts.items:
        groups.setdefault(item.group, []).append(item)
    return {(texts.name, group): _level(items, finds) for group, items in sorted(groups.items())}


def _level(items: Sequence[Item], finds: Mapping[str, Sequence[Found]]) -> Level:
    right, wrong, missed = _counts(items, finds)
    if right + missed:
        found = right + wrong
        return Level(right / (right + missed), right / found if found else 1.0)
    clean = sum(_counts([item], finds)[1] == 0 for item in items)
    return Level(1.0, clean / len(items))


def _counts(items: Iterable[Item], finds: Mapping[str, Sequence[Found]]) -> tuple[int, int, int]:
    tallies = [tally for (_, rule), tally in score(items, finds).items() if rule == "strict"]
    return (
        sum(tally.right for tally in tallies),
        sum(tally.wrong.total() for tally in tallies),
        sum(tally.missed for tally in tallies),
    )


def read_floors(path: Path = FLOORS) -> dict[Class, Level]:
    """Read the floors; none if there is no file."""
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as stream:
        return {
            (row["set"], row["group"]): Level(float(row["recall"]), float(row["precision"]))
            for row in csv.DictReader(stream)
        }


def fallen(measured: Mapping[Class, Level], floors: Mapping[Class, Level]) -> list[str]:
    """Return a line for each class below its floor, without a floor, or gone."""
    lines = []
    for place in sorted(measured.keys() | floors.keys()):
        name = "/".join(place)
        if place not in floors:
            lines.append(f"{name}: has no floor")
        elif place not in measured:
            lines.append(f"{name}: has a floor but no case")
        else:
            for what in ("recall", "precision"):
                is_, least = getattr(measured[place], what), getattr(floors[place], what)
                if is_ < least:
                    lines.append(f"{name}: {what} is {is_:.3f}, must be at least {least:.3f}")
    return lines


def raised(measured: Mapping[Class, Level], floors: Mapping[Class, Level]) -> dict[Class, Level]:
    """Return the floors for the measured classes, none lower than it was; rounded down to thousandths."""
    none = Level(0.0, 0.0)
    return {
        place: Level(
            max(_down(level.recall), floors.get(place, none).recall),
            max(_down(level.precision), floors.get(place, none).precision),
        )
        for place, level in measured.items()
    }


def write_floors(floors: Mapping[Class, Level], path: Path = FLOORS) -> None:
    """Write the floors, a class a line."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for (name, group), level in sorted(floors.items()):
            writer.writerow((name, group, f"{level.recall:.{_DIGITS}f}", f"{level.precision:.{_DIGITS}f}"))


def _down(share: float) -> float:
    scale: int = 10**_DIGITS
    return math.floor(share * scale + 1e-9) / scale
