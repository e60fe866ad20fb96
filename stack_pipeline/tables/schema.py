"""Every table on disk: its columns, their types, and the layout version.

A corpus and a release carry `LAYOUT`; a minor step only adds nullable columns, and readers ignore columns they do not know.
Ids are lower-case hex strings, dates are UTC microseconds, `path_bytes` (no leading slash) is the key of a path and `path` its display
form. Sizes and spans count UTF-8 bytes of the decoded text unless the name says otherwise.
"""

from __future__ import annotations

import pyarrow as pa

LAYOUT = (1, 0)

_TIME = pa.timestamp("us", tz="UTC")
_STRINGS = pa.list_(pa.string())


def _table(*columns: tuple[str, pa.DataType], required: str = "") -> pa.Schema:
    names = set(required.split())
    return pa.schema([pa.field(name, kind, nullable=name not in names) for name, kind in columns])


# --- corpus -------------------------------------------------------------------------------------------------------

REPOSITORIES = _table(
    ("repository", pa.string()),  # the identity: host/id/…, host/name/… or local/…
    ("ref", pa.string()),  # as requested; null is the repository's own choice
    ("identity", pa.string()),  # listed, claimed or local
    ("host", pa.string()),
    ("id", pa.int64()),
    ("full_name", pa.string()),
    ("previous_names", pa.list_(pa.struct([("full_name", pa.string()), ("since", _TIME), ("until", _TIME)]))),
    ("owner_id", pa.int64()),
    ("owner_login", pa.string()),
    ("branch", pa.string()),
    ("commit", pa.string()),
    ("tree", pa.string()),
    ("commit_date", _TIME),
    ("visit_date", _TIME),
    ("default_branch", pa.string()),
    ("stars", pa.int64()),
    ("forks", pa.int64()),
    ("fork", pa.bool_()),
    ("parent_id", pa.int64()),
    ("parent_full_name", pa.string()),
    ("source_id", pa.int64()),
    ("source_full_name", pa.string()),
    ("license_spdx_id", pa.string()),
    ("created_at", _TIME),
    ("pushed_at", _TIME),
    ("archived", pa.bool_()),
    ("status", pa.string()),  # read, withheld (opted out: no blob was read) or dropped
    ("reason", pa.string()),  # of a dropped or withheld repository
    ("reason_detail", pa.string()),
    ("unchecked_fork", pa.bool_()),  # a fork of an opted-out repository that could not be compared
    ("entries", pa.int64()),
    ("entry_bytes", pa.int64()),  # of all listed blobs
    ("rules", pa.string()),  # digest of the ingest recipe and rule versions that read it
    ("snapshot", pa.int64()),  # the snapshot that holds its origins
    required="repository identity full_name status snapshot",
)

ORIGINS = _table(
    ("repository", pa.string()),
    ("commit", pa.string()),
    ("path_bytes", pa.binary()),
    ("path", pa.string()),
    ("path_is_lossy", pa.bool_()),
    ("entry_index", pa.int64()),  # tells entries of one tree apart that share a name
    ("mode", pa.int32()),
    ("content_id", pa.string()),  # git blob id; of an entry that was not read: the id its tree names
    ("size_bytes", pa.int64()),  # of the original bytes
    ("reason", pa.string()),  # null: taken
    ("language", pa.string()),
    ("is_vendored", pa.bool_()),
    ("is_generated", pa.bool_()),
    ("is_minified", pa.bool_()),
    ("license_expression", pa.string()),
    ("license_status", pa.string()),
    ("license_source", pa.string()),
    ("license_path", pa.binary()),
    ("detected_licenses", _STRINGS),
    ("license_text_ids", _STRINGS),
    required="repository commit path_bytes path path_is_lossy entry_index mode content_id",
)

CONTENTS = _table(
    ("content_id", pa.string()),
    ("sha1", pa.string()),  # of the original bytes, as the sha256
    ("sha256", pa.string()),
    ("encoding", pa.string()),
    ("size_bytes", pa.int64()),
    ("length_bytes", pa.int64()),
    ("text_sha256", pa.string()),
    ("text", pa.large_string()),
    required="content_id sha1 sha256 encoding size_bytes length_bytes text_sha256 text",
)

LICENSES = _table(
    ("id", pa.string()),
    ("text", pa.large_string()),
    ("expression", pa.string()),
    ("matcher", pa.string()),
    ("coverage", pa.float64()),
    required="id text",
)

WITHHELD = _table(
    ("repository", pa.string()),
    ("commit", pa.string()),
    ("blob_hash", pa.binary()),  # keyed hash of a blob id of an opted-out repository
    required="repository commit blob_hash",
)

# --- release ------------------------------------------------------------------------------------------------------

DATA = _table(
    ("content_id", pa.string()),  # published id: the git blob id, or keyed
    ("content_id_kind", pa.string()),  # git or keyed
    ("blob_id", pa.string()),  # SHA-1 of the original bytes; null for redacted rows
    ("content", pa.large_string()),
    ("content_sha256", pa.string()),
    ("length_bytes", pa.int64()),
    ("language", pa.string()),
    ("repo_name", pa.string()),
    ("path", pa.string()),
    ("filename", pa.string()),
    ("extension", pa.string()),
    ("path_redacted", pa.bool_()),
    ("license_type", pa.string()),
    ("license_expression", pa.string()),
    ("license_status", pa.string()),
    ("license_source", pa.string()),
    ("license_path", pa.string()),
    ("detected_licenses", _STRINGS),
    ("directory_id", pa.string()),
    ("snapshot_id", pa.string()),
    ("revision_id", pa.string()),
    ("branch_name", pa.string()),
    ("visit_date", _TIME),
    ("revision_date", _TIME),
    ("committer_date", _TIME),
    ("github_id", pa.int64()),
    ("star_events_count", pa.int64()),
    ("fork_events_count", pa.int64()),
    ("gha_license_id", pa.string()),
    ("gha_event_created_at", _TIME),
    ("gha_created_at", _TIME),
    ("gha_language", pa.string()),
    ("src_encoding", pa.string()),
    ("is_vendor", pa.bool_()),
    ("is_generated", pa.bool_()),
    ("line_count", pa.int64()),
    ("avg_line_length", pa.float64()),
    ("max_line_length", pa.int64()),
    ("alphanum_fraction", pa.float64()),
    ("near_dup_cluster", pa.string()),  # published id of the representative; null outside clusters
    ("origin_count", pa.int64()),
    required="content_id content_id_kind content content_sha256 length_bytes language repo_name path license_type",
)

RELEASE_ORIGINS = _table(
    ("content_id", pa.string()),
    ("repository_id", pa.string()),
    ("repo_name", pa.string()),
    ("revision_id", pa.string()),
    ("path_bytes", pa.binary()),
    ("path", pa.string()),
    ("path_is_lossy", pa.bool_()),
    ("path_redacted", pa.bool_()),
    ("language", pa.string()),
    ("is_vendor", pa.bool_()),
    ("is_generated", pa.bool_()),
    ("license_type", pa.string()),
    ("license_expression", pa.string()),
    ("license_status", pa.string()),
    ("license_source", pa.string()),
    ("license_path", pa.string()),
    ("detected_licenses", _STRINGS),
    ("license_text_ids", _STRINGS),
    ("is_representative", pa.bool_()),
    required="content_id repository_id repo_name revision_id path_bytes path license_type is_representative",
)

RELEASE_REPOSITORIES = _table(
    ("repository_id", pa.string()),
    ("host", pa.string()),
    ("github_id", pa.int64()),
    ("repo_name", pa.string()),
    ("identity", pa.string()),
    ("branch_name", pa.string()),
    ("revision_id", pa.string()),
    ("committer_date", _TIME),
    ("visit_date", _TIME),
    ("star_events_count", pa.int64()),
    ("fork_events_count", pa.int64()),
    ("fork", pa.bool_()),
    ("parent_repository_id", pa.string()),  # null where the parent is not published
    ("gha_license_id", pa.string()),
    ("gha_created_at", _TIME),
    ("pushed_at", _TIME),
    ("archived", pa.bool_()),
    required="repository_id repo_name",
)

DECISIONS = _table(
    ("content_id", pa.string()),
    ("stage", pa.string()),
    ("reason", pa.string()),  # kept, or a reason of stack_pipeline.reasons
    ("kept_content_id", pa.string()),  # of a duplicate: the published row that stands for it
    ("similarity", pa.float64()),
    ("rule", pa.string()),
    required="content_id stage reason",
)

CLUSTERS = _table(
    ("kind", pa.string()),  # exact or near
    ("cluster", pa.string()),  # published id of the representative
    ("content_id", pa.string()),
    ("representative", pa.string()),
    ("similarity", pa.float64()),
    required="kind cluster content_id representative similarity",
)

REDACTIONS = _table(
    ("content_id", pa.string()),
    ("start", pa.int64()),  # bytes of the published text
    ("end", pa.int64()),
    ("kind", pa.string()),
    ("detector", pa.string()),
    ("value_hash", pa.string()),  # keyed
    required="content_id start end kind detector value_hash",
)

RELEASE_TABLES = {
    "origins": RELEASE_ORIGINS,
    "repositories": RELEASE_REPOSITORIES,
    "licenses": LICENSES,
    "decisions": DECISIONS,
    "clusters": CLUSTERS,
    "redactions": REDACTIONS,
}
"""The tables of a release beside `data/`, by folder name."""

RELEASE_ORDER = {
    "data": ("content_id",),
    "origins": ("content_id", "repository_id", "revision_id", "path_bytes"),
    "repositories": ("repository_id",),
    "licenses": ("id",),
    "decisions": ("content_id",),
    "clusters": ("kind", "cluster", "content_id"),
    "redactions": ("content_id", "start", "end"),
}
"""The total order of the rows of each release table."""
