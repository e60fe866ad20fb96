"""The tables that the stages of a release hand to each other, below `work/`."""

from __future__ import annotations

import pyarrow as pa

from stack_pipeline.tables.schema import DATA, ORIGINS, REPOSITORIES

SHUFFLED_GROUP_BYTES = 1 << 18
"""Row groups of a table of which every later task reads its own range out of every file: small, so that it reads little else."""


def _schema(*columns: tuple[str, pa.DataType]) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns])


VIEW = pa.schema([*REPOSITORIES, pa.field("opted_out", pa.bool_()), pa.field("opt_out_reason", pa.string())])
"""A row per (repository, ref) of the view, with what the rules say of it."""

JUDGED_ORIGINS = pa.schema(
    [
        *ORIGINS,
        pa.field("ref", pa.string()),
        pa.field("license_type", pa.string()),
        pa.field("drop_reason", pa.string()),  # null: passed all origin rules
        pa.field("drop_rule", pa.string()),
        pa.field("is_representative", pa.bool_()),  # of its blob, among those that passed
    ]
)
"""Every origin of the view whose text was read, in order of content id."""

BLOBS = _schema(
    ("content_id", pa.string()),
    ("text_sha256", pa.string()),
    ("length_bytes", pa.int64()),
    ("language", pa.string()),
    ("rank", pa.binary()),
    ("blob_rank", pa.binary()),
    ("origin_count", pa.int64()),
)
"""A row per blob that is still in, with the facts of its representative."""

BLOB_DROPS = _schema(
    ("content_id", pa.string()),
    ("stage", pa.string()),
    ("reason", pa.string()),
    ("rule", pa.string()),
    ("kept_content_id", pa.string()),
    ("similarity", pa.float64()),
)
"""A row per blob that is out, in order of content id."""

ORDER = _schema(
    ("content_id", pa.string()), ("file", pa.int32()), ("row", pa.int64()), ("length_bytes", pa.int64())
)
"""Blobs that have shingles, best rank first: a row's number is the blob's index in pairs."""

PAIRS = _schema(("pair", pa.uint64()))
"""Places of two blobs, `left << 32 | right`, the better-ranked one left; ascending."""

GROUP_PAIRS = _schema(("group", pa.string()), ("pair", pa.uint64()), ("similarity", pa.float64()))
"""Pairs by group; the similarity where an earlier release computed it."""

GROUP_MEMBERS = _schema(("content_id", pa.string()), ("group", pa.string()), ("place", pa.uint32()))
GROUP_TEXTS = _schema(
    ("group", pa.string()), ("place", pa.uint32()), ("content_id", pa.string()), ("text", pa.string())
)

REPRESENTATIVES = _schema(
    ("member", pa.uint32()), ("representative", pa.uint32()), ("similarity", pa.float64())
)
"""Places of blobs that go and of those that stand for them."""

NEAR_CLUSTERS = _schema(
    ("content_id", pa.string()), ("representative", pa.string()), ("similarity", pa.float64())
)
"""A row per member of a near-duplicate cluster, the kept one included, in order of content id."""

PUBLISHED_IDS = _schema(
    ("content_id", pa.string()), ("published_id", pa.string()), ("is_redacted", pa.bool_())
)
"""The map from content ids to published ids, of kept blobs, in order of content id."""

_SORT_KEY = pa.field("sort_key", pa.string())  # see `stack_pipeline.release.sort_keys`

TEXT_COLUMNS = (
    *("content_id_kind", "blob_id", "content", "content_sha256", "length_bytes", "language", "src_encoding"),
    *("line_count", "avg_line_length", "max_line_length", "alphanum_fraction", "near_dup_cluster"),
)
TEXT_ROWS = pa.schema(
    [
        _SORT_KEY,
        pa.field("content_id", pa.string()),
        *(DATA.field(name) for name in TEXT_COLUMNS),
    ]
)
"""A row per kept blob with its published text, in order of the sort key."""

NAME_COLUMNS = tuple(name for name in DATA.names if name not in (*TEXT_COLUMNS, "content_id", "origin_count"))
NAME_ROWS = pa.schema([_SORT_KEY, *(DATA.field(name) for name in NAME_COLUMNS)])
"""A row per kept blob with what its representative origin gives to the training row, in order of the sort key."""
