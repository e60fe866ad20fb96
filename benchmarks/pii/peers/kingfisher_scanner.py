"""kingfisher: its rules of medium confidence and better, in process; scanning never asks a service."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.pii.peers.exchange import Place, Text, one_by_one, serve


def load() -> Any:
    by_rule = load_by_rule()
    return one_by_one(lambda text: (place for _, place in by_rule(text)))


def load_by_rule() -> Callable[[Text], Iterator[tuple[str, Place]]]:
    """Load the rules; return a search of a text that gives each find with the name of its rule."""
    sdk: Any = importlib.import_module("kingfisher_sdk")
    scanner = sdk.Scanner(sdk.Rules(confidence="medium", cache=False))

    def find(text: Text) -> Iterator[tuple[str, Place]]:
        data = text.text.encode("utf-8", "surrogatepass")
        for finding in scanner.scan(data):
            if finding.visible:
                place = finding.location
                start, end = _characters(data, place["start_offset"], place["end_offset"])
                yield finding.rule_id, (start, end, "SECRET")

    return find


def _characters(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Return places of bytes as places of characters."""
    before = len(data[:start].decode("utf-8", "replace"))
    return before, before + len(data[start:end].decode("utf-8", "replace"))


if __name__ == "__main__":
    serve(load)
