"""Reduce a licence text to the words that matter, so that two printings of one licence become equal.

What goes: case, punctuation, comment signs, HTML tags, addresses, copyright notices, SPDX tag lines and the
spelling differences of British and American English. A copyright line that says more than who and when ("…
for non-commercial use only") is kept whole: nothing that could restrict a right may vanish here.

Source: the equivalences follow the SPDX License List Matching Guidelines (annex of the SPDX specification).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import partial

from .vocabulary import NAME_WORDS, RISKY_WORDS, SLOT_WORDS

MAX_TEXT_CHARS = 400_000
"""Longer texts are not read to the end, and so never clear."""

_MAX_NOTICE_CHARS = 300
_URL = re.compile(r"\b(?:https?|ftp)://[^\s<>\"')\]]{1,500}|\bwww\.[^\s<>\"')\]]{1,500}", re.I)
_HTML_TAG = re.compile(
    r"</?(?:a|b|blockquote|body|br|center|code|dd|div|dl|dt|em|font|h[1-6]|head|hr|html|i|li|link|meta|ol|p|pre|"
    r"small|span|strong|style|sub|sup|table|tbody|td|th|title|tr|tt|u|ul)(?:\s[^<>\n]{0,200})?/?>",
    re.I,
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_SPDX_TAG = re.compile(r"SPDX-License-Identifier:[ \t]*(.*)", re.I)
_NOTICE = re.compile(
    r"\W{0,20}(?:(?:all|some|parts?|portions?|modifications?|changes|original work|"
    r"derivative work)\s+(?:of\s+this"
    r"\s+\w{1,20}\s+)?(?:are\s+)?)?(?:SPDX-FileCopyrightText:|copyrights?\b|copr\.|\(c\)\s|&copy;)(?!\s{0,9}(?:holders?|owners?|notices?|"
    r"laws?|licen[cs]es?|interests?|acts?|statements?|treat(?:y|ies)|claims?|infringement|protection|material|and|"
    r"or|in|is|as|to|which|disclaimer)\b)",
    re.I,
)
_JOIN = re.compile(
    r"\b(non|sub)[-\s]{1,3}(infring\w{0,10}|commercial\w{0,6}|licen[cs]\w{0,8}|exclusive\w{0,3})", re.I
)
_NOT = re.compile(r"\b(do|does|is|are|has|have|may|must|should|would|could|can)n?(?:'|\u2019)t\b", re.I)
_OR_LATER = re.compile(r"\b(v?\d(?:\.\d)?|[al]?gplv?\d(?:\.\d)?)\+(?!\+)", re.I)
_RESERVED = re.compile(
    r"\b(?:all rights (?:are )?reserved|(?:unless|except (?:when|where)) (?:otherwise|"
    r"explicitly) (?:specified|noted|stated|indicated)(?: otherwise)?)\b"
)
_YOU_MAY = re.compile(r"\byou (?:may|can) (use|choose|select)\b")
_LIST_MARK = re.compile(r"[^\w\n(]{0,20}(?:\(?(?:[0-9]{1,2}|[a-z]|i{1,3}|iv|v)[.)]\s)", re.I)
_WORD = re.compile(r"[a-z0-9]+|[^\W_]")
_SPELLING = {
    "licence": "license",
    "licences": "licenses",
    "licenced": "licensed",
    "sublicence": "sublicense",
    "acknowledgement": "acknowledgment",
    "authorisation": "authorization",
    "favour": "favor",
    "owner": "holder",
    "owners": "holders",
    "merchantibility": "merchantability",
    "merchantablity": "merchantability",
    "wilful": "willful",
}
#: Places where licences name people: (pattern over joined words, what stands there afterwards).
_SLOTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), filled)
    for pattern, filled in (
        (
            r"\bneither the names? of (?P<name>(?:\w+ ){1,20}?)(?:may|shall|can|"
            r"will) be used to endorse or promote\b",
            "neither the name of the copyright holder nor the names of its contributors may be used to "
            "endorse or promote",
        ),
        (
            r"\b(?:the )?names? (?:of )?(?P<name>(?:\w+ ){1,20}?)(?:may|must|shall|"
            r"can) not be used to endorse or promote\b",
            "neither the name of the copyright holder nor the names of its contributors may be used to "
            "endorse or promote",
        ),
        (
            r"\bcopyright (?:c )?(?P<name>\d{4} (?:\w+ ){1,14}?)"
            r"(?=(?:copyright c|licensed under|permission is hereby|permission to use|"
            r"redistribution and use)\b)",
            " ",
        ),
        (
            r"\bis provided by (?P<name>(?:\w+ ){1,20}?)as is\b",
            "is provided by the copyright holders and contributors as is",
        ),
        (
            r"\bin no event (?:shall|will) (?P<name>(?:\w+ ){1,25}?)be (?:held )?liable\b",
            "in no event shall the copyright holders be liable",
        ),
        (
            r"\b(?:all )?(?:the )?(?:files|code|software|material) (?:in|of|from) (?:the |"
            r"this )?(?P<name>(?:\w+ ){0,3}?)"
            r"(?:source )?(?:distribution|repository|package|project|tree)\b",
            " ",
        ),
        (
            r"\b(?:is|are) (?:subject to|covered by|(?:licensed|distributed|released|available|"
            r"provided) under) "
            r"(?P<name>the following (?:license|terms|copyright|conditions)(?: terms)?)\b",
            " ",
        ),
        (r"\bas is and (?P<name>(?:\w+ ){1,12}?)disclaims? all\b", "as is and the author disclaims all"),
    )
)


@dataclass(frozen=True)
class Wording:
    """A licence text reduced to words.

    Attributes:
        words: The words in order, lower case.
        tags: What follows each `SPDX-License-Identifier:` in the text, in order.
        urls: The page addresses that were left out, lower case, in order.
        truncated: Whether the text is longer than `MAX_TEXT_CHARS`.
    """

    words: tuple[str, ...]
    tags: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    truncated: bool = False


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of one piece of text, without dropping any line.

    A letter outside of `a-z` is a word of its own, so that text in any script keeps its weight.

    Examples:
        >>> words_of("Apache Licence, Version 2.0")
        ('apache', 'license', 'version', '2', '0')
    """
    text = _NOT.sub(r"\1 not", text.replace("(s)", "").replace("(S)", ""))
    text = _JOIN.sub(r"\1\2", _OR_LATER.sub(r"\1 or later ", text))
    return tuple(_SPELLING.get(word, word) for word in _WORD.findall(text.lower()))


def _says_only_who_and_when(line: str) -> bool:
    if len(line) > _MAX_NOTICE_CHARS:
        return False
    said = " ".join(words_of(_URL.sub(" ", line)))
    words = set(said.replace("all rights reserved", " ").replace("free software foundation", " ").split())
    risky = words & RISKY_WORDS
    return "license" not in words and (not risky or (risky <= NAME_WORDS and "for" not in words))


def _fill_slots(words: tuple[str, ...]) -> tuple[str, ...]:
    """Put the same words wherever a licence names its author, so that the name is no difference."""
    said = " ".join(words)
    said = _YOU_MAY.sub(r"you \1", _RESERVED.sub(" ", said))
    for pattern, filled in _SLOTS:
        said = pattern.sub(partial(_filled, filled=filled), said)
    return tuple(said.split())


def _filled(match: re.Match[str], *, filled: str) -> str:
    named = set(match["name"].split()) - SLOT_WORDS
    return filled if RISKY_WORDS.isdisjoint(named) else match[0]


def reduce_text(text: str) -> Wording:
    """Reduce a licence text or a header to a `Wording`; any string is accepted, lone surrogates too.

    Examples:
        >>> reduce_text("Copyright (c) 2020 Jo Doe\\n// MIT License").words
        ('mit', 'license')
    """
    truncated = len(text) > MAX_TEXT_CHARS
    text = unicodedata.normalize("NFKC", text[:MAX_TEXT_CHARS].replace("©", "(c) "))
    truncated = truncated or len(text) > 2 * MAX_TEXT_CHARS
    text = _HTML_TAG.sub(" ", text[: 2 * MAX_TEXT_CHARS])
    kept: list[str] = []
    tags: list[str] = []
    urls: list[str] = []
    for line in text.splitlines():
        tag = _SPDX_TAG.search(line)
        if tag:
            tags.append(tag[1])
            line = line[: tag.start()]
        if _NOTICE.match(line) and _says_only_who_and_when(line):
            continue
        urls.extend(url.lower() for url in _URL.findall(line))
        line = _MAIL.sub(" ", line)
        kept.append(
            _LIST_MARK.sub(" ", _URL.sub(" ", line), count=1)
            if _LIST_MARK.match(line)
            else _URL.sub(" ", line)
        )
    words = _fill_slots(words_of("\n".join(kept)))
    return Wording(words, tuple(tags), tuple(urls), truncated)


def decode(content: bytes | str | None) -> str | None:
    """Decode a licence file or manifest: UTF-8, UTF-16 with a byte order mark, else Latin-1.

    Returns:
        The text without byte order mark, or None for None and for content with NUL bytes, which is no text.
    """
    if not isinstance(content, bytes):
        return None if content is None or "\x00" in content else content.removeprefix("\ufeff")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return decode(content.decode("utf-16", "replace"))
    try:
        return decode(content.decode("utf-8"))
    except UnicodeDecodeError:
        return decode(content.decode("latin-1"))
