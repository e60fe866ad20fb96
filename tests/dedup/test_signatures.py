"""MinHash signatures against datasketch."""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import EMPTY_SLOT, has_shingles, jaccard, minhash, shingles


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("abc \n_é")), max_size=5),
    st.integers(1, 70),
    st.integers(1, 6),
    st.integers(0, 2**32 - 1),
)
def test_signatures_equal_datasketch_over_the_shingles(
    texts: list[str], num_perm: int, ngram: int, seed: int
) -> None:
    signatures = minhash(texts, num_perm=num_perm, ngram=ngram, seed=seed)
    assert signatures.shape == (len(texts), num_perm) and signatures.dtype == np.uint32
    for text, signature in zip(texts, signatures, strict=True):
        sketch = MinHash(num_perm=num_perm, seed=seed)
        sketch.update_batch(shingles(text, ngram=ngram))
        assert signature.tolist() == sketch.hashvalues.tolist()


def test_a_text_that_is_worked_in_parts_equals_datasketch_at_once() -> None:
    text = " ".join(f"t{i}" for i in range(10_000))
    sketch = MinHash(num_perm=32)
    sketch.update_batch(shingles(text))
    assert minhash([text], num_perm=32)[0].tolist() == sketch.hashvalues.tolist()


def test_signatures_never_change() -> None:
    signature = minhash(["def add(a, b): return a + b"], num_perm=4)[0]
    assert signature.tolist() == [667240196, 519620965, 66136792, 3014655561]


def test_a_text_without_shingles_is_empty_and_flagged() -> None:
    signatures = minhash(pa.array(["a b c d", None, "", "a b c d e"]), num_perm=16)
    assert (signatures[:3] == EMPTY_SLOT).all()
    assert has_shingles(signatures).tolist() == [False, False, False, True]


def test_equal_slots_estimate_the_similarity() -> None:
    a, b = (" ".join(f"t{i}" for i in range(start, start + 300)) for start in (0, 60))
    left, right = minhash([a, b], num_perm=1024)
    assert abs(float((left == right).mean()) - jaccard(a, b)) < 0.06


@pytest.mark.parametrize(
    "options",
    [{"num_perm": 0}, {"num_perm": 70_000}, {"ngram": 0}, {"seed": -1}, {"seed": 2**32}],
    ids=str,
)
def test_a_number_out_of_range_is_refused_by_name(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(options))} must be in"):
        minhash(["a"], **options)


def test_without_datasketch_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasketch", None)
    with pytest.raises(ImportError, match=r"stack-pipeline\[datasketch\]"):
        minhash(["a"])
