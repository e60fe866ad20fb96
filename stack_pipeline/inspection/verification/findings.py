"""What a check says, and how it collects what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

MAX_SHOWN = 3


@dataclass(frozen=True)
class Check:
    """One promise of a release, recomputed.

    Attributes:
        name: Stable name, in snake case.
        passed: None where it was not checked; `detail` says why.
        detail: What was checked or what is wrong, in one line, without content or matched values.
    """

    name: str
    passed: bool | None
    detail: str


class Findings:
    """Count what is wrong and keep the first few places."""

    def __init__(self, name: str, promise: str) -> None:
        self.name = name
        self._promise = promise
        self._count = 0
        self._shown: list[str] = []

    def add(self, place: str) -> None:
        """Note one thing that is wrong."""
        self._count += 1
        if len(self._shown) < MAX_SHOWN:
            self._shown.append(place)

    def expect(self, holds: bool, place: str) -> None:
        """Note a place unless the promise holds there."""
        if not holds:
            self.add(place)

    def check(self, *, note: str = "") -> Check:
        """Return what was found; `note` adds to the promise when it holds."""
        if not self._count:
            return Check(self.name, True, f"{self._promise}{note}")
        more = f", and {self._count - len(self._shown)} more" if self._count > len(self._shown) else ""
        return Check(self.name, False, "; ".join(self._shown) + more)


def unchecked(name: str, why: str) -> Check:
    """Return a check that could not be made."""
    return Check(name, None, f"not checked: {why}")
