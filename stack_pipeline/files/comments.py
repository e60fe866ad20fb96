"""Measure how much of a file is comment.

The share is what The Stack's comment filter asks for (SantaCoder, arXiv:2301.03988, section 4.2): comment
characters, with their marks, over all characters. Comments are found by a linear scan that steps over
strings; documentation strings of the Python family count as comments.
"""

from __future__ import annotations

import re
from functools import cache

from stack_pipeline.files.comment_syntax import NESTING, CommentSyntax, comment_syntax
from stack_pipeline.files.docstrings import DocstringContext


def comment_ratio(language: str | None, text: str) -> float | None:
    """Return comment characters over all characters, in [0, 1]; 0 for an empty text.

    None means that the question has no answer: the language is unknown, has no comments, or we do not know
    them. Time is linear in the text, whatever it holds.

    Examples:
        >>> comment_ratio("C", "/* a */ b")
        0.7777777777777778
        >>> comment_ratio("JSON", "{}") is None
        True
    """
    syntax = None if language is None else comment_syntax(language)
    if syntax is None:
        return None
    return comment_characters(syntax, text) / len(text) if text else 0.0


def comment_characters(syntax: CommentSyntax, text: str) -> int:
    """Return how many characters of a text stand in comments or documentation strings."""
    docstrings = DocstringContext(text) if syntax.docstrings else None
    count = position = 0
    search = syntax.token.search
    while match := search(text, position):
        group = match.lastgroup or ""
        start, end = match.span(group) if group else match.span()
        if group.startswith("n"):
            end = _nested_end(text, match.end(), kind=group[:2])
            count += end - start
        elif group.startswith(("lc", "ls")):
            end = _long_bracket_end(text, match.group(group), match.end())
            count += end - start if group.startswith("lc") else 0
        elif group.startswith("rs"):
            end = _find_end(text, '"' + match.group(group), match.end())
        elif group:
            count += end - start
            if docstrings:
                docstrings.skip(start, end)
        elif docstrings and docstrings.is_docstring(start, end):
            count += end - start
        position = max(end, match.end())
    return count


def _nested_end(text: str, position: int, *, kind: str) -> int:
    """Return where a nested comment ends that opened before `position`; unclosed, it runs to the end."""
    marks, opening = NESTING[kind]
    depth = 1
    for match in _compiled(marks).finditer(text, position):
        depth += 1 if match.group() == opening else -1
        if depth == 0:
            return match.end()
    return len(text)


def _long_bracket_end(text: str, opening: str, position: int) -> int:
    """Return where Lua's `[==[ … ]==]` ends."""
    return _find_end(text, "]" + "=" * opening.count("=") + "]", position)


def _find_end(text: str, closing: str, position: int) -> int:
    found = text.find(closing, position)
    return len(text) if found < 0 else found + len(closing)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
