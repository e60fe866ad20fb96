"""What each column of a corpus means; a test keeps this equal to the schema."""

from __future__ import annotations

from stack_pipeline.tables.schema import CONTENTS, LICENSES, ORIGINS, REPOSITORIES, WITHHELD

CORPUS_SCHEMAS = {
    "repositories": REPOSITORIES,
    "origins": ORIGINS,
    "contents": CONTENTS,
    "licenses": LICENSES,
    "withheld": WITHHELD,
}
"""The tables of a snapshot, by folder."""

CORPUS_TABLE_MEANINGS = {
    "repositories": "a row for every repository of the sources, read or not",
    "origins": "a row per (repository, commit, path): what the file is, or why it was not taken",
    "contents": "a row per blob that no earlier snapshot holds, with its text as it was",
    "licenses": "a row per distinct licence text",
    "withheld": "keyed hashes of the blob ids of opted-out repositories, by which identical forks are told",
}

CORPUS_COLUMNS: dict[str, dict[str, str]] = {
    "repositories": {
        "repository": "identity: `host/id/NUMBER`, `host/name/OWNER/NAME` in lower case, or `local/PATH`",
        "ref": "branch, tag or reference that the listing asked for; null is the repository's own choice",
        "identity": "`listed` by a listing, `claimed` by the clone's URL, or `local`",
        "host": "host, null for a local repository",
        "id": "numeric id at the host",
        "full_name": "`owner/name` at the visit",
        "previous_names": "former names with the dates between which they held",
        "owner_id": "numeric id of the owner",
        "owner_login": "name of the owner",
        "branch": "branch that was read, null for a tag or a commit",
        "commit": "commit that was read",
        "tree": "root tree of that commit",
        "commit_date": "committer date of that commit",
        "visit_date": "when it was listed or fetched, if the listing says so",
        "default_branch": "default branch, as listed",
        "stars": "stars, as listed",
        "forks": "forks, as listed",
        "fork": "whether it is a fork, as listed",
        "parent_id": "numeric id of the repository it was forked from",
        "parent_full_name": "name of that repository",
        "source_id": "numeric id of the root of its fork network",
        "source_full_name": "name of that root",
        "license_spdx_id": "licence in the listing's metadata",
        "created_at": "when it was created, as listed",
        "pushed_at": "last push, as listed",
        "archived": "whether it is archived, as listed",
        "status": "`read`, `withheld` (opted out: no blob was read) or `dropped`",
        "reason": "why it is withheld or dropped",
        "reason_detail": "one word that narrows the reason",
        "unchecked_fork": "a fork of an opted-out repository that could not be compared with it",
        "entries": "entries of the tree",
        "entry_bytes": "bytes of all listed blobs",
        "rules": "digest of the ingest recipe and of the rule versions",
        "snapshot": "number of the snapshot that holds its origins",
    },
    "origins": {
        "repository": "identity of the repository",
        "commit": "commit",
        "path_bytes": "path as bytes, without leading slash: the key",
        "path": "path as text",
        "path_is_lossy": "whether `path` shows the bytes only approximately",
        "entry_index": "place in the tree, which tells entries of one name apart",
        "mode": "Git's file mode",
        "content_id": "Git blob id (hex SHA-1) of the bytes; of an entry that was not read, the id its tree names",
        "size_bytes": "bytes of the original",
        "reason": "why it was not taken, null if it was",
        "language": "language by Linguist's rules",
        "is_vendored": "whether the path is one of vendored code",
        "is_generated": "whether a program wrote it",
        "is_minified": "whether it is a minified script or style sheet",
        "license_expression": "SPDX expression of what was recognised",
        "license_status": "`clear`, `unclear`, `conflict` or `none`",
        "license_source": "the evidence that decided",
        "license_path": "the file that holds this evidence",
        "detected_licenses": "all licence ids seen for this file",
        "license_text_ids": "ids in `licenses` of the texts of the folders above it",
    },
    "contents": {
        "content_id": "Git blob id (hex SHA-1), computed from the bytes",
        "sha1": "SHA-1 of the original bytes",
        "sha256": "SHA-256 of the original bytes",
        "encoding": "encoding of the original bytes, by its name in Python's codec registry",
        "size_bytes": "bytes of the original",
        "length_bytes": "bytes of `text` in UTF-8",
        "text_sha256": "SHA-256 of `text` in UTF-8",
        "text": "the decoded text: byte-order mark removed, newlines untouched, nothing redacted",
    },
    "licenses": {
        "id": "SHA-256 of the text in UTF-8",
        "text": "the licence text, nothing redacted",
        "expression": "SPDX expression of what was recognised in it",
        "matcher": "how it was recognised: `text`, `header`, `statement`, `tag`, joined by `+`",
        "coverage": "share of its words that are explained",
    },
    "withheld": {
        "repository": "identity of the opted-out repository",
        "commit": "commit",
        "blob_hash": "keyed hash (BLAKE2b, 16 bytes) of a blob id in its tree",
    },
}
"""The meaning of each column, by table; in no order."""
