"""Parse files with programs of their own language: go, java, node and bash, each only where it is on the machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.pii.parsing import HERE, Parsed, parse_here

_PROGRAMS = Path(__file__).with_name("parsers")
_ERROR_LINE = re.compile(rb"line (\d+):")

#: Language: the command that reads paths, and the ending that files need.
_COMMANDS = {
    "Go": (("go", "run", str(_PROGRAMS / "parse_go.go")), ".go"),
    "Java": (("java", str(_PROGRAMS / "ParseJava.java")), ".java"),
    "JavaScript": (
        ("node", "--no-warnings", "--experimental-vm-modules", str(_PROGRAMS / "parse_javascript.cjs")),
        ".js",
    ),
}
_VERSIONS = {
    "Go": ("go", "version"),
    "Java": ("java", "-version"),
    "JavaScript": ("node", "--version"),
    "Shell": ("bash", "--version"),
}

Parse = Callable[[Sequence[bytes]], list[Parsed]]


class NotChecked(Exception):
    """A language can't be parsed here; the message says why."""


def parser_of(language: str) -> Parse:
    """Return the parser of a language.

    Raises:
        NotChecked: If its program is not on the machine.
    """
    if language in HERE:
        return lambda contents: parse_here(language, contents)
    program = _VERSIONS[language][0]
    if shutil.which(program) is None:
        raise NotChecked(f"no {program}")
    if language == "Shell":
        return lambda contents: [_parse_shell(content) for content in contents]
    return lambda contents: _run(language, contents)


def version_of(language: str) -> str:
    """Return the first line in which a language's program tells its version; empty if there is none."""
    command = _VERSIONS.get(language)
    if command is None or shutil.which(command[0]) is None:
        return ""
    run = subprocess.run(command, capture_output=True, check=False, text=True)
    return (run.stdout or run.stderr).partition("\n")[0].strip()


def _run(language: str, contents: Sequence[bytes]) -> list[Parsed]:
    """Parse contents in one run of a program.

    Raises:
        NotChecked: If the program fails.
    """
    if not contents:
        return []
    command, suffix = _COMMANDS[language]
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / f"{number}{suffix}" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        listing = "".join(f"{path}\n" for path in paths).encode()
        run = subprocess.run(command, input=listing, capture_output=True, check=False, cwd=name)
    rows = [line.split() for line in run.stdout.splitlines()]
    if run.returncode or len(rows) != len(contents):
        raise NotChecked(f"{command[0]} failed with exit code {run.returncode}")
    return [Parsed(int(line), shape.decode().removeprefix("-")) for line, shape in rows]


def _parse_shell(content: bytes) -> Parsed:
    run = subprocess.run(["bash", "-n"], input=content, capture_output=True, check=False)
    if run.returncode == 0:
        return Parsed(0)
    line = _ERROR_LINE.search(run.stderr)
    return Parsed(int(line[1]) if line else 1)
