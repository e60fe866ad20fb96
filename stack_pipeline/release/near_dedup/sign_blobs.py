"""Compute MinHash signatures of the blobs that passed, and their band keys, a column per band."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

import dedup
from stack_pipeline.corpus.signals import Signal
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.recipe.sections import NearDedup
from stack_pipeline.release.near_dedup.near_signals import signature_signal
from stack_pipeline.release.take_view import range_tasks, snapshot_files, task_bounds
from stack_pipeline.release.texts import iter_texts
from stack_pipeline.release.work_tables import BLOBS
from stack_pipeline.tables.columns import find_rows
from stack_pipeline.tasks import Finished, TaskContext
from stack_pipeline.versions import versions_of


def band_column(band: int) -> str:
    """Return the name of the column of a band's keys."""
    return f"band_{band:04d}"


def keys_schema(bands: int, num_perm: int) -> pa.Schema:
    """Return the columns of a keys file: id, rank, length, signature, and a key per band."""
    facts = [BLOBS.field(name) for name in ("content_id", "blob_rank", "length_bytes")]
    signature = pa.field("signature", pa.binary(4 * num_perm))
    return pa.schema(
        [*facts, signature, *(pa.field(band_column(band), pa.uint64()) for band in range(bands))]
    )


def signatures_of(column: pa.ChunkedArray, num_perm: int) -> npt.NDArray[np.uint32]:
    """Return a column of signatures as an array of shape (rows, num_perm)."""
    slots = b"".join(chunk.cast(pa.binary()).buffers()[2][_span(chunk)] for chunk in column.chunks)
    return np.frombuffer(slots, dtype="<u4").reshape(-1, num_perm)


def _span(chunk: pa.Array) -> slice:
    # A cast starts anew, so that offsets count from the first value.
    return slice(0, len(chunk) * chunk.type.byte_width)


def plan(job: Job, finished: Finished) -> list[Task]:
    """Plan a task per range of content ids."""
    if not job.recipe.near_dedup.enabled:
        return []
    contents = snapshot_files(job, "contents")
    return range_tasks("sign_blobs", finished, contents, same_range=[("filter_blobs", "blobs")])


def run(context: TaskContext) -> None:
    """Write signature and band keys of every blob that has shingles; those that were signed before are not read."""
    settings = context.job.recipe.near_dedup
    bands, rows = dedup.bands_for(settings.threshold, settings.num_perm)
    bounds = task_bounds(context)
    blobs = context.read_all(context.task.files("blobs"), BLOBS)
    signal = signature_signal(settings)
    known = _known(context, signal, blobs["content_id"], bounds)
    missing = blobs.filter(pc.invert(pc.is_in(blobs["content_id"], known["content_id"].combine_chunks())))
    signed = _sign(context, settings, missing["content_id"], signal.schema)
    signal.add(context.job.storage("corpus"), signed, range_name=context.task.name, task_id=context.task_id)
    both = pa.concat_tables([known, signed])
    slots = both["signature"].take(find_rows(blobs["content_id"], both["content_id"]))
    signatures = signatures_of(slots, settings.num_perm)
    keys = dedup.band_keys(signatures, bands=bands, rows=rows)
    facts = (blobs[name] for name in ("content_id", "blob_rank", "length_bytes"))
    columns = [*facts, slots, *map(pa.array, keys)]
    found = pa.table(columns, schema=keys_schema(bands, settings.num_perm))
    context.write("keys", found.schema, found.filter(pa.array(dedup.has_shingles(signatures))))
    context.facts = {"bands": bands, "rows": rows, "signed": signed.num_rows, "reused": known.num_rows}


def _known(
    context: TaskContext, signal: Signal, wanted: pa.ChunkedArray, bounds: tuple[str, str]
) -> pa.Table:
    """Return the signatures of wanted blobs that an earlier release left."""
    ids = wanted.combine_chunks()
    pieces = [signal.schema.empty_table()]
    for table in signal.read(context.job.storage("corpus"), bounds):
        pieces.append(table.filter(pc.is_in(table["content_id"], ids)))
    found = pa.concat_tables(pieces).combine_chunks()
    first = np.unique(found["content_id"].to_numpy(zero_copy_only=False).astype(str), return_index=True)[1]
    return found.take(pa.array(first))


def _sign(context: TaskContext, settings: NearDedup, wanted: pa.ChunkedArray, schema: pa.Schema) -> pa.Table:
    pieces = [schema.empty_table()]
    for texts in iter_texts(context, wanted):
        signatures = dedup.minhash(
            texts["text"],
            num_perm=settings.num_perm,
            ngram=settings.ngram,
            seed=settings.seed,
            threads=context.job.recipe.engine.threads,
        )
        values = pa.FixedSizeBinaryArray.from_buffers(
            schema.field("signature").type,
            len(signatures),
            [None, pa.py_buffer(signatures.astype("<u4").tobytes())],
        )
        pieces.append(pa.table([texts["content_id"], values], schema=schema))
    return pa.concat_tables(pieces)


STAGE = Stage(
    "sign_blobs", 1, plan, run, sections=("near_dedup",), versions=versions_of("dedup", "signature")
)
