"""The whole of near-deduplication against brute force."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stack_native
from dedup import (
    SCHEMES,
    GroupCount,
    band_keys,
    bands_for,
    candidate_pairs,
    cluster_pairs,
    find_near_duplicates,
    has_shingles,
    jaccard,
    least_equal_slots,
    member_rows,
    minhash,
    signature_gate,
    wipe_out_alarms,
)
from dedup.exact_join import exact_components, exact_pairs, exact_star
from tests.dedup.plain_search import PlainSearch, generated_texts, removed, rows_of

KINDS, MEASURES = ("star", "components"), ("jaccard", "containment")
LOSSLESS = {"num_perm": 4096, "bands": 1024, "rows": 1, "max_bucket": 2**20}
"""With so many slots neither bands nor the estimate gate lose a pair of small texts, but with negligible probability."""


TEXTS = st.lists(
    st.one_of(st.none(), st.lists(st.sampled_from("abcde"), max_size=9).map(" ".join)), max_size=10
)


@settings(max_examples=60)
@given(
    TEXTS,
    st.sampled_from(
        [(threshold, "jaccard") for threshold in (0.05, 0.3, 0.5, 0.7, 1.0)] + [(0.05, "containment")]
    ),
    st.sampled_from(KINDS),
    st.integers(1, 3),
    st.booleans(),
    st.data(),
)
def test_with_every_pair_proposed_the_table_is_that_of_brute_force(
    texts: list[str | None],
    decided: tuple[float, str],
    clusters: str,
    ngram: int,
    grouped: bool,
    data: st.DataObject,
) -> None:
    threshold, measure = decided
    rank = data.draw(st.lists(st.integers(0, 4), min_size=len(texts), max_size=len(texts)))
    options: dict[str, Any] = {"clusters": clusters, "measure": measure, "ngram": ngram, "rank": rank}
    if grouped:
        group = st.sampled_from(["c", "python", None])
        options["groups"] = data.draw(st.lists(group, min_size=len(texts), max_size=len(texts)))
    table = find_near_duplicates(texts, threshold=threshold, **options, **LOSSLESS)
    assert rows_of(table) == PlainSearch(texts, threshold=threshold, **options).rows()


@given(st.lists(st.lists(st.sampled_from("abcdefg"), max_size=20).map(" ".join), max_size=10))
def test_nothing_goes_that_does_not_itself_resemble_what_stays(texts: list[str]) -> None:
    rows = rows_of(find_near_duplicates(texts, threshold=0.6, ngram=2, num_perm=64))
    kept = {head for row, head, *_ in rows if row == head}
    assert len({row for row, *_ in rows}) == len(rows)
    for row, head, similarity, kind in rows:
        assert (kind == "kept") == (row == head)
        if row != head:
            assert head in kept and row not in kept and head < row
            assert texts[row] == texts[head] or similarity == jaccard(texts[row], texts[head], ngram=2) >= 0.6


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("clusters", KINDS)
@pytest.mark.parametrize(("threshold", "least"), [(0.7, 0.99), (0.85, 0.98)])
def test_nearly_all_that_is_truly_similar_goes_and_nothing_else(
    threshold: float, least: float, clusters: str, seed: int
) -> None:
    """A third of the pairs lie at 0.85 to 0.88, where bands and gate lose most."""
    texts = generated_texts(120, 5, seed=seed, tokens=200)
    pairs = exact_pairs(texts, threshold=threshold)
    truth = (exact_star if clusters == "star" else exact_components)(pairs, rows=600)
    exact = set(np.flatnonzero(truth != np.arange(600)).tolist())
    table = find_near_duplicates(texts, threshold=threshold, clusters=clusters)
    assert len(exact) > 200
    assert len(removed(table) & exact) >= least * len(exact)
    similar = set(itertools.chain(pairs["left"].to_pylist(), pairs["right"].to_pylist()))
    assert removed(table) <= similar
    for row, head, similarity, *_ in rows_of(table):
        assert row == head or similarity == jaccard(texts[row], texts[head])
        assert clusters == "components" or similarity >= threshold


def test_families_far_from_the_threshold_are_found_as_brute_force_finds_them() -> None:
    texts = generated_texts(10, 4, seed=11)
    rank = list(range(40, 0, -1))
    rows = rows_of(find_near_duplicates(texts, rank=rank))
    assert rows == PlainSearch(texts, threshold=0.7, rank=rank).rows()
    for a, b in itertools.combinations([head for row, head, *_ in rows if row == head], 2):
        assert jaccard(texts[a], texts[b]) < 0.7


@pytest.mark.parametrize("clusters", KINDS)
@pytest.mark.parametrize("measure", MEASURES)
def test_the_order_of_rows_and_threads_change_nothing(clusters: str, measure: str) -> None:
    texts: list[str | None] = [*generated_texts(40, 4, seed=8), *["short", ""] * 3, None, None]
    texts += texts[:20]
    count = len(texts)
    ids = [f"id{row:03d}" for row in range(count)]
    rank = [row % 7 for row in range(count)]
    groups = [("c", "python", None)[row % 11 % 3] for row in range(count)]
    options: dict[str, Any] = {"clusters": clusters, "measure": measure}
    both: dict[str, list[Any]] = {"rank": rank, "groups": groups}
    for names in [(), ("rank",), ("groups",), ("rank", "groups")]:
        chosen: dict[str, Any] = {name: both[name] for name in names}
        expected = find_near_duplicates(texts, ids=ids, **chosen, **options)
        assert expected.num_rows > 50
        for seed, threads in enumerate((1, 2, 7)):
            order = np.random.default_rng(seed).permutation(count).tolist()
            columns: dict[str, Any] = {
                name: [values[row] for row in order] for name, values in chosen.items()
            }
            again = find_near_duplicates(
                [texts[row] for row in order],
                ids=[ids[row] for row in order],
                threads=threads,
                **columns,
                **options,
            )
            assert again.equals(expected)


def test_buckets_that_are_cut_do_not_depend_on_the_order_of_rows_either() -> None:
    common = " ".join(f"word{i}" for i in range(30))
    texts = [f"{common} " + " ".join(f"n{row}_{i}" for i in range(row % 12)) for row in range(3000)]
    ids = np.random.default_rng(1).permutation(3000)
    options: dict[str, Any] = {"num_perm": 64, "max_bucket": 16, "bucket_heads": 3}
    expected = find_near_duplicates(texts, ids=ids, **options)
    assert expected.num_rows > 1000
    order = np.random.default_rng(2).permutation(3000)
    again = find_near_duplicates([texts[row] for row in order], ids=ids[order], threads=2, **options)
    assert again.equals(expected)


PRINTED_TABLE = """
from dedup import find_near_duplicates
texts = ["x = %d; y = %d; f(a, b, c, d, e, f, g, h)" % (i % 7, i % 5) for i in range(300)] + ["", "s"] * 4
for kind in ("star", "components"):
    print(find_near_duplicates(texts, clusters=kind, threshold=0.6).to_pydict())
"""


def test_another_process_gives_the_same_table() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", PRINTED_TABLE],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] and b"'near'" in runs[0] and b"'exact'" in runs[0]


@pytest.mark.parametrize("clusters", KINDS)
def test_every_form_of_texts_gives_the_same_table(clusters: str) -> None:
    texts: list[str | None] = [*generated_texts(6, 3, seed=9), None, "", "short", "short", ""]
    expected = find_near_duplicates(texts, clusters=clusters)
    halves = [texts[:7], texts[7:]]
    kinds = (pa.string(), pa.large_string(), pa.binary(), pa.large_binary())
    forms: list[Any] = [pa.array(texts, kind) for kind in kinds]
    forms += [pa.array(["left out", *texts, "also"], kind).slice(1, len(texts)) for kind in kinds]
    forms += [pa.chunked_array(halves, kind) for kind in kinds]
    forms += [pa.chunked_array([["left out"], *halves], kind).slice(1) for kind in kinds]
    forms += [(text for text in texts), [None if text is None else text.encode() for text in texts]]
    assert expected.num_rows > 8
    for form in forms:
        assert find_near_duplicates(form, clusters=clusters).equals(expected)


def test_it_is_the_composition_of_its_parts() -> None:
    texts = generated_texts(20, 3, seed=12)
    assert len(set(texts)) == 60
    bands, rows = bands_for(0.7, 256)
    signatures = minhash(texts)
    gate = signature_gate(signatures, least_equal=least_equal_slots(0.7, 256))
    pairs, _ = candidate_pairs(band_keys(signatures, bands=bands, rows=rows), gate=gate)
    found = cluster_pairs(pa.array(texts), range(60), pairs, threshold=0.7)
    composed = member_rows(np.arange(60), found, with_nearest=False)
    table = find_near_duplicates(texts)
    assert composed.num_rows > 20
    for ours, theirs in [("place", "id"), ("representative",) * 2, ("similarity",) * 2, ("kind",) * 2]:
        assert composed[ours].to_pylist() == table[theirs].to_pylist()


def test_ids_keep_their_type_and_values() -> None:
    texts = ["a b c d e", "a b c d e", "x", "x"]
    for ids in (
        pa.array([bytes([row]) * 20 for row in range(4)], pa.binary(20)),
        pa.array(["w", "x", "y", "z"], pa.large_string()),
        pa.array([3, 4, 5, 6], pa.uint16()),
        pa.chunked_array([["a"], ["b", "c", "d"]]),
    ):
        table = find_near_duplicates(texts, ids=ids)
        for name, rows in [("id", [0, 1, 2, 3]), ("cluster", [0, 0, 2, 2]), ("representative", [0, 0, 2, 2])]:
            assert table.column(name).type == ids.type
            assert table.column(name).to_pylist() == [ids[row].as_py() for row in rows]


def test_byte_identical_texts_are_exact_however_short() -> None:
    texts = ["", "", "a b c d", "a b c d", "{}", "\n\n", None, None, "a b c d e", "a b c d e", "{} "]
    assert rows_of(find_near_duplicates(texts)) == [
        (0, 0, 1.0, "kept"),
        (1, 0, 1.0, "exact"),
        (2, 2, 1.0, "kept"),
        (3, 2, 1.0, "exact"),
        (8, 8, 1.0, "kept"),
        (9, 8, 1.0, "exact"),
    ]


def test_nulls_are_in_no_cluster() -> None:
    assert find_near_duplicates(pa.array([None] * 5, pa.string())).num_rows == 0
    assert find_near_duplicates([None, "a b c d e", None, "a, b c d e"]).column("id").to_pylist() == [1, 3]


@pytest.mark.parametrize("clusters", KINDS)
def test_a_copy_of_what_goes_goes_with_it(clusters: str) -> None:
    a, b = (" ".join(f"t{i}" for i in range(start, start + 100)) for start in (0, 13))
    rows = rows_of(find_near_duplicates([a, b, b, a], clusters=clusters))
    similarity = jaccard(a, b)
    assert [row[:4] for row in rows] == [
        (0, 0, 1.0, "kept"),
        (1, 0, similarity, "near"),
        (2, 0, similarity, "exact"),
        (3, 0, 1.0, "exact"),
    ]
    if clusters == "components":
        assert [row[4:] for row in rows] == [(3, 1.0), (2, 1.0), (1, 1.0), (0, 1.0)]


@pytest.mark.parametrize("clusters", KINDS)
def test_only_texts_of_one_group_are_compared(clusters: str) -> None:
    text = "a b c d e f g"
    groups = ["c", "python", None, "c", "python", None, "rust"]
    table = find_near_duplicates([text] * 3 + [text + "!"] * 4, groups=groups, clusters=clusters)
    assert [row[:2] for row in rows_of(table)] == [(0, 0), (3, 0), (1, 1), (4, 1), (2, 2), (5, 2)]
    assert find_near_duplicates([text] * 7, groups=range(7), clusters=clusters).num_rows == 0
    assert find_near_duplicates([text] * 7, groups=[1] * 7, clusters=clusters).num_rows == 7


def test_by_containment_the_long_text_stays() -> None:
    long = " ".join(f"t{i}" for i in range(60))
    short = " ".join(f"t{i}" for i in range(10, 50))
    table = find_near_duplicates([short, long], measure="containment", threshold=0.9)
    assert rows_of(table) == [(1, 1, 1.0, "kept"), (0, 1, 1.0, "near")]
    assert find_near_duplicates([short, long], threshold=0.9).num_rows == 0
    ranked: dict[str, Any] = {"measure": "containment", "threshold": 0.9, "rank": [0, 1]}
    assert find_near_duplicates([short, long], **ranked).num_rows == 0
    joined = find_near_duplicates([short, long], clusters="components", **ranked)
    assert [row[:3] for row in rows_of(joined)] == [(0, 0, 1.0), (1, 0, 1.0)]


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_schemes_propose_and_exact_similarity_decides(scheme: str) -> None:
    texts = generated_texts(10, 4, seed=11)
    assert find_near_duplicates(texts, scheme=scheme).equals(find_near_duplicates(texts))


@pytest.mark.parametrize(("bands", "rows"), [(128, 2), (36, 7), (25, 10), (64, 1)])
def test_bands_and_rows_choose_what_is_proposed(bands: int, rows: int) -> None:
    texts = generated_texts(100, 4, seed=12)
    expected = removed(find_near_duplicates(texts, bands=256, rows=1))
    found = removed(find_near_duplicates(texts, bands=bands, rows=rows))
    assert len(found & expected) >= 0.85 * len(expected) > 100


def test_bands_of_whole_signatures_find_equal_sets_only() -> None:
    texts = ["a b c d e f", "a b, c d e f", "a b c d e f g h i j k l m n o p q r s t u v w x y"]
    texts.append(texts[2] + " z")
    assert removed(find_near_duplicates(texts)) == {1, 3}
    assert removed(find_near_duplicates(texts, bands=1, rows=256)) == {1}


def test_texts_of_few_tokens_have_exact_duplicates_only_if_so_wanted() -> None:
    texts = ["a b c d e f", "a b c d e  f", "a b c d e f"]
    assert removed(find_near_duplicates(texts)) == {1, 2}
    assert removed(find_near_duplicates(texts, min_tokens=6)) == {1, 2}
    assert removed(find_near_duplicates(texts, min_tokens=7)) == {2}


@pytest.mark.skipif(not hasattr(stack_native, "without_license_headers"), reason="not built")
def test_a_licence_header_may_be_left_out() -> None:
    licence = (
        "# Licensed to nobody under the terms of no licence at all.\n# You may do what you want with it."
    )
    header = (
        "# Copyright 1999 The Authors\n#\n"
        + f"{licence}\n# "
        + " ".join(f"word{i}" for i in range(60))
        + "\n\n"
    )
    bodies = [" ".join(f"b{body}_{i}" for i in range(12)) for body in range(2)]
    texts = [header + body for body in bodies]
    assert removed(find_near_duplicates(texts)) == {1}
    assert removed(find_near_duplicates(texts, strip_license_headers=True)) == set()
    both = [texts[0], bodies[0]]
    assert removed(find_near_duplicates(both)) == set()
    assert removed(find_near_duplicates(both, strip_license_headers=True)) == {1}


def chain(links: int, *, step: int = 13) -> list[str]:
    """Make texts each of which is similar to its neighbours, and to no others."""
    return [" ".join(f"t{i}" for i in range(link * step, link * step + 100)) for link in range(links)]


def test_a_chain_of_three_keeps_both_ends() -> None:
    texts = chain(3)
    assert jaccard(texts[0], texts[1]) >= 0.7 > jaccard(texts[0], texts[2])
    assert removed(find_near_duplicates(texts)) == {1}
    assert removed(find_near_duplicates(texts, rank=[1, 0, 2])) == {0, 2}


def test_a_chain_takes_all_of_a_language_by_components_and_raises_the_alarm() -> None:
    texts = chain(1500, step=11)
    components = find_near_duplicates(texts, clusters="components")
    lost = len(removed(components))
    assert lost > 0.95 * len(texts) and removed(components) >= {10, 700, 1400}
    assert jaccard(texts[0], texts[700]) == 0.0
    star = find_near_duplicates(texts)
    assert len(removed(star)) < 0.7 * len(texts)
    assert all(similarity >= 0.7 for _, _, similarity, _ in rows_of(star))

    def levels(table: Any) -> list[tuple[str, str]]:
        sizes: dict[str, int] = {}
        for _, head, *_ in rows_of(table):
            sizes[str(head)] = sizes.get(str(head), 0) + 1
        count = GroupCount("language", "HTML", len(texts), len(removed(table)))
        return [
            (alarm.level, alarm.kind)
            for alarm in wipe_out_alarms([count], clusters=sizes.items(), files=len(texts))
        ]

    assert ("stop", "language") in levels(components) and ("stop", "cluster") in levels(components)
    assert not [level for level, _ in levels(star) if level == "stop"]


def test_one_template_under_many_texts_takes_none_of_them() -> None:
    template = " ".join(f"nav{i}" for i in range(60))
    texts = [f"{template} " + " ".join(f"own{row}_{i}" for i in range(40)) for row in range(400)]
    assert len(exact_pairs(texts, threshold=0.3)) == 400 * 399 // 2
    for clusters in KINDS:
        assert find_near_duplicates(texts, clusters=clusters).num_rows == 0


def test_a_threshold_of_one_joins_equal_shingle_sets_only() -> None:
    texts = ["a b c d e f", "a  b\tc(d)e;f", "a b c d e f g"]
    assert rows_of(find_near_duplicates(texts, threshold=1.0)) == [(0, 0, 1.0, "kept"), (1, 0, 1.0, "near")]


def test_the_first_in_rank_stands_for_a_cluster_larger_than_any_bucket() -> None:
    common = " ".join(f"word{i}" for i in range(300))
    texts = [f"{common} name{row}" for row in range(2200)]
    table = find_near_duplicates(texts, rank=list(range(2200, 0, -1)), num_perm=16)
    assert table.num_rows == 2200
    assert set(table.column("representative").to_pylist()) == {2199}


@pytest.mark.parametrize("clusters", KINDS)
def test_nothing_in_gives_an_empty_table_of_the_same_columns(clusters: str) -> None:
    table = find_near_duplicates([], clusters=clusters)
    assert table.num_rows == 0
    assert table.schema == find_near_duplicates(["a b c d e"] * 2, clusters=clusters).schema
    more = ["nearest", "nearest_similarity"] if clusters == "components" else []
    assert table.schema.names == ["id", "cluster", "representative", "similarity", "kind", *more]


def test_signatures_that_say_nothing_are_in_no_bucket() -> None:
    texts = ["one", "two", "three words here"] * 2
    assert not has_shingles(minhash(texts)).any()
    assert removed(find_near_duplicates(texts)) == {3, 4, 5}
