"""What redaction promises, on random bytes and on random mixtures of values, for every policy, style and set of kinds."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pii import KINDS, POLICIES, Span, find, redact, redact_array
from tests.pii.invented_values import ALNUM, HEX, KEY, PROVIDER_KEYS, drawn, pem

STYLES: tuple[dict[str, Any], ...] = ({}, {"key": KEY}, {"key": KEY, "style": "placeholder"})

#: Values of each kind, and the frames in which each of them is found whole.
VALUES = {
    "EMAIL": tuple(f"{drawn(6, 'abcdefgh', seed=str(i))}@corp{i}.io" for i in range(9)),
    "IP_ADDRESS": (*(f"52.9{i}.110.{i}" for i in range(6)), *(f"2606:4700:{i}::11{i}" for i in range(1, 5))),
    "KEY": (
        *PROVIDER_KEYS.values(),
        pem(lines=2),
        *(drawn(32 + i, alphabet, seed="mixed") for i, alphabet in enumerate((ALNUM, HEX, ALNUM + "-_"))),
    ),
    "PASSWORD": tuple(f"w{i}nder-l4nd-{drawn(4, 'abcdef', seed=str(i))}" for i in range(8)),
}
FRAMES = {
    "EMAIL": ("mail {} now", "<{}>", "to = '{}'"),
    "IP_ADDRESS": ("host {} is up", "http://[{}]/", "address='{}'"),
    "KEY": ('api_key = "{}"',),
    "PASSWORD": ('password = "{}"', "https://mara:{}@db.corp.io/x", "DB_PASSWORD={}"),
}

valued_lines = st.sampled_from(sorted(VALUES)).flatmap(
    lambda kind: st.builds(str.format, st.sampled_from(FRAMES[kind]), st.sampled_from(VALUES[kind]))
)
fillers = st.one_of(
    st.binary(max_size=30),
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [b"\n", b"\r\n", b"", b"\0", b"\xff\xfe", b"\xed\xa0\x80", "é🦀".encode(), b"xrdct", b"<KEY>"]
    ),
)
mixtures = st.lists(st.one_of(fillers, valued_lines.map(str.encode)), max_size=12).map(b"".join)
texts = st.lists(
    st.one_of(st.text(max_size=12), valued_lines, st.sampled_from(["\n", "\r\n", "🦀"])), max_size=10
).map("".join)
files = st.lists(valued_lines, max_size=12).map(lambda lines: "\n".join(lines).encode())

styles = st.sampled_from(STYLES)
policies = st.sampled_from(POLICIES)
kind_sets = st.one_of(st.none(), st.sets(st.sampled_from(KINDS), min_size=1).map(sorted))


class Replaced(NamedTuple):
    """A replacement: where it stands in the result, where the value stood, and both texts."""

    start: int
    end: int
    original_start: int
    original_end: int
    kind: str
    value: bytes
    made: bytes


def replaced(data: bytes, **options: Any) -> tuple[bytes, list[Replaced]]:
    """Redact one text, and return the result with all that was replaced."""
    array, rows = redact_array(pa.array([data], pa.binary()), **options)
    (clean,) = array.to_pylist()
    return clean, [
        Replaced(
            start=row["start"],
            end=row["end"],
            original_start=row["original_start"],
            original_end=row["original_end"],
            kind=row["kind"],
            value=data[row["original_start"] : row["original_end"]],
            made=clean[row["start"] : row["end"]],
        )
        for row in rows.to_pylist()
    ]


def line_ends(data: bytes) -> tuple[int, int]:
    return data.count(b"\n"), data.count(b"\r")


@given(mixtures, styles, policies, kind_sets)
def test_nothing_changes_outside_the_replaced_places(
    data: bytes, style: dict[str, Any], policy: str, kinds: Collection[str] | None
) -> None:
    clean, rows = replaced(data, **style, policy=policy, kinds=kinds)
    place = original = 0
    for row in rows:
        assert clean[place : row.start] == data[original : row.original_start]
        assert row.value
        place, original = row.end, row.original_end
    assert clean[place:] == data[original:]
    assert line_ends(clean) == line_ends(data)


@given(mixtures, styles, policies, kind_sets)
def test_the_result_has_no_finds_and_a_second_run_changes_nothing(
    data: bytes, style: dict[str, Any], policy: str, kinds: Collection[str] | None
) -> None:
    once = redact(data, **style, policy=policy, kinds=kinds)
    assert find(once.text, policy=policy, kinds=kinds) == []
    twice = redact(once.text, **style, policy=policy, kinds=kinds)
    assert twice.text == once.text
    assert twice.spans == ()


@given(mixtures, policies, kind_sets)
def test_two_values_of_a_file_have_two_replacements_and_none_is_a_value_of_the_file(
    data: bytes, policy: str, kinds: Collection[str] | None
) -> None:
    _, rows = replaced(data, key=KEY, policy=policy, kinds=kinds)
    # Placeholders and the ones that stand for numbers are shared.
    drawn_rows = [row for row in rows if not row.made.startswith(b"<") and not row.made.isdigit()]
    names = {row.made: (row.kind, one_form(row.kind, row.value)) for row in drawn_rows}
    assert len(set(names.values())) == len(names)
    for row in drawn_rows:
        assert names[row.made] == (row.kind, one_form(row.kind, row.value))
    assert not {row.made.lower() for row in drawn_rows} & {row.value.lower() for row in rows}


def one_form(kind: str, value: bytes) -> bytes:
    """Return the form in which equal values are equal."""
    text = value.decode("utf-8", "surrogateescape")
    if kind == "EMAIL":
        return text.lower().encode("utf-8", "surrogateescape")
    if kind == "IP_ADDRESS":
        return str(ip_address(text)).encode()
    return value


@given(files, files, policies)
def test_one_value_has_one_replacement_in_every_file(first: bytes, second: bytes, policy: str) -> None:
    made: dict[tuple[str, bytes], bytes] = {}
    for data in (first, second):
        for row in replaced(data, key=KEY, policy=policy)[1]:
            assert made.setdefault((row.kind, row.value), row.made) == row.made


def test_the_values_of_these_tests_share_no_first_draw() -> None:
    """Else the property above would not hold: the second of two such values takes another draw in a file with both."""
    values = [(kind, value) for kind in VALUES for value in VALUES[kind]]
    alone = [
        redact(value, key=KEY, kinds=["NAME"], proposed=[Span(0, len(value), kind, "test", 1.0)]).text
        for kind, value in values
    ]
    assert len(set(alone)) == len(values)


@pytest.mark.parametrize("kind", sorted(VALUES))
def test_every_value_is_found_whole_in_every_frame_of_its_kind(kind: str) -> None:
    for frame in FRAMES[kind]:
        for value in VALUES[kind]:
            if "://[" not in frame or ":" in value:
                text = frame.format(value)
                assert (kind, value) in [(span.kind, text[span.start : span.end]) for span in find(text)]


@given(texts, policies, kind_sets)
def test_offsets_name_the_same_value_in_characters_and_in_bytes(
    text: str, policy: str, kinds: Collection[str] | None
) -> None:
    data = text.encode("utf-8", "surrogatepass")
    by_character = find(text, policy=policy, kinds=kinds)
    by_byte = find(data, policy=policy, kinds=kinds)
    assert [(s.kind, s.detector, s.confidence) for s in by_character] == [
        (s.kind, s.detector, s.confidence) for s in by_byte
    ]
    assert [text[s.start : s.end].encode("utf-8", "surrogatepass") for s in by_character] == [
        data[s.start : s.end] for s in by_byte
    ]


@given(texts, styles, policies)
def test_text_of_any_script_is_redacted_like_its_bytes(text: str, style: dict[str, Any], policy: str) -> None:
    as_text = redact(text, **style, policy=policy)
    as_bytes = redact(text.encode("utf-8", "surrogatepass"), **style, policy=policy)
    assert as_text.text.encode("utf-8", "surrogatepass") == as_bytes.text
    assert as_text.spans == as_bytes.spans


places = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20), st.sampled_from(KINDS)), min_size=1, max_size=5
)


@given(texts, places, styles)
@example("Author:\nMara\r\nLindtorp\n", [(8, 13, "NAME")], {"key": KEY})
@example("mail ann@corp.io now\n", [(5, 20, "EMAIL")], {"key": KEY})
def test_proposed_places_keep_all_promises(
    text: str, proposed: list[tuple[int, int, str]], style: dict[str, Any]
) -> None:
    size = len(text)
    spans = [
        Span(min(start, size), min(start + length, size), kind, "test", 1.0)
        for start, length, kind in proposed
    ]
    result = redact(text, **style, proposed=spans)
    assert find(result.text, policy="redact") == []
    assert (result.text.count("\n"), result.text.count("\r")) == (text.count("\n"), text.count("\r"))
    assert redact(result.text, **style).text == result.text
