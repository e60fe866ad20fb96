"""Compare how the changed files of a language parse before and after redaction, and say which replacement broke one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.pii.parser_programs import NotChecked, Parse, parser_of
from benchmarks.pii.parsing import LANGUAGES, Parsed, language_of
from benchmarks.pii.redacted_files import RedactedFile
from stack_pipeline.scanning.redacting import Replaced

_MOST_VARIANTS = 200


@dataclass(frozen=True, order=True, slots=True)
class Broken:
    """A file that parsed before redaction and not after, or into a tree of another shape.

    Attributes:
        language: Its language.
        repository: Name of the repository.
        path: Path in it.
        line: First line that does not parse; for another shape, the line of the replacement.
        problem: "does not parse" or "another tree".
        detectors: Who found what was replaced there, with kinds; never a value.
    """

    language: str
    repository: str
    path: str
    line: int
    problem: str
    detectors: tuple[str, ...]


@dataclass
class ParseCounts:
    """Files of a language, and how many of them were changed, parsed before, after, and into the same tree."""

    files: int = 0
    changed: int = 0
    before: int = 0
    after: int = 0
    same: int | None = None
    not_checked: str = ""
    broken: list[Broken] = field(default_factory=list)


def check_parsing(
    files: Iterable[tuple[str, bool]], changed: Sequence[RedactedFile]
) -> dict[str, ParseCounts]:
    """Parse the changed files before and after.

    Args:
        files: Path of every file, and whether it was changed.
        changed: The changed ones.
    """
    counts = {language: ParseCounts() for language in LANGUAGES}
    for path, is_changed in files:
        if language := language_of(path):
            counts[language].files += 1
            counts[language].changed += is_changed
    for language, count in counts.items():
        wanted = [file for file in changed if language_of(file.path) == language]
        try:
            _compare(language, parser_of(language), wanted, count)
        except NotChecked as reason:
            count.not_checked = str(reason)
    return counts


def _compare(language: str, parse: Parse, files: Sequence[RedactedFile], count: ParseCounts) -> None:
    before = parse([file.original for file in files])
    valid = [(file, was) for file, was in zip(files, before, strict=True) if was.is_valid]
    after = parse([file.clean for file, _ in valid])
    count.before, count.after = len(valid), sum(now.is_valid for now in after)
    if any(was.shape for was in before):
        count.same = sum(
            now.is_valid and was.shape == now.shape for (_, was), now in zip(valid, after, strict=True)
        )
    for (file, was), now in zip(valid, after, strict=True):
        if now != was:
            count.broken.append(_broken(language, parse, file, was, now))


def _broken(language: str, parse: Parse, file: RedactedFile, was: Parsed, now: Parsed) -> Broken:
    """Describe a broken file by the replacements that break it alone; else by those of the line."""
    variants = file.replacements[:_MOST_VARIANTS]
    alone = parse([file.with_only(replacement) for replacement in variants])
    guilty = [each for each, parsed in zip(variants, alone, strict=True) if parsed != was]
    guilty = guilty or [each for each in variants if _line(file, each) == now.error_line]
    names = sorted({f"{each.kind} {each.detector}" for each in guilty})
    line = now.error_line or (_line(file, guilty[0]) if guilty else 0)
    problem = "another tree" if now.is_valid else "does not parse"
    return Broken(language, file.repository, file.path, line, problem, tuple(names))


def _line(file: RedactedFile, replacement: Replaced) -> int:
    return file.original.count(b"\n", 0, replacement.original_start) + 1
