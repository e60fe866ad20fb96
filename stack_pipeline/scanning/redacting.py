"""Redact texts one by one, and hand each to what is to become of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pii import DEFAULT_KINDS, redact_array
from stack_pipeline.errors import UsageError
from stack_pipeline.keys import KeyRing, read_key_file
from stack_pipeline.scanning.batches import array_of
from stack_pipeline.scanning.files import STDIN, FoundFile, read_file, shown
from stack_pipeline.scanning.tally import Tally
from stack_pipeline.scanning.texts import Text, read_text


@dataclass(frozen=True)
class RedactSettings:
    """What to replace, and by what.

    Attributes:
        kinds: Of `pii.KINDS`.
        policy: One of `pii.POLICIES`.
        style: One of `pii.STYLES`; None for synthetic with a key, placeholder without.
        key: Key of stand-ins.
        threads: Threads of the engine.
    """

    kinds: tuple[str, ...] = DEFAULT_KINDS
    policy: str = "redact"
    style: str | None = None
    key: bytes | None = field(default=None, repr=False)
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Replaced:
    """A replacement: bytes of the original and of the redacted text, kind and rule."""

    original_start: int
    original_end: int
    start: int
    end: int
    kind: str
    detector: str


@dataclass(frozen=True, slots=True)
class RedactedFile:
    """A file that was redacted.

    Attributes:
        file: Which one.
        status: What it was when it was read; None for stdin.
        text: Its text.
        clean: The redacted text.
        replaced: Where they differ, in order.
    """

    file: FoundFile
    status: os.stat_result | None
    text: Text
    clean: bytes = field(repr=False)
    replaced: Sequence[Replaced]


def redaction_key(path: Path) -> bytes:
    """Read a key file and return the key of stand-ins, the same that a release of a corpus with this key uses.

    Raises:
        UsageError: If it is missing, no regular file, can be read by others, or holds no key.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise UsageError(
            f"{shown(str(path))}: cannot read the key file: {error.strerror}",
            hint="make one with: (umask 077; openssl rand -hex 32 > FILE)",
        ) from None
    if not stat.S_ISREG(mode):
        raise UsageError(
            f"{shown(str(path))}: the key file is no regular file", hint="name a file of mode 0600"
        )
    return KeyRing(read_key_file(path)).subkey("redaction")


def redact_text(data: bytes, settings: RedactSettings) -> tuple[bytes, list[Replaced]]:
    """Return a redacted text and what was replaced, in order."""
    texts, spans = redact_array(
        array_of([data]),
        key=settings.key,
        policy=settings.policy,
        style=settings.style,
        kinds=settings.kinds,
        threads=settings.threads,
    )
    rows = spans.select(["original_start", "original_end", "start", "end", "kind", "detector"]).to_pylist()
    return (texts[0].as_py() if rows else data), [Replaced(**row) for row in rows]


def redact_files(
    files: Iterable[FoundFile],
    settings: RedactSettings,
    tally: Tally,
    *,
    progress: Callable[[int], None] | None = None,
) -> Iterator[RedactedFile]:
    """Yield every text file redacted, changed or not; what is binary or cannot be read is counted.

    Args:
        files: The files.
        settings: What to replace.
        tally: Counts texts and replacements.
        progress: Called with the number of files that are done.
    """
    for file in files:
        if progress is not None:
            progress(tally.texts + tally.binary + tally.links + tally.unread)
        try:
            raw, status = read_file(file.path)
        except (OSError, ValueError) as error:
            tally.add_unread(shown(file.path), getattr(error, "strerror", None) or str(error))
            continue
        text = read_text(raw)
        del raw
        if text is None:
            tally.binary += 1
            continue
        clean, replaced = redact_text(text.data, settings)
        count_replaced(tally, replaced)
        yield RedactedFile(file, status, text, clean, replaced)


def count_replaced(tally: Tally, replaced: Sequence[Replaced]) -> None:
    """Count a text and its replacements."""
    tally.texts += 1
    tally.changed += bool(replaced)
    tally.found.update((each.kind, each.detector) for each in replaced)


def redact_stdin(raw: bytes, settings: RedactSettings, tally: Tally) -> Iterator[RedactedFile]:
    """Yield what stdin held, redacted; what is binary is counted."""
    text = read_text(raw)
    if text is None:
        tally.binary += 1
        return
    clean, replaced = redact_text(text.data, settings)
    count_replaced(tally, replaced)
    yield RedactedFile(FoundFile(STDIN, STDIN), None, text, clean, replaced)
