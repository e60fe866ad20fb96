"""Jobs on the local runner: the same outputs for any number of workers, one-line errors, no hanging."""

from __future__ import annotations

import hashlib
import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from beam_jobs.running import run_job
from stack_pipeline.errors import RunFailed, StackPipelineError, UsageError
from stack_pipeline.jobs import Job, Stage
from stack_pipeline.tables.parquet import read_table
from stack_pipeline.tasks import FAILURE_NAME, Finished

HERE = str(Path(__file__).parent)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make the stages importable here and in worker processes."""
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.setenv("PYTHONPATH", HERE)
    return importlib.import_module("made_stages")


def outputs(job: Job) -> dict[str, str]:
    """Return the digest of every table that a job left, with its place."""
    return {
        f"{root}/{name}": hashlib.sha256(job.storage(root).read_bytes(name)).hexdigest()
        for root in ("work", "output")
        for name in job.storage(root).names()
        if name.endswith(".parquet")
    }


def test_all_ways_to_run_give_the_same_outputs(made: Any, tmp_path: Path) -> None:
    ways: dict[str, dict[str, Any]] = {
        "in-process": {},
        "repeated": {"options": ["--direct_runner_bundle_repeat=1"]},
        "processes": {"workers": 2},
    }
    found = {}
    for name, options in ways.items():
        job = made.new_job(tmp_path / name)
        run_job(job, [made.MAKE, made.ADD], **options)
        found[name] = outputs(job)
        assert read_table(job.storage("output"), "sum.parquet")["n"].to_pylist() == [sum(range(60))]
    assert len(found["in-process"]) == 7
    assert found["in-process"] == found["repeated"] == found["processes"]


def test_a_second_run_does_nothing_anew(made: Any, tmp_path: Path) -> None:
    job = made.new_job(tmp_path)
    run_job(job, [made.MAKE, made.ADD])
    places = [
        job.storage("output").local_path("sum.parquet"),
        *job.storage("work").local_path().rglob("record.json"),
    ]
    before = [(path, path.stat().st_ino) for path in places]
    run_job(job, [made.MAKE, made.ADD])
    assert [(path, path.stat().st_ino) for path in places] == before
    assert len(before) == 8


def test_a_stage_without_tasks_is_closed_and_the_next_one_runs(made: Any, tmp_path: Path) -> None:
    job = made.new_job(tmp_path)
    run_job(job, [made.NOTHING, made.MAKE, made.ADD])
    work = job.storage("work")
    (index,) = [name for name in work.names("do_nothing") if "finished" in name]
    assert Finished(job, {"do_nothing": index}).records("do_nothing") == []
    assert job.storage("output").exists("sum.parquet")


ERRORS: list[tuple[str, type[StackPipelineError], str]] = [
    ("REFUSE", UsageError, "the recipe asks for what the corpus lacks"),
    ("FULL", RunFailed, "stage fail, task the one: No space left on device"),
    ("LOSE", RunFailed, "stage fail does not balance: 1 blobs of 1 bytes in, 0 of 0 bytes accounted for"),
    ("UNPLANNED", RunFailed, "exact_dedup kept 3 blobs but filter_blobs took in 2"),
    (
        "UNCLOSED",
        RunFailed,
        "stage fail does not balance: 3 blobs of 30 bytes in, 1 of 30 bytes accounted for",
    ),
]


@pytest.mark.parametrize(("stage", "kind", "message"), ERRORS)
def test_an_error_arrives_as_its_one_line(
    made: Any, stage: str, kind: type[StackPipelineError], message: str, tmp_path: Path
) -> None:
    job = made.new_job(tmp_path)
    with pytest.raises(kind) as caught:
        run_job(job, [made.MAKE, getattr(made, stage), made.ADD])
    assert (type(caught.value), caught.value.message) == (kind, message)
    assert caught.value.hint
    assert not job.storage("output").exists("sum.parquet")


@pytest.mark.parametrize(("stage", "kind", "message"), [ERRORS[0], ERRORS[-1]])
def test_an_error_of_a_worker_process_arrives_as_its_one_line(
    made: Any, stage: str, kind: type[StackPipelineError], message: str, tmp_path: Path
) -> None:
    job = made.new_job(tmp_path)
    with pytest.raises(kind) as caught:
        run_job(job, [getattr(made, stage)], workers=2)
    assert (type(caught.value), caught.value.message) == (kind, message)
    assert caught.value.hint


def test_what_was_finished_before_a_failure_is_kept_and_the_error_forgotten(
    made: Any, tmp_path: Path
) -> None:
    job = made.new_job(tmp_path)
    with pytest.raises(UsageError):
        run_job(job, [made.MAKE, made.REFUSE])
    work = job.storage("work")
    assert work.exists(FAILURE_NAME)
    records = [path.stat().st_ino for path in work.local_path("make_numbers").rglob("record.json")]
    run_job(job, [made.MAKE, made.ADD])
    assert [path.stat().st_ino for path in work.local_path("make_numbers").rglob("record.json")] == records
    assert not work.exists(FAILURE_NAME)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_of_the_program_is_no_one_line_error(made: Any, workers: int, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"ZeroDivisionError|while running") as caught:
        run_job(made.new_job(tmp_path), [made.FAULT], workers=workers)
    assert not isinstance(caught.value, StackPipelineError)


def run_dying(folder: Path, how: str, workers: int) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": HERE}
    command = [sys.executable, str(Path(HERE) / "made_stages.py"), str(folder), how, str(workers)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("how", ["SIGKILL", "3"])
def test_a_worker_that_dies_fails_the_job_instead_of_hanging_it(how: str, tmp_path: Path) -> None:
    run = run_dying(tmp_path, how, 2)
    assert run.returncode == 1, run.stderr[-2000:]
    message, hint = run.stdout.splitlines()
    assert "local worker" in message
    assert "--workers" in hint
    assert not (tmp_path / "output" / "sum.parquet").exists()


def one_step(stage: Stage) -> str:
    return "".join(part.capitalize() for part in stage.name.split("_"))


def test_each_stage_is_a_named_step_of_the_graph(made: Any, tmp_path: Path) -> None:
    import apache_beam as beam

    from beam_jobs.running import compose

    stages = [made.MAKE, made.NOTHING, made.ADD]
    pipeline = beam.Pipeline()
    compose(pipeline, made.new_job(tmp_path), stages)
    graph = pipeline.to_runner_api()
    names = {transform.unique_name for transform in graph.components.transforms.values()}
    for stage in stages:
        step = one_step(stage)
        assert step in names
        for part in ("Plan", "Run", "Close"):
            assert f"{step}/{part}" in names


def test_the_graph_holds_neither_the_key_nor_content(made: Any, tmp_path: Path) -> None:
    import apache_beam as beam

    from beam_jobs.running import compose

    job = made.new_job(tmp_path)
    pipeline = beam.Pipeline()
    compose(pipeline, job, [made.MAKE, made.ADD])
    data = pipeline.to_runner_api().SerializeToString()
    assert job.keys().master not in data
    assert job.keys().master.hex().encode() not in data
