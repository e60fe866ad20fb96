"""What the policy "redact" leaves."""

from __future__ import annotations

import pytest

from pii import find

RESOLVERS = ("1.0.0.1", "1.1.1.1", "8.8.4.4", "8.8.8.8", "9.9.9.9", "149.112.112.112", "208.67.222.222")


@pytest.mark.parametrize("address", RESOLVERS)
def test_well_known_resolvers_are_spared(address: str) -> None:
    assert find(f"host {address}") and find(f"host {address}", policy="redact") == []


RESERVED = (
    "10.0.0.0 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.0.2.9 198.51.100.7 203.0.113.250 127.0.0.1",
    "169.254.1.1 fe80::1 fc00::1 2001:db8::1 ::ffff:192.168.0.1",
)


@pytest.mark.parametrize("address", " ".join(RESERVED).split())
def test_reserved_networks_are_spared(address: str) -> None:
    assert find(f"host {address}") and find(f"host {address}", policy="redact") == []


@pytest.mark.parametrize(
    "address",
    [
        "172.15.255.255",
        "172.32.0.0",
        "8.8.8.9",
        "2606:4700::1111",
        "::ffff:52.95.110.1",
        "100.64.0.1",
        "239.1.1.1",
    ],
)
def test_other_addresses_are_not(address: str) -> None:
    assert [span.kind for span in find(f"host {address}", policy="redact")] == ["IP_ADDRESS"]


@pytest.mark.parametrize(
    ("address", "spared"),
    [
        ("ann@example.com", True),
        ("Ann@Mail.EXAMPLE.org", True),
        ("ann@host.test", True),
        ("ann@x.invalid", True),
        ("ann@example.co", False),
        ("ann@notexample.com", False),
        ("12345+ann@users.noreply.github.com", False),
    ],
)
def test_only_mailboxes_that_are_nobodys_are_spared(address: str, spared: bool) -> None:
    assert (find(address, policy="redact") == []) is spared
