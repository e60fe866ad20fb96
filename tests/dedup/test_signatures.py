"""MinHash signatures: their shape, their options and what they never do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stack_native
from dedup import EMPTY_SLOT, SCHEMES, has_shingles, hash32, jaccard, literal_shingles, minhash, shingles
from dedup.signatures import signature_kernel

TEXTS = st.text(st.sampled_from("abc \n_é"), max_size=30)


@given(st.lists(TEXTS, max_size=5), st.sampled_from(sorted(SCHEMES)), st.integers(1, 70), st.integers(1, 6))
def test_a_row_per_text_and_a_slot_per_permutation(
    texts: list[str], scheme: str, num_perm: int, ngram: int
) -> None:
    signatures = minhash(texts, num_perm=num_perm, ngram=ngram, scheme=scheme)
    assert signatures.shape == (len(texts), num_perm) and signatures.dtype == np.uint32
    cut = literal_shingles if scheme == "bigcode" else shingles
    assert has_shingles(signatures).tolist() == [bool(cut(text, ngram=ngram)) for text in texts]


@given(TEXTS, st.integers(1, 4))
def test_a_signature_is_the_least_of_those_of_its_shingles(text: str, ngram: int) -> None:
    whole = minhash([text], num_perm=8, ngram=ngram)[0]
    parts = minhash(shingles(text, ngram=ngram), num_perm=8, ngram=ngram)
    assert whole.tolist() == parts.min(axis=0, initial=EMPTY_SLOT).tolist()


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_rows_choose_texts_and_their_order(scheme: str) -> None:
    texts = pa.array([f"a b c d e f{number}" for number in range(50)])
    whole = minhash(texts, num_perm=16, scheme=scheme)
    rows = [7, 3, 3, 49, 0]
    assert (minhash(texts, num_perm=16, scheme=scheme, rows=rows) == whole[rows]).all()
    assert minhash(texts, num_perm=16, scheme=scheme, rows=[]).shape == (0, 16)
    with pytest.raises(ValueError, match="rows must hold row numbers below 50"):
        minhash(texts, scheme=scheme, rows=[50])


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_threads_and_instruction_sets_change_nothing(scheme: str) -> None:
    generator = np.random.default_rng(4)
    texts = [
        " ".join(f"t{n}" for n in generator.integers(99, size=size)) for size in (0, 4, 5, 77, 3000, 40_000)
    ]
    one = minhash(texts, scheme=scheme)
    assert has_shingles(one).tolist()[2:] == [True] * 4
    for threads in (2, 7):
        assert (minhash(texts, scheme=scheme, threads=threads) == one).all()
    for path in stack_native.cpu_paths():
        assert (minhash(texts, scheme=scheme, cpu_path=path) == one).all(), path


def test_texts_of_fewer_tokens_than_asked_for_have_no_shingles() -> None:
    texts = ["a b c", "a b c d", "a b c d e"]
    for least, expected in [(None, [True] * 3), (4, [False, True, True]), (6, [False] * 3)]:
        assert has_shingles(minhash(texts, ngram=2, min_tokens=least)).tolist() == expected


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("default", [1231029177, 1386131383, 19175689, 4062189198]),
        ("datasketch", [667240196, 519620965, 66136792, 3014655561]),
        ("datasketch-legacy", [456358016, 431900785, 510240282, 299859065]),
        ("bigcode", [231807306, 2166237393, 74172613, 691858299]),
    ],
)
def test_signatures_never_change(scheme: str, expected: list[int]) -> None:
    assert minhash(["def add(a, b): return a + b"], num_perm=4, scheme=scheme)[0].tolist() == expected


def test_the_hash_never_changes() -> None:
    assert hash32(b"a b c d e") == 2048549689


def test_every_scheme_has_a_kernel_of_its_own() -> None:
    assert len({signature_kernel(scheme) for scheme in SCHEMES}) == len(SCHEMES)
    assert signature_kernel("datasketch") == "minhash-affine32-sha1"


def test_a_text_without_shingles_is_empty_and_flagged() -> None:
    signatures = minhash(pa.array(["a b c d", None, "", "a b c d e"]), num_perm=16)
    assert (signatures[:3] == EMPTY_SLOT).all()
    assert has_shingles(signatures).tolist() == [False, False, False, True]


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_equal_slots_estimate_the_similarity(scheme: str) -> None:
    a, b = (" ".join(f"t{i}" for i in range(start, start + 300)) for start in (0, 60))
    left, right = minhash([a, b], num_perm=1024, scheme=scheme)
    assert abs(float((left == right).mean()) - jaccard(a, b)) < 0.06


def test_seeds_draw_other_permutations() -> None:
    one, other = (minhash(["a b c d e f g"], seed=seed)[0] for seed in (1, 2))
    assert (one != other).mean() > 0.9


@pytest.mark.parametrize(
    "options",
    [
        {"num_perm": 0},
        {"num_perm": 70_000},
        {"ngram": 0},
        {"ngram": 65},
        {"seed": -1},
        {"seed": 2**32},
        {"threads": 0},
        {"threads": 257},
        {"min_tokens": -1},
    ],
    ids=str,
)
def test_a_number_out_of_range_is_refused_by_name(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(options))} must be in"):
        minhash(["a"], **options)


@pytest.mark.parametrize("options", [{"scheme": "sha256"}, {"scheme": ""}, {"cpu_path": "neon9"}], ids=str)
def test_an_unknown_name_is_refused_with_those_that_are_known(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(options))} must be one of"):
        minhash(["a"], **options)
