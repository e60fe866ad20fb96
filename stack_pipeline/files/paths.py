"""What a path alone says of a file: its name, its extensions, and whether it lies among vendored files.

A path is data and may be any bytes. Bytes become text by UTF-8 with `surrogateescape`, so that no path is
lost and none raises. Patterns see at most `PATH_LIMIT_CHARACTERS`, the two ends of a longer path.
"""

from __future__ import annotations

import re
from functools import cache

from stack_pipeline.files.linguist_data import load_table

PATH_LIMIT_CHARACTERS = 4096


def path_text(path: bytes | str) -> str:
    """Return a path as text, without leading slashes and with the middle of an overlong one left out.

    Examples:
        >>> path_text(b"/src/na\\xefve.c")
        'src/na\\udcefve.c'
    """
    text = path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else path
    text = text.lstrip("/")
    if len(text) > PATH_LIMIT_CHARACTERS:
        half = PATH_LIMIT_CHARACTERS // 2
        text = text[:half] + text[-half:]
    return text


def base_name(path: bytes | str) -> str:
    """Return the last part of a path.

    Examples:
        >>> base_name("a/b/Makefile")
        'Makefile'
    """
    return path_text(path).rstrip("/").rpartition("/")[2]


def extension_of(path: bytes | str) -> str:
    """Return the last extension with its dot, in its own case; empty for none or for a mere dot file.

    Examples:
        >>> extension_of("a/b.tar.GZ"), extension_of(".bashrc"), extension_of("Makefile")
        ('.GZ', '', '')
    """
    stem, dot, last = base_name(path).rpartition(".")
    return dot + last if stem.strip(".") and last else ""


def extensions_of(path: bytes | str) -> list[str]:
    """Return every extension a name can be read to have, lower-case, longest first.

    Examples:
        >>> extensions_of("page.html.erb")
        ['.html.erb', '.erb']
    """
    parts = base_name(path).lower().split(".")
    return ["." + ".".join(parts[start:]) for start in range(1, len(parts))]


def is_vendored(path: bytes | str) -> bool:
    """Return whether Linguist's list of paths calls this file somebody else's.

    Examples:
        >>> is_vendored("web/node_modules/x/index.js"), is_vendored("src/index.js")
        (True, False)
    """
    return _any_of("vendored").search(path_text(path)) is not None


def vendored_pattern(path: bytes | str) -> str | None:
    """Return the first pattern of Linguist's list that matches a path, the evidence for `is_vendored`."""
    text = path_text(path)
    if _any_of("vendored").search(text) is None:
        return None
    patterns: list[str] = load_table("paths.json")["vendored"]
    return next(pattern for pattern in patterns if re.search(pattern, text))


def is_documentation(path: bytes | str) -> bool:
    """Return whether Linguist's list of paths calls this file documentation.

    Examples:
        >>> is_documentation("README.md"), is_documentation("src/main.py")
        (True, False)
    """
    return _any_of("documentation").search(path_text(path)) is not None


@cache
def _any_of(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in load_table("paths.json")[kind]))
