"""Tests of the rule for minified files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.files import is_minified, minified_reason
from stack_pipeline.files.minified import bytes_per_line


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("a.js", "x" * 111, "long_lines"),
        ("a.js", "x" * 110, None),
        ("a.js", "x" * 221 + "\n", None),
        ("a.js", "x" * 222 + "\n", "long_lines"),
        ("a.js", "é" * 56, "long_lines"),
        ("A.CSS", "x" * 500, "long_lines"),
        ("a.mjs", "x" * 500, "long_lines"),
        ("a.min.js", "", "name"),
        ("a-min.css", "a {\n}\n", "name"),
        ("a.admin.js", "x\n", None),
        ("a.py", "x" * 500, None),
        ("a.json", "x" * 500, None),
        ("min.js", "x\n", None),
        ("a.js", "", None),
    ],
)
def test_minified_files_have_long_lines_or_say_so(path: str, text: str, reason: str | None) -> None:
    assert minified_reason(path, text) == reason
    assert is_minified(path, text) is (reason is not None)


@given(st.text())
def test_bytes_per_line_counts_bytes_without_newlines(text: str) -> None:
    lines = text.encode("utf-8", "replace").split(b"\n")
    assert bytes_per_line(text) == sum(map(len, lines)) // len(lines)
