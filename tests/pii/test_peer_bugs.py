"""Bugs of other finders that have nothing to do with a class of values: places, files, units."""

from __future__ import annotations

import pytest

from pii import find, redact
from tests.pii.failure_classes import found_and_marked
from tests.pii.invented_values import ALNUM, HEX, PROVIDER_KEYS, drawn

TOKEN = drawn(32, seed="peer bugs")
FILLER = "x = compute(y)\n"

#: A value of each kind that is found wherever it stands.
ANYWHERE = {
    "EMAIL": "mara@palereed.org",
    "IP_ADDRESS": "52.29.7.14",
    "KEY": PROVIDER_KEYS["github-token"],
    "PASSWORD": "postgres://mara:t1dal-wr3n@db/x",
}


@pytest.mark.parametrize("kind", sorted(ANYWHERE))
@pytest.mark.parametrize("before", ["", "\n", " ", FILLER, FILLER * 50])
@pytest.mark.parametrize("after", ["", "\n", " ", "\n" + FILLER * 50])
def test_a_value_is_found_at_the_first_and_the_last_character_of_a_text(
    kind: str, before: str, after: str
) -> None:
    text = f"{before}{ANYWHERE[kind]}{after}"
    (span,) = find(text)
    assert span.kind == kind
    assert text[span.start : span.end] in ANYWHERE[kind]


@pytest.mark.parametrize("distance", [0, 1, 5, 50, 99, 100, 101, 1000])
def test_context_is_not_taken_from_the_other_end_of_the_text(distance: int) -> None:
    """A window that begins before the text must not wrap around to its end."""
    start, end = "y" * distance + " ", "\nsee release version " * 20
    assert found_and_marked(f"{start}⟦IP_ADDRESS|52.29.7.14⟧ is up{end}")[0] == [
        ("IP_ADDRESS", "52.29.7.14", distance + 1)
    ]
    assert find(f"version {'52.29.7.14'}{' server host' * 20}") == []


@pytest.mark.parametrize("lines", [1, 2, 49, 50, 400])
def test_checksums_in_a_file_do_not_hide_its_keys_and_are_left(lines: int) -> None:
    checksums = "".join(f"sha256 hash: {drawn(64, HEX, seed=str(n))}\n" for n in range(lines))
    text = f'{checksums}api_key = "{TOKEN}"\n{checksums}'
    assert [text[s.start : s.end] for s in find(text)] == [TOKEN]


def test_a_value_without_a_letter_is_found_under_default_settings() -> None:
    assert [s.kind for s in find("52.29.7.14")] == ["IP_ADDRESS"]
    assert [s.kind for s in find('password = "83619275"')] == ["PASSWORD"]
    assert find("83619275 52.29.7") == []


def test_a_find_is_a_place_and_not_a_value() -> None:
    text = 'heron = "grey"\npassword = "greyheron7"  # not greyheron7 the bird\nprint("greyheron7")\n'
    (span,) = find(text)
    assert (span.start, span.end) == (text.index("greyheron7"), text.index("greyheron7") + 10)


def test_a_value_given_twice_is_found_twice() -> None:
    text = "a@corp.io b@corp.io a@corp.io"
    assert [text[s.start : s.end] for s in find(text)] == text.split()


def test_neither_half_of_a_line_hides_the_other() -> None:
    marked = f'⟦EMAIL|mara@palereed.org⟧ ⟦IP_ADDRESS|52.29.7.14⟧ token="⟦KEY|{TOKEN}⟧" password="⟦PASSWORD|gr4y-heron⟧"'
    found, expected = found_and_marked(marked)
    assert found == expected


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_line_end_bounds_a_value(line_end: str) -> None:
    text = f"DB_PASSWORD=gr4y-heron{line_end}HOST=52.29.7.14{line_end}MAIL=mara@palereed.org{line_end}"
    assert [text[s.start : s.end] for s in find(text)] == ["gr4y-heron", "52.29.7.14", "mara@palereed.org"]


def test_what_is_found_does_not_depend_on_what_was_searched_before() -> None:
    texts = [
        f'api_key = "{drawn(24 + n, ALNUM, seed=str(n))}"\n' * n + "sha256 hash\n" * (9 - n)
        for n in range(1, 9)
    ]
    first = [find(text) for text in texts]
    assert [find(text) for text in reversed(texts)] == first[::-1]
    assert [redact(text).text for text in texts] == [redact(text).text for text in texts]
