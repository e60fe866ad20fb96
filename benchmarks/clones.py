"""Find clones of listed repositories below a folder and write a listing of them."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

LIST = Path(__file__).with_name("real_repositories.csv")
PATTERNS = (
    "{owner}/{name}",
    "{owner}/{name}.git",
    "{owner}+{name}",
    "{owner}+{name}/repo",
    "{name}",
    "{name}.git",
)


def find_clone(folder: Path, full_name: str) -> Path | None:
    """Return the clone of `owner/name` below a folder, by the usual ways to lay out clones."""
    owner, name = full_name.split("/")
    for pattern in PATTERNS:
        path = folder / pattern.format(owner=owner, name=name)
        if (path / "objects").is_dir() or (path / ".git").exists():
            return path
    return None


def write_listing(folder: Path, target: Path) -> int:
    """Write a listing (JSON lines) of all listed repositories; return their number.

    Raises:
        SystemExit: If clones are missing, with the commands that make them.
    """
    rows, missing = [], []
    with LIST.open(newline="") as stream:
        for row in csv.DictReader(stream):
            clone = find_clone(folder, row["repository"])
            if clone is None:
                missing.append(row["repository"])
            else:
                rows.append(
                    {"path": str(clone.resolve()), "full_name": row["repository"], "commit": row["commit"]}
                )
    if missing:
        commands = "\n".join(f"git clone --bare https://github.com/{n} {folder}/{n}.git" for n in missing)
        sys.exit(f"{len(missing)} repositories are not below {folder}; make them with:\n{commands}")
    target.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return len(rows)
