"""Name the contents of a corpus: languages, repositories and paths stand in its origins, not beside the texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.corpus import open_corpus
from stack_pipeline.near_dedup.inputs import CORPUS_NAMES, Codes, Documents
from stack_pipeline.near_dedup.value_forms import coded
from stack_pipeline.tables.parquet import iter_table

_READ = ["content_id", "language", "repository", "path"]


def with_corpus_names(documents: Documents, corpora: Sequence[str], *, within: str | None) -> Documents:
    """Return documents with the names of each content's first origin by repository and path.

    Args:
        documents: Rows of corpora, and others, which keep what they have.
        corpora: The corpora.
        within: The column whose values bound comparison; of these names it becomes the group.
    """
    origins = _first_origins(corpora)
    indices = pa.concat_arrays(
        [
            pc.index_in(_as_strings(table.column("id")), value_set=origins.column("content_id"))
            for _, table in documents.batches(["id"])
        ]
        or [pa.array([], pa.int32())]
    )
    found = {name: origins.column(name).combine_chunks().take(indices) for name in CORPUS_NAMES}
    if any(documents.has(name) for name in CORPUS_NAMES):
        read = pa.concat_tables([table for _, table in documents.batches(list(CORPUS_NAMES))])
        own = {name: read.column(name).combine_chunks() for name in CORPUS_NAMES}
        found = {name: pc.coalesce(found[name], own[name]) for name in CORPUS_NAMES}
    codes = dict(documents.codes)
    for name in ("language", "repository"):
        known: dict[str | None, int] = {}
        rows_of = coded(found[name], known)
        codes[name] = Codes(list(known), rows_of)
    if within in codes and within in CORPUS_NAMES:
        codes["group"] = codes[within]
    return replace(documents, codes=codes, named={**documents.named, "path": found["path"]})


def _first_origins(corpora: Sequence[str]) -> pa.Table:
    tables = []
    for url in corpora:
        corpus = open_corpus(url)
        for snapshot in corpus.snapshots():
            for ref in snapshot.files("origins"):
                tables += list(iter_table(corpus.storage, ref.name, columns=_READ))
    whole = pa.concat_tables(tables).cast(pa.schema([(name, pa.large_string()) for name in _READ]))
    ordered = whole.take(
        pc.sort_indices(
            whole, sort_keys=[(name, "ascending") for name in ("content_id", "repository", "path")]
        )
    ).combine_chunks()
    ids = ordered.column("content_id")
    first = np.ones(len(ids), bool)
    if len(ids) > 1:
        first[1:] = np.asarray(pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1)))
    return ordered.filter(pa.array(first)).combine_chunks()


def _as_strings(ids: Any) -> Any:
    return ids.cast(pa.large_string()).combine_chunks()
