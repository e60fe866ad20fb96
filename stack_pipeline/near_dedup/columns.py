"""Say which columns of the inputs hold the text, the id, the language and so on, by name or by what is usual.

A name with dots leads into nested columns: `meta.language`. A column whose own name has the dot comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from stack_pipeline.errors import UsageError

USUAL = {
    "text": ("content", "text", "code", "source_code", "body"),
    "id": ("id", "content_id", "blob_id", "hexsha", "doc_id", "document_id", "uuid"),
    "language": ("language", "lang", "programming_language"),
    "path": ("path", "file_path", "filepath", "max_stars_repo_path", "filename", "file_name"),
    "repository": ("repository", "repo_name", "repo", "repository_name", "max_stars_repo_name"),
}
"""Names that are tried, first come first, where the user names none."""

NONE = "none"
"""What a user says to have no such column."""


@dataclass(frozen=True)
class ColumnChoice:
    """The columns a user names; None is to find the usual one, `none` to have none.

    Args:
        text: The text.
        id: Distinct names of rows; without, a row is called `file:row`.
        language: Counted in the report, and a group of the alarm.
        path: Shown in the report.
        repository: Counted, and a group of the alarm.
        rank: Smaller is kept rather; None for the id.
        descending: Larger is kept rather.
        within: Only rows of equal value are compared; `language`, `path` and `repository` mean the columns above.
    """

    text: str | None = None
    id: str | None = None
    language: str | None = None
    path: str | None = None
    repository: str | None = None
    rank: str | None = None
    descending: bool = False
    within: str | None = None


def parse_rank(given: str | None) -> tuple[str | None, bool]:
    """Return column and direction of `COLUMN[:asc|desc]`.

    Examples:
        >>> parse_rank("stars:desc"), parse_rank("a:b"), parse_rank(None)
        (('stars', True), ('a:b', False), (None, False))
    """
    if given is None:
        return None, False
    name, colon, direction = given.rpartition(":")
    if colon and name and direction in ("asc", "desc"):
        return name, direction == "desc"
    return given, False


def choose_columns(
    choice: ColumnChoice,
    *,
    has: Callable[[str], bool],
    names: Sequence[str],
    file: str,
    later: Collection[str] = (),
) -> dict[str, str]:
    """Return the column of the inputs for each canonical name that is there.

    Args:
        choice: What the user names.
        has: Whether the first file has a column of a name, nested ones included.
        names: Its columns, for the hint of an error.
        file: Its name.
        later: Canonical names that come from elsewhere.

    Raises:
        UsageError: If a named column is missing, or there is no text.
    """
    chosen: dict[str, str] = {}
    for canonical, usual in USUAL.items():
        given = getattr(choice, canonical)
        if given is None:
            given = next((name for name in usual if has(name) and name not in chosen.values()), None)
        elif given == NONE and not has(NONE):
            given = None
        elif not has(given):
            raise missing_column(file, given, names)
        if given is not None:
            chosen[canonical] = given
    if "text" not in chosen:
        raise UsageError(f"{file}: no column for the text", hint=f"name it by --text-column; {listed(names)}")
    for canonical, given in (("rank", choice.rank), ("group", choice.within)):
        if given is not None and not (canonical == "group" and given in later):
            name = chosen.get(given, given) if canonical == "group" and not has(given) else given
            if not has(name):
                raise missing_column(file, name, names)
            chosen[canonical] = name
    return chosen


def missing_column(file: str, name: str, names: Sequence[str]) -> UsageError:
    """Return the error of a column that a file does not have."""
    return UsageError(f"{file}: no column '{name}'", hint=listed(names))


def listed(names: Sequence[str]) -> str:
    """Return the columns of a file in one line, cut to a length that can be read."""
    shown = ", ".join(names[:40]) or "none"
    return f"its columns: {shown}{', …' if len(names) > 40 else ''}"
