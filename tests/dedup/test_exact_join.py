"""The exact join, against brute force over plain Python sets."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import find_near_duplicates, jaccard, shingles
from dedup.exact_join import exact_components, exact_pairs, exact_star

THRESHOLDS = (0.05, 0.5, 2 / 3, 0.7, 0.85, 1.0)


def families(count: int) -> list[str | None]:
    """Make texts that drift apart step by step, short and long, some equal and some null."""
    generator = np.random.default_rng(11)
    texts: list[str | None] = []
    tokens: list[str] = []
    while len(texts) < count:
        if generator.integers(9) == 0:
            tokens = [f"t{value}" for value in generator.integers(60, size=generator.integers(70))]
        elif tokens and generator.integers(4):
            tokens[generator.integers(len(tokens))] = f"t{generator.integers(60)}"
        texts.append(None if generator.integers(60) == 0 else " ".join(tokens))
    return texts


def brute_force(texts: Sequence[str | None], *, ngram: int, threshold: float) -> list[dict[str, Any]]:
    sets = [set(shingles(text or "", ngram=ngram)) for text in texts]
    found = []
    for (left, a), (right, b) in itertools.combinations(enumerate(sets), 2):
        common = len(a & b)
        if common and (similarity := common / (len(a) + len(b) - common)) >= threshold:
            found.append({"left": left, "right": right, "similarity": similarity})
    return found


@pytest.mark.parametrize("ngram", [1, 5])
def test_pairs_are_those_of_brute_force(ngram: int) -> None:
    texts = families(1100)
    everything = brute_force(texts, ngram=ngram, threshold=min(THRESHOLDS))
    for threshold in THRESHOLDS:
        expected = [pair for pair in everything if pair["similarity"] >= threshold]
        assert expected
        assert exact_pairs(texts, threshold=threshold, ngram=ngram).to_pylist() == expected


@settings(deadline=None)
@given(
    st.lists(st.text(alphabet="ab _.\xe9", max_size=24), max_size=12),
    st.sampled_from([0.1, 1 / 3, 0.5, 0.6, 1.0]),
    st.integers(1, 4),
)
def test_any_texts_give_the_pairs_of_brute_force(texts: list[str], threshold: float, ngram: int) -> None:
    expected = brute_force(texts, ngram=ngram, threshold=threshold)
    assert exact_pairs(texts, threshold=threshold, ngram=ngram).to_pylist() == expected


def test_threads_change_nothing() -> None:
    texts = families(1500)
    one = exact_pairs(texts, threshold=0.6)
    assert one.num_rows
    assert all(exact_pairs(texts, threshold=0.6, threads=threads).equals(one) for threads in (2, 7))


def test_the_columns_are_row_numbers_and_similarity() -> None:
    for texts in ([], ["a b", "a b"]):
        schema = exact_pairs(texts, threshold=0.7, ngram=1).schema
        assert schema.names == ["left", "right", "similarity"]
        assert schema.types == [pa.uint32(), pa.uint32(), pa.float64()]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], []),
        ([None, None], []),
        (["", ""], []),
        (["a", "a"], []),
        ([b"a b\xff", b"a b\xff"], [(0, 1)]),
        (["a b", "a+b", "a b"], [(0, 1), (0, 2), (1, 2)]),
        (["a b c", "B", "a\tb\nc", None, "a-b-c"], [(0, 2), (0, 4), (2, 4)]),
    ],
)
def test_only_texts_with_shingles_are_paired(texts: list[Any], expected: list[tuple[int, int]]) -> None:
    found = exact_pairs(texts, threshold=1.0, ngram=2)
    assert list(zip(found["left"].to_pylist(), found["right"].to_pylist(), strict=True)) == expected


def test_a_pair_exactly_at_the_threshold_is_found_and_one_step_above_is_not() -> None:
    for common, total in [(2, 3), (5, 6), (7, 10), (17, 20), (49, 70), (1, 3)]:
        texts = [" ".join(f"t{i}" for i in range(n)) for n in (common, total)]
        at = common / total
        assert exact_pairs(texts, threshold=at, ngram=1).num_rows == 1
        assert exact_pairs(texts, threshold=float(np.nextafter(at, 1)), ngram=1).num_rows == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"threshold": 0.0}, "threshold must be in"),
        ({"threshold": 1.01}, "threshold must be in"),
        ({"threshold": float("nan")}, "threshold must be in"),
        ({"threshold": 0.5, "ngram": 0}, "ngram must be in"),
        ({"threshold": 0.5, "threads": 257}, "threads must be in"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        exact_pairs(["a b"], **arguments)


def test_more_pairs_than_can_be_held_are_refused() -> None:
    with pytest.raises(ValueError, match=r"pairs at the threshold must be in \[0, 200000000\]"):
        exact_pairs(["a b c d e"] * 20_001, threshold=0.7)


def test_components_connect_what_a_chain_connects_and_a_star_does_not() -> None:
    chain = ["a b c d", "b c d e", "c d e f", "z y x w"]
    pairs = exact_pairs(chain, threshold=0.6, ngram=1)
    assert exact_components(pairs, rows=4).tolist() == [0, 0, 0, 3]
    assert exact_star(pairs, rows=4).tolist() == [0, 0, 2, 3]
    assert exact_star(pairs, rows=4, rank=[2, 1, 3, 0]).tolist() == [1, 1, 1, 3]
    assert exact_components(pairs, rows=4, rank=[3, 2, 1, 0]).tolist() == [2, 2, 2, 3]


def test_every_star_member_is_paired_with_its_representative_and_no_two_kept_rows_are() -> None:
    texts = families(800)
    rank = np.random.default_rng(5).permutation(800)
    pairs = exact_pairs(texts, threshold=0.5, ngram=1)
    together = set(zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True))
    star = exact_star(pairs, rows=800, rank=rank)
    kept = star == np.arange(800)
    removed = np.flatnonzero(~kept)
    assert len(removed)
    assert {(min(row, star[row]), max(row, star[row])) for row in removed} <= together
    assert not any(kept[left] and kept[right] for left, right in together)
    assert all(rank[star[row]] < rank[row] for row in removed)
    assert jaccard(texts[removed[0]] or "", texts[star[removed[0]]] or "", ngram=1) >= 0.5


def test_components_are_the_classes_of_being_connected() -> None:
    texts = families(800)
    pairs = exact_pairs(texts, threshold=0.5, ngram=1)
    component = exact_components(pairs, rows=800)
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    assert (component[left] == component[right]).all()
    assert (component[component] == component).all()
    assert (component <= np.arange(800)).all()
    grown = {int(row) for row in component}
    for representative in list(grown):
        members = set(np.flatnonzero(component == representative).tolist())
        reached, frontier = {representative}, {representative}
        while frontier:
            near = {int(b) for a, b in zip(left, right, strict=True) if a in frontier} | {
                int(a) for a, b in zip(left, right, strict=True) if b in frontier
            }
            frontier = near - reached
            reached |= near
        assert reached == members
        if representative > 100:
            break


def test_the_removals_of_find_near_duplicates_are_among_the_exact_pairs() -> None:
    texts = families(600)
    pairs = exact_pairs(texts, threshold=0.7)
    together = set(zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True))
    found = find_near_duplicates([text or "" for text in texts], threshold=0.7)
    for row in found.to_pylist():
        pair = tuple(sorted((row["id"], row["representative"])))
        assert row["id"] == row["representative"] or pair in together or row["similarity"] == 1.0
