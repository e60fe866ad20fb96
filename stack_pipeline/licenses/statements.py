"""Read what a text says about licences in plain sentences: "released under the MIT license or the GPLv2".

Works on joined words in which everything that a known licence text explains is already replaced by `|`. Names
that stand together with nothing but connecting words between them form one choice or one list. A name of a
licence that is not permissive counts wherever it stands; a permissive name counts only in a sentence that
grants something.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from .expressions import conjunction, disjunction, parse
from .names import Name, find_names
from .profiles import WIDEST_PROFILE, is_permissive
from .vocabulary import CONNECTING_WORDS, FILLER_WORDS, GRANTING_WORDS, LIMITING_WORDS, NEGATING_WORDS

_CHOICE = re.compile(
    r"\b(?:dual|triple|multi|double) licens\w{0,4}|\bat your (?:option|choice)|\b(?:choose|select|"
    r"pick) (?:either|one|between|"
    r"which)|\b(?:either|one) of (?:the|these|two|three|those|following)\b|"
    r"\bor(?: at your option)? (?:under )?the terms of\b|"
    r"\bunder the terms of either\b"
)
MAX_NAMES = 400
"""A text that names licences more often is read up to here, and never clear."""

#: What a name without version is read as -> prefix of the ids with one.
_VAGUE = {
    "GPL-1.0-or-later": "GPL-",
    "LGPL-2.0-or-later": "LGPL-",
    "AGPL-1.0-or-later": "AGPL-",
    "LicenseRef-MPL": "MPL-",
    "LicenseRef-EPL": "EPL-",
    "LicenseRef-CDDL": "CDDL-",
    "LicenseRef-Elastic": "Elastic-",
}
_MAX_GAP_WORDS = 12
_CHOICE_REACH_CHARS = 300


@dataclass(frozen=True)
class Statements:
    """What the sentences of a text say.

    Attributes:
        expressions: Canonical expressions, all of which apply, in order of appearance.
        families: Prefixes of ids that were named without a version ("BSD-").
        explained: Pairs (first word, word after the last) that these sentences take up.
        is_choice: Whether the text offers a choice without naming its sides in one sentence.
        is_limited: Whether words that limit a grant follow a permissive name closely, or names are too many
            to read.
    """

    expressions: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    explained: tuple[tuple[int, int], ...] = ()
    is_choice: bool = False
    is_limited: bool = False


@dataclass(frozen=True)
class _Chain:
    """Names with only connecting words between them, in the words from `first` up to `last`, exclusive."""

    names: tuple[Name, ...]
    first: int
    last: int


def _chains(words: Sequence[str], names: Sequence[Name], starts: Sequence[int]) -> list[_Chain]:
    """Group names that are listed together: "A, B or C" is one chain, and a name right behind it starts the
    next.

    Sentence ends are lost in words, so a list must end with its connecting word: "A or B. C …" is not "A or B
    or C".
    """
    chains: list[_Chain] = []
    connected = False
    for name in names:
        first = bisect_right(starts, name.start) - 1
        last = bisect_right(starts, name.end - 1)
        gap = words[chains[-1].last : first] if chains else ()
        connects = "or" in gap or "and" in gap
        if (
            chains
            and CONNECTING_WORDS.issuperset(gap)
            and len(gap) <= _MAX_GAP_WORDS
            and (connects or not connected)
        ):
            chains[-1] = _Chain((*chains[-1].names, name), chains[-1].first, last)
            connected = connected or connects
        else:
            chains.append(_Chain((name,), first, last))
            connected = False
    return chains


def _widen(words: Sequence[str], chain: _Chain) -> tuple[int, int]:
    """Return the range of a chain together with the connecting words around it."""
    first, last = chain.first, chain.last
    while first > 0 and words[first - 1] in FILLER_WORDS:
        first -= 1
    while last < len(words) and words[last] in FILLER_WORDS:
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
        is_header: Whether they come from a comment in code, where a permissive name counts only after a word
            such as "under"; in a licence file a title ("MIT License") is enough.
    """
    said = " ".join(words)
    names = list(islice(find_names(said), MAX_NAMES + 1))
    if not names:
        return Statements(is_choice=bool(_CHOICE.search(said)))
    starts = _word_starts(words)
    expressions: list[str] = []
    families: list[str] = []
    explained: list[tuple[int, int]] = []
    limited = len(names) > MAX_NAMES
    for chain in _chains(words, names, starts):
        expression = _expression(words, chain, said=said, starts=starts)
        first, last = _widen(words, chain)
        if expression is None or is_permissive(expression, profile=WIDEST_PROFILE):
            if not _grants(words, chain, is_header=is_header, said=said):
                continue
            limited = limited or not LIMITING_WORDS.isdisjoint(words[last : last + 8])
        expressions += [expression] if expression else []
        families += [name.family for name in chain.names if name.family]
        explained.append((first, last))
    return Statements(
        _without_vague(expressions),
        tuple(sorted(set(families))),
        tuple(explained),
        bool(_CHOICE.search(said)),
        limited,
    )


def _without_vague(expressions: Sequence[str]) -> tuple[str, ...]:
    """Drop repeats, and a name without version ("the GPL") where the licence stands with one, by itself."""
    kept = tuple(dict.fromkeys(expressions))
    plain = [expression for expression in kept if " OR " not in expression and expression not in _VAGUE]
    return tuple(
        expression
        for expression in kept
        if expression not in _VAGUE or not any(other.startswith(_VAGUE[expression]) for other in plain)
    )


def _grants(words: Sequence[str], chain: _Chain, *, is_header: bool, said: str) -> bool:
    before = words[max(0, chain.first - 10) : chain.first]
    if "|" in before:
        before = before[len(before) - before[::-1].index("|") :]
    if not NEGATING_WORDS.isdisjoint(before[-6:]):
        return False
    named = said[chain.names[0].start : chain.names[-1].end]
    if "to the public domain" in named or "in the public domain" in named or "into the public" in named:
        return True
    if not GRANTING_WORDS.isdisjoint(before) and FILLER_WORDS.issuperset(before[-1:]):
        return True
    return not is_header and ("licens" in named or len(words) <= 6 or chain.first <= 2)


def _word_starts(words: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return starts
