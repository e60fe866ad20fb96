"""Find the clusters of documents, with all texts in memory or with hardly any.

Both ways call the same kernels on the same pairs, and give the same table. The streaming way reads the inputs twice: once to
sign every text, and once more for the texts of pairs that passed the estimate gate. What it holds is some 100 bytes per
document and a batch of texts; signatures, band keys and those texts lie in the work folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

import dedup
import stack_native
from dedup.candidates import BUCKET_HEADS, MAX_BUCKET
from dedup.near_duplicates import (
    clusters_to_rows,
    decide,
    distinct_places,
    find_in_order,
    grouped_keys,
    same_group,
    text_lengths,
)
from dedup.order import group_keys
from stack_pipeline.near_dedup.inputs import Documents, Progress
from stack_pipeline.near_dedup.spilling import BandFiles, SignatureFile, TextFile
from stack_pipeline.near_dedup.text_buffer import TextBuffer

_GATED_ROWS = 1 << 16
_BATCH_BYTES = 64 << 20
_BATCH_PAIRS = 1 << 21

_Rows = npt.NDArray[np.int64]
_Groups = npt.NDArray[np.uint64] | None


@dataclass(frozen=True)
class ClusterSettings:
    """What decides about clusters, unchecked; see `dedup.NearDuplicateSettings`."""

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


class Clustering(NamedTuple):
    """A row per member of a cluster, and what the search came to."""

    table: pa.Table
    counts: dedup.NearDuplicateCounts


def cluster_documents(
    documents: Documents,
    settings: ClusterSettings,
    *,
    mode: str,
    work_dir: Path,
    threads: int,
    progress: Progress,
    longest_first: bool = False,
) -> Clustering:
    """Find the clusters of documents.

    Args:
        documents: The inputs.
        settings: What decides.
        mode: `memory` or `streaming`.
        work_dir: An empty folder for what is spilled.
        threads: Threads of the kernels.
        progress: Told of each step.
        longest_first: Whether longer texts rank better, whatever the rank of the documents says first.

    Returns:
        `row` and `representative_row` (int64, row numbers), `similarity`, `kind`, and of components `nearest_row` and
        `nearest_similarity`, sorted by (rank of representative, rank of member).

    Raises:
        ValueError: If a setting is out of range.
    """
    checked = dedup.NearDuplicateSettings(**asdict(settings))
    run = _Run(documents, checked, threads, progress, longest_first)
    found, order, counts = run.in_memory() if mode == "memory" else run.streaming(work_dir)
    columns = {}
    for name in found.column_names:
        is_place = name in ("place", "representative", "nearest")
        column = pa.array(order[found[name].to_numpy()]) if is_place else found[name]
        columns["row" if name == "place" else f"{name}_row" if is_place else name] = column
    return Clustering(pa.table(columns), counts)


@dataclass(frozen=True)
class _Run:
    documents: Documents
    settings: dedup.NearDuplicateSettings
    threads: int
    progress: Progress
    longest_first: bool

    def in_memory(self) -> tuple[pa.Table, _Rows, dedup.NearDuplicateCounts]:
        """Hold all texts."""
        buffer = TextBuffer(self.documents.count, self.documents.text_bytes)
        for _, texts in self._texts("read texts"):
            buffer.append(texts)
        pa.default_memory_pool().release_unused()
        texts = buffer.array()
        order = self._order(text_lengths(texts) if self.longest_first else None)
        self.progress("find clusters", 0, 1)
        found, counts = find_in_order(
            texts, order, self.settings, groups=self._groups(), threads=self.threads
        )
        self.progress("find clusters", 1, 1)
        return found, order, counts

    def streaming(self, folder: Path) -> tuple[pa.Table, _Rows, dedup.NearDuplicateCounts]:
        """Hold a batch of texts at a time."""
        settings, groups = self.settings, self._groups()
        bands, width = settings.banding()
        signatures = SignatureFile(folder / "signatures", settings.num_perm)
        with BandFiles(folder, bands) as keys:
            content, lengths = self._sign(signatures, keys)
            order = self._order(lengths if self.longest_first else None)
            copy_of, places = distinct_places(content["first"], content["second"], order, groups)
            del content
            rows = order[places]
            group = None if groups is None else groups[rows]
            pairs, report = dedup.candidate_pairs(
                (
                    grouped_keys(self._passing(band, bands, column)[rows], group)
                    for band, column in enumerate(keys)
                ),
                gate=lambda packed: self._gate(same_group(packed, group), rows, signatures),
                max_bucket=settings.max_bucket,
                bucket_heads=settings.bucket_heads,
                threads=self.threads,
            )
        signatures.close()
        texts = TextFile(folder / "texts")
        wanted = np.zeros(self.documents.count, dtype=np.bool_)
        for ends in dedup.unpack_pairs(pairs):
            wanted[rows[ends]] = True
        for _, batch in self._texts("read texts again", wanted=wanted):
            texts.append(settings.prepare(batch))
        clusters, compared = self._decide(pairs, rows, np.flatnonzero(wanted), texts)
        texts.close()
        counts = dedup.NearDuplicateCounts((bands, width), report, len(pairs), compared, clusters.bytes_read)
        return clusters_to_rows(clusters, places, copy_of, settings), order, counts

    def _texts(
        self, step: str, *, wanted: npt.NDArray[np.bool_] | None = None
    ) -> Iterator[tuple[_Rows, pa.Array]]:
        """Yield row numbers and texts in order of rows."""
        total = self.documents.count if wanted is None else int(wanted.sum())
        done = 0
        self.progress(step, 0, total)
        for rows, table in self.documents.batches(["text"], wanted=wanted):
            for chunk in table["text"].cast(pa.large_binary()).chunks:
                yield rows, chunk
            done += len(rows)
            self.progress(step, done, total)

    def _order(self, lengths: _Rows | None) -> _Rows:
        """Return row numbers in rank order."""
        rank = self.documents.rank
        keys = (rank,) if lengths is None else (rank, -lengths)
        return np.lexsort(keys).astype(np.int64)

    def _groups(self) -> _Groups:
        codes = self.documents.codes.get("group")
        return None if codes is None else group_keys(pa.array(codes.rows))

    def _sign(self, signatures: SignatureFile, keys: BandFiles) -> tuple[pa.Table, _Rows]:
        """Spill signatures and keys; return the keys of contents, and lengths."""
        bands, width = self.settings.banding()
        content, lengths = [], [np.empty(0, dtype=np.int64)]
        for _, texts in self._texts("sign texts"):
            content.append(stack_native.content_keys(texts, threads=self.threads))
            if self.longest_first:
                lengths.append(text_lengths(texts))
            signed = self.settings.sign(self.settings.prepare(texts), threads=self.threads)
            signatures.append(signed)
            keys.append(dedup.band_keys(signed, bands=bands, rows=width))
        none = pa.schema([("first", pa.uint64()), ("second", pa.uint64())]).empty_table()
        whole = pa.Table.from_batches(content).combine_chunks() if content else none
        return whole, np.concatenate(lengths)

    def _passing(self, band: int, bands: int, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
        self.progress("propose pairs", band + 1, bands)
        return keys

    def _gate(self, pairs: dedup.Packed, rows: _Rows, signatures: SignatureFile) -> dedup.Packed:
        """Let pairs through, with the signatures of some of them at a time."""
        passed = [np.empty(0, dtype=np.uint64)]
        for start in range(0, len(pairs), _GATED_ROWS // 2):
            left, right = dedup.unpack_pairs(pairs[start : start + _GATED_ROWS // 2])
            ends = np.concatenate([rows[left], rows[right]])
            held, numbers = np.unique(ends, return_inverse=True)
            one, other = numbers[: len(left)], numbers[len(left) :]
            gate = dedup.signature_gate(
                signatures.gather(held), least_equal=self.settings.least_equal(), threads=self.threads
            )
            # The gate takes the lesser number first; which of both ranks better does not matter to it.
            packed = dedup.pack_pairs(np.minimum(one, other), np.maximum(one, other))
            chosen = np.isin(packed, gate(packed))
            passed.append(pairs[start : start + _GATED_ROWS // 2][chosen])
        return np.concatenate(passed)

    def _decide(
        self, pairs: dedup.Packed, rows: _Rows, spilled: _Rows, texts: TextFile
    ) -> tuple[dedup.Clusters, int]:
        """Decide whole connected parts, as many at a time as fit a batch of texts."""
        parts, maps, compared = [], [], 0
        done = 0
        self.progress("compare pairs", 0, len(pairs))
        for chosen in self._batches(pairs, rows, spilled, texts.offsets()):
            left, right = dedup.unpack_pairs(chosen)
            places = np.unique(np.concatenate([left, right]))
            numbers = np.searchsorted(spilled, rows[places])
            by_number = np.argsort(numbers)
            held = np.empty(len(places), dtype=np.int64)
            held[by_number] = np.arange(len(places))
            packed = dedup.pack_pairs(np.searchsorted(places, left), np.searchsorted(places, right))
            found = decide(
                texts.gather(numbers[by_number]), held, packed, self.settings, threads=self.threads
            )
            parts.append(found)
            maps.append(places)
            compared += len(found.compared.pairs)
            done += len(chosen)
            self.progress("compare pairs", done, len(pairs))
        return dedup.join_clusters(parts, maps), compared

    def _batches(
        self, pairs: dedup.Packed, rows: _Rows, spilled: _Rows, offsets: _Rows
    ) -> Iterator[dedup.Packed]:
        """Yield the ascending pairs of whole connected parts; a part that is larger than a batch comes alone."""
        if not len(pairs):
            return
        roots = stack_native.part_roots(pa.array(pairs), texts=len(rows)).to_numpy()
        by_part = np.argsort(roots, kind="stable")
        starts = np.flatnonzero(np.diff(roots[by_part], prepend=-1))
        ends = np.append(starts[1:], len(pairs))
        # A blob's text counts with the first pair that names it; every part has all pairs of its blobs.
        left, right = dedup.unpack_pairs(pairs[by_part])
        places, first = np.unique(np.concatenate([left, right]), return_index=True)
        numbers = np.searchsorted(spilled, rows[places])
        sizes = np.zeros(len(pairs), dtype=np.int64)
        np.add.at(sizes, first % len(pairs), offsets[numbers + 1] - offsets[numbers])
        total = np.concatenate([[0], np.cumsum(sizes)])
        low = 0
        while low < len(starts):
            high = low + 1
            fits = (total[ends] - total[starts[low]] <= _BATCH_BYTES) & (ends - starts[low] <= _BATCH_PAIRS)
            high = max(high, int(np.searchsorted(~fits, True))) if fits[low] else high
            chosen = np.sort(pairs[by_part[starts[low] : ends[high - 1]]])
            yield chosen
            low = high
