"""gitleaks: its default rules over a folder with a file per text; it has no verification.

The program's path stands in the environment variable below. It reports lines and columns of the match and the secret's
text; the find is every occurrence of the secret in those lines, as for detect-secrets.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.pii.peers.exchange import Place, Text, line_starts, occurrences, serve

PROGRAM_VARIABLE = "GITLEAKS_PROGRAM"
_OPTIONS = (
    "--no-banner",
    "--log-level",
    "error",
    "--exit-code",
    "0",
    "--report-format",
    "json",
    "--redact=0",
)


def load() -> Any:
    return search


def search(texts: list[Text]) -> list[list[Place]]:
    """Search all texts in one run of the program."""
    return [sorted({place for _, place in found}) for found in search_by_rule(texts)]


def search_by_rule(texts: list[Text]) -> list[list[tuple[str, Place]]]:
    """Search all texts in one run of the program; return each find with the name of its rule."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "texts").mkdir()
        for number, text in enumerate(texts):
            path = folder / "texts" / f"{number}{text.suffix}"
            path.write_bytes(text.text.encode("utf-8", "surrogatepass"))
        report = folder / "report.json"
        command = [os.environ[PROGRAM_VARIABLE], "dir", *_OPTIONS, "--report-path", str(report), "texts"]
        subprocess.run(command, check=True, cwd=folder)
        findings: list[dict[str, Any]] = json.loads(report.read_text() or "[]") or []
    found: list[list[tuple[str, Place]]] = [[] for _ in texts]
    for finding in findings:
        number = int(Path(finding["File"]).name.split(".")[0])
        content = texts[number].text
        places = locate(content, [*line_starts(content), len(content) + 1], finding)
        found[number] += [(finding["RuleID"], place) for place in places]
    return found


def locate(text: str, starts: list[int], finding: dict[str, Any]) -> list[Place]:
    """Return every occurrence of a finding's secret in its lines, else the next one behind their start.

    None if it is not there as it is, such as a decoded secret. The last line that is reported may be too low.
    """
    secret = finding["Secret"]
    if not secret:
        return []
    first = min(max(finding["StartLine"], 1), len(starts) - 1)
    last = min(max(finding["EndLine"], first), len(starts) - 1)
    found = list(occurrences(text, secret, starts[first - 1], starts[last] - 1))
    return found or list(occurrences(text, secret, starts[first - 1], len(text)))[:1]


if __name__ == "__main__":
    serve(load)
