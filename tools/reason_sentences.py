"""One sentence for each reason; a test keeps this equal to the enum."""

from __future__ import annotations

from typing import NamedTuple

from stack_pipeline.reasons import Reason


class Told(NamedTuple):
    """What a reason is said of, which stage says it, and what it means."""

    unit: str
    stage: str
    sentence: str


_TREE = "read_files"
_JUDGE = "judge_origins"

REASON_SENTENCES: dict[Reason, Told] = {
    Reason.UNREADABLE_REPOSITORY: Told(
        "repository",
        "list_trees",
        "It is no Git repository, is damaged, leads out of its own folder, or passes a limit; a detail says which.",
    ),
    Reason.EMPTY_REPOSITORY: Told("repository", "list_trees", "It has no commit."),
    Reason.MISSING_REF: Told(
        "repository", "list_trees", "The branch, tag or commit that the listing asks for is not there."
    ),
    Reason.PRIVATE_REPOSITORY: Told(
        "repository", "list_trees", "The listing marks it as private; it is not opened."
    ),
    Reason.SYMLINK: Told("origin", _TREE, "The entry is a symbolic link, not a file."),
    Reason.SUBMODULE: Told("origin", _TREE, "The entry names a commit of another repository."),
    Reason.BAD_PATH: Told(
        "origin",
        _TREE,
        "No honest tree holds such a path: `..`, `.git`, an empty part, over 4096 bytes, or a name twice.",
    ),
    Reason.TOO_LARGE: Told(
        "origin", _TREE, "The blob is larger than `ingest.max_file_bytes`; it is not read."
    ),
    Reason.MISSING_OBJECT: Told(
        "origin",
        _TREE,
        "The tree names a blob that the repository does not hold, or holds damaged: a failure.",
    ),
    Reason.EMPTY_FILE: Told("origin", _TREE, "The file has no bytes, or nothing but a byte-order mark."),
    Reason.LFS_POINTER: Told(
        "origin", _TREE, "The file is a pointer of Git LFS; its content lies elsewhere."
    ),
    Reason.BINARY: Told("origin", _TREE, "The file has a NUL byte and no byte-order mark: it is no text."),
    Reason.UNDECODABLE: Told("origin", _TREE, "No encoding was found that decodes the whole file."),
    Reason.OPTED_OUT: Told(
        "repository or origin",
        f"decide_opt_outs, take_view, {_JUDGE}",
        "An opt-out rule covers the repository, the path or the blob, or the repository is an identical fork of one that it covers.",
    ),
    Reason.NO_LICENSE: Told(
        "origin",
        f"{_TREE}, {_JUDGE}",
        "Neither the file, its folders, a manifest nor metadata name a licence.",
    ),
    Reason.NOT_PERMISSIVE: Told(
        "origin",
        f"{_TREE}, {_JUDGE}",
        "The licence is not one of the profile's, or is unclear, or its evidence conflicts.",
    ),
    Reason.LANGUAGE: Told("origin", _JUDGE, "The language is not one of `select.languages`."),
    Reason.VENDORED: Told(
        "origin", _JUDGE, "The path is one of vendored code, and `select.drop_vendored` is on."
    ),
    Reason.GENERATED: Told("origin", _JUDGE, "A program wrote the file, and `select.drop_generated` is on."),
    Reason.MINIFIED: Told("origin", _JUDGE, "The file is minified, and `select.drop_minified` is on."),
    Reason.PATH: Told(
        "origin",
        _JUDGE,
        "The path matches no glob of `select.include_paths`, or one of `select.exclude_paths`.",
    ),
    Reason.FEW_STARS: Told("origin", _JUDGE, "The repository has fewer stars than `select.min_stars`."),
    Reason.EXACT_DUPLICATE: Told(
        "origin",
        "exact_dedup",
        "Another origin stands for the same decoded text; nothing is lost but the copy.",
    ),
    Reason.SIZE: Told("blob", "filter_blobs", "The text is longer than `select.max_size_bytes`."),
    Reason.LONG_LINES: Told(
        "blob", "filter_blobs", "Its longest or its mean line is beyond the basic filter."
    ),
    Reason.FEW_ALPHANUMERICS: Told(
        "blob", "filter_blobs", "Its share of alphanumeric characters is below `select.min_alphanumeric`."
    ),
    Reason.COMMENT_RATIO: Told("blob", "filter_blobs", "Its share of comment is outside the comment filter."),
    Reason.NEAR_DUPLICATE: Told(
        "blob",
        "choose_representatives",
        "Its own exact similarity to a published file reaches `near_dedup.threshold`; the decision names that file.",
    ),
}
