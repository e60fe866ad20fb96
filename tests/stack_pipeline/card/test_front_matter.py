"""Tests that dataset hubs read the block at the top of the card as it was meant, for every language."""

from __future__ import annotations

import re
from typing import Any

import pytest
from huggingface_hub import DatasetCard

from stack_pipeline.card import TABLE_MEANINGS, read_facts
from stack_pipeline.card.front_matter import DEFAULT_CONFIG, front_matter, size_category
from stack_pipeline.files import UNKNOWN_SLUG, language_names, language_slug

from .made_release import file_ref, release_manifest

SLUGS = sorted({UNKNOWN_SLUG, *map(language_slug, language_names())})


def block_over(slugs: list[str], *, rows: int = 1) -> dict[str, Any]:
    """Return the parsed block of a release with one file per language."""
    files = [file_ref(f"data/{slug}/train-00000-of-00001.parquet", rows=rows) for slug in slugs]
    card: Any = DatasetCard(front_matter(read_facts(release_manifest(files))))
    return dict(card.data.to_dict())


def test_every_slug_is_the_name_of_its_configuration() -> None:
    configs = {config["config_name"]: config["data_files"] for config in block_over(SLUGS, rows=1)["configs"]}
    assert configs == {
        DEFAULT_CONFIG: [{"split": "train", "path": "data/*/*.parquet"}],
        **{slug: [{"split": "train", "path": f"data/{slug}/*.parquet"}] for slug in SLUGS},
    }


def test_no_slug_takes_the_name_of_a_table_or_of_the_default() -> None:
    assert not {DEFAULT_CONFIG, *TABLE_MEANINGS} & set(SLUGS)


def test_no_slug_is_refused_as_a_configuration_or_means_more_than_itself_in_a_glob() -> None:
    assert not [slug for slug in SLUGS if re.search(r'[<>:/\\|?*\[\]{}"!^]', slug)]


def test_the_block_says_what_hubs_ask_for() -> None:
    block = block_over(["python"], rows=1000)
    assert {key: block[key] for key in ("license", "task_categories", "size_categories", "language")} == {
        "license": "other",
        "task_categories": ["text-generation"],
        "size_categories": ["1K<n<10K"],
        "language": ["code"],
    }
    assert re.fullmatch(r"Source code release [0-9a-f]{12}", block["pretty_name"])


@pytest.mark.parametrize(
    ("rows", "category"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1000, "1K<n<10K"),
        (99_999, "10K<n<100K"),
        (10**6, "1M<n<10M"),
        (10**9 - 1, "100M<n<1B"),
        (10**9, "1B<n<10B"),
        (10**12 - 1, "100B<n<1T"),
        (10**12, "n>1T"),
        (10**15, "n>1T"),
    ],
)
def test_sizes_fall_into_the_categories_of_the_hub(rows: int, category: str) -> None:
    assert size_category(rows) == category
