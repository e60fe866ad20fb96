"""Make a tiny release for tests: real Parquet files of every table, a manifest, and the card."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from stack_pipeline.card import write_card
from stack_pipeline.jobs import FileRef
from stack_pipeline.manifest import manifest_bytes
from stack_pipeline.recipe import Recipe, canonical_recipe
from stack_pipeline.storage import Storage
from stack_pipeline.tables.parquet import write_table
from stack_pipeline.tables.schema import DATA, RELEASE_TABLES

LANGUAGES = {"c++": "C++", "c-sharp": "C#", "python": "Python"}
TEXTS = {
    "c++": ["int main() { return 0; }\n", "// naïve ✓ \U0001f600\n"],
    "c-sharp": ["class A {}\r\n"],
    "python": ["print('hello')\n", "x = 1\n", "# a\x00b\n", ""],
}
LICENSE_TEXT = "Permission is granted to all.\n"
MOMENT = datetime.datetime(2024, 2, 29, 12, 0, 0, 123456, tzinfo=datetime.UTC)

STAGES: list[dict[str, Any]] = [
    {
        "stage": "take_view",
        "unit": "repository",
        "in": [5, 1235197],
        "kept": [3, 1234997],
        "dropped": {"opted_out": [2, 200]},
    },
    {
        "stage": "judge_origins",
        "unit": "origin",
        "in": [20, 1234997],
        "kept": [12, 1234697],
        "dropped": {"not_permissive": [5, 250], "opted_out": [3, 50]},
    },
    {
        "stage": "exact_dedup",
        "unit": "origin",
        "in": [12, 1234697],
        "kept": [8, 1234597],
        "dropped": {"exact_duplicate": [4, 100]},
    },
    {
        "stage": "choose_representatives",
        "unit": "blob",
        "in": [8, 1234597],
        "kept": [7, 1234567],
        "dropped": {"near_duplicate": [1, 30]},
    },
]


@dataclass(frozen=True)
class MadeRelease:
    """A release on disk, its manifest's bytes, and the training rows by folder."""

    folder: Path
    manifest: bytes
    rows: dict[str, list[dict[str, Any]]]

    @property
    def readme(self) -> str:
        return (self.folder / "README.md").read_text(encoding="utf-8")


def release_manifest(files: list[FileRef], *, recipe: Recipe | None = None, **changes: Any) -> bytes:
    """Return the bytes of a manifest over some files; `changes` replace arguments of `manifest_bytes`."""
    values: dict[str, Any] = {
        "recipe": canonical_recipe(recipe or Recipe(), optout_digest="d" * 64),
        "input_digest": "1" * 64,
        "key_id": "0123456789abcdef",
        "key_is_public": False,
        "versions": {"pyarrow": "25.0", "stack-pipeline": "0.1.0"},
        "stages": STAGES,
        "files": files,
        "merkle_roots": {"blobs": "2" * 64, "origins": "3" * 64},
        "notes": {"unchecked_forks": 0, "truncated_buckets": 0},
    }
    return manifest_bytes(**{**values, **changes})


def changed_recipe(section: str, **keys: Any) -> Recipe:
    """Return the default recipe with some keys of a section changed."""
    recipe = Recipe()
    return replace(recipe, **{section: replace(getattr(recipe, section), **keys)})


def file_ref(name: str, *, rows: int = 1) -> FileRef:
    """Return a reference to a file that need not exist."""
    kind = name.split("/")[0]
    return FileRef(
        kind, "output", name, rows, 1000 + rows, hashlib.sha256(name.encode()).hexdigest(), "0" * 64
    )


def make_release(folder: Path, **changes: Any) -> MadeRelease:
    """Write a release of three languages, one of them in three shards of which one is empty."""
    storage = Storage(str(folder))
    rows = {slug: _data_rows(slug) for slug in LANGUAGES}
    files: dict[str, tuple[pa.Schema, list[dict[str, Any]]]] = {}
    for slug, members in rows.items():
        shards = [members[:3], [], members[3:]] if slug == "python" else [members]
        for index, shard in enumerate(shards):
            files[f"data/{slug}/train-{index:05d}-of-{len(shards):05d}.parquet"] = (DATA, shard)
    for name, schema in RELEASE_TABLES.items():
        files[f"{name}/00000-of-00001.parquet"] = (schema, _table_rows(name, schema))
    refs = []
    for name, (schema, members) in files.items():
        written = write_table(storage, name, schema, [pa.Table.from_pylist(members, schema=schema)])
        refs.append(FileRef(name.split("/")[0], "output", name, **asdict(written)))
    manifest = release_manifest(refs, **changes)
    write_card(storage, manifest)
    storage.write_bytes("manifest.json", manifest)
    return MadeRelease(folder, manifest, rows)


def _data_rows(slug: str) -> list[dict[str, Any]]:
    rows = []
    for number, text in enumerate(TEXTS[slug]):
        row = {field.name: _value(field, number) for field in DATA}
        digest = hashlib.sha256(text.encode()).hexdigest()
        row |= {
            "content": text,
            "content_sha256": digest,
            "content_id": hashlib.sha1(text.encode()).hexdigest(),
        }
        row |= {
            "language": LANGUAGES[slug],
            "path": f"src/{slug}/{number}",
            "length_bytes": len(text.encode()),
        }
        rows.append(row)
    return sorted(rows, key=lambda row: str(row["content_id"]))


def _table_rows(name: str, schema: pa.Schema) -> list[dict[str, Any]]:
    """Return two rows, the second with every null that the schema allows."""
    rows = [{field.name: _value(field, number) for field in schema} for number in range(2)]
    license_id = hashlib.sha256(LICENSE_TEXT.encode()).hexdigest()
    if name == "licenses":
        return [{**rows[0], "id": license_id, "text": LICENSE_TEXT}]
    if name == "origins":
        rows[0]["license_text_ids"] = [license_id]
    return rows


def _value(field: pa.Field, number: int) -> Any:
    """Return a value of a column: in every second row null where it may be."""
    kind = field.type
    if field.nullable and number % 2:
        return None
    if pa.types.is_list(kind):
        return ["MIT", "Apache-2.0"]
    if pa.types.is_timestamp(kind):
        return MOMENT
    if pa.types.is_boolean(kind):
        return True
    if pa.types.is_integer(kind):
        return 40 + number
    if pa.types.is_floating(kind):
        return 0.25
    if pa.types.is_binary(kind):
        return b"src/\xff"
    return f"{field.name} {number}"
