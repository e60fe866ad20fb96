"""Judge and show the paths that trees hold. A path is data: bytes that are never opened and never written.

Git accepts any bytes but NUL and `/` in a name, and a hand-made tree may hold even `..`, `.git` or a slash.
Newlines and bytes that are no UTF-8 are odd but honest names and stay.
"""

from __future__ import annotations

import hashlib

MAX_PATH_BYTES = 4096
"""Longest path that is taken, in bytes; `PATH_MAX` of Linux, where no checkout could hold a longer one."""

_KEPT_BYTES = MAX_PATH_BYTES - 1 - 64


def path_problem(path: bytes) -> str | None:
    """Return "bad_path" if no honest tree holds `path`, else None.

    Bad are: an empty path or one over `MAX_PATH_BYTES`, NUL, an empty component (also: absolute, or a slash
    at the end), `.` and `..`, and `.git` in any case, at any depth.

    Args:
        path: The path below the root of the repository, `/` between components.

    Examples:
        >>> path_problem(b"src/../../etc/passwd")
        'bad_path'
        >>> path_problem(b"src/new\\nline.py") is None
        True
    """
    if len(path) > MAX_PATH_BYTES or b"\0" in path:
        return "bad_path"
    components = path.split(b"/")
    if any(component in (b"", b".", b"..") or component.lower() == b".git" for component in components):
        return "bad_path"
    return None


def display_path(path: bytes) -> tuple[str, bool]:
    """Return the path as text, and whether bytes were lost on the way.

    Bytes that are no UTF-8 show as U+FFFD, so two paths may look the same: `path` stays the key.

    Examples:
        >>> display_path("naïve.py".encode())
        ('naïve.py', False)
        >>> display_path(b"na\\xefve.py")
        ('na\ufffdve.py', True)
    """
    try:
        return path.decode("utf-8"), False
    except UnicodeDecodeError:
        return path.decode("utf-8", "replace"), True


def bounded_path(path: bytes) -> bytes:
    """Return the path itself, or for one over `MAX_PATH_BYTES` its beginning, NUL and its SHA-256 in hex.

    The result is as unique as the path, and still bad, because no path holds a NUL.

    Examples:
        >>> len(bounded_path(b"x" * 10_000)), path_problem(bounded_path(b"x" * 10_000))
        (4096, 'bad_path')
    """
    if len(path) <= MAX_PATH_BYTES:
        return path
    return path[:_KEPT_BYTES] + b"\0" + hashlib.sha256(path).hexdigest().encode()
