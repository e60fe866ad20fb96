from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.scanning.diffs import diff_lines
from stack_pipeline.scanning.redacting import RedactSettings, redact_text
from stack_pipeline.scanning.texts import lines_of
from tests.stack_pipeline.scanning.planted import MAIL, PASSWORD, TEXT, leaked

SETTINGS = RedactSettings()


def diff(text: str, settings: RedactSettings = SETTINGS, *, with_values: bool = False) -> list[str]:
    data = text.encode()
    clean, replaced = redact_text(data, settings)
    return list(diff_lines(data, clean, replaced, settings, with_values=with_values))


def peer_diff(text: str) -> list[str]:
    clean, _ = redact_text(text.encode(), SETTINGS)
    old, new = ([line.decode() for line in lines_of(data)] for data in (text.encode(), clean))
    lines = list(difflib.unified_diff(old, new))[2:]
    return [part for line in lines for part in _parts(line)]


def _parts(line: str) -> list[str]:
    body = line.rstrip("\r\n")
    return [body] if line.endswith("\n") else [body, "\\ No newline at end of file"]


def test_no_value_stands_in_a_diff() -> None:
    lines = diff(TEXT)
    assert leaked("\n".join(lines)) == []
    assert lines[:4] == [
        "@@ -1,10 +1,10 @@",
        " import os",
        '-password = "*************"; login("*************")',
        '-passwd = "********"',
    ]
    assert ' connect("********")' in lines
    assert '+password = "<PASSWORD>"; login("<PASSWORD>")' in lines


def test_values_that_were_not_asked_for_are_masked_too() -> None:
    text = f'mail {MAIL}\npassword = "{PASSWORD}"\n'
    lines = diff(text, RedactSettings(kinds=("EMAIL",)))
    assert lines == [
        "@@ -1,2 +1,2 @@",
        "-mail ***********",
        "+mail <EMAIL>",
        ' password = "*************"',
    ]


def test_a_text_that_stays_has_no_diff() -> None:
    assert diff("nothing\n") == diff("") == []


CASES = [
    TEXT,
    f"mail {MAIL}",
    f"mail {MAIL}\n",
    f"a\r\nmail {MAIL}\r\nb\r\n",
    f"\n\n\n\n\nmail {MAIL}\n\n\n\n\nmail {MAIL}\n\n\n\n\n\n\n\nmail {MAIL}",
    "\n".join(f"line {n} {MAIL if n % 9 == 0 else ''}" for n in range(60)),
]


@pytest.mark.parametrize("text", CASES)
def test_with_values_it_is_what_difflib_would_show(text: str) -> None:
    ours = diff(text, with_values=True)
    theirs = peer_diff(text)
    assert [line for line in ours if not line.startswith("@@")] == [
        line for line in theirs if not line.startswith("@@")
    ]


@given(st.lists(st.sampled_from(["", "a", f"mail {MAIL}", "é", f'password = "{PASSWORD}"']), max_size=40))
def test_a_masked_diff_has_the_lines_of_the_plain_one(lines: list[str]) -> None:
    text = "\n".join(lines)
    masked, plain = diff(text), diff(text, with_values=True)
    assert [(line[:1], len(line)) for line in masked] == [(line[:1], len(line)) for line in plain]
    assert leaked("\n".join(masked)) == []
