"""Find quoted strings that look drawn by a machine and stand where secrets stand.

detect-secrets' pattern for high-entropy strings proposes. Most such strings are no secrets, so the checks
are the larger part: ids of Git, checksums, UUIDs, paths, identifiers, certificates and images are dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from pii.private_keys import public_blocks
from pii.proposers import quoted_token_pattern
from pii.randomness import is_hex, looks_random, shannon_entropy
from pii.spans import KEY, Span

#: detect-secrets' default limit for base64 strings, in bits per character.
MIN_BASE64_ENTROPY = 4.5
MIN_LENGTH = 20
MAX_LENGTH = 200

_SECRET_WORD = re.compile(
    r"(?i)secret|token|passw|api_?-?key|access_?-?key|auth|credential|private_?-?key"
    r"|encryption_?-?key|account_?-?key"
    r"|signing|client_?-?key|app_?-?key|bearer|\bkey\b|_key\b|Key\b"
)
_HARMLESS_WORD = re.compile(
    r"(?i)sha-?[0-9]|sha\b|md5|hash|checksum|digest|commit|rev\b|revision|integrity|etag"
    r"|fingerprint|guid|uuid|nonce"
    r"|\biv\b|salt|cert|public|image|base64|src=|href|url\(|data:|blob|tree|hexsha|crc|expected"
    r"|vector|signature|\bsig\b"
    r"|thumbprint|changeset|version|cipher|plain|encrypted|\bid\b|_id\b|Id\b|next.?page"
    r"|page.?token|csrf|xsrf|sitekey"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CONTEXT = 64


def find_quoted_tokens(text: str) -> Iterator[Span]:
    """Yield quoted machine-made strings in order; linear."""
    blocks = public_blocks(text)
    block_starts = [start for start, _ in blocks]
    for match in quoted_token_pattern().finditer(text):
        start, end = match.span(2)
        if not MIN_LENGTH <= end - start <= MAX_LENGTH:
            continue
        inside = bisect_right(block_starts, start) - 1
        if inside >= 0 and start < blocks[inside][1]:
            continue
        before = text[max(0, start - _CONTEXT) : start]
        if is_quoted_secret(match.group(2), before[before.rfind("\n") + 1 :]):
            yield Span(start, end, KEY, "quoted-token", 0.6)


def is_quoted_secret(value: str, before: str) -> bool:
    """Decide on a quoted value.

    Args:
        value: The text between the quotes.
        before: What stands before the opening quote on the same line, up to 64 characters.
    """
    if _UUID.fullmatch(value) or _HARMLESS_WORD.search(before) or is_path_like(value):
        return False
    if not looks_random(value):
        return False
    if is_hex(value):
        return _SECRET_WORD.search(before) is not None
    if _SECRET_WORD.search(before):
        return True
    return has_all_classes(value) and shannon_entropy(value) > MIN_BASE64_ENTROPY and len(value) % 4 == 0


def has_all_classes(value: str) -> bool:
    """Tell whether upper case, lower case and digits all occur."""
    return (
        any("a" <= c <= "z" for c in value)
        and any("A" <= c <= "Z" for c in value)
        and any(c.isdigit() for c in value)
    )


def is_path_like(value: str) -> bool:
    """Tell whether slashes or separators cut a value into parts like a path or a compound name.

    Examples:
        >>> is_path_like("/usr/share/lib64/X11"), is_path_like("aGVsbG8/d29ybGQ+Zm9vYmFyMTI0")
        (True, False)
    """
    parts = [part for part in re.split(r"[/_-]", value) if part]
    return value.startswith("/") or (len(parts) >= 3 and max(map(len, parts)) <= 14)
