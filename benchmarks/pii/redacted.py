"""Redact whole real repositories, and show that nothing leaks and nothing breaks; print one page of tables.

    python -m benchmarks.pii.redacted --repositories FOLDER_OF_CLONES [--scanners all|none|NAME,NAME] [--write FILE]

Redacts every text file of HEAD of every repository below the folder in both styles with the public key. Checks what redaction
promises, parses the changed files before and after, looks for replaced values that still stand somewhere, and lets other
scanners search the result. `--finds FILE` writes what they find there as CSV for judging: masked lines, never a value; a
person fills in `verdict` and `reason`, and `--add FILE` takes these into redacted_judgements.csv.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from benchmarks.choosing import peers_option
from benchmarks.measuring import machine_text, refuse_debug_build
from benchmarks.pii.judgements import add_judgements, read_judgements, write_for_judging
from benchmarks.pii.parse_check import ParseCounts, check_parsing
from benchmarks.pii.peer_list import Peer
from benchmarks.pii.quality import CACHE
from benchmarks.pii.redacted_files import STYLES, RedactedFile, Redactions, redact_files
from benchmarks.pii.redacted_page import page_text
from benchmarks.pii.redacted_scans import SCANNERS, Remaining, ScanCounts, ScannerFailed, scan_trees
from benchmarks.pii.repositories import (
    Repository,
    TextFile,
    Unreadable,
    find_repositories,
    in_parts,
    read_head,
)
from benchmarks.pii.survivors import Survival

JUDGEMENTS = Path(__file__).with_name("redacted_judgements.csv")

_GROUP_BYTES = 64_000_000


@dataclass
class Measured:
    """What was measured on all repositories.

    Attributes:
        repositories: How many were read.
        redactions: Counts of files and replacements, and failed checks.
        parsed: By style and language, files that parse.
        survival: By style, values that still stand somewhere.
        scans: By scanner and tree, what is found; or why the scanner did not run.
    """

    repositories: int = 0
    redactions: Redactions = field(default_factory=Redactions)
    parsed: dict[str, dict[str, ParseCounts]] = field(default_factory=dict)
    survival: dict[str, Survival] = field(default_factory=lambda: {style: Survival() for style in STYLES})
    scans: dict[str, dict[str, ScanCounts] | str] = field(default_factory=dict)


def main() -> None:
    parser = _parser()
    arguments = parser.parse_args()
    refuse_debug_build()
    if arguments.add is not None:
        print(f"{add_judgements(arguments.add, JUDGEMENTS)} judgements added")
        return
    if arguments.repositories is None:
        parser.error("--repositories or --add is needed")
    repositories = find_repositories(arguments.repositories)
    if not repositories:
        sys.exit(f"no repository is below {arguments.repositories}")
    arguments.cache.mkdir(parents=True, exist_ok=True)
    measured = measure(repositories, arguments.scanners, arguments.cache)
    if arguments.finds is not None:
        write_finds(measured, arguments.finds)
    page = page_text(
        **{each.name: getattr(measured, each.name) for each in fields(Measured)},
        scanners=arguments.scanners,
        judged=read_judgements(JUDGEMENTS),
        machine=machine_text(),
    )
    print(page)
    if arguments.write is not None:
        arguments.write.write_text(page, encoding="utf-8")


def measure(repositories: Sequence[Repository], scanners: Sequence[Peer], cache: Path) -> Measured:
    """Redact and check all repositories; one that Git can't read is told and left out."""
    result = Measured()
    readable: list[Repository] = []
    listing: dict[str, list[tuple[str, bool]]] = {style: [] for style in STYLES}
    changed: dict[str, dict[tuple[str, str], RedactedFile]] = {style: {} for style in STYLES}
    for repository in repositories:
        print(f"redacting {repository.name}", file=sys.stderr)
        try:
            texts = list(read_head(repository))
        except Unreadable as reason:
            print(f"left out: {reason}", file=sys.stderr)
            continue
        readable.append(repository)
        for style in STYLES:
            files = list(redact_files(repository.name, texts, style))
            for file in files:
                result.redactions.add(style, file)
                listing[style].append((file.path, file.is_changed))
                if file.is_changed:
                    changed[style][file.repository, file.path] = file
            result.survival[style].add(repository.name, files)
    result.repositories = len(readable)
    for style in STYLES:
        print(f"parsing, {style}", file=sys.stderr)
        result.parsed[style] = check_parsing(listing[style], list(changed[style].values()))
    values = {file.value(each) for file in changed[STYLES[0]].values() for each in file.replacements}
    for scanner in scanners:
        print(f"scanning with {scanner.name}", file=sys.stderr)
        try:
            result.scans[scanner.name] = scan_trees(scanner, _groups(readable), changed, values, cache)
        except ScannerFailed as reason:
            result.scans[scanner.name] = str(reason)
    return result


def _groups(repositories: Iterable[Repository]) -> Iterator[list[tuple[str, TextFile]]]:
    """Yield all files of all repositories in parts of some size."""
    files = ((repository.name, file) for repository in repositories for file in read_head(repository))
    return in_parts(files, most_bytes=_GROUP_BYTES, size_of=lambda named: len(named[1].content))


def write_finds(measured: Measured, path: Path) -> None:
    """Write what scanners find in the synthetic tree for judging, each place once."""
    found = {
        find.place: find
        for scans in measured.scans.values()
        if not isinstance(scans, str)
        for find in scans[STYLES[0]].remaining
    }
    write_for_judging(Remaining, found.values(), path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pii.redacted",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--repositories", type=Path, help="a folder of clones in any layout")
    parser.add_argument(
        "--scanners", type=peers_option(SCANNERS), default=SCANNERS, help="all, none, or names with commas"
    )
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--finds", type=Path, help="write what scanners find to this file, for judging")
    parser.add_argument("--add", type=Path, help="take the judged rows of such a file into the table")
    parser.add_argument("--write", type=Path, help="write the page to this file")
    return parser


if __name__ == "__main__":
    main()
