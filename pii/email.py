"""Find e-mail addresses.

presidio's pattern proposes, over the bounded neighbourhood of each `@`; a grammar with the list of
top-level domains disposes. Not addresses, by rule: `git@host:path`, the user part of a URL, names of SSH
algorithms (`zlib@openssh.com`), versions (`pkg@1.2.3`), brand names (`Музыка@Mail.Ru`) and message paths
(`/list@list.org/msg1`).

Sources: RFC 5321 section 4.5.3.1 for the lengths, the Public Suffix List (in `tlds.txt`) for the
top-level domains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from pii.proposers import propose_emails
from pii.spans import EMAIL, Span

MAX_LOCAL_LENGTH = 64
MAX_DOMAIN_LENGTH = 255

#: Top-level labels outside the list that stand in addresses of intranets, examples and tests.
PRIVATE_TLDS = frozenset(
    {
        "corp",
        "example",
        "home",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
        "localdomain",
        "private",
        "test",
        "tld",
        "xx",
    }
)

_LOCAL_REVERSED = re.compile(rf"[\w.%+&~-]{{1,{MAX_LOCAL_LENGTH + 1}}}")
_DOMAIN = re.compile(rf"(?:[^\W_]|[.-]){{3,{MAX_DOMAIN_LENGTH}}}")
_LABEL = re.compile(r"(?!-)(?:[^\W_]|-){1,63}(?<!-)")
_CJK_THEN_ASCII = re.compile(r".*[⺀-鿿가-힯豈-﫿](?=[A-Za-z0-9._%+-]+$)", re.DOTALL)
_PERCENT_ESCAPE = re.compile(r".*%(?:3[CADE]|2[0-9A-F]|5[BD])(?=.)", re.DOTALL | re.IGNORECASE)
_USERINFO = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/@\"'<>]*$")
_SCP_PATH = re.compile(r":(?!//)[\w~./+-]*(?:/|\.git\b)")
_SSH_HOSTS = frozenset({"libssh.org", "lysator.liu.se", "openssh.com", "ssh.com"})
_SSH_NAME = re.compile(
    r".*(?:[0-9]|cbc|ctr|gcm|mac|zlib|cert|auth|eow|keepalive|rename|stat|sync|limits|expand|tun|link|listen"
    r"|forward|session|hostkey|delay|chacha|streamlocal|winadj|kex|ping|filexfer|agent)"
)
_ARCHIVED_MESSAGE = re.compile(r"/(?:msg)?[0-9]+\.html?")
_GIT_HOSTS = re.compile(r"(?:.*\.)?(?:github|gitlab|bitbucket|gitee)\.\w+$")


@lru_cache(maxsize=1)
def top_level_domains() -> frozenset[str]:
    """Return all delegated top-level domains, lower case, in Unicode and in `xn--` form."""
    lines = files("pii").joinpath("tlds.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def find_emails(text: str) -> Iterator[Span]:
    """Yield the e-mail addresses of a text, in order; linear in its length."""
    at = text.find("@")
    while at >= 0:
        candidate = _candidate(text, at)
        if candidate is not None:
            yield candidate
        at = text.find("@", at + 1)


def _candidate(text: str, at: int) -> Span | None:
    before = _LOCAL_REVERSED.match(text[max(0, at - MAX_LOCAL_LENGTH - 1) : at][::-1])
    after = _DOMAIN.match(text, at + 1)
    if before is None or after is None or before.end() > MAX_LOCAL_LENGTH:
        return None
    end = _domain_end(text, at + 1, after.end())
    start = _local_start(text, at - before.end(), at)
    if start is None or end is None:
        return None
    proposals = propose_emails(text[start:end])
    if not proposals or _is_something_else(text, start, at, end):
        return None
    return Span(start, end, EMAIL, "email", max(score for _, _, score in proposals))


def _domain_end(text: str, start: int, end: int) -> int | None:
    """Return where the longest domain with a known top-level label ends, or None."""
    labels = text[start:end].rstrip(".-").split(".")
    while len(labels) >= 2:
        if all(_LABEL.fullmatch(label) for label in labels) and _is_top_level(labels[-1]):
            return start + sum(map(len, labels)) + len(labels) - 1
        labels.pop()
    return None


def _is_top_level(label: str) -> bool:
    lowered = label.lower()
    return lowered in top_level_domains() or lowered in PRIVATE_TLDS


def _local_start(text: str, start: int, at: int) -> int | None:
    """Return where the local part begins once delimiters, escapes and glued words are cut off, or None."""
    local = text[start:at]
    for cut in (_CJK_THEN_ASCII, _PERCENT_ESCAPE):
        glued = cut.match(local)
        if glued and glued.end() < len(local):
            local = local[glued.end() :]
    first = at - len(local)
    if first > 0 and text[first - 1] == "\\" and local[:1] in ("n", "r", "t") and len(local) > 1:
        local = local[1:]
    local = local.lstrip(".-&~%+")
    if not local or local.endswith(".") or not any(c.isalnum() for c in local):
        return None
    return at - len(local)


def _is_something_else(text: str, start: int, at: int, end: int) -> bool:
    local, domain = text[start:at], text[at + 1 : end].lower()
    line_before = text[max(0, start - 80) : start]
    following = text[end : end + 80]
    if _USERINFO.search(line_before) and not line_before.lower().endswith("mailto://"):
        return True
    if local in ("git", "hg", "svn") and (following[:1] in (":", "/") or _GIT_HOSTS.match(domain)):
        return True
    if _SCP_PATH.match(following):
        return True
    if domain in _SSH_HOSTS and _SSH_NAME.match(local) is not None:
        return True
    if line_before.endswith("/") and _ARCHIVED_MESSAGE.match(following):
        return True
    if following.startswith("(") and "." in domain and text[end - 1].islower() and local.isidentifier():
        return _looks_like_call(following)
    return not local.isascii() and domain.isascii() and text[at + 1].isupper()


def _looks_like_call(following: str) -> bool:
    return following[1:2] in (")", '"', "'") or following[1:2].isalpha()
