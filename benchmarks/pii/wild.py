"""Run the finder over whole real repositories, count what it finds per MB, and judge it by the committed judgements.

    python -m benchmarks.pii.wild --repositories FOLDER_OF_CLONES [--write FILE]
    python -m benchmarks.pii.wild --repositories FOLDER_OF_CLONES --sample 100 --to FILE [--kinds KEY,PASSWORD]
    python -m benchmarks.pii.wild --add FILE

Reads HEAD of every repository below the folder, bare or not. `--sample` writes that many finds that nobody judged yet, drawn
by the hash of their place, as CSV: masked lines and the value's shape, never the value. A person fills in `verdict` (true,
false, unsure) and `reason`; `--add` takes these into judgements.csv.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pii
from benchmarks.measuring import machine_text, refuse_debug_build
from benchmarks.pii.judgements import Judgement, add_judgements, read_judgements, write_for_judging
from benchmarks.pii.repositories import Repository, Unreadable, find_repositories, read_head
from benchmarks.pii.wild_finds import WildFind, find_in_files
from benchmarks.pii.wild_page import page_text


@dataclass
class Wild:
    """What was found in all repositories under one policy."""

    repositories: int = 0
    size_bytes: int = 0
    finds: list[WildFind] = field(default_factory=list)


def main() -> None:
    parser = _parser()
    arguments = parser.parse_args()
    refuse_debug_build()
    if arguments.add is not None:
        print(f"{add_judgements(arguments.add)} judgements added")
        return
    if arguments.repositories is None:
        parser.error("--repositories or --add is needed")
    if (arguments.sample is None) != (arguments.to is None):
        parser.error("--sample and --to go together")
    repositories = [
        repository
        for repository in find_repositories(arguments.repositories)
        if repository.name not in arguments.without
    ]
    if not repositories:
        sys.exit(f"no repository is below {arguments.repositories}")
    judged = read_judgements()
    found = {policy: run(repositories, policy) for policy in pii.POLICIES}
    if arguments.sample is not None:
        sample = draw(found["detect"].finds, judged, arguments.sample, arguments.kinds)
        write_for_judging(WildFind, sample, arguments.to)
        print(f"{len(sample)} finds written", file=sys.stderr)
        return
    tables = {policy: (wild.size_bytes, wild.finds) for policy, wild in found.items()}
    count = found["detect"].repositories
    page = page_text(tables, judged, repositories=count, without=arguments.without, machine=machine_text())
    print(page)
    if arguments.write is not None:
        arguments.write.write_text(page, encoding="utf-8")


def run(repositories: Sequence[Repository], policy: str) -> Wild:
    """Find in all repositories; one that Git can't read is told and left out."""
    result = Wild()
    for repository in repositories:
        print(f"{policy}: {repository.name}", file=sys.stderr)
        try:
            for size, finds in find_in_files(repository.name, read_head(repository), policy):
                result.size_bytes += size
                result.finds += finds
            result.repositories += 1
        except Unreadable as reason:
            print(f"left out: {reason}", file=sys.stderr)
    return result


def draw(
    finds: Sequence[WildFind], judged: Mapping[str, Judgement], count: int, kinds: Sequence[str] = ()
) -> list[WildFind]:
    """Return the first finds that are not judged, each place once, in the order of their hashes: a uniform sample."""
    by_place = {find.place: find for find in finds if not kinds or find.kind in kinds}
    return [by_place[place] for place in sorted(by_place.keys() - judged.keys())[:count]]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pii.wild",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--repositories", type=Path, help="a folder of clones in any layout")
    parser.add_argument("--without", type=_names, default=[], help="names of repositories to leave out")
    parser.add_argument("--sample", type=int, help="write this many finds for judging")
    parser.add_argument("--to", type=Path, help="where to write them")
    parser.add_argument(
        "--kinds", type=lambda text: text.split(","), default=[], help="sample these kinds only"
    )
    parser.add_argument("--add", type=Path, help="take the judged rows of a sample into the table")
    parser.add_argument("--write", type=Path, help="write the page to this file")
    return parser


def _names(text: str) -> list[str]:
    return text.split(",")


if __name__ == "__main__":
    main()
