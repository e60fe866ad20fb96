"""Tell what is asked about: a repository, a path in one, a content id, or a local file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stack_pipeline.errors import UsageError

_HEX = re.compile(r"[0-9a-fA-F]{7,64}")
_CONTENT_ID = re.compile(r"[0-9a-fA-F]{40}")
_LOCAL_PREFIXES = ("/", "./", "../", "~")
_FORMS = "give owner/repo, owner/repo:path, a content id of 40 hexadecimal digits, or a local file"


@dataclass(frozen=True)
class Question:
    """What is asked about.

    Attributes:
        kind: Which of the fields counts.
        name: Repository, as `owner/repo`, `host/owner/repo` or its key, in lower case.
        path: Path in the repository, without a leading slash.
        content_id: Content id in lower case.
        file: Local file.
    """

    kind: Literal["repository", "path", "id", "file"]
    name: str = ""
    path: bytes = b""
    content_id: str = ""
    file: Path = Path()


def parse_question(what: str) -> Question:
    """Read what the user asks about. A file that exists is a file, whatever else its name could mean.

    Raises:
        UsageError: If it is none of the four.

    Examples:
        >>> parse_question("Redis/redis:src/ae.c").path
        b'src/ae.c'
    """
    if _CONTENT_ID.fullmatch(what):
        return Question("id", content_id=what.lower())
    if _is_file(what):
        return Question("file", file=Path(what))
    if what.startswith(_LOCAL_PREFIXES):
        raise UsageError("no such file", hint=_FORMS)
    if _HEX.fullmatch(what):
        raise UsageError(f"a content id has 40 hexadecimal digits, this has {len(what)}", hint=_FORMS)
    name, colon, path = what.partition(":")
    if "/" not in name.strip("/"):
        raise UsageError(
            "neither a repository, a path in one, a content id, nor a file that exists", hint=_FORMS
        )
    inner = path.lstrip("/").encode("utf-8", "surrogateescape")
    if colon and not inner:
        raise UsageError("no path after the colon", hint=_FORMS)
    return Question("path" if colon else "repository", name=name.strip("/").lower(), path=inner)


def _is_file(what: str) -> bool:
    try:
        return Path(what).is_file()
    except (OSError, ValueError):
        return False
