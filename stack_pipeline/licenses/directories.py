"""Join the licence files of a commit into one licence per folder.

Every folder above a file takes part (AND). Within a folder all files apply too, except that files named after
different licences, as in Rust (`LICENSE-MIT` beside `LICENSE-APACHE` or `UNLICENSE`), are a choice (OR).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .evidence import is_license_file, license_scope, split
from .expressions import conjunction, disjunction, is_exception_id
from .matcher import LicenseMatch, LicenseMatcher, text_id
from .profiles import WIDEST_PROFILE, is_permissive
from .vocabulary import RISKY_WORDS
from .wording import words_of

#: Names of a file that is one side of a choice -> prefix of the licence that it must then hold.
_SIDES = (
    (
        re.compile(
            rb"licen[cs]e[-_.](?:mit|expat)(?:\.(?:txt|md))?|mit[-_.]licen[cs]e(?:\.(?:txt|md))?", re.I
        ),
        "MIT",
    ),
    (re.compile(rb"licen[cs]e[-_.](?:apache|asl)(?:[-_.]?2(?:\.0)?)?(?:\.(?:txt|md))?", re.I), "Apache-2.0"),
    (
        re.compile(rb"unlicen[cs]e(?:\.(?:txt|md))?|licen[cs]e[-_.]unlicense(?:\.(?:txt|md))?", re.I),
        "Unlicense",
    ),
    (re.compile(rb"licen[cs]e[-_.]zlib(?:\.(?:txt|md))?", re.I), "Zlib"),
    (re.compile(rb"licen[cs]e[-_.](?:boost|bsl)(?:[-_.]?1(?:\.0)?)?(?:\.(?:txt|md))?", re.I), "BSL-1.0"),
    (re.compile(rb"licen[cs]e[-_.]cc0(?:[-_.]?1\.0)?(?:\.(?:txt|md))?", re.I), "CC0-1.0"),
    (re.compile(rb"licen[cs]e[-_.](?:0bsd|bsd-?0)(?:\.(?:txt|md))?", re.I), "0BSD"),
    (re.compile(rb"licen[cs]e[-_.]isc(?:\.(?:txt|md))?", re.I), "ISC"),
    (re.compile(rb"licen[cs]e[-_.]bsd(?:[-_]?[23](?:-clause)?)?(?:\.(?:txt|md))?", re.I), "BSD-"),
)
_MAX_POINTING_WORDS = 60
_POINTER = re.compile(r"[\w.-][\w./ -]{0,300}")


@dataclass(frozen=True)
class LicenseFile:
    """A licence file and what it says."""

    path: bytes
    match: LicenseMatch


@dataclass(frozen=True)
class FolderLicense:
    """The licence of all files in a folder that say nothing else.

    Attributes:
        expression: AND of its own licence files and those of all folders above, or None if none was
            recognised.
        is_clear: Whether all of them are clear.
        path: The licence file that decides: the first that is unclear or not permissive, outermost folder
            first; else the first of the innermost folder.
        text_ids: Ids of all their texts, sorted.
    """

    expression: str | None
    is_clear: bool
    path: bytes
    text_ids: tuple[str, ...]


def read_license_files(
    contents: Mapping[bytes, str | None], *, matcher: LicenseMatcher
) -> tuple[LicenseFile, ...]:
    """Match the licence files among `contents`, in path order.

    An empty file says nothing. A file that only names another licence file (a symbolic link in Git) speaks
    with that file's text; one that only names two or more licence files beside it ("either of the licences in
    LICENSE.APACHE or LICENSE.BSD") leaves it to them. The text of an SPDX exception in `LICENSES/` is no
    licence.
    """
    files = []
    for path in sorted(contents):
        if not is_license_file(path) or _is_exception_text(path):
            continue
        text = contents[path]
        if text is None:
            unread = LicenseMatch(None, "unclear", 0.0, 0, "", text_id(""))
            files.append(LicenseFile(path, unread))
        elif text.strip() and not _only_points(path, text, contents):
            files.append(LicenseFile(path, matcher.match(_followed(path, text, contents))))
    return tuple(files)


def _is_exception_text(path: bytes) -> bool:
    folder, name = split(path)
    if split(folder)[1] != b"LICENSES":
        return False
    return is_exception_id(name.removesuffix(b".txt").decode("ascii", "replace"))


def _only_points(path: bytes, text: str, contents: Mapping[bytes, str | None]) -> bool:
    """Return whether a short text only names two or more licence files beside it."""
    words = words_of(text)
    if len(words) > _MAX_POINTING_WORDS or not RISKY_WORDS.isdisjoint(words):
        return False
    folder, name = split(path)
    named = set(re.findall(r"[A-Za-z]{3,20}[-._][A-Za-z0-9.-]{2,20}[A-Za-z0-9]", text[:4000]))
    beside = {
        other
        for other in named
        if other.encode() != name
        and is_license_file(other.encode())
        and contents.get((folder + b"/" if folder else b"") + other.encode())
    }
    return len(beside) >= 2


def _followed(path: bytes, text: str, contents: Mapping[bytes, str | None]) -> str:
    if not _POINTER.fullmatch(text.strip()) or "/" not in text:
        return text
    folder = split(path)[0].decode("utf-8", "surrogateescape")
    target = posixpath.normpath(posixpath.join(folder, text.strip())).encode("utf-8", "surrogateescape")
    return (contents.get(target) or text) if is_license_file(target) else text


def folder_licenses(files: Iterable[LicenseFile]) -> dict[bytes, FolderLicense]:
    """Return the licence of each folder that has licence files, its ancestors' included."""
    own: dict[bytes, list[LicenseFile]] = {}
    for file in files:
        own.setdefault(license_scope(file.path), []).append(file)
    joined: dict[bytes, FolderLicense] = {}
    for folder in sorted(own, key=lambda name: (name.count(b"/") + bool(name), name)):
        here = _join_files(own[folder])
        above = _nearest(joined, folder)
        joined[folder] = here if above is None else _join_folders(above, here)
    return joined


def _nearest(joined: Mapping[bytes, FolderLicense], folder: bytes) -> FolderLicense | None:
    while folder:
        folder = split(folder)[0]
        if folder in joined:
            return joined[folder]
    return None


def _is_good(expression: str | None, *, clear: bool) -> bool:
    return clear and expression is not None and is_permissive(expression, profile=WIDEST_PROFILE)


def _join_files(files: list[LicenseFile]) -> FolderLicense:
    sides = {file.match.expression for file in files if _is_side(file)}
    rest = [file for file in files if not _is_side(file)]
    parts = {file.match.expression for file in rest}
    expressions = [expression for expression in parts if expression]
    choice = disjunction(side for side in sides if side)
    expression = conjunction([*expressions, *([choice] if choice else [])])
    clear = all(file.match.status == "clear" for file in files)
    culprits = [
        file for file in files if not _is_good(file.match.expression, clear=file.match.status == "clear")
    ]
    path = (culprits or files)[0].path
    return FolderLicense(expression, clear, path, tuple(sorted({file.match.text_id for file in files})))


def _is_side(file: LicenseFile) -> bool:
    """Return whether a file is one side of a choice: named after a licence and holding just that licence."""
    name = split(file.path)[1]
    expression = file.match.expression or ""
    if file.match.status != "clear" or " " in expression:
        return False
    return any(pattern.fullmatch(name) and expression.startswith(prefix) for pattern, prefix in _SIDES)


def _join_folders(above: FolderLicense, here: FolderLicense) -> FolderLicense:
    good = _is_good(above.expression, clear=above.is_clear)
    return FolderLicense(
        conjunction(filter(None, (above.expression, here.expression))),
        above.is_clear and here.is_clear,
        here.path if good else above.path,
        tuple(sorted({*above.text_ids, *here.text_ids})),
    )
