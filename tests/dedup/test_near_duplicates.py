"""The whole of near-deduplication against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import (
    Candidates,
    band_keys,
    bands_for,
    candidate_pairs,
    choose_representatives,
    find_near_duplicates,
    jaccard,
    minhash,
    shingles,
    verify_pairs,
)

Rows = list[tuple[object, object, float]]


def plain_clusters(texts: list[str], rank: list[int], *, threshold: float, ngram: int = 5) -> Rows:
    """Return (row, representative, similarity) of all members, comparing everything with everything."""
    sets = [set(shingles(text, ngram=ngram)) for text in texts]
    stars: dict[int, list[tuple[int, float]]] = {}
    for row in sorted(range(len(texts)), key=rank.__getitem__):
        for head in stars:
            common = len(sets[row] & sets[head])
            if common and common / len(sets[row] | sets[head]) >= threshold:
                stars[head].append((row, common / len(sets[row] | sets[head])))
                break
        else:
            stars[row] = []
    members = {head: [(head, 1.0), *rest] for head, rest in stars.items() if rest}
    return [(row, head, similarity) for head, rows in members.items() for row, similarity in rows]


def rows_of(table: pa.Table) -> Rows:
    columns = table.select(["id", "representative", "similarity"]).to_pydict().values()
    return list(zip(*columns, strict=True))


def generated_texts(families: int, members: int, *, seed: int, tokens: int = 80) -> list[str]:
    """Return families of texts, each an original with up to four tokens changed."""
    generator = np.random.default_rng(seed)
    texts = []
    for family in range(families):
        original = [f"f{family}_{n}" for n in generator.integers(0, 60, size=tokens)]
        for _ in range(members):
            copy = list(original)
            for place in generator.integers(0, tokens, size=generator.integers(0, 5)):
                copy[place] = f"edit{generator.integers(0, 10**6)}"
            texts.append(" ".join(copy))
    return [texts[row] for row in generator.permutation(len(texts))]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from("abcde"), max_size=9).map(" ".join), max_size=12),
    st.sampled_from([0.3, 0.5, 0.7, 1.0]),
    st.integers(1, 5),
    st.data(),
)
def test_with_every_pair_proposed_the_clusters_are_those_of_brute_force(
    texts: list[str], threshold: float, ngram: int, data: st.DataObject
) -> None:
    rank = data.draw(st.permutations(range(len(texts))))
    pairs, _ = candidate_pairs(np.ones(len(texts), dtype=np.uint64), rank=rank)
    found = verify_pairs(texts, pairs, threshold=threshold, ngram=ngram)
    table = choose_representatives(list(range(len(texts))), found, rank, threshold=threshold)
    assert rows_of(table) == plain_clusters(texts, rank, threshold=threshold, ngram=ngram)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdefg"), max_size=20).map(" ".join), max_size=10))
def test_nothing_goes_that_does_not_itself_resemble_what_stays(texts: list[str]) -> None:
    rows = rows_of(find_near_duplicates(texts, threshold=0.6, ngram=2, num_perm=64))
    kept = {head for row, head, _ in rows if row == head}
    gone = [(row, head, similarity) for row, head, similarity in rows if row != head]
    assert len({row for row, _, _ in rows}) == len(rows)
    for row, head, similarity in gone:
        assert isinstance(row, int) and isinstance(head, int)
        assert head in kept and row not in kept and head < row
        assert similarity == jaccard(texts[row], texts[head], ngram=2) >= 0.6


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("threshold", "least"), [(0.7, 0.99), (0.85, 0.98)])
def test_nearly_all_that_brute_force_removes_is_removed(threshold: float, least: float, seed: int) -> None:
    texts = generated_texts(120, 5, seed=seed, tokens=200)
    clusters = plain_clusters(texts, list(range(600)), threshold=threshold)
    exact = {row for row, head, _ in clusters if row != head}
    found = {row for row, head, _ in rows_of(find_near_duplicates(texts, threshold=threshold)) if row != head}
    assert len(exact) > 200
    assert len(found & exact) >= least * len(exact)
    assert len(found) <= 1.01 * len(exact)


def test_the_order_of_rows_changes_nothing() -> None:
    texts = generated_texts(30, 4, seed=8)
    ids = [f"id{row:03d}" for row in range(len(texts))]
    rank = [row % 7 for row in range(len(texts))]
    expected = find_near_duplicates(texts, ids=ids, rank=rank)
    assert expected.num_rows > 50
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(texts)).tolist()
        shuffled = ([column[row] for row in order] for column in (texts, ids, rank))
        again, names, ranks = shuffled
        assert find_near_duplicates(again, ids=names, rank=ranks, threads=2).equals(expected)


def test_every_form_of_texts_gives_the_same_table() -> None:
    texts = generated_texts(6, 3, seed=9)
    expected = find_near_duplicates(texts)
    halves = [texts[:7], texts[7:]]
    forms = [
        pa.array(texts),
        pa.array(texts, pa.large_string()),
        pa.array(texts, pa.binary()),
        pa.chunked_array(halves),
        pa.chunked_array(halves, pa.binary()),
        tuple(text.encode() for text in texts),
    ]
    assert expected.num_rows > 0
    for form in forms:
        assert find_near_duplicates(form).equals(expected)


def test_it_is_the_composition_of_its_four_parts() -> None:
    texts = generated_texts(20, 3, seed=10)
    ids = pa.array([bytes([row]) * 20 for row in range(60)], pa.binary(20))
    places = np.random.default_rng(0).permutation(60)
    bands, rows = bands_for(0.7, 256)
    keys = band_keys(minhash(texts), bands=bands, rows=rows)
    candidates: Candidates = candidate_pairs(keys, rank=places)
    pairs = verify_pairs(texts, candidates.pairs, threshold=0.7)
    composed = choose_representatives(ids, pairs, places, threshold=0.7)
    assert composed.equals(find_near_duplicates(texts, ids=ids, rank=places))
    assert composed.num_rows > 0


def chain(step: int) -> list[str]:
    return [" ".join(f"t{i}" for i in range(start, start + 100)) for start in (0, step, 2 * step)]


def test_a_chain_of_copies_keeps_both_ends() -> None:
    texts = chain(13)
    assert jaccard(texts[0], texts[1]) >= 0.7 > jaccard(texts[0], texts[2])
    assert find_near_duplicates(texts).column("id").to_pylist() == [0, 1]


def test_tiny_texts_are_never_merged() -> None:
    texts = ["", "", "a b c d", "a b c d", "{}", "\n\n", None, None, "a b c d e", "a b c d e"]
    assert rows_of(find_near_duplicates(texts)) == [(8, 8, 1.0), (9, 8, 1.0)]


def test_a_threshold_of_one_joins_equal_shingle_sets_only() -> None:
    texts = ["a b c d e f", "a  b\tc(d)e;f", "a b c d e f g"]
    assert rows_of(find_near_duplicates(texts, threshold=1.0)) == [(0, 0, 1.0), (1, 0, 1.0)]


def test_five_thousand_near_identical_files_become_one_without_all_pairs() -> None:
    common = " ".join(f"word{i}" for i in range(30))
    texts = [f"{common} name{row}" for row in range(5000)]
    rank = [(row * 7) % 5000 for row in range(5000)]
    bands, rows = bands_for(0.7, 64)
    keys = band_keys(minhash(texts, num_perm=64), bands=bands, rows=rows)
    pairs, report = candidate_pairs(keys, rank=np.array(rank))
    assert report.largest_bucket > 2000
    assert len(pairs.left) < 5000 * 64 * bands
    verified = verify_pairs(texts, pairs, threshold=0.7)
    table = choose_representatives(np.arange(5000), verified, rank, threshold=0.7)
    assert table.num_rows == 5000
    assert set(table.column("representative").to_pylist()) == {0}


def test_the_first_in_rank_stands_for_a_cluster_larger_than_any_bucket() -> None:
    common = " ".join(f"word{i}" for i in range(300))
    texts = [f"{common} name{row}" for row in range(2200)]
    table = find_near_duplicates(texts, rank=list(range(2200, 0, -1)), num_perm=16)
    assert table.num_rows == 2200
    assert set(table.column("representative").to_pylist()) == {2199}


def test_nothing_in_gives_an_empty_table_of_the_same_columns() -> None:
    table = find_near_duplicates([])
    assert table.num_rows == 0
    assert table.schema == find_near_duplicates(["a b c d e"] * 2).schema


def test_hostile_bytes_are_only_texts() -> None:
    generator = np.random.default_rng(4)
    texts = [generator.bytes(int(size)) for size in generator.integers(0, 4000, size=40)]
    doubled = pa.array([*texts, *texts], pa.large_binary())
    for row, head, similarity in rows_of(find_near_duplicates(doubled)):
        assert (row == head or row == int(str(head)) + 40) and similarity == 1.0


@pytest.mark.parametrize(
    "options",
    [
        {"threshold": 0.0},
        {"num_perm": 0},
        {"ngram": 0},
        {"seed": -1},
        {"threads": 0},
        {"ids": ["a"]},
        {"ids": ["a", "a"]},
        {"rank": [1]},
        {"rank": [1, "x"]},
    ],
    ids=str,
)
def test_bad_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        find_near_duplicates(["a b c d e", "b"], **options)  # type: ignore[arg-type]


def test_all_pairs_of_a_small_corpus_are_where_they_should_be() -> None:
    texts = generated_texts(10, 4, seed=11)
    table = find_near_duplicates(texts, rank=list(range(40, 0, -1)))
    exact = plain_clusters(texts, list(range(40, 0, -1)), threshold=0.7)
    assert rows_of(table) == exact
    for a, b in itertools.combinations([head for row, head, _ in exact if row == head], 2):
        assert isinstance(a, int) and isinstance(b, int)
        assert jaccard(texts[a], texts[b]) < 0.7
