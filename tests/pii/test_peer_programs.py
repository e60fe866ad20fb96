"""The programs that run peers: where their finds are placed, and the rules of the baseline."""

from __future__ import annotations

import pytest

from benchmarks.choosing import chosen_peers
from benchmarks.pii.peer_list import PEERS
from benchmarks.pii.peers.bigcode_rules import find_addresses, is_hash, too_many_hashes
from benchmarks.pii.peers.exchange import line_starts, occurrences
from benchmarks.pii.peers.gitleaks_dir import locate


def test_a_reported_secret_is_marked_wherever_it_stands_in_its_lines() -> None:
    text = "k = abc\nabc abcabc\nabc\n"
    starts = [*line_starts(text), len(text) + 1]
    finding = {"Secret": "abc", "StartLine": 2, "EndLine": 2}
    assert locate(text, starts, finding) == [(8, 11, "SECRET"), (12, 15, "SECRET"), (15, 18, "SECRET")]
    assert locate(text, starts, {**finding, "Secret": ""}) == []
    assert locate(text, starts, {**finding, "StartLine": 9, "EndLine": 9}) == []
    assert locate(text, starts, {**finding, "Secret": "abcabc\nabc"}) == [(12, 22, "SECRET")]
    assert list(occurrences("aaa", "aa", 0, 3)) == [(0, 2, "SECRET")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mail bob@corp.io.", ["bob@corp.io"]),
        ("a.b-c@d.example.org, next", ["a.b-c@d.example.org"]),
        ("dots..@corp.io .@corp.io", []),
        ("at 52.1.2.3 and 10.0.0.17", ["52.1.2.3", "10.0.0.17"]),
        ("version 1.2.3.4", []),
        ("DNS 1.2.3.4", ["1.2.3.4"]),
        ("999.1.2.3", []),
        ("to 2a00:1450:4001::93 via fe80::1", ["2a00:1450:4001::93", "fe80::1"]),
        ("Class::method ::", []),
    ],
)
def test_the_baseline_follows_the_published_description(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end, _ in find_addresses(text)] == found


def test_the_baseline_leaves_digests_alone() -> None:
    value = "0a1b" * 8
    assert is_hash(f"x\nmd5 = {value}", value)
    assert not is_hash(f"md5\nkey = {value}", value)
    assert not is_hash(f"md5 = {value}0", f"{value}0")
    assert too_many_hashes("sha\nsha\n")
    assert not too_many_hashes("sha\n")


def test_peers_are_chosen_by_name() -> None:
    assert chosen_peers("all", PEERS) == PEERS
    assert chosen_peers("none", PEERS) == ()
    assert [peer.name for peer in chosen_peers("gitleaks, presidio", PEERS)] == ["gitleaks", "presidio"]
    with pytest.raises(ValueError, match="got nobody"):
        chosen_peers("nobody", PEERS)


def test_every_peer_names_a_version() -> None:
    assert all(peer.version_text.split()[-1][0].isdigit() for peer in PEERS)
