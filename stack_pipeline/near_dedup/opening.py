"""Open the files of all inputs: choose their columns, bring their rows into one order, number what is counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stack_pipeline.errors import UsageError
from stack_pipeline.near_dedup.columns import ColumnChoice, choose_columns, listed, missing_column
from stack_pipeline.near_dedup.corpus_names import with_corpus_names
from stack_pipeline.near_dedup.input_files import InputFiles
from stack_pipeline.near_dedup.inputs import CODED, CORPUS_NAMES, Codes, Documents, Progress, Source
from stack_pipeline.near_dedup.json_lines import JsonLines
from stack_pipeline.near_dedup.order import id_places, rank_places
from stack_pipeline.near_dedup.parquet_source import ParquetSource
from stack_pipeline.near_dedup.value_forms import coded

_HELD_ID_BYTES = 256 << 20
_OPTIONAL = {"language", "path", "repository"}


def open_documents(found: InputFiles, choice: ColumnChoice, *, progress: Progress) -> Documents:
    """Open the files, choose the columns and bring the rows into their order.

    Args:
        found: The files.
        choice: The columns that the user names.
        progress: Told of each file.

    Raises:
        UsageError: If a file is damaged, a column is missing or of a wrong type, or ids are not distinct.
    """
    sources = [ParquetSource(f) if f.kind == "parquet" else JsonLines(f) for f in found.files]
    columns = _columns_of(sources, choice, found.corpora)
    held = _Held()
    for index, (source, there) in enumerate(zip(sources, columns, strict=True)):
        progress("read columns", index, len(sources))
        held.read(source, {name: there[name] for name in ("id", "rank", *CODED) if name in there})
    progress("read columns", len(sources), len(sources))
    starts = [0, *np.cumsum(held.rows, dtype=np.int64).tolist()]
    documents = Documents(sources, starts, columns, np.empty(0, np.int64), held.codes(), held.id_type())
    named = {"id": ids} if (ids := held.short_ids()) is not None else {}
    rank = _ordered(documents, held, choice)
    documents = replace(documents, rank=rank, named=named)
    if found.corpora:
        documents = with_corpus_names(documents, found.corpora, within=choice.within)
    return documents


def _columns_of(
    sources: Sequence[Source], choice: ColumnChoice, corpora: Collection[str]
) -> list[dict[str, str]]:
    """Choose the columns of each input by its first file that has rows; its other files must have them too.

    What is usual is looked for in each input on its own, so that sets of different makers go together.
    """
    if all(source.is_empty for source in sources):
        raise UsageError(f"{sources[0].file.name}: no rows to read")
    firsts: dict[str, tuple[Source, dict[str, str]]] = {}
    columns = []
    for source in sources:
        given = source.file.source
        if source.is_empty:
            columns.append({"text": choice.text or ""})
            continue
        if given not in firsts:
            later = CORPUS_NAMES if given in corpora else ()
            name = source.file.name
            chosen = choose_columns(choice, has=source.has, names=source.names, file=name, later=later)
            firsts[given] = (source, chosen)
        columns.append(_as_first(source, *firsts[given], choice))
    _check_ids_of_all(firsts)
    return columns


def _as_first(source: Source, first: Source, chosen: dict[str, str], choice: ColumnChoice) -> dict[str, str]:
    """Return the columns of a file, which are those of the first of its input but for optional ones."""
    there = {name: column for name, column in chosen.items() if source.has(column)}
    for name in sorted(chosen.keys() - there.keys()):
        if name not in _OPTIONAL or getattr(choice, name) is not None:
            error = missing_column(source.file.name, chosen[name], source.names)
            raise UsageError(f"{error.message}, which {first.file.name} has", hint=error.hint)
    return there


def _check_ids_of_all(firsts: dict[str, tuple[Source, dict[str, str]]]) -> None:
    with_ids = next((given for given, (_, chosen) in firsts.items() if "id" in chosen), None)
    for source, chosen in firsts.values():
        if with_ids is not None and "id" not in chosen:
            raise UsageError(
                f"{source.file.name}: no column for the id, and {with_ids} has one",
                hint=f"--id-column none names all rows by file and number; {listed(source.names)}",
            )


class _Held:
    """What is gathered of every row in the first reading."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.values: dict[str, list[Any]] = {"id": [], "rank": []}
        self._known: dict[str, dict[str | None, int]] = {name: {} for name in CODED}
        self._codes: dict[str, list[npt.NDArray[np.int32]]] = {name: [] for name in CODED}
        self._ids: tuple[pa.DataType, Source] | None = None

    def read(self, source: Source, columns: dict[str, str]) -> None:
        """Read the columns of one file."""
        count = 0
        for rows, arrays in source.read(columns, None) if columns else ():
            count += len(rows)
            for name in ("id", "rank"):
                if name in arrays:
                    self.values[name].append(arrays[name])
            if "id" in arrays:
                self._check_ids(arrays["id"].type, source, columns["id"])
            for name in CODED:
                self._code(name, arrays.get(name), len(rows))
        rows_there = count if columns else _rows(source)
        if not columns:
            for name in CODED:
                self._code(name, None, rows_there)
        self.rows.append(rows_there)

    def _check_ids(self, kind: pa.DataType, source: Source, column: str) -> None:
        if self._ids is None:
            self._ids = (kind, source)
        elif self._ids[0] != kind:
            raise UsageError(
                f"{source.file.name}: ids in '{column}' are {kind}, in {self._ids[1].file.name} they are {self._ids[0]}",
                hint="bring them into one type, or --id-column none",
            )

    def _code(self, name: str, values: Any, rows: int) -> None:
        known = self._known[name]
        if values is None:
            self._codes[name].append(np.full(rows, known.setdefault(None, len(known)), np.int32))
            return
        self._codes[name].append(coded(values, known))

    def short_ids(self) -> Any:
        """Return the ids of all rows if they are few enough to hold, else None."""
        arrays = self.values["id"]
        if not arrays or sum(array.nbytes for array in arrays) > _HELD_ID_BYTES:
            return None
        self.values["id"] = [pa.concat_arrays(arrays)]
        return self.values["id"][0]

    def id_type(self) -> pa.DataType:
        return pa.large_string() if self._ids is None else self._ids[0]

    def codes(self) -> dict[str, Codes]:
        """Return the columns that any row has a value of."""
        found = {name: list(known) for name, known in self._known.items() if known.keys() - {None}}
        return {name: Codes(names, np.concatenate(self._codes[name])) for name, names in found.items()}


def _rows(source: Source) -> int:
    return source.count() if isinstance(source, JsonLines) else source.rows


def _ordered(documents: Documents, held: _Held, choice: ColumnChoice) -> npt.NDArray[np.int64]:
    """Return the places of the rows in the order of (rank, id), or of (rank, row) where there are no ids."""
    ties = None
    if held.values["id"]:
        ties, twice = id_places(pa.concat_arrays(held.values.pop("id")))
        if twice is not None:
            where = " and ".join(documents.shown_place(row) for row in twice)
            raise UsageError(
                f"one id stands twice: {where}",
                hint=f"--id-column names another; --id-column none names rows by file and number; "
                f"{listed(documents.sources[0].names)}",
            )
    if held.values["rank"]:
        ranks = _one_type(held.values.pop("rank"), documents, str(choice.rank))
        return rank_places(ranks, descending=choice.descending, ties=ties)
    return np.arange(documents.count, dtype=np.int64) if ties is None else ties


def _one_type(arrays: Sequence[Any], documents: Documents, column: str) -> Any:
    kinds = {array.type for array in arrays if array.null_count < len(array)}
    if len(kinds) > 1 and all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds):
        kinds = {pa.float64()}
    if len(kinds) > 1:
        names = ", ".join(sorted(map(str, kinds)))
        raise UsageError(
            f"column '{column}' has several types: {names}", hint=listed(documents.sources[0].names)
        )
    kind = next(iter(kinds), pa.int64())
    return pa.concat_arrays(
        [a.cast(kind) if a.null_count < len(a) else pa.nulls(len(a), kind) for a in arrays]
    )
