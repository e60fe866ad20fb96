"""Let other scanners search the original and the redacted files, and compare what they find with what was replaced.

A file that redaction leaves as it is gives the same finds before and after, so only changed files are searched again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import stack_native
from benchmarks.pii.judgements import MASK, place_hash
from benchmarks.pii.peer_list import PEERS, Peer
from benchmarks.pii.peer_runs import answer
from benchmarks.pii.redacted_files import STYLES, RedactedFile
from benchmarks.pii.repositories import TextFile
from benchmarks.pii.scoring import Item
from benchmarks.pii.wild_finds import line_around, masked, shape_of

_PROGRAMS = {"gitleaks": "gitleaks_rules", "kingfisher": "kingfisher_rules"}
SCANNERS = tuple(replace(peer, program=_PROGRAMS[peer.name]) for peer in PEERS if peer.name in _PROGRAMS)

ORIGINAL = "original"
TREES = (ORIGINAL, *STYLES)

LEAST_VALUE = 8
"""Shorter values occur in other words by chance; they are compared with whole finds only."""

_SECRETS = ("KEY", "PASSWORD")
_AROUND = 100

Changed = Mapping[tuple[str, str], RedactedFile]
"""Changed files by repository and path."""


@dataclass(frozen=True, order=True, slots=True)
class ScanFind:
    """What a scanner finds in a file, in bytes."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Remaining:
    """A find in a redacted file that touches no replacement, described for judging: never its value.

    Attributes:
        place: Hash of the place.
        scanner: Who found it.
        rule: By which rule.
        repository: Name of the repository.
        path: Path in it.
        line: Number of the line where it begins.
        shape: Length and classes of characters of the value.
        context: Its line with the value as `****`, other finds as `***`, cut.
    """

    place: str
    scanner: str
    rule: str
    repository: str
    path: str
    line: int
    shape: str
    context: str


@dataclass
class ScanCounts:
    """What a scanner finds in a tree.

    Attributes:
        finds: By rule.
        on_replacements: By rule; finds that touch a replaced secret or lie in another replacement (in the original:
            in a value that will be replaced).
        replaced_values: By rule; finds elsewhere that hold a value which was replaced somewhere and looks random, or
            are part of one.
        replaced_words: The same for values that do not look random, such as `password`.
        remaining: All finds that touch no replacement.
    """

    finds: Counter[str] = field(default_factory=Counter)
    on_replacements: Counter[str] = field(default_factory=Counter)
    replaced_values: Counter[str] = field(default_factory=Counter)
    replaced_words: Counter[str] = field(default_factory=Counter)
    remaining: list[Remaining] = field(default_factory=list)

    def add(
        self, scanner: str, file: RedactedFile, finds: Sequence[ScanFind], values: Collection[bytes]
    ) -> None:
        """Count the finds in a redacted file; `values` are all that were replaced in any file."""
        for find in finds:
            self.finds[find.rule] += 1
            if any(_touches(find, each.kind, each.start, each.end) for each in file.replacements):
                self.on_replacements[find.rule] += 1
                continue
            held = values_in(file.clean[find.start : find.end], values)
            if any(map(stack_native.pii_looks_random, held)):
                self.replaced_values[find.rule] += 1
            elif held:
                self.replaced_words[find.rule] += 1
            self.remaining.append(_described(scanner, file, find, finds))

    def add_original(self, file: RedactedFile, finds: Sequence[ScanFind]) -> None:
        """Count the finds in an original."""
        for find in finds:
            self.finds[find.rule] += 1
            if any(
                _touches(find, each.kind, each.original_start, each.original_end)
                for each in file.replacements
            ):
                self.on_replacements[find.rule] += 1


class ScannerFailed(Exception):
    """A scanner did not run; the message says why."""


def scan_trees(
    scanner: Peer,
    groups: Iterable[Sequence[tuple[str, TextFile]]],
    changed: Mapping[str, Changed],
    values: Collection[bytes],
    cache: Path,
) -> dict[str, ScanCounts]:
    """Search the original tree and the redacted ones; return what is found by tree.

    Args:
        scanner: The scanner.
        groups: All files with the names of their repositories, in parts that fit into memory.
        changed: By style, the changed files.
        values: All values that were replaced in any file.
        cache: Where environments are.

    Raises:
        ScannerFailed: If it does not run.
    """
    counts = {tree: ScanCounts() for tree in TREES}
    for group in groups:
        before = scan(scanner, [(file.path, file.content) for _, file in group], cache)
        for style in STYLES:
            edited = [changed[style].get((name, file.path)) for name, file in group]
            again = iter(scan(scanner, [(each.path, each.clean) for each in edited if each], cache))
            for (name, file), each, finds in zip(group, edited, before, strict=True):
                whole = each or RedactedFile(name, file.path, file.content, file.content)
                counts[style].add(scanner.name, whole, next(again) if each else finds, values)
                if style == STYLES[0]:
                    counts[ORIGINAL].add_original(whole, finds)
    return counts


def scan(scanner: Peer, files: Sequence[tuple[str, bytes]], cache: Path) -> list[list[ScanFind]]:
    """Return what a scanner finds in files, given as path and content.

    Raises:
        ScannerFailed: If it does not run.
    """
    if not files:
        return []
    texts = [content.decode("utf-8") for _, content in files]
    items = [
        Item(str(number), "", text, (), suffix=PurePosixPath(path).suffix or ".txt")
        for number, ((path, _), text) in enumerate(zip(files, texts, strict=True))
    ]
    result = answer(scanner, items, cache)
    if "failure" in result:
        raise ScannerFailed(result["failure"])
    return [sorted(_in_bytes(text, result["finds"][str(number)])) for number, text in enumerate(texts)]


def _in_bytes(text: str, places: Iterable[tuple[int, int, str]]) -> Iterator[ScanFind]:
    for start, end, rule in places:
        first = len(text[:start].encode())
        yield ScanFind(rule, first, first + len(text[start:end].encode()))


def _touches(find: ScanFind, kind: str, start: int, end: int) -> bool:
    """Say whether a find touches a replaced secret, or lies in a replaced address; it may hold one as well."""
    if kind in _SECRETS:
        return start < find.end and find.start < end
    return start <= find.start and find.end <= end


def values_in(secret: bytes, values: Collection[bytes]) -> list[bytes]:
    """Return the values that a secret is, holds or is part of; short ones only if it is one of them."""
    if len(secret) < LEAST_VALUE:
        return [secret] if secret in values else []
    return [
        value
        for value in values
        if value == secret or (len(value) >= LEAST_VALUE and (value in secret or secret in value))
    ]


def _described(scanner: str, file: RedactedFile, find: ScanFind, finds: Sequence[ScanFind]) -> Remaining:
    content = file.clean
    first, last = line_around(content, find.start, find.end)
    number = content.count(b"\n", 0, find.start) + 1
    line = content[first : find.start].decode() + MASK + content[find.end : last].decode()
    others = sorted({(each.start, each.end) for each in finds})
    before = masked(content, first, find.start, others).strip("\r")
    after = masked(content, find.end, last, others).strip("\r")
    return Remaining(
        place=place_hash(file.repository, file.path, find.rule, number, line),
        scanner=scanner,
        rule=find.rule,
        repository=file.repository,
        path=file.path,
        line=number,
        shape=shape_of(content[find.start : find.end].decode()),
        context=before[-_AROUND:] + MASK + after[:_AROUND],
    )
