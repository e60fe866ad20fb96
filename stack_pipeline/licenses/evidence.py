"""Tell by its path which file of a repository is evidence for a licence.

Only strong names count: LICENSE, LICENCE, UNLICENSE, COPYING, MIT-LICENSE with any suffix that is no code,
and the texts in a `LICENSES/` folder. NOTICE and README never decide.
"""

from __future__ import annotations

import re

_LICENSE_NAME = re.compile(
    rb"(?:mit[-_.])?(?:un)?licen[cs]es?(?:[-_. +].{0,120})?|copying(?:[-_. +0-9].{0,120})?", re.I
)
_CODE_SUFFIX = re.compile(
    rb"\.(?:[ch]|cc|cpp|cs|css|cxx|d|dart|ejs|erb|ex|exs|fs|gif|go|gradle|graphql|h(?:pp|s|xx)|ico|ini|ipynb|java|jpe?g|js|json5?|"
    rb"jsx|kts?|less|lock|lua|mm?|mjs|cjs|ml|php|pl|plist|pm|png|proto|ps1|pyi?|rake|rb|resx?|rs|scala|scss|sh|snap|sql|svelte|svg|"
    rb"swift|tmpl|toml|tpl|tsx?|vue|xml|xsd|ya?ml|zig|zip|csv|tsv|svelte|template|spdx|license|dep5)$",
    re.I,
)
_FOLDER = b"LICENSES"
_MANIFESTS = frozenset(
    {
        b"package.json",
        b"cargo.toml",
        b"pyproject.toml",
        b"setup.cfg",
        b"setup.py",
        b"pom.xml",
        b"composer.json",
        b"bower.json",
        b"description",
        b"project.toml",
        b"dune-project",
        b"elm.json",
        b"pubspec.yaml",
        b"package.yaml",
        b"galaxy.yml",
        b"meta.json",
        b"rebar.config",
        b"mix.exs",
        b"vcpkg.json",
    }
)
_MANIFEST_SUFFIXES = (b".gemspec", b".cabal", b".opam", b".nuspec", b".podspec", b".rockspec")
_REUSE = frozenset({b"reuse.toml"})
SIDECAR_SUFFIX = b".license"


def split(path: bytes) -> tuple[bytes, bytes]:
    """Return (folder without trailing slash, name); the root is b"".

    Examples:
        >>> split(b"src/a.c"), split(b"a.c")
        ((b'src', b'a.c'), (b'', b'a.c'))
    """
    folder, _, name = path.rpartition(b"/")
    return folder, name


def is_license_file(path: bytes) -> bool:
    """Return whether a path has a strong licence name.

    Examples:
        >>> [is_license_file(path) for path in (b"LICENSE", b"a/COPYING.LESSER", b"LICENSES/MIT.txt")]
        [True, True, True]
        >>> [is_license_file(path) for path in (b"license.py", b"NOTICE", b"README")]
        [False, False, False]
    """
    folder, name = split(path)
    if _CODE_SUFFIX.search(name):
        return False
    if split(folder)[1] == _FOLDER:
        return True
    return _LICENSE_NAME.fullmatch(name) is not None


def license_scope(path: bytes) -> bytes:
    """Return the folder for whose files a licence file speaks: its own, or the parent of `LICENSES/`.

    Examples:
        >>> license_scope(b"deps/x/COPYING"), license_scope(b"LICENSES/MIT.txt")
        (b'deps/x', b'')
    """
    folder, _ = split(path)
    parent, name = split(folder)
    return parent if name == _FOLDER else folder


def is_manifest(path: bytes) -> bool:
    """Return whether a path names a package manifest that can declare a licence.

    Examples:
        >>> is_manifest(b"crates/a/Cargo.toml"), is_manifest(b"x.gemspec"), is_manifest(b"data.json")
        (True, True, False)
    """
    name = split(path)[1].lower()
    if name == b"description":
        return split(path)[1] == b"DESCRIPTION"
    return name in _MANIFESTS or name.endswith(_MANIFEST_SUFFIXES)


def is_reuse_file(path: bytes) -> bool:
    """Return whether a path is `REUSE.toml` (in any folder) or the root's `.reuse/dep5`."""
    return path == b".reuse/dep5" or split(path)[1].lower() in _REUSE


def is_sidecar(path: bytes) -> bool:
    """Return whether a path is a REUSE sidecar, `<file>.license`, that speaks for the file beside it."""
    name = split(path)[1]
    return name.endswith(SIDECAR_SUFFIX) and name != SIDECAR_SUFFIX


def is_evidence(path: bytes) -> bool:
    """Return whether a tree entry must be read before any verdict: licence files, manifests, REUSE files,
    sidecars.

    Examples:
        >>> is_evidence(b"logo.png.license"), is_evidence(b"README.md")
        (True, False)
    """
    return is_license_file(path) or is_manifest(path) or is_reuse_file(path) or is_sidecar(path)
