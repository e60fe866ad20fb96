"""Profiles: what each accepts, and how they nest."""

from __future__ import annotations

import pytest

from stack_pipeline.licenses.profiles import (
    PROFILES,
    WIDEST_PROFILE,
    is_permissive,
    is_within,
    permissive_licenses,
)


@pytest.mark.parametrize(
    ("expression", "accepted"),
    [
        ("MIT", {"stack-v2", "blueoak-bronze"}),
        ("Apache-2.0", {"stack-v2", "blueoak-bronze"}),
        ("Apache-2.0 WITH LLVM-exception", {"stack-v2", "blueoak-bronze"}),
        ("CC0-1.0", {"stack-v2", "blueoak-bronze", "attribution-free"}),
        ("0BSD", {"stack-v2", "blueoak-bronze", "attribution-free"}),
        ("Unlicense OR MIT", {"stack-v2", "blueoak-bronze", "attribution-free"}),
        ("Unlicense AND MIT", {"stack-v2", "blueoak-bronze"}),
        ("Vim", {"stack-v2"}),
        ("CC-BY-4.0", {"stack-v2"}),
        ("JSON", {"stack-v2"}),
        ("MIT OR GPL-3.0-only", {"stack-v2", "blueoak-bronze"}),
        ("MIT AND GPL-3.0-only", set()),
        ("GPL-2.0-only", set()),
        ("LGPL-2.1-or-later", set()),
        ("MPL-2.0", set()),
        ("EPL-2.0", set()),
        ("SSPL-1.0", set()),
        ("BUSL-1.1", set()),
        ("Elastic-2.0", set()),
        ("CC-BY-NC-4.0", set()),
        ("CC-BY-ND-4.0", set()),
        ("CC-BY-SA-4.0", set()),
        ("GPL-2.0-only WITH Classpath-exception-2.0", set()),
        ("LicenseRef-Proprietary", set()),
        ("LicenseRef-Proprietary OR MIT", {"stack-v2", "blueoak-bronze"}),
        ("nonsense", set()),
        ("", set()),
    ],
)
def test_an_expression_is_accepted_by_these_profiles(expression: str, accepted: set[str]) -> None:
    assert {profile for profile in PROFILES if is_permissive(expression, profile=profile)} == accepted


def test_every_profile_lies_within_the_widest_and_within_itself() -> None:
    for profile in PROFILES:
        assert is_within(profile, WIDEST_PROFILE)
        assert is_within(profile, profile)
    assert not is_within(WIDEST_PROFILE, "attribution-free")
    assert not is_within("blueoak-bronze", "attribution-free")
    assert is_within("attribution-free", "stack-v2")


def test_no_profile_accepts_a_copyleft_or_source_available_license() -> None:
    for license_id in permissive_licenses(WIDEST_PROFILE):
        stem = license_id.split("-")[0]
        assert stem not in {"GPL", "LGPL", "AGPL", "MPL", "EPL", "SSPL", "BUSL", "Elastic", "PolyForm"}
        assert not any(part in license_id.split("-") for part in ("NC", "ND", "SA"))


def test_an_unknown_profile_is_refused_with_the_names_of_the_known() -> None:
    with pytest.raises(ValueError, match="stack-v2, blueoak-bronze, attribution-free"):
        is_permissive("MIT", profile="lenient")
