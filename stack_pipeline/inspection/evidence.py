"""Show the evidence that a row carries as plain values."""

from __future__ import annotations

from typing import Any

from stack_pipeline.sources.paths import display_path

Row = dict[str, Any]


def license_evidence(origin: Row) -> dict[str, Any]:
    """Return the licence verdict of an origin with what it rests on."""
    path = origin["license_path"]
    return {
        "expression": origin["license_expression"],
        "status": origin["license_status"],
        "source": origin["license_source"],
        "path": display_path(path)[0] if isinstance(path, bytes) else path,
        "detected": origin["detected_licenses"] or [],
        "texts": origin["license_text_ids"] or [],
    }
