"""Count what goes in and what comes out of each stage, by reason, and refuse a sum that does not balance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stack_pipeline.errors import RunFailed


@dataclass
class Tally:
    """A number of files and their bytes."""

    files: int = 0
    size_bytes: int = 0

    def add(self, files: int, size_bytes: int) -> None:
        """Add to both."""
        self.files += files
        self.size_bytes += size_bytes


@dataclass
class Account:
    """What one task or stage did with its units: in = kept + dropped by a named reason.

    Args:
        unit: What is counted: `repository`, `origin` or `blob`.
    """

    unit: str
    taken_in: Tally = field(default_factory=Tally)
    kept: Tally = field(default_factory=Tally)
    dropped: dict[str, Tally] = field(default_factory=dict)

    def keep(self, files: int, size_bytes: int) -> None:
        """Count units that go on."""
        self.taken_in.add(files, size_bytes)
        self.kept.add(files, size_bytes)

    def drop(self, reason: str, files: int, size_bytes: int) -> None:
        """Count units that stop here."""
        self.taken_in.add(files, size_bytes)
        self.dropped.setdefault(str(reason), Tally()).add(files, size_bytes)

    def merge(self, other: Account) -> None:
        """Add the account of another task of the same stage."""
        if other.unit != self.unit:
            raise ValueError(f"cannot add {other.unit}s to {self.unit}s")
        self.taken_in.add(other.taken_in.files, other.taken_in.size_bytes)
        self.kept.add(other.kept.files, other.kept.size_bytes)
        for reason, tally in other.dropped.items():
            self.dropped.setdefault(reason, Tally()).add(tally.files, tally.size_bytes)

    def check(self, stage: str) -> None:
        """Raise if in is not kept + dropped.

        Raises:
            RunFailed: With the figures.
        """
        out = self.kept.files + sum(tally.files for tally in self.dropped.values())
        size = self.kept.size_bytes + sum(tally.size_bytes for tally in self.dropped.values())
        if (out, size) != (self.taken_in.files, self.taken_in.size_bytes):
            raise RunFailed(
                f"stage {stage} does not balance: {self.taken_in.files} {self.unit}s of {self.taken_in.size_bytes} bytes in,"
                f" {out} of {size} bytes accounted for",
                hint="this is a fault of the program; the output is not published",
            )

    def to_json(self) -> dict[str, Any]:
        """Return plain values, reasons sorted."""
        return {
            "unit": self.unit,
            "in": [self.taken_in.files, self.taken_in.size_bytes],
            "kept": [self.kept.files, self.kept.size_bytes],
            "dropped": {key: [t.files, t.size_bytes] for key, t in sorted(self.dropped.items())},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Account:
        """Read what `to_json` gave."""
        dropped = {reason: Tally(*pair) for reason, pair in value["dropped"].items()}
        return cls(value["unit"], Tally(*value["in"]), Tally(*value["kept"]), dropped)


def total_account(unit: str, accounts: Iterable[Account]) -> Account:
    """Add up the accounts of a stage's tasks."""
    total = Account(unit)
    for account in accounts:
        total.merge(account)
    return total


def check_handover(stage: str, *, kept: int, next_stage: str, taken_in: int) -> None:
    """Raise if a stage did not take in exactly what the one before it kept.

    Raises:
        RunFailed: With the figures.
    """
    if kept != taken_in:
        raise RunFailed(
            f"{stage} kept {kept} blobs but {next_stage} took in {taken_in}",
            hint="this is a fault of the program; the output is not published",
        )
