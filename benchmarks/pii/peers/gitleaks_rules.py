"""gitleaks, as in `gitleaks_dir`, with the rule of each find as its label."""

from __future__ import annotations

from typing import Any

from benchmarks.pii.peers.exchange import Place, Text, serve
from benchmarks.pii.peers.gitleaks_dir import search_by_rule


def load() -> Any:
    return search


def search(texts: list[Text]) -> list[list[Place]]:
    """Search all texts in one run of the program."""
    return [
        sorted({(start, end, rule) for rule, (start, end, _) in found}) for found in search_by_rule(texts)
    ]


if __name__ == "__main__":
    serve(load)
