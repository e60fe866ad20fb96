"""Canonical JSON, digests of values, and Merkle roots against a plain reading of RFC 6962."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.canonical import canonical_json, digest_of, merkle_root

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def plain_root(leaves: list[bytes]) -> bytes:
    """Follow the recursive definition of RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:split]) + plain_root(leaves[split:])).digest()


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_root_is_that_of_the_rfc(leaves: list[bytes]) -> None:
    assert merkle_root(leaves) == plain_root(leaves).hex()
    assert merkle_root(iter(leaves)) == merkle_root(leaves)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 8, 9, 255, 256, 257])
def test_the_root_around_powers_of_two(count: int) -> None:
    leaves = [str(number).encode() for number in range(count)]
    assert merkle_root(leaves) == plain_root(leaves).hex()


def test_the_root_of_the_test_vectors_of_certificate_transparency() -> None:
    texts = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    leaves = [bytes.fromhex(text) for text in texts]
    assert merkle_root(leaves[:1]) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle_root(leaves) == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.lists(st.binary(max_size=8), min_size=2, max_size=9, unique=True), st.data())
def test_the_root_changes_with_the_order(leaves: list[bytes], data: st.DataObject) -> None:
    other = data.draw(st.permutations(leaves))
    assert (merkle_root(other) == merkle_root(leaves)) == (other == leaves)


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = (hashlib.sha256(b"\x00" + leaf).digest() for leaf in (b"a", b"b"))
    assert merkle_root([left + right]) != merkle_root([b"a", b"b"])


@given(VALUES)
def test_canonical_json_reads_back(value: Any) -> None:
    data = canonical_json(value)
    assert json.loads(data) == value
    assert data.endswith(b"\n")
    assert data.count(b"\n") == 1
    assert canonical_json(json.loads(data)) == data


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ({"b": 1, "a": 2}, b'{"a":2,"b":1}\n'),
        ({"é": "é", "Z": "😀"}, '{"Z":"😀","é":"é"}\n'.encode()),
        ([1, 1.0, 0.1, 1e300, 10**30, True, None], b"[1,1.0,0.1,1e+300,1" + b"0" * 30 + b",true,null]\n"),
        ((1, (2,)), b"[1,[2]]\n"),
        ('a\n"\\\x00', b'"a\\n\\"\\\\\\u0000"\n'),
        ({}, b"{}\n"),
    ],
)
def test_canonical_json_of_known_values(value: Any, data: bytes) -> None:
    assert canonical_json(value) == data


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_does_not_know_is_refused(number: float) -> None:
    with pytest.raises(ValueError):
        canonical_json({"x": [number]})


@pytest.mark.parametrize("text", ["\udc80", "a\udcffb", "\ud800"])
def test_a_name_that_is_no_utf8_becomes_an_escape_and_reads_back(text: str) -> None:
    data = canonical_json([text])
    assert data.decode("utf-8").isascii()
    assert json.loads(data) == [text]
    assert len(digest_of(text)) == 64


@given(st.dictionaries(st.text(), st.integers(), min_size=1, max_size=8), st.data())
def test_the_digest_does_not_depend_on_the_order_of_keys(value: dict[str, int], data: st.DataObject) -> None:
    shuffled = dict(data.draw(st.permutations(list(value.items()))))
    assert digest_of(shuffled) == digest_of(value) == hashlib.sha256(canonical_json(value)).hexdigest()


@pytest.mark.parametrize(("one", "other"), [([1, 2], [2, 1]), (1, "1"), (None, "null"), ({}, []), (0, False)])
def test_different_values_have_different_digests(one: Any, other: Any) -> None:
    assert digest_of(one) != digest_of(other)
