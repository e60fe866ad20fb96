"""`stack_native.cluster_pairs` and `part_roots` against plain Python sets and loops."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stack_native

Pair = tuple[int, int]
KINDS, MEASURES = ("star", "components"), ("jaccard", "containment")


def plain_set(content: bytes | None, ngram: int) -> set[tuple[bytes, ...]]:
    tokens = re.findall(rb"[A-Za-z0-9_]+", content or b"")
    return set(zip(*(tokens[start:] for start in range(ngram)), strict=False))


def plain_similarity(kept: bytes | None, gone: bytes | None, *, kind: str, measure: str, ngram: int) -> float:
    left, right = plain_set(kept, ngram), plain_set(gone, ngram)
    common = len(left & right)
    if not common:
        return 0.0
    if measure == "jaccard":
        return common / len(left | right)
    return common / (len(right) if kind == "star" else min(len(left), len(right)))


@dataclass
class Plain:
    """What loops find: (member, representative, similarity), (member, nearest, similarity), pairs compared."""

    members: list[tuple[int, int, float]] = field(default_factory=list)
    nearest: list[tuple[int, int, float]] = field(default_factory=list)


def plain_stars(count: int, similarity: dict[Pair, float], threshold: float) -> Plain:
    """Visit texts in rank order; each goes to the first kept one it is similar to."""
    kept: list[int] = []
    found = Plain()
    for place in range(count):
        near = [head for head in kept if similarity.get((head, place), 0.0) >= threshold]
        if near:
            found.members.append((place, near[0], similarity[near[0], place]))
        else:
            kept.append(place)
    found.members.sort(key=lambda row: (row[1], row[0]))
    return found


def plain_components(
    count: int, similarity: dict[Pair, float], representative_similarity: Any, threshold: float
) -> Plain:
    """Merge sets of texts until no similar pair lies across two of them."""
    similar = {pair: value for pair, value in similarity.items() if value >= threshold}
    groups = [{place} for place in range(count)]
    for left, right in similar:
        joined = next(g for g in groups if left in g) | next(g for g in groups if right in g)
        groups = [group for group in groups if not group & joined] + [joined]
    found = Plain()
    for group in groups:
        for member in sorted(group - {min(group)}):
            found.members.append((member, min(group), representative_similarity(min(group), member)))
    for place in range(count):
        near = [(-value, sum(pair) - place) for pair, value in similar.items() if place in pair]
        if near:
            found.nearest.append((place, min(near)[1], -min(near)[0]))
    found.members.sort(key=lambda row: (row[1], row[0]))
    return found


def packed(pairs: list[Pair]) -> Any:
    return pa.array([left << 32 | right for left, right in pairs], pa.uint64())


def unpacked(column: Any) -> list[Pair]:
    return [(pair >> 32, pair & 0xFFFFFFFF) for pair in column.to_pylist()]


def rows_of(batch: Any) -> list[tuple[int, int, float]]:
    return list(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def numbers(values: Any) -> Any:
    return pa.array(values, pa.uint32())


CONTENTS = st.one_of(
    st.none(),
    st.binary(max_size=40),
    st.lists(st.sampled_from([b"x", b"y", b"zz", b"+", b"\xff", b"w"]), max_size=14).map(b" ".join),
)


@given(
    st.lists(CONTENTS, min_size=1, max_size=9),
    st.sampled_from(KINDS),
    st.sampled_from(MEASURES),
    st.sampled_from([0.2, 0.5, 2 / 3, 1.0]),
    st.integers(1, 3),
    st.data(),
)
def test_clusters_are_those_of_plain_loops(
    contents: list[bytes | None], kind: str, measure: str, threshold: float, ngram: int, data: st.DataObject
) -> None:
    rows = data.draw(st.permutations(range(len(contents))))
    couples = list(itertools.combinations(range(len(contents)), 2))
    pairs = sorted(data.draw(st.sets(st.sampled_from(couples)))) if couples else []

    def similarity_of(left: int, right: int) -> float:
        texts = contents[rows[left]], contents[rows[right]]
        return plain_similarity(*texts, kind=kind, measure=measure, ngram=ngram)

    similarity = {pair: similarity_of(*pair) for pair in pairs}
    if kind == "star":
        expected = plain_stars(len(contents), similarity, threshold)
    else:
        expected = plain_components(len(contents), similarity, similarity_of, threshold)
    options: dict[str, Any] = {"clusters": kind, "measure": measure, "threshold": threshold, "ngram": ngram}
    (members, nearest, compared), _ = stack_native.cluster_pairs(
        pa.array(contents, pa.binary()),
        numbers(rows),
        packed(pairs),
        threads=data.draw(st.integers(1, 3)),
        **options,
    )
    assert rows_of(members) == expected.members
    assert rows_of(nearest) == expected.nearest
    needed = {(head, member) for member, head, _ in expected.members} | (
        set(pairs) if kind != "star" else set()
    )
    listed = unpacked(compared["pair"])
    assert listed == sorted(set(listed)) and needed <= set(listed) <= needed | set(pairs)
    assert compared["similarity"].to_pylist() == [similarity_of(*pair) for pair in listed]


def cluster(texts: list[str | None], pairs: list[Pair], **options: Any) -> list[Any]:
    options = {"threshold": 0.7, "ngram": 1} | options
    batches, _ = stack_native.cluster_pairs(
        pa.array(texts, pa.string()), numbers(range(len(texts))), packed(pairs), **options
    )
    return [rows_of(batch) for batch in batches]


def test_a_chain_is_two_stars_or_one_component() -> None:
    texts: list[str | None] = ["a b c d", "b c d e", "c d e f"]
    pairs = [(0, 1), (0, 2), (1, 2)]
    stars, _, compared = cluster(texts, pairs, threshold=0.6)
    assert stars == [(1, 0, 0.6)] and len(compared) == 2
    members, nearest, compared = cluster(texts, pairs, threshold=0.6, clusters="components")
    assert members == [(1, 0, 0.6), (2, 0, 1 / 3)]
    assert nearest == [(0, 1, 0.6), (1, 0, 0.6), (2, 1, 0.6)] and len(compared) == 3


def test_of_a_star_only_the_text_that_goes_must_lie_in_the_other() -> None:
    short, long = "a b c", "a b c d e f g h"
    options = {"measure": "containment", "threshold": 0.9}
    assert cluster([long, short], [(0, 1)], **options)[0] == [(1, 0, 1.0)]
    assert cluster([short, long], [(0, 1)], **options)[0] == []
    assert cluster([short, long], [(0, 1)], clusters="components", **options)[0] == [(1, 0, 1.0)]


def test_a_pair_at_the_threshold_counts_and_one_step_below_does_not() -> None:
    for common, total in [(2, 3), (5, 6), (7, 10), (17, 20), (49, 70)]:
        texts: list[str | None] = [" ".join(f"t{i}" for i in range(count)) for count in (common, total)]
        exactly = common / total
        assert cluster(texts, [(0, 1)], threshold=exactly)[0] == [(1, 0, exactly)]
        assert cluster(texts, [(0, 1)], threshold=float(np.nextafter(exactly, 1)))[0] == []


def test_texts_without_shingles_and_nulls_are_similar_to_nothing() -> None:
    texts = ["a b", "a b", None, None, "", ""]
    pairs = list(itertools.combinations(range(6), 2))
    for kind in KINDS:
        assert cluster(texts, pairs, threshold=0.01, ngram=3, clusters=kind)[:2] == [[], []]


def drifting(count: int, *, seed: int) -> list[str]:
    """Make texts each of which is the one before with a token changed, or a new one."""
    generator = np.random.default_rng(seed)
    texts: list[str] = []
    tokens: list[str] = []
    for _ in range(count):
        if not tokens or generator.integers(12) == 0:
            tokens = [f"t{value}" for value in generator.integers(500, size=40)]
        tokens[generator.integers(40)] = f"t{generator.integers(500)}"
        texts.append(" ".join(tokens))
    return texts


def near_pairs(count: int) -> list[Pair]:
    return [(left, right) for left in range(count) for right in range(left + 1, min(left + 30, count))]


@pytest.mark.parametrize("kind", KINDS)
def test_threads_and_the_order_of_texts_change_nothing(kind: str) -> None:
    texts = drifting(900, seed=1)
    pairs = packed(near_pairs(900))
    rows = np.random.default_rng(2).permutation(900)
    shuffled: list[str] = [""] * 900
    for place, row in enumerate(rows):
        shuffled[row] = texts[place]
    options: dict[str, Any] = {"threshold": 0.6, "clusters": kind, "ngram": 2}
    one = stack_native.cluster_pairs(pa.array(texts), numbers(range(900)), pairs, **options)
    assert len(one[0][0]) > 300
    for threads in (1, 2, 7, 256):
        again = stack_native.cluster_pairs(
            pa.array(shuffled), numbers(rows), pairs, threads=threads, **options
        )
        assert all(a.equals(b) for a, b in zip(one[0], again[0], strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("measure", MEASURES)
def test_known_pairs_are_not_compared_again(kind: str, measure: str) -> None:
    texts = pa.array(drifting(300, seed=3))
    options: dict[str, Any] = {"threshold": 0.6, "clusters": kind, "measure": measure, "ngram": 2}

    def run(known: Any = None) -> tuple[list[Any], int]:
        more = {} if known is None else {"known_pairs": known[0], "known_similarity": known[1]}
        pairs = packed(near_pairs(300))
        found: tuple[list[Any], int] = stack_native.cluster_pairs(
            texts, numbers(range(300)), pairs, **options, **more
        )
        return found

    (members, nearest, compared), bytes_read = run()
    assert bytes_read > 0 and len(members) > 50
    (again, near_again, rest), bytes_again = run((compared["pair"], compared["similarity"]))
    assert again.equals(members) and near_again.equals(nearest)
    assert (rest.num_rows, bytes_again) == (0, 0)
    half = compared.take(pa.array(range(0, compared.num_rows, 2)))
    (again, near_again, rest), _ = run((half["pair"], half["similarity"]))
    assert again.equals(members) and near_again.equals(nearest)
    assert sorted(rest["pair"].to_pylist() + half["pair"].to_pylist()) == compared["pair"].to_pylist()


def test_what_is_known_is_believed() -> None:
    texts: list[str | None] = ["a b c", "x y z"]
    known = {"known_pairs": packed([(0, 1)]), "known_similarity": pa.array([0.75])}
    assert cluster(texts, [(0, 1)], **known) == [[(1, 0, 0.75)], [], []]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_every_type_and_a_slice_give_the_same(kind: pa.DataType) -> None:
    texts = pa.array(["left out", "a b c d e f", "a b c d e f g", None, "also left out"], kind).slice(1, 3)
    (members, _, compared), bytes_read = stack_native.cluster_pairs(
        texts, numbers([1, 0, 2]), packed([(0, 1), (0, 2)]), threshold=0.5
    )
    assert rows_of(members) == [(1, 0, 2 / 3)]
    assert compared["similarity"].to_pylist() == [2 / 3, 0.0]
    assert bytes_read == 11 + 13


def test_no_pairs_and_no_texts_are_no_error() -> None:
    batches, bytes_read = stack_native.cluster_pairs(
        pa.array([], pa.string()), numbers([]), packed([]), threshold=0.7
    )
    assert [batch.num_rows for batch in batches] == [0, 0, 0] and bytes_read == 0
    assert [batch.schema.names for batch in batches] == [
        ["member", "representative", "similarity"],
        ["member", "nearest", "similarity"],
        ["pair", "similarity"],
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"rows": numbers([0, 2])}, "rows must hold row numbers below 2, row 1 does not"),
        ({"rows": pa.array([None], pa.uint32())}, "rows must hold row numbers"),
        ({"rows": pa.array([0], pa.int64())}, "rows must be an array of uint32, got Int64"),
        ({"pairs": packed([(0, 2)])}, "pairs must hold row numbers below 2, row 0 does not"),
        ({"pairs": packed([(1, 0)])}, "pairs must hold row numbers"),
        ({"pairs": packed([(0, 0)])}, "pairs must hold row numbers"),
        ({"pairs": pa.array([1], pa.int64())}, "pairs must be an array of uint64, got Int64"),
        ({"rows": numbers([0, 1, 0]), "pairs": packed([(1, 2), (0, 1)])}, "pairs must"),
        ({"clusters": "stars"}, "clusters must be one of star, components"),
        ({"measure": "cosine"}, "measure must be one of jaccard, containment"),
        ({"ngram": 0}, r"ngram must be in \[1, 64\], got 0"),
        ({"ngram": 65}, "got 65"),
        ({"threads": -1}, r"threads must be in \[1, 256\], got -1"),
        (
            {"known_pairs": packed([(0, 1)]), "known_similarity": pa.array([], pa.float64())},
            "known_similarity",
        ),
        ({"known_pairs": packed([(0, 1)]), "known_similarity": pa.array([1])}, "known_similarity must be"),
        ({"texts": pa.array([1, 2])}, "texts must be"),
    ],
)
def test_bad_arguments_are_value_errors(changed: dict[str, Any], message: str) -> None:
    given_arguments = {
        "texts": pa.array(["a", "b"]),
        "rows": numbers([0, 1]),
        "pairs": packed([(0, 1)]),
        "threshold": 0.5,
    }
    arguments = given_arguments | changed
    texts, rows, pairs = (arguments.pop(name) for name in ("texts", "rows", "pairs"))
    with pytest.raises(ValueError, match=message) as caught:
        stack_native.cluster_pairs(texts, rows, pairs, **arguments)
    assert "\n" not in str(caught.value)


@given(st.integers(0, 12), st.data())
def test_part_roots_are_the_least_of_what_is_connected(count: int, data: st.DataObject) -> None:
    couples = list(itertools.combinations(range(count), 2))
    pairs = data.draw(st.lists(st.sampled_from(couples))) if couples else []
    groups = [{place} for place in range(count)]
    for pair in pairs:
        joined = set().union(*(group for group in groups if group & set(pair)))
        groups = [group for group in groups if not group & joined] + [joined]
    expected = [next(min(group) for group in groups if left in group) for left, _ in pairs]
    found = stack_native.part_roots(packed(pairs), texts=count)
    assert found.type == pa.uint32() and found.to_pylist() == expected


@pytest.mark.parametrize(
    ("pairs", "texts", "message"),
    [
        (packed([(0, 2)]), 2, "pairs must hold row numbers below 2, row 0 does not"),
        (packed([(0, 0)]), 2, "pairs must hold row numbers"),
        (packed([]), -1, "texts must be in"),
        (pa.array([1], pa.int64()), 2, "pairs must be an array of uint64, got Int64"),
    ],
)
def test_part_roots_refuse_what_is_no_pair(pairs: Any, texts: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        stack_native.part_roots(pairs, texts=texts)
