"""Write Git repositories of made-up source files of about a given size, the same on every machine."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from stack_pipeline.licenses.vendored import license_texts

REPOSITORY_BYTES = 1_000_000
_WORDS = (
    *("anchor", "beacon", "cargo", "delta", "ember", "fjord", "gravel", "harbor", "island", "jetty"),
    *("keel", "lantern", "mast", "narrows", "oar", "pier", "quay", "reef", "sail", "tide"),
    *("vessel", "wharf", "buoy", "chart", "depth", "eddy", "flood", "gale", "hull", "inlet"),
    *("jib", "knot", "ledger", "moor", "north", "orbit", "pilot", "rudder", "sounder", "tack"),
)


def write_repositories(folder: Path, size_bytes: int) -> tuple[Path, int]:
    """Write repositories of about 1 MB each until a size is reached; return the folder and the bytes written."""
    written = 0
    number = 0
    while written < size_bytes:
        written += _write_repository(folder / f"repository-{number:04d}", number)
        number += 1
    return folder, written


def _write_repository(folder: Path, number: int) -> int:
    folder.mkdir(parents=True)
    (folder / "LICENSE").write_text(license_texts()["MIT"])
    written, index = 0, 0
    while written < REPOSITORY_BYTES:
        stream = _Stream(f"{number // 2 if index % 10 == 0 else number}/{index}")
        text = _python(stream) if index % 3 else _c(stream)
        name = f"src/{stream.word()}_{index}.{'py' if index % 3 else 'c'}"
        (folder / "src").mkdir(exist_ok=True)
        (folder / name).write_text(text)
        written += len(text)
        index += 1
    _commit(folder)
    return written


def _commit(folder: Path) -> None:
    who = {"NAME": "A", "EMAIL": "a@example.org", "DATE": "2021-03-04T05:06:07Z"}
    identity = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
    environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "made up"]):
        subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)


class _Stream:
    """Words and numbers drawn from hashes of a seed."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._drawn = 0

    def number(self, below: int) -> int:
        self._drawn += 1
        digest = hashlib.blake2b(f"{self._seed}#{self._drawn}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % below

    def word(self) -> str:
        return _WORDS[self.number(len(_WORDS))]


def _python(stream: _Stream) -> str:
    lines = [f'"""Compute {stream.word()} of {stream.word()} {stream.number(1000)}."""', ""]
    for _ in range(20 + stream.number(80)):
        a, b, c = stream.word(), stream.word(), stream.word()
        lines += [
            f"def {a}_{b}_{stream.number(10_000)}({c}, limit={stream.number(500)}):",
            f"    # the {stream.word()} is at most {stream.word()}",
            f'    name = "{stream.word()} {stream.word()}-{stream.number(99)}"',
            f"    return [{c} * {stream.number(90)} for {c} in range(limit) if {c} % {1 + stream.number(9)}]",
            "",
        ]
    return "\n".join(lines)


def _c(stream: _Stream) -> str:
    lines = [f"/* {stream.word()} and {stream.word()} */", "#include <stdio.h>", ""]
    for _ in range(20 + stream.number(80)):
        a, b = stream.word(), stream.word()
        lines += [
            f"static int {a}_{b}_{stream.number(10_000)}(int {a}, const char *{b}_name)",
            "{",
            f"\tif ({a} > {stream.number(400)}) return {a} - {stream.number(30)};",
            f'\tprintf("{stream.word()} %d of %s\\n", {a} + {stream.number(50)}, {b}_name);',
            f"\treturn {stream.number(7)};",
            "}",
            "",
        ]
    return "\n".join(lines)
