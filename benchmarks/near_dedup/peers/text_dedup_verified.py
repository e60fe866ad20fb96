"""text-dedup with its check of false positives."""

from __future__ import annotations

from benchmarks.near_dedup.peers.text_dedup_minhash import run

if __name__ == "__main__":
    run(check_false_positive=True)
