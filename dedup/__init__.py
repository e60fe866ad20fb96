"""Find near-duplicates among texts: proposed by MinHash, decided by exact similarity.

    >>> from dedup import find_near_duplicates
    >>> texts = ["one two three four five six seven", "One", "one two, three: four five six seven!"]
    >>> find_near_duplicates(texts).column("id").to_pylist()
    [0, 2]

`find_near_duplicates` is the composition in memory of `minhash` and `band_keys`, `candidate_pairs`,
`verify_pairs` and `choose_representatives`; a pipeline composes the same four over files. Arrow and numpy
arrays in and out; knows nothing of files or Beam.
"""

from dedup.bands import NO_KEY, band_keys, bands_for, collision_probability
from dedup.candidates import CandidateReport, Candidates, Pairs, candidate_pairs
from dedup.near_duplicates import find_near_duplicates
from dedup.order import total_rank
from dedup.representatives import choose_representatives
from dedup.shingling import jaccard, shingles
from dedup.signatures import EMPTY_SLOT, SIGNATURE_KERNEL, VERSION, has_shingles, minhash
from dedup.texts import text_array
from dedup.verification import VerifiedPairs, verify_pairs

__all__ = [
    "EMPTY_SLOT",
    "NO_KEY",
    "SIGNATURE_KERNEL",
    "VERSION",
    "CandidateReport",
    "Candidates",
    "Pairs",
    "VerifiedPairs",
    "band_keys",
    "bands_for",
    "candidate_pairs",
    "choose_representatives",
    "collision_probability",
    "find_near_duplicates",
    "has_shingles",
    "jaccard",
    "minhash",
    "shingles",
    "text_array",
    "total_rank",
    "verify_pairs",
]
