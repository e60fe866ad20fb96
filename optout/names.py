"""Bring the names of hosts, owners and repositories to one form.

People write `https://github.com/Acme/Widget.git`, `git@github.com:acme/widget` or `github.com/@acme`; a
listing says `Acme/Widget`. All become a lower-case host and a name that is NFKC-normalised and case-folded,
so that two spellings of one account never differ. Knows nothing of rules.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_HOSTS_WITHOUT_DOT = ("local", "localhost")
_NEVER_IN_NAMES = frozenset("*?[]{}^$|\\()+<>\"'`,;#:&=%!")


class Name(NamedTuple):
    """A host-qualified name in normal form; `path` is `owner` or `owner/repository`."""

    host: str
    path: str


def fold_host(host: str) -> str:
    """Return a host in lower case, without a leading `www.`.

    Examples:
        >>> fold_host("WWW.GitHub.com")
        'github.com'
    """
    return _fold(host).removeprefix("www.")


def fold_name(name: str) -> str:
    """Return `owner` or `owner/repository` in normal form, without `.git`, `@` and outer slashes.

    Never raises: any text has a normal form.

    Examples:
        >>> fold_name("@Acme/Widget.git")
        'acme/widget'
        >>> fold_name("ＡＣＭＥ/Straße")
        'acme/strasse'
    """
    return _fold(name).strip("/").removeprefix("@").removesuffix(".git").rstrip("/")


def owner_of(name: str) -> str:
    """Return what stands before the last slash of a folded repository name; empty when there is none.

    Examples:
        >>> owner_of("acme/widget"), owner_of("group/subgroup/project"), owner_of("widget")
        ('acme', 'group/subgroup', '')
    """
    return name.rpartition("/")[0]


def parse_owner(text: str) -> Name:
    """Read a host-qualified owner; a trailing `/*` is allowed and means the same.

    Raises:
        ValueError: If the host is missing, the name has a wildcard, or it names a repository or everyone.

    Examples:
        >>> parse_owner("https://github.com/Acme/")
        Name(host='github.com', path='acme')
    """
    name = _parse(text.strip().removesuffix("/*"), "github.com/<owner>")
    if name.host == "github.com" and "/" in name.path:
        raise ValueError("names a repository; use the key 'repository' for it")
    return name


def parse_repository(text: str) -> Name:
    """Read a host-qualified repository name.

    Raises:
        ValueError: If the host is missing, the name has a wildcard, or it is not `<host>/<owner>/<name>`.

    Examples:
        >>> parse_repository("git@github.com:acme/Widget.git")
        Name(host='github.com', path='acme/widget')
    """
    stripped = text.strip()
    if stripped.endswith("/*"):
        raise ValueError("has a wildcard; use the key 'owner' for all repositories of an owner")
    name = _parse(stripped, "github.com/<owner>/<name>")
    if "/" not in name.path:
        raise ValueError("names an owner; use the key 'owner', or write 'github.com/<owner>/<name>'")
    if name.host == "github.com" and name.path.count("/") != 1:
        raise ValueError("must be 'github.com/<owner>/<name>' and no more")
    return name


def parse_host(text: str) -> str:
    """Read a host name such as `github.com`.

    Raises:
        ValueError: If it does not look like a host.
    """
    host = fold_host(text.strip())
    name, _, port = host.partition(":")
    labels_are_plain = all(c.isalnum() or c in ".-" for c in name) and not name.startswith(("-", "."))
    is_qualified = "." in name.strip(".") or name in _HOSTS_WITHOUT_DOT
    if not (labels_are_plain and is_qualified) or (":" in host and not port.isdecimal()):
        raise ValueError("must be a host such as 'github.com'")
    return host


def _parse(text: str, form: str) -> Name:
    """Split a name or an address into host and path; refuse wildcards and a missing host."""
    if _fold(text) in ("", "*", "**", "all", "everyone", "everybody", "anyone"):
        raise ValueError(f"names nobody in particular; write '{form}'")
    _, has_scheme, rest = text.partition("://")
    address = rest.partition("#")[0].partition("?")[0] if has_scheme else text
    return _split_address(address, form, has_scheme=bool(has_scheme))


def _split_address(address: str, form: str, *, has_scheme: bool) -> Name:
    head, _, tail = address.partition("/")
    if "@" in head and not head.startswith("@"):  # user@host/path, or user@host:path as ssh writes it
        head = head.rpartition("@")[2]
        if not has_scheme and ":" in head:
            head, _, first = head.partition(":")
            tail = f"{first}/{tail}" if tail else first
    try:
        host = parse_host(head)
    except ValueError:
        raise ValueError(f"has no host; write '{form}'") from None
    path = fold_name(tail)
    if any(c in _NEVER_IN_NAMES or c.isspace() or not c.isprintable() for c in path):
        raise ValueError("has a wildcard or a character that no name has; name one owner or repository")
    if not path or any(part in ("", ".", "..") for part in path.split("/")):
        raise ValueError(f"is not complete; write '{form}'")
    return Name(host, path)


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded)
