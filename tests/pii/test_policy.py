"""What the policy "redact" leaves."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from pii.policy import RESERVED_NETWORKS, WELL_KNOWN_RESOLVERS, is_spared


@pytest.mark.parametrize("address", sorted(WELL_KNOWN_RESOLVERS))
def test_well_known_resolvers_are_spared(address: str) -> None:
    assert is_spared("IP_ADDRESS", address)
    assert ip_address(address).is_global


@pytest.mark.parametrize("network", RESERVED_NETWORKS)
def test_first_and_last_address_of_a_reserved_network_are_spared(network: str) -> None:
    block = ip_network(network)
    assert is_spared("IP_ADDRESS", str(block[0]))
    assert is_spared("IP_ADDRESS", str(block[-1]))


@pytest.mark.parametrize(
    ("kind", "value", "spared"),
    [
        ("IP_ADDRESS", "172.15.255.255", False),
        ("IP_ADDRESS", "172.32.0.0", False),
        ("IP_ADDRESS", "8.8.8.9", False),
        ("IP_ADDRESS", "2606:4700::1111", False),
        ("IP_ADDRESS", "::ffff:192.168.0.1", True),
        ("IP_ADDRESS", "::ffff:52.95.110.1", False),
        ("IP_ADDRESS", "fe80::1%eth0", True),
        ("IP_ADDRESS", "not an address", False),
        ("EMAIL", "ann@example.com", True),
        ("EMAIL", "Ann@Mail.EXAMPLE.org", True),
        ("EMAIL", "ann@host.test", True),
        ("EMAIL", "ann@x.invalid", True),
        ("EMAIL", "ann@example.co", False),
        ("EMAIL", "ann@notexample.com", False),
        ("EMAIL", "12345+ann@users.noreply.github.com", False),
        ("KEY", "ann@example.com", False),
        ("PASSWORD", "127.0.0.1", False),
    ],
)
def test_only_what_belongs_to_nobody_is_spared(kind: str, value: str, spared: bool) -> None:
    assert is_spared(kind, value) is spared
