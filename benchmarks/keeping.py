"""Keep what was measured in the cache, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Results:
    """Results of measurements by name, as JSON files.

    Attributes:
        folder: Where they are.
        fresh: Measure everything again.
        runs: How often; the run with the median CPU time counts.
    """

    folder: Path
    fresh: bool = False
    runs: int = 1

    def get(self, name: str, settings: object, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return the result of a measurement with these settings, measured if it is not there."""
        digest = hashlib.sha256(repr(settings).encode()).hexdigest()[:10]
        path = self.folder / f"{name}-{digest}.json"
        if path.exists() and not self.fresh:
            kept: dict[str, Any] = json.loads(path.read_text())
            return kept
        print(f"measuring {name}", file=sys.stderr)
        tried = [measure()]
        while "failure" not in tried[-1] and len(tried) < self.runs:
            tried.append(measure())
        result = tried[-1]
        if "failure" not in result:
            result = sorted(tried, key=lambda run: float(run["cpu_seconds"]))[(len(tried) - 1) // 2]
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(result, indent=1))
        return result
