"""What the card says, read from a manifest: root, files by table and language, counts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from stack_pipeline.card.columns import TABLE_MEANINGS
from stack_pipeline.files import language_of_slug
from stack_pipeline.manifest import manifest_root
from stack_pipeline.reasons import Reason


@dataclass(frozen=True)
class FileGroup:
    """The published files of one folder.

    Attributes:
        name: A table, or the slug of a language.
        title: How the name is shown: a language by Linguist's name.
        pattern: Glob of its files below the release.
        files: Number of files.
        rows: Their rows.
        size_bytes: Their bytes, compressed as they lie on disk.
    """

    name: str
    title: str
    pattern: str
    files: int
    rows: int
    size_bytes: int


@dataclass(frozen=True)
class ReleaseFacts:
    """What a manifest says of its release.

    Attributes:
        root: SHA-256 of the manifest's bytes.
        manifest: The parsed manifest.
        manifest_size_bytes: Its bytes.
        languages: The folders of `data/`, by slug.
        tables: All tables that have files, `data` first.
    """

    root: str
    manifest: dict[str, Any]
    manifest_size_bytes: int
    languages: tuple[FileGroup, ...]
    tables: tuple[FileGroup, ...]

    @property
    def recipe(self) -> dict[str, Any]:
        """The canonical recipe."""
        recipe: dict[str, Any] = self.manifest["recipe"]
        return recipe

    @property
    def name(self) -> str:
        """A name that the root gives: the same release has the same name everywhere."""
        return f"stack-pipeline-release-{self.root[:12]}"

    @property
    def largest_language(self) -> str:
        """Slug of the language with the most rows, of equals the first; `python` if there is none."""
        ranked = sorted(self.languages, key=lambda group: (-group.rows, group.name))
        return ranked[0].name if ranked else "python"

    def table(self, name: str) -> FileGroup:
        """Return the files of a table, which may be none."""
        files = [file for file in self.manifest["files"] if file["kind"] == name]
        return _group(name, name, f"{name}/*/*.parquet" if name == "data" else f"{name}/*.parquet", files)

    def dropped(self, reason: Reason, unit: str) -> int:
        """Return how many of a unit were dropped for a reason, over all stages."""
        stages = [stage for stage in self.manifest["stages"] if stage["unit"] == unit]
        return sum(int(stage["dropped"].get(reason, (0, 0))[0]) for stage in stages)


def read_facts(manifest: bytes) -> ReleaseFacts:
    """Read the bytes of a manifest as `stack_pipeline.manifest.manifest_bytes` makes them."""
    parsed: dict[str, Any] = json.loads(manifest)
    facts = ReleaseFacts(
        manifest_root(manifest), parsed, len(manifest), tuple(_languages(parsed["files"])), ()
    )
    tables = tuple(group for group in map(facts.table, TABLE_MEANINGS) if group.files)
    return ReleaseFacts(facts.root, parsed, len(manifest), facts.languages, tables)


def _languages(files: Iterable[dict[str, Any]]) -> Iterable[FileGroup]:
    by_slug: dict[str, list[dict[str, Any]]] = {}
    for file in files:
        if file["kind"] == "data":
            by_slug.setdefault(file["name"].split("/")[1], []).append(file)
    for slug, members in sorted(by_slug.items()):
        yield _group(slug, _title(slug), f"data/{slug}/*.parquet", members)


def _title(slug: str) -> str:
    with suppress(ValueError):  # a slug of another version of the table is shown as it is
        return language_of_slug(slug) or slug
    return slug


def _group(name: str, title: str, pattern: str, files: list[dict[str, Any]]) -> FileGroup:
    rows, size_bytes = (sum(file[key] for file in files) for key in ("rows", "size_bytes"))
    return FileGroup(name, title, pattern, len(files), rows, size_bytes)
