"""Build the benchmark's corpus at run time: source files of pinned packages in several versions, as one Parquet file."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.clones import LIST, find_clone
from benchmarks.near_dedup.source_files import SourceFile, read_archive

PACKAGES = Path(__file__).with_name("packages.csv")
SIZES = ("small", "large")
LEAST_BYTES = {"small": 100_000_000, "large": 1_000_000_000}
SCHEMA = pa.schema(
    [("id", pa.int64()), ("path", pa.string()), ("language", pa.string()), ("content", pa.string())]
)

_ROWS = 8192


@dataclass(frozen=True)
class Package:
    """A pinned source distribution."""

    name: str
    version: str
    sha256: str

    @property
    def requirement(self) -> str:
        """The name and version as pip takes them."""
        return f"{self.name}=={self.version}"


@dataclass(frozen=True)
class Corpus:
    """A Parquet file with the columns of `SCHEMA`; `content_bytes` counts UTF-8 bytes."""

    name: str
    path: Path
    files: int
    content_bytes: int
    sources: int


def packages(size: str) -> list[Package]:
    """Return the pinned packages of a size; `large` holds those of `small` too."""
    with PACKAGES.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    wanted = SIZES[: SIZES.index(size) + 1]
    return [Package(row["package"], row["version"], row["sha256"]) for row in rows if row["size"] in wanted]


def build_corpus(size: str, cache: Path, *, repositories: Path | None = None) -> Corpus:
    """Build the corpus of a size below `cache`, or find it there.

    Args:
        size: `small` (at least 100 MB of content) or `large` (at least 1 GB).
        cache: Folder for archives and corpora; made if missing.
        repositories: A folder of clones; those of benchmarks/real_repositories.csv that are there are added.

    Raises:
        SystemExit: If an archive can't be had or is not the pinned one.
    """
    clones = _present_clones(repositories)
    name = size + (f"+{len(clones)}" if clones else "")
    target = cache / f"corpus-{name}-{_digest(size, clones)}.parquet"
    if not target.exists():
        archives = _archives(packages(size), cache / "sdists")
        print(f"building the {name} corpus", file=sys.stderr)
        _write(_files(archives, clones), target)
    return _measured(name, target)


def _digest(size: str, clones: list[Clone]) -> str:
    pins = [package.sha256 for package in packages(size)] + [clone.commit for clone in clones]
    return hashlib.sha256(" ".join(pins).encode()).hexdigest()[:12]


def _measured(name: str, path: Path) -> Corpus:
    with pq.ParquetFile(path) as file:
        meta = file.schema_arrow.metadata
        return Corpus(name, path, file.metadata.num_rows, int(meta[b"content_bytes"]), int(meta[b"sources"]))


def _archives(wanted: list[Package], folder: Path) -> list[Path]:
    """Download what is missing and check everything; return the archives in the order of `wanted`."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {path: _sha256(path) for path in sorted(folder.iterdir()) if path.is_file()}
    by_hash = {digest: path for path, digest in found.items()}
    missing = [package.requirement for package in wanted if package.sha256 not in by_hash]
    if missing:
        print(f"downloading {len(missing)} source distributions", file=sys.stderr)
        program = Path(__file__).with_name("sdist_fetching.py")
        command = [sys.executable, str(program), str(folder), *missing]
        lines = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        by_hash.update((line.split()[2], folder / line.split()[1]) for line in lines)
    changed = [package.requirement for package in wanted if package.sha256 not in by_hash]
    if changed:
        sys.exit(f"not to be had, or not the pinned source distribution: {', '.join(changed)}")
    return [by_hash[package.sha256] for package in wanted]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Clone:
    """A clone that is present, and the listed commit."""

    full_name: str
    path: Path
    commit: str

    def files(self) -> list[SourceFile] | None:
        """Return its files in the order of their paths, None if some can't be read, as in a partial clone."""
        command = ["git", "-C", str(self.path), "archive", "--format=tar", f"--prefix={self.full_name}/"]
        offline = {**os.environ, "GIT_NO_LAZY_FETCH": "1"}
        with subprocess.Popen([*command, self.commit], stdout=subprocess.PIPE, env=offline) as process:
            assert process.stdout is not None
            try:
                files = sorted(read_archive(process.stdout))
            except tarfile.TarError:
                files = []
        return files if process.returncode == 0 else None


def _present_clones(folder: Path | None) -> list[Clone]:
    if folder is None:
        return []
    with LIST.open(newline="") as stream:
        rows = [(row["repository"], row["commit"]) for row in csv.DictReader(stream)]
    found = ((name, find_clone(folder, name), commit) for name, commit in rows)
    return [Clone(name, path, commit) for name, path, commit in found if path is not None]


def _files(archives: list[Path], clones: list[Clone]) -> Iterator[list[SourceFile]]:
    """Yield the files of each source, in the order of their paths."""
    for archive in archives:
        with archive.open("rb") as stream:
            yield sorted(read_archive(stream))
    for clone in clones:
        files = clone.files()
        if files is None:
            print(f"{clone.full_name} is not whole; left out", file=sys.stderr)
        else:
            yield files


def _write(sources: Iterator[list[SourceFile]], target: Path) -> None:
    """Write all files, shuffled by a digest of their path so that every row group is a mix of everything."""
    rows: list[SourceFile] = []
    count = 0
    for files in sources:
        rows.extend(files)
        count += 1
    rows.sort(key=lambda row: (hashlib.sha256(row.path.encode("utf-8", "surrogateescape")).digest(), row))
    size = sum(len(row.content.encode()) for row in rows)
    schema = SCHEMA.with_metadata({"content_bytes": str(size), "sources": str(count)})
    part = target.with_suffix(".part")
    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for start in range(0, len(rows), _ROWS):
            writer.write_table(_table(start, rows[start : start + _ROWS], schema))
    part.rename(target)


def _table(start: int, rows: list[SourceFile], schema: Any) -> Any:
    columns = {
        "id": range(start, start + len(rows)),
        "path": [row.path.encode("utf-8", "replace").decode() for row in rows],
        "language": [row.language for row in rows],
        "content": [row.content for row in rows],
    }
    return pa.table({name: list(values) for name, values in columns.items()}, schema=schema)
