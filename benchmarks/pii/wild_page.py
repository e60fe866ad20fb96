"""Write the page on real repositories: finds per MB by kind and by detector, and how many of the judged ones are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from benchmarks.pii.judgements import Judgement, Precision
from benchmarks.pii.wild_finds import WildFind
from benchmarks.tables import table

_MB = 1e6
_METHOD = """\
All text files of HEAD up to a megabyte. Judged are finds whose place stands in `judgements.csv`; they were drawn by the hash of their
place and judged from masked lines and the value's shape. *Right* is the share of the judged that are true, finds that nobody is sure of
left out, with its Wilson interval of 95 %; *false per MB* is finds per MB times the share of the judged that are false, and
what it would be at the interval's lower end. Rules were written with most of these judgements in sight, so the tables flatter them; of
finds that were drawn and judged only after the rules, 69 of 69 keys, 97 of 100 passwords and 40 of 40 IP addresses were right."""

_COLUMNS = ("", "finds", "per MB", "true", "false", "unsure", "right", "interval", "false per MB", "at most")


def page_text(
    found: Mapping[str, tuple[int, Sequence[WildFind]]],
    judged: Mapping[str, Judgement],
    *,
    repositories: int,
    without: Sequence[str] = (),
    machine: str,
) -> str:
    """Return the page.

    Args:
        found: By policy, the bytes that were read, and the finds.
        judged: The judgements by place.
        repositories: How many were read.
        without: Names of those that were left out.
        machine: A line on the machine.
    """
    command = "python -m benchmarks.pii.wild --repositories …"
    if without:
        command += f" --without {','.join(without)}"
    parts = ["# Finds in real repositories", f"Made by `{command}`.", _METHOD]
    for policy, (size, finds) in found.items():
        parts += [
            f"## Policy `{policy}`",
            f"{repositories:,} repositories, {size / _MB:,.1f} MB, {len(finds):,} finds.",
            _by(finds, judged, size, lambda find: find.kind),
            _by(finds, judged, size, lambda find: f"{find.kind}, `{find.detector}`"),
        ]
    return "\n\n".join([*parts, f"Machine: {machine}."]) + "\n"


def _by(
    finds: Iterable[WildFind], judged: Mapping[str, Judgement], size: int, name: Callable[[WildFind], str]
) -> str:
    counts: Counter[str] = Counter()
    verdicts: dict[str, Counter[str]] = {}
    for find in finds:
        counts[name(find)] += 1
        given = verdicts.setdefault(name(find), Counter())
        if find.place in judged:
            given[judged[find.place].verdict] += 1
    rows = (_row(key, counts[key], size, Precision.of(verdicts[key])) for key in sorted(counts))
    return table(_COLUMNS, rows)


def _row(name: str, count: int, size: int, precision: Precision) -> tuple[Any, ...]:
    rate = count / (size / _MB) if size else 0.0
    verdicts = (precision.right, precision.wrong, precision.unsure)
    if precision.share is None:
        return (name, count, rate, *verdicts, *[None] * 4)
    low, high = precision.interval
    interval = f"{low:.3f} – {high:.3f}"
    return (
        name,
        count,
        rate,
        *verdicts,
        f"{precision.share:.3f}",
        interval,
        rate * (1 - precision.share),
        rate * (1 - low),
    )
