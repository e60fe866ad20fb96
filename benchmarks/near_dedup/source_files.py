"""Read source text files out of tar archives, nothing written to disk, and say the language of each by its extension."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, NamedTuple

MOST_BYTES = 1 << 20
"""Larger files are left out: they are data or generated."""

MOST_MEMBERS = 200_000
"""Members of an archive that are looked at."""

_EXTENSIONS = {
    "Assembly": ".asm .s",
    "C": ".c",
    "C#": ".cs",
    "C++": ".cc .cpp .cxx",
    "CMake": ".cmake",
    "CSS": ".css .scss",
    "CUDA": ".cu .cuh",
    "Cython": ".pxd .pxi .pyx",
    "Fortran": ".f .f90",
    "Go": ".go",
    "Header": ".h .hh .hpp .ipp",
    "INI": ".cfg .ini",
    "Java": ".java",
    "JavaScript": ".cjs .js .jsx .mjs",
    "Jinja": ".j2",
    "Julia": ".jl",
    "Lua": ".lua",
    "Markdown": ".md",
    "Meson": ".build",
    "Objective-C": ".m .mm",
    "PHP": ".php",
    "Perl": ".pl .pm",
    "PowerShell": ".ps1 .psm1",
    "Protocol Buffers": ".proto",
    "Python": ".py .pyi",
    "R": ".r",
    "Ruby": ".rb",
    "Rust": ".rs",
    "SQL": ".sql",
    "Shell": ".bash .sh",
    "Swift": ".swift",
    "TOML": ".toml",
    "TypeScript": ".ts .tsx",
    "YAML": ".yaml .yml",
    "reStructuredText": ".rst",
}
LANGUAGES = {extension: language for language, row in _EXTENSIONS.items() for extension in row.split()}


class SourceFile(NamedTuple):
    """A text file: its path in the archive, its language by extension, and its text."""

    path: str
    language: str
    content: str


def read_archive(stream: IO[bytes]) -> Iterator[SourceFile]:
    """Yield the source files of a tar archive (plain or gzip) in its order.

    Only regular files with a known extension, between 1 byte and `MOST_BYTES`, that are UTF-8 without zero bytes and
    have a path that stays inside; links and devices are passed over.
    """
    with tarfile.open(fileobj=stream, mode="r|*") as archive:
        for count, member in enumerate(archive):
            if count == MOST_MEMBERS:
                return
            language = LANGUAGES.get(PurePosixPath(member.name).suffix.lower())
            if language is None or not _is_plain(member) or not 0 < member.size <= MOST_BYTES:
                continue
            source = archive.extractfile(member)
            text = None if source is None else _text(source.read())
            if text is not None:
                yield SourceFile(member.name, language, text)


def _is_plain(member: tarfile.TarInfo) -> bool:
    path = PurePosixPath(member.name)
    return member.isreg() and not path.is_absolute() and ".." not in path.parts


def _text(data: bytes) -> str | None:
    try:
        return None if b"\0" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        return None
