"""Read what a text says about licences in plain sentences: "released under the MIT license or the GPLv2".

Works on joined words in which everything that a known licence text explains is already replaced by `|`. Names that
stand together with nothing but connecting words between them form one choice or one list. A name of a licence that is
not permissive counts wherever it stands; a permissive name counts only in a sentence that grants something.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from .expressions import conjunction, disjunction, parse
from .names import Name, find_names
from .profiles import WIDEST_PROFILE, is_permissive

#: Words that connect names and sentences about licences, and neither grant nor limit anything by themselves.
_FILLER = frozenset(
    """
    a all also an and any are as at available be both by can choice choose code containing contents copy copyright
    covered details distribution distributed dual either file files following found full governed has have here hereby his i in is
    it its itself license licensed licenses licensing made md module more multi of one option or package parts program
    project published released repository root same see select software source style subject technology term terms
    text that the their them these this those to tree triple txt under use used using version versions we which with
    work works you your
    """.split()
)
_GRANTING = frozenset("under licensed license licenses licensing terms copying governed subject".split())
_NEGATING_BEFORE = frozenset(
    "not never no non unlike formerly previously was were originally cannot isn".split()
)
_LIMITING_AFTER = frozenset(
    """
    academic clause commercial commercially commons educational evaluation except excepting excluding noncommercial noncommercially permission personal prohibited redistribution research restricted
    restriction restrictions unless
    """.split()
)
_CHOICE = re.compile(
    r"\b(?:dual|triple|multi|double) licens\w{0,4}|\bat your (?:option|choice)|\b(?:choose|select|pick) (?:either|one|between|"
    r"which)|\b(?:either|one) of (?:the|these|two|three|those|following)\b|\bor(?: at your option)? (?:under )?the terms of\b|"
    r"\bunder the terms of either\b"
)
_MAX_GAP_WORDS = 30
_CHOICE_REACH_CHARS = 300


@dataclass(frozen=True)
class Statements:
    """What the sentences of a text say.

    Attributes:
        expressions: Canonical expressions, all of which apply, in order of appearance.
        families: Prefixes of ids that were named without a version ("BSD-").
        explained: Pairs (first word, word after the last) that these sentences take up.
        is_choice: Whether the text offers a choice without naming its sides in one sentence.
        is_limited: Whether words that limit a grant follow a permissive name closely.
    """

    expressions: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    explained: tuple[tuple[int, int], ...] = ()
    is_choice: bool = False
    is_limited: bool = False


@dataclass(frozen=True)
class _Chain:
    """Names with only connecting words between them; `first` and `last` are word numbers, `last` exclusive."""

    names: tuple[Name, ...]
    first: int
    last: int


def _chains(words: Sequence[str], names: Sequence[Name], starts: Sequence[int]) -> list[_Chain]:
    chains: list[_Chain] = []
    for name in names:
        first = bisect_right(starts, name.start) - 1
        last = bisect_right(starts, name.end - 1)
        if chains and _connects(words[chains[-1].last : first]):
            chains[-1] = _Chain((*chains[-1].names, name), chains[-1].first, last)
        else:
            chains.append(_Chain((name,), first, last))
    return chains


def _connects(gap: Sequence[str]) -> bool:
    return len(gap) <= _MAX_GAP_WORDS and all(word in _FILLER for word in gap)


def _widen(words: Sequence[str], chain: _Chain) -> tuple[int, int]:
    """Return the range of a chain together with the connecting words around it."""
    first, last = chain.first, chain.last
    while first > 0 and words[first - 1] in _FILLER:
        first -= 1
    while last < len(words) and words[last] in _FILLER:
        last += 1
    return first, last


def _is_choice(words: Sequence[str], chain: _Chain, *, said: str, starts: Sequence[int]) -> bool:
    """Return whether a chain offers its names to choose from, rather than lists them all."""
    between = set()
    for left, right in zip(chain.names, chain.names[1:], strict=False):
        between.update(said[left.end : right.start].split())
    if "or" in between and "and" not in between:
        return True
    begin = max(0, starts[chain.first] - _CHOICE_REACH_CHARS)
    around = said[begin : starts[chain.last - 1] + _CHOICE_REACH_CHARS]
    return bool(_CHOICE.search(around))


def _expression(words: Sequence[str], chain: _Chain, *, said: str, starts: Sequence[int]) -> str | None:
    parts = [parse(name.license) for name in chain.names if name.license]
    known = [part for part in parts if part is not None]
    whole = len(known) == len(chain.names) and len(set(known)) > 1
    if whole and _is_choice(words, chain, said=said, starts=starts):
        return disjunction(known)
    return conjunction(known)


def read_statements(words: Sequence[str], *, is_header: bool) -> Statements:
    """Read the sentences in `words`, in which `|` stands for what is explained already.

    Args:
        words: Words of the text, in order.
        is_header: Whether they come from a comment in code, where a permissive name counts only after a word such as
            "under"; in a licence file a title ("MIT License") is enough.
    """
    said = " ".join(words)
    names = list(find_names(said))
    if not names:
        return Statements(is_choice=bool(_CHOICE.search(said)))
    starts = _word_starts(words)
    expressions: list[str] = []
    families: list[str] = []
    explained: list[tuple[int, int]] = []
    limited = False
    for chain in _chains(words, names, starts):
        expression = _expression(words, chain, said=said, starts=starts)
        first, last = _widen(words, chain)
        if expression is None or is_permissive(expression, profile=WIDEST_PROFILE):
            if not _grants(words, chain, is_header=is_header, said=said):
                continue
            limited = limited or not _LIMITING_AFTER.isdisjoint(words[last : last + 8])
        expressions += [expression] if expression else []
        families += [name.family for name in chain.names if name.family]
        explained.append((first, last))
    return Statements(
        tuple(dict.fromkeys(expressions)),
        tuple(sorted(set(families))),
        tuple(explained),
        bool(_CHOICE.search(said)),
        limited,
    )


def _grants(words: Sequence[str], chain: _Chain, *, is_header: bool, said: str) -> bool:
    before = words[max(0, chain.first - 10) : chain.first]
    if "|" in before:
        before = before[len(before) - before[::-1].index("|") :]
    if not _NEGATING_BEFORE.isdisjoint(before[-6:]):
        return False
    named = said[chain.names[0].start : chain.names[-1].end]
    if "to the public domain" in named or "in the public domain" in named or "into the public" in named:
        return True
    if not _GRANTING.isdisjoint(before) and _connects(before[-1:]):
        return True
    return not is_header and ("licens" in named or len(words) <= 6)


def _word_starts(words: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return starts
