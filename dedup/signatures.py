"""Compute MinHash signatures: short vectors whose share of equal slots estimates the Jaccard similarity.

Signatures are those of datasketch 2.0 in its default scheme ("affine32": the first four bytes of SHA-1, the
MurmurHash3 finalizer, then `a * h + b mod 2**32` per slot).

Source: Broder, "On the resemblance and containment of documents", 1997; https://github.com/ekzhu/datasketch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.checks import MAX_NGRAM, check_integer
from dedup.shingling import shingles
from dedup.texts import text_array

SIGNATURE_KERNEL = "minhash-affine32-sha1"
"""Name of the arithmetic; signatures of two kernels can't be compared."""

VERSION = "1"
"""Changes whenever a signature, a band key or a similarity of the same text would."""

EMPTY_SLOT = 2**32 - 1
"""Value of all slots of a text without shingles."""

_SHINGLES_AT_ONCE = 4096
_MAX_NUM_PERM = 65536


def minhash(texts: Any, *, num_perm: int = 256, ngram: int = 5, seed: int = 1) -> npt.NDArray[np.uint32]:
    """Return the MinHash signature of each text.

    Args:
        texts: What `text_array` takes. A null is a text without shingles.
        num_perm: Slots per signature, in [1, 65536].
        ngram: Tokens per shingle, in [1, 64].
        seed: Chooses the permutations, in [0, 2**32 - 1].

    Returns:
        Array of shape (texts, num_perm). A row equals `datasketch.MinHash(num_perm, seed).hashvalues` after
        `update_batch(shingles(text))`; without shingles it is `EMPTY_SLOT` throughout.

    Raises:
        ValueError: If a number is out of range or `texts` of another type.
        ImportError: If datasketch is not installed.

    Examples:
        >>> a, b, c = minhash(["for x in range 10", "For x in range 10", "for"], num_perm=64)
        >>> bool((a == b).all()), bool((c == EMPTY_SLOT).all())
        (False, True)
    """
    check_integer("num_perm", num_perm, least=1, most=_MAX_NUM_PERM)
    check_integer("ngram", ngram, least=1, most=MAX_NGRAM)
    check_integer("seed", seed, least=0, most=2**32 - 1)
    array = text_array(texts)
    blank = _blank_sketch(num_perm, seed)
    signatures = np.full((len(array), num_perm), EMPTY_SLOT, dtype=np.uint32)
    for row, text in enumerate(array):
        found = shingles(text.as_buffer().to_pybytes(), ngram=ngram) if text.is_valid else []
        if not found:
            continue
        sketch = blank.copy()
        # In parts, since a batch of n shingles takes 4 * n * num_perm bytes several times over.
        for start in range(0, len(found), _SHINGLES_AT_ONCE):
            sketch.update_batch(found[start : start + _SHINGLES_AT_ONCE])
        signatures[row] = sketch.hashvalues
    return signatures


def has_shingles(signatures: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Return for each signature whether its text has shingles; those without are no one's duplicate.

    Examples:
        >>> has_shingles(minhash(["a b c", "a"], ngram=2)).tolist()
        [True, False]
    """
    found: npt.NDArray[np.bool_] = (signatures != EMPTY_SLOT).any(axis=1)
    return found


def _blank_sketch(num_perm: int, seed: int) -> Any:
    try:
        from datasketch import MinHash
    except ImportError as error:
        raise ImportError("minhash needs datasketch: install 'stack-pipeline[datasketch]'") from error
    return MinHash(num_perm=num_perm, seed=seed, scheme="affine32")
