"""Measure how well personal data and secrets are found, beside the peers; print one page of tables.

    python -m benchmarks.pii.quality [--sets FOLDER] [--peers all|none|NAME,NAME] [--write docs/measured/pii_quality.md]
    python -m benchmarks.pii.quality --check | --raise-floors

The sets are our own cases and, from a folder, those public development sets that are there. What peers found is kept
in the cache folder. `--check` ends with 1 if a class of our own cases is below its floor in floors.csv; `--raise-floors`
writes the levels of today there, none lower than it was.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pii
from benchmarks.choosing import peers_option
from benchmarks.keeping import Results
from benchmarks.measuring import machine_text, refuse_debug_build
from benchmarks.pii.floors import Class, Level, fallen, levels, raised, read_floors, write_floors
from benchmarks.pii.peer_list import PEERS, Peer
from benchmarks.pii.peer_runs import PeerRun, find_in_set
from benchmarks.pii.quality_page import OURS, SetResult, page_text
from benchmarks.pii.scoring import POLICIES, Found, Item, Tally, score
from benchmarks.pii.sets import EvaluationSet, own_sets, read_sets

CACHE = Path(tempfile.gettempdir()) / "pii_benchmark_cache"


def main() -> int:
    arguments = _parser().parse_args()
    refuse_debug_build()
    if arguments.check or arguments.raise_floors:
        return keep_floors(raise_them=arguments.raise_floors)
    try:
        sets = read_sets(arguments.sets)
    except FileNotFoundError as error:
        sys.exit(f"--sets: {error}")
    arguments.cache.mkdir(parents=True, exist_ok=True)
    results = Results(arguments.cache / "results", fresh=arguments.fresh)
    measured = [measure(texts, arguments.peers, arguments.cache, results) for texts in sets]
    page = page_text(measured, arguments.peers, command=_command(arguments), machine=machine_text())
    print(page)
    if arguments.write is not None:
        arguments.write.write_text(page, encoding="utf-8")
    return 0


def measure(texts: EvaluationSet, peers: Sequence[Peer], cache: Path, results: Results) -> SetResult:
    """Score our finder and the peers on a set."""
    finds = {policy: our_finds(texts, policy) for policy in POLICIES}
    runs: dict[str, PeerRun] = {}
    for peer in peers:
        if any(kind in peer.kinds for kind in _scored_kinds(texts)):
            runs[peer.name] = find_in_set(peer, texts, cache, results)
    scores = {(OURS, policy): score(texts.items, finds[policy], policy=policy) for policy in POLICIES}
    for name, run in runs.items():
        if not run.failure:
            scores |= {(name, policy): score(texts.items, run.finds, policy=policy) for policy in POLICIES}
    failures = {name: run.failure for name, run in runs.items() if run.failure}
    return SetResult(texts, scores, failures, levels(texts, finds["detect"]))


def our_finds(texts: EvaluationSet, policy: str) -> dict[str, list[Found]]:
    """Return what our finder reports in each text of a set, of the kinds that are labelled there."""
    return {item.id: _find(item, policy) for item in texts.items}


def _find(item: Item, policy: str) -> list[Found]:
    spans = pii.find(item.text, kinds=item.kinds, policy=policy)
    return [Found(span.start, span.end, span.kind, span.detector) for span in spans]


def keep_floors(*, raise_them: bool) -> int:
    """Check our own cases against the floors, or raise these; return the exit code."""
    measured: dict[Class, Level] = {}
    for texts in own_sets():
        finds = our_finds(texts, "detect")
        measured |= levels(texts, finds)
        for (kind, rule), tally in sorted(score(texts.items, finds).items()):
            if rule == "strict":
                print(f"{texts.name}, {kind.lower().replace('_', ' ')}: {_shares(tally)}")
    floors = read_floors()
    if raise_them:
        write_floors(raised(measured, floors))
        print(f"{len(measured)} floors written")
        return 0
    below = fallen(measured, floors)
    print("\n".join(below) if below else f"{len(measured)} classes are at or above their floors")
    return 1 if below else 0


def _shares(tally: Tally) -> str:
    found, wanted = tally.right + tally.wrong.total(), tally.right + tally.missed
    return (
        f"precision {tally.right / max(1, found):.3f}, recall {tally.right / max(1, wanted):.3f} of {wanted}"
    )


def _scored_kinds(texts: EvaluationSet) -> set[str]:
    return {"SECRET" if kind in ("KEY", "PASSWORD") else kind for kind in texts.kinds}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pii.quality",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sets", type=Path, help="a folder of public development sets")
    parser.add_argument(
        "--peers", type=peers_option(PEERS), default=PEERS, help="all, none, or names with commas"
    )
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--fresh", action="store_true", help="run the peers again")
    parser.add_argument("--write", type=Path, help="write the page to this file")
    parser.add_argument("--check", action="store_true", help="only compare our own cases with the floors")
    parser.add_argument("--raise-floors", action="store_true", help="only raise the floors to today's levels")
    return parser


def _command(arguments: argparse.Namespace) -> str:
    """Return the command without what is local."""
    words = ["python -m benchmarks.pii.quality"]
    words += ["--sets …"] if arguments.sets is not None else []
    if arguments.peers != PEERS:
        words.append(f"--peers {','.join(peer.name for peer in arguments.peers) or 'none'}")
    return " ".join(words)


if __name__ == "__main__":
    sys.exit(main())
