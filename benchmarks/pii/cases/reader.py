"""Read cases of marked source text: what must be found, what does not matter, and nothing else.

A file holds one class of cases. Its head is made of comment lines, which begin with `#`; one of them may be
`# kinds: …` and then names the kinds that are labelled in this file. A line that is exactly `---` ends the head
and stands between two cases. Inside a case every line is text, also one that begins with `#`. A place is marked as
`⟦KIND|value⟧`. The character `¦` breaks the shape of an invented credential, so that scanners do not take the file
for a leak; it is dropped. All positions are those of the text without marks and `¦`. What bears no mark must not
be reported; `IGNORE` means that a report is neither right nor wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HANDWRITTEN = Path(__file__).parent / "handwritten"

IGNORE = "IGNORE"

#: What a file labels unless its head says otherwise; NAME and USERNAME are found on request only.
DEFAULT_KINDS: tuple[str, ...] = ("EMAIL", "IP_ADDRESS", "KEY", "PASSWORD")
ALL_KINDS: tuple[str, ...] = (*DEFAULT_KINDS, "NAME", "USERNAME")

OPEN, BAR, CLOSE, BREAK = "⟦", "|", "⟧", "¦"
SEPARATOR = "---"
_KINDS_LINE = "# kinds:"


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """A marked place, as a half-open range of characters.

    Attributes:
        start: First character.
        end: Position after the last.
        kind: One of `ALL_KINDS`, or `IGNORE`.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Case:
    """A piece of source text with all that must be found in it.

    Attributes:
        id: `<file stem>/<n>` for a case written by hand, counted from 1.
        group: The class of the case.
        text: The text as it would stand in a file, without a final line break.
        spans: The marked places in order; they do not overlap.
        kinds: The kinds that are labelled here; a report of another kind says nothing about the detector.
    """

    id: str
    group: str
    text: str
    spans: tuple[MarkedSpan, ...]
    kinds: tuple[str, ...] = DEFAULT_KINDS


def read_handwritten(folder: Path = HANDWRITTEN) -> list[Case]:
    """Read every `*.txt` of a folder, in the order of the names."""
    return [case for path in sorted(folder.glob("*.txt")) for case in read_file(path)]


def read_file(path: Path) -> list[Case]:
    """Read the cases of one file.

    Raises:
        ValueError: If the file breaks the format; the message names file and line.
    """
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    if SEPARATOR not in lines:
        raise ValueError(f"{path.name}: no line {SEPARATOR!r} ends the head")
    end_of_head = lines.index(SEPARATOR)
    kinds = _kinds(lines[:end_of_head], path.name)
    return [
        _case(f"{path.stem}/{number}", path.stem, "\n".join(block), kinds, f"{path.name}:{line}")
        for number, (line, block) in enumerate(_blocks(lines, end_of_head), start=1)
    ]


def parse(marked: str, kinds: tuple[str, ...] = DEFAULT_KINDS) -> tuple[str, tuple[MarkedSpan, ...]]:
    """Split marked text into the plain text and its spans.

    Args:
        marked: Text with marks and `¦`.
        kinds: The kinds that a mark may name, beside `IGNORE`.

    Raises:
        ValueError: If a mark is not closed, not open, nested, empty, or names another kind.

    Examples:
        >>> parse("host ⟦IP_ADDRESS|10.0.0.7⟧:80")
        ('host 10.0.0.7:80', (MarkedSpan(start=5, end=13, kind='IP_ADDRESS'),))
    """
    first, *rest = marked.replace(BREAK, "").split(OPEN)
    if CLOSE in first:
        raise ValueError(f"{CLOSE!r} without {OPEN!r} after {first.split(CLOSE)[0][-40:]!r}")
    text, spans = first, []
    for piece in rest:
        kind, value, after = _mark(piece, kinds)
        spans.append(MarkedSpan(len(text), len(text) + len(value), kind))
        text += value + after
    return text, tuple(spans)


def _mark(piece: str, kinds: tuple[str, ...]) -> tuple[str, str, str]:
    inside, closed, after = piece.partition(CLOSE)
    if not closed or CLOSE in after:
        raise ValueError(f"unbalanced marks near {piece[:40]!r}")
    kind, bar, value = inside.partition(BAR)
    if not bar:
        raise ValueError(f"no {BAR!r} in the mark {inside[:40]!r}")
    if kind not in (*kinds, IGNORE):
        raise ValueError(f"unknown kind {kind!r}; allowed are {', '.join((*kinds, IGNORE))}")
    if not value:
        raise ValueError(f"empty value in a mark of kind {kind!r}")
    return kind, value, after


def _kinds(head: list[str], name: str) -> tuple[str, ...]:
    kinds = DEFAULT_KINDS
    for number, line in enumerate(head, start=1):
        if line and not line.startswith("#"):
            raise ValueError(f"{name}:{number}: only comment lines may stand before the first {SEPARATOR!r}")
        if line.startswith(_KINDS_LINE):
            kinds = tuple(line.removeprefix(_KINDS_LINE).split())
            if unknown := set(kinds) - set(ALL_KINDS):
                raise ValueError(f"{name}:{number}: unknown kinds {sorted(unknown)}")
    return kinds


def _blocks(lines: list[str], end_of_head: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each case's first line number, counted from 1, and its lines."""
    block: list[str] = []
    for number, line in enumerate([*lines[end_of_head + 1 :], SEPARATOR], start=end_of_head + 2):
        if line == SEPARATOR:
            yield number - len(block), block
            block = []
        else:
            block.append(line)


def _case(name: str, group: str, marked: str, kinds: tuple[str, ...], place: str) -> Case:
    if not marked.strip():
        raise ValueError(f"{place}: an empty case")
    try:
        text, spans = parse(marked, kinds)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None
    return Case(name, group, text, spans, kinds)
