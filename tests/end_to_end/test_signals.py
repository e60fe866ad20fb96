"""Signatures and compared pairs stay in the corpus: a later release takes them and computes only what is missing."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stack_pipeline.recipe import Recipe
from stack_pipeline.sample import SampleListing
from tests.end_to_end.pipeline import Built, ingest, release, with_engine


def with_threshold(recipe: Recipe, threshold: float) -> Recipe:
    kept = with_engine(recipe, keep_work=True)
    return replace(kept, near_dedup=replace(kept.near_dedup, threshold=threshold))


def facts(corpus: str, stage: str) -> dict[str, int]:
    """Return the sums of the numbers that the tasks of a stage noted."""
    sums: dict[str, int] = {}
    for file in Path(corpus, "work", stage).glob("*/record.json"):
        for name, value in json.loads(file.read_bytes())["facts"].items():
            sums[name] = sums.get(name, 0) + (value if isinstance(value, int) else 0)
    return sums


@pytest.fixture(scope="module")
def corpus(sample: SampleListing, sample_recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of the sample that no release was made of."""
    path = tmp_path_factory.mktemp("signals") / "corpus"
    ingest(str(path), [str(sample.listing)], sample_recipe)
    return path


def copy(corpus: Path, folder: Path) -> str:
    shutil.copytree(corpus, folder / "corpus")
    return str(folder / "corpus")


def made(corpus: str, folder: Path, recipe: Recipe) -> tuple[Built, dict[str, Any]]:
    """Make a release with an empty work folder; return it and what near-deduplication did."""
    shutil.rmtree(Path(corpus, "work"), ignore_errors=True)
    built = release(corpus, str(folder), recipe)
    stages = ("sign_blobs", "group_pairs", "collect_texts", "cluster_groups")
    return built, {stage: facts(corpus, stage) for stage in stages}


def test_another_threshold_compares_only_the_pairs_that_were_not_compared(
    corpus: Path, sample_recipe: Recipe, tmp_path: Path
) -> None:
    used = copy(corpus, tmp_path)
    _, first = made(used, tmp_path / "first", with_threshold(sample_recipe, 0.7))
    second_built, second = made(used, tmp_path / "second", with_threshold(sample_recipe, 0.5))
    assert first["sign_blobs"]["signed"] > 100
    assert first["sign_blobs"]["reused"] == 0
    assert second["sign_blobs"]["signed"] == 0
    assert second["sign_blobs"]["reused"] == first["sign_blobs"]["signed"]
    compared = first["cluster_groups"]["compared"]
    assert compared > 5
    assert second["group_pairs"]["known"] == compared
    (tmp_path / "fresh").mkdir()
    alone = copy(corpus, tmp_path / "fresh")
    fresh_built, fresh = made(alone, tmp_path / "fresh-release", with_threshold(sample_recipe, 0.5))
    assert second_built.root == fresh_built.root
    assert second["cluster_groups"]["compared"] == fresh["cluster_groups"]["compared"] - compared
    assert second["cluster_groups"]["bytes_read"] < fresh["cluster_groups"]["bytes_read"]


def test_the_same_settings_read_no_text_again(corpus: Path, sample_recipe: Recipe, tmp_path: Path) -> None:
    used = copy(corpus, tmp_path)
    recipe = with_threshold(sample_recipe, 0.7)
    first_built, _ = made(used, tmp_path / "first", recipe)
    again_built, again = made(used, tmp_path / "again", recipe)
    assert again_built.root == first_built.root
    assert again["cluster_groups"]["compared"] == 0
    assert again["cluster_groups"]["bytes_read"] == 0


def test_another_ngram_takes_nothing_of_the_old_signals(
    corpus: Path, sample_recipe: Recipe, tmp_path: Path
) -> None:
    used = copy(corpus, tmp_path)
    recipe = with_threshold(sample_recipe, 0.7)
    made(used, tmp_path / "first", recipe)
    other = replace(recipe, near_dedup=replace(recipe.near_dedup, ngram=4))
    _, again = made(used, tmp_path / "other", other)
    assert again["sign_blobs"]["reused"] == again["group_pairs"]["known"] == 0
