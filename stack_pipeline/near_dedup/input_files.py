"""Find the files that the inputs of a command name: files, folders, globs, a corpus, a release.

Inputs keep the order in which they are given; the files of a folder are sorted. Names stay as they were given, they are what outputs show.
"""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stack_pipeline.errors import UsageError

_PARQUET = (".parquet", ".pq")
_LINES = (".jsonl", ".ndjson")
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}
_KNOWN = "files end in .parquet, .jsonl or .ndjson (and .gz or .zst); or name a folder, a corpus or a release"


@dataclass(frozen=True)
class InputFile:
    """One file to read.

    Args:
        name: As given, with `/` between parts; always UTF-8.
        path: Where it lies.
        below: Its name below a folder of filtered copies.
        kind: `parquet` or `jsonl`.
        compression: `gzip`, `zstd` or None; of a JSONL file.
        source: The input, as given, that named it.
    """

    name: str
    path: Path
    below: str
    kind: str
    compression: str | None
    source: str


@dataclass(frozen=True)
class InputFiles:
    """All files of a command's inputs.

    Args:
        files: In the order of reading.
        corpora: The inputs that are corpora.
    """

    files: tuple[InputFile, ...]
    corpora: tuple[str, ...] = ()


def find_inputs(inputs: Sequence[str]) -> InputFiles:
    """Return the files that inputs name.

    Raises:
        UsageError: If an input is missing or holds nothing that can be read, or a file is named twice.
    """
    files: list[InputFile] = []
    corpora: list[str] = []
    for given in inputs:
        if "://" in given:
            raise UsageError(
                f"{given}: inputs are read from a local disk", hint="copy or mount it, and name the folder"
            )
        path = Path(given)
        if (path / "corpus.json").is_file():
            files += _in_corpus(given)
            corpora.append(given)
        elif path.is_dir():
            files += _in_folder(given)
        elif path.exists():
            files.append(_file(given, path, path.name, given))
        else:
            files += [_file(name, Path(name), Path(name).name, given) for name in _matches(given)]
    _refuse_twice(files)
    return InputFiles(tuple(_apart(files)), tuple(corpora))


def _in_folder(given: str) -> list[InputFile]:
    marked = _manifest_format(Path(given))
    if marked == "stack-pipeline release":
        return _in_release(given)
    if marked == "stack-pipeline dedup":
        raise UsageError(
            f"{given}: this folder was written by dedup",
            hint=f"its texts are in {given.rstrip('/')}/filtered",
        )
    root = Path(given)
    found = [
        below
        for folder, _, names in os.walk(root)
        for name in names
        if _kind(name) and not _is_hidden(below := (Path(folder) / name).relative_to(root))
    ]
    if not found:
        raise UsageError(f"{given}: no Parquet or JSONL file in this folder", hint=_KNOWN)
    shown = given.rstrip("/") or "/"
    ordered = sorted(os.fsencode(below.as_posix()) for below in found)
    return [_file(f"{shown}/{below}", root / below, below, given) for below in map(os.fsdecode, ordered)]


def _is_hidden(below: Path) -> bool:
    return any(part.startswith(".") for part in below.parts)


def _manifest_format(folder: Path) -> str | None:
    try:
        value = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return value.get("format") if isinstance(value, dict) and isinstance(value.get("format"), str) else None


def _in_release(given: str) -> list[InputFile]:
    from stack_pipeline.inspection.published import open_release
    from stack_pipeline.storage import Storage

    names = [part.name for part in open_release(Storage(given)).of("data")]
    return [_file(f"{given.rstrip('/')}/{name}", Path(given) / name, name, given) for name in names]


def _in_corpus(given: str) -> list[InputFile]:
    from stack_pipeline.corpus import open_corpus

    names = [ref.name for snapshot in open_corpus(given).snapshots() for ref in snapshot.files("contents")]
    if not names:
        raise UsageError(
            f"{given}: nothing was ingested yet", hint="stack-pipeline ingest SOURCE --corpus DIR"
        )
    return [_file(f"{given.rstrip('/')}/{name}", Path(given) / name, name, given) for name in names]


def _matches(given: str) -> list[str]:
    if not glob.has_magic(given):
        raise UsageError(f"{given}: no such file or folder")
    names = glob.glob(given, recursive=True)  # noqa: PTH207 (a pattern may be absolute)
    found = sorted((name for name in names if Path(name).is_file()), key=os.fsencode)
    if not found:
        raise UsageError(f"{given}: no file matches")
    return found


def _kind(name: str) -> tuple[str, str | None] | None:
    """Return kind and compression of a file name, None if it is neither Parquet nor JSONL."""
    lowered = name.lower()
    if lowered.endswith(_PARQUET):
        return "parquet", None
    stem, dot, last = lowered.rpartition(".")
    compression = _COMPRESSIONS.get(dot + last)
    plain = stem if compression else lowered
    return ("jsonl", compression) if plain.endswith(_LINES) else None


def _file(name: str, path: Path, below: str, given: str) -> InputFile:
    kind = _kind(path.name) or _kind(path.name.lower().replace(".json", ".jsonl"))
    if kind is None:
        raise UsageError(f"{name}: neither Parquet nor JSONL by its name", hint=_KNOWN)
    if not path.is_file():
        raise UsageError(f"{name}: no such file")
    shown = Path(name).as_posix()
    check_name(shown)
    return InputFile(shown, path, below, *kind, given)


def check_name(name: str) -> None:
    """Refuse a path that tables and reports could not hold.

    Raises:
        UsageError: If it is no UTF-8.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(name).decode("utf-8", "backslashreplace")
        raise UsageError(f"{shown}: this name is not UTF-8", hint="rename it") from None


def _refuse_twice(files: Sequence[InputFile]) -> None:
    seen: dict[Path, str] = {}
    for file in files:
        real = file.path.resolve()
        if real in seen:
            raise UsageError(f"{file.name}: this file is named twice", hint=f"it is {seen[real]} too")
        seen[real] = file.name


def _apart(files: list[InputFile]) -> list[InputFile]:
    """Give files of one name a numbered folder per input, so that filtered copies never meet."""
    if len({file.below for file in files}) == len(files):
        return files
    numbers: dict[str, int] = {}
    names: dict[str, int] = {}
    apart = []
    for file in files:
        below = f"{numbers.setdefault(file.source, len(numbers) + 1)}/{file.below}"
        names[below] = names.get(below, 0) + 1
        if names[below] > 1:  # a glob over several folders
            below = f"{below.partition('/')[0]}-{names[below]}/{file.below}"
        apart.append(replace(file, below=below))
    return apart


def find_named(name: str) -> InputFile | None:
    """Return the file that an earlier run read under a name, None if it is gone."""
    path = Path(name)
    return _file(name, path, path.name, name) if path.is_file() else None
