"""Run a scan: find in everything that a source gives, leave out what the baseline lists, count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from stack_pipeline.scanning.baseline import Baseline
from stack_pipeline.scanning.batches import Batch
from stack_pipeline.scanning.finding import Finding, NearMiss, ScanSettings, find_in_batch
from stack_pipeline.scanning.tally import Tally

LISTED = "listed in the baseline"


def scan(
    batches: Iterable[Batch],
    settings: ScanSettings,
    tally: Tally,
    *,
    baseline: Baseline | None = None,
    record: Callable[[Finding], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Finding | NearMiss]:
    """Yield what is found, in the order of the source.

    Args:
        batches: The texts.
        settings: What to look for.
        tally: Counts texts and finds.
        baseline: Finds that are not reported.
        record: Called with every find, those of the baseline too.
        progress: Called with the number of texts that are done.
    """
    for batch in batches:
        tally.texts += batch.count()
        for each in find_in_batch(batch, settings):
            if isinstance(each, Finding):
                if record is not None:
                    record(each)
                if baseline is not None and baseline.lists(each):
                    tally.listed += 1
                    if settings.explain:
                        yield NearMiss(each.place, each.start, each.detector, LISTED)
                    continue
                tally.found[each.kind, each.detector] += 1
            yield each
        if progress is not None:
            progress(tally.texts + tally.binary + tally.links + tally.unread)
