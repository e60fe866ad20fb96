"""Find near-duplicates among texts in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

import stack_native
from dedup.bands import band_keys, bands_for
from dedup.candidates import (
    BUCKET_HEADS,
    MAX_BUCKET,
    CandidateReport,
    candidate_pairs,
    least_equal_slots,
    signature_gate,
    unpack_pairs,
)
from dedup.checks import check_integer, check_threshold
from dedup.clusters import CLUSTERS, MEASURES, Clusters, cluster_pairs, first_copies, member_rows
from dedup.order import group_keys, id_array, total_rank
from dedup.signatures import minhash
from dedup.texts import text_array

Progress = Callable[[str], None]


@dataclass(frozen=True)
class NearDuplicateSettings:
    """What decides about clusters; see `find_near_duplicates`.

    Raises:
        ValueError: If a value is out of range.
    """

    threshold: float = 0.7
    clusters: str = "star"
    measure: str = "jaccard"
    num_perm: int = 256
    ngram: int = 5
    seed: int = 1
    scheme: str = "default"
    bands: int | None = None
    rows: int | None = None
    min_tokens: int | None = None
    strip_license_headers: bool = False
    max_bucket: int = MAX_BUCKET
    bucket_heads: int = BUCKET_HEADS

    def __post_init__(self) -> None:
        check_threshold(self.threshold)
        for name, value, names in (
            ("clusters", self.clusters, CLUSTERS),
            ("measure", self.measure, MEASURES),
        ):
            if value not in names:
                raise ValueError(f"{name} must be one of {', '.join(names)}, got '{str(value)[:40]}'")
        if (self.bands is None) != (self.rows is None):
            raise ValueError("bands and rows go together")
        bands, rows = self.banding()
        check_integer("bands", bands, least=1, most=self.num_perm)
        check_integer("bands * rows", bands * rows, least=1, most=self.num_perm)

    def proposing_threshold(self) -> float:
        """Return the Jaccard similarity from which pairs are proposed.

        A text that lies in one of twice its size has Jaccard similarity 0.5 to it, so containment is sought from
        half the threshold on; a text in one of many times its size is not found.
        """
        return self.threshold if self.measure == "jaccard" else self.threshold / 2

    def banding(self) -> tuple[int, int]:
        """Return bands and rows."""
        if self.bands is not None and self.rows is not None:
            return self.bands, self.rows
        return bands_for(self.proposing_threshold(), self.num_perm)

    def least_equal(self) -> int:
        """Return how many slots must be equal for a pair to be compared."""
        return least_equal_slots(self.proposing_threshold(), self.num_perm)

    def sign(self, texts: Any, *, rows: Any = None, threads: int = 1) -> npt.NDArray[np.uint32]:
        """Return the signatures of texts that were prepared."""
        return minhash(
            texts,
            num_perm=self.num_perm,
            ngram=self.ngram,
            seed=self.seed,
            scheme=self.scheme,
            min_tokens=self.min_tokens,
            rows=rows,
            threads=threads,
        )

    def prepare(self, texts: Any) -> Any:
        """Return the texts that shingles are taken of."""
        return stack_native.without_license_headers(texts) if self.strip_license_headers else texts


@dataclass
class NearDuplicateCounts:
    """What the search came to.

    Attributes:
        bands: Bands and rows, as (bands, rows).
        proposed: What `candidate_pairs` counted.
        gated: Pairs that passed the estimate gate.
        compared: Pairs that were compared exactly.
        bytes_read: Bytes of text that were cut into shingles again for this.
    """

    bands: tuple[int, int] = (0, 0)
    proposed: CandidateReport = field(default_factory=CandidateReport)
    gated: int = 0
    compared: int = 0
    bytes_read: int = 0


def find_near_duplicates(
    texts: Any,
    *,
    ids: Any = None,
    rank: Any = None,
    groups: Any = None,
    threads: int = 1,
    **settings: Any,
) -> Any:
    """Return the clusters of texts that are equal to, or resemble, a kept text.

    Byte-identical texts come first, however short; a text is an exact duplicate of the best-ranked one with its
    bytes. Of the others MinHash proposes pairs, and exact similarity over shingle sets decides. What MinHash does
    not propose is not found: of the pairs that lie exactly at the threshold some 92 % are at the defaults, of those
    0.05 above it 99 %. The result depends neither on the order of rows nor on the number of threads.

    Args:
        texts: An Arrow array or chunked array of strings or binary values, or an iterable of `str` or
            `bytes`. Nulls are in no cluster; texts of fewer than `ngram` tokens have exact duplicates only.
        ids: One distinct id per text (integers, strings or bytes); by default row numbers as int64.
        rank: One value per text of any kind that sorts; lower stays rather than higher, ties are broken by
            id. By default ids alone decide; with `measure="containment"` the longer text stays rather.
        groups: A value per text, such as its language; only texts of equal value are compared.
        threads: Threads, in [1, 256]; changes nothing but the time.
        threshold: Least similarity, in (0, 1]; 0.7 by default.
        clusters: `star` (default): a text goes only if its own similarity to a kept text, the first in rank order
            that it resembles, reaches the threshold. `components`: texts that are connected by similar pairs are
            one cluster, whose best-ranked text stays.
        measure: `jaccard` (default), or `containment`: the share of the shingles of the text that goes (of
            components: of the smaller one) that the other text has.
        num_perm: Slots per MinHash signature, 256 by default.
        ngram: Tokens per shingle, in [1, 64], 5 by default.
        seed: Chooses the permutations of MinHash, in [0, 2**32 - 1], 1 by default.
        scheme: What proposes pairs, see `minhash`; exact similarity is over `shingles` in any case.
        bands: Slices of a signature; with `rows`, slots per slice. By default `bands_for(threshold, num_perm)`.
        min_tokens: Texts of fewer tokens have exact duplicates only.
        strip_license_headers: Whether to leave out a leading licence comment before shingling.
        max_bucket: See `candidate_pairs`.
        bucket_heads: See `candidate_pairs`.

    Returns:
        `pyarrow.Table` with a row per member of a cluster of two or more, the kept text included: `id`, `cluster`
        and `representative` (both the id of the kept text), `similarity` (float64, exact, of the member and the
        kept text; 1.0 for the kept text itself), `kind` (`kept`, `exact` or `near`); of components also `nearest`
        and `nearest_similarity`, the most similar other member that was compared. Sorted by (rank of the
        representative, rank of the member).

    Raises:
        ValueError: If an argument is out of range, or ids are not distinct.

    Examples:
        >>> texts = ["int f(int a) { return a + 1; }", "int f(int a) {\\n  return a + 1;\\n}", "f", "f"]
        >>> found = find_near_duplicates(texts, ids=["p.c", "q.c", "r.c", "s.c"])
        >>> found.column("representative").to_pylist(), found.column("kind").to_pylist()
        (['p.c', 'p.c', 'r.c', 'r.c'], ['kept', 'near', 'kept', 'exact'])
    """
    decided = NearDuplicateSettings(**settings)
    array = text_array(texts)
    names = id_array(np.arange(len(array), dtype=np.int64) if ids is None else ids)
    for name, values in (("ids", names), ("groups", groups)):
        if values is not None and len(values) != len(array):
            raise ValueError(f"{name} must have {len(array)} values, got {len(values)}")
    if rank is None and decided.measure == "containment":
        rank = -text_lengths(array)
    order = np.argsort(total_rank(names, rank=rank), kind="stable")
    keys = None if groups is None else group_keys(groups)
    rows, _ = find_in_order(array, order, decided, groups=keys, threads=threads)
    return name_members(rows, names.take(pa.array(order)))


def find_in_order(
    texts: Any,
    order: npt.NDArray[np.int64],
    settings: NearDuplicateSettings,
    *,
    groups: npt.NDArray[np.uint64] | None = None,
    threads: int = 1,
) -> tuple[Any, NearDuplicateCounts]:
    """Return `member_rows` of texts that are visited in `order`, and what the search came to.

    Args:
        texts: Arrow array of strings or binary values.
        order: Row numbers in rank order.
        settings: What decides.
        groups: A number per row (`group_keys`); only texts of equal number are compared.
        threads: Threads, in [1, 256].
    """
    content = stack_native.content_keys(texts, threads=threads)
    copy_of, places = distinct_places(content["first"], content["second"], order, groups)
    prepared, rows = settings.prepare(texts), order[places]
    group = None if groups is None else groups[rows]
    pairs, report = _propose(prepared, rows, group, settings, threads=threads)
    found = decide(prepared, rows, pairs, settings, threads=threads)
    counts = NearDuplicateCounts(
        settings.banding(), report, len(pairs), len(found.compared.pairs), found.bytes_read
    )
    return clusters_to_rows(found, places, copy_of, settings), counts


def _propose(
    texts: Any,
    rows: npt.NDArray[np.int64],
    group: npt.NDArray[np.uint64] | None,
    settings: NearDuplicateSettings,
    *,
    threads: int,
) -> tuple[Any, CandidateReport]:
    """Return the pairs that pass the gate; signatures and band keys are gone when it returns."""
    signatures = settings.sign(texts, rows=rows, threads=threads)
    bands, width = settings.banding()
    keys = band_keys(signatures, bands=bands, rows=width, threads=threads)
    gate = signature_gate(signatures, least_equal=settings.least_equal(), threads=threads)
    return candidate_pairs(
        (grouped_keys(band, group) for band in keys),
        gate=lambda packed: gate(same_group(packed, group)),
        max_bucket=settings.max_bucket,
        bucket_heads=settings.bucket_heads,
        threads=threads,
    )


def decide(
    texts: Any, rows: npt.NDArray[np.int64], pairs: Any, settings: NearDuplicateSettings, *, threads: int
) -> Clusters:
    """Return `cluster_pairs` by these settings."""
    return cluster_pairs(
        texts,
        rows,
        pairs,
        threshold=settings.threshold,
        clusters=settings.clusters,
        measure=settings.measure,
        ngram=settings.ngram,
        threads=threads,
    )


def distinct_places(
    first: Any, second: Any, order: npt.NDArray[np.int64], groups: npt.NDArray[np.uint64] | None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return for each place its best-ranked copy (-1 for a null), and the places that are such."""
    null = np.asarray(first.is_null())[order]
    words = [column.fill_null(0).to_numpy()[order] for column in (first, second)]
    copy_of = np.full(len(order), -1, dtype=np.int64)
    valid = np.flatnonzero(~null)
    chosen = None if groups is None else groups[order][valid]
    copy_of[valid] = valid[first_copies(words[0][valid], words[1][valid], chosen)]
    return copy_of, np.flatnonzero(copy_of == np.arange(len(order)))


def grouped_keys(
    keys: npt.NDArray[np.uint64], groups: npt.NDArray[np.uint64] | None
) -> npt.NDArray[np.uint64]:
    """Return band keys that differ between groups."""
    if groups is None:
        return keys
    return np.where(keys == 0, np.uint64(0), np.maximum(keys ^ groups, np.uint64(1)))


def same_group(pairs: Any, groups: npt.NDArray[np.uint64] | None) -> Any:
    """Return the pairs of one group."""
    if groups is None:
        return pairs
    left, right = unpack_pairs(pairs)
    return pairs[groups[left] == groups[right]]


def clusters_to_rows(
    found: Clusters,
    places: npt.NDArray[np.int64],
    copy_of: npt.NDArray[np.int64],
    settings: NearDuplicateSettings,
) -> Any:
    """Return `member_rows` of clusters whose places number the distinct texts only."""
    whole = Clusters(
        places[found.member],
        places[found.representative],
        found.similarity,
        places[found.near_member],
        places[found.nearest],
        found.nearest_similarity,
        found.compared,
        found.bytes_read,
    )
    return member_rows(copy_of, whole, with_nearest=settings.clusters == "components")


def name_members(rows: Any, names: Any) -> Any:
    """Return `member_rows` with ids for places; `names` are in rank order."""
    columns = {
        "id": names.take(rows["place"].combine_chunks()),
        "cluster": names.take(rows["representative"].combine_chunks()),
    }
    columns["representative"] = columns["cluster"]
    columns |= {name: rows[name] for name in ("similarity", "kind")}
    if "nearest" in rows.column_names:
        columns["nearest"] = names.take(rows["nearest"].combine_chunks())
        columns["nearest_similarity"] = rows["nearest_similarity"]
    return pa.table(columns)


def text_lengths(texts: Any) -> npt.NDArray[np.int64]:
    """Return the bytes of each text, 0 for a null."""
    import pyarrow.compute as pc

    lengths: npt.NDArray[np.int64] = pc.fill_null(pc.binary_length(texts), 0).to_numpy().astype(np.int64)
    return lengths
