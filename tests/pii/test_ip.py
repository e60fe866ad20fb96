"""IP addresses: what is one, what is not, and where it begins and ends."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii import find


def found(text: str) -> list[str]:
    return sorted(text[span.start : span.end] for span in find(text, kinds=["IP_ADDRESS"]))


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("ping 52.95.110.1", ["52.95.110.1"]),
        ("http://52.95.110.1:8080/x", ["52.95.110.1"]),
        ("52.95.110.0/24", ["52.95.110.0"]),
        ("[52.95.110.1]", ["52.95.110.1"]),
        ("host=52.95.110.1", ["52.95.110.1"]),
        ("52.95.110.1 52.95.110.2 52.95.110.3", ["52.95.110.1", "52.95.110.2", "52.95.110.3"]),
        ("server is 52.95.110.1.", ["52.95.110.1"]),
        ("::ffff:52.14.3.99", ["::ffff:52.14.3.99"]),
        ("[2606:4700::1111]:443", ["2606:4700::1111"]),
        ("fe80::1%eth0", ["fe80::1"]),
        ("addr 2a00:1450:4001:81b:0:0:0:200e;", ["2a00:1450:4001:81b:0:0:0:200e"]),
        ("listen '::1'", ["::1"]),
    ],
)
def test_addresses_are_found_exactly(text: str, addresses: list[str]) -> None:
    assert found(text) == addresses


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version 0.10.1.0",
        "<version>11.2.0.4</version>",
        "Chrome/63.0.3239.132",
        "pkg-1.2.3.4",
        "v1.2.3.4",
        "foo==1.2.3.4",
        "see section 9.4.2.15",
        "#section-4.3.2.2",
        "2.5.29.34",
        "1.3.6.1.4.1.311",
        "1.2.3.4.5",
        "1.2.3.4-beta",
        "256.1.1.1",
        "255.255.255.0",
        "std::vector<a::b>",
        "x[::2]",
        "::",
        "12:34:56",
        "08:00:2b:01:02:03:04:05",
        "08:00:2b:01:02:03",
        "hg.revs=::1",
        "2085::2093",
        "a:b:c",
        "٥٢.٩٥.١١٠.١",
    ],
)
def test_what_only_looks_like_an_address_is_left(text: str) -> None:
    assert found(text) == []


@given(st.ip_addresses(v=4).filter(lambda address: int(address) >> 24 not in (0, 198, 255)))
def test_any_ipv4_address_after_the_word_host_is_found(address: object) -> None:
    assert found(f"host {address}") == [str(address)]


@given(st.text(alphabet="0123456789abcdef:./ vg", max_size=60))
def test_whatever_is_found_parses_as_an_address(text: str) -> None:
    for value in found(text):
        assert ip_address(value)
