"""Tests that the field's tools open a release, and that the code which the card shows runs as it stands."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pytest

from stack_pipeline.tables.schema import DATA

from .made_release import LANGUAGES, LICENSE_TEXT, MadeRelease, make_release

OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeRelease:
    return make_release(tmp_path_factory.mktemp("made") / "RELEASE")


@pytest.fixture
def datasets(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The library, told to stay offline also where it was imported before."""
    for name, value in OFFLINE.items():
        monkeypatch.setenv(name, value)
    module = importlib.import_module("datasets")
    monkeypatch.setattr(module.config, "HF_HUB_OFFLINE", True)
    return module


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(row["content_id"] for row in rows)


@pytest.mark.parametrize("slug", sorted(LANGUAGES))
def test_datasets_loads_a_language_by_its_folder(
    made: MadeRelease, datasets: Any, slug: str, tmp_path: Path
) -> None:
    loaded = datasets.load_dataset(str(made.folder), slug, cache_dir=str(tmp_path))
    assert list(loaded) == ["train"]
    assert loaded["train"].column_names == DATA.names
    rows = sorted(loaded["train"].to_list(), key=lambda row: str(row["content_id"]))
    assert rows == made.rows[slug]


def test_datasets_loads_all_languages_without_a_name(
    made: MadeRelease, datasets: Any, tmp_path: Path
) -> None:
    loaded = datasets.load_dataset(str(made.folder), split="train", cache_dir=str(tmp_path))
    assert ids(loaded.to_list()) == ids([row for rows in made.rows.values() for row in rows])


def test_datasets_streams_a_language(made: MadeRelease, datasets: Any, tmp_path: Path) -> None:
    loaded = datasets.load_dataset(
        str(made.folder), "c++", split="train", streaming=True, cache_dir=str(tmp_path)
    )
    assert [row["content"] for row in loaded] == [row["content"] for row in made.rows["c++"]]


def test_datasets_knows_the_configurations(made: MadeRelease, datasets: Any) -> None:
    assert sorted(datasets.get_dataset_config_names(str(made.folder))) == sorted(["default", *LANGUAGES])


@pytest.mark.parametrize("slug", sorted(LANGUAGES))
def test_duckdb_polars_and_pandas_read_a_folder(made: MadeRelease, slug: str) -> None:
    folder = made.folder / "data" / slug
    query = f"SELECT content_id, content FROM read_parquet('{folder}/*.parquet') ORDER BY content_id"
    read = {
        "duckdb": duckdb.connect().execute(query).fetchall(),
        "polars": polars.read_parquet(f"{folder}/*.parquet")
        .sort("content_id")["content_id", "content"]
        .rows(),
        "pandas": [
            (row.content_id, row.content)
            for row in pandas.read_parquet(folder).sort_values("content_id").itertuples()
        ],
    }
    expected = [(row["content_id"], row["content"]) for row in made.rows[slug]]
    assert read == dict.fromkeys(read, expected)


def test_duckdb_reads_all_folders_at_once(made: MadeRelease) -> None:
    query = f"SELECT language, count(*) FROM read_parquet('{made.folder}/data/*/*.parquet') GROUP BY ALL"
    assert dict(duckdb.connect().execute(query).fetchall()) == {
        title: len(made.rows[slug]) for slug, title in LANGUAGES.items()
    }


LIBRARIES = {
    "datasets": "print(len(rows))",
    "duckdb": "print(len(rows.fetchall()))",
    "polars": "print(rows.height)",
    "pandas": "print(len(rows))",
    "mlcroissant": "print(len(list(rows)))",
}
"""How the code that the card shows goes on here, by library."""


def shown_code(made: MadeRelease) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", made.readme, re.M | re.S)


def run_beside(made: MadeRelease, code: str, home: Path) -> str:
    """Run code in the folder that holds `RELEASE`, and check that the release stays as it was."""
    before = sorted(made.folder.rglob("*"))
    environment = {**OFFLINE, "HOME": str(home), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=made.folder.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert sorted(made.folder.rglob("*")) == before
    return done.stdout


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_the_code_that_the_card_shows_loads_the_rows(made: MadeRelease, library: str, tmp_path: Path) -> None:
    (code,) = [code for code in shown_code(made) if library in code and "notices" not in code]
    shown = run_beside(made, code + LIBRARIES[library], tmp_path)
    assert shown.split()[-1] == str(len(made.rows["python"]))


def test_the_attribution_query_that_the_card_shows_finds_the_notice(
    made: MadeRelease, tmp_path: Path
) -> None:
    (code,) = [code for code in shown_code(made) if "notices" in code]
    shown = run_beside(made, code + "print(notices.fetchall())", tmp_path)
    assert shown.strip() == str([("repo_name 0", "path 0", "license_expression 0", LICENSE_TEXT)])
