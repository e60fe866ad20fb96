"""Star clusters against a plain greedy pass."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import VerifiedPairs, choose_representatives

Edges = dict[tuple[int, int], float]


def verified(edges: Edges) -> VerifiedPairs:
    left, right = zip(*edges, strict=True) if edges else ((), ())
    rows = np.array(left, dtype=np.uint32), np.array(right, dtype=np.uint32)
    return VerifiedPairs(*rows, np.array(list(edges.values()), dtype=np.float64))


def plain_stars(count: int, edges: Edges, rank: list[int], threshold: float) -> list[tuple[int, int, float]]:
    """Return (member, representative, similarity) of what goes, in rank order."""
    kept: list[int] = []
    gone = []
    for row in sorted(range(count), key=rank.__getitem__):
        for head in kept:
            similarity = edges.get((row, head), edges.get((head, row), 0.0))
            if similarity >= threshold:
                gone.append((row, head, similarity))
                break
        else:
            kept.append(row)
    return gone


@settings(deadline=None)
@given(st.data(), st.integers(1, 9))
def test_clusters_equal_a_plain_greedy_pass(data: st.DataObject, count: int) -> None:
    rank = data.draw(st.permutations(range(count)))
    couples = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda c: c[0] < c[1])
    similarities = st.sampled_from([0.5, 0.7, 0.8, 1.0])
    edges = data.draw(st.dictionaries(couples, similarities)) if count > 1 else {}
    expected = plain_stars(count, edges, rank, 0.7)
    heads = {head for _, head, _ in expected}
    rows = [*expected, *((head, head, 1.0) for head in heads)]
    rows.sort(key=lambda row: (rank[row[1]], rank[row[0]]))
    table = choose_representatives(list(range(count)), verified(edges), rank, threshold=0.7)
    found = table.select(["id", "representative", "similarity"]).to_pydict().values()
    assert list(zip(*found, strict=True)) == rows
    assert table.column("cluster").equals(table.column("representative"))


def test_a_chain_keeps_both_ends() -> None:
    table = choose_representatives(["A", "B", "C"], verified({(0, 1): 0.8, (1, 2): 0.8}), threshold=0.7)
    assert table.to_pydict() == {
        "id": ["A", "B"],
        "cluster": ["A", "A"],
        "representative": ["A", "A"],
        "similarity": [1.0, 0.8],
    }


def test_a_chain_met_in_the_middle_first_loses_both_ends() -> None:
    pairs = verified({(0, 1): 0.8, (1, 2): 0.75})
    table = choose_representatives(["A", "B", "C"], pairs, [1, 0, 2], threshold=0.7)
    assert table.column("id").to_pylist() == ["B", "A", "C"]
    assert table.column("similarity").to_pylist() == [1.0, 0.8, 0.75]


def test_the_first_kept_text_stands_even_if_a_later_one_is_closer() -> None:
    pairs = verified({(0, 2): 0.7, (1, 2): 0.99})
    assert choose_representatives([7, 8, 9], pairs, threshold=0.7).column("id").to_pylist() == [7, 9]


def test_orientation_repetition_and_self_pairs_change_nothing() -> None:
    plain = choose_representatives([0, 1, 2], verified({(0, 1): 0.8, (1, 2): 0.9}), threshold=0.7)
    turned = VerifiedPairs(
        np.array([1, 2, 0, 2], dtype=np.uint32),
        np.array([0, 1, 1, 2], dtype=np.uint32),
        np.array([0.8, 0.9, 0.8, 1.0]),
    )
    assert choose_representatives([0, 1, 2], turned, threshold=0.7).equals(plain)


@pytest.mark.parametrize(
    "ids",
    [pa.array([b"a" * 20, b"b" * 20], pa.binary(20)), pa.array(["a", "b"]), pa.array([3, 4], pa.uint32())],
    ids=["binary20", "string", "uint32"],
)
def test_ids_keep_their_type(ids: pa.Array) -> None:
    table = choose_representatives(ids, verified({(0, 1): 1.0}), threshold=0.7)
    for name in ("id", "cluster", "representative"):
        assert table.column(name).type == ids.type
    empty = choose_representatives(ids, verified({}), threshold=0.7)
    assert empty.schema == table.schema and empty.num_rows == 0


@pytest.mark.parametrize(
    ("ids", "edges", "rank", "threshold"),
    [
        (["a", "a"], {}, None, 0.7),
        (["a", None], {}, None, 0.7),
        (["a", "b"], {(0, 2): 1.0}, None, 0.7),
        (["a", "b"], {}, [1, 1], 0.7),
        (["a", "b"], {}, None, 0.0),
        ([], {(0, 0): 1.0}, None, 0.7),
    ],
)
def test_bad_arguments_are_refused(
    ids: list[str | None], edges: Edges, rank: list[int] | None, threshold: float
) -> None:
    with pytest.raises(ValueError):
        choose_representatives(ids, verified(edges), rank, threshold=threshold)
