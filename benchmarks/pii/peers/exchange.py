"""Read texts, hand them to a tool, write its finds and its CPU time."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A text to search."""

    id: str
    text: str
    suffix: str


#: Start, end (characters) and label of a find.
Place = tuple[int, int, str]


def serve(load: Callable[[], Callable[[list[Text]], Iterable[list[Place]]]]) -> None:
    """Load a tool, search all texts of standard input, and write what it finds."""
    rows = (json.loads(line) for line in sys.stdin.buffer)
    texts = [Text(row["id"], row["text"], row.get("suffix", ".txt")) for row in rows]
    before = _cpu_seconds()
    search = load()
    loaded = _cpu_seconds()
    found = list(search(texts))
    done = _cpu_seconds()
    for text, places in zip(texts, found, strict=True):
        spans = [{"start": start, "end": end, "label": label} for start, end, label in places]
        print(json.dumps({"id": text.id, "spans": spans}))
    print(json.dumps({"cpu_seconds": done - loaded, "start_seconds": loaded - before}))


def one_by_one(find: Callable[[Text], Iterable[Place]]) -> Callable[[list[Text]], Iterator[list[Place]]]:
    """Return a search of many texts by a search of one."""

    def search(texts: list[Text]) -> Iterator[list[Place]]:
        for text in texts:
            yield list(find(text))

    return search


def line_starts(text: str) -> list[int]:
    """Return the position of each line's first character; lines end with a line feed."""
    starts = [0]
    while (end := text.find("\n", starts[-1])) >= 0:
        starts.append(end + 1)
    return starts


def occurrences(text: str, value: str, start: int, end: int) -> Iterator[Place]:
    """Yield the places of a secret between two positions; they do not overlap."""
    while (place := text.find(value, start, end)) >= 0:
        start = place + len(value)
        yield place, start, "SECRET"


def _cpu_seconds() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
