"""Hostile input: any bytes, very long lines, deep nesting, mixed encodings, scripts that run the other way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from benchmarks.pii.speed_corpus import LINE_BYTES, hostile_lines
from pii import explain, find, find_in_array, redact, redact_array
from tests.pii.invented_values import KEY, drawn

SECRET = drawn(24, seed="hostile")
VALUES = ("mara@palereed.org", "52.29.7.14", SECRET)
PLANTED = f'mail {VALUES[0]} host {VALUES[1]} api_key = "{VALUES[2]}"'.encode()
LINES = hostile_lines()
LONG = 1 << 26


def values(data: bytes) -> list[str]:
    return [data[span.start : span.end].decode() for span in find(data)]


@pytest.mark.parametrize(
    "around",
    [
        b"\0",
        b"\0" * 1000,
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\xc0\xaf",
        b"\xe2\x82",
        b"\xf4\x90\x80\x80",
        b"\x80\x80\x80",
        b"\xe9t\xe9 \xfcber",
        b"\x1b[31m",
        b"\x7f\x08\x0c\x0b",
        bytes(range(256)) + b" ",
        "‮".encode(),
        "⁦‏".encode(),
        "🦀\U0010ffff".encode(),
        "e\u0301\u200d\ufeff ".encode(),
        "привет ".encode("cp1251"),
        "日本 ".encode("shift_jis"),
    ],
    ids=repr,
)
def test_values_are_found_and_replaced_among_any_bytes(around: bytes) -> None:
    data = around + b" " + PLANTED + b" " + around
    assert values(data) == list(VALUES)
    clean = redact(data).text
    assert clean.startswith(around + b" mail <") and clean.endswith(b'"<KEY>" ' + around)
    assert redact(clean).text == clean


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_bytes_of_wide_encodings_are_searched_without_harm(encoding: str) -> None:
    """They hold no ASCII text; who reads files decodes them first."""
    data = PLANTED.decode().encode(encoding)
    assert redact(data).text.count(b"\n") == data.count(b"\n")
    assert all(0 <= span.start < span.end <= len(data) for span in find(data))


@pytest.mark.parametrize("before", ["", "é", "漢字", "🦀", "🦀" * 1000, "\U0010ffff\u0301", "a\0é🦀"])
def test_offsets_after_any_characters_name_the_value_in_both_units(before: str) -> None:
    text = f"{before} {PLANTED.decode()} {before} {PLANTED.decode()}"
    data = text.encode()
    assert [text[s.start : s.end] for s in find(text)] == [*VALUES, *VALUES]
    assert [data[s.start : s.end].decode() for s in find(data)] == [*VALUES, *VALUES]
    _, candidates = explain(text)
    assert set(VALUES) <= {text[c.start : c.end] for c in candidates if c.reason is None}


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ("{", "}"),
        ("(", ")"),
        ("[", "]"),
        ("<a>", "</a>"),
        ("'\"", "\"'"),
        ("/*", "*/"),
        ("${", "}"),
        ("\\", ""),
    ],
)
def test_nesting_of_any_depth_hides_nothing(opened: str, closed: str) -> None:
    depth = 300_000
    text = f"{opened * depth}\n{PLANTED.decode()}\n{closed * depth}"
    assert [text[s.start : s.end] for s in find(text)] == list(VALUES)
    clean = redact(text).text
    assert clean == f'{opened * depth}\nmail <EMAIL> host <IP_ADDRESS> api_key = "<KEY>"\n{closed * depth}'


@pytest.mark.parametrize(
    "work",
    [
        lambda data: [data[s.start : s.end] for s in find(data)],
        lambda data: [
            data[r["start"] : r["end"]]
            for r in find_in_array(pa.array([data], pa.large_binary())).to_pylist()
        ],
    ],
    ids=["find", "find_in_array"],
)
def test_a_line_of_64_megabytes_is_searched_to_its_end(work: Callable[[bytes], list[bytes]]) -> None:
    data = b" ".join([PLANTED, b"lorem ipsum;" * (LONG // 12), PLANTED])
    assert work(data) == [value.encode() for value in (*VALUES, *VALUES)]


def test_a_line_of_64_megabytes_is_redacted_to_its_end() -> None:
    filler = b"lorem ipsum;" * (LONG // 12)
    clean = redact(b" ".join([PLANTED, filler, PLANTED])).text
    placeholders = b'mail <EMAIL> host <IP_ADDRESS> api_key = "<KEY>"'
    assert clean == b" ".join([placeholders, filler, placeholders])


@pytest.mark.parametrize("options", [{}, {"key": KEY}], ids=["placeholder", "synthetic"])
@pytest.mark.parametrize("name", LINES)
def test_a_hostile_line_has_nothing_to_find_and_is_left_as_it_is(name: str, options: dict[str, Any]) -> None:
    line = LINES[name]
    assert len(line) >= LINE_BYTES
    assert find(line) == []
    assert redact(line, **options).text == line
    clean, rows = redact_array(pa.array([line, PLANTED.decode(), line]), **options, threads=2)
    assert rows.column("row").to_pylist() == [1, 1, 1]
    assert [clean[0].as_py(), clean[2].as_py()] == [line, line]


@pytest.mark.parametrize("name", LINES)
def test_a_value_at_the_end_of_a_hostile_line_is_found(name: str) -> None:
    text = f"{LINES[name]}\n{PLANTED.decode()}"
    assert [text[s.start : s.end] for s in find(text)] == list(VALUES)


@pytest.mark.parametrize("name", LINES)
def test_twice_the_line_has_at_most_twice_the_places_to_look_at(name: str) -> None:
    """Time is measured in `benchmarks.pii.speed`; here the places that were looked at are counted, and their lengths."""
    line = LINES[name].encode()
    half, once = (explain(data)[1] for data in (line[: LINE_BYTES // 2], line))
    assert len(once) <= 2 * len(half) + 2
    assert sum(c.end - c.start for c in once) <= 2 * len(line)


@pytest.mark.parametrize("name", LINES)
def test_an_explanation_counts_the_characters_of_a_hostile_line_once(name: str) -> None:
    """Counting anew for each place would take minutes here."""
    line = LINES[name]
    by_character, by_byte = explain(f"é {line}")[1], explain(f"é {line}".encode())[1]
    assert [(c.start + 1, c.end + 1) for c in by_character] == [(c.start, c.end) for c in by_byte]


def test_thousands_of_values_on_one_line_are_all_replaced() -> None:
    text = " ".join(f"u{i}@corp{i % 9}.io,52.{i % 250}.{i // 250}.7" for i in range(5000))
    clean = redact(text, key=KEY).text
    assert find(clean) == []
    assert len(set(clean.replace(",", " ").split())) == 10_000
