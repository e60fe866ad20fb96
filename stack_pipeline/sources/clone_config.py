"""Read the two things that matter from a clone's `config`, as plain text: its origin and its object format.

Git itself never sees this file: it can name programs to run (`core.fsmonitor`, `core.sshCommand`, …) and
further files to include. What it says of the origin is a claim that anybody can write, and is marked as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stack_pipeline.sources.repository import is_full_name, is_host

MAX_CONFIG_BYTES = 65_536
"""Bytes of a config that are looked at."""

_SECTION = re.compile(r'\s*\[\s*([A-Za-z0-9.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]')
_VARIABLE = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)\s*=(.*)")
_URL = re.compile(r"(?:https?|ssh|git|git\+ssh)://(?:[^/@]*@)?([^/@:]+)(?::\d*)?/(.+)", re.IGNORECASE)
_SCP = re.compile(r"(?:[^/@:]*@)?([^/@:]+):(?!//)(.+)")
_HOST_ALIASES = {
    "ssh.github.com": "github.com",
    "www.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
}


def read_variables(config: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield (section, variable, value) of a Git config in the order of the file, names in lower case.

    A section with a subsection is `section.subsection`, the subsection as it is written. Includes are not
    followed and lines that make no sense are passed over.

    Args:
        config: The file; only the first `MAX_CONFIG_BYTES` are read.

    Examples:
        >>> list(read_variables(b'[remote "origin"]\\n\\turl = https://example.org/a/b # mirror\\n'))
        [('remote.origin', 'url', 'https://example.org/a/b')]
    """
    section = ""
    text = config[:MAX_CONFIG_BYTES].decode("utf-8", "replace")
    for line in re.sub(r"\\\r?\n", "", text).split("\n"):
        if match := _SECTION.match(line):
            name, subsection = match.groups()
            section = name.lower() if subsection is None else f"{name.lower()}.{_unescape(subsection)}"
            line = line[match.end() :]
        if match := _VARIABLE.match(line):
            yield section, match[1].lower(), _value(match[2])


def origin_of(config: bytes) -> tuple[str, str] | None:
    """Return (host, full name) that the first URL of the remote "origin" claims, or None.

    Examples:
        >>> origin_of(b'[remote "origin"]\\n\\turl = git@github.com:torvalds/linux.git\\n')
        ('github.com', 'torvalds/linux')
    """
    urls = (
        value
        for section, name, value in read_variables(config)
        if (section, name) == ("remote.origin", "url")
    )
    return remote_identity(next(urls, ""))


def object_format_of(config: bytes) -> str | None:
    """Return the value of `extensions.objectFormat` in lower case, or None if there is none.

    Examples:
        >>> object_format_of(b"[extensions]\\n\\tobjectformat = sha256\\n")
        'sha256'
    """
    found = [
        value.lower() for section, name, value in read_variables(config) if (section, name) == _OBJECT_FORMAT
    ]
    return found[-1] if found else None


def reference_storage_of(config: bytes) -> str | None:
    """Return the value of `extensions.refStorage` in lower case, or None if there is none."""
    found = [
        value.lower() for section, name, value in read_variables(config) if (section, name) == _REF_STORAGE
    ]
    return found[-1] if found else None


_OBJECT_FORMAT = ("extensions", "objectformat")
_REF_STORAGE = ("extensions", "refstorage")


def remote_identity(url: str) -> tuple[str, str] | None:
    """Return (host, full name) of a remote's URL, without user, password and port.

    Args:
        url: An http, https, ssh or git URL, or ssh's short form `user@host:owner/name`.

    Returns:
        None for a path on this machine, a host without a dot (an alias in somebody's ssh config) and a path
        that is no repository's name.

    Examples:
        >>> remote_identity("https://user:token@GitHub.com/redis/redis.git/")
        ('github.com', 'redis/redis')
        >>> remote_identity("../elsewhere") is None
        True
    """
    match = _URL.fullmatch(url) or (None if "://" in url else _SCP.fullmatch(url))
    if match is None:
        return None
    host = match[1].lower().rstrip(".")
    host = _HOST_ALIASES.get(host, host)
    full_name = match[2].strip("/").removesuffix(".git")
    if not is_host(host) or not is_full_name(full_name, host=host):
        return None
    return host, full_name


def _value(text: str) -> str:
    """Return a value without comment, quotes and escapes, as Git reads it."""
    out: list[str] = []
    quoted = False
    characters = iter(text.strip())
    for character in characters:
        if character == '"':
            quoted = not quoted
        elif character == "\\":
            out.append(_ESCAPES.get(following := next(characters, ""), following))
        elif character in "#;" and not quoted:
            break
        else:
            out.append(character)
    return "".join(out).strip()


_ESCAPES = {"n": "\n", "t": "\t", "b": "\b"}


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
