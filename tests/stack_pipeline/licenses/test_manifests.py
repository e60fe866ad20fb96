"""Manifests: what each format declares, and hostile content."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stack_pipeline.licenses.manifests import declared_license, manifest_expression

POM = (
    "<project><!-- <licenses><license><name>GPL</name></license></licenses> -->"
    "<licenses>%s</licenses></project>"
)


@pytest.mark.parametrize(
    ("path", "content", "expression"),
    [
        (b"package.json", '{"license": "MIT"}', "MIT"),
        (b"package.json", '{"license": "(MIT OR Apache-2.0)"}', "Apache-2.0 OR MIT"),
        (b"package.json", '{"license": {"type": "ISC", "url": "x"}}', "ISC"),
        (b"package.json", '{"licenses": [{"type": "MIT"}, {"type": "GPL-2.0"}]}', "GPL-2.0-only OR MIT"),
        (b"package.json", '{"license": "UNLICENSED"}', None),
        (b"package.json", '{"license": "SEE LICENSE IN EULA.txt"}', None),
        (b"package.json", '{"license": "BSD"}', None),
        (b"composer.json", '{"license": ["MIT", "GPL-3.0-only"]}', "GPL-3.0-only OR MIT"),
        (b"Cargo.toml", '[package]\nname = "x"\nlicense = "Unlicense/MIT"', "MIT OR Unlicense"),
        (b"pyproject.toml", '[project]\nlicense = "Apache-2.0"', "Apache-2.0"),
        (b"pyproject.toml", '[project]\nlicense = {text = "BSD 3-Clause"}', "BSD-3-Clause"),
        (b"pyproject.toml", '[tool.poetry]\nlicense = "GPL-3.0-or-later"', "GPL-3.0-or-later"),
        (
            b"pyproject.toml",
            '[project]\nclassifiers = ["License :: OSI Approved :: MIT License", "Topic :: X"]',
            "MIT",
        ),
        (b"setup.cfg", "[metadata]\nlicense = Apache 2\nlicense_files = LICENSE\n", "Apache-2.0"),
        (b"setup.py", 'setup(name="x", license="MIT")', "MIT"),
        (b"setup.py", 'setup(\n    name="x",\n    license="BSD-3-Clause",\n)', "BSD-3-Clause"),
        (b"x.gemspec", 'Gem::Specification.new do |s|\n  s.license = "MIT"\nend', "MIT"),
        (b"x.gemspec", "  spec.licenses    = ['Apache-2.0']", "Apache-2.0"),
        (b"x.cabal", "name: x\nlicense:      BSD-3-Clause\nlicense-file: LICENSE\n", "BSD-3-Clause"),
        (b"DESCRIPTION", "Package: x\nLicense: MIT + file LICENSE\n", "MIT"),
        (b"DESCRIPTION", "Package: x\nLicense: GPL (>= 2)\n", "GPL-2.0-or-later"),
        (b"x.opam", 'license: "ISC"\n', "ISC"),
        (b"x.opam", 'license: ["MIT" "ISC"]\n', "ISC AND MIT"),
        (b"dune-project", "(lang dune 2.0)\n(license MIT)\n", "MIT"),
        (b"pubspec.yaml", "name: x\nlicense: MIT\n", "MIT"),
        (b"x.nuspec", '<license type="expression">MIT</license>', "MIT"),
        (b"pom.xml", POM % "<license><name>Apache License, Version 2.0</name></license>", "Apache-2.0"),
        (
            b"pom.xml",
            POM % "<license><name>MIT</name></license><license><name>GPLv3</name></license>",
            "GPL-3.0-only AND MIT",
        ),
        (b"pom.xml", POM % "<license><name>&xxe;</name></license>", None),
    ],
)
def test_a_manifest_declares_a_license(path: bytes, content: str, expression: str | None) -> None:
    declared = declared_license(path, content)
    assert declared is not None
    assert manifest_expression(declared) == expression


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (b"package.json", "{}"),
        (b"package.json", '{"license": 3}'),
        (b"package.json", '{"license": ""}'),
        (b"package.json", "not json"),
        (b"package.json", "[" * 500_000),
        (b"package.json", '{"a":' * 200_000),
        (b"Cargo.toml", "[package]\nname = 'x'"),
        (b"Cargo.toml", "x = " + "[" * 200_000),
        (b"Cargo.toml", "license = "),
        (b"pom.xml", "<project/>"),
        (b"pom.xml", "<!--" * 100_000),
        (b"pom.xml", "<licenses>" * 50_000),
        (b"setup.py", "setup(name='x')"),
        (b"setup.py", "license_file = 'LICENSE'"),
        (b"x.cabal", "license" * 100_000),
        (b"x.cabal", " " * 500_000),
        (b"dune-project", "(license " * 50_000),
    ],
)
def test_what_declares_nothing_or_cannot_be_read_is_none(path: bytes, content: str) -> None:
    assert declared_license(path, content) is None


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        [b"package.json", b"Cargo.toml", b"pom.xml", b"setup.py", b"x.opam", b"DESCRIPTION", b"x.nuspec"]
    ),
    st.text(max_size=300) | st.text(alphabet='{}[]"license:=\n <>/name', max_size=300),
)
def test_any_content_is_answered(path: bytes, content: str) -> None:
    declared = declared_license(path, content)
    if declared is not None:
        manifest_expression(declared)
