"""Read and write the `.secrets.baseline` of detect-secrets: a list of finds that are known.

An entry is a file, a type and the SHA-1 of the value. The type is not compared, because detect-secrets calls things otherwise. An
entry that somebody judged to be a real secret (`"is_secret": true`) allows nothing: it is reported until it is gone.

Source: detect-secrets 1.5, `core/baseline.py` and `core/potential_secret.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stack_pipeline.errors import UsageError
from stack_pipeline.scanning.finding import Finding
from stack_pipeline.scanning.replacing import write_whole

VERSION = "1.5.0"

#: How detect-secrets calls our kinds; keys and passwords as `pii.detect_secrets_plugin` does.
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "EMAIL": "E-mail address (stack-pipeline)",
        "IP_ADDRESS": "IP address (stack-pipeline)",
        "KEY": "Key (stack-pipeline)",
        "NAME": "Name (stack-pipeline)",
        "PASSWORD": "Password (stack-pipeline)",
        "USERNAME": "User name (stack-pipeline)",
    }
)

Entry = dict[str, Any]


class Baseline:
    """The entries of a baseline.

    Args:
        path: Its file; it need not be there for one that is to be written.

    Raises:
        UsageError: If it cannot be read, or is no baseline.
    """

    def __init__(self, path: Path, *, must_exist: bool = True) -> None:
        self.path = path
        self._value: dict[str, Any] = {
            "version": VERSION,
            "plugins_used": [],
            "filters_used": [],
            "results": {},
        }
        if must_exist or path.exists():
            self._value = _read(path)
        self._entries: dict[str, list[Entry]] = {}
        for name, entries in self._value["results"].items():
            self._entries.setdefault(baseline_name(name), []).extend(entries)
        self._allowed = {
            (name, entry["hashed_secret"])
            for name, entries in self._entries.items()
            for entry in entries
            if entry.get("is_secret") is not True
        } - {
            (name, entry["hashed_secret"])
            for name, entries in self._entries.items()
            for entry in entries
            if entry.get("is_secret") is True
        }

    def lists(self, finding: Finding) -> bool:
        """Whether a find is known and allowed."""
        return (baseline_name(finding.place.path), finding.hashed) in self._allowed

    def write(self, found: Found, *, was_scanned: Callable[[str], bool], kinds: tuple[str, ...]) -> int:
        """Write the file anew, and return the number of entries.

        Judgements (`is_secret`, `is_verified`) of the same file and value are kept, and so are entries of other programs,
        of other kinds, and of files that were not scanned.

        Args:
            found: What was found.
            was_scanned: Whether a file, by its name in the baseline, was scanned.
            kinds: What was looked for.
        """
        ours = {TYPES[kind] for kind in kinds}
        results = {
            name: [entry for entry in entries if entry["type"] not in ours or not was_scanned(name)]
            for name, entries in self._entries.items()
        }
        for (name, kind, hashed), line in found.items():
            entry = {"type": kind, "filename": name, "hashed_secret": hashed, "is_verified": False}
            for old in self._entries.get(name, []):
                if old["hashed_secret"] == hashed:
                    entry |= {key: old[key] for key in ("is_secret", "is_verified") if key in old}
            results.setdefault(name, []).append({**entry, "line_number": line})
        value = {key: each for key, each in self._value.items() if key != "generated_at"}
        value["results"] = {
            name: sorted(results[name], key=_order) for name in sorted(results) if results[name]
        }
        text = json.dumps(value, indent=2) + "\n"
        write_whole(self.path, lambda stream: stream.write(text.encode()), replace=True)
        return sum(map(len, value["results"].values()))


class Found(dict[tuple[str, str, str], int]):
    """What a scan found, for a baseline: file, type and hash, and the first line."""

    def add(self, finding: Finding) -> None:
        """Add a find."""
        key = (baseline_name(finding.place.path), TYPES[finding.kind], finding.hashed)
        self.setdefault(key, finding.start.line)


def _order(entry: Entry) -> tuple[int, str, str]:
    return entry.get("line_number") or 0, entry["hashed_secret"], entry["type"]


def baseline_name(path: str) -> str:
    """Return a path as baselines have it: from the working folder, where it lies below it."""
    given = Path(path)
    here = Path.cwd()
    return (given.relative_to(here) if given.is_relative_to(here) else given).as_posix()


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"{path}: cannot read the baseline: {error.strerror}", hint="make one with: --write-baseline FILE"
        ) from None
    except (ValueError, RecursionError):
        raise _no_baseline(path) from None
    results = value.get("results") if isinstance(value, dict) else None
    if not isinstance(results, dict) or not all(map(_is_entries, results.values())):
        raise _no_baseline(path)
    return dict(value)


def _is_entries(entries: Any) -> bool:
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("hashed_secret"), str)
        and isinstance(entry.get("type"), str)
        and isinstance(entry.get("line_number", 0), int | None)
        for entry in entries
    )


def _no_baseline(path: Path) -> UsageError:
    return UsageError(f"{path}: no baseline of detect-secrets", hint="make one with: --write-baseline FILE")
