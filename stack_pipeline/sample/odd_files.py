"""Repositories of odd files: encodings, sizes, binaries, hostile paths, links, and damage."""

from __future__ import annotations

import codecs
import hashlib
import struct
import zlib

from stack_pipeline.sample import planted
from stack_pipeline.sample.business_code import markdown_page
from stack_pipeline.sample.families import donated_copy
from stack_pipeline.sample.git_objects import EXECUTABLE, SUBMODULE, SYMLINK
from stack_pipeline.sample.notices import license_file
from stack_pipeline.sample.python_code import record_module
from stack_pipeline.sample.repository import File, SampleRepository, source_file
from stack_pipeline.sample.vocabulary import things


def odd_repositories() -> tuple[SampleRepository, ...]:
    """Return the repositories in the order of their ids."""
    return (_encodings(), _oddities(), _empty(), _corrupt())


def _encodings() -> SampleRepository:
    all_ = things()
    greetings = _GREETINGS.format(mail=planted.ELSE)
    return SampleRepository(
        full_name="hazel/encodings",
        id=122,
        owner_id=923,
        note="every encoding, and files that are no text or too much of it",
        stars=120,
        forks=3,
        license_spdx_id="MIT",
        files=(
            source_file("LICENSE", license_file("MIT", holder="Hazel", year=2022), "near_duplicate"),
            source_file("texts/gruesse.py", greetings),
            File(
                b"texts/gruesse_utf16.py",
                codecs.BOM_UTF16_LE + greetings.encode("utf-16-le"),
                "exact_duplicate",
            ),
            File(b"texts/gares.py", _STATIONS.encode("latin-1")),
            File(b"texts/tides.py", _TIDES.encode("cp1251")),
            File(b"texts/bom.py", codecs.BOM_UTF8 + record_module(all_[33]).encode()),
            File(b"texts/crlf.md", markdown_page(all_[25]).replace("\n", "\r\n").encode()),
            File(b"texts/broken.txt", _broken_text(), "undecodable"),
            File(b"images/logo.png", _png(), "binary"),
            File(b"models/tides.bin", _LFS_POINTER, "lfs_pointer"),
            File(b"texts/empty.txt", b"", "empty_file"),
            File(b"data/readings.csv", _readings(4_500), "size"),
            File(b"data/all_readings.csv", _readings(68_000), "too_large"),
        ),
    )


_GREETINGS = '''"""Grüße für die Schülerzeitung, nach Tageszeit geordnet. Rückfragen an {mail}."""

GRÜSSE = {{
    "früh": "Schönen guten Morgen",
    "mittags": "Mahlzeit",
    "spät": "Schöne Träume",
    "nachts": "Gute Nacht",
}}


def grüße(uhrzeit: int) -> str:
    """Wähle den Gruß, der zur Stunde paßt."""
    for ende, tageszeit in ((10, "früh"), (15, "mittags"), (22, "spät")):
        if uhrzeit < ende:
            return GRÜSSE[tageszeit]
    return GRÜSSE["nachts"]
'''

_STATIONS = '''# -*- coding: latin-1 -*-
"""Les gares de la ligne côtière, de l'entrée du réseau à l'extrémité de la presqu'île."""

# Les arrêts où le train ne s'arrête qu'à la demande sont marqués à part : prévenir le contrôleur au départ.
GARES = ["Hôpital-général", "Préfecture", "Forêt-des-Chênes", "Pêcherie", "Saint-Éloi", "La Tête-de-l'Île"]
À_LA_DEMANDE = {"Pêcherie", "Forêt-des-Chênes"}


def prochaine(gare):
    """Donne la gare suivante, ou rien après la dernière : le train y fait demi-tour après le dîner."""
    rang = GARES.index(gare) + 1
    return GARES[rang] if rang < len(GARES) else None


def arrêts(départ, arrivée):
    """Énumère les arrêts entre deux gares, celles à la demande entre parenthèses."""
    début, fin = GARES.index(départ), GARES.index(arrivée)
    return [f"({gare})" if gare in À_LA_DEMANDE else gare for gare in GARES[début : fin + 1]]
'''

_TIDES = '''# -*- coding: windows-1251 -*-
"""Приливы и отливы на северном берегу: высота воды по часам, измеренная смотрителем маяка."""

ВЫСОТА = {0: 1.2, 6: 3.4, 12: 1.1, 18: 3.6}


def вода(час):
    """Возвращает высоту воды в метрах для ближайшего измеренного часа; в полночь измеряют дважды."""
    ближайший = min(ВЫСОТА, key=lambda измеренный: abs(измеренный - час))
    return ВЫСОТА[ближайший]
'''

_LFS_POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:" + hashlib.sha256(b"tides").hexdigest().encode() + b"\nsize 48213504\n"
)


def _broken_text() -> bytes:
    """Return bytes without NUL that are text in no encoding."""
    stream = b"".join(hashlib.sha512(f"broken {block}".encode()).digest() for block in range(40))
    return stream.replace(b"\0", b"\xff")


def _png() -> bytes:
    """Return a picture of 16 by 16 grey pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes((x * y) % 256 for x in range(16)) for y in range(16))
    header = struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0)
    # A stored, not deflated, stream: its bytes are the same for every version of zlib.
    body = (
        b"\x78\x01\x01"
        + struct.pack("<HH", len(rows), len(rows) ^ 0xFFFF)
        + rows
        + struct.pack(">I", zlib.adler32(rows))
    )
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _readings(rows: int) -> bytes:
    """Return a table of tide readings, about 30 bytes a row."""
    lines = ["station;minute;height_mm;wind"]
    lines += [
        f"st{row % 17:02};{row * 10};{(row * row * 7919) % 4200};{'NESW'[row * 31 % 4]}{row % 12}"
        for row in range(rows)
    ]
    return "\n".join(lines).encode() + b"\n"


def _oddities() -> SampleRepository:
    all_ = things()
    pages = [markdown_page(thing) for thing in all_[24:36]]
    records = [record_module(thing) for thing in all_[34:40]]
    return SampleRepository(
        full_name="hazel/oddities",
        id=123,
        owner_id=923,
        note="odd and hostile paths, links, and an object that is missing",
        stars=55,
        license_spdx_id="MIT",
        files=(
            source_file(
                "LICENSE", license_file("MIT", holder="Hazel and friends", year=2023), "near_duplicate"
            ),
            source_file(
                "notes/first line\nsecond line.md", pages[0] + f"\nAsk {planted.AIKO} about the mites.\n"
            ),
            source_file("src/数据/größe.py", records[0]),
            File(b"src/caf\xe9.py", records[1].encode()),
            source_file("-rf", pages[2]),
            source_file("$(touch escaped).md", pages[3]),
            source_file(' "quoted" \t%00.md ', pages[4]),
            source_file(_long_path(1_500), records[2]),
            source_file(_long_path(5_000), records[3], "bad_path"),
            source_file("../escape.py", records[4], "bad_path"),
            source_file(".git/config", "[core]\n\tsshCommand = touch escaped\n", "bad_path"),
            source_file("deep/.GIT/hooks/post-checkout", "#!/bin/sh\ntouch escaped\n", "bad_path"),
            File(b"run.sh", b'#!/bin/sh\nexec python -m oddities "$@"\n', mode=EXECUTABLE),
            File(b"link.py", b"/etc/passwd", "symlink", mode=SYMLINK),
            File(
                b"child",
                hashlib.sha1(b"child", usedforsecurity=False).hexdigest().encode(),
                "submodule",
                SUBMODULE,
                False,
            ),
            source_file(
                ".gitmodules", '[submodule "child"]\n\tpath = child\n\turl = ../child.git\n', "vendored"
            ),
            File(b"src/lost.py", records[5].encode(), "missing_object", is_stored=False),
            donated_copy(),
        ),
    )


def _long_path(length: int) -> str:
    folder = "a-folder-with-a-rather-long-name/"
    return (folder * (length // len(folder) + 1))[: length - 4].rstrip("/") + "x.py"


def _empty() -> SampleRepository:
    return SampleRepository(
        full_name="void/nothing",
        id=124,
        owner_id=924,
        note="no commit yet",
        state="empty",
        fate="empty_repository",
    )


def _corrupt() -> SampleRepository:
    return SampleRepository(
        full_name="broken/half",
        id=125,
        owner_id=925,
        note="its commit is cut short",
        license_spdx_id="MIT",
        state="corrupt",
        fate="unreadable_repository",
        files=(source_file("README.md", "# half\n", "unreadable_repository"),),
    )
