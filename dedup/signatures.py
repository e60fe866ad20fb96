"""Compute MinHash signatures: short vectors whose share of equal slots estimates the Jaccard similarity.

A scheme is a way to hash shingles and a way to permute the hashes. Every scheme equals one that datasketch or a
published script computes, bit for bit; only signatures of one kernel (`signature_kernel`) can be compared.

Source: Broder, "On the resemblance and containment of documents", 1997; https://github.com/ekzhu/datasketch.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

import stack_native
from dedup.checks import MAX_NGRAM, check_integer
from dedup.texts import text_array

VERSION = "2"
"""Changes whenever a signature, a band key or a similarity of the same text would."""

EMPTY_SLOT = 2**32 - 1
"""Value of all slots of a text without shingles."""

SCHEMES = {
    "default": ("tokens", "affine32"),
    "datasketch": ("sha1", "affine32"),
    "datasketch-legacy": ("sha1", "legacy"),
    "bigcode": ("sha1-literal", "legacy"),
}
"""How shingles are hashed and hashes permuted, by scheme."""

_MERSENNE_61 = 2**61 - 1
_MAX_NUM_PERM = 65536


def minhash(
    texts: Any,
    *,
    num_perm: int = 256,
    ngram: int = 5,
    seed: int = 1,
    scheme: str = "default",
    min_tokens: int | None = None,
    rows: Any = None,
    threads: int = 1,
    cpu_path: str | None = None,
) -> npt.NDArray[np.uint32]:
    """Return the MinHash signature of each text.

    Args:
        texts: What `text_array` takes. A null is a text without shingles.
        num_perm: Slots per signature, in [1, 65536].
        ngram: Tokens per shingle, in [1, 64].
        seed: Chooses the permutations, in [0, 2**32 - 1].
        scheme: `default`: `datasketch.MinHash(num_perm, seed, hashfunc=dedup.hash32)` over `shingles(text)`;
            `datasketch`: the same with datasketch's own SHA-1; `datasketch-legacy`: and with its arithmetic
            from before 2.0; `bigcode`: that of the script that BigCode published, over `literal_shingles(text)`
            (the script's seed is 42).
        min_tokens: Texts of fewer tokens are taken as if they had no shingles; by default all that have one
            count.
        rows: Which texts to sign and in which order, as row numbers; all by default.
        threads: Threads to run on, in [1, 256]; changes nothing but the time.
        cpu_path: One of `stack_native.cpu_paths()`, the last of them by default; changes nothing but the time.

    Returns:
        Array of shape (texts, num_perm); `EMPTY_SLOT` throughout for a text without shingles.

    Raises:
        ValueError: If a number is out of range, a name unknown or `texts` of another type.

    Examples:
        >>> a, b, c = minhash(["for x in range 10", "For x in range 10", "for"], num_perm=64)
        >>> bool((a == b).all()), bool((c == EMPTY_SLOT).all())
        (False, True)
    """
    check_integer("num_perm", num_perm, least=1, most=_MAX_NUM_PERM)
    check_integer("ngram", ngram, least=1, most=MAX_NGRAM)
    check_integer("seed", seed, least=0, most=2**32 - 1)
    shingle_hash, arithmetic = _scheme(scheme)
    multiply, add = _permutations(arithmetic, num_perm, seed)
    found = stack_native.minhash(
        text_array(texts),
        multiply,
        add,
        rows=None if rows is None else pa.array(rows, pa.uint32()),
        shingle_hash=shingle_hash,
        ngram=ngram,
        min_tokens=min_tokens or 0,
        threads=threads,
        cpu_path=cpu_path,
    )
    signatures: npt.NDArray[np.uint32] = found.to_numpy().reshape(-1, num_perm)
    return signatures


def signature_kernel(scheme: str = "default") -> str:
    """Return the name of a scheme's arithmetic, which stored signatures carry.

    Examples:
        >>> signature_kernel(), signature_kernel("bigcode")
        ('minhash-affine32-tokens', 'minhash-legacy-sha1-literal')
    """
    shingle_hash, arithmetic = _scheme(scheme)
    return f"minhash-{arithmetic}-{shingle_hash}"


def has_shingles(signatures: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Return for each signature whether its text has shingles; those without are no one's near-duplicate.

    Examples:
        >>> has_shingles(minhash(["a b c", "a"], ngram=2)).tolist()
        [True, False]
    """
    found: npt.NDArray[np.bool_] = (signatures != EMPTY_SLOT).any(axis=1)
    return found


def _scheme(name: str) -> tuple[str, str]:
    if name not in SCHEMES:
        raise ValueError(f"scheme must be one of {', '.join(SCHEMES)}, got '{name[:40]}'")
    return SCHEMES[name]


@lru_cache(maxsize=8)
def _permutations(arithmetic: str, num_perm: int, seed: int) -> tuple[Any, Any]:
    """Draw factors and summands as datasketch does."""
    draw = np.random.RandomState(seed)
    if arithmetic == "affine32":
        multiply = draw.randint(0, 2**31, num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
        return pa.array(multiply), pa.array(draw.randint(0, 2**32, num_perm, dtype=np.uint32))
    pairs = [
        (draw.randint(1, _MERSENNE_61, dtype=np.uint64), draw.randint(0, _MERSENNE_61, dtype=np.uint64))
        for _ in range(num_perm)
    ]
    columns = np.array(pairs, dtype=np.uint64)
    return pa.array(columns[:, 0]), pa.array(columns[:, 1])
