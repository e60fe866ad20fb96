"""Headers: comments, SPDX tags, and what a header says about a file's licence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stack_pipeline.licenses.headers import MAX_TAG_LINES, header_license, leading_comment, spdx_statement
from stack_pipeline.licenses.matcher import LicenseMatcher
from stack_pipeline.licenses.vendored import license_texts

MATCHER = LicenseMatcher()
TAG = "SPDX-License-" + "Identifier:"

APACHE = """\
Licensed under the Apache License, Version 2.0 (the "License");
you may not use this file except in compliance with the License.
You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software
distributed under the License is distributed on an "AS IS" BASIS,
WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
See the License for the specific language governing permissions and
limitations under the License."""
GPL = """\
This program is free software: you can redistribute it and/or modify it under the terms of the GNU General
Public License as published by the Free Software Foundation, either version 3 of the License, or (at your
option) any later version. It comes WITHOUT ANY WARRANTY."""


def commented(text: str, sign: str) -> str:
    return "\n".join(f"{sign} {line}" for line in text.splitlines())


@pytest.mark.parametrize(
    ("line", "statement"),
    [
        (f"// {TAG} MIT", "MIT"),
        (f"# {TAG} GPL-2.0+ OR BSD-3-Clause", "GPL-2.0+ OR BSD-3-Clause"),
        (f"/* {TAG} (GPL-2.0+ OR MIT) */", "(GPL-2.0+ OR MIT)"),
        (f"<!-- {TAG} MIT -->", "MIT"),
        (f'"""{TAG} MIT"""', "MIT"),
        (f'" {TAG} Vim', "Vim"),
        (f"' {TAG} MIT", "MIT"),
        (f"(* {TAG} ISC *)", "ISC"),
        (f"{{- {TAG} BSD-3-Clause -}}", "BSD-3-Clause"),
        (f"// Copyright X. {TAG} MIT", "MIT"),
        (f"// {TAG} MIT\n// {TAG} GPL-2.0-only", "(MIT) AND (GPL-2.0-only)"),
        (f"// {TAG}", ""),
        (f"// {TAG} Company Confidential", "Company Confidential"),
    ],
)
def test_a_tag_in_a_comment_is_a_statement(line: str, statement: str) -> None:
    assert spdx_statement(f"{line}\ncode();\n") == statement


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no tag",
        f'print("# {TAG} MIT")',
        f"echo '{TAG} MIT'",
        f'    "{TAG} MIT\\n"',
        f"x = `// {TAG} MIT`",
        "\n" * MAX_TAG_LINES + f"// {TAG} MIT",
    ],
)
def test_a_tag_in_a_string_or_far_below_is_no_statement(text: str) -> None:
    assert spdx_statement(text) is None


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("// a\n// b\ncode\n// c", "a\n b"),
        ("#!/bin/sh\n# a\necho", "a"),
        ("<?php\n/**\n * a\n */\necho", "a"),
        ("<?php /* a */", "a"),
        ("package x;\n\n/* a\n   b */\nclass", "a\n   b"),
        ("#ifndef X_H\n#define X_H\n/* a */\n#include <y>\n/* b */", "a"),
        ("'use strict';\n// a", "a"),
        ('"""a"""\nimport x\n# b', "a"),
        ("<!--\na\n-->\n<html>", "a"),
        ("code\n" * 20 + "// a", ""),
        ("", ""),
        ("\ufeff# a", "a"),
        ("/* never closed\nb", "never closed\nb"),
    ],
)
def test_the_leading_comment_ends_where_code_begins(text: str, comment: str) -> None:
    assert [line.strip() for line in leading_comment(text).split()] == comment.split()


@pytest.mark.parametrize(
    ("header", "expression", "status"),
    [
        ("Copyright 2020 X. Licensed under the MIT license.", "MIT", "clear"),
        (APACHE, "Apache-2.0", "clear"),
        (
            f"Copyright 2020 Google\n{APACHE}\n\nParses all the things. It must not be called twice.",
            "Apache-2.0",
            "clear",
        ),
        (license_texts()["BSD-3-Clause"], "BSD-3-Clause", "clear"),
        (f"foo.c - a thing\n\n{license_texts()['MIT']}\n\nNotes about foo.", "MIT", "clear"),
        (GPL, "GPL-3.0-or-later", "clear"),
        ("Distributed under the Boost Software License, Version 1.0.", "BSL-1.0", "clear"),
        ("This file is placed in the public domain.", "LicenseRef-scancode-public-domain", "clear"),
        ("Dual licensed under the MIT or GPL Version 2 licenses.", "GPL-2.0-only OR MIT", "clear"),
        ("Licensed under the same terms as Perl itself.", "Artistic-1.0-Perl OR GPL-1.0-or-later", "clear"),
        ("Subject to the terms of the Mozilla Public License, v. 2.0.", "MPL-2.0", "clear"),
        ("Released under the Server Side Public License", "SSPL-1.0", "clear"),
        ("Creative Commons Attribution-NonCommercial 4.0 license", "CC-BY-NC-4.0", "clear"),
        ("Licensed under the MIT license, except foo() which is GPL.", "GPL-1.0-or-later AND MIT", "unclear"),
        (f"{license_texts()['MIT']}\nFor non-commercial use only.", "MIT", "unclear"),
        (license_texts()["MIT"].replace("to any person", "to any academic person"), "MIT", "unclear"),
        ("MIT License, for non-commercial use only", None, "unclear"),
        ("PROPRIETARY AND CONFIDENTIAL. Do not copy.", None, "unclear"),
        ("Free for academic use. License: ask us.", None, "unclear"),
        ("Unauthorized copying of this file is strictly prohibited", None, "unclear"),
        ("This code is MIT licensed but may only be used with permission", None, "unclear"),
    ],
)
@pytest.mark.parametrize("sign", ["//", "#", " *", "--", ";;"])
def test_a_header_is_read(header: str, expression: str | None, status: str, sign: str) -> None:
    text = commented(header, sign) + "\n\nint code;\n"
    found = header_license(f"/*\n{text}" if sign == " *" else text, matcher=MATCHER)
    assert found is not None
    assert (found.expression, found.status) == (expression, status)


@pytest.mark.parametrize(
    "header",
    [
        "Copyright (c) 2020 Foo. All rights reserved.",
        "Use of this source code is governed by a BSD-style license that can be found in the LICENSE file.",
        "See LICENSE for the license.",
        "Checks for the MIT license in files.",
        "This is not in the public domain; see LICENSE for the license",
        "Adds two numbers.",
    ],
)
def test_a_header_that_leaves_it_to_the_folder_says_nothing(header: str) -> None:
    assert header_license(commented(header, "//"), matcher=MATCHER) is None


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="/*#<!-\"'\n abcé\x00\ud800" + TAG, max_size=300))
def test_any_text_is_answered(text: str) -> None:
    spdx_statement(text)
    leading_comment(text)
    header_license(f"// license\n{text}", matcher=MATCHER)


@pytest.mark.parametrize(
    "text", ["/*" * 200_000, "# " * 200_000, "*" * 400_000, f"{TAG} " * 20_000, "'''" * 90_000]
)
def test_hostile_heads_are_answered(text: str) -> None:
    spdx_statement(text)
    header_license(f"// license\n{text}", matcher=MATCHER)


def test_a_tag_that_is_cut_off_is_not_read_in_part() -> None:
    assert spdx_statement(f"// {TAG} MIT{' ' * 1000} AND GPL-2.0-only\n") == ""
    far = "// x\n" * 3 + "// " + "x" * 31_900 + f"\n// {TAG} MIT AND GPL-2.0-only " + "x" * 100
    assert spdx_statement(far) is None
