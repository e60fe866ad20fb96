"""Licence verdicts: which licence a file stands under, on what evidence, and whether a profile accepts it.

licenses = RepositoryLicenses.build(evidence, spdx_id="MIT", matcher=LicenseMatcher())
verdict = licenses.verdict(b"src/main.c", text)
license_type(verdict, profile="stack-v2")
"""

from __future__ import annotations

from .evidence import is_evidence, is_license_file, is_manifest
from .expressions import conjunction, disjunction, license_ids, parse
from .headers import header_license, leading_comment, spdx_statement
from .matcher import LicenseMatch, LicenseMatcher
from .profiles import PROFILES, WIDEST_PROFILE, is_permissive, is_within
from .stored import stored_license_type
from .verdict import LicenseText, LicenseVerdict, RepositoryLicenses, license_type

LICENSE_RULES_VERSION = 1
"""Rises whenever a verdict could differ: rules, patterns, thresholds or vendored data."""

__all__ = [
    "LICENSE_RULES_VERSION",
    "PROFILES",
    "WIDEST_PROFILE",
    "LicenseMatch",
    "LicenseMatcher",
    "LicenseText",
    "LicenseVerdict",
    "RepositoryLicenses",
    "conjunction",
    "disjunction",
    "header_license",
    "is_evidence",
    "is_license_file",
    "is_manifest",
    "is_permissive",
    "is_within",
    "leading_comment",
    "license_ids",
    "license_type",
    "parse",
    "spdx_statement",
    "stored_license_type",
]
