"""Bring columns of whatever type into the few forms that near-deduplication works with, or say in one line why not.

Texts become large_binary, ids int64, large_string or large_binary, names large_string. Strings pass without a copy of their bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from stack_pipeline.errors import UsageError

Refuse = Callable[[str], UsageError]
"""Makes the error of a column out of what is wrong with it."""


def plain(column: Any) -> Any:
    """Return a column without dictionary encoding, as one array."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pt.is_dictionary(array.type):
        values = array.dictionary
        if _is_text(values.type) or _is_bytes(values.type):  # the texts together may pass 2 GB
            values = values.cast(pa.large_string() if _is_text(values.type) else pa.large_binary())
        array = pa.DictionaryArray.from_arrays(array.indices, values).dictionary_decode()
    return array


def text_values(column: Any, refuse: Refuse) -> Any:
    """Return texts as large_binary; nulls stay."""
    array = plain(column)
    if not (_is_text(array.type) or _is_bytes(array.type) or pt.is_null(array.type)):
        raise refuse(f"is {array.type}; texts are strings or binary values")
    return array.cast(pa.large_binary())


def id_values(column: Any, refuse: Refuse) -> Any:
    """Return ids as int64, large_string or large_binary; none may be null."""
    array = plain(column)
    if pt.is_integer(array.type):
        form = pa.int64()
    elif _is_text(array.type):
        form = pa.large_string()
    elif _is_bytes(array.type):
        form = pa.large_binary()
    else:
        raise refuse(f"is {array.type}; ids are integers, strings or binary values")
    if array.null_count:
        raise refuse(f"holds {array.null_count:,} nulls; ids must not be null")
    try:
        return _valid(array) if pt.is_large_string(form) else array.cast(form)
    except pa.ArrowInvalid:
        raise refuse("holds an integer that does not fit 64 bits with a sign") from None


def name_values(column: Any, refuse: Refuse) -> Any:
    """Return names, such as languages and paths, as large_string; other plain values as they are written."""
    array = plain(column)
    if _is_bytes(array.type):
        return _decoded(array)
    if _is_text(array.type):
        return _valid(array)
    try:
        return array.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise refuse(f"is {array.type}; a name is a plain value") from None


def rank_values(column: Any, refuse: Refuse) -> Any:
    """Return values that sort: booleans, numbers, dates, strings."""
    array = plain(column)
    if _is_text(array.type) or _is_bytes(array.type):
        return array.cast(pa.large_binary())
    if pt.is_null(array.type):
        return pa.nulls(len(array), pa.int64())
    if pt.is_boolean(array.type):
        return array.cast(pa.int8())
    if pt.is_integer(array.type) or pt.is_floating(array.type) or pt.is_decimal(array.type):
        return array
    if pt.is_temporal(array.type) and not pt.is_interval(array.type):
        return array
    raise refuse(f"is {array.type}, which has no order")


def _valid(array: Any) -> Any:
    """Return strings as large_string; what is no UTF-8, which Parquet does not rule out, by its escapes."""
    strings = array.cast(pa.large_string())
    try:
        strings.validate(full=True)
    except pa.ArrowInvalid:
        return _decoded(array.cast(pa.large_binary()))
    return strings


def _decoded(array: Any) -> Any:
    values = [None if v is None else v.decode("utf-8", "backslashreplace") for v in array.to_pylist()]
    return pa.array(values, pa.large_string())


def nested(table: Any, name: str) -> Any:
    """Return the column of a name, which may lead through structs by dots."""
    if name in table.schema.names:
        return table.column(name)
    for cut in range(1, name.count(".") + 1):
        parts = name.split(".")
        top = ".".join(parts[:cut])
        if top in table.schema.names:
            return pc.struct_field(table.column(top), parts[cut:])
    raise KeyError(name)


def has_column(schema: pa.Schema, name: str) -> bool:
    """Whether a schema has a column of a name, nested ones included."""
    if name in schema.names:
        return True
    parts = name.split(".")
    for cut in range(1, len(parts)):
        top = ".".join(parts[:cut])
        if top in schema.names and _leads(schema.field(schema.get_field_index(top)).type, parts[cut:]):
            return True
    return False


def _leads(kind: pa.DataType, parts: list[str]) -> bool:
    for part in parts:
        if not pt.is_struct(kind) or kind.get_field_index(part) < 0:
            return False
        kind = kind.field(part).type
    return True


def _is_text(kind: pa.DataType) -> bool:
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(
        pt.is_binary(kind)
        or pt.is_large_binary(kind)
        or pt.is_binary_view(kind)
        or pt.is_fixed_size_binary(kind)
    )


def coded(values: Any, known: dict[str | None, int]) -> npt.NDArray[np.int32]:
    """Return the code of each value; values that are not known yet get the next numbers in `known`."""
    encoded = values.dictionary_encode()
    codes = [known.setdefault(value, len(known)) for value in encoded.dictionary.to_pylist()]
    if encoded.indices.null_count:
        codes.append(known.setdefault(None, len(known)))
    indices = encoded.indices.fill_null(len(codes) - 1).to_numpy()
    return np.array(codes, np.int32)[indices] if codes else np.empty(0, np.int32)
