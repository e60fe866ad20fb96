"""The total order in which a representative is chosen, as a byte string that sorts in that order.

Of origins: permissive first, stars descending, forks descending, created_at ascending (unknown last in all), host, numeric id
(unknown last), lower-cased full name, commit, path bytes. Of blobs: the same of each blob's representative without the path, then the
content id. Equal origins do not exist, so the order is total and never depends on luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

_MOST = (1 << 63) - 1
_UNKNOWN = b"\xff" * 8


def origin_rank(repository: Mapping[str, Any], *, permissive: bool, path: bytes) -> bytes:
    """Return the rank of an origin; the smaller is preferred.

    Args:
        repository: Its row of the repositories table.
        permissive: Whether its verdict allows publication.
        path: Its path.
    """
    return repository_rank(repository, permissive=permissive) + path


def blob_rank(repository: Mapping[str, Any], *, permissive: bool, content_id: str) -> bytes:
    """Return the rank of a blob among near-duplicates, given its representative's repository."""
    return repository_rank(repository, permissive=permissive) + bytes.fromhex(content_id)


def repository_rank(repository: Mapping[str, Any], *, permissive: bool) -> bytes:
    """Return the part of a rank that does not depend on the path.

    Examples:
        >>> row = dict(host="a", full_name="A/B", commit="0" * 40, id=None, created_at=None, forks=None)
        >>> popular = repository_rank({**row, "stars": 9}, permissive=True)
        >>> popular < repository_rank({**row, "stars": 3}, permissive=True)
        True
    """
    created: datetime | None = repository["created_at"]
    return b"".join(
        (
            b"\x00" if permissive else b"\x01",
            _descending(repository["stars"]),
            _descending(repository["forks"]),
            _ascending(None if created is None else int(created.timestamp()) + (1 << 40)),
            _text(repository["host"]),
            _ascending(repository["id"]),
            _text(repository["full_name"].lower()),
            _text(repository["commit"]),
        )
    )


def _descending(value: int | None) -> bytes:
    return _UNKNOWN if value is None else (_MOST - max(0, min(value, _MOST))).to_bytes(8, "big")


def _ascending(value: int | None) -> bytes:
    return _UNKNOWN if value is None else max(0, min(value, _MOST)).to_bytes(8, "big")


def _text(value: str | None) -> bytes:
    """Return text so that a prefix sorts first, even before a NUL; unknown sorts last."""
    if value is None:
        return b"\xff"
    return value.encode("utf-8", "surrogatepass").replace(b"\0", b"\0\xff") + b"\0\1"
