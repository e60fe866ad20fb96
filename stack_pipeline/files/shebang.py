"""Find the interpreter that the first line of a script names.

Follows Linguist: `env` and its options and assignments are skipped, a minor version is cut (`python2.6` is
`python2`), and a `sh` script that only calls `exec` on itself is in the language of what it calls.
"""

from __future__ import annotations

import re

SHEBANG_LIMIT_CHARACTERS = 1000
_COMMAND = re.compile(r"#!\s*(\S+)", re.ASCII)
_ENV_OPTION = re.compile(r"-[i0uCSv]*|--\S+", re.ASCII)
_ASSIGNMENT = re.compile(r"[^\s=]+=\S+", re.ASCII)
_EXEC_ITSELF = re.compile(r"exec (\w+)[\s\"']{1,20}\$0[\s\"']{1,20}\$@", re.ASCII)
_MINOR_VERSION = re.compile(r"\.\d+$", re.ASCII)


def find_interpreter(text: str) -> str | None:
    """Return the name of the interpreter of a text that starts with `#!`, or None.

    Examples:
        >>> find_interpreter("#!/usr/bin/env -S python3 -u\\n")
        'python3'
    """
    line = text[:SHEBANG_LIMIT_CHARACTERS].partition("\n")[0]
    command = _COMMAND.match(line)
    if command is None:
        return None
    words = line[command.end() :].split()
    name = command.group(1).rpartition("/")[2]
    if name == "env":
        while words and (_ENV_OPTION.fullmatch(words[0]) or _ASSIGNMENT.fullmatch(words[0])):
            words.pop(0)
        if not words:
            return None
        name = words.pop(0)
    name = _MINOR_VERSION.sub("", name)
    if name == "sh":
        name = _called_by_itself(text) or name
    if name == "osascript" and "-l" in words:
        return None  # names a language, not an interpreter
    return name.rpartition("/")[2] or None


def _called_by_itself(text: str) -> str | None:
    for line in text[: 5 * SHEBANG_LIMIT_CHARACTERS].split("\n")[:5]:
        match = _EXEC_ITSELF.search(line)
        if match:
            return match.group(1)
    return None
