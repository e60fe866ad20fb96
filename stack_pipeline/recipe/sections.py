"""The recipe: every setting that shapes a corpus or a release, with its default and the reason for it.

`[engine]` is apart: it says how to run and never shapes an output. A setting's `doc` is what the generated page and `recipe show` print.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MIB = 1 << 20


def setting(
    default: Any,
    doc: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    items: str = "",
) -> Any:
    """Declare one key: its default, one line of documentation, and what it or the items of its list may be."""
    metadata = {"doc": doc, "low": low, "high": high, "choices": choices, "items": items}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Ingest:
    """What is read from repositories and what the corpus stores."""

    max_file_bytes: int = setting(
        10 * MIB,
        "Blobs above this size are not read. 10 MiB is the limit of The Stack v2.",
        low=1,
        high=1 << 30,
    )
    store: str = setting(
        "permissive",
        "`permissive` stores what the widest licence profile may use, `all` every decodable file.",
        choices=("permissive", "all"),
    )


@dataclass(frozen=True)
class OptOut:
    """Who asked to be left out."""

    rules: str = setting("", "File with opt-out rules (TOML), relative to the recipe; empty: no rules.")


@dataclass(frozen=True)
class Licenses:
    """Which licences may be published."""

    profile: str = setting(
        "stack-v2",
        "`stack-v2`: Blue Oak's list and ScanCode's permissive and public-domain categories; `blueoak-bronze`:"
        " Blue Oak bronze and better; `attribution-free`: licences that ask for no notice.",
        choices=("stack-v2", "blueoak-bronze", "attribution-free"),
    )


@dataclass(frozen=True)
class Select:
    """Which origins and blobs may stay; off unless asked for, except size."""

    languages: tuple[str, ...] = setting(
        (), "Languages to keep, by Linguist's names; empty: all, and files of none.", items="language"
    )
    drop_vendored: bool = setting(False, "Drop origins under vendored paths (Linguist's vendor list).")
    drop_generated: bool = setting(False, "Drop generated files (Linguist's rules and generator marks).")
    drop_minified: bool = setting(
        False, "Drop minified files (more than 110 bytes a line in JavaScript and CSS)."
    )
    include_paths: tuple[str, ...] = setting(
        (), "Globs; when given, an origin's path must match one.", items="glob"
    )
    exclude_paths: tuple[str, ...] = setting(
        (), "Globs; an origin whose path matches one is dropped.", items="glob"
    )
    min_stars: int = setting(0, "Least stars of an origin's repository; unknown counts as 0.", low=0)
    max_size_bytes: int = setting(
        1 * MIB, "Longest text in bytes; 1 MB is the limit of The Stack v1 and of training sets.", low=1
    )
    basic_filter: bool = setting(
        False, "SantaCoder's basic filter: `max_line_length`, `max_mean_line_length`, `min_alphanumeric`."
    )
    max_line_length: int = setting(1000, "Basic filter: longest line, in characters.", low=1)
    max_mean_line_length: int = setting(100, "Basic filter: longest mean line, in characters.", low=1)
    min_alphanumeric: float = setting(
        0.25, "Basic filter: least share of alphanumeric characters.", low=0, high=1
    )
    comment_filter: bool = setting(
        False, "SantaCoder's comment filter: `min_comment_ratio` < ratio < `max_comment_ratio`."
    )
    min_comment_ratio: float = setting(0.01, "Comment filter: lower end, outside.", low=0, high=1)
    max_comment_ratio: float = setting(0.8, "Comment filter: upper end, outside.", low=0, high=1)


@dataclass(frozen=True)
class NearDedup:
    """Near-deduplication: MinHash proposes, exact Jaccard similarity decides."""

    enabled: bool = setting(True, "Remove near-duplicates.")
    threshold: float = setting(
        0.7, "Least Jaccard similarity of a removed file to the kept one.", low=0.3, high=1
    )
    num_perm: int = setting(256, "Slots of a MinHash signature.", low=16, high=1024)
    ngram: int = setting(5, "Tokens per shingle; shorter files are left to exact dedup.", low=1, high=32)
    seed: int = setting(1, "Seed of the permutations.", low=0, high=2**32 - 1)
    accept_alarms: bool = setting(
        False, "Publish even if near-deduplication removes nearly all of a language or forms a giant cluster."
    )


@dataclass(frozen=True)
class Redact:
    """Redaction of personal data and secrets."""

    enabled: bool = setting(True, "Replace e-mails, IP addresses, keys and passwords.")
    style: str = setting(
        "synthetic",
        "`synthetic`: recognisable stand-ins; `placeholder`: `<EMAIL>` and the like.",
        choices=("synthetic", "placeholder"),
    )
    notices: bool = setting(
        True,
        "Also redact the licence texts that are published beside the files; without it their copyright lines keep"
        " addresses, which some licences ask for.",
    )


@dataclass(frozen=True)
class Release:
    """How the release is laid out."""

    ids: str = setting(
        "published",
        "`published`: keyed ids for what is redacted or left out; `git`: git blob ids for all (internal use: they let"
        " a reader test guesses of masked values).",
        choices=("published", "git"),
    )
    shard_bytes: int = setting(256 * MIB, "Most bytes of text in a shard.", low=1 << 16)


@dataclass(frozen=True)
class Engine:
    """How to run; no output depends on it."""

    task_bytes: int = setting(64 * MIB, "Bytes of blobs that one ingest task reads, about.", low=1024)
    threads: int = setting(1, "Threads inside native kernels.", low=1, high=256)
    memory_bytes: int = setting(256 * MIB, "Bytes of text that one task holds at once, about.", low=1 << 20)
    max_failed_share: float = setting(
        0.05, "Most listed blobs that may be damaged before a run fails.", low=0, high=1
    )
    keep_work: bool = setting(False, "Keep the finished tasks of a build after publication.")


@dataclass(frozen=True)
class Recipe:
    """A whole recipe; the sections of a TOML file of the same names."""

    ingest: Ingest = Ingest()
    optout: OptOut = OptOut()
    licenses: Licenses = Licenses()
    select: Select = Select()
    near_dedup: NearDedup = NearDedup()
    redact: Redact = Redact()
    release: Release = Release()
    engine: Engine = Engine()
