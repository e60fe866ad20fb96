"""The stages of a release, in order."""

from stack_pipeline.release import (
    assemble,
    check_release,
    describe_sources,
    exact_dedup,
    filter_blobs,
    judge_origins,
    name_rows,
    publish,
    redact_blobs,
    take_view,
)
from stack_pipeline.release.near_dedup import (
    choose_representatives,
    cluster_groups,
    collect_texts,
    group_pairs,
    order_blobs,
    propose_pairs,
    sign_blobs,
)

STAGES = (
    take_view.STAGE,
    judge_origins.STAGE,
    exact_dedup.STAGE,
    filter_blobs.STAGE,
    sign_blobs.STAGE,
    order_blobs.STAGE,
    propose_pairs.STAGE,
    group_pairs.STAGE,
    collect_texts.STAGE,
    cluster_groups.STAGE,
    choose_representatives.STAGE,
    redact_blobs.STAGE,
    name_rows.STAGE,
    assemble.STAGE,
    describe_sources.STAGE,
    check_release.STAGE,
    publish.STAGE,
)

__all__ = ["STAGES"]
