"""Read, join and write SPDX licence expressions, as canonical strings.

The one module that knows the `license-expression` library. An expression leaves it as a string with SPDX ids
in their official spelling, sorted and without repeats, so that equal meanings are equal strings. Input is
foreign: it is bounded before it is parsed, and what is no expression is None, never an exception.

Source: SPDX specification, annex "SPDX license expressions".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from .names import identify
from .vendored import license_texts
from .wording import words_of

MAX_EXPRESSION_CHARS = 2_000
MAX_SYMBOLS = 64
_MAX_DEPTH = 12
_TOKEN = re.compile(r"(\(|\)|\s+(?:and|or|with)\s+|\s*/\s*|\s+\|\|?\s+|\s+&&?\s+)", re.I)
_OR_LATER = re.compile(
    r"[\s-]+or[\s-]+(?:\(at[\s-]+your[\s-]+option\)[\s-]+)?(?:any[\s-]+)?(?:later|newer)(?:[\s-]+versions?)?",
    re.I,
)
_OPERATORS = {"/": "OR", "|": "OR", "||": "OR", "&": "AND", "&&": "AND"}
_REFERENCE = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")
_WORDS_FOR_ONE = frozenset({"mit/x11", "x11/mit", "mit/expat", "zlib/libpng", "ncsa/university of illinois"})
_SPDX_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")


@lru_cache(maxsize=1)
def _licensing() -> Any:
    from license_expression import LicenseSymbol, Licensing, get_spdx_licensing

    known = get_spdx_licensing().known_symbols
    spelled = {name.lower() for symbol in known.values() for name in (symbol.key, *symbol.aliases)}
    newer = [key for key in license_texts() if key.lower() not in spelled and not _is_deprecated(key)]
    return Licensing([*(known[key] for key in sorted(known)), *map(LicenseSymbol, newer)])


@lru_cache(maxsize=1)
def _symbols_by_spelling() -> dict[str, Any]:
    symbols = _licensing().known_symbols.values()
    return {name.lower(): symbol for symbol in symbols for name in (*symbol.aliases, symbol.key)}


def _is_deprecated(key: str) -> bool:
    return bool(re.fullmatch(r"(?:A|L)?GPL-\d\.\d|GFDL-\d\.\d|GPL-.*-with-.*", key))


def _operand(text: str, *, after_with: bool) -> str | None:
    """Return the official id for one operand, or None if nobody knows it."""
    text = text.strip().strip("\"'`,;")
    if _REFERENCE.fullmatch(text):
        return text
    symbol = _symbols_by_spelling().get(text.lower()) if _SPDX_ID.fullmatch(text) else None
    if symbol is not None:
        return str(symbol.key) if symbol.is_exception == after_with else None
    if after_with:
        return None
    return identify(" ".join(words_of(text)))


def _operands_and_operators(text: str) -> list[str] | None:
    """Return the tokens of an expression with every operand by its official id."""
    tokens: list[str] = []
    for token in _TOKEN.split(_OR_LATER.sub("+", text)):
        bare = token.strip()
        word = _OPERATORS.get(bare, bare.upper())
        if not bare or word in {"(", ")", "AND", "OR", "WITH"}:
            tokens += [word] if bare else []
            continue
        operand = _operand(bare, after_with=bool(tokens) and tokens[-1] == "WITH")
        if operand is None:
            return None
        tokens.append(f"({operand})" if " OR " in operand else operand)
    return tokens


def _is_one_name(text: str) -> bool:
    return text.lower() in _WORDS_FOR_ONE or (
        "(" in text
        and text.count("(") == text.count(")")
        and not re.search(r"\b(?:and|or|with)\b|[/&|]", text, re.I)
    )


def _tree(text: str) -> Any:
    """Return the library's tree for a canonical or foreign expression, or None."""
    from license_expression import ExpressionError

    if text.count("(") > _MAX_DEPTH:
        return None
    whole = identify(" ".join(words_of(text))) if _is_one_name(text) else None
    tokens = [whole] if whole else _operands_and_operators(text)
    if not tokens or len(tokens) > 4 * MAX_SYMBOLS:
        return None
    try:
        tree = _licensing().parse(" ".join(tokens))
        return None if tree is None or len(tree.symbols) > MAX_SYMBOLS else tree.simplify()
    except (ExpressionError, ValueError, TypeError, RecursionError):
        return None


@lru_cache(maxsize=4096)
def parse(text: str) -> str | None:
    """Return the canonical expression that `text` states, or None if it is none or names an unknown licence.

    Common names that are no SPDX ids are understood ("Apache 2", "GPL-3", "BSD 3-Clause"), and "/" is OR as
    in old Cargo manifests. `LicenseRef-…` stays as it is. "NONE" and "NOASSERTION" are None.

    Examples:
        >>> parse("apache-2.0 or MIT"), parse("GPL-2.0+"), parse("Unlicense/MIT"), parse("freeware")
        ('Apache-2.0 OR MIT', 'GPL-2.0-or-later', 'MIT OR Unlicense', None)
    """
    text = " ".join(text[: MAX_EXPRESSION_CHARS + 1].split())
    if not text or len(text) > MAX_EXPRESSION_CHARS or text.upper() in {"NONE", "NOASSERTION"}:
        return None
    tree = _tree(text)
    return None if tree is None else str(tree.render())


def _joined(expressions: Iterable[str], *, operator: str) -> str | None:
    parts = sorted(set(expressions))
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    tree = _library_tree(f" {operator} ".join(f"({part})" for part in parts))
    return str(tree.simplify().render())


@lru_cache(maxsize=4096)
def _library_tree(expression: str) -> Any:
    return _licensing().parse(expression)


def conjunction(expressions: Iterable[str]) -> str | None:
    """Return the canonical AND of canonical expressions, or None if there is none.

    Examples:
        >>> conjunction(["MIT", "GPL-2.0-only OR MIT", "Apache-2.0"])
        'Apache-2.0 AND MIT'
    """
    return _joined(expressions, operator="AND")


def disjunction(expressions: Iterable[str]) -> str | None:
    """Return the canonical OR of canonical expressions, or None if there is none.

    Examples:
        >>> disjunction(["MIT", "Apache-2.0", "MIT"])
        'Apache-2.0 OR MIT'
    """
    return _joined(expressions, operator="OR")


def license_ids(expression: str) -> tuple[str, ...]:
    """Return the licence and exception ids in a canonical expression, sorted.

    Examples:
        >>> license_ids("Apache-2.0 WITH LLVM-exception OR MIT")
        ('Apache-2.0', 'LLVM-exception', 'MIT')
    """
    symbols = _library_tree(expression).symbols
    ids = {str(part.key) for symbol in symbols for part in symbol.decompose()}
    return tuple(sorted(ids))


def allows(expression: str, *, licenses: frozenset[str]) -> bool:
    """Return whether `expression` can be met with `licenses` alone.

    OR needs one branch, AND needs all. WITH is as good as its licence, since the exceptions of SPDX only add
    permissions; a `LicenseRef` that is called an exception may take some away, and is refused.

    Examples:
        >>> allows("MIT OR GPL-2.0-only", licenses=frozenset({"MIT"}))
        True
        >>> allows("MIT AND GPL-2.0-only", licenses=frozenset({"MIT"}))
        False
    """
    return _allows(_library_tree(expression), licenses)


def _allows(tree: Any, licenses: frozenset[str]) -> bool:
    if getattr(tree, "exception_symbol", None) is not None:
        exception = str(tree.exception_symbol.key)
        return str(tree.license_symbol.key) in licenses and not _REFERENCE.fullmatch(exception)
    if not tree.args:
        return str(tree.key) in licenses
    branches = (_allows(branch, licenses) for branch in tree.args)
    return any(branches) if tree.operator.strip().upper() == "OR" else all(branches)


def is_exception_id(text: str) -> bool:
    """Return whether `text` is the id of an SPDX licence exception.

    Examples:
        >>> is_exception_id("LLVM-exception"), is_exception_id("MIT")
        (True, False)
    """
    symbol = _symbols_by_spelling().get(text.lower())
    return symbol is not None and bool(symbol.is_exception)
