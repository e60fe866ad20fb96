"""The manifest of a release: canonical, complete, and named by its own hash.

`manifest.json` names every published table file with rows, SHA-256 and logical digest; its SHA-256 is the root of the release
(`sha256sum manifest.json`). It holds no names and no local paths. `run.json`, the card and `croissant.json` are not under the root.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from stack_pipeline.canonical import canonical_json
from stack_pipeline.errors import UsageError
from stack_pipeline.jobs import FileRef
from stack_pipeline.storage import Storage
from stack_pipeline.tables.schema import LAYOUT

MANIFEST_NAME = "manifest.json"


def manifest_bytes(
    *,
    recipe: dict[str, Any],
    input_digest: str,
    key_id: str,
    key_is_public: bool,
    versions: dict[str, str],
    stages: Sequence[dict[str, Any]],
    files: Sequence[FileRef],
    merkle_roots: dict[str, str],
    notes: dict[str, Any],
) -> bytes:
    """Return the canonical bytes of a manifest.

    Args:
        recipe: Canonical recipe, the opt-out rules as a keyed digest.
        input_digest: Logical digest of the view.
        key_id: Id of the corpus key.
        key_is_public: Whether that key is printed in the repository.
        versions: Name and version of everything that shapes output.
        stages: The account of each stage, in order.
        files: Published files.
        merkle_roots: Roots over blobs and over origins.
        notes: Counts that belong to no stage, such as forks that could not be checked.
    """
    tables = [
        {"kind": ref.kind, "name": ref.name, "rows": ref.rows, "size_bytes": ref.size_bytes}
        | {"sha256": ref.sha256, "logical": ref.logical}
        for ref in sorted(files, key=lambda ref: ref.name)
    ]
    return canonical_json(
        {
            "format": "stack-pipeline release",
            "layout": list(LAYOUT),
            "recipe": recipe,
            "input_digest": input_digest,
            "key": {"id": key_id, "public": key_is_public},
            "versions": versions,
            "stages": list(stages),
            "files": tables,
            "merkle_roots": merkle_roots,
            "notes": notes,
        }
    )


def manifest_root(data: bytes) -> str:
    """Return the root that a manifest's bytes name."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(release: Storage) -> tuple[dict[str, Any], str]:
    """Read the manifest of a release and its root.

    Raises:
        UsageError: If there is no release here, it is unfinished, damaged or of another layout.
    """
    from stack_pipeline.corpus.layout import check_layout

    try:
        data = release.read_bytes(MANIFEST_NAME)
    except (FileNotFoundError, NotADirectoryError):
        hint = "an unfinished build has no manifest; run the same build again" if release.exists() else None
        raise UsageError(f"{release.url}: no release here", hint=hint) from None
    try:
        manifest = json.loads(data)
        if manifest["format"] != "stack-pipeline release":
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{release.url}: {MANIFEST_NAME} is not a release manifest") from None
    check_layout(manifest.get("layout"), what="the release")
    return manifest, manifest_root(data)
