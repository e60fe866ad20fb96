"""What near-deduplication leaves in the corpus: signatures, and the exact similarity of every pair that was compared."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

import dedup
from stack_pipeline.corpus.signals import Signal
from stack_pipeline.files.version import rules_version
from stack_pipeline.recipe.sections import NearDedup

WHOLE_RANGE = "00000-of-00001"


def signature_signal(settings: NearDedup) -> Signal:
    """Return the signal of MinHash signatures by these settings."""
    schema = pa.schema(
        [pa.field("content_id", pa.string()), pa.field("signature", pa.binary(4 * settings.num_perm))]
    )
    parameters = {
        **_shingling(settings),
        "kernel": dedup.signature_kernel(),
        "num_perm": settings.num_perm,
        "seed": settings.seed,
    }
    return Signal("minhash", dedup.VERSION, parameters, schema)


def pair_signal(settings: NearDedup) -> Signal:
    """Return the signal of compared pairs; the first id of a pair is the lesser one."""
    schema = pa.schema(
        [
            pa.field("content_id", pa.string()),
            pa.field("other_content_id", pa.string()),
            pa.field("similarity", pa.float64()),
        ]
    )
    return Signal("near_dup_pairs", dedup.VERSION, _shingling(settings), schema)


def _shingling(settings: NearDedup) -> dict[str, Any]:
    # Texts are what the file rules decode contents to.
    return {"ngram": settings.ngram, "texts": rules_version(), "measure": "jaccard"}
