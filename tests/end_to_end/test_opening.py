"""The release opens with the programs that people use, without any of ours."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import mlcroissant
import pandas
import polars
import pyarrow.parquet as pq
import pytest

from tests.end_to_end.pipeline import Built


def published_rows(built: Built) -> int:
    manifest = json.loads(Path(built.release, "manifest.json").read_bytes())
    return sum(file["rows"] for file in manifest["files"] if file["kind"] == "data")


def folders(built: Built) -> list[str]:
    return sorted(path.name for path in Path(built.release, "data").iterdir())


def test_datasets_loads_every_language_as_a_configuration(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    from datasets import get_dataset_config_names, load_dataset

    assert set(folders(built)) < set(get_dataset_config_names(built.release))
    rows = 0
    for language in folders(built):
        loaded = load_dataset(built.release, language, split="train", cache_dir=str(tmp_path))
        assert len(set(loaded["content_id"])) == loaded.num_rows > 0
        rows += loaded.num_rows
    assert rows == published_rows(built)


def test_duckdb_polars_and_pandas_read_the_same_rows(built: Built) -> None:
    pattern = f"{built.release}/data/*/*.parquet"
    query = f"select count(*), count(distinct content_id) from read_parquet('{pattern}')"
    counted = duckdb.connect().execute(query).fetchall()
    rows = published_rows(built)
    assert counted == [(rows, rows)]
    assert polars.read_parquet(pattern).height == rows
    python = pandas.read_parquet(f"{built.release}/data/python")
    assert set(python["language"]) == {"Python"}
    assert len(python) == pq.read_table(f"{built.release}/data/python").num_rows


def test_croissant_describes_every_row(built: Built) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(Path(built.release, "croissant.json")))
    assert list(dataset.metadata.issues.errors) == []
    records = list(dataset.records("default"))
    assert len(records) == published_rows(built)
