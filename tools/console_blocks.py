"""Run the commands that a page shows, and write what they print below them.

A console block is fenced and marked `console`. A line `$ …` is a command, `> …` below it goes on with it, and the other lines are
what it prints to stdout. A comment such as `<!-- head: 4, tail: 10 -->` on the line before the block keeps the first and last lines of
each output of the block; a line `…` stands for those between.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ELLIPSIS = "…"
STAND_INS = {"make demo": "stack-pipeline demo --output demo-release", ". .venv/bin/activate": "true"}
"""Commands that set up a fresh machine, and what is run here in their place."""

_BLOCK = re.compile(
    r"(?P<limits><!-- head: (?P<head>\d+), tail: (?P<tail>\d+) -->\n)?```console\n(?P<body>.*?)^```$",
    re.M | re.S,
)
_WIDTH = "100"


class Console:
    """A folder in which commands are run one after another, each different command once.

    Args:
        folder: An empty folder; what one command leaves there, later ones find.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._printed: dict[str, list[str]] = {}
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environment = {"PATH": programs, "HOME": str(folder), "LC_ALL": "C.UTF-8", "COLUMNS": _WIDTH}

    def lines(self, command: str) -> list[str]:
        """Return the lines that a command prints to stdout.

        Raises:
            RuntimeError: If it fails.
        """
        if command not in self._printed:
            done = subprocess.run(
                ["bash", "-c", STAND_INS.get(command, command)],
                cwd=self.folder,
                env=self._environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise RuntimeError(f"$ {command}\n{done.stdout}{done.stderr}")
            self._printed[command] = [line.rstrip() for line in done.stdout.splitlines()]
        return self._printed[command]


def with_outputs(markdown: str, console: Console) -> str:
    """Return a page with the output below each of its commands as the console prints it."""

    def filled(block: re.Match[str]) -> str:
        lines: list[str] = []
        for command in commands_of(block["body"]):
            lines += ["$ " + command.replace("\n", "\n> ")]
            lines += shortened(console.lines(command), block.groupdict())
        return f"{block['limits'] or ''}```console\n" + "\n".join(lines) + "\n```"

    return _BLOCK.sub(filled, markdown)


def shown_commands(markdown: str) -> list[str]:
    """Return all commands of a page's console blocks, in order."""
    return [command for block in _BLOCK.finditer(markdown) for command in commands_of(block["body"])]


def commands_of(body: str) -> list[str]:
    """Return the commands of a block; lines of one command are joined by newlines.

    Examples:
        >>> commands_of("$ cat <<END\\n> a\\n> END\\na\\n$ true\\n")
        ['cat <<END\\na\\nEND', 'true']
    """
    commands: list[str] = []
    goes_on = False
    for line in body.splitlines():
        if line.startswith("$ "):
            commands.append(line.removeprefix("$ "))
        elif goes_on and line.startswith("> "):
            commands[-1] += "\n" + line.removeprefix("> ")
        else:
            goes_on = False
            continue
        goes_on = True
    return commands


def shortened(lines: list[str], limits: Mapping[str, str | None]) -> list[str]:
    """Return the first and last lines with `…` between them, or all if there are no limits or few lines.

    Examples:
        >>> shortened(["a", "b", "c", "d"], {"head": "1", "tail": "1"})
        ['a', '…', 'd']
    """
    head, tail = limits.get("head"), limits.get("tail")
    if head is None or tail is None or len(lines) <= int(head) + int(tail) + 1:
        return lines
    return [*lines[: int(head)], ELLIPSIS, *lines[len(lines) - int(tail) :]]
