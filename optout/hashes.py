"""Hash git blob ids with a key, so that identical forks can be told without keeping the ids themselves."""

from __future__ import annotations

import hashlib

HASH_BYTES = 16


def blob_hash(key: bytes, blob_id: str | bytes) -> bytes:
    """Return the 16-byte keyed hash (BLAKE2b) of a git blob id.

    Args:
        key: Secret of 1 to 64 bytes.
        blob_id: The id in hex (40 or 64 digits, any case) or as raw 20 or 32 bytes.

    Raises:
        ValueError: If the key or the id has another form.

    Examples:
        >>> blob_hash(b"k", "E69DE29BB2D1D6434B8B29AE775AD8C2E48C5391") == blob_hash(
        ...     b"k", bytes.fromhex("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"))
        True
    """
    if not 1 <= len(key) <= 64:
        raise ValueError(f"key: must have 1 to 64 bytes, got {len(key)}")
    raw = _raw_id(blob_id)
    if len(raw) not in (20, 32):
        raise ValueError("blob_id: must be a git blob id of 20 or 32 bytes, or of 40 or 64 hex digits")
    return hashlib.blake2b(raw, key=key, digest_size=HASH_BYTES, person=b"optout blob id").digest()


def _raw_id(blob_id: str | bytes) -> bytes:
    if isinstance(blob_id, bytes):
        return blob_id
    try:
        return bytes.fromhex(blob_id) if len(blob_id) in (40, 64) else b""
    except ValueError:
        return b""
