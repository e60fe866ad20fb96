"""Measure near-deduplication beside its peers and against exact truth; print one page of tables.

    python -m benchmarks.near_dedup [--size small|large] [--peers all|none|NAME,NAME] [--write docs/measured/near_dedup.md]

The corpus is built at run time from the source distributions in packages.csv. Corpus, truth, the peers' environments and every
result are kept in the cache folder, so a run that was stopped goes on; --fresh measures everything again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.choosing import peers_option
from benchmarks.keeping import Results
from benchmarks.measuring import machine_text, refuse_debug_build
from benchmarks.near_dedup.corpus import SIZES, build_corpus
from benchmarks.near_dedup.our_runs import OurRuns
from benchmarks.near_dedup.page import page_text
from benchmarks.near_dedup.peer_list import LSH, PEERS
from benchmarks.near_dedup.peer_runs import find_script, run_peers
from benchmarks.near_dedup.report import Report
from benchmarks.near_dedup.truth import exact_truth


def main() -> None:
    arguments = _parser().parse_args()
    refuse_debug_build()
    page = page_text(measure(arguments), command=_command(), machine=machine_text())
    print(page)
    if arguments.write is not None:
        arguments.write.write_text(page, encoding="utf-8")


def measure(arguments: argparse.Namespace) -> Report:
    """Run everything that the arguments ask for."""
    cache: Path = arguments.cache
    cache.mkdir(parents=True, exist_ok=True)
    results = Results(cache / "results", fresh=arguments.fresh, runs=arguments.runs)
    script = find_script(arguments.bigcode_script, arguments.repositories, cache)
    corpus = build_corpus(arguments.size, cache, repositories=arguments.repositories)
    truths = {threshold: exact_truth(corpus, threshold) for threshold in LSH}
    ours = OurRuns(corpus, cache, results)
    return Report(
        corpus=corpus,
        truths=truths,
        signatures=ours.signatures(),
        ours={threshold: ours.end_to_end(truth) for threshold, truth in truths.items()},
        peers=run_peers(arguments.peers, corpus, truths[next(iter(LSH))], cache, results, script=script),
        threads=ours.threads(),
        clustering=ours.clustering(),
        options=ours.options(),
        short=ours.short_documents() if arguments.ten_million else [],
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.near_dedup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--size", choices=SIZES, default="small", help="at least 100 MB or 1 GB of content")
    parser.add_argument(
        "--peers", type=peers_option(PEERS), default="all", help="all, none, or names with commas"
    )
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "near_dedup_cache")
    parser.add_argument("--repositories", type=Path, help="a folder of clones to add, those that are there")
    parser.add_argument("--bigcode-script", type=Path, help="the published minhash_deduplication.py")
    parser.add_argument("--ten-million", action="store_true", help="also stream generated short documents")
    parser.add_argument("--runs", type=int, default=1, help="runs of each measurement; the median counts")
    parser.add_argument("--fresh", action="store_true", help="measure again what the cache holds")
    parser.add_argument("--write", type=Path, help="write the page to this file")
    return parser


def _command() -> str:
    """Return the command without what is local: folders and files."""
    words = iter(sys.argv[1:])
    kept = []
    for word in words:
        name, equals, _ = word.partition("=")
        if name in ("--cache", "--repositories", "--bigcode-script", "--write"):
            if name in ("--repositories", "--bigcode-script"):
                kept.append(f"{name} …")
            if not equals:
                next(words, None)
        else:
            kept.append(word)
    return " ".join(["python -m benchmarks.near_dedup", *kept])


if __name__ == "__main__":
    main()
