"""Open what a scan is to read: files and folders, stdin, a commit, or a column of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stack_pipeline.errors import UsageError
from stack_pipeline.scanning.baseline import baseline_name
from stack_pipeline.scanning.batches import Batch, batches_of_rows, batches_of_texts
from stack_pipeline.scanning.files import STDIN, check_paths, file_texts, find_files, stdin_texts
from stack_pipeline.scanning.revisions import Revision
from stack_pipeline.scanning.tables import count_rows, open_tables, pieces
from stack_pipeline.scanning.tally import Tally


@dataclass(frozen=True)
class Inputs:
    """What a scan reads.

    Attributes:
        batches: The texts, read as they are asked for.
        count: Counts them beforehand, for progress; reads lists of files, and JSONL files.
        holds: Whether a file, by its name in a baseline, is among them, or would be.
    """

    batches: Iterator[Batch]
    count: Callable[[], int]
    holds: Callable[[str], bool]


@contextmanager
def open_inputs(
    paths: Sequence[str],
    tally: Tally,
    *,
    read_stdin: Callable[[], bytes],
    revision: str | None = None,
    column: str | None = None,
    id_column: str | None = None,
    skip: Sequence[Path] = (),
) -> Iterator[Inputs]:
    """Open inputs and check them before anything is read.

    Args:
        paths: Files, folders, `-` alone; with `revision` one repository; with `column` tables.
        tally: Counts what is read and what is left out.
        read_stdin: Reads stdin to its end.
        revision: A commit of the repository.
        column: Column of the text.
        id_column: Column of the row's name.
        skip: Files that are not searched: baselines.

    Raises:
        UsageError: If the inputs do not go together, or are not there.
    """
    check_together(paths, revision=revision, column=column, id_column=id_column)
    if revision is not None:
        with Revision(paths[0], revision, skip=skip) as opened:
            yield Inputs(batches_of_texts(opened.texts(tally)), opened.count, lambda name: True)
    elif column is not None:
        sources = open_tables(paths, column=column, id_column=id_column)
        names = {baseline_name(source.file.name) for source in sources}
        rows = batches_of_rows(pieces(sources, column=column, id_column=id_column))
        yield Inputs(rows, lambda: count_rows(sources), names.__contains__)
    elif STDIN in paths:
        yield Inputs(
            batches_of_texts(stdin_texts(read_stdin(), tally)), lambda: 1, lambda name: name == STDIN
        )
    else:
        check_paths(paths)
        known = [path.stat() for path in skip if path.exists()]
        left_out = {(status.st_dev, status.st_ino) for status in known}
        files = find_files(paths, tally, skip=left_out)
        yield Inputs(
            batches_of_texts(file_texts(files, tally)),
            lambda: sum(1 for _ in find_files(paths, Tally())),
            lambda name: _is_below(name, paths),
        )


def check_together(
    paths: Sequence[str], *, revision: str | None, column: str | None, id_column: str | None = None
) -> None:
    """Refuse inputs that do not go together.

    Raises:
        UsageError: If so.
    """
    if revision is not None and column is not None:
        raise UsageError("--revision and --column do not go together", hint="scan a commit or a column")
    if id_column is not None and column is None:
        raise UsageError("--id-column names the rows of a table", hint="name the text's column by --column")
    if STDIN in paths and (len(paths) > 1 or revision is not None or column is not None):
        raise UsageError(
            "stdin is one text and is read alone",
            hint="give - as the only path, without --revision or --column",
        )
    if revision is not None and len(paths) != 1:
        raise UsageError("--revision is read of one repository", hint="name one repository")


def _is_below(name: str, paths: Sequence[str]) -> bool:
    for path in map(baseline_name, paths):
        if path == "." and not name.startswith(("../", "/")):
            return True
        if name == path or name.startswith(path + "/"):
            return True
    return False
