"""Find near-duplicates among texts in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.bands import band_keys, bands_for
from dedup.candidates import candidate_pairs
from dedup.order import id_array, total_rank
from dedup.representatives import choose_representatives
from dedup.signatures import minhash
from dedup.texts import text_array
from dedup.verification import verify_pairs


def find_near_duplicates(
    texts: Any,
    *,
    ids: Any = None,
    rank: Any = None,
    threshold: float = 0.7,
    num_perm: int = 256,
    ngram: int = 5,
    seed: int = 1,
    threads: int = 1,
) -> Any:
    """Return the clusters of texts that resemble a kept text by `threshold` or more.

    A text goes only if its own exact Jaccard similarity to the text that stands for it reaches the
    threshold. What MinHash does not propose is not found: at least 95 % of the pairs that lie exactly at
    the threshold are (`bands_for`), more above it.

    Args:
        texts: An Arrow array or chunked array of strings or binary values, or an iterable of `str` or
            `bytes`. Texts of fewer than `ngram` tokens, and nulls, are never in a cluster.
        ids: One distinct id per text (integers, strings or bytes); by default row numbers as int64.
        rank: One value per text of any kind that sorts; lower stays rather than higher, ties are broken by
            id. By default the order of rows. With `ids` and `rank` the result does not depend on the order
            of rows.
        threshold: Jaccard similarity, in (0, 1].
        num_perm: Slots per MinHash signature.
        ngram: Tokens per shingle, in [1, 64].
        seed: Chooses the permutations of MinHash, in [0, 2**32 - 1].
        threads: Threads of the exact check, in [1, 256]; changes nothing but the time.

    Returns:
        `pyarrow.Table` of `id`, `cluster`, `representative` and `similarity` as `choose_representatives`
        says: a row per member of a cluster of two or more, sorted by (rank of the representative, rank of
        the member).

    Raises:
        ValueError: If an argument is out of range, or ids are not distinct.
        ImportError: If datasketch is not installed.

    Examples:
        >>> texts = ["int f(int a) { return a + 1; }", "int f(int a) {\\n  return a + 1;\\n}", "f"]
        >>> find_near_duplicates(texts, ids=["p.c", "q.c", "r.c"]).to_pydict()["representative"]
        ['p.c', 'p.c']
    """
    array = text_array(texts)
    names = id_array(np.arange(len(array), dtype=np.int64) if ids is None else ids)
    if len(names) != len(array):
        raise ValueError(f"ids must have {len(array)} values, got {len(names)}")
    places = total_rank(names, rank=rank)
    bands, rows = bands_for(threshold, num_perm)
    keys = band_keys(minhash(array, num_perm=num_perm, ngram=ngram, seed=seed), bands=bands, rows=rows)
    candidates = candidate_pairs(keys, rank=places)
    verified = verify_pairs(array, candidates.pairs, threshold=threshold, ngram=ngram, threads=threads)
    return choose_representatives(names, verified, places, threshold=threshold)
