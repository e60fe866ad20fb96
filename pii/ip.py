"""Find IP addresses of both families.

presidio's pattern proposes, over the bounded neighbourhood of each dotted quad and each group of
hexadecimal digits and colons; `ipaddress` and the context dispose. Not addresses, by rule: versions,
revisions, section numbers, object identifiers, scope operators (`std::`), slices (`[::2]`), times, MAC and
EUI-64 addresses, netmasks, a lone `::`.

A span holds the address alone: no port, no brackets, no prefix length, no zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from pii.proposers import propose_addresses
from pii.spans import IP_ADDRESS, Span

_QUAD = re.compile(r"(?<![0-9])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9])")
_COLONS = re.compile(r"::|(?<![0-9A-Fa-f])[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){2}")
_V6_CHARACTERS = frozenset("0123456789abcdefABCDEF:.")
_MAX_V6_LENGTH = 45

_IP_WORD = re.compile(
    r"(?i)(?<![a-z])ip(?:v?[46])?(?![a-z])|addr|host|server|dns|ping|gateway|subnet|network"
    r"|netmask|route|listen"
    r"|bind|proxy|peer|remote|client|inet|(?:ip|Ip)_|_ip|\bfrom\b|connect|://|nameserver|cidr|socket"
)
_VERSION_WORD = re.compile(
    r"(?i)version|release|revision|(?<![a-z])(?:ver|rev|vers|build|upgrade|update[ds]?|firmware"
    r"|bump)(?![a-z])"
    r"|assembly|changelog|sect(?:ion)?|clause|prior to|until|as of|added in|starting|before|after"
    r"|chapter|figure|(?<![a-z])(?:sec|fig|table|oid|rfc|step)(?![a-z])|§"
    r"|,v |[=~<>!]=\s*$|\^\s*$|~>\s*$|since|introduced|deprecated|package|library|plugin|\bpip\b"
    r"|\bnpm\b|\bgem\b"
)
_OID_ARCS = ("1.3.6.1", "2.5.4.", "2.5.29.", "1.0.", "0.9.", "2.16.", "1.2.840")
_CONTEXT = 48


def find_addresses(text: str) -> Iterator[Span]:
    """Yield the IP addresses of a text; linear in its length, not sorted over the two families."""
    yield from _find_v6(text)
    for match in _QUAD.finditer(text):
        start, end = match.span()
        if _is_v4(match.group()) and not _is_other_quad(text, start, end):
            score = _proposed(text, start, end)
            if score:
                yield Span(start, end, IP_ADDRESS, "ipv4", score)


def _proposed(text: str, start: int, end: int) -> float:
    """Return the best score that presidio gives to a proposal inside the range, or 0."""
    low = max(0, start - 2)
    proposals = propose_addresses(text[low : end + 2])
    return max(
        (score for first, last, score in proposals if first + low <= start and last + low >= end), default=0.0
    )


def _is_v4(value: str) -> bool:
    try:
        address = IPv4Address(value)
    except AddressValueError:
        return False
    return int(address) >> 24 != 255


def _is_other_quad(text: str, start: int, end: int) -> bool:
    """Tell whether a quad is a version, a section number, an object identifier or part of a longer number."""
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + 3]
    previous, following = before[-1:], after[:1]
    if previous in (".", "-"):
        if before[-2:-1].isalnum():
            return True
    elif previous.isalnum() or previous == "_":
        return True
    if following.isalpha() or following == "_" or (following == "." and after[1:2].isalnum()):
        return True
    if following == "-" and after[1:2].isalpha():
        return True
    if previous in ("/", "@", "\\") and re.search(r"[A-Za-z][/@]$", before):
        return "://" not in before
    value = text[start:end]
    line = before[before.rfind("\n") + 1 :]
    if _IP_WORD.search(line[-24:]):
        return bool(re.search(r"(?i)version\W{0,4}$", line))
    if value.startswith(_OID_ARCS) or _VERSION_WORD.search(line):
        return True
    return bool(re.search(r"(?i)^[^\n]{0,8}(?:version|release)", text[end : end + 20]))


def _find_v6(text: str) -> Iterator[Span]:
    done = 0
    for match in _COLONS.finditer(text):
        if match.start() < done:
            continue
        start, end = _hex_run(text, match.start(), match.end())
        done = end
        while end > start and text[end - 1] == ".":
            end -= 1
        if end - start > 1 and text[end - 1] == ":" and text[end - 2] != ":":
            end -= 1
        if _is_v6(text[start:end]) and not _is_other_colons(text, start, end):
            score = _proposed(text, start, end)
            if score:
                yield Span(start, end, IP_ADDRESS, "ipv6", score)


def _hex_run(text: str, start: int, end: int) -> tuple[int, int]:
    low, high = max(0, start - _MAX_V6_LENGTH), min(len(text), end + _MAX_V6_LENGTH)
    while start > low and text[start - 1] in _V6_CHARACTERS:
        start -= 1
    while end < high and text[end] in _V6_CHARACTERS:
        end += 1
    return start, end


def _is_v6(value: str) -> bool:
    if len(value) > _MAX_V6_LENGTH:
        return False
    try:
        IPv6Address(value)
    except AddressValueError:
        return False
    return value != "::"


def _is_other_colons(text: str, start: int, end: int) -> bool:
    """Tell whether a valid IPv6 text is an operator, a slice, a range of revisions or an EUI-64."""
    previous, following = text[start - 1 : start], text[end : end + 1]
    if previous.isalnum() or previous in ("_", ":", ".", "$", "<"):
        return True
    if following.isalnum() or following in ("_", ":", "(", "<"):
        return True
    value = text[start:end]
    groups = [group for group in value.split(":") if group]
    if "::" not in value:
        return all(len(group) == 2 for group in groups)
    if set(groups) == {"ffff"}:
        return True
    if "." in value or len(groups) >= 4:
        return False
    context = text[max(0, start - _CONTEXT) : start]
    line = context[context.rfind("\n") + 1 :]
    if len(groups) == 1 and value.startswith("::") and value != "::1" and not _IP_WORD.search(line):
        return True
    if len(groups) < 3 and not any(c in "0123456789" for c in value) and not _IP_WORD.search(line):
        return True
    if value == "::1":
        return not (_IP_WORD.search(line) or _is_delimited(previous, following))
    if (
        len(groups) < 3
        and all(group.isdigit() for group in groups)
        and not groups[0].startswith(("2001", "2002", "64"))
    ):
        return not (_IP_WORD.search(line) or following in ("/", "%"))
    return len(groups[0]) < 3 and not (_IP_WORD.search(line) or _is_delimited(previous, following))


def _is_delimited(previous: str, following: str) -> bool:
    return previous in ("'", '"', "[", "`", "(", " ", "\t", "\n", "", ",") and following in (
        "'", '"', "]", "`", ")", " ", "\t", "\n", "", ",", "/", "%", "\r", ";",
    )  # fmt: skip
