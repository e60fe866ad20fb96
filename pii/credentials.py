"""Find credentials that their surroundings give away: passwords in URLs and in Authorization headers.

Sources: RFC 3986 section 3.2.1 (userinfo), RFC 7617 (Basic), RFC 6750 (Bearer).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from pii.randomness import is_placeholder, looks_random
from pii.spans import KEY, PASSWORD, Span

_USERINFO = re.compile(r"([^\s:/@\"'<>`\\?#]{0,64}):([^\s@\"'<>`\\/?#]{1,128})@(?=[\w\[${%.-])")
_HEADER = re.compile(
    r"(?i)\b(basic|bearer|token)(?:\s{1,2}|%20"
    r"|\\?[\"']\s{0,2}\+\s{0,2}\\?[\"'])((?:[A-Za-z0-9_.~-]|[+/]){8,4096}={0,2})"
)
_AUTHORIZATION = re.compile(r"(?i)authorization|auth|header|curl|bearer")
#: What documentation writes in place of a password.
_STAND_INS = frozenset(
    {
        "api_key",
        "apikey",
        "key",
        "mypass",
        "mypassword",
        "p",
        "pass",
        "pass1",
        "passw",
        "passwd",
        "password",
        "pw",
        "pwd",
        "secret",
        "token",
        "user",
        "username",
        "x-oauth-basic",
        "x-token-auth",
        "xxx",
        "your_password",
    }
)


def find_credentials(text: str) -> Iterator[Span]:
    """Yield passwords of URLs and values of Basic and Bearer headers; linear, not sorted."""
    if "://" in text and "@" in text:
        yield from _find_url_passwords(text)
    for match in _HEADER.finditer(text):
        start, end = match.span(2)
        value = match.group(2)
        if match.group(1).lower() == "basic":
            accepted = is_basic_credential(value)
        else:
            before = text[max(0, match.start() - 60) : match.start()]
            accepted = looks_random(value.rstrip("=")) and (
                match.group(1).lower() == "bearer" or _AUTHORIZATION.search(before) is not None
            )
        if accepted:
            yield Span(start, end, KEY, "authorization-header", 0.8)


def _find_url_passwords(text: str) -> Iterator[Span]:
    position = text.find("://")
    while position >= 0:
        match = _USERINFO.match(text, position + 3)
        if match is not None and position > 0 and text[position - 1].isalnum():
            user, password = match.groups()
            if is_url_password(user, password):
                yield Span(match.start(2), match.end(2), PASSWORD, "url-password", 0.8)
        position = text.find("://", position + 3)


def is_url_password(user: str, password: str) -> bool:
    """Tell whether the second part of `user:password@` is a value and not a name or a template.

    Examples:
        >>> [is_url_password("ann", p) for p in ("s3cr3t-9", "password", "${PASS}")]
        [True, False, False]
    """
    lowered = password.lower()
    if lowered in _STAND_INS or lowered == user.lower():
        return False
    if any(c in password for c in "{}<>$*[]()|,;") or (password.isdigit() and len(password) < 6):
        return False
    return not is_placeholder(password) and "%s" not in password


def is_basic_credential(value: str) -> bool:
    """Tell whether base64 text decodes to printable `user:password`.

    Examples:
        >>> is_basic_credential("YW5uOnMzY3IzdA=="), is_basic_credential("YW5ub3VuY2VtZW50")
        (True, False)
    """
    if "." in value or "~" in value:
        return False
    body = value.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        decoded = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    user, colon, password = decoded.partition(b":")
    return bool(colon and password) and all(32 <= byte < 127 for byte in user + password)
