"""Expressions: spelling, algebra, hostile input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.licenses.expressions import (
    allows,
    conjunction,
    disjunction,
    is_exception_id,
    license_ids,
    parse,
)

IDS = st.sampled_from(
    ["MIT", "Apache-2.0", "GPL-2.0-only", "BSD-3-Clause", "ISC", "Apache-2.0 WITH LLVM-exception"]
)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        (" apache-2.0 or mit ", "Apache-2.0 OR MIT"),
        ("Unlicense/MIT", "MIT OR Unlicense"),
        ("MIT/Apache-2.0", "Apache-2.0 OR MIT"),
        ("MIT || Apache-2.0", "Apache-2.0 OR MIT"),
        ("Apache 2", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("The Apache Software License, Version 2.0", "Apache-2.0"),
        ("ASL 2.0", "Apache-2.0"),
        ("GPL-3", "GPL-3.0-only"),
        ("GPLv3", "GPL-3.0-only"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("GPL-2+", "GPL-2.0-or-later"),
        ("GNU GPL v2 or later", "GPL-2.0-or-later"),
        ("GPL-2.0+ OR BSD-3-Clause", "BSD-3-Clause OR GPL-2.0-or-later"),
        ("GNU Lesser General Public License v2.1 or later", "LGPL-2.1-or-later"),
        ("BSD 3-Clause", "BSD-3-Clause"),
        ("New BSD", "BSD-3-Clause"),
        ("Simplified BSD License", "BSD-2-Clause"),
        ("3-Clause BSD License", "BSD-3-Clause"),
        ("Expat", "MIT"),
        ("The MIT License (MIT)", "MIT"),
        ("MIT/X11", "MIT"),
        ("ISC License (ISCL)", "ISC"),
        ("CC BY-NC 4.0", "CC-BY-NC-4.0"),
        ("BSL-1.0", "BSL-1.0"),
        ("BSL 1.1", "BUSL-1.1"),
        ("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception"),
        ("GPL-2.0 WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("((GPL-2.0 WITH Linux-syscall-note) OR MIT)", "GPL-2.0-only WITH Linux-syscall-note OR MIT"),
        ("MIT AND (MIT OR GPL-2.0-only)", "MIT"),
        ("LicenseRef-Foo AND MIT", "LicenseRef-Foo AND MIT"),
        ("MIT-STK", "MIT-STK"),
    ],
)
def test_an_expression_is_read_as_people_write_it(text: str, expression: str) -> None:
    assert parse(text) == expression


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NONE",
        "NOASSERTION",
        "BSD",
        "BSD License",
        "Creative Commons",
        "Proprietary",
        "UNLICENSED",
        "SEE LICENSE IN LICENSE.md",
        "free for everyone",
        "(MIT",
        "MIT)",
        "MIT OR",
        "OR MIT",
        "MIT Apache-2.0",
        "MIT AND Foo",
        "LLVM-exception",
        "Apache-2.0 WITH MIT",
        "MIT WITH Commons-Clause",
        "MIT, but not for sale",
        "MIT " * 600,
        "(" * 900 + "MIT" + ")" * 900,
        "NOT " * 400,
        " OR ".join(f"LicenseRef-{number}" for number in range(100)),
        "\ud800 AND MIT",
        "\x00",
    ],
)
def test_what_is_no_known_expression_is_none(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=200))
def test_any_text_is_answered_and_the_answer_is_canonical(text: str) -> None:
    expression = parse(text)
    assert expression is None or parse(expression) == expression


@given(st.lists(IDS, min_size=1, max_size=5))
def test_joining_does_not_depend_on_order_or_repeats(ids: list[str]) -> None:
    for join in (conjunction, disjunction):
        assert join(ids) == join(ids[::-1]) == join([*ids, *ids])
        assert parse(join(ids) or "") == join(ids)


@given(st.lists(IDS, min_size=1, max_size=4), st.sets(IDS))
def test_and_needs_all_and_or_needs_one(ids: list[str], good: set[str]) -> None:
    licenses = frozenset(name.split(" ")[0] for name in good)
    each = [allows(name, licenses=licenses) for name in ids]
    assert allows(conjunction(ids) or "", licenses=licenses) == all(each)
    assert allows(disjunction(ids) or "", licenses=licenses) == any(each)


def test_joining_nothing_gives_nothing() -> None:
    assert conjunction([]) is None
    assert disjunction([]) is None


def test_an_exception_made_by_somebody_adds_no_permission() -> None:
    assert allows("Apache-2.0 WITH LLVM-exception", licenses=frozenset({"Apache-2.0"}))
    restricted = parse("MIT WITH LicenseRef-scancode-commons-clause")
    assert restricted is None or not allows(restricted, licenses=frozenset({"MIT"}))


def test_ids_are_listed_once_and_sorted() -> None:
    assert license_ids("MIT OR Apache-2.0 WITH LLVM-exception AND MIT") == (
        "Apache-2.0",
        "LLVM-exception",
        "MIT",
    )
    assert is_exception_id("LLVM-exception")
    assert not is_exception_id("MIT")
