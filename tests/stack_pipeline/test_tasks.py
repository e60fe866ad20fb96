"""Tasks: what their id depends on, what is skipped, what is tried again, and how a stage is closed."""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from stack_pipeline.accounting import Account, Tally
from stack_pipeline.errors import RunFailed, StackPipelineError, UsageError
from stack_pipeline.jobs import FileRef, Job, Stage, Task, TaskRecord, task_id
from stack_pipeline.keys import create_key
from stack_pipeline.recipe import Engine, Recipe
from stack_pipeline.storage import Storage
from stack_pipeline.tasks import (
    FAILURE_NAME,
    Finished,
    TaskContext,
    accounts_so_far,
    finish_stage,
    finished_record,
    plan_stage,
    run_task,
)

SCHEMA = pa.schema([("n", pa.int64()), ("text", pa.string())])
RECIPE = Recipe()
INPUT = FileRef("rows", "work", "before/0123/rows.parquet", 3, 100, "a" * 64, "b" * 64)
KEY = bytes(range(32))


@pytest.fixture
def job(tmp_path: Path) -> Job:
    corpus = Storage(str(tmp_path / "corpus"))
    ring = create_key(corpus, given=KEY)
    return Job(
        kind="release",
        corpus=corpus.url,
        output=str(tmp_path / "output"),
        recipe=RECIPE,
        rules_name="rules/none.toml",
        rules_digest="c" * 64,
        key_id=ring.key_id,
        snapshot=1,
    )


def no_tasks(job: Job, finished: Finished) -> list[Task]:
    return []


def write_rows(context: TaskContext) -> None:
    count = context.task.params["rows"]
    table = pa.table({"n": range(count), "text": [f"row {n}" for n in range(count)]}, schema=SCHEMA)
    context.write("rows", SCHEMA, table)
    context.account = Account("blob")
    context.account.keep(count, 10 * count)
    context.facts = {"rows": count}


def counting(
    run: Callable[[Any], None], *, errors: list[BaseException] | None = None
) -> tuple[Stage, list[str]]:
    """Return a stage that notes each call and raises the given errors first."""
    calls: list[str] = []
    waiting = list(errors or [])

    def noted(context: TaskContext) -> None:
        calls.append(context.task.name)
        if waiting:
            raise waiting.pop(0)
        run(context)

    return Stage("count_rows", 1, no_tasks, noted), calls


STAGE = Stage(
    "count_rows", 1, no_tasks, write_rows, sections=("select", "optout"), versions=lambda: {"rule": "1"}
)
TASK = Task("count_rows", "00000-of-00001", {"rows": 3}, (INPUT,), local=(("place", "/a"),))


def changed_recipe(section: str, **values: Any) -> Recipe:
    return replace(RECIPE, **{section: replace(getattr(RECIPE, section), **values)})


@pytest.mark.parametrize(
    ("job_changes", "stage_changes", "task_changes"),
    [
        ({}, {"name": "other"}, {}),
        ({}, {"version": 2}, {}),
        ({}, {"versions": lambda: {"rule": "2"}}, {}),
        ({}, {"versions": lambda: {"other rule": "1"}}, {}),
        ({}, {"versions": None}, {}),
        ({"recipe": changed_recipe("select", min_stars=5)}, {}, {}),
        ({"rules_digest": "d" * 64}, {}, {}),
        ({"key_id": "0" * 16}, {}, {}),
        ({}, {"sections": ("select", "optout", "redact")}, {}),
        ({}, {}, {"name": "00001-of-00002"}),
        ({}, {}, {"params": {"rows": 4}}),
        ({}, {}, {"params": {"rows": 3, "more": None}}),
        ({}, {}, {"inputs": ()}),
        ({}, {}, {"inputs": (INPUT, INPUT)}),
        ({}, {}, {"inputs": (replace(INPUT, sha256="e" * 64),)}),
        ({}, {}, {"inputs": (replace(INPUT, kind="other"),)}),
        ({}, {}, {"inputs": (replace(INPUT, root="corpus", name="snapshots/1/x"),)}),
    ],
)
def test_a_task_id_depends_on_all_that_shapes_the_output(
    job: Job, job_changes: dict[str, Any], stage_changes: dict[str, Any], task_changes: dict[str, Any]
) -> None:
    before = task_id(job, STAGE, TASK)
    after = task_id(
        replace(job, **job_changes), replace(STAGE, **stage_changes), replace(TASK, **task_changes)
    )
    assert after != before
    assert len(before) == len(after) == 32


@pytest.mark.parametrize(
    ("job_changes", "task_changes"),
    [
        *[({"recipe": changed_recipe("engine", **{key.name: 1 << 21})}, {}) for key in fields(Engine)],
        ({"recipe": changed_recipe("redact", enabled=False)}, {}),  # a section that this stage does not name
        ({"recipe": changed_recipe("optout", rules="elsewhere/rules.toml")}, {}),
        ({"corpus": "/elsewhere"}, {}),
        ({"output": "/elsewhere"}, {}),
        ({"rules_name": "rules/copy.toml"}, {}),
        ({"snapshot": 9}, {}),
        ({}, {"local": (("place", "/b"), ("other", 1))}),
        ({}, {"inputs": (replace(INPUT, name="before/4567/rows.parquet"),)}),
        ({}, {"params": dict(reversed(list({"rows": 3}.items())))}),
    ],
)
def test_a_task_id_does_not_depend_on_how_and_where_it_runs(
    job: Job, job_changes: dict[str, Any], task_changes: dict[str, Any]
) -> None:
    assert task_id(replace(job, **job_changes), STAGE, replace(TASK, **task_changes)) == task_id(
        job, STAGE, TASK
    )


def test_inputs_of_another_order_are_another_task(job: Job) -> None:
    other = replace(INPUT, sha256="f" * 64)
    ids = {task_id(job, STAGE, replace(TASK, inputs=order)) for order in ((INPUT, other), (other, INPUT))}
    assert len(ids) == 2


def test_a_task_leaves_its_record_and_its_output(job: Job) -> None:
    record = run_task(job, STAGE, TASK)
    assert record.task_id == task_id(job, STAGE, TASK)
    (ref,) = record.outputs
    assert ref.name == f"count_rows/{record.task_id}/rows.parquet"
    assert (ref.rows, record.facts, record.account) == (
        3,
        {"rows": 3},
        Account("blob", Tally(3, 30), Tally(3, 30)).to_json(),
    )
    work = job.storage("work")
    assert work.size(ref.name) == ref.size_bytes
    stored = json.loads(work.read_bytes(f"count_rows/{record.task_id}/record.json"))
    assert TaskRecord.from_json(stored) == record


def test_a_finished_task_is_skipped_and_gives_the_same_record(job: Job) -> None:
    stage, calls = counting(write_rows)
    first = run_task(job, stage, TASK)
    assert run_task(replace(job, recipe=changed_recipe("engine", threads=4)), stage, TASK) == first
    assert calls == [TASK.name]


@pytest.mark.parametrize("damage", ["missing", "shorter", "longer"])
def test_a_task_whose_output_is_not_as_it_left_it_runs_again(job: Job, damage: str) -> None:
    stage, calls = counting(write_rows)
    first = run_task(job, stage, TASK)
    path = job.storage("work").local_path(first.outputs[0].name)
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(data[:-1] if damage == "shorter" else data + b"x")
    assert run_task(job, stage, TASK) == first
    assert calls == [TASK.name] * 2
    assert path.read_bytes() == data


def test_a_task_without_a_record_is_not_finished_whatever_it_wrote(job: Job) -> None:
    record = run_task(job, STAGE, TASK)
    job.storage("work").remove(f"count_rows/{record.task_id}/record.json")
    assert finished_record(job, STAGE, record.task_id) is None


def failure(job: Job) -> dict[str, Any] | None:
    work = job.storage("work")
    return json.loads(work.read_bytes(FAILURE_NAME)) if work.exists(FAILURE_NAME) else None


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), MemoryError()])
def test_trouble_of_the_machine_is_tried_once_more(job: Job, error: BaseException) -> None:
    stage, calls = counting(write_rows, errors=[error])
    assert run_task(job, stage, TASK).facts == {"rows": 3}
    assert len(calls) == 2
    assert failure(job) is None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/secret/place"), "No space left on device"),
        (MemoryError("what was allocated"), "MemoryError"),
        (OSError("free text of a library"), "OSError"),
    ],
)
def test_trouble_that_stays_fails_the_run_in_one_line(job: Job, error: BaseException, said: str) -> None:
    stage, calls = counting(write_rows, errors=[error, error, error])
    with pytest.raises(RunFailed) as caught:
        run_task(job, stage, TASK)
    assert caught.value.message == f"stage count_rows, task 00000-of-00001: {said}"
    assert "same command again" in str(caught.value.hint)
    assert len(calls) == 2
    assert failure(job) == {"message": caught.value.message, "hint": caught.value.hint, "exit_code": 1}
    assert run_task(job, Stage("count_rows", 1, no_tasks, write_rows), TASK).facts == {"rows": 3}


@pytest.mark.parametrize("error", [UsageError("wrong", hint="mend it"), RunFailed("broken", hint=None)])
@pytest.mark.parametrize("before", [[], [OSError(errno.EIO, "broken")]])
def test_an_error_for_the_user_is_not_tried_again_and_is_noted(
    job: Job, error: StackPipelineError, before: list[BaseException]
) -> None:
    stage, calls = counting(write_rows, errors=[*before, error, error])
    with pytest.raises(type(error)) as caught:
        run_task(job, stage, TASK)
    assert (caught.value.message, caught.value.hint) == (error.message, error.hint)
    assert len(calls) == 1 + len(before)
    assert failure(job) == {"message": error.message, "hint": error.hint, "exit_code": error.exit_code}


def test_trouble_of_the_machine_while_planning_fails_the_run_in_one_line(job: Job) -> None:
    def plan(job: Job, finished: Finished) -> list[Task]:
        raise OSError(errno.ENOSPC, "No space left on device", "/secret/place")

    with pytest.raises(RunFailed, match=r"stage count_rows.*: No space left on device") as caught:
        plan_stage(job, Stage("count_rows", 1, plan, write_rows), {})
    assert failure(job) == {"message": caught.value.message, "hint": caught.value.hint, "exit_code": 1}


def test_trouble_of_the_machine_while_closing_fails_the_run_in_one_line(job: Job) -> None:
    job.storage("work").write_bytes("count_rows", b"a file where the stage's folder should be")
    for close in (lambda: finish_stage(job, STAGE, [], {}), lambda: plan_stage(job, STAGE, {})):
        with pytest.raises(RunFailed, match="stage count_rows") as caught:
            close()
        assert failure(job) == {"message": caught.value.message, "hint": caught.value.hint, "exit_code": 1}


def test_a_file_that_is_no_table_is_an_output_like_any_other(job: Job) -> None:
    def write_note(context: TaskContext) -> None:
        context.write_file("note", b"{}", root="output", name="note.json")

    stage, calls = counting(write_note)
    record = run_task(job, stage, TASK)
    (ref,) = record.outputs
    assert (ref.root, ref.name, ref.size_bytes) == ("output", "note.json", 2)
    assert ref.sha256 == hashlib.sha256(b"{}").hexdigest()
    elsewhere = replace(job, output=job.output + "-2")
    assert run_task(elsewhere, stage, TASK) == record
    assert len(calls) == 2
    assert elsewhere.storage("output").read_bytes("note.json") == b"{}"


def test_a_fault_of_the_program_comes_out_as_it_is(job: Job) -> None:
    stage, calls = counting(write_rows, errors=[ZeroDivisionError()])
    with pytest.raises(ZeroDivisionError):
        run_task(job, stage, TASK)
    assert len(calls) == 1


def lose_one(context: TaskContext) -> None:
    write_rows(context)
    assert context.account is not None
    context.account.taken_in.add(1, 10)


def test_a_task_that_loses_a_file_fails_and_leaves_no_record(job: Job) -> None:
    stage = Stage("count_rows", 1, no_tasks, lose_one)
    with pytest.raises(RunFailed, match="does not balance"):
        run_task(job, stage, TASK)
    assert finished_record(job, stage, task_id(job, stage, TASK)) is None


def records_of(job: Job, stage: Stage, counts: list[int]) -> list[TaskRecord]:
    tasks = [Task(stage.name, f"{number:05d}", {"rows": count}) for number, count in enumerate(counts)]
    return [run_task(job, stage, task) for task in tasks]


def test_a_closed_stage_is_the_same_for_any_order_of_arrival(job: Job) -> None:
    records = records_of(job, STAGE, [3, 0, 5])
    indexes = [finish_stage(job, STAGE, order, {"before": "x"}) for order in itertools.permutations(records)]
    assert all(index == indexes[0] for index in indexes)
    finished = Finished(job, indexes[0])
    assert [record.name for record in finished.records("count_rows")] == ["00000", "00001", "00002"]
    assert [ref.rows for ref in finished.files("count_rows", "rows")] == [3, 0, 5]
    assert finished.files("count_rows", "other") == ()
    assert finished.facts("count_rows") == [{"rows": 3}, {"rows": 0}, {"rows": 5}]
    assert finished.account("count_rows").to_json()["in"] == [8, 80]


def test_a_stage_without_tasks_closes(job: Job) -> None:
    index = finish_stage(job, STAGE, [], {})
    assert Finished(job, index).account("count_rows").to_json()["in"] == [0, 0]


def test_a_stage_whose_account_does_not_balance_is_not_closed(job: Job) -> None:
    (record,) = records_of(job, STAGE, [3])
    account = {"unit": "blob", "in": [3, 30], "kept": [1, 30], "dropped": {}}
    with pytest.raises(RunFailed, match="stage count_rows does not balance: 3 blobs"):
        finish_stage(job, STAGE, [replace(record, account=account)], {})


def test_two_tasks_of_one_name_are_refused(job: Job) -> None:
    stage = Stage("count_rows", 1, lambda *_: [TASK, replace(TASK, params={"rows": 9})], write_rows)
    with pytest.raises(ValueError, match="two tasks of one name"):
        plan_stage(job, stage, {})


def test_a_plan_is_noted_for_whoever_shows_progress(job: Job) -> None:
    stage = Stage("count_rows", 1, lambda *_: [TASK], write_rows)
    assert plan_stage(job, stage, {}) == [TASK]
    assert json.loads(job.storage("work").read_bytes("count_rows/plan.json")) == {
        "tasks": [task_id(job, stage, TASK)]
    }


def test_accounts_of_a_run_that_stopped_are_those_of_its_finished_stages(job: Job) -> None:
    one = Stage("one", 1, lambda *_: [replace(TASK, stage="one")], write_rows)
    two = Stage("two", 1, lambda *_: [replace(TASK, stage="two")], write_rows)
    three = Stage("three", 1, no_tasks, write_rows)
    for task in plan_stage(job, one, {}):
        run_task(job, one, task)
    plan_stage(job, two, {})
    found = accounts_so_far(job, [one, two, three])
    assert [(account["stage"], account["in"]) for account in found] == [("one", [3, 30])]


def test_a_task_reads_several_files_as_one_table_in_any_order_of_columns(job: Job) -> None:
    context = TaskContext(job, TASK, "0" * 32)
    tables = [pa.table({"n": [1, 2], "text": ["a", None]}, schema=SCHEMA), SCHEMA.empty_table()]
    refs = [context.write(kind, SCHEMA, table) for kind, table in zip("ab", tables, strict=True)]
    assert context.read_all(refs, SCHEMA).to_pylist() == [{"n": 1, "text": "a"}, {"n": 2, "text": None}]
    assert context.read_all(refs, SCHEMA, columns=["text", "n"]).column_names == ["text", "n"]
    assert context.read_all(refs, SCHEMA, columns=["n"], key="text", bounds=("a", "")).to_pylist() == [
        {"n": 1}
    ]
    assert context.read_all([], SCHEMA).schema == SCHEMA
    assert sum(table.num_rows for table in context.iter(refs[0])) == 2
    assert context.local == {"place": "/a"}


def test_a_file_of_an_earlier_minor_layout_reads_with_nulls_in_the_new_columns(job: Job) -> None:
    context = TaskContext(job, TASK, "0" * 32)
    ref = context.write("old", pa.schema([SCHEMA.field("n")]), pa.table({"n": [1]}))
    assert context.read_all([ref], SCHEMA).to_pylist() == [{"n": 1, "text": None}]


def test_a_file_of_a_later_minor_layout_reads_without_its_new_columns(job: Job) -> None:
    context = TaskContext(job, TASK, "0" * 32)
    later = SCHEMA.append(pa.field("new", pa.string()))
    ref = context.write("new", later, pa.table({"n": [1], "text": ["a"], "new": ["b"]}))
    assert context.read_all([ref], SCHEMA).to_pylist() == [{"n": 1, "text": "a"}]


def test_the_work_folder_is_inside_the_corpus_and_another_key_is_refused(job: Job) -> None:
    assert job.storage("work").local_path() == Path(job.corpus) / "work"
    assert job.keys().master == KEY
    with pytest.raises(ValueError, match="another key"):
        replace(job, key_id="0" * 16).keys()
