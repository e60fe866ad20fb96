"""Verdicts: the order of decision, evidence, folders, and hostile repositories."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stack_pipeline.licenses import (
    LicenseMatcher,
    LicenseVerdict,
    RepositoryLicenses,
    license_type,
)
from stack_pipeline.licenses.vendored import license_texts

MATCHER = LicenseMatcher()
TEXTS = license_texts()
TAG = "SPDX-License-" + "Identifier:"
GPL_HEADER = "// Licensed under the GNU General Public License version 2 or later.\nint a;\n"
MIT_HEADER = "// Licensed under the MIT license.\nint a;\n"

Evidence = Mapping[bytes, bytes | str | None]


def build(evidence: Evidence, spdx_id: str | None = None) -> RepositoryLicenses:
    return RepositoryLicenses.build(evidence, spdx_id=spdx_id, matcher=MATCHER)


def judge(
    evidence: Evidence, path: bytes = b"src/a.c", text: str | None = "int a;\n", spdx_id: str | None = None
) -> LicenseVerdict:
    return build(evidence, spdx_id).verdict(path, text)


def kind(verdict: LicenseVerdict) -> str:
    return license_type(verdict, profile="stack-v2")


MIT, GPL, APACHE, BSD = (TEXTS[key] for key in ("MIT", "GPL-2.0-only", "Apache-2.0", "BSD-3-Clause"))
PACKAGE_MIT, PACKAGE_GPL = '{"license": "MIT"}', '{"license": "GPL-3.0-only"}'
REUSE_GPL = f'version = 1\n[[annotations]]\npath = "**"\n{TAG[:-1]} = "GPL-3.0-only"\n'


@pytest.mark.parametrize(
    ("evidence", "text", "spdx_id", "expected"),
    [
        # 1. A statement decides alone.
        ({b"LICENSE": GPL}, f"// {TAG} MIT\n", None, ("MIT", "clear", "spdx_tag", b"src/a.c", "permissive")),
        (
            {b"LICENSE": MIT},
            f"// {TAG} GPL-2.0-only\n",
            None,
            ("GPL-2.0-only", "clear", "spdx_tag", b"src/a.c", "non_permissive"),
        ),
        (
            {b"LICENSE": MIT},
            f"// {TAG} BSD 3-Clause\n",
            None,
            ("BSD-3-Clause", "clear", "spdx_tag", b"src/a.c", "permissive"),
        ),
        (
            {b"LICENSE": MIT},
            f"// {TAG} Secret\n",
            None,
            (None, "unclear", "spdx_tag", b"src/a.c", "non_permissive"),
        ),
        (
            {b"LICENSE": MIT},
            f"// {TAG} LicenseRef-X\n",
            None,
            ("LicenseRef-X", "clear", "spdx_tag", b"src/a.c", "non_permissive"),
        ),
        (
            {},
            f"// {TAG} MIT\n// This file is proprietary, license on request\n",
            None,
            ("MIT", "conflict", "spdx_tag", b"src/a.c", "non_permissive"),
        ),
        (
            {},
            f"// {TAG} MIT\n{GPL_HEADER}",
            None,
            ("MIT", "conflict", "spdx_tag", b"src/a.c", "non_permissive"),
        ),
        (
            {},
            f"// {TAG} MIT OR GPL-2.0-or-later\n{GPL_HEADER}",
            None,
            ("GPL-2.0-or-later OR MIT", "clear", "spdx_tag", b"src/a.c", "permissive"),
        ),
        (
            {b"src/a.c.license": f"{TAG} GPL-3.0-only\n", b"LICENSE": MIT},
            "int a;",
            None,
            ("GPL-3.0-only", "clear", "reuse", b"src/a.c.license", "non_permissive"),
        ),
        (
            {b"REUSE.toml": REUSE_GPL, b"LICENSE": MIT},
            "int a;",
            None,
            ("GPL-3.0-only", "clear", "reuse", b"REUSE.toml", "non_permissive"),
        ),
        (
            {b"REUSE.toml": REUSE_GPL},
            f"// {TAG} MIT\n",
            None,
            ("MIT", "clear", "spdx_tag", b"src/a.c", "permissive"),
        ),
        (
            {b"REUSE.toml": REUSE_GPL + 'precedence = "override"\n'},
            f"// {TAG} MIT\n",
            None,
            ("GPL-3.0-only", "clear", "reuse", b"REUSE.toml", "non_permissive"),
        ),
        (
            {b"REUSE.toml": REUSE_GPL + 'precedence = "aggregate"\n'},
            f"// {TAG} MIT\n",
            None,
            ("GPL-3.0-only AND MIT", "clear", "spdx_tag", b"src/a.c", "non_permissive"),
        ),
        (
            {b"REUSE.toml": "[[", b"LICENSE": MIT},
            "int a;",
            None,
            (None, "unclear", "reuse", b"REUSE.toml", "non_permissive"),
        ),
        (
            {b".reuse/dep5": "Files: src/*\nLicense: GPL-2.0-only\n", b"LICENSE": MIT},
            "int a;",
            None,
            ("GPL-2.0-only", "clear", "reuse", b".reuse/dep5", "non_permissive"),
        ),
        # 2. A header joins the folder.
        (
            {b"LICENSE": MIT},
            GPL_HEADER,
            None,
            ("GPL-2.0-or-later AND MIT", "conflict", "header", b"src/a.c", "non_permissive"),
        ),
        (
            {b"LICENSE": GPL},
            MIT_HEADER,
            None,
            ("GPL-2.0-only AND MIT", "conflict", "dir_file", b"LICENSE", "non_permissive"),
        ),
        (
            {b"LICENSE": BSD},
            MIT_HEADER,
            None,
            ("BSD-3-Clause AND MIT", "clear", "dir_file", b"LICENSE", "permissive"),
        ),
        (
            {b"LICENSE": GPL},
            GPL_HEADER,
            None,
            ("GPL-2.0-only AND GPL-2.0-or-later", "clear", "header", b"src/a.c", "non_permissive"),
        ),
        ({}, MIT_HEADER, None, ("MIT", "clear", "header", b"src/a.c", "permissive")),
        ({}, GPL_HEADER, "MIT", ("GPL-2.0-or-later", "clear", "header", b"src/a.c", "non_permissive")),
        (
            {b"LICENSE": MIT},
            "// Proprietary and confidential. License on request.\n",
            None,
            ("MIT", "unclear", "header", b"src/a.c", "non_permissive"),
        ),
        (
            {b"LICENSE": MIT},
            "// Copyright X. All rights reserved.\n",
            None,
            ("MIT", "clear", "dir_file", b"LICENSE", "permissive"),
        ),
        # 3. Every folder above the file.
        (
            {b"LICENSE": MIT, b"src/COPYING": GPL},
            "int a;",
            None,
            ("GPL-2.0-only AND MIT", "clear", "dir_file", b"src/COPYING", "non_permissive"),
        ),
        (
            {b"LICENSE": GPL, b"src/LICENSE": MIT},
            "int a;",
            None,
            ("GPL-2.0-only AND MIT", "clear", "dir_file", b"LICENSE", "non_permissive"),
        ),
        (
            {b"LICENSE": MIT, b"lib/COPYING": GPL},
            "int a;",
            None,
            ("MIT", "clear", "dir_file", b"LICENSE", "permissive"),
        ),
        (
            {b"LICENSE": MIT, b"src/LICENSE": BSD},
            "int a;",
            None,
            ("BSD-3-Clause AND MIT", "clear", "dir_file", b"src/LICENSE", "permissive"),
        ),
        (
            {b"LICENSE": MIT, b"COPYING": GPL},
            "int a;",
            None,
            ("GPL-2.0-only AND MIT", "clear", "dir_file", b"COPYING", "non_permissive"),
        ),
        (
            {b"LICENSE-MIT": MIT, b"LICENSE-APACHE": APACHE},
            "int a;",
            None,
            ("Apache-2.0 OR MIT", "clear", "dir_file", b"LICENSE-APACHE", "permissive"),
        ),
        (
            {b"LICENSE-MIT": MIT, b"UNLICENSE": TEXTS["Unlicense"]},
            "int a;",
            None,
            ("MIT OR Unlicense", "clear", "dir_file", b"LICENSE-MIT", "permissive"),
        ),
        (
            {b"LICENSE-MIT": GPL, b"LICENSE-APACHE": APACHE},
            "int a;",
            None,
            ("Apache-2.0 AND GPL-2.0-only", "clear", "dir_file", b"LICENSE-MIT", "non_permissive"),
        ),
        (
            {b"LICENSE-MIT": MIT, b"LICENSE-GPL": GPL},
            "int a;",
            None,
            ("GPL-2.0-only AND MIT", "clear", "dir_file", b"LICENSE-GPL", "non_permissive"),
        ),
        (
            {b"LICENSES/MIT.txt": MIT, b"LICENSES/GPL-2.0-only.txt": GPL},
            "int a;",
            None,
            ("GPL-2.0-only AND MIT", "clear", "dir_file", b"LICENSES/GPL-2.0-only.txt", "non_permissive"),
        ),
        (
            {b"LICENSE": "Ask me first."},
            "int a;",
            "MIT",
            (None, "unclear", "dir_file", b"LICENSE", "non_permissive"),
        ),
        ({b"LICENSE": None}, "int a;", "MIT", (None, "unclear", "dir_file", b"LICENSE", "non_permissive")),
        (
            {b"LICENSE": b"\x00\x01"},
            "int a;",
            "MIT",
            (None, "unclear", "dir_file", b"LICENSE", "non_permissive"),
        ),
        ({b"LICENSE": " \n"}, "int a;", "MIT", ("MIT", "clear", "repo_metadata", None, "permissive")),
        (
            {b"LICENSE": GPL, b"src/LICENSE": "../LICENSE"},
            "int a;",
            None,
            ("GPL-2.0-only", "clear", "dir_file", b"LICENSE", "non_permissive"),
        ),
        (
            {b"src/LICENSE": "../other/LICENSE"},
            "int a;",
            None,
            (None, "unclear", "dir_file", b"src/LICENSE", "non_permissive"),
        ),
        (
            {b"NOTICE": GPL, b"README": GPL, b"LICENSE": MIT},
            "int a;",
            None,
            ("MIT", "clear", "dir_file", b"LICENSE", "permissive"),
        ),
        (
            {
                b"LICENSE": "Under either of the licenses found in LICENSE.APACHE or LICENSE.BSD.",
                b"LICENSE.APACHE": APACHE,
                b"LICENSE.BSD": BSD,
            },
            "int a;",
            None,
            ("Apache-2.0 OR BSD-3-Clause", "clear", "dir_file", b"LICENSE.APACHE", "permissive"),
        ),
        # 4. The nearest manifest, where no folder has a licence file.
        (
            {b"package.json": PACKAGE_MIT},
            "int a;",
            "GPL-3.0",
            ("MIT", "clear", "manifest", b"package.json", "permissive"),
        ),
        (
            {b"package.json": PACKAGE_MIT, b"src/package.json": PACKAGE_GPL},
            "int a;",
            None,
            ("GPL-3.0-only", "clear", "manifest", b"src/package.json", "non_permissive"),
        ),
        (
            {b"package.json": '{"license": "UNLICENSED"}'},
            "int a;",
            "MIT",
            (None, "unclear", "manifest", b"package.json", "non_permissive"),
        ),
        (
            {b"package.json": PACKAGE_GPL, b"LICENSE": MIT},
            "int a;",
            None,
            ("MIT", "clear", "dir_file", b"LICENSE", "permissive"),
        ),
        # 5. The repository's metadata.
        ({}, "int a;", "MIT", ("MIT", "clear", "repo_metadata", None, "permissive")),
        ({}, "int a;", "GPL-3.0", ("GPL-3.0-only", "clear", "repo_metadata", None, "non_permissive")),
        ({}, "int a;", "Odd", (None, "unclear", "repo_metadata", None, "non_permissive")),
        ({}, "int a;", "NOASSERTION", (None, "none", "none", None, "no_license")),
        ({}, "int a;", "other", (None, "none", "none", None, "no_license")),
        ({}, "int a;", None, (None, "none", "none", None, "no_license")),
        ({}, None, None, (None, "none", "none", None, "no_license")),
    ],
)
def test_evidence_decides_in_this_order(
    evidence: Evidence,
    text: str | None,
    spdx_id: str | None,
    expected: tuple[str | None, str, str, bytes | None, str],
) -> None:
    verdict = judge(evidence, text=text, spdx_id=spdx_id)
    assert (verdict.expression, verdict.status, verdict.source, verdict.path, kind(verdict)) == expected


def test_all_that_was_seen_is_listed() -> None:
    evidence = {b"LICENSE": MIT, b"src/COPYING": BSD, b"package.json": PACKAGE_GPL}
    verdict = judge(evidence, text=f"// {TAG} ISC\n", spdx_id="Zlib")
    assert verdict.detected == ("BSD-3-Clause", "GPL-3.0-only", "ISC", "MIT", "Zlib")
    assert verdict.text_ids == tuple(sorted(hashlib.sha256(text.encode()).hexdigest() for text in (MIT, BSD)))


def test_texts_are_listed_once_by_the_hash_of_their_bytes() -> None:
    licenses = build({b"LICENSE": MIT, b"a/LICENSE": MIT.encode(), b"b/COPYING": GPL})
    assert [row.expression for row in sorted(licenses.texts, key=lambda row: row.expression or "")] == [
        "GPL-2.0-only",
        "MIT",
    ]
    for row in licenses.texts:
        assert row.id == hashlib.sha256(row.text.encode()).hexdigest()
        assert (row.matcher, row.coverage) == ("text", 1.0)


def test_the_same_file_is_out_in_one_repository_and_in_in_another() -> None:
    closed = (
        "You may use this under the Redis Source Available License 2.0 or the Server Side Public License v1."
    )
    restricted, free = build({b"LICENSE.txt": closed}), build({b"COPYING": BSD})
    header = "// Copyright (c) 2009, Someone. All rights reserved.\nint a;\n"
    assert kind(restricted.verdict(b"src/a.c", header)) == "non_permissive"
    assert kind(free.verdict(b"src/a.c", header)) == "permissive"


def test_a_narrower_profile_takes_less_and_never_more() -> None:
    verdict = judge({b"LICENSE": TEXTS["CC-BY-4.0"]})
    assert license_type(verdict, profile="stack-v2") == "permissive"
    assert license_type(verdict, profile="blueoak-bronze") == "non_permissive"
    with pytest.raises(ValueError, match="licence profile"):
        license_type(verdict, profile="all")


def test_licenses_survive_pickling_and_do_not_depend_on_the_order_of_evidence() -> None:
    evidence: dict[bytes, bytes | str | None] = {
        b"LICENSE": MIT,
        b"a/COPYING": GPL,
        b"a/b/LICENSE": BSD,
        b"package.json": PACKAGE_GPL,
        b"REUSE.toml": REUSE_GPL.replace('"**"', '"c/**"'),
    }
    one, two = build(evidence), build(dict(reversed(evidence.items())))
    assert one == two
    copy = pickle.loads(pickle.dumps(one))
    for path in (b"x.c", b"a/x.c", b"a/b/x.c", b"c/x.c"):
        assert (
            one.verdict(path, MIT_HEADER) == two.verdict(path, MIT_HEADER) == copy.verdict(path, MIT_HEADER)
        )


def test_text_in_other_encodings_is_read() -> None:
    for content in (
        MIT.encode("utf-16"),
        ("\ufeff" + MIT).encode(),
        f"Copyright José\n{MIT}".encode("latin-1"),
    ):
        assert kind(judge({b"LICENSE": content})) == "permissive"


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [b"LICENSE", b"a/LICENSE", b"REUSE.toml", b".reuse/dep5", b"package.json", b"a/x.license"]
        )
        | st.binary(max_size=20),
        st.binary(max_size=80) | st.text(max_size=80) | st.none(),
        max_size=6,
    ),
    st.binary(max_size=20),
    st.text(max_size=80) | st.none(),
    st.text(max_size=20) | st.none(),
)
def test_any_repository_is_answered(
    evidence: dict[bytes, bytes | str | None], path: bytes, text: str | None, spdx_id: str | None
) -> None:
    verdict = judge(evidence, path, text, spdx_id)
    assert kind(verdict) in {"permissive", "non_permissive", "no_license"}
    assert (verdict.status == "none") == (kind(verdict) == "no_license")


def test_hostile_evidence_is_answered() -> None:
    evidence: dict[bytes, bytes | str | None] = {
        b"package.json": "[" * 900_000,
        b"LICENSE": b"MIT " * 250_000,
        b"REUSE.toml": "x = " + "[" * 100_000,
        b"a/" * 2000 + b"LICENSE": MIT,
        b"../LICENSE": MIT,
        b"/LICENSE": GPL,
        b"\xff/COPYING": BSD,
    }
    licenses = build(evidence)
    assert kind(licenses.verdict(b"a/" * 2000 + b"x.c", "int a;")) == "non_permissive"
    assert kind(licenses.verdict(b"\xff/x.c", "int a;")) == "non_permissive"
