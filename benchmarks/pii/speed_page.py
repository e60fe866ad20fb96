"""Write the page on speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.tables import cell, table

Row = Mapping[str, Any]

_MB = 1e6
_METHOD = """\
Every tool is a process of its own on one core. MB are 10⁶ bytes of UTF-8 text; rates are MB per second of CPU time (user and system)
of finding alone: texts are read, and rules and models loaded, before the clock starts. gitleaks is a program, so its start is within
the time, as are the files that it and others read. Ours is the median of several runs. *Peak* is the most memory in use during the
call above what was in use before, with the batch and the rules loaded; the result is in it. A peer that is slow reads the first part
of the same bytes, and its ratio is against ours on that part, looking for the same kinds."""


def page_text(
    ours: Mapping[str, Row], peers: Sequence[Row], *, command: str, given: bool, machine: str
) -> str:
    """Return the page."""
    arrays = ours["arrays"]
    corpus = "a corpus that was given" if given else "the small corpus of `benchmarks/near_dedup`"
    said = f"On {corpus}: {arrays['texts']:,} texts, {arrays['bytes'] / _MB:,.1f} MB, {arrays['finds']:,} finds of ours."
    return (
        "\n\n".join(
            (
                "# The speed of finding personal data and secrets, beside the peers",
                f"Made by `{command}`.",
                _METHOD,
                "## Ours",
                said,
                _calls(arrays),
                f"`find` on one text of 2,000 characters: {ours['texts']['cpu_seconds'] * 1e6:.1f} µs.",
                "## Hostile lines",
                "`find`, all kinds, on one line of a megabyte.",
                table(("line", "ms"), ((name, seconds * 1e3) for name, seconds in ours["hostile"].items())),
                "## Peers",
                table(
                    ("peer", "looks for", "MB", "finds", "loading s", "MB/s", "ours MB/s", "ours is", ""),
                    map(_peer, peers),
                )
                if peers
                else "None asked for.",
                f"Machine: {machine}.",
            )
        )
        + "\n"
    )


def _calls(arrays: Row) -> str:
    rows = []
    for name, call in arrays["calls"].items():
        peak = call["peak_bytes"]
        rows.append(
            (
                f"`{name}`".replace(", ", "`, ", 1).removesuffix("`"),
                _rate(arrays["bytes"], call["cpu_seconds"]),
                peak and peak / _MB,
            )
        )
    return table(("call", "MB/s", "peak MB"), rows)


def _peer(row: Row) -> tuple[Any, ...]:
    name = f"{row['name']} ({row['version'].rpartition(' ')[2]})"
    kinds = ", ".join(kind.lower().replace("_", " ") for kind in row["kinds"])
    if "failure" in row:
        return (name, kinds, *[None] * 6, f"did not run: {row['failure']}")
    theirs, ours = (_rate(row["bytes"], row[seconds]) for seconds in ("cpu_seconds", "ours_seconds"))
    ratio = f"{cell(ours / theirs)} ×" if theirs and ours else None
    return (name, kinds, row["bytes"] / _MB, row["found"], row["start_seconds"], theirs, ours, ratio, "")


def _rate(size: int, seconds: float) -> float | None:
    return size / _MB / seconds if seconds else None
