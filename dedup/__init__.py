"""Find near-duplicates among texts: proposed by MinHash, decided by exact similarity.

    >>> from dedup import find_near_duplicates
    >>> texts = ["one two three four five six seven", "One", "one two, three: four five six seven!"]
    >>> find_near_duplicates(texts).column("id").to_pylist()
    [0, 2]

`find_near_duplicates` is the composition in memory of `minhash`, `band_keys`, `candidate_pairs` and `cluster_pairs`;
a pipeline composes the same four over files. Arrow and numpy arrays in and out; knows nothing of files or Beam.
"""

from dedup.alarms import DEFAULT_ALARMS, Alarm, AlarmSettings, GroupCount, wipe_out_alarms
from dedup.bands import NO_KEY, band_keys, bands_for, collision_probability
from dedup.candidates import (
    CandidateReport,
    Candidates,
    Packed,
    candidate_pairs,
    least_equal_slots,
    pack_pairs,
    signature_gate,
    unpack_pairs,
)
from dedup.clusters import Clusters, Compared, cluster_pairs, join_clusters, member_rows
from dedup.hashing import hash32
from dedup.near_duplicates import NearDuplicateCounts, NearDuplicateSettings, find_near_duplicates
from dedup.order import total_rank
from dedup.shingling import containment, jaccard, literal_shingles, shingles
from dedup.signatures import EMPTY_SLOT, SCHEMES, VERSION, has_shingles, minhash, signature_kernel
from dedup.texts import text_array

__all__ = [
    "DEFAULT_ALARMS",
    "EMPTY_SLOT",
    "NO_KEY",
    "SCHEMES",
    "VERSION",
    "Alarm",
    "AlarmSettings",
    "CandidateReport",
    "Candidates",
    "Clusters",
    "Compared",
    "GroupCount",
    "NearDuplicateCounts",
    "NearDuplicateSettings",
    "Packed",
    "band_keys",
    "bands_for",
    "candidate_pairs",
    "cluster_pairs",
    "collision_probability",
    "containment",
    "find_near_duplicates",
    "has_shingles",
    "hash32",
    "jaccard",
    "join_clusters",
    "least_equal_slots",
    "literal_shingles",
    "member_rows",
    "minhash",
    "pack_pairs",
    "shingles",
    "signature_gate",
    "signature_kernel",
    "text_array",
    "total_rank",
    "unpack_pairs",
    "wipe_out_alarms",
]
