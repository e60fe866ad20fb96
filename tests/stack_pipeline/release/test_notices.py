"""Licence texts are redacted like everything else that is published, unless the recipe leaves notices as they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stack_pipeline.keys import KeyRing
from stack_pipeline.recipe import Recipe
from stack_pipeline.release.check_release import is_scanned
from stack_pipeline.release.publishing import Publisher

NOTICE = "Copyright (c) 2020 Bob <bob@corp.io>"


def recipe(*, enabled: bool = True, notices: bool = True) -> Recipe:
    default = Recipe()
    return replace(default, redact=replace(default.redact, enabled=enabled, notices=notices))


@pytest.mark.parametrize(
    ("settings", "is_redacted"),
    [({}, True), ({"notices": False}, False), ({"enabled": False}, False)],
)
def test_a_notice_is_redacted_and_scanned_as_the_recipe_has_it(
    settings: dict[str, bool], is_redacted: bool
) -> None:
    chosen = recipe(**settings)
    publisher = Publisher(chosen, KeyRing(b"k" * 32))
    assert ("bob@corp.io" not in publisher.notice(NOTICE)) is is_redacted
    assert is_scanned("licenses", chosen) is is_redacted


def test_other_tables_are_scanned_whatever_becomes_of_notices() -> None:
    assert is_scanned("data", recipe(notices=False))
    assert not is_scanned("data", recipe(enabled=False))
    assert not is_scanned("clusters", recipe())
