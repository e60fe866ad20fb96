"""Let people judge what a release redacted, and count their judgements.

A release holds stand-ins in place of what was found, so a sample of its redactions shows places and contexts without
showing a value. Who judges says of each place whether something personal or secret stood there.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from stack_pipeline.errors import UsageError
from stack_pipeline.inspection.published import Release, open_release
from stack_pipeline.storage import Storage

Row = dict[str, Any]

VERDICTS = ("true", "false", "unsure")
CONTEXT = 80
"""Bytes shown before and after a stand-in, within its line."""

_LINE_REACH = 2048


def sample_redactions(release: Storage, *, count: int, seed: int = 0, kind: str | None = None) -> list[Row]:
    """Return redactions chosen by a hash of seed and place, the same each time.

    Args:
        release: The release.
        count: How many of each kind.
        seed: Another seed, another sample.
        kind: Only this kind.

    Returns:
        Rows of `id`, `kind`, `detector`, `language`, `path`, `before`, `stand_in`, `after` and `verdict` (empty), by kind
        and id.

    Raises:
        UsageError: If there is no release.
    """
    opened = open_release(release)
    chosen = _chosen(opened, count, seed, kind)
    places: dict[str, list[tuple[str, Row]]] = {}
    for identity, row in chosen:
        places.setdefault(row["content_id"], []).append((identity, row))
    rows = [
        _shown(identity, row, text)
        for text in _texts(opened, set(places))
        for identity, row in places[text["content_id"]]
    ]
    return sorted(rows, key=lambda row: (row["kind"], row["id"]))


def _chosen(release: Release, count: int, seed: int, kind: str | None) -> Iterator[tuple[str, Row]]:
    heaps: dict[str, list[tuple[int, str, Row]]] = {}
    for batch in release.batches("redactions", columns=["content_id", "start", "end", "kind", "detector"]):
        for row in batch.to_pylist():
            if kind is not None and row["kind"] != kind:
                continue
            place = f"{row['content_id']}/{row['start']}"
            order = int.from_bytes(hashlib.sha256(f"{seed}/{place}".encode()).digest()[:8])
            identity = hashlib.sha256(place.encode()).hexdigest()[:16]
            heap = heaps.setdefault(row["kind"], [])
            item = (-order, identity, row)
            if len(heap) < count:
                heapq.heappush(heap, item)
            else:
                heapq.heappushpop(heap, item)
    for heap in heaps.values():
        yield from ((identity, row) for _, identity, row in heap)


def _texts(release: Release, wanted: set[str]) -> Iterator[Row]:
    columns = ["content_id", "language", "path"]
    for part in release.of("data"):
        for batch, names in zip(
            release.batches_in(part, columns=["content"]),
            release.batches_in(part, columns=columns),
            strict=True,
        ):
            for index, row in enumerate(names.to_pylist()):
                if row["content_id"] in wanted:
                    yield {**row, "content": batch["content"][index].as_py()}


def _shown(identity: str, row: Row, text: Row) -> Row:
    content = text["content"].encode("utf-8")
    start, end = row["start"], row["end"]
    before = content[max(0, start - _LINE_REACH) : start].rpartition(b"\n")[2][-CONTEXT:]
    after = content[end : end + _LINE_REACH].partition(b"\n")[0][:CONTEXT]
    return {
        "id": identity,
        "kind": row["kind"],
        "detector": row["detector"],
        "language": text["language"],
        "path": text["path"],
        "before": before.decode("utf-8", "ignore"),
        "stand_in": content[start:end].decode("utf-8", "ignore"),
        "after": after.decode("utf-8", "ignore"),
        "verdict": "",
    }


def read_judgements(lines: Iterable[str], *, name: str) -> list[Row]:
    """Read judged rows, one JSON object per line; rows without a verdict are left out.

    Raises:
        UsageError: If a line is no such row, or a verdict is not one of `VERDICTS`.
    """
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            verdict, kind, detector = str(row["verdict"]), str(row["kind"]), str(row["detector"])
        except (ValueError, TypeError, KeyError):
            raise UsageError(
                f"{name}, line {number}: not a row of a review", hint="keep id, kind, detector and verdict"
            ) from None
        if verdict and verdict not in VERDICTS:
            raise UsageError(
                f"{name}, line {number}: the verdict must be one of {', '.join(VERDICTS)}",
                hint="leave it empty if the row is not judged yet",
            )
        if verdict:
            rows.append({"kind": kind, "detector": detector, "verdict": verdict})
    return rows


def precision(judgements: Iterable[Row]) -> list[Row]:
    """Return the precision of each kind and detector with its 95 % interval; `unsure` counts for neither.

    Examples:
        >>> rows = [{"kind": "KEY", "detector": "jwt", "verdict": verdict} for verdict in ("true", "true", "false")]
        >>> [(row["detector"], row["judged"], row["precision"]) for row in precision(rows)]
        [('all', 3, 0.667), ('jwt', 3, 0.667)]
    """
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for row in judgements:
        for detector in ("all", row["detector"]):
            verdicts = counts.setdefault((row["kind"], detector), dict.fromkeys(VERDICTS, 0))
            verdicts[row["verdict"]] += 1
    order = sorted(counts, key=lambda key: (key[0], key[1] != "all", key[1]))
    return [_precision_row(kind, detector, counts[kind, detector]) for kind, detector in order]


def _precision_row(kind: str, detector: str, verdicts: dict[str, int]) -> Row:
    right, trials = verdicts["true"], verdicts["true"] + verdicts["false"]
    low, high = wilson_interval(right, trials)
    return {
        "kind": kind,
        "detector": detector,
        "judged": trials,
        "unsure": verdicts["unsure"],
        "precision": round(right / trials, 3) if trials else None,
        "low": round(low, 3),
        "high": round(high, 3),
    }


def wilson_interval(successes: int, trials: int, *, z: float = 1.96) -> tuple[float, float]:
    """Return the score interval of a share, by default for 95 % (Wilson, JASA 22, 1927); (0, 1) without a trial.

    Raises:
        ValueError: If `successes` is not in [0, `trials`].

    Examples:
        >>> [round(bound, 4) for bound in wilson_interval(8, 10)]
        [0.4902, 0.9433]
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"successes must be in [0, {trials}]; got {successes}")
    if not trials:
        return 0.0, 1.0
    share, squared = successes / trials, z * z
    middle = (share + squared / (2 * trials)) / (1 + squared / trials)
    spread = share * (1 - share) / trials + squared / (4 * trials * trials)
    half = z * math.sqrt(spread) / (1 + squared / trials)
    return max(0.0, middle - half), min(1.0, middle + half)
