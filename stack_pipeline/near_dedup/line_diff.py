"""Align two texts line by line in near-linear time, whatever they hold.

Lines that occur once in both texts and in the same order are anchors; between anchors the same is done again, and what has no
anchor left is shown as replaced. The usual longest-common-subsequence search is quadratic, and the texts are not ours.

Source: the "patience diff" of Bram Cohen, 2003.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

Match = tuple[int, int, int]
"""First line in the one, first line in the other, and how many lines are equal from there."""

CONTEXT = 3


def unified_diff(
    left: Sequence[str], right: Sequence[str], *, names: tuple[str, str], context: int = CONTEXT
) -> list[str]:
    """Return a unified diff without line ends; nothing if the lines are equal.

    Args:
        left: Lines of the one text.
        right: Lines of the other.
        names: What the two are called.
        context: Equal lines around each change.

    Examples:
        >>> unified_diff(["a", "b", "c"], ["a", "x", "c"], names=("l", "r"))
        ['--- l', '+++ r', '@@ -1,3 +1,3 @@', ' a', '-b', '+x', ' c']
    """
    changes = list(_changes(matches(left, right), len(left), len(right)))
    if not changes:
        return []
    lines = [f"--- {names[0]}", f"+++ {names[1]}"]
    for group in _hunks(changes, context):
        lines += _hunk(group, left, right, context)
    return lines


Change = tuple[int, int, int, int]
"""Lines [a, b) of the one stand for lines [c, d) of the other."""


def _changes(found: Sequence[Match], left: int, right: int) -> Iterator[Change]:
    a = c = 0
    for b, d, count in [*found, (left, right, 0)]:
        if a < b or c < d:
            yield a, b, c, d
        a, c = b + count, d + count


def _hunks(changes: Sequence[Change], context: int) -> Iterator[list[Change]]:
    group: list[Change] = []
    for change in changes:
        if group and change[0] - group[-1][1] > 2 * context:
            yield group
            group = []
        group.append(change)
    yield group


def _hunk(group: Sequence[Change], left: Sequence[str], right: Sequence[str], context: int) -> list[str]:
    start, end = max(0, group[0][0] - context), min(len(left), group[-1][1] + context)
    other = group[0][2] - (group[0][0] - start)
    other_end = group[-1][3] + (end - group[-1][1])
    lines = [f"@@ -{_range(start, end)} +{_range(other, other_end)} @@"]
    at = start
    for a, b, c, d in group:
        lines += [f" {line}" for line in left[at:a]]
        lines += [f"-{line}" for line in left[a:b]]
        lines += [f"+{line}" for line in right[c:d]]
        at = b
    return lines + [f" {line}" for line in left[at:end]]


def _range(start: int, end: int) -> str:
    count = end - start
    first = start + 1 if count else start
    return f"{first}" if count == 1 else f"{first},{count}"


def matches(left: Sequence[str], right: Sequence[str]) -> list[Match]:
    """Return the runs of equal lines that are aligned, in order.

    Examples:
        >>> matches(list("abcd"), list("abxd"))
        [(0, 0, 2), (3, 3, 1)]
    """
    pairs: list[tuple[int, int]] = []
    todo = [(0, len(left), 0, len(right))]
    while todo:
        a, b, c, d = todo.pop()
        while a < b and c < d and left[a] == right[c]:
            pairs.append((a, c))
            a, c = a + 1, c + 1
        while a < b and c < d and left[b - 1] == right[d - 1]:
            b, d = b - 1, d - 1
            pairs.append((b, d))
        anchors = _anchors(left, right, a, b, c, d) if a < b and c < d else []
        at, other = a, c
        for line, its in anchors:
            todo.append((at, line, other, its))
            pairs.append((line, its))
            at, other = line + 1, its + 1
        if anchors:
            todo.append((at, b, other, d))
    return _runs(sorted(pairs))


def _anchors(
    left: Sequence[str], right: Sequence[str], a: int, b: int, c: int, d: int
) -> list[tuple[int, int]]:
    """Return the longest row of lines that are unique on both sides and stand in the same order."""
    ours, theirs = _unique(left, a, b), _unique(right, c, d)
    common = sorted((place, theirs[line]) for line, place in ours.items() if line in theirs)
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(common):
        height = bisect_left(tops, place)
        before.append(ends[height - 1] if height else -1)
        if height == len(tops):
            tops.append(place)
            ends.append(index)
        else:
            tops[height], ends[height] = place, index
    chain: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(common[at])
        at = before[at]
    return chain[::-1]


def _unique(lines: Sequence[str], start: int, end: int) -> dict[str, int]:
    places: dict[str, int] = {}
    for place in range(start, end):
        places[lines[place]] = -1 if lines[place] in places else place
    return {line: place for line, place in places.items() if place >= 0}


def _runs(pairs: Sequence[tuple[int, int]]) -> list[Match]:
    runs: list[Match] = []
    for a, c in pairs:
        if runs and (runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]) == (a, c):
            runs[-1] = (*runs[-1][:2], runs[-1][2] + 1)
        else:
            runs.append((a, c, 1))
    return runs
