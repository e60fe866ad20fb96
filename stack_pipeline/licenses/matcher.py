"""Name the licence of a text, and say whether all of the text is accounted for.

Known licence texts are found by containment, short sentences by their names; what neither explains decides
between *clear* and *unclear*. The budget for unexplained words is small, and a word that could grant, limit
or forbid something is never within it: taking a restricted text for a permissive one is the error that must
not happen, so every doubt ends in "unclear".
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from .deny import RESTRICTIVE_URL, denies
from .expressions import conjunction, disjunction, license_ids, parse
from .profiles import WIDEST_PROFILE, is_permissive
from .statements import Statements, read_statements
from .text_index import Alignment, TextIndex, text_index
from .vocabulary import FILLER_WORDS, MISSED_WORDS, RISKY_WORDS
from .wording import Wording, reduce_text

MAX_UNEXPLAINED_WORDS = 40
MAX_UNEXPLAINED_SHARE = 0.06
MAX_UNEXPLAINED_RUN = 10
_FREE_WORDS = 4
_FREE_FOREIGN_LETTERS = 6
_LEAST_CANDIDATE = 0.55
_LEAST_DETECTED = 0.6
_LEAST_CLEAR = 0.9
_CANDIDATES = 6
_MAX_LICENSES = 24
_LEAST_GAIN = 8
_INSIDE_GAP = 30

Status = Literal["clear", "unclear", "none"]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LicenseMatch:
    """What a text says about its licence.

    Attributes:
        expression: Canonical SPDX expression of everything recognised, or None.
        status: "clear" if all that matters is recognised, "unclear" if something is not, "none" if a header
            says nothing about licences. A licence file is never "none": it is clear or unclear.
        coverage: Share of the words that are explained, in [0, 1]; 1 for a text without words.
        unexplained_words: Number of words that are not.
        matcher: How it was recognised: "text", "header", "statement", "tag", joined by "+", or "" if it was
            not.
        text_id: SHA-256 (hex) of the text's UTF-8 bytes.
    """

    expression: str | None
    status: Status
    coverage: float
    unexplained_words: int
    matcher: str
    text_id: str


@dataclass(frozen=True)
class _Found:
    """Licences found as texts, and the words they explain."""

    alignments: tuple[Alignment, ...]
    explained: Mask
    is_exact: bool


def text_id(text: str) -> str:
    """Return the SHA-256 (hex) of the UTF-8 bytes of `text`."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class LicenseMatcher:
    """Matches texts against all SPDX licences; remembers its answers by normalised text.

    Cheap to make and to pickle: the index over the licence texts belongs to the process, not to the matcher.

    Examples:
        >>> match = LicenseMatcher().match("Released under the MIT license.")
        >>> match.expression, match.status
        ('MIT', 'clear')
    """

    def __init__(self, *, cache_size: int = 4096) -> None:
        """Make a matcher that remembers `cache_size` normalised texts."""
        self._cache_size = cache_size
        self._cache: OrderedDict[bytes, LicenseMatch] = OrderedDict()

    def __reduce__(self) -> tuple[object, ...]:
        return _matcher, (self._cache_size,)

    def match(self, text: str) -> LicenseMatch:
        """Name the licence of a licence file. Never raises; any text is answered."""
        return self._remembered(text, is_header=False)

    def match_header(self, comment: str) -> LicenseMatch:
        """Name the licence that a comment in code states; words about other things do not matter."""
        return self._remembered(comment, is_header=True)

    def _remembered(self, text: str, *, is_header: bool) -> LicenseMatch:
        wording = reduce_text(text)
        said = "\n".join(
            [
                str(is_header),
                str(wording.truncated),
                " ".join(wording.words),
                *wording.tags,
                "",
                *wording.urls,
            ]
        )
        key = hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = _match(wording, is_header=is_header)
            if len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(key)
        return replace(found, text_id=text_id(text))


def _matcher(cache_size: int) -> LicenseMatcher:
    return LicenseMatcher(cache_size=cache_size)


def _match(wording: Wording, *, is_header: bool) -> LicenseMatch:
    words = wording.words
    if wording.truncated:
        return LicenseMatch(None, "unclear", 0.0, len(words), "", "")
    found = _find_texts(text_index(), words)
    rest = ["|" if done else word for word, done in zip(words, found.explained.tolist(), strict=True)]
    said = read_statements(rest, is_header=is_header)
    tags = [parse(tag) for tag in map(_bare_tag, wording.tags)]
    explained = found.explained.copy()
    for first, last in said.explained:
        explained[first:last] = True
    for first, last in _unexplained_runs(explained):
        run = words[first:last]
        explained[first:last] |= FILLER_WORDS.issuperset(run) or _is_list_mark(run)
    left = [word for word, done in zip(words, explained.tolist(), strict=True) if not done]
    expression = _combine(found, said, [tag for tag in tags if tag])
    clear = found.is_exact and not said.is_limited and None not in tags
    clear = clear and not _restricted_by_url(wording, expression)
    open_families = _open_families(found, said)
    if is_header:
        clear = clear and not any(family.startswith("CC") for family in open_families)
        clear = clear and (not open_families or expression is None or _permissive(expression))
        clear = clear and not denies(" ".join(left)) and _inside_is_harmless(words, found)
        status: Status = "unclear" if not clear else "none" if expression is None else "clear"
    else:
        clear = clear and not open_families and expression is not None and _is_within_budget(words, explained)
        status = "clear" if clear else "unclear"
    coverage = 1.0 - len(left) / len(words) if words else 1.0
    return LicenseMatch(expression, status, coverage, len(left), _how(found, said, tags), "")


def _bare_tag(tag: str) -> str:
    return tag.strip().rstrip("*/->#;%'\" \t")


def _find_texts(index: TextIndex, words: Sequence[str]) -> _Found:
    """Take known texts out of `words` one by one, the one that explains most first."""
    unexplained: Mask = np.ones(len(words), dtype=np.bool_)
    taken: list[Alignment] = []
    exact = True
    for _ in range(_MAX_LICENSES):
        numbers = index.candidates(words, unexplained=unexplained, least=_LEAST_CANDIDATE, limit=_CANDIDATES)
        aligned = [(index.align(words, number, unexplained=unexplained), number) for number in numbers]
        useful = [
            pair
            for pair in aligned
            if pair[0].containment >= _LEAST_DETECTED and pair[0].score >= _LEAST_GAIN
        ]
        if not useful:
            break
        best, number = max(useful, key=lambda pair: pair[0].score)
        taken.append(best)
        exact = exact and best.containment >= _LEAST_CLEAR and MISSED_WORDS.isdisjoint(best.missing)
        unexplained[list(best.covered)] = False
        if best.containment >= _LEAST_CLEAR:
            unexplained &= ~index.repeats(words, number)
    else:
        exact = False
    return _Found(tuple(taken), ~unexplained, exact)


def _combine(found: _Found, said: Statements, tags: Sequence[str]) -> str | None:
    """Join everything with AND, unless the text offers a choice between exactly what was found."""
    texts = {alignment.license for alignment in found.alignments}
    choices = [expression for expression in said.expressions if " OR " in expression]
    offered = {key for choice in choices for key in license_ids(choice)}
    if said.is_choice and len(texts) == 2 and not said.expressions:
        both = disjunction(sorted(texts))
        return conjunction([*filter(None, [both]), *tags])
    plain = _without_implied(sorted(texts - offered), said.expressions)
    return conjunction([*plain, *said.expressions, *tags])


def _without_implied(texts: Sequence[str], stated: Sequence[str]) -> list[str]:
    """Drop "GPL-2.0-only" found as a text where the text around it says "version 2 or later"."""
    later = {license_id.removesuffix("-or-later") for text in stated for license_id in license_ids(text)}
    return [text for text in texts if not (text.endswith("-only") and text.removesuffix("-only") in later)]


def _open_families(found: _Found, said: Statements) -> list[str]:
    """Return the families that were named without saying which licence of them is meant."""
    ids = [alignment.license for alignment in found.alignments]
    ids += [key for expression in said.expressions for key in license_ids(expression)]
    return [family for family in said.families if not any(key.startswith(family) for key in ids)]


def _permissive(expression: str) -> bool:
    return is_permissive(expression, profile=WIDEST_PROFILE)


def _restricted_by_url(wording: Wording, expression: str | None) -> bool:
    if expression is not None and (" OR " in expression or not _permissive(expression)):
        return False
    return any(RESTRICTIVE_URL.search(url) for url in wording.urls)


def _is_within_budget(words: Sequence[str], explained: Mask) -> bool:
    """Return whether the unexplained words are few and scattered, and none of them grants or limits."""
    left = [word for word, done in zip(words, explained.tolist(), strict=True) if not done]
    allowed = max(_FREE_WORDS, min(MAX_UNEXPLAINED_WORDS, int(len(words) * MAX_UNEXPLAINED_SHARE)))
    if len(left) > allowed or not RISKY_WORDS.isdisjoint(left):
        return False
    longest = max((last - first for first, last in _unexplained_runs(explained)), default=0)
    return (
        longest <= MAX_UNEXPLAINED_RUN and sum(not word.isascii() for word in left) <= _FREE_FOREIGN_LETTERS
    )


def _is_list_mark(run: Sequence[str]) -> bool:
    return (
        len(run) == 1 and run[0].isascii() and (len(run[0]) == 1 or (run[0].isdigit() and len(run[0]) == 2))
    )


def _unexplained_runs(explained: Mask) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([True], explained, [True])).astype(np.int8))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _inside_is_harmless(words: Sequence[str], found: _Found) -> bool:
    """Return whether foreign words in the middle of a licence text in a header are harmless."""
    for alignment in found.alignments:
        for here, there in zip(alignment.covered, alignment.covered[1:], strict=False):
            if 1 < there - here <= _INSIDE_GAP:
                between = range(here + 1, there)
                extra = {words[at] for at in between if not found.explained[at]}
                if not RISKY_WORDS.isdisjoint(extra):
                    return False
    return True


def _how(found: _Found, said: Statements, tags: Sequence[str | None]) -> str:
    ways = {"header" if alignment.is_header else "text" for alignment in found.alignments}
    ways |= {"statement"} if said.expressions else set()
    ways |= {"tag"} if any(tags) else set()
    return "+".join(sorted(ways))
