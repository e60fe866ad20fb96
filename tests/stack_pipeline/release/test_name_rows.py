"""Ranges of `name_rows`: each has the origins of many ranges that were judged."""

from __future__ import annotations

from typing import Any

import pytest

from stack_pipeline.jobs import FileRef
from stack_pipeline.ranges import range_bounds
from stack_pipeline.release import name_rows


class Finished:
    """Stages that left a file per range of origins, and nothing else."""

    def __init__(self, ranges: int, rows: int) -> None:
        self._origins = [FileRef("origins", "work", f"{index}", rows, 1, "", "") for index in range(ranges)]

    def files(self, stage: str, kind: str) -> list[FileRef]:
        return self._origins if (stage, kind) == ("judge_origins", "origins") else []


@pytest.mark.parametrize(
    ("ranges", "rows", "tasks"),
    [
        (4, 0, 4),
        (16, 1000, 4),
        (16, name_rows.TASK_ROWS, 16),
        (16, name_rows.TASK_ROWS // 2, 8),
        (64, 1 << 20, 64),
    ],
)
def test_a_task_has_the_origins_of_its_range(
    ranges: int, rows: int, tasks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_rows, "snapshot_files", lambda job, kind: [])
    job: Any = None
    finished: Any = Finished(ranges, rows)
    planned = name_rows.plan(job, finished)
    assert len(planned) == tasks
    assert [ref.name for task in planned for ref in task.inputs] == [str(index) for index in range(ranges)]
    for task in planned:
        low, high = range_bounds(task.params["index"], task.params["count"])
        inside = [range_bounds(int(ref.name), ranges) for ref in task.inputs]
        assert (inside[0][0], inside[-1][1]) == (low, high)
