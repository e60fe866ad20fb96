"""Say where a value was found: the one small type between finding and replacing.

A span is a half-open range over the text that was searched: characters for `str`, bytes for `bytes`.
Finding and replacing meet only here, so either side can be exchanged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EMAIL = "EMAIL"
IP_ADDRESS = "IP_ADDRESS"
KEY = "KEY"
NAME = "NAME"
PASSWORD = "PASSWORD"
USERNAME = "USERNAME"

#: Every kind that can be found, in alphabetical order.
KINDS: tuple[str, ...] = (EMAIL, IP_ADDRESS, KEY, NAME, PASSWORD, USERNAME)

#: The kinds that are looked for unless others are asked for.
DEFAULT_KINDS: tuple[str, ...] = (EMAIL, IP_ADDRESS, KEY, PASSWORD)

#: What decides between kinds that are otherwise equal: a secret must not be called an address.
_RANK = {KEY: 0, PASSWORD: 1, EMAIL: 2, IP_ADDRESS: 3, USERNAME: 4, NAME: 5}


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """One place that holds personal data or a secret.

    Attributes:
        start: First position, in characters (`str`) or bytes (`bytes`) of the searched text.
        end: Position after the last.
        kind: One of `KINDS`.
        detector: Name of the rule that decided.
        confidence: How sure that rule is, in (0, 1].
    """

    start: int
    end: int
    kind: str
    detector: str
    confidence: float

    def __len__(self) -> int:
        return self.end - self.start


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Merge overlapping spans into their union, so that no part of any of them is left outside.

    The union takes kind, detector and confidence from its longest member; of equally long ones from the most
    confident, then by kind (KEY, PASSWORD, EMAIL, IP_ADDRESS, USERNAME, NAME in this order), then by the
    detector's name. Spans that only touch stay apart; empty ones vanish.

    Examples:
        >>> merge_spans([Span(0, 4, "EMAIL", "email", 0.9), Span(2, 9, "KEY", "quoted", 0.5)])
        [Span(start=0, end=9, kind='KEY', detector='quoted', confidence=0.5)]
    """
    merged: list[Span] = []
    group: list[Span] = []
    end = -1
    for span in sorted(span for span in spans if span.end > span.start):
        if group and span.start >= end:
            merged.append(_union(group, end))
            group = []
        end = max(end, span.end) if group else span.end
        group.append(span)
    if group:
        merged.append(_union(group, end))
    return merged


def _union(group: list[Span], end: int) -> Span:
    chosen = min(group, key=lambda s: (-len(s), -s.confidence, _RANK[s.kind], s.detector))
    return Span(group[0].start, end, chosen.kind, chosen.detector, chosen.confidence)
