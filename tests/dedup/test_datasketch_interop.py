"""`dedup.datasketch_interop` against datasketch itself."""

from __future__ import annotations

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash, MinHashLSH

from dedup import SCHEMES, hash32, minhash, shingles
from dedup.datasketch_interop import datasketch_band_keys, from_datasketch, to_datasketch

TEXTS = [f"def f{i % 9}(x): return x + {i % 4} if y else z # {i}" for i in range(60)]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("lean", [False, True])
def test_signatures_go_there_and_back(scheme: str, lean: bool) -> None:
    signatures = minhash(TEXTS, num_perm=64, scheme=scheme, seed=7)
    sketches = to_datasketch(signatures, scheme=scheme, seed=7, lean=lean)
    assert isinstance(sketches[0], LeanMinHash if lean else MinHash)
    assert (from_datasketch(sketches, scheme=scheme, seed=7) == signatures).all()
    for a, b in [(0, 1), (3, 40)]:
        assert sketches[a].jaccard(sketches[b]) == (signatures[a] == signatures[b]).mean()


def test_a_sketch_that_came_from_here_is_updated_and_compared_as_datasketchs_own() -> None:
    own = MinHash(num_perm=64, seed=1, hashfunc=hash32)
    own.update_batch(shingles(TEXTS[0]))
    ours = to_datasketch(minhash([TEXTS[0]], num_perm=64))[0]
    assert ours == own
    own.update(b"more of it")
    ours.update(b"more of it")
    assert ours == own


@pytest.mark.parametrize("scheme", ["default", "datasketch-legacy"])
def test_band_keys_find_what_the_index_of_datasketch_finds(scheme: str) -> None:
    signatures = minhash(TEXTS, num_perm=64, scheme=scheme)
    index = MinHashLSH(params=(16, 4), num_perm=64)
    sketches = to_datasketch(signatures, scheme=scheme)
    for number, sketch in enumerate(sketches):
        index.insert(number, sketch)
    keys = datasketch_band_keys(signatures, bands=16, rows=4, scheme=scheme)
    for number, sketch in enumerate(sketches):
        expected = {
            other
            for other in range(len(TEXTS))
            if any(a == b for a, b in zip(keys[number], keys[other], strict=True))
        }
        assert set(index.query(sketch)) == expected
    assert [list(table.keys()) for table in index.hashtables] == [
        list(dict.fromkeys(text[band] for text in keys)) for band in range(16)
    ]


@pytest.mark.parametrize(
    ("sketch", "message"),
    [
        (MinHash(num_perm=64, seed=2, hashfunc=hash32), "scheme, seed and slots"),
        (MinHash(num_perm=32, seed=1, hashfunc=hash32), "scheme, seed and slots"),
        (MinHash(num_perm=64, seed=1, hashfunc=hash32, scheme="legacy"), "scheme, seed and slots"),
        (MinHash(num_perm=64, seed=1), "must hash by hash32"),
    ],
)
def test_sketches_of_another_kind_are_refused(sketch: MinHash, message: str) -> None:
    good = MinHash(num_perm=64, seed=1, hashfunc=hash32)
    with pytest.raises(ValueError, match=message):
        from_datasketch([good, sketch])


def test_none_is_none() -> None:
    assert to_datasketch(np.empty((0, 64), np.uint32)) == []
    assert from_datasketch([]).size == 0
