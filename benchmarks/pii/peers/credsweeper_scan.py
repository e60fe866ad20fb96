"""CredSweeper: all its rules, filters and its model, over a folder with a file per text; it asks no service.

Its team made the labels of CredData, so on that set its result is an upper bound, no fair comparison.
"""

from __future__ import annotations

import importlib
import logging
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.pii.peers.exchange import Place, Text, serve

_LINE_END = re.compile(r"\r\n|\r|\n")


def load() -> Any:
    logging.disable(logging.CRITICAL)
    app: Any = importlib.import_module("credsweeper.app")
    files: Any = importlib.import_module("credsweeper.file_handler.files_provider")

    def search(texts: list[Text]) -> list[list[Place]]:
        scanner = app.CredSweeper(ml_threads_limit=1)
        found: list[set[Place]] = [set() for _ in texts]
        with tempfile.TemporaryDirectory() as name:
            for number, text in enumerate(texts):
                path = Path(name) / f"{number}{text.suffix}"
                path.write_bytes(text.text.encode("utf-8", "surrogatepass"))
            scanner.run(content_provider=files.FilesProvider([name]))
        for candidate in scanner.credential_manager.get_credentials():
            number = int(Path(candidate.line_data_list[0].path).name.split(".")[0])
            found[number].update(_places(texts[number].text, candidate))
        return [sorted(places) for places in found]

    return search


def _places(text: str, candidate: Any) -> Iterator[Place]:
    """Yield the value of each line of a candidate; a private key over several lines is one place."""
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    places = []
    for line in candidate.line_data_list:
        if line.value and 0 < line.line_num <= len(starts) and line.value_start >= 0:
            start = starts[line.line_num - 1] + line.value_start
            places.append((start, start + len(line.value)))
    if places and candidate.rule_name.startswith("PEM"):
        places = [(min(places)[0], max(end for _, end in places))]
    yield from ((start, end, "SECRET") for start, end in places)


if __name__ == "__main__":
    serve(load)
