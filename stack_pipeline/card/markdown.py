"""Write values into Markdown so that no value can be taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~])")
_BACKTICKS = re.compile(r"`+")


def plain(text: str) -> str:
    r"""Return text with Markdown's special characters escaped.

    Examples:
        >>> plain("Pro*C | F*")
        'Pro\\*C \\| F\\*'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def prose(text: str) -> str:
    r"""Return paragraphs, each on one line; blank lines part them.

    Examples:
        >>> prose("  one\n  two\n\n  three")
        'one two\n\nthree'
    """
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text))
    return "\n\n".join(filter(None, paragraphs))


def code(text: str) -> str:
    r"""Return text as a code span that also holds inside a table cell; empty text is empty.

    Examples:
        >>> print(code("a"), code("`a"), code("a|b"))
        `a` `` `a `` `a\|b`
    """
    text = " ".join(text.split()).replace("|", "\\|")
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    if not longest:
        return f"`{text}`" if text else ""
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}"


def number(value: int) -> str:
    """Return a number with commas between its thousands.

    Examples:
        >>> number(1234567)
        '1,234,567'
    """
    return f"{value:,}"


def count(value: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun.

    Examples:
        >>> count(1, "file"), count(2000, "file"), count(0, "repository", "repositories")
        ('1 file', '2,000 files', '0 repositories')
    """
    return f"{number(value)} {singular if value == 1 else plural or singular + 's'}"


def table(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """Return a table; numbers stand at the right of their column.

    Args:
        header: A title per column.
        rows: Cells that are Markdown already, or numbers.
    """
    cells = [list(row) for row in rows]
    numeric = [all(isinstance(row[i], int) for row in cells) and bool(cells) for i in range(len(header))]
    lines = [_line(header), _line(["---:" if right else "---" for right in numeric])]
    lines += [_line([number(cell) if isinstance(cell, int) else cell for cell in row]) for row in cells]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
