"""Write what a run leaves: clusters, keep list, filtered copies, report, manifest; into a folder that appears when it is whole."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stack_pipeline.canonical import canonical_json, digest_of
from stack_pipeline.errors import RunFailed, UsageError
from stack_pipeline.near_dedup.input_files import InputFiles, check_name
from stack_pipeline.near_dedup.inputs import Documents, Progress
from stack_pipeline.near_dedup.members import Members
from stack_pipeline.storage import Storage
from stack_pipeline.tables.parquet import write_table

FORMAT = "stack-pipeline dedup"
LAYOUT = [1, 0]
MANIFEST = "manifest.json"
_HASHED_AT_ONCE = 4 << 20


def hash_inputs(found: InputFiles, *, progress: Progress) -> list[dict[str, Any]]:
    """Return name, size and SHA-256 of each input file.

    Raises:
        RunFailed: If one cannot be read.
    """
    hashed = []
    for index, file in enumerate(found.files):
        progress("hash inputs", index, len(found.files))
        hashed.append({"name": file.name, **file_identity(file.path, name=file.name)})
    progress("hash inputs", len(found.files), len(found.files))
    return hashed


def file_identity(path: Path, *, name: str) -> dict[str, Any]:
    """Return size in bytes and SHA-256 of a file.

    Raises:
        RunFailed: If it cannot be read.
    """
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as stream:
            while piece := stream.read(_HASHED_AT_ONCE):
                digest.update(piece)
                size += len(piece)
    except OSError as error:
        raise RunFailed(f"{name}: cannot be read: {error.strerror}") from None
    return {"size_bytes": size, "sha256": digest.hexdigest()}


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of an output folder, None if there is none."""
    try:
        value = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and value.get("format") == FORMAT else None


def check_output(output: Path, found: InputFiles, *, overwrite: bool) -> None:
    """Refuse an output that would cover something else.

    Raises:
        UsageError: If the folder holds other files, a finished output without `overwrite`, or an input.
    """
    check_name(str(output))
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise UsageError(f"{output}: the output is not a folder", hint="name a new or empty folder")
    if not output.is_dir() or not any(output.iterdir()):
        return
    manifest = read_manifest(output)
    if manifest is None:
        raise UsageError(f"{output}: the output folder holds other files", hint="name a new or empty folder")
    if not manifest.get("stopped") and not overwrite:
        raise UsageError(
            f"{output}: the output folder holds a finished run", hint="name another folder, or --overwrite"
        )
    inside = next((f.name for f in found.files if f.path.resolve().is_relative_to(output.resolve())), None)
    if inside is not None:
        raise UsageError(f"{inside}: this input lies in the output folder", hint="name another output")


@contextmanager
def new_folder(output: Path, *, private: bool = False) -> Iterator[Path]:
    """Give a folder beside the output that takes its place when the body has ended well.

    What a killed run left is removed first.

    Args:
        output: Its final name.
        private: Only its owner may enter it, as a corpus.

    Raises:
        RunFailed: If another run is writing the same output.
        UsageError: If the folder cannot be made.
    """
    building = output.resolve().with_name(f".{output.name}.unfinished")
    try:
        building.parent.mkdir(parents=True, exist_ok=True)
        building.mkdir(exist_ok=True, mode=0o700 if private else 0o777)
    except OSError as error:
        raise UsageError(f"{output}: cannot write the output: {error.strerror}") from None
    descriptor = os.open(building, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RunFailed(
                f"{output}: another run is writing this output", hint="wait for it to end"
            ) from None
        _empty(building)
        try:
            yield building
            _put_in_place(building, output)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
    finally:
        os.close(descriptor)


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _put_in_place(building: Path, output: Path) -> None:
    old = building.with_name(f".{output.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if output.exists():
        output.rename(old)
    building.rename(output)
    shutil.rmtree(old, ignore_errors=True)


def write_clusters(folder: Path, members: Members) -> dict[str, Any]:
    """Write `clusters.parquet`; return its entry of the manifest."""
    return _table(folder, "clusters.parquet", members.schema(), members.batches())


def write_keep(folder: Path, documents: Documents, keep: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Write `keep.parquet`: id, file and row of what stays, in the order of the inputs."""
    schema = pa.schema([("id", documents.id_type), ("file", pa.string()), ("row", pa.int64())])

    def batches() -> Iterator[pa.Table]:
        for rows, table in documents.batches(["id"], wanted=keep):
            index, _ = documents.place(int(rows[0]))
            name = documents.sources[index].file.name
            file = pa.DictionaryArray.from_arrays(np.zeros(len(rows), np.int32), pa.array([name]))
            columns = [table.column("id"), file.dictionary_decode(), pa.array(rows - documents.starts[index])]
            yield pa.table(columns, schema=schema)

    return _table(folder, "keep.parquet", schema, batches())


def _table(folder: Path, name: str, schema: pa.Schema, batches: Iterator[pa.Table]) -> dict[str, Any]:
    written = write_table(Storage(str(folder)), name, schema, batches)
    return {"name": name, "rows": written.rows, "size_bytes": written.size_bytes, "sha256": written.sha256}


def write_filtered(
    folder: Path, documents: Documents, keep: npt.NDArray[np.bool_], *, progress: Progress
) -> list[dict[str, Any]]:
    """Write copies of the inputs without the rows that go; return their entries of the manifest."""
    entries = []
    for index, source in enumerate(documents.sources):
        progress("write filtered", index, len(documents.sources))
        stays = keep[documents.starts[index] : documents.starts[index + 1]]
        name = f"filtered/{source.file.below}"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        source.write_kept(stays, folder / name)
        entries.append({"name": name, "rows": int(stays.sum()), **file_identity(folder / name, name=name)})
    progress("write filtered", len(documents.sources), len(documents.sources))
    return entries


def write_text(folder: Path, name: str, data: bytes) -> dict[str, Any]:
    """Write a small file; return its entry of the manifest."""
    (folder / name).write_bytes(data)
    return {"name": name, "size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def report_bytes(report: dict[str, Any]) -> bytes:
    """Return `report.json`: indented, keys in the order of reading."""
    return (json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def run_digest(shaping: dict[str, Any], inputs: list[dict[str, Any]], versions: dict[str, str]) -> str:
    """Return the digest of all that shapes the clusters."""
    return digest_of({"settings": shaping, "inputs": inputs, "versions": versions})


def tool_versions() -> dict[str, str]:
    """Return the versions of what shapes outputs."""
    import dedup
    from stack_pipeline import __version__

    return {
        "stack-pipeline": __version__,
        "dedup": str(dedup.VERSION),
        "signature": dedup.signature_kernel(),
        "pyarrow": pa.__version__,
    }


def manifest_bytes(
    *,
    run: str,
    shaping: dict[str, Any],
    documents: Documents,
    inputs: list[dict[str, Any]],
    versions: dict[str, str],
    report: dict[str, Any],
    files: list[dict[str, Any]],
) -> bytes:
    """Return the canonical bytes of the manifest: no clock, no path but the inputs as they were named."""
    rows = [int(count) for count in np.diff(np.array(documents.starts))]
    counts = ("files", "exact_duplicates", "near_duplicates", "kept", "clusters", "largest_cluster")
    return canonical_json(
        {
            "format": FORMAT,
            "layout": LAYOUT,
            "run": run,
            "settings": shaping,
            "columns": [dict(columns) for columns in documents.columns],
            "inputs": [{**entry, "rows": count} for entry, count in zip(inputs, rows, strict=True)],
            "versions": versions,
            "counts": {name: report[name] for name in counts},
            "alarms": report["alarms"],
            "stopped": report["stopped"],
            "files": sorted(files, key=lambda entry: entry["name"]),
        }
    )
