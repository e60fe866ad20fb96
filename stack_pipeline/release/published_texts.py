"""What the release shows of texts: their redacted form and its facts, the replacements, and the published ids."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import stack_native
from stack_pipeline.release.publishing import Publisher
from stack_pipeline.release.sort_keys import sort_keys
from stack_pipeline.release.work_tables import PUBLISHED_IDS, TEXT_ROWS
from stack_pipeline.tables.schema import REDACTIONS

UNKNOWN_LANGUAGE = "unknown"


@dataclass(frozen=True)
class PublishedTexts:
    """Some texts as they are published.

    Args:
        rows: Rows of `TEXT_ROWS`, a row per text.
        redactions: Rows of `REDACTIONS`, in order of texts and places.
        ids: Rows of `PUBLISHED_IDS`, a row per text.
    """

    rows: pa.Table
    redactions: pa.Table
    ids: pa.Table


def publish_texts(texts: pa.Table, publisher: Publisher) -> PublishedTexts:
    """Redact texts, measure what is published, and give each its published id.

    Args:
        texts: Columns `content_id`, `sha1`, `encoding`, `text_sha256`, `text`, `language` and `in_cluster`, of one chunk each.
        publisher: The settings and keys.
    """
    columns = {name: texts[name].combine_chunks() for name in texts.column_names}
    clean, spans = publisher.redact_array(columns["text"])
    clean = clean.cast(pa.large_string())
    changed = np.zeros(len(clean), dtype=bool)
    if spans is not None:
        changed[spans["row"].to_numpy()] = True
    content_ids, is_redacted = columns["content_id"], pa.array(changed)
    published = pc.replace_with_mask(
        content_ids, is_redacted, _other_ids(content_ids, is_redacted, publisher)
    )
    as_it_was = pc.equal(published, content_ids)
    lines = pa.table(stack_native.line_statistics(clean))
    rows = {
        "sort_key": sort_keys(columns["language"], published),
        "content_id": content_ids,
        "content_id_kind": pc.if_else(as_it_was, "git", "keyed"),
        "blob_id": pc.if_else(as_it_was, columns["sha1"], None),
        "content": clean,
        "content_sha256": pc.replace_with_mask(
            columns["text_sha256"], is_redacted, _sha256_of_each(clean.filter(is_redacted))
        ),
        "length_bytes": pc.binary_length(clean),
        "language": pc.fill_null(columns["language"], UNKNOWN_LANGUAGE),
        "src_encoding": columns["encoding"],
        # Of a cluster of near-duplicates only the representative is published.
        "near_dup_cluster": pc.if_else(columns["in_cluster"], published, None),
        **dict(zip(lines.column_names, lines.columns, strict=True)),
    }
    ids = {"content_id": content_ids, "published_id": published, "is_redacted": is_redacted}
    return PublishedTexts(
        pa.table({name: rows[name] for name in TEXT_ROWS.names}, TEXT_ROWS),
        _redactions(published, spans),
        pa.table(ids, PUBLISHED_IDS),
    )


def _other_ids(content_ids: pa.Array, is_redacted: pa.Array, publisher: Publisher) -> pa.Array:
    """Return the published ids of the texts that were changed."""
    names = content_ids.filter(is_redacted).to_pylist()
    return pa.array((publisher.published_id(name, is_published_as_is=False) for name in names), pa.string())


def _sha256_of_each(texts: pa.Array) -> pa.Array:
    """Return the SHA-256 of the bytes of each text of a large string array, in hex."""
    return pa.array((hashlib.sha256(text.as_buffer()).hexdigest() for text in texts), pa.string())


def _redactions(published: pa.Array, spans: pa.RecordBatch | None) -> pa.Table:
    """Return the replacements of a batch under published ids."""
    if spans is None:
        return REDACTIONS.empty_table()
    columns = {name: spans[name] for name in ("start", "end", "kind", "detector", "value_hash")}
    return pa.table({"content_id": published.take(spans["row"]), **columns}, REDACTIONS)
