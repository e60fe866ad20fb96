"""Judge a verdict that stands in an origins table under a profile chosen later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .verdict import LicenseVerdict, license_type


def stored_license_type(origin: Mapping[str, Any], *, profile: str) -> str | None:
    """Return the licence type of an origin's stored verdict, None for an origin that was not read.

    Args:
        origin: A row of an origins table.
        profile: Name of a licence profile.
    """
    if origin["license_status"] is None:
        return None
    verdict = LicenseVerdict(
        expression=origin["license_expression"],
        status=origin["license_status"],
        source=origin["license_source"],
        path=origin["license_path"],
        detected=tuple(origin["detected_licenses"] or ()),
        text_ids=tuple(origin["license_text_ids"] or ()),
    )
    return license_type(verdict, profile=profile)
