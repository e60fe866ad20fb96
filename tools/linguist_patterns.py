"""Translate Linguist's Ruby patterns into bounded patterns for Python's `re`.

Detection searches at most 50 KiB of text, which is no protection from a pattern such as `([a-z]+\\s*)*$`: it
takes time exponential in the text. Linguist stops such a search by a timeout; here no clock may decide a
language. So

* every unbounded repeat gets a bound (`CHARACTER_BOUND` for a character class, `BLANK_BOUND` for blanks,
  `GROUP_BOUND` for a group), far above what code that people write needs;
* `^\\s*x` becomes `^[^\\S\\n]*x`, and `^\\s+x` likewise: if a match starts some blank lines
  above, one starts on the line of `x` or on the blank one before it;
* the patterns that stay slow are rewritten by hand in `OVERRIDES`, with the same meaning for real files.

Patterns are compiled with `re.MULTILINE | re.ASCII`: Ruby's `^` and `$` always match at lines, its `\\w`,
`\\s` and case folding see bytes, and its `(?m)` is Python's `(?s)`.
"""

from __future__ import annotations

import re
from typing import Any

CHARACTER_BOUND = 200
BLANK_BOUND = 100
GROUP_BOUND = 20
FLAGS = re.MULTILINE | re.ASCII
_BLANK_ATOMS = frozenset({r"\s", " ", r"[ \t]", "[ ]", r"[\s]", r"[^\S\n]"})
_LINE_START = re.compile(r"(\^|\^\(|\|\^\))\\s\*")
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[a-z-]+[:)]|P<\w+>|<?[=!:>])|.", re.DOTALL)
_QUANTIFIER = re.compile(r"(?:[*+]|\{(\d+),\})([?+]?)")

# A rewrite is found by words that occur in one pattern only.
OVERRIDES = {
    # Exponential or cubic as written.
    "%builtins": (
        r"^[^\S\n]{0,100}(?:%lang\s{1,100}\w|%builtins\s{1,100}[\w\s]{0,200}$"
        r"|from\s{1,100}starkware\.(?:cairo|starknet)\.[\w.\s]{1,200}?import)|,\s{0,100}ap\+\+;$|;\s{0,100}ap\+\+$"
    ),
    r"(?:--.+\s+)*\s+(?:do|local)": (
        r"^[^\S\n]{0,100}\w{1,100}\s{0,20}(?:\(\s{0,20}\w{1,100}:[^)]{1,200}\))?(?::\s{0,20}\w{1,100})?"
        r"(?:--[^\n]{1,200}\n)?\s{1,100}(?:do|local)\s"
    ),
    "B4(?:J|A|R|i)=true": r"\A\W{0,3}(?:[^\r\n]{0,200}(?:\r\n|\n|\r)){0,9}B4[JARi]=true",
    r".!\s*.+?\s*!.": (
        r"\$\w{1,100}[($]|.!\s{0,20}[^\n]{1,200}?\s{0,20}!.|<!\s{0,20}[^\n]{1,200}?\s{0,20}!>"
        r"|\[!\s{0,20}[^\n]{1,200}?\s{0,20}!\]|\{!\s{0,20}[^\n]{1,200}?\s{0,20}!\}"
    ),
    r"package\s*[\w\.\/\*\s]*": r"^[^\S\n]{0,100}package[\w./*\s]{0,200}\{",
    r"(?:^|<)\s*[A-Za-z0-9_]+": r"(?:^|<)[^\S\n]{0,100}\w{1,200}\s{0,100}=\s{0,100}<",
    # From a first mark to any later one: only the first mark needs to be tried.
    r"^begin[\s\S]*^end": r"(?i)\A(?>[\s\S]*?^begin)[\s\S]*^end",
    "'application'": (
        r"\A(?>[\s\S]*?^\{\s{0,100}(?:application|'application')\s{0,100},"
        r"\s{0,100}(?:[a-z][\w@]{0,200}|'[^']{1,200}')\s{0,100},\s{0,100}\[)"
        r"[\s\S]*\]\s{0,100}\}\.[ \t]{0,100}$"
    ),
    r"|\/\*(?:.|[\r\n])*?\*\/": (
        r"""//|["']use strict["']|export\s{1,100}default\s|\A(?>[\s\S]*?/\*)[\s\S]*?\*/"""
    ),
    r"^\s*move\.[bwl]\s+.*": r"(?is)\A(?>.*?^[^\S\n]{0,100}move\.[bwl]\s).*\b[ad]\d",
    "^endsolid": r"\A\s{0,200}solid(?:$|\s)[\s\S]*^endsolid(?:$|\s)",
    # A body of any length: its opening brace is evidence enough.
    "unittest": (
        r"^module\s{1,20}[\w.]{0,200}\s{0,20};|\bimport\s[\w\s,.:]{0,200};"
        r"|\b\w{1,100}\s{1,20}\w{1,100}\s{0,20}\([^\n]{0,200}\)\s{0,20}\{"
        r"|\bunittest\s{0,20}(?:\([^\n]{0,200}\))?\s{0,20}\{"
    ),
    "(tick|profile)": (
        r"^(?:\w{1,100}:\w{0,100}:\w{0,100}:|BEGIN|END|provider\s|(?:tick|profile)-\w{1,100}\s{1,100}\{"
        r"|#pragma\s{1,20}D\s{1,20}(?:option|attributes|depends_on)\s|#pragma\s{1,20}ident\s)"
    ),
    r"([\/\\].*:\s+.*\s\\$": (
        r"^(?>[^\n/\\]*[/\\])(?>.*?:\s{1,20}).*\s\\$|: \\$|^[ %]:"
        r"|^[\w \t/\\.]{1,200}\w\.\w{1,100}\s{0,20}:\s{1,20}[\w\s/\\.]{1,200}\w\.\w"
    ),
    r"pragma\s+solidity": (
        r"\bpragma\s{1,100}solidity\b"
        r"|\bcontract\s{1,100}[a-zA-Z$_][a-zA-Z0-9$_]{0,100}(?:\s{1,20}is\s[^{]{0,400}|\s{0,100})\{"
    ),
    # What only Ruby can compile.
    "item\\d+": r"^[^\S\r\n]{0,100}=(?:comment|begin pod|begin para|item\d)",
    r'^(?i)[^"m]*mov': r'(?i)^[^"m\n]{0,200}mov\s{1,100}\S{1,200},',
    r"^\s+(?i)db": r"(?i)^\s{1,100}db\s{1,100}[a-z\d]",
    "# IPv4 address": (
        r"^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\b"
        r"(?:/(?:3[0-2]|[12]?\d)\b)?(?:[ \t]{1,100}\w[-.\w]{0,200}(?<![-.])\b){0,20}(?:$|\s)"
    ),
    "u[Bb]lock": (
        r"\A\[(?:[Aa]d[Bb]lock(?:[ \t][Pp]lus)?|u[Bb]lock(?:[ \t][Oo]rigin)?|[Aa]d[Gg]uard)"
        r"(?:[ \t]\d[\d.]{0,20})?(?:[ \t]?;[^\]\n]{0,200})?\]"
    ),
    # Paths.
    r"([^\s]*)import": r"import\.(css|less|scss|styl)$",
    r"(.*?)\.d\.ts$": r"\.d\.ts$",
}
VIM_HELP_MARK = "(?:filetype|ft|syntax)[ \\t]*=(help)"


class Translator:
    """Translates patterns and remembers which pattern each rewrite was for."""

    def __init__(self) -> None:
        self._rewritten: dict[str, str] = {}

    def condition(self, kind: str, patterns: list[str]) -> list[Any]:
        """Return the condition that `any` or `none` of the patterns is found."""
        if VIM_HELP_MARK in patterns[0]:
            self._rewritten[VIM_HELP_MARK] = patterns[0]
            return ["vim_filetype", "help"]
        return [kind, [self.text_pattern(pattern) for pattern in patterns]]

    def text_pattern(self, pattern: str) -> str:
        """Return the bounded Python pattern for a pattern on file contents.

        Raises:
            re.error: If Python cannot compile the result.
        """
        translated = self._rewrite_of(pattern)
        if translated is None:
            python_flags = pattern.replace("(?-m)", "").replace("(?im)", "(?is)").replace(r"\z", r"\Z")
            near = _LINE_START.sub(r"\1[^\\S\\n]*", python_flags)
            translated = bound_repeats(near.replace(r"^\s+", r"^(?:[^\S\n]+|[^\S\n]*\n)"))
        re.compile(translated, FLAGS)
        return translated

    def path_pattern(self, pattern: str) -> str:
        """Return the Python pattern for a pattern on paths, which are short and so may repeat at will."""
        translated = self._rewrite_of(pattern) or pattern
        re.compile(translated)
        return translated

    def check_all_used(self) -> None:
        """Fail if a rewrite is for no pattern any more: Linguist has changed, look at it again.

        Raises:
            ValueError: Naming the first rewrite that was not used.
        """
        for mark in (*OVERRIDES, VIM_HELP_MARK):
            if mark not in self._rewritten:
                raise ValueError(f"rewrite of a pattern that Linguist no longer has: {mark}")

    def _rewrite_of(self, pattern: str) -> str | None:
        for mark, replacement in OVERRIDES.items():
            if mark in pattern:
                if self._rewritten.setdefault(mark, pattern) != pattern:
                    raise ValueError(f"two patterns of Linguist hold the words of one rewrite: {mark}")
                return replacement
        return None


def bound_repeats(pattern: str) -> str:
    """Give each unbounded repeat of a pattern a bound that depends on what it repeats.

    >>> bound_repeats(r"^\\s+(?:\\w+,)*.+")
    '^\\\\s{1,100}(?:\\\\w{1,200},){0,20}.{1,200}'
    """
    pieces: list[str] = []
    atom = ""
    position = 0
    while position < len(pattern):
        quantifier = _QUANTIFIER.match(pattern, position)
        if quantifier and atom:
            least = quantifier.group(1) or ("1" if quantifier.group().startswith("+") else "0")
            pieces.append(f"{{{least},{_bound_of(atom)}}}{quantifier.group(2)}")
            position, atom = quantifier.end(), ""
            continue
        token = _TOKEN.match(pattern, position)
        assert token is not None
        atom = token.group()
        pieces.append(atom)
        position = token.end()
    return "".join(pieces)


def _bound_of(atom: str) -> int:
    if atom == ")":
        return GROUP_BOUND
    return BLANK_BOUND if atom in _BLANK_ATOMS else CHARACTER_BOUND
