"""Count what was looked at, what was found, and what could not be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from stack_pipeline.errors import UsageError


@dataclass
class Tally:
    """The counts of one run.

    Attributes:
        texts: Texts that were searched.
        binary: Files that were left out because they are no text.
        links: Symbolic links, which are not followed.
        listed: Finds that the baseline lists.
        changed: Texts that redaction changed.
        found: Finds, or replacements, by kind and detector.
        unread: Files that could not be read.
        first_unread: One of them and why, in words.
    """

    texts: int = 0
    binary: int = 0
    links: int = 0
    listed: int = 0
    changed: int = 0
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    unread: int = 0
    first_unread: str = ""

    def add_unread(self, path: str, why: str) -> None:
        """Count a file that could not be read."""
        self.unread += 1
        self.first_unread = self.first_unread or f"{path}: {why}"

    def demand_all_read(self, *, hint: str = "everything else was done") -> None:
        """Fail if something could not be read.

        Raises:
            UsageError: Naming the first such file.
        """
        if self.unread:
            more = f", and {self.unread - 1:,} more" if self.unread > 1 else ""
            raise UsageError(f"{self.first_unread}{more}", hint=hint)
