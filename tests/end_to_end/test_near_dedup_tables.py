"""The stages of a release and the library in memory give the same clusters, for any number of tasks."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dedup import find_near_duplicates
from stack_pipeline.recipe import Recipe
from stack_pipeline.release.near_dedup import group_pairs, propose_pairs
from stack_pipeline.sample import SampleListing
from tests.end_to_end.pipeline import ingest, release, with_engine

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def corpus(sample: SampleListing, sample_recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "corpus"
    ingest(str(path), [str(sample.listing)], sample_recipe)
    return path


def clusters_of(corpus: Path) -> Rows:
    (file,) = corpus.glob("work/choose_representatives/*/clusters.parquet")
    rows: Rows = pq.read_table(file).to_pylist()
    return rows


def in_memory(corpus: Path, *, shuffle: int) -> Rows:
    """Return the clusters of the blobs that came as far, by the library, in some order of rows."""
    blobs = pa.concat_tables(
        pq.read_table(file) for file in sorted(corpus.glob("work/filter_blobs/*/blobs.parquet"))
    ).to_pylist()
    texts = {
        row["content_id"]: row["text"]
        for file in corpus.glob("snapshots/*/contents/*.parquet")
        for row in pq.read_table(file, columns=["content_id", "text"]).to_pylist()
    }
    random.Random(shuffle).shuffle(blobs)
    found = find_near_duplicates(
        [texts[blob["content_id"]] for blob in blobs],
        ids=[blob["content_id"] for blob in blobs],
        rank=[blob["blob_rank"] for blob in blobs],
        threads=1 + shuffle,
    )
    rows = found.select(["id", "representative", "similarity"]).rename_columns(
        ["content_id", "representative", "similarity"]
    )
    ordered: Rows = rows.sort_by("content_id").to_pylist()
    return ordered


@pytest.mark.parametrize(("bands_per_task", "groups"), [(36, 1), (18, 2), (5, 7)])
def test_stages_and_library_agree(
    corpus: Path,
    sample_recipe: Recipe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    bands_per_task: int,
    groups: int,
) -> None:
    monkeypatch.setattr(propose_pairs, "_BANDS_PER_TASK", bands_per_task)
    monkeypatch.setattr(group_pairs, "LEAST_RANGES", groups)
    copy = tmp_path / "corpus"
    shutil.copytree(corpus, copy)
    shutil.rmtree(copy / "work", ignore_errors=True)
    release(str(copy), str(tmp_path / "release"), with_engine(sample_recipe, keep_work=True))
    tasks = [
        len(list(copy.glob(f"work/{stage}/*/record.json"))) for stage in ("propose_pairs", "cluster_groups")
    ]
    clusters = clusters_of(copy)
    assert tasks == [-(-36 // bands_per_task), min(groups, len({row["representative"] for row in clusters}))]
    assert len(clusters) > 10
    for shuffle in (0, 1):
        assert in_memory(copy, shuffle=shuffle) == clusters
