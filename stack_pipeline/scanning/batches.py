"""Bring texts of any source into Arrow arrays of bounded size, which the engine takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from pii import redact
from stack_pipeline.scanning.tables import Piece
from stack_pipeline.scanning.texts import Place, Text

BATCH_BYTES = 8 << 20
_BATCH_TEXTS = 4096


@dataclass(frozen=True)
class Batch:
    """Some texts.

    Attributes:
        texts: A large_binary array; nulls are no texts.
        place: Where a text of the array stands.
        text: One text of the array.
    """

    texts: Any
    place: Callable[[int], Place]
    text: Callable[[int], Text]

    def count(self) -> int:
        """Return the number of texts."""
        return len(self.texts) - int(self.texts.null_count)


def batches_of_texts(texts: Iterable[tuple[Place, Text]]) -> Iterator[Batch]:
    """Put texts together; one that is larger than a batch is one by itself and is not copied."""
    waiting: list[tuple[Place, Text]] = []
    size = 0
    for place, text in texts:
        if waiting and (size + len(text.data) > BATCH_BYTES or len(waiting) == _BATCH_TEXTS):
            yield _batch(waiting)
            waiting, size = [], 0
        waiting.append((place, text))
        size += len(text.data)
    if waiting:
        yield _batch(waiting)


def batches_of_rows(pieces: Iterable[Piece]) -> Iterator[Batch]:
    """Take pieces of a table as they come."""
    for piece in pieces:
        yield Batch(piece.texts, partial(_row_place, piece), partial(_row_text, piece))


def array_of(texts: Sequence[bytes]) -> Any:
    """Return a large_binary array; that of one text shares its memory."""
    if len(texts) != 1:
        return pa.array(texts, pa.large_binary())
    ends = pa.array([0, len(texts[0])], pa.int64()).buffers()[1]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(texts[0])])


def _batch(texts: Sequence[tuple[Place, Text]]) -> Batch:
    places, held = zip(*texts, strict=True)
    return Batch(array_of([text.data for text in held]), places.__getitem__, held.__getitem__)


def _row_text(piece: Piece, index: int) -> Text:
    return Text(piece.texts[index].as_py())


def _row_place(piece: Piece, index: int) -> Place:
    """Return where a row stands; a name that is itself a find is redacted."""
    name = None if piece.ids is None else piece.ids[index].as_py()
    return Place(piece.path, int(piece.rows[index]), None if name is None else redact(name).text)
