"""Every reason for which an entry, an origin, a blob or a repository is not published.

The names are part of the data format: they stand in tables, manifests and reports. Add, never rename.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why something is out. The comment says what it is said of."""

    # a repository
    UNREADABLE_REPOSITORY = "unreadable_repository"
    EMPTY_REPOSITORY = "empty_repository"
    MISSING_REF = "missing_ref"
    PRIVATE_REPOSITORY = "private_repository"
    # an origin, from the tree entry alone
    SYMLINK = "symlink"
    SUBMODULE = "submodule"
    BAD_PATH = "bad_path"
    TOO_LARGE = "too_large"
    MISSING_OBJECT = "missing_object"
    # an origin, from its bytes
    EMPTY_FILE = "empty_file"
    LFS_POINTER = "lfs_pointer"
    BINARY = "binary"
    UNDECODABLE = "undecodable"
    # an origin, by a rule
    OPTED_OUT = "opted_out"
    NO_LICENSE = "no_license"
    NOT_PERMISSIVE = "not_permissive"
    LANGUAGE = "language"
    VENDORED = "vendored"
    GENERATED = "generated"
    MINIFIED = "minified"
    PATH = "path"
    FEW_STARS = "few_stars"
    # a blob
    EXACT_DUPLICATE = "exact_duplicate"
    SIZE = "size"
    LONG_LINES = "long_lines"
    FEW_ALPHANUMERICS = "few_alphanumerics"
    COMMENT_RATIO = "comment_ratio"
    NEAR_DUPLICATE = "near_duplicate"


FAILURES = frozenset({Reason.MISSING_OBJECT})
"""Reasons that mean damaged input, not a decision; `engine.max_failed_share` bounds their share."""

READ_BUT_NOT_STORED = frozenset({Reason.NO_LICENSE, Reason.NOT_PERMISSIVE})
"""Reasons of origins that were read and judged at ingest, whose text no profile may publish."""
