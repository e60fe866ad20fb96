"""The logical digest of a table: over its rows, whatever wrote the file and however it is cut.

Each column feeds streaming SHA-256 hashers with its validity, its lengths and its values apart, so that the digest does not depend on
batch or row-group borders, compression, dictionary encoding or the Parquet writer.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class LogicalDigest:
    """Digest rows batch by batch.

    Examples:
        >>> import pyarrow as pa
        >>> table = pa.table({"a": ["x", None, "yz"]})
        >>> whole, cut = LogicalDigest(table.schema), LogicalDigest(table.schema)
        >>> whole.update(table)
        >>> for row in range(3): cut.update(table.slice(row, 1))
        >>> whole.hexdigest() == cut.hexdigest()
        True
    """

    def __init__(self, schema: pa.Schema) -> None:
        self.rows = 0
        self._schema = schema
        self._columns = [_ColumnDigest(field.type) for field in schema]

    def update(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Add rows, whose columns are those of the schema in the same order."""
        self.rows += rows.num_rows
        for digest, column in zip(self._columns, rows.columns, strict=True):
            for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
                digest.update(chunk)

    def hexdigest(self) -> str:
        """Return the digest in hex."""
        total = hashlib.sha256(str(self.rows).encode())
        for field, digest in zip(self._schema, self._columns, strict=True):
            total.update(f"\n{field.name}:{digest.kind}:".encode() + digest.digest())
        return total.hexdigest()


class _ColumnDigest:
    """The streaming digest of one column or of one child of a nested column."""

    def __init__(self, kind: pa.DataType) -> None:
        self.kind = _logical_name(kind)
        self._hashers = {name: hashlib.sha256() for name in ("validity", "lengths", "values")}
        self._children = [_ColumnDigest(child) for child in _children(kind)]

    def update(self, array: pa.Array) -> None:
        kind = array.type
        if pa.types.is_dictionary(kind):
            array, kind = array.cast(kind.value_type), kind.value_type
        self._hashers["validity"].update(_validity_bytes(array))
        if pa.types.is_struct(kind):
            for index, child in enumerate(self._children):
                child.update(pc.struct_field(array, index))
        elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
            self._lengths(pc.list_value_length(array))
            self._children[0].update(array.flatten())
        elif is_variable(kind):
            self._lengths(pc.binary_length(array))
            self._hashers["values"].update(_value_bytes(array))
        else:
            self._hashers["values"].update(_fixed_bytes(array))

    def _lengths(self, lengths: pa.Array) -> None:
        known = lengths.fill_null(0) if lengths.null_count else lengths
        self._hashers["lengths"].update(np.asarray(known).astype("<i8").tobytes())

    def digest(self) -> bytes:
        total = hashlib.sha256()
        for hasher in self._hashers.values():
            total.update(hasher.digest())
        for child in self._children:
            total.update(child.kind.encode() + child.digest())
        return total.digest()


def is_variable(kind: pa.DataType) -> bool:
    """Whether values of a type have lengths of their own: strings and binaries, large or not."""
    types = pa.types
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
    )


def _logical_name(kind: pa.DataType) -> str:
    """Name a type by what it holds: a large string is a string, a dictionary is its values."""
    if pa.types.is_dictionary(kind):
        return _logical_name(kind.value_type)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return "list"
    if pa.types.is_struct(kind):
        return "struct(" + ",".join(field.name for field in kind) + ")"
    return str(kind).removeprefix("large_")


def _children(kind: pa.DataType) -> list[pa.DataType]:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return [kind.value_type]
    return [field.type for field in kind] if pa.types.is_struct(kind) else []


def _validity_bytes(array: pa.Array) -> bytes:
    """Return a byte per row: 1 for a value, 0 for a null."""
    if not array.null_count:
        return b"\x01" * len(array)
    return np.asarray(array.is_valid().cast(pa.uint8())).tobytes()


def _value_bytes(array: pa.Array) -> bytes | memoryview:
    """Return the bytes of all valid values of a string or binary array, one after another."""
    array = array.drop_null() if array.null_count else array
    if not len(array):
        return b""
    large = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64 if large else np.int32)
    first, last = int(offsets[array.offset]), int(offsets[array.offset + len(array)])
    data = array.buffers()[2]
    return memoryview(data)[first:last] if data is not None else b""


def _fixed_size_bytes(array: pa.Array) -> bytes | memoryview:
    """Return the bytes of all valid values of a fixed-size binary array, one after another."""
    if array.null_count:
        return _value_bytes(array.cast(pa.binary()))
    width = array.type.byte_width
    return memoryview(array.buffers()[1])[array.offset * width : (array.offset + len(array)) * width]


def _fixed_bytes(array: pa.Array) -> bytes | memoryview:
    """Return the values of a fixed-width array, zero where null."""
    kind = array.type
    if pa.types.is_boolean(kind):
        array = array.cast(pa.uint8())
    elif pa.types.is_timestamp(kind):
        array = array.cast(pa.int64())
    elif pa.types.is_null(kind):
        return b""
    elif pa.types.is_fixed_size_binary(kind):
        return _fixed_size_bytes(array)
    values: Any = np.asarray(array.fill_null(0) if array.null_count else array)
    return bytes(values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes())
