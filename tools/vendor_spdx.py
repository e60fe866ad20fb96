"""Rebuild the vendored licence data of `stack_pipeline/licenses/data/`.

Three public sources become two gzip'd JSON files, byte for byte the same on every run:

- `spdx_texts.json.gz`: SPDX id -> full text, from the npm package `spdx-license-list` (CC0-1.0).
- `permissive.json.gz`: SPDX id -> Blue Oak rating and ScanCode category, the union of the Blue Oak Council
  list (npm `@blueoak/list`, CC0-1.0) and ScanCode's categories "Permissive" and "Public Domain" (CC-BY-4.0,
  inside the `license-expression` wheel).

Run it with npm on the path, or hand over packed archives with `--spdx` and `--blueoak`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SPDX_PACKAGE = "spdx-license-list@6.12.0"
BLUEOAK_PACKAGE = "@blueoak/list@15.0.0"
PERMISSIVE_CATEGORIES = ("Permissive", "Public Domain")
DATA = Path(__file__).parent.parent / "stack_pipeline" / "licenses" / "data"


def pack(package: str, *, folder: Path) -> Path:
    """Download one npm package into `folder` and return the path of its archive."""
    done = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    )
    return folder / done.stdout.strip().splitlines()[-1]


def read_member(archive: Path, *, name: str) -> Any:
    """Return the JSON value of the member `package/<name>` of an npm archive."""
    with tarfile.open(archive, "r:gz") as tar:
        member = tar.extractfile(f"package/{name}")
        if member is None:
            raise ValueError(f"{archive.name}: no file {name}")
        return json.load(member)


def spdx_texts(full: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return id -> text in id order, without the deprecated `…+` ids, whose texts are those of other ids."""
    return {key: full[key]["licenseText"] for key in sorted(full) if not key.endswith("+")}


def permissive(blueoak: list[Mapping[str, Any]]) -> dict[str, dict[str, str | None]]:
    """Return the union of the Blue Oak list and ScanCode's permissive categories, in id order."""
    from license_expression import get_license_index

    ratings = {entry["id"]: group["name"] for group in blueoak for entry in group["licenses"]}
    categories: dict[str, str] = {}
    for entry in get_license_index():
        for key in (entry.get("spdx_license_key"), *(entry.get("other_spdx_license_keys") or ())):
            if key:
                categories.setdefault(key, entry["category"])
    ids = {key for key, category in categories.items() if category in PERMISSIVE_CATEGORIES} | set(ratings)
    return {key: {"blueoak": ratings.get(key), "scancode": categories.get(key)} for key in sorted(ids)}


def write(value: object, *, name: str) -> None:
    """Write `value` as gzip'd JSON without a time stamp, so that equal data are equal bytes."""
    data = json.dumps(value, ensure_ascii=False, indent=0, sort_keys=True).encode()
    target = DATA / name
    target.write_bytes(gzip.compress(data, compresslevel=9, mtime=0))
    print(f"{target.name}: {len(data):,} bytes, {target.stat().st_size:,} compressed")


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--spdx", type=Path, help=f"archive of {SPDX_PACKAGE}")
    parser.add_argument("--blueoak", type=Path, help=f"archive of {BLUEOAK_PACKAGE}")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        spdx = options.spdx or pack(SPDX_PACKAGE, folder=Path(folder))
        blueoak = options.blueoak or pack(BLUEOAK_PACKAGE, folder=Path(folder))
        DATA.mkdir(parents=True, exist_ok=True)
        write(spdx_texts(read_member(spdx, name="spdx-full.json")), name="spdx_texts.json.gz")
        write(permissive(read_member(blueoak, name="index.json")), name="permissive.json.gz")


if __name__ == "__main__":
    main()
