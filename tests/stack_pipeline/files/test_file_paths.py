"""Tests of what a path alone says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.files import is_documentation, is_vendored, vendored_pattern
from stack_pipeline.files.paths import (
    PATH_LIMIT_CHARACTERS,
    base_name,
    extension_of,
    extensions_of,
    path_text,
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("web/node_modules/left/index.js", True),
        ("node_modules/left/index.js", True),
        ("vendor/github.com/x/y.go", True),
        ("third_party/zlib/inflate.c", True),
        ("ThirdParty/zlib/inflate.c", True),
        ("js/jquery-3.6.0.js", True),
        ("css/bootstrap.min.css", True),
        ("src/types/index.d.ts", True),
        ("dist/app.js", True),
        ("tests/fixtures/a.py", True),
        (".github/workflows/ci.yml", True),
        ("configure", True),
        ("src/index.ts", False),
        ("src/main.c", False),
        ("vendoring.py", False),
        ("src/distribution.py", False),
        ("my_node_modules.txt", False),
        ("tests/test_a.py", False),
        ("", False),
    ],
)
def test_vendored_files_are_told_by_path(path: str, expected: bool) -> None:
    assert is_vendored(path) is expected
    assert is_vendored(path.encode()) is expected
    assert is_vendored("/" + path) is expected
    assert (vendored_pattern(path) is not None) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docs/a.py", True),
        ("README.md", True),
        ("lib/LICENSE", True),
        ("src/documents.py", False),
        ("main.c", False),
    ],
)
def test_documentation_is_told_by_path(path: str, expected: bool) -> None:
    assert is_documentation(path) is expected


@pytest.mark.parametrize(
    ("path", "name", "last", "every"),
    [
        ("a/b.tar.gz", "b.tar.gz", ".gz", [".tar.gz", ".gz"]),
        ("a/B.HTML.ERB", "B.HTML.ERB", ".ERB", [".html.erb", ".erb"]),
        (".bashrc", ".bashrc", "", [".bashrc"]),
        ("Makefile", "Makefile", "", []),
        ("dir.d/", "dir.d", ".d", [".d"]),
        (b"\xff/\xfe.c", "\udcfe.c", ".c", [".c"]),
        ("", "", "", []),
        ("...", "...", "", ["...", "..", "."]),
    ],
)
def test_names_and_extensions(path: bytes | str, name: str, last: str, every: list[str]) -> None:
    assert base_name(path) == name
    assert extension_of(path) == last
    assert extensions_of(path) == every


def test_an_overlong_path_keeps_its_two_ends() -> None:
    text = path_text("vendor/" + "d/" * 1_000_000 + "a.c")
    assert len(text) == PATH_LIMIT_CHARACTERS
    assert text.startswith("vendor/")
    assert text.endswith("/a.c")


@pytest.mark.parametrize(
    "part", ["import", "packages/1", "jquery", "font-awesome/", "extjs/", ".d", "a-", "V", " "]
)
def test_repeated_parts_of_a_path_are_handled(part: str) -> None:
    assert is_vendored(part * 100_000) in (True, False)


@given(st.binary())
def test_any_bytes_are_a_path(path: bytes) -> None:
    assert is_vendored(path) == (vendored_pattern(path) is not None)
    assert is_documentation(path) in (True, False)
    assert path_text(path).encode("utf-8", "surrogateescape") == path.lstrip(b"/")
