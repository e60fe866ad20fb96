"""What the corpus knows of a release made from it: the view, decisions with names, the map of ids."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from optout import Decision, Rules, parse_rules
from stack_pipeline.corpus import Corpus, newest_rows
from stack_pipeline.corpus.blob_hashes import corpus_blob_hashes
from stack_pipeline.errors import UsageError
from stack_pipeline.inspection.published import Release
from stack_pipeline.opt_outs import decide_repositories
from stack_pipeline.ranges import overlaps
from stack_pipeline.release.publishing import Publisher
from stack_pipeline.tables.parquet import iter_table

Row = dict[str, Any]


@dataclass(frozen=True)
class PrivateRecord:
    """A release, and the corpus that it was made from.

    Args:
        corpus: The corpus.
        release: The release.
        snapshot: The newest snapshot that the release saw.
    """

    corpus: Corpus
    release: Release
    snapshot: int

    @cached_property
    def publisher(self) -> Publisher:
        """The settings and sub-keys that the release was published with."""
        return Publisher(self.release.recipe, self.corpus.keys)

    @cached_property
    def view(self) -> list[Row]:
        """The repositories rows that the release saw."""
        return newest_rows(self.corpus, up_to=self.snapshot)

    @cached_property
    def rules(self) -> Rules | None:
        """The opt-out rules that the release was made with, None if the corpus has lost its copy."""
        digest = self.release.manifest["recipe"]["optout"]["rules_digest"]
        try:
            rules = parse_rules(self.corpus.storage.read_bytes(f"rules/{digest[:16]}.toml").decode())
        except (FileNotFoundError, ValueError):
            return None
        return rules if rules.digest(self.corpus.keys.subkey("opt-out rules")) == digest else None

    @cached_property
    def decisions(self) -> dict[str, Decision]:
        """What the rules say of each repository of the view, decided anew."""
        hashes = corpus_blob_hashes(self.corpus, self.view)
        return decide_repositories(self.view, self.rules or Rules(), hashes)

    def named(self, name: str) -> list[Row]:
        """Return the repositories of the view that have or had a name; letter case does not count."""
        return [row for row in self.view if name in _names(row)]

    def origins(self, repository: Row, *, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """Yield every entry of a repository of the view, stubs included."""
        wanted = None if columns is None else [*columns, "repository", "commit"]
        for batch in self._snapshot_batches("origins", repository["snapshot"], columns=wanted):
            mine = pc.and_(
                pc.equal(batch["repository"], repository["repository"]),
                pc.equal(batch["commit"], repository["commit"]),
            )
            yield batch.filter(mine)

    def origins_of_blob(self, content_id: str) -> list[tuple[Row, Row]]:
        """Return the entries of the view that name a blob, each after its repository's row."""
        found = []
        for number in sorted({row["snapshot"] for row in self.view if row["status"] == "read"}):
            for batch in self._snapshot_batches("origins", number, content_id=content_id):
                for origin in batch.to_pylist():
                    found += [
                        (row, origin) for row in self._seen(number, origin["repository"], origin["commit"])
                    ]
        return found

    def _seen(self, snapshot: int, repository: str, commit: str) -> list[Row]:
        key = (snapshot, repository, commit)
        return [row for row in self.view if (row["snapshot"], row["repository"], row["commit"]) == key]

    def _snapshot_batches(
        self, kind: str, number: int, *, content_id: str | None = None, columns: list[str] | None = None
    ) -> Iterator[pa.Table]:
        bounds = None if content_id is None else (content_id, content_id + "\0")
        key = None if content_id is None else "content_id"
        for ref in self.corpus.snapshot(number).files(kind):
            if bounds is None or overlaps(ref.name, bounds):
                yield from iter_table(self.corpus.storage, ref.name, columns=columns, key=key, bounds=bounds)

    def contents(self, *, columns: list[str], bounds: tuple[str, str]) -> Iterator[pa.Table]:
        """Yield the stored rows of blobs in a range of ids, as far as the release saw them."""
        for snapshot in self.corpus.snapshots():
            for ref in snapshot.files("contents"):
                if snapshot.number <= self.snapshot and overlaps(ref.name, bounds):
                    yield from iter_table(
                        self.corpus.storage, ref.name, columns=columns, key="content_id", bounds=bounds
                    )

    def content_ids_of_text(self, text_sha256: str) -> list[str]:
        """Return every stored blob whose decoded text has this digest, sorted; all digests are looked through."""
        found: set[str] = set()
        for batch in self.contents(columns=["content_id", "text_sha256"], bounds=("", "")):
            same = batch.filter(pc.equal(batch["text_sha256"], text_sha256))
            found.update(same["content_id"].to_pylist())
        return sorted(found)

    def judged(
        self, *, content_id: str | None = None, columns: list[str] | None = None
    ) -> Iterator[pa.Table]:
        """Yield what the release said of every origin whose text was read, or of those of one blob."""
        bounds = None if content_id is None else (content_id, content_id + "\0")
        key = None if content_id is None else "content_id"
        yield from iter_table(
            self.corpus.storage, self._file("origins"), columns=columns, key=key, bounds=bounds
        )

    def ids(self, *, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """Yield the map of published ids of kept blobs, by content id."""
        yield from iter_table(self.corpus.storage, self._file("ids"), columns=columns)

    def published_id(self, content_id: str) -> tuple[str, bool]:
        """Return the id under which the release speaks of a blob, and whether its text is published."""
        bounds = (content_id, content_id + "\0")
        for batch in iter_table(self.corpus.storage, self._file("ids"), key="content_id", bounds=bounds):
            return str(batch["published_id"][0].as_py()), True
        return self.publisher.published_id(content_id, is_published_as_is=False), False

    def content_id_of(self, published_id: str) -> str | None:
        """Return the blob that the release calls by an id, kept or not; all ids are looked through."""
        for batch in self.ids():
            row = pc.index(batch["published_id"], published_id).as_py()
            if row >= 0:
                return str(batch["content_id"][row].as_py())
        for batch in self.judged(columns=["content_id"]):
            for content_id in batch["content_id"].unique().to_pylist():
                if self.publisher.published_id(content_id, is_published_as_is=False) == published_id:
                    return str(content_id)
        return None

    def _file(self, name: str) -> str:
        return f"releases/{self.release.root}/{name}.parquet"


def private_record(corpus: Corpus, release: Release) -> PrivateRecord:
    """Return what a corpus knows of a release.

    Raises:
        UsageError: If the release was not made from this corpus, or its record is lost.
    """
    key_id = release.manifest["key"].get("id")
    if key_id != corpus.keys.key_id:
        raise UsageError(
            f"{corpus.url}: the release was made with another key, so not from this corpus",
            hint=f"name the corpus with key id {key_id}, or leave out --corpus",
        )
    try:
        record = json.loads(corpus.storage.read_bytes(f"releases/{release.root}/release.json"))
    except FileNotFoundError:
        raise UsageError(
            f"{corpus.url}: the corpus has no record of this release",
            hint="name the corpus that the release was made from, or leave out --corpus",
        ) from None
    return PrivateRecord(corpus, release, int(record["snapshot"]))


def _names(row: Row) -> set[str]:
    """Return every name of a repository in lower case, with and without its host."""
    full_names = [row["full_name"], *(name["full_name"] for name in row["previous_names"] or [])]
    names = {name.lower() for name in full_names}
    return {row["repository"].lower(), *names, *(f"{row['host'] or 'local'}/{name}" for name in names)}
