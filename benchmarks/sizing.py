"""Choose whole clones until a size is reached."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def clones_up_to(folder: Path, size_bytes: int, listing: Path) -> tuple[Path, int]:
    """Write a listing of clones whose blobs come nearest to a size from below; return it and the bytes.

    Clones are taken smallest first, so that the set is as varied as it can be and always the same.
    """
    sizes = sorted((_blob_bytes(clone), clone) for clone in _clones(folder))
    chosen: list[Path] = []
    total = 0
    for size, clone in sizes:
        if total + size <= size_bytes:
            chosen.append(clone)
            total += size
    if total < size_bytes * 0.75:
        sys.exit(f"the clones below {folder} give only {total / 1e6:.0f} of {size_bytes / 1e6:.0f} MB")
    rows = [{"path": str(clone.resolve()), "full_name": _name(folder, clone)} for clone in sorted(chosen)]
    listing.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return listing, total


def _name(folder: Path, clone: Path) -> str:
    """Return a name for a clone that no other clone of the folder has."""
    return "clone/" + "-".join(clone.relative_to(folder).parts).replace("+", "-")


def _clones(folder: Path) -> list[Path]:
    found = {path.parent for path in folder.glob("*/objects")} | {
        path.parent for path in folder.glob("*/*/objects")
    }
    return sorted(found)


def _blob_bytes(clone: Path) -> int:
    """Return the bytes of all blobs at HEAD that are read at all."""
    command = ["git", "--git-dir", str(clone), "ls-tree", "-r", "-l", "HEAD"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    sizes = [line.split("\t")[0].split()[-1] for line in lines]
    return sum(int(size) for size in sizes if size.isdigit() and int(size) <= 10 << 20)
