"""The manifest: canonical bytes, a root that sha256sum shows, and refusals in one line."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from stack_pipeline.canonical import canonical_json
from stack_pipeline.errors import UsageError
from stack_pipeline.jobs import FileRef
from stack_pipeline.manifest import MANIFEST_NAME, manifest_bytes, manifest_root, read_manifest
from stack_pipeline.storage import Storage
from stack_pipeline.tables.schema import LAYOUT

FILES = [
    FileRef("data", "output", "data/python/train-00000-of-00001.parquet", 3, 100, "a" * 64, "b" * 64),
    FileRef("origins", "output", "origins/00000-of-00001.parquet", 4, 90, "c" * 64, "d" * 64),
    FileRef("data", "output", "data/c/train-00000-of-00001.parquet", 2, 80, "e" * 64, "f" * 64),
]


def some_manifest(*, files: list[FileRef] | None = None) -> bytes:
    return manifest_bytes(
        recipe={"select": {"languages": []}, "near_dedup": {"threshold": 0.7}},
        input_digest="1" * 64,
        key_id="2" * 16,
        key_is_public=False,
        versions={"z": "1", "a": "2"},
        stages=[{"stage": "exact_dedup", "unit": "origin", "in": [1, 2], "kept": [1, 2], "dropped": {}}],
        files=FILES if files is None else files,
        merkle_roots={"origins": "3" * 64, "blobs": "4" * 64},
        notes={"unchecked_forks": 0},
    )


def test_the_bytes_are_canonical_and_do_not_depend_on_the_order_of_files() -> None:
    data = some_manifest()
    assert canonical_json(json.loads(data)) == data
    for order in itertools.permutations(FILES):
        assert some_manifest(files=list(order)) == data
    names = [file["name"] for file in json.loads(data)["files"]]
    assert names == sorted(names)


def test_the_root_is_the_sha256_of_the_bytes() -> None:
    data = some_manifest()
    assert manifest_root(data) == hashlib.sha256(data).hexdigest()


def test_each_file_stands_with_rows_sha256_and_logical_digest_and_no_place() -> None:
    entry = json.loads(some_manifest())["files"][0]
    assert entry == {
        "kind": "data",
        "name": "data/c/train-00000-of-00001.parquet",
        "rows": 2,
        "size_bytes": 80,
        "sha256": "e" * 64,
        "logical": "f" * 64,
    }


def test_the_manifest_names_layout_and_key_id() -> None:
    manifest = json.loads(some_manifest())
    assert manifest["layout"] == list(LAYOUT)
    assert manifest["key"] == {"id": "2" * 16, "public": False}


def test_what_was_written_is_read_with_its_root(tmp_path: Path) -> None:
    release = Storage(str(tmp_path))
    release.write_bytes(MANIFEST_NAME, some_manifest())
    manifest, root = read_manifest(release)
    assert manifest == json.loads(some_manifest())
    assert root == manifest_root(some_manifest())


def test_a_folder_without_a_manifest_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no release here") as missing:
        read_manifest(Storage(str(tmp_path / "missing")))
    assert missing.value.hint is None
    with pytest.raises(UsageError, match="no release here") as unfinished:
        read_manifest(Storage(str(tmp_path)))
    assert "run the same build again" in str(unfinished.value.hint)


def test_a_file_in_place_of_the_folder_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="no release here"):
        read_manifest(Storage(str(tmp_path / "file")))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b"{}",
        b'{"format":"other"}',
        b'{"format":["stack-pipeline release"]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_damaged_manifest_is_refused(data: bytes, tmp_path: Path) -> None:
    release = Storage(str(tmp_path))
    release.write_bytes(MANIFEST_NAME, data)
    with pytest.raises(UsageError, match=r"manifest\.json is not a release manifest"):
        read_manifest(release)


def with_layout(storage: Storage, layout: Any) -> None:
    manifest = json.loads(some_manifest())
    if layout is None:
        del manifest["layout"]
    else:
        manifest["layout"] = layout
    storage.write_bytes(MANIFEST_NAME, canonical_json(manifest))


@pytest.mark.parametrize("layout", [[LAYOUT[0] + 1, 0], [0, 9], ["1", "0"], [1], [], "1.0", 1, {}, None])
def test_another_major_layout_is_refused(layout: Any, tmp_path: Path) -> None:
    release = Storage(str(tmp_path))
    with_layout(release, layout)
    with pytest.raises(UsageError, match=r"the release has layout .*; this program reads 1\.x") as caught:
        read_manifest(release)
    assert caught.value.hint


def test_a_later_minor_layout_is_read(tmp_path: Path) -> None:
    release = Storage(str(tmp_path))
    with_layout(release, [LAYOUT[0], LAYOUT[1] + 7])
    assert read_manifest(release)[0]["layout"] == [LAYOUT[0], LAYOUT[1] + 7]
