"""Tell random values from words, identifiers and placeholders.

A secret that a machine made looks drawn from its alphabet; a password that a person chose, an identifier
and a placeholder do not. Three plain measurements decide: the classes of characters, the Shannon entropy,
and whether the letters read like words.
"""

from __future__ import annotations

import math
import re
from collections import Counter

#: Shortest value that can be told from a word.
MIN_RANDOM_LENGTH = 12

_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_LETTERS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_SEQUENCES = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789012345678901234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "0123456789abcdef0123456789abcdef",
    "zyxwvutsrqponmlkjihgfedcba",
    "98765432109876543210",
)
_PLACEHOLDER_WORDS = re.compile(
    r"(?i)your|example|sample|placeholder|change.?me|redacted|removed|censored|replace|insert"
    r"|dummy|fixme|todo"
    r"|x{4}|\*{3}|\.{3}|-{5}|_{5}|#{3}|(?<![0-9a-f])(?:deadbeef|cafebabe|feedface)|foobar|lorem"
    r"|enter.?(?:here|your)"
)
_TEMPLATE = re.compile(
    r"\$\{|\$\(|\{\{|\}\}|\{%|%\{|#\{|<%|@@|%\(|\$\[|\[\[|^\$[A-Za-z_]|^%[A-Za-z_]+%$|^<[^<>]*>$"
    r"|^\{[^{}]*\}$|^\[[^\[\]]*\]$"
    r"|%[sdv]|^&[a-z]"
)
_LOOK_UP = re.compile(
    r"(?i)\b(?:process\.env|os\.environ|getenv|env\[|ENV\.|secrets?\.|vault:|var\.|config\."
    r"|settings\.|self\.|this\.)"
)


def shannon_entropy(value: str) -> float:
    """Return the Shannon entropy of the characters of a value in bits per character; 0 for an empty one.

    Examples:
        >>> shannon_entropy("aabb")
        1.0
    """
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if value else 0.0


def is_hex(value: str) -> bool:
    """Tell whether all characters are hexadecimal digits of one case."""
    return _HEX.fullmatch(value) is not None


def is_placeholder(value: str) -> bool:
    """Tell whether a value stands for another one: a template, a look-up, a filler, a sequence.

    Examples:
        >>> [is_placeholder(v) for v in ("${TOKEN}", "your-api-key", "xxxxxxxx", "1234567890", "k9Xw2LqP")]
        [True, True, True, True, False]
    """
    value = value[:512]
    if _TEMPLATE.search(value) or _PLACEHOLDER_WORDS.search(value) or _LOOK_UP.search(value):
        return True
    lowered = value.lower()
    if len(set(lowered)) <= max(2, len(lowered) // 12):
        return True
    return len(lowered) >= 6 and any(lowered in sequence for sequence in _SEQUENCES)


def looks_random(value: str) -> bool:
    """Tell whether a value of 12 characters or more looks drawn by a machine.

    Hexadecimal values need letters and digits and an entropy of 2.5 bits per character. All others need two
    classes of characters out of upper case, lower case and digits, an entropy of at least 3 bits (3.5 from
    20 characters on), and letters that do not read like words.

    Examples:
        >>> looks_random("9f86d081884c7d659a2feaa0"), looks_random("kJ3xVq8ZtR1mWc7P")
        (True, True)
        >>> looks_random("passwordPassword1"), looks_random("com.acme.Main2"), looks_random("aaaaaaaaaaaa1A")
        (False, False, False)
    """
    if len(value) < MIN_RANDOM_LENGTH or any(c.isspace() for c in value):
        return False
    if is_placeholder(value):
        return False
    digits = sum(c in "0123456789" for c in value)
    lower = sum("a" <= c <= "z" for c in value)
    upper = sum("A" <= c <= "Z" for c in value)
    if is_hex(value):
        return digits > 1 and lower + upper > 1 and shannon_entropy(value) >= 2.5
    if (digits > 0) + (lower > 0) + (upper > 0) < 2:
        return False
    if shannon_entropy(value) < (3.5 if len(value) >= 20 else 3.0):
        return False
    return not reads_like_words(value)


def reads_like_words(value: str) -> bool:
    """Tell whether most letters stand in runs that could be words: four or more letters with vowels in
    between.

    A run is a maximal sequence of letters of one case, or a capital before small letters. Drawn letters
    change case and meet digits too often to form long runs; and where case does not change, they lack
    vowels.

    Examples:
        >>> reads_like_words("getAccessTokenFromServer2"), reads_like_words("kJ3xVq8ZtR1mWc7P")
        (True, False)
    """
    wordy = sum(len(run) for run in _LETTERS.findall(value) if len(run) >= 4 and _is_word_like(run.lower()))
    return wordy * 2 > len(value)


def _is_word_like(run: str) -> bool:
    vowels = sum(c in "aeiouy" for c in run)
    if not 0.2 <= vowels / len(run) <= 0.7:
        return False
    rare = sum(c in "jqxzkvw" for c in run)
    return rare * 5 <= len(run) and _LONG_CONSONANTS.search(run) is None


_LONG_CONSONANTS = re.compile(r"[^aeiouy]{5}")
