"""Rows for any schema, drawn or made, the same for all tests of tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))

NESTED = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("n", pa.int64()),
        pa.field("small", pa.int32()),
        pa.field("share", pa.float64()),
        pa.field("flag", pa.bool_()),
        pa.field("raw", pa.binary()),
        pa.field("content", pa.large_string()),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("tags", pa.list_(pa.string())),
        pa.field(
            "names",
            pa.list_(pa.struct([("full_name", pa.string()), ("since", pa.timestamp("us", tz="UTC"))])),
        ),
        pa.field("pair", pa.struct([("a", pa.int64()), ("b", pa.list_(pa.int64()))])),
    ]
)
"""One column of each kind that the layout uses, and some nested deeper."""


def values_of(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """Return a strategy for values of an Arrow type, nulls among them."""
    types = pa.types
    if types.is_list(kind):
        plain: st.SearchStrategy[Any] = st.lists(values_of(kind.value_type), max_size=3)
    elif types.is_struct(kind):
        plain = st.fixed_dictionaries({field.name: values_of(field.type) for field in kind})
    elif types.is_timestamp(kind):
        plain = TIMES
    elif types.is_boolean(kind):
        plain = st.booleans()
    elif types.is_integer(kind):
        plain = st.integers(-(1 << (kind.bit_width - 1)), (1 << (kind.bit_width - 1)) - 1)
    elif types.is_floating(kind):
        plain = st.floats(allow_nan=False)
    elif types.is_binary(kind):
        plain = st.binary(max_size=12)
    else:
        plain = TEXT
    return st.none() | plain


def rows_of(
    schema: pa.Schema, *, min_size: int = 0, max_size: int = 12
) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return a strategy for rows of a schema."""
    columns = {
        field.name: values_of(field.type)
        if field.nullable
        else values_of(field.type).filter(lambda v: v is not None)
        for field in schema
    }
    return st.lists(st.fixed_dictionaries(columns), min_size=min_size, max_size=max_size)


def made_rows(schema: pa.Schema, count: int) -> list[dict[str, Any]]:
    """Return rows that differ in every column, with a null in each nullable one."""
    return [
        {
            field.name: None if field.nullable and number % 5 == index % 5 else made_value(field.type, number)
            for index, field in enumerate(schema)
        }
        for number in range(count)
    ]


def made_value(kind: pa.DataType, number: int) -> Any:
    """Return the value of a type for a row number."""
    types = pa.types
    if types.is_list(kind):
        return [made_value(kind.value_type, number + item) for item in range(number % 3)]
    if types.is_struct(kind):
        return {field.name: made_value(field.type, number) for field in kind}
    if types.is_timestamp(kind):
        return datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=number, microseconds=number)
    if types.is_boolean(kind):
        return number % 2 == 0
    if types.is_integer(kind):
        return number * 1_000_003
    if types.is_floating(kind):
        return number / 7
    return f"värde {number}".encode() if types.is_binary(kind) else f"värde {number}"
