"""Take signatures to datasketch and back.

Needs datasketch 2.0 (`pip install 'stack-pipeline[datasketch]'`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.checks import check_integer
from dedup.hashing import hash32
from dedup.signatures import SCHEMES, signature_kernel


def to_datasketch(
    signatures: npt.NDArray[np.uint32], *, scheme: str = "default", seed: int = 1, lean: bool = False
) -> list[Any]:
    """Return a `datasketch.MinHash` (or `LeanMinHash`) per signature, which estimates, merges and is queried as its own.

    Args:
        signatures: Shape (texts, num_perm).
        scheme: The scheme they were made with; a `MinHash` of `default` hashes what it is updated with by `hash32`.
        seed: The seed they were made with.
        lean: Whether to return `LeanMinHash`, which takes less memory and cannot be updated.

    Raises:
        ValueError: If the scheme is unknown.
        ImportError: If datasketch is not installed.

    Examples:
        >>> from dedup.signatures import minhash
        >>> a, b = to_datasketch(minhash(["one two three four five six", "one two three four five"]))
        >>> 0 < a.jaccard(b) <= 1
        True
    """
    signature_kernel(scheme)
    from datasketch import LeanMinHash, MinHash

    shingle_hash, arithmetic = SCHEMES[scheme]
    if lean:
        return [LeanMinHash(seed=seed, hashvalues=slots, scheme=arithmetic) for slots in signatures]
    options = {"hashfunc": hash32} if shingle_hash == "tokens" else {}
    if not len(signatures):
        return []
    blank = MinHash(num_perm=signatures.shape[1], seed=seed, scheme=arithmetic, **options)
    found = []
    for slots in signatures:
        sketch = blank.copy()
        sketch.hashvalues = slots.astype(blank.hashvalues.dtype)
        found.append(sketch)
    return found


def from_datasketch(
    sketches: Sequence[Any], *, scheme: str = "default", seed: int = 1
) -> npt.NDArray[np.uint32]:
    """Return the signatures of `datasketch.MinHash` or `LeanMinHash`, shape (sketches, num_perm).

    A sketch carries its seed and arithmetic, a `MinHash` also its hash function; these are checked. How its
    shingles were cut, and the hash function of a `LeanMinHash`, it does not say.

    Args:
        sketches: All of one number of permutations.
        scheme: What they are said to be.
        seed: Their seed.

    Raises:
        ValueError: If a sketch is of another scheme, seed or number of permutations.
        ImportError: If datasketch is not installed.
    """
    signature_kernel(scheme)
    from datasketch.hashfunc import sha1_hash32

    shingle_hash, arithmetic = SCHEMES[scheme]
    expected = hash32 if shingle_hash == "tokens" else sha1_hash32
    num_perm = len(sketches[0].hashvalues) if sketches else 0
    for number, sketch in enumerate(sketches):
        found = (sketch.scheme, sketch.seed, len(sketch.hashvalues))
        if found != (arithmetic, seed, num_perm):
            wanted = (arithmetic, seed, num_perm)
            raise ValueError(f"sketch {number} must have scheme, seed and slots {wanted}, got {found}")
        if getattr(sketch, "hashfunc", expected) is not expected:
            raise ValueError(f"sketch {number} must hash by {expected.__name__} for scheme '{scheme}'")
    slots = [np.asarray(sketch.hashvalues).astype(np.uint32) for sketch in sketches]
    return np.array(slots, dtype=np.uint32).reshape(len(sketches), num_perm)


def datasketch_band_keys(
    signatures: npt.NDArray[np.uint32], *, bands: int, rows: int, scheme: str = "default"
) -> list[list[bytes]]:
    """Return for each signature the key of each band as `datasketch.MinHashLSH(params=(bands, rows))` stores it.

    Args:
        signatures: Shape (texts, num_perm).
        bands: Number of slices.
        rows: Slots per slice.
        scheme: The scheme they were made with; datasketch holds legacy ones in twice the bytes.

    Raises:
        ValueError: If the bands do not fit the signatures.

    Examples:
        >>> datasketch_band_keys(np.array([[1, 2]], dtype=np.uint32), bands=1, rows=1)[0][0].hex()
        '00000001'
    """
    check_integer("bands * rows", bands * rows, least=1, most=signatures.shape[1])
    signature_kernel(scheme)
    kind = np.uint32 if SCHEMES[scheme][1] == "affine32" else np.uint64
    slots = signatures[:, : bands * rows].astype(kind).reshape(len(signatures), bands, rows)
    # The storage stores hash values as they are in the sketch, most significant byte first.
    return [[band.byteswap().tobytes() for band in text] for text in slots]
