"""Choose the LSH bands that turn signatures into candidate pairs, and compute their keys.

A signature of `num_perm` values is cut into `bands` slices of `rows` values; two texts are candidates when
one slice is equal, which for Jaccard similarity s happens with probability 1 - (1 - s**rows)**bands.

Source: Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

import stack_native
from dedup.checks import check_integer, check_threshold

NO_KEY = 0
"""Band key of a text without shingles; equal to no other key and never in a bucket."""

_LEAST_PROBABILITY = 0.95


def collision_probability(similarity: float, *, bands: int, rows: int) -> float:
    """Return the probability that two texts become a candidate pair.

    Args:
        similarity: Jaccard similarity of the two shingle sets, in [0, 1].
        bands: Number of slices the signature is cut into, at least 1.
        rows: Signature values per slice, at least 1.

    Raises:
        ValueError: If an argument is out of range.

    Examples:
        >>> round(collision_probability(0.8, bands=20, rows=5), 4)
        0.9996
    """
    if not 0 <= similarity <= 1:
        raise ValueError(f"similarity must be in [0, 1], got {similarity}")
    if bands < 1 or rows < 1:
        raise ValueError(f"bands and rows must be at least 1, got {bands} and {rows}")
    return float(1 - (1 - similarity**rows) ** bands)


def bands_for(threshold: float, num_perm: int) -> tuple[int, int]:
    """Return (bands, rows) that propose nearly all pairs at or above `threshold`.

    The most rows for which a pair that lies exactly at the threshold is proposed with probability 0.95 or
    more, and as many bands as the signature then has room for; one row if none reaches that. These bands
    are wider than those that balance false against missed pairs (25x10 at 0.7): exact similarity removes
    what is false, and nothing brings back what is missed.

    Args:
        threshold: Jaccard similarity, in (0, 1].
        num_perm: Slots per signature, at least 1.

    Raises:
        ValueError: If an argument is out of range.

    Examples:
        >>> bands_for(0.7, 256), bands_for(0.85, 256)
        ((36, 7), (21, 12))
    """
    check_threshold(threshold)
    if num_perm < 1:
        raise ValueError(f"num_perm must be at least 1, got {num_perm}")
    for rows in range(num_perm, 0, -1):
        bands = num_perm // rows
        if collision_probability(threshold, bands=bands, rows=rows) >= _LEAST_PROBABILITY:
            return bands, rows
    return num_perm, 1


def band_keys(
    signatures: npt.NDArray[np.uint32], *, bands: int, rows: int, threads: int = 1
) -> npt.NDArray[np.uint64]:
    """Return a 64-bit hash of each band of each signature; slots beyond `bands * rows` are not used.

    The hash is integer arithmetic only, so it is the same on every machine, and differs from band to band.

    Args:
        signatures: Shape (texts, num_perm).
        bands: Number of slices, at least 1.
        rows: Values per slice, at least 1; `bands * rows` must not exceed num_perm.
        threads: Threads, in [1, 256]; the keys do not depend on it.

    Returns:
        Array of shape (bands, texts); `NO_KEY` throughout for a text without shingles, and nowhere else.

    Raises:
        ValueError: If the bands do not fit the signatures.

    Examples:
        >>> from dedup.signatures import minhash
        >>> keys = band_keys(minhash(["a b c d e", "a/b/c/d/e", "a"]), bands=36, rows=7)
        >>> keys.shape, bool((keys[:, 0] == keys[:, 1]).all()), int(keys[:, 2].max())
        ((36, 3), True, 0)
    """
    if signatures.ndim != 2 or not signatures.shape[1]:
        raise ValueError(f"signatures must be of shape (texts, num_perm), got {signatures.shape}")
    num_perm = signatures.shape[1]
    check_integer("bands", bands, least=1, most=num_perm)
    check_integer("bands * rows", bands * rows, least=bands, most=num_perm)
    found = stack_native.band_keys(
        pa.array(signatures.reshape(-1)), num_perm=num_perm, bands=bands, rows=rows, threads=threads
    )
    keys: npt.NDArray[np.uint64] = found.to_numpy().reshape(bands, -1)
    return keys
