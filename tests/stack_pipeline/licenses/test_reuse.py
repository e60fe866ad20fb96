"""REUSE files: annotations, globs, and what cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stack_pipeline.licenses.reuse import ReuseRule, reuse_rules

TAG = "SPDX-License-" + "Identifier"
TOML = f"""
version = 1

[[annotations]]
path = ["img/**", "*.md"]
precedence = "aggregate"
{TAG} = "CC-BY-4.0"

[[annotations]]
path = "src/*.c"
{TAG} = ["MIT", "Apache-2.0"]
"""
DEP5 = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: X
License: MIT

Files: vendor/* doc/?.txt
License: GPL-2.0-or-later
 text of it
"""


def test_annotations_are_read_in_order() -> None:
    rules = reuse_rules(b"a/REUSE.toml", TOML)
    assert [(rule.folder, rule.statement, rule.precedence) for rule in rules] == [
        (b"a", "CC-BY-4.0", "aggregate"),
        (b"a", "(MIT) AND (Apache-2.0)", "closest"),
    ]
    dep5 = reuse_rules(b".reuse/dep5", DEP5)
    assert [(rule.globs, rule.statement) for rule in dep5] == [
        (("*",), "MIT"),
        (("vendor/*", "doc/?.txt"), "GPL-2.0-or-later"),
    ]


@pytest.mark.parametrize(
    ("glob", "path", "toml", "dep5"),
    [
        ("*", b"a.c", True, True),
        ("*", b"d/a.c", False, True),
        ("**", b"d/e/a.c", True, True),
        ("d/*", b"d/a.c", True, True),
        ("d/*", b"d/e/a.c", False, True),
        ("d/**", b"d/e/a.c", True, True),
        ("**/a.c", b"d/e/a.c", True, True),
        ("*.c", b"a.h", False, False),
        ("a?c", b"abc", False, True),
        ("a\\*c", b"a*c", True, True),
        ("a\\*c", b"abc", False, False),
        ("*/b*/c", b"a/bb/c", True, True),
        ("*/b*/c", b"a/x/bb/c", False, True),
        ("***", b"", True, True),
        ("", b"a", False, False),
        ("caf\udcc3\udca9", b"caf\xc3\xa9", False, False),
        ("café", "café".encode(), True, True),
    ],
)
def test_globs_match_as_each_format_means_them(glob: str, path: bytes, toml: bool, dep5: bool) -> None:
    for is_dep5, expected in ((False, toml), (True, dep5)):
        rule = ReuseRule(b"", (glob,), "MIT", "closest", b"REUSE.toml", is_dep5)
        assert rule.matches(path) is expected


def test_a_rule_speaks_for_its_own_folder_only() -> None:
    rule = ReuseRule(b"a", ("*.c",), "MIT", "closest", b"a/REUSE.toml", is_dep5=False)
    assert rule.matches(b"a/x.c")
    assert not rule.matches(b"x.c")
    assert not rule.matches(b"ab/x.c")


def test_a_file_that_cannot_be_read_makes_everything_below_it_unreadable() -> None:
    (rule,) = reuse_rules(b"a/REUSE.toml", "[[annotations")
    assert rule.matches(b"a/b/c")
    assert (rule.statement, rule.precedence) == ("", "override")


def test_a_glob_of_stars_is_matched_in_bounded_time() -> None:
    rule = ReuseRule(b"", ("**a" * 100 + "b",), "MIT", "closest", b"REUSE.toml", is_dep5=False)
    assert not rule.matches(b"a" * 2000)


def test_an_unknown_precedence_is_the_ordinary_one() -> None:
    (rule,) = reuse_rules(
        b"REUSE.toml",
        TOML.split("[[annotations]]")[0]
        + f"""
[[annotations]]
path = "a"
precedence = "always"
{TAG} = "MIT"
""",
    )
    assert rule.precedence == "closest"


def test_more_globs_than_can_be_tried_are_unreadable() -> None:
    many = "Files: " + " ".join(f"f{number}*" for number in range(1_001)) + "\nLicense: MIT\n"
    (rule,) = reuse_rules(b".reuse/dep5", many)
    assert (rule.statement, rule.folder) == ("", b"")
    assert rule.matches(b"any/file")


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300), st.text(alphabet="*?\\/ab", max_size=30), st.binary(max_size=40))
def test_any_content_is_answered(content: str, glob: str, path: bytes) -> None:
    for rule in (
        *reuse_rules(b"REUSE.toml", content),
        *reuse_rules(b".reuse/dep5", f"Files: {glob}\nLicense: MIT\n"),
    ):
        rule.matches(path)
    reuse_rules(b".reuse/dep5", content)
