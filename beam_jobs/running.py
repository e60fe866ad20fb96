"""Compose the stages of a job into one Beam pipeline and run it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from beam_jobs.runner import LocalRunner, local_options
from beam_jobs.stages import RunStage
from stack_pipeline.errors import RunFailed, UsageError
from stack_pipeline.jobs import Job, Stage
from stack_pipeline.tasks import FAILURE_NAME


def run_job(
    job: Job, stages: Sequence[Stage], *, runner: str = "local", workers: int = 1, options: Sequence[str] = ()
) -> None:
    """Run all stages in their order; return when the last one is closed.

    Args:
        job: What to do.
        stages: Its stages.
        runner: `local`, or the name of a Beam runner, to which `options` go.
        workers: Worker processes of the local runner.
        options: Beam options, such as `--direct_runner_bundle_repeat=1`.

    Raises:
        StackPipelineError: The one-line error of the task that failed.
    """
    job.storage("work").remove(FAILURE_NAME)
    local = LocalRunner() if runner == "local" else None
    settings = PipelineOptions(list(options)) if local is None else local_options(workers, list(options))
    pipeline = beam.Pipeline(runner=local or runner, options=settings)
    compose(pipeline, job, stages)
    try:
        pipeline.run().wait_until_finish()
    except Exception as error:
        raise _plain_error(job, error, local.lost_workers if local else ()) from error


def compose(pipeline: Any, job: Job, stages: Sequence[Stage]) -> Any:
    """Add one named step per stage to a pipeline and return the last step's output."""
    indexes = pipeline | "Start" >> beam.Create([json.dumps({})], reshuffle=False)
    for stage in stages:
        indexes = indexes | _step_name(stage) >> RunStage(job, stage)
    return indexes


def _step_name(stage: Stage) -> str:
    return "".join(part.capitalize() for part in stage.name.split("_"))


def _plain_error(job: Job, error: Exception, lost_workers: Sequence[str]) -> Exception:
    """Turn whatever a runner raised into the error that a task left, or that a worker is lost, or leave it."""
    with suppress(OSError, ValueError):
        noted = json.loads(job.storage("work").read_bytes(FAILURE_NAME))
        kind = UsageError if noted["exit_code"] == 2 else RunFailed
        return kind(noted["message"], hint=noted["hint"])
    if not lost_workers:
        return error
    hint = "a killed worker usually ran out of memory; lower --workers or engine.memory_bytes"
    return RunFailed(lost_workers[0], hint=hint)
