"""What each column of a release means, in one place for the card and for `croissant.json`.

Keyed by table and column as `stack_pipeline.tables.schema` has them; a test keeps the two equal.
"""

from __future__ import annotations

import pyarrow as pa

from stack_pipeline.tables.schema import DATA, RELEASE_TABLES

RELEASE_SCHEMAS: dict[str, pa.Schema] = {"data": DATA, **RELEASE_TABLES}
"""The schema of every table of a release, by folder name."""

TABLE_MEANINGS = {
    "data": "the training rows: one per kept file content",
    "origins": "every place where a kept content was found, each with its own licence verdict and evidence",
    "repositories": "the repositories that origins stand in",
    "licenses": "the licence texts that origins refer to, for attribution",
    "decisions": "what was decided of each content, kept or not, without names",
    "clusters": "exact and near-duplicate clusters: members, representative, similarity",
    "redactions": "what was replaced: kind, place and a keyed hash of the value, never the value",
}
"""What each table of a release holds."""

_LICENSE = {
    "license_type": "`permissive` under the release's licence profile, `non_permissive` or `no_license`",
    "license_expression": "SPDX expression of what was recognised; null if nothing was",
    "license_status": "`clear`, `unclear`, `conflict` or `none`; what is unclear is not permissive",
    "license_source": "the evidence that decided: `spdx_tag`, `reuse`, `header`, `dir_file`, `manifest`,"
    " `repo_metadata` or `none`",
    "license_path": "path of the file that holds this evidence",
    "detected_licenses": "all licence ids seen for this file, whether they decided or not",
}
_ORIGIN = {
    "repo_name": "name of the repository as owner/name",
    "path": "path in the repository, as text",
    "path_redacted": "whether something in the path was replaced",
    "language": "language by GitHub Linguist's rules, null if there is none",
    "is_vendor": "whether the path is one of vendored code (Linguist's list)",
    "is_generated": "whether the file is generated (Linguist's rules and generator marks)",
    "revision_id": "Git commit that was read",
}
_REPOSITORY = {
    "branch_name": "branch that was read",
    "visit_date": "when the repository was listed or fetched, where the listing says so",
    "committer_date": "committer date of the commit",
    "github_id": "numeric id of the repository at its host",
    "star_events_count": "stars of the repository, as listed",
    "fork_events_count": "forks of the repository, as listed",
    "gha_license_id": "SPDX id in the repository's metadata",
    "gha_created_at": "when the repository was created, as listed",
}

COLUMNS: dict[str, dict[str, str]] = {
    "data": {
        "content_id": "id of the content in this release, unique; see *Ids*",
        "content_id_kind": "`git`: the Git blob id of the original; `keyed`: made with the corpus's key",
        "blob_id": "SHA-1 of the original bytes; null where it would give away what was masked",
        "content": "the text, decoded to UTF-8, after redaction",
        "content_sha256": "SHA-256 of `content` in UTF-8",
        "length_bytes": "bytes of `content` in UTF-8",
        **_ORIGIN,
        "language": "language by GitHub Linguist's rules, `unknown` if there is none",
        "repo_name": "repository of the representative origin as owner/name; `origins` has the others",
        "filename": "last part of `path`",
        "extension": "what follows the last dot of `filename`, empty if there is none",
        **_LICENSE,
        "directory_id": "column of The Stack v2 that a Git repository does not give: null",
        "snapshot_id": "column of The Stack v2 that a Git repository does not give: null",
        **_REPOSITORY,
        "revision_date": "date of the commit",
        "gha_event_created_at": "column of The Stack v2 that a listing does not give: null",
        "gha_language": "column of The Stack v2 that a listing does not give: null",
        "src_encoding": "encoding of the original bytes",
        "line_count": "lines of `content`",
        "avg_line_length": "mean characters per line",
        "max_line_length": "characters of the longest line",
        "alphanum_fraction": "share of alphanumeric characters",
        "near_dup_cluster": "`content_id` of the near-duplicates' representative, null outside clusters",
        "origin_count": "published origins of this content",
    },
    "origins": {
        "content_id": "`content_id` of the training row",
        "repository_id": "id of the repository in `repositories`",
        **_ORIGIN,
        "path_bytes": "path in the repository, as bytes, without leading slash",
        "path_is_lossy": "whether `path` shows the bytes only approximately",
        **_LICENSE,
        "license_text_ids": "ids in `licenses` of the texts in the folders above the file",
        "is_representative": "whether the training row takes its names and licence from this origin",
    },
    "repositories": {
        "repository_id": "identity of the repository, unique",
        "host": "where the repository lives, null for a local one",
        "repo_name": "current name as owner/name",
        "identity": "`listed` by a listing, `claimed` by a clone's URL, or `local`",
        "revision_id": "Git commit that was read",
        **_REPOSITORY,
        "fork": "whether the repository is a fork, as listed",
        "parent_repository_id": "what it was forked from, null where that is not published",
        "pushed_at": "last push, as listed",
        "archived": "whether the repository is archived, as listed",
    },
    "licenses": {
        "id": "SHA-256 of the text, or a keyed id where something in the text was replaced",
        "text": "the licence text",
        "expression": "SPDX expression of what was recognised in it",
        "matcher": "how it was recognised",
        "coverage": "share of its words that are explained",
    },
    "decisions": {
        "content_id": "id of the content; see *Ids* for what is not published",
        "stage": "the stage that decided",
        "reason": "`kept`, or why it is out",
        "kept_content_id": "of a duplicate: the content that stands for it",
        "similarity": "of a duplicate: exact Jaccard similarity to that content",
        "rule": "the rule that decided",
    },
    "clusters": {
        "kind": "`exact` or `near`",
        "cluster": "`content_id` of the representative",
        "content_id": "id of the member",
        "representative": "`content_id` of the content that stands for the member",
        "similarity": "exact Jaccard similarity of the two",
    },
    "redactions": {
        "content_id": "`content_id` of the training row",
        "start": "first byte of the replacement in `content` in UTF-8",
        "end": "byte after the replacement",
        "kind": "what was replaced: `EMAIL`, `IP_ADDRESS`, `KEY` or `PASSWORD`",
        "detector": "the rule that found it",
        "value_hash": "keyed hash of the value: equal values have equal hashes",
    },
}
"""The meaning of each column, by table; in no order."""


def type_words(kind: pa.DataType) -> str:
    """Return the name of a column type as the card shows it.

    Examples:
        >>> type_words(pa.list_(pa.string())), type_words(pa.large_string())
        ('list of string', 'string')
    """
    if pa.types.is_list(kind):
        return f"list of {type_words(kind.value_type)}"
    if pa.types.is_timestamp(kind):
        return "timestamp (UTC)"
    return str(kind).removeprefix("large_")
