"""Find which known licence texts a text contains, and which words of both are left over.

Containment over word 4-grams: an inverted index over all SPDX texts proposes a few licences, then each is
aligned with the text word by word (longest increasing chain of common 4-grams, small gaps compared directly).
Every 4-gram is an exact 64-bit number (four 16-bit word ids), so there are no hash collisions. Cost is linear
in the text but for the sort inside the chain.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .vendored import license_texts
from .wording import reduce_text

NGRAM = 4
_MAX_REPEATS = 8
_MAX_GAP = 60
_MAX_TITLE_WORDS = 12

Words = npt.NDArray[np.int64]


def _ids(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Ids that SPDX has replaced by others, and texts that are no licence.
_DEPRECATED = _ids(
    """
    AGPL-1.0 AGPL-3.0 BSD-2-Clause-FreeBSD BSD-2-Clause-NetBSD GFDL-1.1 GFDL-1.2 GFDL-1.3 GPL-1.0 GPL-2.0
    GPL-2.0-with-GCC-exception GPL-2.0-with-autoconf-exception GPL-2.0-with-bison-exception
    GPL-2.0-with-classpath-exception GPL-2.0-with-font-exception GPL-3.0 GPL-3.0-with-GCC-exception
    GPL-3.0-with-autoconf-exception LGPL-2.0 LGPL-2.1 LGPL-3.0 Net-SNMP Nunit StandardML-NJ any-OSI
    any-OSI-perl-modules bzip2-1.0.5 eCos-2.0 wxWindows
    """
)
#: Of texts that fit equally well, the first of these wins, then the shortest id.
_COMMON = _ids(
    """
    MIT Apache-2.0 BSD-3-Clause BSD-2-Clause ISC MPL-2.0 GPL-2.0-only GPL-3.0-only LGPL-2.1-only
    LGPL-3.0-only AGPL-3.0-only Unlicense CC0-1.0 Zlib BSL-1.0 OFL-1.1 Python-2.0 CC-BY-4.0 CC-BY-3.0
    """
)
#: Standard headers that stand for the whole licence, cut out of its text: (id, first words, last words).
_HEADERS = (
    ("Apache-2.0", "licensed under the apache license version 2 0", "limitations under the license"),
    ("MulanPSL-2.0", "is licensed under mulan psl v2", "see the mulan psl v2 for more details"),
)
#: Parts that a copy of the licence may leave out: (id, first words, last words or "" for the end of the
#: text).
_OPTIONAL = (
    ("Apache-2.0", "end of terms and conditions", ""),
    ("ECL-2.0", "end of terms and conditions", ""),
    ("Unlicense", "for more information please refer to", ""),
    ("CC0-1.0", "creative commons corporation is not a law firm", "information or works provided hereunder"),
    (
        "CC-BY-4.0",
        "creative commons corporation creative commons is not a law firm",
        "considerations for the public",
    ),
    ("CC-BY-4.0", "creative commons is not a party to its public licenses", ""),
    ("OFL-1.1", "this font software is licensed under the sil open font license", "with a faq at"),
    ("X11", "x window system is a trademark of", ""),
)


@dataclass(frozen=True)
class KnownText:
    """A licence text or standard header as word ids; `optional` marks the words that a copy may leave out."""

    license: str
    words: Words
    optional: npt.NDArray[np.bool_]
    is_header: bool


@dataclass(frozen=True)
class Alignment:
    """How one known text lies in a text.

    Attributes:
        license: SPDX id of the known text.
        is_header: Whether it is a standard header only.
        covered: Positions in the text that it explains, ascending.
        missing: Words of the known text that the text lacks, in order, optional parts left out.
        size: Words of the known text that a copy must have.
        score: Words explained minus words missing.
    """

    license: str
    is_header: bool
    covered: tuple[int, ...]
    missing: tuple[str, ...]
    size: int
    score: int

    @property
    def containment(self) -> float:
        """Share of the known text's necessary words that the text has, in [0, 1]."""
        return 1.0 - len(self.missing) / self.size if self.size else 0.0


def _preference(license_id: str) -> tuple[int, int, str]:
    rank = _COMMON.index(license_id) if license_id in _COMMON else len(_COMMON)
    return rank, len(license_id), license_id


def _phrase(words: Sequence[str], phrase: str, *, after: int = 0) -> int:
    """Return where `phrase` begins in `words` at or after `after`, or -1."""
    said = " ".join(words[after:])
    at = f" {said} ".find(f" {phrase} ")
    return -1 if at < 0 else after + said[:at].count(" ")


def _span(words: Sequence[str], first: str, last: str) -> tuple[int, int] | None:
    start = _phrase(words, first)
    if start < 0:
        return None
    if not last:
        return start, len(words)
    end = _phrase(words, last, after=start)
    return None if end < 0 else (start, end + last.count(" ") + 1)


def _title_words(text: str) -> int:
    """Return how many words the short paragraphs at the head of a licence text have: titles and notices."""
    count = 0
    for paragraph in text.strip().split("\n\n"):
        words = len(reduce_text(paragraph).words)
        if words > _MAX_TITLE_WORDS:
            return count
        count += words
    return 0


def _grams(words: Words) -> npt.NDArray[np.uint64]:
    """Return the 4-gram at each position as one number; 0 where a word is unknown."""
    if len(words) < NGRAM:
        return np.zeros(0, dtype=np.uint64)
    parts = [words[i : len(words) - NGRAM + 1 + i].astype(np.uint64) for i in range(NGRAM)]
    key = parts[0]
    for part in parts[1:]:
        key = (key << np.uint64(16)) | part
    known = np.all(np.stack(parts) > 0, axis=0)
    return np.where(known, key, np.uint64(0))


class TextIndex:
    """All known licence texts, ready to be searched. Build it once, with `text_index()`."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        """Index `(SPDX id, text)` pairs; of equal texts the commonest id stays."""
        self._ids: dict[str, int] = {}
        self._vocabulary: list[str] = [""]
        self.known: list[KnownText] = []
        by_words: dict[tuple[str, ...], tuple[str, str]] = {}
        for license_id, text in sorted(texts, key=lambda pair: _preference(pair[0])):
            if license_id not in _DEPRECATED:
                by_words.setdefault(reduce_text(text).words, (license_id, text))
        for words, (license_id, text) in by_words.items():
            self._add(license_id, words, text)
        self._build()

    def _add(self, license_id: str, words: tuple[str, ...], text: str) -> None:
        optional = np.zeros(len(words), dtype=np.bool_)
        optional[: _title_words(text)] = True
        for owner, first, last in _OPTIONAL:
            span = _span(words, first, last) if owner == license_id else None
            if span:
                optional[span[0] : span[1]] = True
        self._append(license_id, words, optional, is_header=False)
        for owner, first, last in _HEADERS:
            span = _span(words, first, last) if owner == license_id else None
            if span:
                part = words[span[0] : span[1]]
                self._append(license_id, part, np.zeros(len(part), dtype=np.bool_), is_header=True)

    def _append(
        self, license_id: str, words: Sequence[str], optional: npt.NDArray[np.bool_], *, is_header: bool
    ) -> None:
        for word in words:
            if word not in self._ids:
                self._ids[word] = len(self._vocabulary)
                self._vocabulary.append(word)
        if len(self._vocabulary) >= 1 << 16:
            raise ValueError("licence texts: more than 65,535 distinct words")
        self.known.append(KnownText(license_id, self._encode(words), optional, is_header))

    def _build(self) -> None:
        """Make the inverted index: sorted distinct 4-grams, and for each the texts that have it."""
        grams = [np.unique(_grams(known.words)) for known in self.known]
        self._sizes = np.array([max(len(keys), 1) for keys in grams])
        owners = np.repeat(np.arange(len(grams)), [len(keys) for keys in grams])
        keys = np.concatenate(grams)
        order = np.argsort(keys, kind="stable")
        self._keys, starts = np.unique(keys[order], return_index=True)
        self._owners = owners[order]
        self._starts = np.append(starts, len(keys))
        #: Per text, the positions of each of its 4-grams; a 4-gram that repeats too often helps no alignment.
        self._places: list[dict[int, list[int]] | None] = [None] * len(grams)

    def _encode(self, words: Sequence[str]) -> Words:
        return np.array([self._ids.get(word, 0) for word in words], dtype=np.int64)

    def _places_of(self, number: int) -> dict[int, list[int]]:
        places = self._places[number]
        if places is None:
            places = {}
            for at, key in enumerate(_grams(self.known[number].words).tolist()):
                places.setdefault(key, []).append(at)
            self._places[number] = places = {k: v for k, v in places.items() if k and len(v) <= _MAX_REPEATS}
        return places

    def candidates(
        self, words: Sequence[str], *, unexplained: npt.NDArray[np.bool_], least: float, limit: int
    ) -> list[int]:
        """Return the numbers of the known texts that may lie in `words`, best first.

        Args:
            words: The text.
            unexplained: Which of its words still need an explanation.
            least: Share of the distinct 4-grams of a known text that must be in the text.
            limit: How many to return at most.
        """
        keys = _grams(self._encode(words))
        if not len(keys):
            return []
        fresh = np.array([unexplained[i : len(words) - NGRAM + 1 + i] for i in range(NGRAM)]).any(axis=0)
        found, counts = np.unique(keys[fresh], return_counts=True)
        gains = self._per_text(found, counts)
        every = np.unique(keys)
        shared = self._per_text(every, np.ones(len(every), dtype=np.int64))
        score = gains - (self._sizes - shared)
        good = np.flatnonzero((shared / self._sizes >= least) & (gains > 0))
        return sorted(good.tolist(), key=lambda n: (-score[n], _preference(self.known[n].license)))[:limit]

    def _per_text(self, keys: npt.NDArray[np.uint64], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return for each known text the sum of `counts` over those `keys` that it has."""
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        hit = (self._keys[at] == keys) & (keys > 0)
        at, counts = at[hit], counts[hit]
        lengths = self._starts[at + 1] - self._starts[at]
        if not len(at):
            return np.zeros(len(self.known), dtype=np.int64)
        offsets = np.repeat(self._starts[at] - np.append(0, np.cumsum(lengths)[:-1]), lengths)
        owners = self._owners[np.arange(lengths.sum()) + offsets]
        sums = np.bincount(owners, weights=np.repeat(counts, lengths), minlength=len(self.known))
        return sums.astype(np.int64)

    def align(self, words: Sequence[str], number: int, *, unexplained: npt.NDArray[np.bool_]) -> Alignment:
        """Align known text `number` with the unexplained parts of `words`."""
        known = self.known[number]
        mine = self._encode(words)
        pairs = _chain(_grams(mine).tolist(), self._places_of(number), unexplained)
        here, there = _fill_gaps(pairs, mine, known.words)
        lost = ~there & ~known.optional
        missing = tuple(self._vocabulary[word] for word in known.words[lost].tolist())
        fresh = int(np.count_nonzero(here & unexplained))
        size = int(np.count_nonzero(~known.optional))
        covered = tuple(np.flatnonzero(here).tolist())
        return Alignment(known.license, known.is_header, covered, missing, size, fresh - len(missing))

    def repeats(self, words: Sequence[str], number: int) -> npt.NDArray[np.bool_]:
        """Mark the words that lie in runs of at least 8 words of known text `number`, wherever they stand."""
        keys = _grams(self._encode(words))
        marks = np.zeros(len(words), dtype=np.bool_)
        hit = np.isin(keys, _grams(self.known[number].words)) & (keys > 0)
        edges = np.flatnonzero(np.diff(np.concatenate(([0], hit.astype(np.int8), [0]))))
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if end - start + NGRAM - 1 >= 8:
                marks[start : end + NGRAM - 1] = True
        return marks


def _chain(
    keys: list[int], places: dict[int, list[int]], unexplained: npt.NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Return the longest chain of equal 4-grams as (position here, position there), ascending in both."""
    tails: list[int] = []
    tail_items: list[int] = []
    items: list[tuple[int, int, int]] = []
    for here, key in enumerate(keys):
        if key not in places or not unexplained[here : here + NGRAM].any():
            continue
        for there in reversed(places[key]):
            at = bisect_left(tails, there)
            items.append((here, there, tail_items[at - 1] if at else -1))
            if at == len(tails):
                tails.append(there)
                tail_items.append(len(items) - 1)
            else:
                tails[at] = there
                tail_items[at] = len(items) - 1
    chain: list[tuple[int, int]] = []
    item = tail_items[-1] if tail_items else -1
    while item >= 0:
        here, there, item = items[item]
        chain.append((here, there))
    return chain[::-1]


def _fill_gaps(
    pairs: list[tuple[int, int]], mine: Words, known: Words
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Mark the words under the chain on both sides, and equal words in the small gaps between its links."""
    here = np.zeros(len(mine), dtype=np.bool_)
    there = np.zeros(len(known), dtype=np.bool_)
    ends = (0, 0)
    for at, (i, j) in enumerate([*pairs, (len(mine), len(known))]):
        if (i - ends[0] or j - ends[1]) and 0 < i - ends[0] <= _MAX_GAP and 0 < j - ends[1] <= _MAX_GAP:
            blocks = SequenceMatcher(
                None, mine[ends[0] : i].tolist(), known[ends[1] : j].tolist(), autojunk=False
            ).get_matching_blocks()
            for block in blocks:
                here[ends[0] + block.a : ends[0] + block.a + block.size] = True
                there[ends[1] + block.b : ends[1] + block.b + block.size] = True
        if at < len(pairs):
            here[i : i + NGRAM] = True
            there[j : j + NGRAM] = True
            ends = (i + NGRAM, j + NGRAM)
    return here, there


@lru_cache(maxsize=1)
def text_index() -> TextIndex:
    """Return the index over the vendored SPDX texts; built at the first call (about a second)."""
    return TextIndex(license_texts().items())
