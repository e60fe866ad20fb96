"""List what may stay: addresses and mailboxes that belong to nobody.

Under the policy "detect" everything is reported. Under "redact" the values of this module stay as they are,
because changing them would harm the text and protect no one: private and reserved networks, well-known
public resolvers, and mailboxes at domains that are reserved for examples.

Sources: the IANA special-purpose address registries (RFC 6890 and its updates), RFC 2606 and RFC 6761 for the
domains. The resolvers are those that the BigCode redaction leaves.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from pii.spans import EMAIL, IP_ADDRESS

#: The policies, in alphabetical order.
POLICIES: tuple[str, ...] = ("detect", "redact")

#: Public DNS resolvers: Google, Cloudflare, Control D, Quad9, OpenDNS, Comodo, AdGuard.
WELL_KNOWN_RESOLVERS: frozenset[str] = frozenset(
    {
        "1.0.0.1",
        "1.1.1.1",
        "149.112.112.112",
        "208.67.220.220",
        "208.67.222.222",
        "76.223.122.150",
        "76.76.19.19",
        "8.20.247.20",
        "8.26.56.26",
        "8.8.4.4",
        "8.8.8.8",
        "9.9.9.9",
        "94.140.14.14",
        "94.140.15.15",
    }
)

#: Networks without a public owner. Written out, since the tables behind `is_private` change with Python's
#: version.
RESERVED_NETWORKS: tuple[str, ...] = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/127",
    "100::/64",
    "2001:db8::/32",
    "3fff::/20",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
)

#: Second-level domains that are reserved for documentation.
EXAMPLE_DOMAINS: frozenset[str] = frozenset({"example.com", "example.net", "example.org"})

#: Top-level domains that never resolve on the Internet.
RESERVED_TLDS: frozenset[str] = frozenset({"example", "invalid", "localhost", "test"})


def is_spared(kind: str, value: str) -> bool:
    """Tell whether the policy "redact" leaves a found value where it is.

    Args:
        kind: One of `pii.KINDS`; keys and passwords are never spared.
        value: The value as found.

    Examples:
        >>> is_spared("IP_ADDRESS", "192.168.0.7"), is_spared("IP_ADDRESS", "52.95.110.1")
        (True, False)
        >>> is_spared("EMAIL", "ann@example.com"), is_spared("EMAIL", "ann@corp.io")
        (True, False)
    """
    if kind == EMAIL:
        return _is_placeholder_mailbox(value)
    if kind == IP_ADDRESS:
        return _is_reserved_address(value)
    return False


def _is_placeholder_mailbox(value: str) -> bool:
    # `noreply@` mailboxes stay personal data: GitHub's `id+login@users.noreply.github.com` names its owner.
    labels = value.rpartition("@")[2].lower().rstrip(".").split(".")
    return labels[-1] in RESERVED_TLDS or ".".join(labels[-2:]) in EXAMPLE_DOMAINS


def _is_reserved_address(value: str) -> bool:
    if value in WELL_KNOWN_RESOLVERS:
        return True
    try:
        address = ip_address(value.partition("%")[0].partition("/")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return _is_reserved_address(str(address.ipv4_mapped))
    v4, v6 = _networks()
    bits = int(address)
    ranges = v4 if isinstance(address, IPv4Address) else v6
    return any(first <= bits <= last for first, last in ranges)


@lru_cache(maxsize=1)
def _networks() -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    networks = [ip_network(text) for text in RESERVED_NETWORKS]
    ranges = [(n.version, int(n.network_address), int(n.broadcast_address)) for n in networks]
    return (
        tuple((first, last) for version, first, last in ranges if version == 4),
        tuple((first, last) for version, first, last in ranges if version == 6),
    )
