"""Measure how fast personal data and secrets are found and redacted, beside the peers; print one page of tables.

    python -m benchmarks.pii.speed [--corpus PARQUET_OR_FOLDER] [--peers all|none|NAME,NAME] [--write docs/measured/pii_speed.md]

By default the corpus is the small one of `benchmarks.near_dedup`. Each tool is a process of its own on one core; a slow peer reads
only the first part of the same bytes, and so do we for the comparison with it. What peers took is kept in the cache folder.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.choosing import peers_option
from benchmarks.keeping import Results
from benchmarks.measuring import CommandFailed, machine_text, refuse_debug_build
from benchmarks.one_core import measure_pinned
from benchmarks.pii.peer_list import ADDRESSES, PEERS, SECRETS, Peer
from benchmarks.pii.peer_runs import answer, program_digest
from benchmarks.pii.quality import CACHE
from benchmarks.pii.scoring import Item
from benchmarks.pii.speed_corpus import corpus_file, read_texts, size_bytes
from benchmarks.pii.speed_page import page_text

_MB = 1_000_000
_CALL_FOR = {
    ADDRESSES: "find_in_array, e-mail and IP",
    SECRETS: "find_in_array, secrets",
    (*ADDRESSES, *SECRETS): "find_in_array, all kinds",
}

Row = dict[str, Any]


def main() -> None:
    arguments = _parser().parse_args()
    refuse_debug_build()
    cache: Path = arguments.cache
    cache.mkdir(parents=True, exist_ok=True)
    corpus = corpus_file(arguments.corpus, cache).resolve()
    results = Results(cache / "results", fresh=arguments.fresh)
    try:
        ours = {
            what: _ours(what, corpus, 0, arguments.runs, cache) for what in ("arrays", "texts", "hostile")
        }
        peers = [_peer_row(peer, corpus, arguments.runs, cache, results) for peer in arguments.peers]
    except CommandFailed as failure:
        sys.exit(f"a measured program failed with {failure}")
    page = page_text(
        ours, peers, command=_command(arguments), given=arguments.corpus is not None, machine=machine_text()
    )
    print(page)
    if arguments.write is not None:
        arguments.write.write_text(page, encoding="utf-8")


def _ours(what: str, corpus: Path, most_bytes: int, runs: int, cache: Path) -> Row:
    module = "benchmarks.pii.speed_call"
    command = [sys.executable, "-m", module, what, str(corpus), str(most_bytes), str(runs)]
    print(
        f"measuring ours: {what}, {most_bytes / _MB:g} MB" if most_bytes else f"measuring ours: {what}",
        file=sys.stderr,
    )
    run = measure_pinned(command, log=cache / "messages" / f"pii-speed-{what}.txt")
    row: Row = json.loads(run.stdout)
    return row


def _peer_row(peer: Peer, corpus: Path, runs: int, cache: Path, results: Results) -> Row:
    """Return the rates of a peer and of ours on the same part of the corpus, for the same kinds."""
    most_bytes = int(peer.speed_mb * _MB)
    settings = (peer, corpus.name, corpus.stat().st_size, most_bytes, program_digest(peer))

    def measure() -> Row:
        texts = read_texts(corpus, most_bytes)
        items = _items(texts)
        row = answer(peer, items, cache, core=max(os.sched_getaffinity(0)))
        finds = sum(map(len, row.pop("finds", {}).values()))
        return {**row, "bytes": size_bytes(texts), "found": finds}

    row = {"name": peer.name, "version": peer.version_text, "kinds": peer.kinds}
    row |= results.get(f"pii-speed-{peer.name}", settings, measure)
    if "failure" not in row:
        same = _ours("arrays", corpus, most_bytes, runs, cache)
        row["ours_seconds"] = same["calls"][_CALL_FOR[peer.kinds]]["cpu_seconds"]
    return row


def _items(texts: Any) -> Sequence[Item]:
    return [Item(str(row), "", text.as_py(), ()) for row, text in enumerate(texts)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pii.speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--corpus", type=Path, help="a Parquet file with a column content, or a folder of files"
    )
    parser.add_argument(
        "--peers", type=peers_option(PEERS), default=PEERS, help="all, none, or names with commas"
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each call of ours; the median counts")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--fresh", action="store_true", help="run the peers again")
    parser.add_argument("--write", type=Path, help="write the page to this file")
    return parser


def _command(arguments: argparse.Namespace) -> str:
    """Return the command without what is local."""
    words = ["python -m benchmarks.pii.speed"]
    words += ["--corpus …"] if arguments.corpus is not None else []
    if arguments.peers != PEERS:
        words.append(f"--peers {','.join(peer.name for peer in arguments.peers) or 'none'}")
    words += [f"--runs {arguments.runs}"] if arguments.runs != 3 else []
    return " ".join(words)


if __name__ == "__main__":
    main()
