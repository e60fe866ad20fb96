"""Give values one byte form, so that equal values have equal digests everywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any


def canonical_json(value: Any) -> bytes:
    """Return the canonical JSON form: sorted keys, no spaces, UTF-8, one newline at the end.

    Numbers are Python's shortest form (the same on every machine); NaN and infinities are refused. A lone surrogate, as a file name that
    is no UTF-8 has, is written as its JSON escape.

    Raises:
        ValueError: If the value holds a NaN or an infinity.

    Examples:
        >>> canonical_json({"b": 1, "a": [0.7, None]})
        b'{"a":[0.7,null],"b":1}\\n'
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def digest_of(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON form, in hex."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def merkle_root(leaves: Iterable[bytes]) -> str:
    """Return the root of the Merkle tree over ordered leaves, in hex.

    Source: RFC 6962, section 2.1 (a leaf is hashed after a 0x00 byte, a node after 0x01; no leaves: the hash of nothing).

    Examples:
        >>> merkle_root([])[:16]
        'e3b0c44298fc1c14'
    """
    stack: list[tuple[int, bytes]] = []  # (height, hash), heights strictly falling
    for leaf in leaves:
        height, node = 0, hashlib.sha256(b"\x00" + leaf).digest()
        while stack and stack[-1][0] == height:
            node = hashlib.sha256(b"\x01" + stack.pop()[1] + node).digest()
            height += 1
        stack.append((height, node))
    if not stack:
        return hashlib.sha256(b"").hexdigest()
    root = stack.pop()[1]
    while stack:
        root = hashlib.sha256(b"\x01" + stack.pop()[1] + root).digest()
    return root.hex()
