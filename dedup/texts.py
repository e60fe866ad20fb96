"""Bring texts, in whatever they come, into one Arrow array of strings or bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa


def text_array(texts: Any) -> Any:
    """Return `texts` as one Arrow array of type string, large_string, binary or large_binary.

    Arrays pass without a copy. The chunks of a chunked array become one large_binary array, so that 2 GB
    are no limit. Python strings become UTF-8 in a large_binary array, lone surrogates included.

    Args:
        texts: A `pyarrow.Array` or `ChunkedArray` of one of these types, or an iterable of `str`, `bytes`
            or None.

    Raises:
        ValueError: If the type is another.

    Examples:
        >>> text_array(["a", b"b", None]).to_pylist()
        [b'a', b'b', None]
    """
    if isinstance(texts, (pa.Array, pa.ChunkedArray)):
        kind = texts.type
        if kind not in (pa.string(), pa.large_string(), pa.binary(), pa.large_binary()):
            raise ValueError(f"texts must be an array of strings or binary values, got {kind}")
        if isinstance(texts, pa.Array):
            return texts
        return texts.chunk(0) if texts.num_chunks == 1 else texts.cast(pa.large_binary()).combine_chunks()
    if isinstance(texts, (str, bytes)) or not isinstance(texts, Iterable):
        raise ValueError(f"texts must be an Arrow array or an iterable of texts, got {type(texts).__name__}")
    return pa.array([_as_bytes(text) for text in texts], pa.large_binary())


def _as_bytes(text: object) -> bytes | None:
    if text is None or isinstance(text, bytes):
        return text
    if isinstance(text, str):
        return text.encode("utf-8", "surrogatepass")
    raise ValueError(f"texts must be str, bytes or None, got {type(text).__name__}")
