"""Replacements: form, consistency, and recognition without the key."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.provider_keys import matches_provider_shape
from pii.replacement import Replacements, own_replacements, placeholder, synthetic, value_hash
from pii.spans import KINDS
from tests.pii.invented_values import HEX, KEY, PROVIDER_KEYS, drawn, pem

values = st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=80)


@given(st.sampled_from(KINDS), values)
def test_a_replacement_of_either_style_is_recognised_and_keeps_the_line_ends(kind: str, value: str) -> None:
    for made in (placeholder(kind, value), synthetic(kind, value, key=KEY)):
        covered = sum(end - start for start, end in own_replacements(made))
        assert covered == sum(not c.isspace() for c in made)
        if kind in ("KEY", "PASSWORD"):
            assert made.count("\n") == value.count("\n")


@pytest.mark.parametrize("value", ["52.95.110.1", "8.8.4.7"])
def test_ipv4_addresses_become_benchmark_addresses(value: str) -> None:
    made = ip_address(synthetic("IP_ADDRESS", value, key=KEY))
    assert made in ip_network("198.18.0.0/15")


def test_ipv6_addresses_become_documentation_addresses() -> None:
    made = ip_address(synthetic("IP_ADDRESS", "2606:4700::1111", key=KEY))
    assert made in ip_network("2001:db8::/32")


def classes(value: str) -> set[str]:
    return {
        "lower" if c.islower() else "upper" if c.isupper() else "digit" if c.isdigit() else c for c in value
    }


@pytest.mark.parametrize("value", sorted(PROVIDER_KEYS.values()))
def test_keys_keep_length_and_classes_but_no_providers_shape(value: str) -> None:
    made = synthetic("KEY", value, key=KEY)
    assert len(made) == len(value)
    assert classes(made[12:]) <= classes(value)
    assert not matches_provider_shape(made)


def test_hexadecimal_keys_stay_hexadecimal() -> None:
    for value in (drawn(32, HEX), drawn(40, HEX).upper()):
        made = synthetic("KEY", value, key=KEY)
        assert (
            len(made) == len(value) and set(made) <= set(HEX + HEX.upper()) and made.upper() != value.upper()
        )


@pytest.mark.parametrize("value", ["short7c", "1234567890", "!!!!!!!!!!"])
def test_short_values_and_values_without_letters_become_the_placeholder(value: str) -> None:
    assert synthetic("PASSWORD", value, key=KEY) == "<PASSWORD>"


def test_a_block_keeps_its_lines_and_their_indentation() -> None:
    block = pem().replace("\n", "\r\n    ")
    made = synthetic("KEY", block, key=KEY)
    assert [len(line) for line in made.split("\r\n    ")] == [len(line) for line in block.split("\r\n    ")]
    assert "PRIVATE" not in made


def test_equal_values_have_one_replacement_and_one_hash() -> None:
    assert synthetic("EMAIL", "Bob@Corp.io", key=KEY) == synthetic("EMAIL", "bob@corp.io", key=KEY)
    assert value_hash("IP_ADDRESS", "2606:4700::1", key=KEY) == value_hash(
        "IP_ADDRESS", "2606:4700:0::1", key=KEY
    )
    assert value_hash("KEY", "a" * 20, key=KEY) != value_hash("PASSWORD", "a" * 20, key=KEY)
    assert value_hash("KEY", "a" * 20, key=KEY) != value_hash("KEY", "a" * 20, key=b"other")
    assert synthetic("EMAIL", "bob@corp.io", key=KEY) != synthetic("EMAIL", "bob@corp.io", key=b"other")


def test_a_draw_that_is_taken_is_repeated() -> None:
    first = synthetic("IP_ADDRESS", "52.95.110.1", key=KEY)
    second = synthetic("IP_ADDRESS", "52.95.110.1", key=KEY, attempt=1)
    for taken, originals in (([first], frozenset[str]()), ([], frozenset({first}))):
        replacements = Replacements(key=KEY, style="synthetic", taken=taken)
        assert replacements.get("IP_ADDRESS", "52.95.110.1", originals=originals) == second


def test_many_values_have_as_many_replacements() -> None:
    replacements = Replacements(key=KEY, style="synthetic", taken=())
    addresses = [f"52.{a}.{b}.1" for a in range(40) for b in range(200)]
    made = [replacements.get("IP_ADDRESS", address, originals=frozenset()) for address in addresses]
    assert len(set(made)) == len(addresses)
    assert len({synthetic("IP_ADDRESS", address, key=KEY) for address in addresses}) < len(addresses)


@pytest.mark.parametrize(
    "text", ["1198.18.7.9", "198.20.1.1", "<NAME>", "bob@redacted.example", "2001:db8::1", "redacted"]
)
def test_what_is_not_ours_is_not_recognised(text: str) -> None:
    assert own_replacements(text) == []
