"""The key by which published rows lie in shards: the slug of the language, a slash, and the published id."""

from __future__ import annotations

from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.files import language_slug

_Strings = TypeVar("_Strings", pa.Array, pa.ChunkedArray)


def sort_keys(languages: _Strings, published_ids: _Strings) -> _Strings:
    """Return the sort key of each row.

    Examples:
        >>> sort_keys(pa.array(["C#", None]), pa.array(["0a", "0b"])).to_pylist()
        ['c-sharp/0a', 'unknown/0b']
    """
    names = pc.unique(languages)
    slugs = pa.array([language_slug(language) for language in names.to_pylist()], pa.string())
    return pc.binary_join_element_wise(
        slugs.take(pc.index_in(languages, value_set=names)), published_ids, "/"
    )


def published_ids_of(keys: _Strings) -> _Strings:
    """Return the published ids in sort keys.

    Examples:
        >>> published_ids_of(pa.array(["c-sharp/0a"])).to_pylist()
        ['0a']
    """
    return pc.list_element(pc.split_pattern(keys, "/"), 1)


def slugs_of(keys: _Strings) -> _Strings:
    """Return the language slugs in sort keys.

    Examples:
        >>> slugs_of(pa.array(["c-sharp/0a"])).to_pylist()
        ['c-sharp']
    """
    return pc.list_element(pc.split_pattern(keys, "/"), 0)
