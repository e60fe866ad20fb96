"""Clusters: pairs decided, parts joined, copies added."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stack_native
from dedup import (
    Clusters,
    Compared,
    cluster_pairs,
    jaccard,
    join_clusters,
    member_rows,
    pack_pairs,
    unpack_pairs,
)
from dedup.clusters import first_copies

KINDS = ("star", "components")


def pairs_of(*couples: tuple[int, int]) -> Any:
    left, right = zip(*couples, strict=True) if couples else ((), ())
    return pack_pairs(left, right)


def decided(
    members: list[tuple[int, int, float]], nearest: list[tuple[int, int, float]] | None = None
) -> Clusters:
    def columns(rows: list[tuple[int, int, float]]) -> tuple[Any, Any, Any]:
        whole = [np.array([row[column] for row in rows], dtype=np.int64) for column in (0, 1)]
        return whole[0], whole[1], np.array([row[2] for row in rows], dtype=np.float64)

    nothing = Compared(np.empty(0, dtype=np.uint64), np.empty(0))
    return Clusters(*columns(members), *columns(nearest or []), nothing, 0)


def drifting(count: int) -> list[str]:
    """Make texts each of which is the one before with a token changed, or a new one."""
    generator = np.random.default_rng(6)
    texts: list[str] = []
    tokens: list[str] = []
    for _ in range(count):
        if not tokens or generator.integers(9) == 0:
            tokens = [f"t{value}" for value in generator.integers(400, size=30)]
        tokens[generator.integers(30)] = f"t{generator.integers(400)}"
        texts.append(" ".join(tokens))
    return texts


@pytest.mark.parametrize("kind", KINDS)
def test_pairs_that_were_compared_have_their_exact_similarity(kind: str) -> None:
    texts = drifting(60)
    couples = list(itertools.combinations(range(60), 2))
    found = cluster_pairs(
        pa.array(texts), range(60), pairs_of(*couples), threshold=0.5, clusters=kind, ngram=2
    )
    left, right = unpack_pairs(found.compared.pairs)
    assert found.compared.similarity.tolist() == [
        jaccard(texts[a], texts[b], ngram=2) for a, b in zip(left, right, strict=True)
    ]
    assert (found.similarity >= 0.5).any() and found.bytes_read > 0
    if kind == "components":
        assert len(left) == len(couples)
        assert sorted({*found.member.tolist(), *found.representative.tolist()}) == found.near_member.tolist()
    else:
        assert (found.similarity >= 0.5).all() and not len(found.near_member)


def test_no_text_is_nearer_to_its_representative_than_to_its_nearest() -> None:
    texts = ["a b c d e f g h i j", "a b c d e f g h x y", "a b c d e f g h i z"]
    without_the_last = pairs_of((0, 1), (1, 2))
    found = cluster_pairs(
        pa.array(texts), range(3), without_the_last, threshold=0.5, clusters="components", ngram=1
    )
    assert found.similarity.tolist() == [8 / 12, 9 / 11]
    assert found.nearest.tolist() == [2, 0, 0]
    assert found.nearest_similarity.tolist() == [9 / 11, 8 / 12, 9 / 11]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("measure", ["jaccard", "containment"])
def test_parts_worked_apart_come_to_the_same(kind: str, measure: str) -> None:
    texts = drifting(400)
    couples = [(left, right) for left in range(400) for right in range(left + 1, min(left + 9, 400))]
    couples = [pair for pair in couples if jaccard(texts[pair[0]], texts[pair[1]], ngram=1) > 0.1]
    pairs = pairs_of(*couples)
    options: dict[str, Any] = {"threshold": 0.6, "clusters": kind, "measure": measure, "ngram": 2}
    whole = cluster_pairs(pa.array(texts), range(400), pairs, **options)
    roots = stack_native.part_roots(pa.array(pairs), texts=400).to_numpy()
    assert len(np.unique(roots)) > 5 and len(whole.member) > 100
    parts, places = [], []
    for remainder in range(3):
        chosen = pairs[roots % 3 == remainder]
        own = np.unique(np.concatenate(unpack_pairs(chosen)))
        small = pack_pairs(*(np.searchsorted(own, side) for side in unpack_pairs(chosen)))
        parts.append(cluster_pairs(pa.array(texts), own, small, **options))
        places.append(own)
    joined = join_clusters(parts, places)
    assert joined.bytes_read == whole.bytes_read
    copy_of = np.arange(400)
    tables = [member_rows(copy_of, found, with_nearest=kind == "components") for found in (joined, whole)]
    assert tables[0].equals(tables[1]) and tables[0].num_rows > 100


def test_no_parts_join_to_nothing() -> None:
    joined = join_clusters([], [])
    assert len(joined.member) == len(joined.near_member) == joined.bytes_read == 0


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.0001, float("nan"), float("inf")])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match=r"threshold must be in \(0, 1\]"):
        cluster_pairs(pa.array(["a"]), [0], pairs_of(), threshold=threshold)


@pytest.mark.parametrize(
    ("rows", "couples", "options", "message"),
    [
        ([0, 2], [], {}, "rows must hold"),
        ([0, 1], [(0, 2)], {}, "pairs must hold"),
        ([0, 1], [(1, 0)], {}, "pairs must hold"),
        ([0, 1], [], {"clusters": "stars"}, "clusters must be one of star, components"),
        ([0, 1], [], {"measure": "cosine"}, "measure must be one of jaccard, containment"),
        ([0, 1], [], {"ngram": 0}, "ngram must be in"),
        ([0, 1], [], {"threads": 0}, "threads must be in"),
    ],
)
def test_bad_arguments_are_refused(
    rows: list[int], couples: list[tuple[int, int]], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        cluster_pairs(pa.array(["a", "b"]), rows, pairs_of(*couples), threshold=0.7, **options)


def numbers(values: list[int]) -> npt.NDArray[np.uint64]:
    return np.array(values, dtype=np.uint64)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), max_size=14), st.booleans()
)
def test_copies_are_found_though_a_word_of_their_keys_collides(
    keys: list[tuple[int, int, int]], grouped: bool
) -> None:
    first, second, group = (numbers([key[column] for key in keys]) for column in range(3))
    # Groups are hashes, so they may not cancel in the first word.
    groups = group * np.uint64(0x9E3779B97F4A7C15) if grouped else None
    alike = [key if grouped else key[:2] for key in keys]
    assert first_copies(first, second, groups).tolist() == [alike.index(key) for key in alike]


def rows_of(table: Any) -> list[tuple[Any, ...]]:
    return list(zip(*table.to_pydict().values(), strict=True))


def test_copies_stand_beside_what_they_are_copies_of() -> None:
    #                    0  1  2  3  4  5  6   7
    copy_of = np.array([0, 1, 0, 1, 4, 5, -1, 5])
    table = member_rows(copy_of, decided([(1, 0, 0.75)]), with_nearest=False)
    assert table.schema.names == ["place", "representative", "similarity", "kind"]
    assert rows_of(table) == [
        (0, 0, 1.0, "kept"),
        (1, 0, 0.75, "near"),
        (2, 0, 1.0, "exact"),
        (3, 0, 0.75, "exact"),
        (5, 5, 1.0, "kept"),
        (7, 5, 1.0, "exact"),
    ]


def test_a_copy_is_the_nearest_of_what_it_is_a_copy_of() -> None:
    copy_of = np.array([0, 1, 0, 3, 3, 3, 0])
    found = decided([(1, 0, 0.8)], [(0, 1, 0.8), (1, 0, 0.8)])
    table = member_rows(copy_of, found, with_nearest=True)
    assert [(row[0], row[4], row[5]) for row in rows_of(table)] == [
        (0, 2, 1.0),
        (1, 0, 0.8),
        (2, 0, 1.0),
        (6, 0, 1.0),
        (3, 4, 1.0),
        (4, 3, 1.0),
        (5, 3, 1.0),
    ]


def test_texts_alone_and_nulls_have_no_row() -> None:
    for with_nearest in (False, True):
        table = member_rows(np.array([0, 1, -1, -1]), decided([]), with_nearest=with_nearest)
        assert table.num_rows == 0
        assert table.schema == member_rows(np.array([0, 0]), decided([]), with_nearest=with_nearest).schema
