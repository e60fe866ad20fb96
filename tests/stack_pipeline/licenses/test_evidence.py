"""Which paths are evidence, and for which folder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.licenses.evidence import (
    is_evidence,
    is_license_file,
    is_manifest,
    is_reuse_file,
    is_sidecar,
    license_scope,
)


@pytest.mark.parametrize(
    "path",
    [
        b"LICENSE",
        b"License.md",
        b"licence.txt",
        b"LICENSES",
        b"LICENSE-MIT",
        b"LICENSE.APACHE",
        b"LICENSE_1_0.txt",
        b"UNLICENSE",
        b"MIT-LICENSE",
        b"MIT-LICENSE.txt",
        b"COPYING",
        b"COPYING.LESSER",
        b"COPYING3",
        b"deps/x/COPYING.txt",
        b"LICENSES/MIT.txt",
        b"a/LICENSES/GPL-3.0-or-later.txt",
        b"license-\xff\xfe",
    ],
)
def test_strong_names_are_license_files(path: bytes) -> None:
    assert is_license_file(path)
    assert is_evidence(path)


@pytest.mark.parametrize(
    "path",
    [
        b"license.py",
        b"src/License.java",
        b"licenses.json",
        b"LICENSE.tmpl",
        b"licensed.txt",
        b"NOTICE",
        b"README.md",
        b"COPYRIGHT",
        b"copyingtool",
        b"LICENSE/readme",
        b"my-license-checker/x",
        b"licenses/foo.txt",
        b"",
        b"/",
    ],
)
def test_other_names_are_no_license_files(path: bytes) -> None:
    assert not is_license_file(path)


@pytest.mark.parametrize(
    ("path", "known"),
    [
        (b"package.json", True),
        (b"a/Cargo.toml", True),
        (b"pyproject.toml", True),
        (b"setup.cfg", True),
        (b"pom.xml", True),
        (b"foo.gemspec", True),
        (b"composer.json", True),
        (b"foo.cabal", True),
        (b"DESCRIPTION", True),
        (b"description", False),
        (b"package-lock.json", False),
        (b"Cargo.lock", False),
        (b"data.json", False),
    ],
)
def test_manifests_are_known_by_name(path: bytes, known: bool) -> None:
    assert is_manifest(path) is known
    assert is_evidence(path) is known


def test_reuse_files_and_sidecars_are_evidence() -> None:
    assert is_reuse_file(b"REUSE.toml")
    assert is_reuse_file(b"docs/REUSE.toml")
    assert is_reuse_file(b".reuse/dep5")
    assert not is_reuse_file(b"a/.reuse/dep5")
    assert is_sidecar(b"img/logo.png.license")
    assert not is_sidecar(b"img/.license")
    assert is_evidence(b"img/logo.png.license")


@pytest.mark.parametrize(
    ("path", "scope"),
    [(b"LICENSE", b""), (b"a/b/LICENSE", b"a/b"), (b"LICENSES/MIT.txt", b""), (b"a/LICENSES/MIT.txt", b"a")],
)
def test_a_license_file_speaks_for_its_folder(path: bytes, scope: bytes) -> None:
    assert license_scope(path) == scope


@given(st.binary(max_size=100))
def test_any_path_is_answered(path: bytes) -> None:
    assert isinstance(is_evidence(path), bool)
    license_scope(path)
