"""Everything that one run of the benchmark measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.near_dedup.corpus import Corpus
from benchmarks.near_dedup.truth import Truth

Row = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """The measurements; rows with the key `failure` say why there is none.

    Attributes:
        corpus: What was read.
        truths: The exact truth by threshold.
        peers: A row per peer, at the first threshold.
        ours: Rows of the command by threshold.
        signatures: Rows of `minhash` by scheme and CPU path.
        threads: Rows of one and two threads.
        clustering: What comes after the signatures: CPU seconds, and bytes of text read again.
        options: Rows of what options remove.
        short: Rows of the generated documents; empty if not asked for.
    """

    corpus: Corpus
    truths: dict[float, Truth]
    peers: list[Row] = field(default_factory=list)
    ours: dict[float, list[Row]] = field(default_factory=dict)
    signatures: list[Row] = field(default_factory=list)
    threads: list[Row] = field(default_factory=list)
    clustering: Row = field(default_factory=dict)
    options: list[Row] = field(default_factory=list)
    short: list[Row] = field(default_factory=list)

    def rate(self, seconds: float | None) -> float | None:
        """Return MB of content per second, for seconds on this corpus."""
        return self.corpus.content_bytes / 1e6 / seconds if seconds else None

    def signature_rate(self, scheme: str, cpu_path: str | None = None) -> float | None:
        """Return MB/s of ours for a scheme on a CPU path, on the fastest by default."""
        rows = (
            row for row in self.signatures if row["scheme"] == scheme and cpu_path in (None, row["cpu_path"])
        )
        return max((rate for row in rows if (rate := self.rate(row.get("cpu_seconds")))), default=None)

    def peer(self, name: str) -> Row:
        """Return the row of a peer, empty if it did not run."""
        return first_of(self.peers, name=name)

    def our_run(self, threshold: float, *, kind: str, mode: str) -> Row:
        """Return the row of the command, empty if it did not run."""
        return first_of(self.ours.get(threshold, []), kind=kind, mode=mode)


def first_of(rows: Iterable[Row], **wanted: Any) -> Row:
    """Return the first row with these values that is no failure, else an empty one."""
    for row in rows:
        if "failure" not in row and all(row[key] == value for key, value in wanted.items()):
            return row
    return {}
