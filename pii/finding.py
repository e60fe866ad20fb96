"""Find personal data and secrets: all detectors of the native engine, one sorted list of disjoint spans."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import stack_native
from pii.spans import KINDS, Span

#: Version of the rules: changes when any input may give other spans or other replacements.
VERSION = "2"

#: The policies, in alphabetical order.
POLICIES: tuple[str, ...] = ("detect", "redact")


def find(text: str | bytes, *, kinds: Collection[str] | None = None, policy: str = "detect") -> list[Span]:
    """Find e-mail addresses, IP addresses, keys and passwords.

    Args:
        text: What to search. Bytes are taken as UTF-8; bytes that are not belong to no word.
        kinds: The kinds wanted, of `pii.KINDS`; by default all but `NAME` and `USERNAME`.
        policy: "detect" reports everything but the replacements that `redact` makes; "redact" leaves out what
            is nobody's: private and reserved addresses, well-known resolvers, example mailboxes.

    Returns:
        Disjoint spans in order. Offsets count characters of a `str` and bytes of `bytes`. An empty text has
        none.

    Raises:
        ValueError: If a kind or the policy is unknown.
        TypeError: If the text is neither `str` nor `bytes`.

    Examples:
        >>> find("mail bob@corp.io", kinds=["EMAIL"])
        [Span(start=5, end=16, kind='EMAIL', detector='email', confidence=0.9)]
        >>> find("nameserver 8.8.8.8", policy="redact")
        []
    """
    return [Span(*row) for row in stack_native.pii_find(text, kinds=kind_names(kinds), policy=policy)]


def find_by_shape(text: str | bytes) -> list[Span]:
    """Find only values that are known by their own shape: provider keys, private keys, JSON web tokens.

    Such a value may occur nowhere in a release.

    Returns:
        Disjoint spans as `find` returns them, but none that a detector with context made larger.
    """
    return [Span(*row) for row in stack_native.pii_find_by_shape(text)]


def find_in_array(
    texts: Any, *, kinds: Collection[str] | None = None, policy: str = "detect", threads: int = 1
) -> Any:
    """Find in all texts of an Arrow array.

    Args:
        texts: Array of strings or binary values; nulls hold nothing.
        kinds: As in `find`.
        policy: As in `find`.
        threads: Threads, in [1, 256]; the result does not depend on it.

    Returns:
        `pyarrow.RecordBatch` with a row per find, in order of texts and places: `row`, `start`, `end` (int64;
        bytes), `kind`, `detector` (string), `confidence` (float64).

    Examples:
        >>> import pyarrow as pa
        >>> find_in_array(pa.array(["x", "to bob@corp.io"])).to_pylist()[0]["row"]
        1
    """
    return stack_native.pii_find_in_array(texts, kinds=kind_names(kinds), policy=policy, threads=threads)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a detector looked at.

    Attributes:
        start: First position.
        end: Position after the last.
        detector: Who looked at it.
        reason: Why it is no find; None for one.
    """

    start: int
    end: int
    detector: str
    reason: str | None


def explain(
    text: str | bytes, *, kinds: Collection[str] | None = None, policy: str = "detect"
) -> tuple[list[Span], list[Candidate]]:
    """Find, and tell of every place that was looked at why it was taken or left.

    Returns:
        What `find` returns, and the candidates in order of place.

    Examples:
        >>> explain("pkg@1.2.3 v1.2.3.4")[1][0].reason
        'part of a name'
    """
    rows, candidates = stack_native.pii_explain(text, kinds=kind_names(kinds), policy=policy)
    looked_at = sorted((Candidate(*row) for row in candidates), key=lambda c: (c.start, c.end, c.detector))
    return [Span(*row) for row in rows], looked_at


def kind_names(kinds: Collection[str] | None) -> list[str] | None:
    """Return kinds as the engine takes them.

    Raises:
        ValueError: If one is unknown.
    """
    if kinds is None:
        return None
    wanted = [kinds] if isinstance(kinds, str) else sorted(kinds)
    unknown = [kind for kind in wanted if kind not in KINDS]
    if unknown:
        raise ValueError(f"kinds must be of {', '.join(KINDS)}; got {unknown[0]!r}")
    return wanted
