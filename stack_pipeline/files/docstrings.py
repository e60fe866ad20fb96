"""Decide which strings of a Python-like file are documentation.

A documentation string is the first statement of a module, a class or a function. No parser is needed, and
none could be trusted with hostile text: a string is one if it begins its line and nothing but comments stands
between it and either the beginning of the file or the colon that ends a `class` or `def` header.
"""

from __future__ import annotations

import re

HEADER_LIMIT_CHARACTERS = 4000
STRINGS_LIMIT = 50
"""A header that is longer or holds more strings is not followed; its documentation does not count."""

_PREFIX = re.compile(r"[ \t\f]*(?:[rRuU])?")
_HEADER = re.compile(r"^[ \t\f]*(?:async[ \t]+)?(?:def|class|cdef class|cpdef|fn|struct)\b", re.MULTILINE)
_BRACKET_OR_COLON = re.compile(r"[(\[{]|[)\]}]|:(?!=)")


class DocstringContext:
    """Follows one scan of a file, which must report its comments and strings in order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = 0  # everything before this was reported
        self._seen_code = False  # any code or string since the beginning of the file
        self._header: list[str] = []  # code since the last header began, without strings and comments
        self._header_length = self._header_strings = 0

    def skip(self, start: int, end: int) -> None:
        """Take note of a comment."""
        self._take_code(start)
        self._end = end

    def is_docstring(self, start: int, end: int) -> bool:
        """Take note of a string and return whether it is documentation."""
        line_start = self._text.rfind("\n", max(self._end, start - 200), start) + 1
        begins_line = (line_start > 0 or start <= 200) and _PREFIX.fullmatch(
            self._text, line_start, start
        ) is not None
        self._take_code(max(line_start, self._end) if begins_line else start)
        found = begins_line and self._ends_header()
        self._end = end
        self._seen_code = True
        self._header_strings += 1
        self._follow('""')
        return found

    def _take_code(self, end: int) -> None:
        """Remember the code before `end`, from its last header on."""
        code = self._text[self._end : end]
        if not code.strip():
            return
        self._seen_code = True
        headers = [header.start() for header in _HEADER.finditer(code)]
        if headers:
            self._header, self._header_length, self._header_strings = [""], 0, 0
            code = code[headers[-1] :]
        self._follow(code)

    def _follow(self, code: str) -> None:
        if not self._header:
            return
        self._header_length += len(code)
        if self._header_length > HEADER_LIMIT_CHARACTERS or self._header_strings > STRINGS_LIMIT:
            self._header = []
        else:
            self._header.append(code)

    def _ends_header(self) -> bool:
        """Return whether the next statement is the first of the module or of the last header's body."""
        if not self._seen_code:
            return True
        code = "".join(self._header)
        if not _HEADER.match(code):
            return False
        depth = 0
        for match in _BRACKET_OR_COLON.finditer(code):
            if match.group() == ":" and depth <= 0:
                return not code[match.end() :].strip()
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(match.group(), 0)
        return False
