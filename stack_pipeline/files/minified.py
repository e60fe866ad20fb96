"""Tell minified scripts and style sheets from written ones.

Linguist's rule: a `.js` or `.css` file whose lines hold more than 110 bytes on average. Module extensions of
JavaScript count as `.js`, and a name that says `.min.` is believed.
"""

from __future__ import annotations

import re

from stack_pipeline.files.paths import base_name, extension_of

MINIFIED_EXTENSIONS = frozenset({".js", ".css", ".mjs", ".cjs"})
MINIFIED_BYTES_PER_LINE = 110
_MINIFIED_NAME = re.compile(r"[.-]min\.(?:js|css|mjs|cjs)$", re.IGNORECASE)


def minified_reason(path: bytes | str, text: str) -> str | None:
    """Return why a file counts as minified, `name` or `long_lines`, or None.

    Examples:
        >>> minified_reason("a.js", "x" * 111), minified_reason("a.min.js", "")
        ('long_lines', 'name')
        >>> minified_reason("a.py", "x" * 111) is None
        True
    """
    if extension_of(path).lower() not in MINIFIED_EXTENSIONS:
        return None
    if _MINIFIED_NAME.search(base_name(path)):
        return "name"
    return "long_lines" if bytes_per_line(text) > MINIFIED_BYTES_PER_LINE else None


def is_minified(path: bytes | str, text: str) -> bool:
    """Return whether a file counts as minified."""
    return minified_reason(path, text) is not None


def bytes_per_line(text: str) -> int:
    """Return the mean number of UTF-8 bytes of a line without its `\\n`, rounded down; 0 for an empty text.

    As in Linguist a final newline begins one more, empty line.
    """
    newlines = text.count("\n")
    size_bytes = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    return (size_bytes - newlines) // (newlines + 1)
