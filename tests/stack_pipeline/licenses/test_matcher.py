"""The matcher: every licence is itself, near misses are told apart, and a restriction is never overlooked."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stack_pipeline.licenses.matcher import LicenseMatch, LicenseMatcher, text_id
from stack_pipeline.licenses.profiles import WIDEST_PROFILE, is_permissive
from stack_pipeline.licenses.vendored import license_texts

MATCHER = LicenseMatcher()
MAIN_IDS = (
    "0BSD AFL-3.0 AGPL-3.0-only Apache-1.1 Apache-2.0 Artistic-1.0-Perl Artistic-2.0 BSD-1-Clause "
    "BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause BSD-3-Clause-Clear BSD-4-Clause BSL-1.0 BUSL-1.1 "
    "Beerware BlueOak-1.0.0 CC-BY-3.0 CC-BY-4.0 CC-BY-NC-4.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-4.0 CC-BY-ND-4.0 "
    "CC-BY-SA-3.0 CC-BY-SA-4.0 CC0-1.0 CDDL-1.0 CECILL-2.1 CPL-1.0 ECL-2.0 EPL-1.0 EPL-2.0 EUPL-1.2 "
    "Elastic-2.0 FTL GPL-2.0-only GPL-3.0-only HPND ICU ISC JSON LGPL-2.0-only LGPL-2.1-only "
    "LGPL-3.0-only LPPL-1.3c MIT MIT-0 MIT-CMU MPL-1.1 MPL-2.0 MS-PL MS-RL MulanPSL-2.0 NCSA OFL-1.1 "
    "OSL-3.0 OpenSSL PHP-3.01 PolyForm-Noncommercial-1.0.0 PostgreSQL Python-2.0 Ruby SSPL-1.0 UPL-1.0 "
    "Unicode-DFS-2016 Unlicense Vim W3C WTFPL X11 ZPL-2.1 Zlib curl"
)


@lru_cache(maxsize=1)
def texts() -> Mapping[str, str]:
    return license_texts()


def is_taken(match: LicenseMatch) -> bool:
    """Whether a release would take a text for permissive."""
    return (
        match.status == "clear"
        and match.expression is not None
        and is_permissive(match.expression, profile=WIDEST_PROFILE)
    )


@pytest.mark.parametrize("license_id", MAIN_IDS.split(" "))
def test_the_text_of_a_license_is_recognised_as_itself(license_id: str) -> None:
    match = MATCHER.match(texts()[license_id])
    assert (match.expression, match.status) == (license_id, "clear")
    assert match.coverage > 0.93
    assert match.text_id == text_id(texts()[license_id])


def test_no_spdx_text_that_is_not_permissive_is_ever_taken() -> None:
    taken = [
        license_id
        for license_id, text in texts().items()
        if len(text) < 12_000
        if is_taken(MATCHER.match(text)) and not is_permissive(license_id, profile=WIDEST_PROFILE)
    ]
    assert taken == []


def as_comment(text: str) -> str:
    return "\n".join(f" * {line}" for line in text.splitlines())


def reflowed(text: str) -> str:
    return " ".join(text.split())


def with_owner(text: str) -> str:
    owners = [
        "Copyright (c) 2011-2020, Jo Doe <jo@doe.example>",
        "Portions Copyright © 2021 Acme Tools, Limited.",
        "All rights reserved.",
    ]
    return "\n".join([*owners, "", text])


def in_html(text: str) -> str:
    return f"<html><body><h1>License</h1><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    "license_id", ["MIT", "Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "ISC", "Zlib", "Unlicense"]
)
@pytest.mark.parametrize("print_as", [as_comment, reflowed, with_owner, in_html, str.upper, str.lower])
def test_printing_a_license_otherwise_changes_nothing(license_id: str, print_as: object) -> None:
    assert callable(print_as)
    match = MATCHER.match(print_as(texts()[license_id]))
    assert (match.expression, match.status) == (license_id, "clear")


def test_the_name_of_the_owner_inside_of_a_bsd_license_is_no_difference() -> None:
    text = texts()["BSD-3-Clause"].replace("the copyright holder nor", "Acme Tools Inc. nor")
    text = text.replace("THE COPYRIGHT HOLDERS AND CONTRIBUTORS", "ACME TOOLS INC. AND FRIENDS")
    assert (MATCHER.match(text).expression, MATCHER.match(text).status) == ("BSD-3-Clause", "clear")


RESTRICTIONS = [
    "For non-commercial use only.",
    "The Software shall be used for Good, not Evil.",
    "Commercial use requires a paid licence.",
    '"Commons Clause" License Condition v1.0',
    "You may not sell the Software.",
    "Academic use only.",
    "Except for the files in foo/, which are proprietary.",
    "For personal use.",
    "Not for use in AI training.",
    "No redistribution.",
    "libfoo is under the GPL.",
    "This licence terminates on 2025-01-01.",
    "Nur zur nichtkommerziellen Nutzung.",
    "Uso comercial prohibido.",
    "禁止商业用途，仅供学习研究使用。",
    "This program is licensed to you under the Server Side Public License.",
    "See http://www.gnu.org/licenses/gpl-3.0.html",
    "https://creativecommons.org/licenses/by-nc/4.0/",
    "SPDX-License-Identifier: GPL-3.0-only",
    "SPDX-License-Identifier: Proprietary",
    "Copyright (c) 2020 X. Non-commercial use only.",
    "Copyright 2021 Foo, for internal use",
    "© 2021 Foo. Free for academic research",
    "Parts of this are also available under LGPL 2.1",
    "<for non-commercial use only>",
    "<!-- for non-commercial use only -->",
    "Use by government agencies is excluded",
    "Subject to an additional patent fee",
    "Users must email the author first.",
    "A royalty is due.",
    "BSL 1.1 applies",
    "EULA applies.",
]
BASES = ["MIT", "BSD-3-Clause", "Apache-2.0", "ISC", "Released under the MIT license."]


@pytest.mark.parametrize("restriction", RESTRICTIONS)
@pytest.mark.parametrize("base", BASES)
def test_a_restriction_anywhere_in_a_permissive_text_is_never_overlooked(base: str, restriction: str) -> None:
    text = texts().get(base, base)
    assert is_taken(MATCHER.match(text))
    middle = text.replace("\n\n", f"\n{restriction}\n\n", 1) if "\n\n" in text else f"{restriction} {text}"
    for changed in (f"{text}\n{restriction}", f"{restriction}\n\n{text}", middle):
        assert not is_taken(MATCHER.match(changed)), changed[-200:]


@pytest.mark.parametrize(
    ("license_id", "old", "new"),
    [
        ("MIT", "without restriction", "with restriction"),
        ("MIT", "is hereby granted", "is hereby not granted"),
        ("MIT", "to any person", "to any academic person"),
        ("MIT", " and/or sell", " "),
        ("MIT", "use, copy, modify, merge, publish,", "use, copy,"),
        ("MIT", "free of charge,", "for a fee,"),
        ("MIT", "free of charge, ", ""),
        ("MIT", "to deal in the Software without restriction", "to use the Software for evaluation"),
        ("BSD-3-Clause", "are permitted", "are not permitted"),
        ("BSD-3-Clause", "with or without modification", "without modification"),
        ("BSD-3-Clause", "source and binary forms", "source forms"),
        ("ISC", "for any purpose", "for any noncommercial purpose"),
        ("ISC", "with or without fee", "without fee"),
        ("ISC", "copy, modify, and/or distribute", "copy"),
        ("Apache-2.0", "perpetual,", "temporary,"),
        ("Apache-2.0", "royalty-free", "royalty-bearing"),
    ],
)
def test_a_license_with_one_word_changed_for_the_worse_is_unclear(
    license_id: str, old: str, new: str
) -> None:
    assert old in texts()[license_id]
    assert not is_taken(MATCHER.match(texts()[license_id].replace(old, new)))


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("MIT", "MIT"),
        ("The MIT License (MIT)", "MIT"),
        ("This project is licensed under the MIT License.", "MIT"),
        ("Licensed under the Apache License, Version 2.0", "Apache-2.0"),
        ("BSD 3-Clause License\n\nCopyright 2020 Jo Doe. All rights reserved.", "BSD-3-Clause"),
        (
            "Released under either the MIT license or the Apache License 2.0, at your option.",
            "Apache-2.0 OR MIT",
        ),
        ("Foo is distributed under the terms of both the MIT license and Apache-2.0.", "Apache-2.0 AND MIT"),
        ("Dual licensed under the MIT and GPL licenses.", "GPL-1.0-or-later OR MIT"),
        (
            "This project is dual-licensed under the Unlicense and MIT licenses.\n\n"
            "You may use this code under the terms of either license.",
            "MIT OR Unlicense",
        ),
        ("This code is released into the public domain.", "LicenseRef-scancode-public-domain"),
        ("SPDX-License-Identifier: MIT OR Apache-2.0", "Apache-2.0 OR MIT"),
        ("GNU GPL version 2 or (at your option) any later version", "GPL-2.0-or-later"),
        (
            "Licensed under MIT OR GPL-2.0. Bundled libfoo is GPL.",
            "GPL-1.0-or-later AND (GPL-2.0-only OR MIT)",
        ),
        ("MIT or BSD-3-Clause at your option. This is GPL", "GPL-1.0-or-later AND (BSD-3-Clause OR MIT)"),
        ("MIT or Apache-2.0. GPL licensed parts are in foo", "GPL-1.0-or-later AND (Apache-2.0 OR MIT)"),
    ],
)
def test_a_short_statement_is_read(text: str, expression: str) -> None:
    assert MATCHER.match(text).expression == expression


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "BSD",
        "Proprietary",
        "All rights reserved.",
        "See the file EULA.pdf",
        "Copyright 2020 X",
    ],
)
def test_a_text_that_names_no_license_is_unclear(text: str) -> None:
    assert MATCHER.match(text).status == "unclear"


@pytest.mark.parametrize(
    ("one", "two"), [("MIT", "Apache-2.0"), ("BSD-3-Clause", "GPL-2.0-only"), ("MIT", "ISC")]
)
def test_two_licenses_in_one_text_both_apply_unless_it_offers_a_choice(one: str, two: str) -> None:
    both = f"{texts()[one]}\n\n{texts()[two]}"
    assert MATCHER.match(both).expression == " AND ".join(sorted((one, two)))
    for offer in (
        "You may use this software under either of the following licenses, at your option.",
        f"Dual licensed under {one} or {two}, at your option.",
    ):
        match = MATCHER.match(f"{offer}\n\n{both}")
        assert (match.expression, match.status) == (" OR ".join(sorted((one, two))), "clear")


def test_a_choice_between_two_does_not_cover_a_third() -> None:
    text = "\n\n".join(
        [
            "Dual licensed under MIT or Apache-2.0.",
            *(texts()[k] for k in ("MIT", "Apache-2.0", "GPL-2.0-only")),
        ]
    )
    assert not is_taken(MATCHER.match(text))


def test_copies_of_one_license_for_several_owners_are_one_license() -> None:
    text = "\n\n".join(f"Copyright (c) 20{year} Owner {year}\n\n{texts()['MIT']}" for year in range(10, 16))
    assert (MATCHER.match(text).expression, MATCHER.match(text).status) == ("MIT", "clear")


def test_a_text_beyond_the_limit_is_not_clear_and_not_slow() -> None:
    assert MATCHER.match(texts()["MIT"] + " x" * 500_000).status == "unclear"
    for hostile in (
        "(" * 400_000,
        "copyright " * 40_000,
        "name of " * 50_000,
        "permission is hereby granted free of charge to any person " * 6_000,
        "mit or " * 50_000,
        "a" * 400_000,
        "\ufdfa" * 100_000,
        "<a " * 100_000,
        "http://" * 60_000,
        " " * 400_000,
        "SPDX-License-Identifier: " * 10_000,
    ):
        assert MATCHER.match(hostile).status == "unclear"
        assert MATCHER.match_header(hostile).status in {"unclear", "none", "clear"}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_answered(text: str) -> None:
    match = MATCHER.match(text)
    assert 0.0 <= match.coverage <= 1.0
    assert match == LicenseMatcher().match(text)
    MATCHER.match_header(text)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["MIT", "ISC", "BSD-3-Clause"]), st.integers(0, 3000), st.integers(1, 12))
def test_cutting_words_out_never_makes_another_clear_license(
    license_id: str, start: int, length: int
) -> None:
    words = texts()[license_id].split(" ")
    at = start % len(words)
    match = MATCHER.match(" ".join(words[:at] + words[at + length :]))
    assert match.status == "unclear" or match.expression in {
        license_id,
        "0BSD",
        "MIT-0",
        "BSD-2-Clause",
        "BSD-1-Clause",
    }


def test_a_matcher_survives_pickling_and_answers_the_same() -> None:
    copy = pickle.loads(pickle.dumps(MATCHER))
    assert copy.match(texts()["MIT"]) == MATCHER.match(texts()["MIT"])
    assert len(pickle.dumps(MATCHER)) < 300
