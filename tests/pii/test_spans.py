"""Merging of overlapping spans."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.spans import KINDS, Span, merge_spans

spans = st.builds(
    lambda start, length, kind: Span(start, start + length, kind, kind.lower(), 0.5),
    st.integers(0, 60),
    st.integers(0, 12),
    st.sampled_from(KINDS),
)


@pytest.mark.parametrize(
    ("given_spans", "expected"),
    [
        ([], []),
        ([(0, 0, "KEY")], []),
        ([(0, 3, "EMAIL"), (3, 5, "KEY")], [(0, 3, "EMAIL"), (3, 5, "KEY")]),
        ([(0, 9, "PASSWORD"), (2, 5, "EMAIL")], [(0, 9, "PASSWORD")]),
        ([(0, 4, "EMAIL"), (3, 9, "KEY")], [(0, 9, "KEY")]),
        ([(0, 4, "EMAIL"), (0, 4, "KEY")], [(0, 4, "KEY")]),
        ([(0, 4, "IP_ADDRESS"), (2, 6, "EMAIL"), (5, 8, "PASSWORD")], [(0, 8, "EMAIL")]),
    ],
)
def test_overlapping_spans_become_their_union_and_take_the_kind_of_the_longest(
    given_spans: list[tuple[int, int, str]], expected: list[tuple[int, int, str]]
) -> None:
    merged = merge_spans(Span(start, end, kind, "rule", 0.5) for start, end, kind in given_spans)
    assert [(span.start, span.end, span.kind) for span in merged] == expected


@given(st.lists(spans, max_size=20))
def test_merged_spans_cover_the_same_positions_and_are_disjoint_and_sorted(found: list[Span]) -> None:
    merged = merge_spans(found)
    assert {i for span in merged for i in range(span.start, span.end)} == {
        i for span in found for i in range(span.start, span.end)
    }
    assert all(first.end <= second.start for first, second in pairwise(merged))


@given(st.lists(spans, max_size=12))
def test_the_order_of_arrival_does_not_matter(found: list[Span]) -> None:
    shuffled = sorted(found, key=lambda span: (span.detector, -span.start))
    assert merge_spans(shuffled) == merge_spans(found)
