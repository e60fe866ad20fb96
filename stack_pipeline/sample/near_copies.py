"""Three files A, B, C in a chain: A resembles B and B resembles C, but A does not resemble C."""

from __future__ import annotations

from typing import Literal

from stack_pipeline.sample.python_code import median_function
from stack_pipeline.sample.vocabulary import Thing, things

Link = Literal["A", "B", "C"]
_BLOCKS = 10


def chain(link: Link) -> str:
    """Return one of the three files.

    Each has ten functions. B replaces one of A's and C one more, so that of twelve functions A and B share
    nine of eleven (Jaccard similarity about 0.82), B and C too, but A and C only eight of twelve (about
    0.67).
    """
    first, last = {"A": (0, _BLOCKS), "B": (1, _BLOCKS + 1), "C": (2, _BLOCKS + 2)}[link]
    blocks = [
        median_function(thing, thing.of_type("number")[0]) for thing in _things_with_numbers()[first:last]
    ]
    return "\n\n".join(blocks)


def _things_with_numbers() -> tuple[Thing, ...]:
    return tuple(thing for thing in things() if thing.of_type("number"))[20:]
