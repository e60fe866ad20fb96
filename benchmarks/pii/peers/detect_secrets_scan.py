"""detect-secrets: all its plugins and default filters, nothing verified, a file per text.

It reports a value and a line, no place; the find is every occurrence of the value in that line.
"""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.pii.peers.exchange import Place, Text, line_starts, occurrences, one_by_one, serve

_VERIFYING = "detect_secrets.filters.common.is_ignored_due_to_verification_policies"


def load() -> Any:
    scan: Any = importlib.import_module("detect_secrets.core.scan")
    settings: Any = importlib.import_module("detect_secrets.settings")
    context = settings.default_settings()
    context.__enter__().disable_filters(_VERIFYING)
    folder = tempfile.TemporaryDirectory()
    # Kept by the closure, so that neither ends before the search.
    search = one_by_one(lambda text: find(text, scan.scan_file, Path(folder.name)))
    return lambda texts, _context=context: search(texts)


def find(text: Text, scan_file: Any, folder: Path) -> Iterator[Place]:
    """Yield every occurrence of each secret in the line that it is reported for."""
    path = folder / f"text{text.suffix}"
    path.write_text(text.text, encoding="utf-8", errors="surrogatepass", newline="")
    starts = [*line_starts(text.text), len(text.text) + 1]
    seen = set()
    for secret in scan_file(str(path)):
        value, number = secret.secret_value, secret.line_number
        if not value or (value, number) in seen or number >= len(starts):
            continue
        seen.add((value, number))
        yield from occurrences(text.text, value, starts[number - 1], starts[number] - 1)


if __name__ == "__main__":
    serve(load)
