"""Replacements: form, consistency, and recognition without the key."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from pii import Span, find, find_by_shape, redact
from pii.spans import KINDS
from tests.pii.invented_values import HEX, KEY, PROVIDER_KEYS, drawn, pem


def replaced(kind: str, value: str, *, key: bytes | None = KEY) -> str:
    """Return what one value becomes."""
    return redact(value, key=key, kinds=["NAME"], proposed=[Span(0, len(value), kind, "test", 1.0)]).text


@pytest.mark.parametrize("value", ["52.95.110.1", "8.8.4.7"])
def test_ipv4_addresses_become_benchmark_addresses(value: str) -> None:
    assert ip_address(replaced("IP_ADDRESS", value)) in ip_network("198.18.0.0/15")


def test_ipv6_addresses_become_documentation_addresses() -> None:
    assert ip_address(replaced("IP_ADDRESS", "2606:4700::1111")) in ip_network("2001:db8::/32")


def classes(value: str) -> set[str]:
    return {
        "lower" if c.islower() else "upper" if c.isupper() else "digit" if c.isdigit() else c for c in value
    }


@pytest.mark.parametrize("value", sorted(PROVIDER_KEYS.values()))
def test_keys_keep_length_and_classes_but_no_providers_shape(value: str) -> None:
    made = replaced("KEY", value)
    assert len(made) == len(value)
    assert classes(made[12:]) <= classes(value)
    assert find_by_shape(made) == []


def test_hexadecimal_keys_stay_hexadecimal() -> None:
    for value in (drawn(32, HEX), drawn(40, HEX).upper()):
        made = replaced("KEY", value)
        assert (
            len(made) == len(value) and set(made) <= set(HEX + HEX.upper()) and made.upper() != value.upper()
        )


@pytest.mark.parametrize("value", ["short7c", "1234567890", "!!!!!!!!!!"])
def test_short_values_and_values_without_letters_become_the_placeholder(value: str) -> None:
    assert replaced("PASSWORD", value) == "<PASSWORD>"


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_key_every_kind_has_its_placeholder(kind: str) -> None:
    assert replaced(kind, "any value", key=None) == f"<{kind}>"


@pytest.mark.parametrize("kind", KINDS)
def test_no_replacement_of_any_kind_is_found_again(kind: str) -> None:
    made = replaced(kind, "Some.value-1a2B")
    for text in (made, f'password = "{made}"', f"api_key={made}\n", f"host {made} mail"):
        assert find(text, kinds=KINDS) == []


def test_a_block_keeps_its_lines_and_their_indentation() -> None:
    block = pem().replace("\n", "\r\n    ")
    made = replaced("KEY", block)
    assert [len(line) for line in made.split("\r\n    ")] == [len(line) for line in block.split("\r\n    ")]
    assert "PRIVATE" not in made


def test_equal_values_have_one_replacement_and_one_hash() -> None:
    assert replaced("EMAIL", "Bob@Corp.io") == replaced("EMAIL", "bob@corp.io")
    assert replaced("EMAIL", "bob@corp.io") != replaced("EMAIL", "bob@corp.io", key=b"other")

    def hashed(kind: str, value: str, key: bytes = KEY) -> str | None:
        proposed = [Span(0, len(value), kind, "test", 1.0)]
        return redact(value, key=key, kinds=["NAME"], proposed=proposed).spans[0].value_hash

    assert hashed("IP_ADDRESS", "2606:4700::1") == hashed("IP_ADDRESS", "2606:4700:0::1")
    assert hashed("KEY", "a" * 20) != hashed("PASSWORD", "a" * 20)
    assert hashed("KEY", "a" * 20) != hashed("KEY", "a" * 20, b"other")


def test_many_addresses_have_as_many_replacements_in_one_file() -> None:
    addresses = [f"52.{a}.{b}.1" for a in range(40) for b in range(200)]
    made = redact("".join(f"host {address}\n" for address in addresses), key=KEY).text.split("\n")[:-1]
    assert len(set(made)) == len(addresses)
    alone = {redact(f"host {address}", key=KEY).text for address in addresses}
    assert len(alone) < len(addresses)


@pytest.mark.parametrize("text", ["host 198.20.1.1", "bob@redacted.example.com", "host 2001:db8::1"])
def test_what_is_not_ours_is_not_taken_for_a_replacement(text: str) -> None:
    assert len(find(text)) == 1
