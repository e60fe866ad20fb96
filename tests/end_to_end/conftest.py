"""One build of the bundled sample that the end-to-end tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from stack_pipeline.recipe import Recipe, read_recipe
from stack_pipeline.sample import SampleListing, write_sample
from tests.end_to_end.pipeline import Built, build, with_engine


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleListing:
    return write_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def sample_recipe(sample: SampleListing) -> Recipe:
    return with_engine(read_recipe(sample.recipe), keep_work=True)


@pytest.fixture(scope="session")
def built(sample: SampleListing, sample_recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder: Path = tmp_path_factory.mktemp("built")
    return build(folder, [str(sample.listing)], sample_recipe)
