"""Replacements: form, consistency, and recognition without the key."""

from __future__ import annotations

import re
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


@pytest.mark.parametrize(
    "value", [*sorted(PROVIDER_KEYS.values()), drawn(32, HEX), drawn(40, HEX).upper(), "4-5" * 8]
)
def test_keys_keep_their_length_and_lose_entropy_and_shape(value: str) -> None:
    made = replaced("KEY", value)
    assert len(made) == len(value)
    assert re.fullmatch("XRDCT_[XRDCT]+" if value.isupper() else "xrdct_[xrdct]+", made)
    assert find_by_shape(made) == []


@pytest.mark.parametrize(
    ("value", "length"), [("short7c", 9), ("пароль", 9), ("!" * 10, 10), ("correct horse", 13)]
)
def test_passwords_become_a_row_of_x(value: str, length: int) -> None:
    assert re.fullmatch(rf"x[xX]{{{length - 1}}}", replaced("PASSWORD", value))


@pytest.mark.parametrize(("value", "made"), [("1234567890", "1" * 10), ("4711", "1111"), ("1111", "2222")])
@pytest.mark.parametrize("kind", ["KEY", "PASSWORD"])
def test_numbers_stay_numbers(kind: str, value: str, made: str) -> None:
    assert replaced(kind, value) == made


def test_a_number_never_becomes_another_number_of_its_file() -> None:
    proposed = [Span(13, 17, "PASSWORD", "test", 1.0)]
    assert redact("pin 4711 and 1111", key=KEY, proposed=proposed).text == "pin 4711 and 2222"
    proposed.append(Span(4, 8, "PASSWORD", "test", 1.0))
    assert redact("pin 4711 and 1111", key=KEY, proposed=proposed).text == "pin 2222 and 2222"


@pytest.mark.parametrize("style", ["synthetic", "placeholder"])
def test_a_key_in_parts_of_a_literal_keeps_what_joins_them(style: str) -> None:
    lines = pem(lines=2).split("\n")
    for joint in ('"\n    + "', '" \\\n  "', "',\n'", '"\n b"'):
        text = f'key = "{joint.join(lines)}"\n'
        made = redact(text, key=KEY, style=style).text
        assert [len(part) > 2 for part in made.split(joint)] == [True] * len(lines)
        assert not any(line in made for line in lines)


def test_a_key_in_a_comment_keeps_its_leaders() -> None:
    for leader in ("# ", " * ", "// ", "> "):
        made = redact(pem(lines=2).replace("\n", f"\n{leader}"), key=KEY).text
        assert [line.startswith(leader) for line in made.split("\n")] == [False, True, True, True]


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_key_every_kind_has_its_placeholder(kind: str) -> None:
    assert replaced(kind, "any value", key=None) == f"<{kind}>"


@pytest.mark.parametrize("kind", KINDS)
def test_no_replacement_of_any_kind_is_found_again(kind: str) -> None:
    made = replaced(kind, "Some.value-1a2B")
    for text in (made, f'password = "{made}"', f"api_key={made}\n", f"host {made} mail"):
        assert find(text, kinds=KINDS) == []


def test_many_short_passwords_of_a_file_have_different_replacements() -> None:
    text = "".join(f'password = "pw{a}{b}z"\n' for a in "abcdefgh" for b in "klmnopq")
    made = redact(text, key=KEY).text.splitlines()
    assert len(set(made)) == len(made)


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
