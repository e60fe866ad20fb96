"""Find the language that an editor's mode line names: `-*- mode: ruby -*-` or `vim: ft=ruby`.

Follows Linguist: the first and the last five lines are searched, Emacs before Vim. Written as small scanners,
because Linguist's own pattern for Vim takes time exponential in a line of colons. A line counts up to
`MODELINE_LIMIT_CHARACTERS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SEARCHED_LINES = 5
MODELINE_LIMIT_CHARACTERS = 1000
_LINE_END = re.compile(r"\r\n|\r|\n")
_EMACS_SHORT = re.compile(r"[ \t]*([^:;\s]+)[ \t]*")
_EMACS_MODE = re.compile(r"(?:^|[ \t;])mode[ \t]*:[ \t]*([^:;\s]+)(?=[ \t;]|$)", re.IGNORECASE | re.ASCII)
_VIM_START = re.compile(r"(?:(?:^|[ \t])(?:vi|Vi(?=m))(?:m[<=>]?[0-9]+|m)?|[ \t]ex)(?=:)", re.ASCII)
_VIM_SET = re.compile(r":[ \t]*set?[ \t]", re.ASCII)
_VIM_SET_CLOSED = re.compile(r":[ \t]*set?[ \t][^\r\n:]+:", re.ASCII)
_VIM_FILETYPE = re.compile(r"[ \t:](?:filetype|ft|syntax)[ \t]*=(\w+)(?=$|\s|:)", re.ASCII)
_VIM_OPTIONS = re.compile(r"(?:[ \t:]\w*+(?:=(?:[^\\\s]|\\.)*+)?+)*+", re.ASCII)


def find_modeline(head: str, tail: str) -> str | None:
    """Return the name in the first mode line, as written, or None.

    Args:
        head: The beginning of a file; its first five lines are searched.
        tail: The end of a file; its last five lines are searched.

    Examples:
        >>> find_modeline("# -*- coding: utf-8; mode: python -*-", "")
        'python'
        >>> find_modeline("", "/* vim: set ts=4 ft=c: */")
        'c'
    """
    lines = [*_first_lines(head), *_last_lines(tail)]
    if any("UseVimball" in line for line in lines[:SEARCHED_LINES]):
        return None  # an archive: its mode line speaks of what is inside
    for find in (emacs_mode, vim_filetype):
        for line in lines:
            name = find(line[:MODELINE_LIMIT_CHARACTERS])
            if name is not None:
                return name
    return None


def emacs_mode(line: str) -> str | None:
    """Return the mode that a line's Emacs variables name, or None."""
    parts = line.split("-*-")
    for variables in parts[1:-1]:
        match = _EMACS_SHORT.fullmatch(variables) or _EMACS_MODE.search(variables)
        if match:
            return match.group(1)
    return None


def vim_filetype(line: str) -> str | None:
    """Return the last file type that a line's Vim options set, or None."""
    filetypes = list(vim_filetypes(line))
    return filetypes[-1] if filetypes else None


def vim_filetypes(line: str) -> Iterator[str]:
    """Yield every file type that the first valid list of Vim options of a line sets, in order.

    The line must be short: the time is quadratic in it.
    """
    for start in _VIM_START.finditer(line):
        rest = line[start.end() :]
        if _VIM_SET.match(rest) and not _VIM_SET_CLOSED.match(rest):
            continue
        options = [
            match for match in _VIM_FILETYPE.finditer(rest) if _VIM_OPTIONS.fullmatch(rest, 0, match.start())
        ]
        if options:
            yield from (match.group(1) for match in options)
            return


def _first_lines(head: str) -> list[str]:
    return _LINE_END.split(head, SEARCHED_LINES)[:SEARCHED_LINES]


def _last_lines(tail: str) -> list[str]:
    lines = _LINE_END.split(tail)
    if lines[-1] == "":
        lines.pop()
    return lines[-SEARCHED_LINES:]
