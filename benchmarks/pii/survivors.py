"""Look for replaced values that still stand somewhere else in the redacted repository."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import stack_native
from benchmarks.pii.redacted_files import RedactedFile

_SECRETS = ("KEY", "PASSWORD")
_LEAST_EMAIL = 6


@dataclass(frozen=True, order=True, slots=True)
class Survivor:
    """A place where a value stands that was replaced elsewhere in the repository; without the value.

    Attributes:
        kind: Kind of the value, where it was replaced.
        detector: Who found it there.
        repository: Name of the repository.
        path: Path of the file in which it still stands.
        line: Number of the line.
    """

    kind: str
    detector: str
    repository: str
    path: str
    line: int


@dataclass
class Survival:
    """Distinct values that were looked for, by kind; how many still stand somewhere; the places."""

    values: Counter[str] = field(default_factory=Counter)
    surviving: Counter[str] = field(default_factory=Counter)
    places: list[Survivor] = field(default_factory=list)

    def add(self, repository: str, files: Sequence[RedactedFile]) -> None:
        """Look in a redacted repository for what was replaced in it."""
        wanted = _values(files)
        self.values.update(kind for kind, _ in wanted.values())
        whole = b"\0".join(file.clean for file in files)
        for value, (kind, detector) in sorted(wanted.items()):
            if value in whole:
                self.surviving[kind] += 1
                self.places += (
                    Survivor(kind, detector, repository, path, line) for path, line in _places(value, files)
                )


def _values(files: Iterable[RedactedFile]) -> dict[bytes, tuple[str, str]]:
    """Return e-mail addresses and secrets that look random, with kind and detector: others occur by chance."""
    found: dict[bytes, tuple[str, str]] = {}
    for file in files:
        for each in file.replacements:
            value = file.value(each)
            is_secret = each.kind in _SECRETS and stack_native.pii_looks_random(value)
            if is_secret or (each.kind == "EMAIL" and len(value) >= _LEAST_EMAIL):
                found.setdefault(value, (each.kind, each.detector))
    return found


def _places(value: bytes, files: Iterable[RedactedFile]) -> Iterator[tuple[str, int]]:
    for file in files:
        place = file.clean.find(value)
        if place >= 0:
            yield file.path, file.clean.count(b"\n", 0, place) + 1
