"""Take the pages of the documentation apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")


def shown(page: Path) -> str:
    """Return the path of a page as a test id."""
    return str(page.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return [body for kind, body in FENCE.findall(page.read_text(encoding="utf-8")) if kind == language]


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.M):
        kept = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(kept.strip().replace(" ", "-"))
    return found


def command_lines(page: Path) -> Iterator[str]:
    """Yield every `stack-pipeline …` line of a page's shell and console blocks, and of code in its prose."""
    for language in ("sh", "console"):
        for body in blocks(page, language):
            for line in body.splitlines():
                command = line.removeprefix("$ ")
                if command.startswith("stack-pipeline "):
                    yield command
    text = re.sub(r"^#.*$", "", prose(page), flags=re.M)
    yield from re.findall(r"`(stack-pipeline [a-z]+ [^`]+)`", text)
