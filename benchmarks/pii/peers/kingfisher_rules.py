"""kingfisher, as in `kingfisher_scanner`, with the rule of each find as its label."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.pii.peers.exchange import Place, Text, one_by_one, serve
from benchmarks.pii.peers.kingfisher_scanner import load_by_rule


def load() -> Any:
    by_rule = load_by_rule()

    def find(text: Text) -> Iterator[Place]:
        for rule, (start, end, _) in by_rule(text):
            yield start, end, rule

    return one_by_one(find)


if __name__ == "__main__":
    serve(load)
