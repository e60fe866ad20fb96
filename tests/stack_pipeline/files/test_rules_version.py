"""Tests of the version of the file rules."""

from __future__ import annotations

import re

from stack_pipeline.files import FILE_RULES_VERSION, rules_version
from stack_pipeline.files.linguist_data import linguist_commit


def test_the_version_names_all_that_shapes_an_answer() -> None:
    assert re.fullmatch(r"files-\d+\+linguist-[0-9a-f]{12}\+faust-cchardet-[0-9.]+", rules_version())
    assert f"files-{FILE_RULES_VERSION}+" in rules_version()
    assert linguist_commit()[:12] in rules_version()
