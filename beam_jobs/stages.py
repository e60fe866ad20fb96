"""A stage of `stack_pipeline` as a PTransform: plan tasks, spread them, run them, close the stage.

What flows between stages is one small element, the JSON of `{stage: name of its index file}`; content goes from disk to disk inside tasks.
The GroupByKey before `Close` is the barrier.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from stack_pipeline.jobs import Job, Stage, Task, TaskRecord
from stack_pipeline.tasks import finish_stage, plan_stage, run_task


@dataclass
class RunStage(beam.PTransform[Any, Any]):
    """Run one stage after those whose indexes it is given.

    Args:
        job: The job.
        stage: The stage.
    """

    job: Job
    stage: Stage

    def expand(self, indexes: Any) -> Any:
        """Map a PCollection of one index element to one of the same kind with this stage added."""
        return (
            indexes
            | "Plan" >> beam.ParDo(_Plan(self.job, self.stage)).with_output_types(tuple[int, Any])
            | "Spread" >> beam.GroupByKey()
            | "Run" >> beam.ParDo(_Run(self.job, self.stage)).with_output_types(tuple[str, Any])
            | "Gather" >> beam.GroupByKey()
            | "Close" >> beam.ParDo(_Close(self.job, self.stage)).with_output_types(str)
        )


class _Plan(beam.DoFn):
    def __init__(self, job: Job, stage: Stage) -> None:
        self._job, self._stage = job, stage

    def process(self, element: str) -> Iterator[tuple[int, Any]]:
        tasks = plan_stage(self._job, self._stage, json.loads(element))
        # The indexes travel with a marker task, so that a stage without tasks still closes.
        yield 0, (element, None)
        for number, task in enumerate(tasks):
            yield number + 1, (element, task)


class _Run(beam.DoFn):
    def __init__(self, job: Job, stage: Stage) -> None:
        self._job, self._stage = job, stage

    def process(self, keyed: tuple[int, Iterable[tuple[str, Task | None]]]) -> Iterator[tuple[str, Any]]:
        for indexes, task in keyed[1]:
            yield indexes, None if task is None else run_task(self._job, self._stage, task)


class _Close(beam.DoFn):
    def __init__(self, job: Job, stage: Stage) -> None:
        self._job, self._stage = job, stage

    def process(self, gathered: tuple[str, Iterable[TaskRecord | None]]) -> Iterator[str]:
        indexes, records = gathered
        done = finish_stage(
            self._job, self._stage, (r for r in records if r is not None), json.loads(indexes)
        )
        yield json.dumps(done, sort_keys=True)
