"""The small release that the tests of this folder share; those that damage it copy it first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.stack_pipeline.inspection.small_release import SmallRelease, build_small_release


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallRelease:
    return build_small_release(tmp_path_factory.mktemp("inspected"))


@pytest.fixture
def copied(small: SmallRelease, tmp_path: Path) -> SmallRelease:
    """A copy that a test may damage."""
    shutil.copytree(small.folder, tmp_path / "release")
    shutil.copytree(small.corpus_folder, tmp_path / "corpus")
    return SmallRelease(tmp_path / "release", tmp_path / "corpus")
