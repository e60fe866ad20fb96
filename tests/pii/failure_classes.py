"""Tables of failure classes: per class, marked texts that other finders get wrong, in both directions.

Marks are those of `benchmarks.pii.cases.reader`: `⟦KIND|value⟧`. A text without marks must have no find at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from benchmarks.pii.cases.reader import OPEN, parse
from pii import find

Classes = Mapping[str, Sequence[str]]

#: Least number of texts of a class with something to find, and without.
LEAST_FINDS, LEAST_LEFT = 3, 3


def each_text(classes: Classes) -> Iterator[object]:
    """Yield every text of every class, named by class and number."""
    for name, texts in classes.items():
        for number, marked in enumerate(texts, start=1):
            yield pytest.param(marked, id=f"{name}/{number}")


def found_and_marked(marked: str) -> tuple[list[tuple[str, str, int]], list[tuple[str, str, int]]]:
    """Return what is found in a text and what is marked there: kind, value and first character of each."""
    text, spans = parse(marked)
    found = [(span.kind, text[span.start : span.end], span.start) for span in find(text)]
    return found, [(span.kind, text[span.start : span.end], span.start) for span in spans]


def one_sided(classes: Classes) -> list[str]:
    """Return the classes that have too few texts of one direction."""
    finds = {name: sum(OPEN in text for text in texts) for name, texts in classes.items()}
    return [
        name
        for name, texts in classes.items()
        if finds[name] < LEAST_FINDS or len(texts) - finds[name] < LEAST_LEFT
    ]
