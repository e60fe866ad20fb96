"""The same input, recipe and key give the same root, however the work is done."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from stack_pipeline.licenses.vendored import license_texts
from stack_pipeline.recipe import Recipe
from stack_pipeline.sample import SampleListing
from tests.end_to_end.made_repositories import commit
from tests.end_to_end.pipeline import Built, build, ingest, release, with_engine

SINGLE_TASK_STAGES = {
    *(
        "decide_opt_outs",
        "commit_snapshot",
        "take_view",
        "order_blobs",
        "group_pairs",
        "choose_representatives",
        "publish",
    ),
}
"""Stages that look at everything at once; the others are parallel."""


def records(corpus: str) -> dict[str, list[dict[str, object]]]:
    """Return the task records of a kept work folder, by stage."""
    found: dict[str, list[dict[str, object]]] = {}
    for file in Path(corpus, "work").glob("*/*/record.json"):
        record = json.loads(file.read_bytes())
        found.setdefault(record["stage"], []).append(record)
    return found


def test_two_worker_processes_share_every_parallel_stage_and_give_the_same_root(
    built: Built, sample: SampleListing, sample_recipe: Recipe, tmp_path: Path
) -> None:
    recipe = with_engine(sample_recipe, task_bytes=64 << 10)
    parallel = build(tmp_path, [str(sample.listing)], recipe, workers=2)
    assert parallel.root == built.root
    by_stage = records(parallel.corpus)
    assert len(by_stage) == 23
    shared = {
        stage: {r["pid"] for r in done} for stage, done in by_stage.items() if stage not in SINGLE_TASK_STAGES
    }
    few = {stage: len(by_stage[stage]) for stage in shared if len(by_stage[stage]) < 4}
    assert few.keys() <= {"describe_sources"}
    assert {stage: pids for stage, pids in shared.items() if len(pids) < 2} == {}
    assert all(os.getpid() not in pids for pids in shared.values())


def test_a_second_release_of_kept_work_is_finished_and_has_the_same_root(
    built: Built, sample_recipe: Recipe, tmp_path: Path
) -> None:
    again = release(built.corpus, str(tmp_path / "again"), sample_recipe)
    assert again.root == built.root
    assert sorted(path.name for path in Path(again.release).iterdir()) == sorted(
        path.name for path in Path(built.release).iterdir()
    )


def test_repeated_bundles_give_the_same_root(
    built: Built, sample: SampleListing, sample_recipe: Recipe, tmp_path: Path
) -> None:
    options = ["--direct_runner_bundle_repeat=1"]
    assert build(tmp_path, [str(sample.listing)], sample_recipe, options=options).root == built.root


def split_listing(sample: SampleListing, name: str, rows: list[dict[str, object]]) -> str:
    """Write a listing of some rows beside the sample's repositories."""
    file = sample.folder / name
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(file)


def test_shuffled_sources_and_three_ingests_give_the_same_root(
    built: Built, sample: SampleListing, sample_recipe: Recipe, tmp_path: Path
) -> None:
    rows = [json.loads(line) for line in sample.listing.read_text().splitlines()]
    random.Random(7).shuffle(rows)
    corpus = str(tmp_path / "corpus")
    first, second = rows[:9], rows[9:]
    ingest(corpus, [split_listing(sample, "first.jsonl", first)], sample_recipe)
    ingest(corpus, [split_listing(sample, "second.jsonl", second)], sample_recipe)
    ingest(corpus, [split_listing(sample, "again.jsonl", rows)], sample_recipe)
    assert release(corpus, str(tmp_path / "release"), sample_recipe).root == built.root


def test_an_opt_out_at_release_gives_the_root_of_an_opt_out_at_ingest(
    built: Built, sample: SampleListing, sample_recipe: Recipe, tmp_path: Path
) -> None:
    without_rules = replace(sample_recipe, optout=replace(sample_recipe.optout, rules=""))
    ingest(str(tmp_path / "corpus"), [str(sample.listing)], without_rules)
    assert release(str(tmp_path / "corpus"), str(tmp_path / "release"), sample_recipe).root == built.root


@pytest.mark.parametrize("change", ["task_bytes", "memory_bytes", "threads"])
def test_engine_settings_do_not_shape_the_release(
    built: Built, sample: SampleListing, sample_recipe: Recipe, tmp_path: Path, change: str
) -> None:
    value = {"task_bytes": 4096, "memory_bytes": 1 << 20, "threads": 2}[change]
    recipe = with_engine(sample_recipe, **{change: value})
    assert build(tmp_path, [str(sample.listing)], recipe).root == built.root


def test_a_corpus_and_a_release_in_memory_have_the_same_root(
    built: Built, sample: SampleListing, sample_recipe: Recipe
) -> None:
    ingest("memory://determinism/corpus", [str(sample.listing)], sample_recipe)
    made = release("memory://determinism/corpus", "memory://determinism/release", sample_recipe)
    assert made.root == built.root


def test_a_repository_added_and_one_moved_to_a_newer_commit_give_the_root_of_one_ingest(
    tmp_path: Path,
) -> None:
    recipe = with_engine(Recipe(), keep_work=True)
    sources = tmp_path / "sources"
    text = license_texts()["MIT"]
    corpus = str(tmp_path / "corpus")
    commit(sources / "moving", {"LICENSE": text, "old.py": "def old(a, b, c):\n    return a + b + c\n"})
    ingest(corpus, [str(sources)], recipe)
    commit(sources / "moving", {"old.py": "def newer(a, b, c):\n    return a * b * c\n"})
    ingest(corpus, [str(sources)], recipe)
    commit(sources / "added", {"LICENSE": text, "one.go": "package one\n\nfunc One() int { return 1 }\n"})
    ingest(corpus, [str(sources)], recipe)
    stepwise = release(corpus, str(tmp_path / "stepwise"), recipe)
    at_once = build(tmp_path / "once", [str(sources)], recipe)
    assert stepwise.root == at_once.root
    assert len(list(Path(corpus, "snapshots").iterdir())) == 3
    published = [path.parent.name for path in Path(at_once.release, "data").rglob("*.parquet")]
    assert sorted(published) == ["go", "python", "text"]


def test_another_key_gives_other_published_ids(
    built: Built, sample: SampleListing, sample_recipe: Recipe, tmp_path: Path
) -> None:
    other = build(tmp_path, [str(sample.listing)], sample_recipe, key=b"\x07" * 32)
    assert other.root != built.root
    assert keyed_ids(other).isdisjoint(keyed_ids(built))
    assert plain_ids(other) == plain_ids(built)


def keyed_ids(made: Built) -> set[str]:
    return _ids(made, "keyed")


def plain_ids(made: Built) -> set[str]:
    return _ids(made, "git")


def _ids(made: Built, kind: str) -> set[str]:
    rows = [
        row
        for file in Path(made.release, "data").rglob("*.parquet")
        for row in pq.read_table(file).to_pylist()
    ]
    return {row["content_id"] for row in rows if row["content_id_kind"] == kind}
