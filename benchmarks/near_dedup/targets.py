"""Compare what was measured with what must be reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.near_dedup.report import Report, first_of

MEMORY_COUNTS_FROM = 1e9
"""Bytes of content below which the interpreter and its libraries are most of the peak."""

BYTES_PER_DOCUMENT = 3000
MOST_STREAMING_BYTES = 500e6
MOST_SHORT_BYTES = 2e9
NEAR_LINEAR = 1.25
"""CPU of ten times the documents, per document, to that of one."""
SECONDS_PER_BYTE, SECONDS_PER_FILE = 1.2e-3 / 1e6, 1e-6


class Target(NamedTuple):
    """One line: what is measured, the bound, the value (None if it was not measured), and the unit of both."""

    what: str
    at_least: float | None
    at_most: float | None
    value: float | None
    unit: str

    @property
    def verdict(self) -> str:
        """`reached`, `MISSED` with how much is lacking, or `not measured`."""
        if self.value is None:
            return "not measured"
        if self.at_least is not None and self.value < self.at_least:
            return f"MISSED by {1 - self.value / self.at_least:.1%}"
        if self.at_most is not None and self.value > self.at_most:
            excess = f" by {self.value / self.at_most - 1:.1%}" if self.at_most else ""
            return f"MISSED{excess}"
        return "reached"


def targets(report: Report) -> list[Target]:
    """Return all targets with what this run measured."""
    return [
        *_signatures(report),
        *_end_to_end(report),
        *_clustering(report),
        *_memory(report),
        *_threads(report),
        *_quality(report),
        *_short(report),
    ]


def _signatures(report: Report) -> Iterator[Target]:
    best = report.signature_rate("default")
    for peer, factor in (("daft", 15), ("datasketch", 80)):
        theirs = report.rate(report.peer(peer).get("signature_seconds"))
        yield Target(f"signatures, times {peer}", factor, None, _ratio(best, theirs), "×")
    for path, least in (("avx2", 650), ("avx512", 900)):
        yield Target(f"signatures with {path}", least, None, report.signature_rate("default", path), "MB/s")
    for scheme, least in (("datasketch", 200), ("bigcode", 65)):
        yield Target(f"signatures of scheme {scheme}", least, None, report.signature_rate(scheme), "MB/s")


def _end_to_end(report: Report) -> Iterator[Target]:
    ours = report.rate(report.our_run(0.7, kind="star", mode="memory").get("cpu_seconds"))
    theirs = report.rate(report.peer("daft").get("cpu_seconds"))
    yield Target("end to end, times daft", 5, None, _ratio(ours, theirs), "×")
    yield Target("end to end", 250, None, ours, "MB/s")


def _clustering(report: Report) -> Iterator[Target]:
    spent, read = report.clustering.get("cpu_seconds"), report.clustering.get("bytes_read")
    files = report.corpus.files
    bound = None if read is None else read * SECONDS_PER_BYTE + files * SECONDS_PER_FILE
    what = "clustering and verification"
    if read is not None:
        what += f" ({read / 1e6:,.0f} MB read again): CPU"
    yield Target(what, None, bound, spent, "s")
    each = None if spent is None else spent / files * 1e6
    yield Target("clustering and verification, CPU per document", None, None, each, "µs")
    yield Target("byte-identical copies, CPU", None, None, report.clustering.get("hashing_seconds"), "s")


def _memory(report: Report) -> Iterator[Target]:
    if report.corpus.content_bytes < MEMORY_COUNTS_FROM:
        return
    held = report.our_run(0.7, kind="star", mode="memory").get("peak_bytes")
    bound = report.corpus.content_bytes + BYTES_PER_DOCUMENT * report.corpus.files
    yield Target("peak in memory: text + 3 kB per document", None, bound / 1e6, _millions(held), "MB")
    streamed = report.our_run(0.7, kind="star", mode="streaming").get("peak_bytes")
    yield Target("peak streaming", None, MOST_STREAMING_BYTES / 1e6, _millions(streamed), "MB")


def _threads(report: Report) -> Iterator[Target]:
    for function in ("minhash", "find_near_duplicates"):
        one, two = (first_of(report.threads, function=function, threads=count) for count in (1, 2))
        ratio = _ratio(two.get("cpu_seconds"), one.get("cpu_seconds"))
        yield Target(f"{function}: CPU of two threads to one", None, 1.15, ratio, "×")
        parallelism = two.get("parallelism")
        yield Target(f"{function}: threads that could run, of two", 1.9, None, parallelism, "")


def _quality(report: Report) -> Iterator[Target]:
    for threshold in report.truths:
        for kind in ("star", "components"):
            judged = report.our_run(threshold, kind=kind, mode="memory").get("judgement", {})
            recall = judged.get("recall")
            what = f"{kind} at {threshold}"
            share = None if recall is None else recall * 100
            yield Target(f"{what}: exact removals found", 99, None, share, "%")
            yield Target(f"{what}: removed below the threshold", None, 0, judged.get("unlike"), "files")


def _short(report: Report) -> Iterator[Target]:
    if not report.short:
        return
    few, many = report.short[0], report.short[-1]
    growth = _ratio(many.get("cpu_seconds"), few.get("cpu_seconds"))
    linear = None if growth is None else growth / (many["documents"] / few["documents"])
    yield Target("10 M short documents: CPU per document, times that of 1 M", None, NEAR_LINEAR, linear, "×")
    peak = _millions(many.get("peak_bytes"))
    yield Target("10 M short documents: peak streaming", None, MOST_SHORT_BYTES / 1e6, peak, "MB")


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one and other else None


def _millions(value: float | None) -> float | None:
    return None if value is None else value / 1e6
