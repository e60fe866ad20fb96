"""The golden test: what becomes of each file of the bundled sample."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stack_pipeline.sample import (
    HARMLESS,
    PLANTED,
    UNPUBLISHED_NAMES,
    expected_fates,
    expected_repository_fates,
)
from stack_pipeline.sources.paths import MAX_PATH_BYTES
from tests.end_to_end.pipeline import Built, fates, repository_fates

_PREFIX = MAX_PATH_BYTES - 65
"""A longer path keeps this beginning; the rest is replaced by a digest."""


def test_every_repository_of_the_sample_meets_its_fate(built: Built) -> None:
    assert repository_fates(built) == dict(expected_repository_fates())


def test_every_file_of_the_sample_meets_its_fate(built: Built) -> None:
    read = {name for name, fate in expected_repository_fates().items() if fate == "read"}
    expected = {
        (name, path[:_PREFIX]): fate for (name, path), fate in expected_fates().items() if name in read
    }
    found = {(name, path[:_PREFIX]): fate for (name, path), fate in fates(built).items()}
    wrong = {key: (fate, found.get(key)) for key, fate in expected.items() if found.get(key) != fate}
    assert wrong == {}
    assert set(found) == set(expected)


def published_strings(folder: Path) -> list[str]:
    """Return every decoded value and every statistic of all files below a folder, as text."""
    texts: list[str] = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        if file.suffix != ".parquet":
            texts.append(file.read_text(errors="replace"))
            continue
        parquet = pq.ParquetFile(file)
        texts += [repr(parquet.metadata.metadata), parquet.schema_arrow.to_string()]
        for group in range(parquet.num_row_groups):
            for column in range(parquet.metadata.num_columns):
                statistics = parquet.metadata.row_group(group).column(column).statistics
                if statistics is not None and statistics.has_min_max:
                    texts += [_text(statistics.min), _text(statistics.max)]
        table = parquet.read()
        for column in table.columns:
            texts += [_text(value) for value in _values(column)]
    return texts


def _values(column: pa.ChunkedArray) -> list[object]:
    return [value for value in column.to_pylist() if value is not None]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else json.dumps(value, default=str)


def test_no_planted_value_survives_in_any_published_value_or_statistic(built: Built) -> None:
    texts = "\n".join(published_strings(Path(built.release)))
    assert [planted.where for planted in PLANTED if planted.value in texts] == []


def test_no_name_that_must_stay_unpublished_is_published(built: Built) -> None:
    texts = "\n".join(published_strings(Path(built.release))).lower()
    assert [name for name in UNPUBLISHED_NAMES if name.lower() in texts] == []


def test_harmless_addresses_are_left_alone(built: Built) -> None:
    texts = "\n".join(published_strings(Path(built.release, "data")))
    assert [value for value in HARMLESS if value not in texts] == []


def test_the_root_is_the_digest_of_the_manifest(built: Built) -> None:
    import hashlib

    assert hashlib.sha256(Path(built.release, "manifest.json").read_bytes()).hexdigest() == built.root
