"""Run tasks, skip finished ones, and close stages.

A finished task has a record below `work/<stage>/<task id>/`; a task whose id has a record, whose outputs are in place, is not run
again, in this run or a later one. What a task writes appears only when it is whole, so a kill at any moment costs unfinished tasks only.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa

from stack_pipeline.accounting import Account, total_account
from stack_pipeline.canonical import canonical_json, digest_of
from stack_pipeline.errors import RunFailed, StackPipelineError
from stack_pipeline.jobs import FileRef, Job, Stage, Task, TaskRecord, task_id
from stack_pipeline.tables.parquet import FAST, SMALL, iter_table, read_table, write_table

FAILURE_NAME = "failed.json"


class TaskContext:
    """What a running task sees: the job, itself, and how to read and write tables."""

    def __init__(self, job: Job, task: Task, identity: str) -> None:
        self.job = job
        self.task = task
        self.task_id = identity
        self.outputs: list[FileRef] = []
        self.account: Account | None = None
        self.facts: dict[str, Any] = {}

    @property
    def local(self) -> dict[str, Any]:
        """The task's values that shape nothing."""
        return dict(self.task.local)

    def write(
        self,
        kind: str,
        schema: pa.Schema,
        batches: Iterable[pa.Table | pa.RecordBatch] | pa.Table,
        *,
        root: str = "work",
        name: str | None = None,
        row_group_bytes: int | None = None,
    ) -> FileRef:
        """Write a table; without a name it lies in the task's own work folder."""
        final = name or f"{self.task.stage}/{self.task_id}/{kind}.parquet"
        pieces = [batches] if isinstance(batches, pa.Table) else batches
        options: dict[str, Any] = {} if row_group_bytes is None else {"row_group_bytes": row_group_bytes}
        options["codec"] = FAST if root == "work" else SMALL
        written = write_table(self.job.storage(root), final, schema, pieces, **options)
        ref = FileRef(kind, root, final, written.rows, written.size_bytes, written.sha256, written.logical)
        self.outputs.append(ref)
        return ref

    def write_file(self, kind: str, data: bytes, *, root: str, name: str) -> FileRef:
        """Write a small file that is no table; it is an output of the task like any other."""
        self.job.storage(root).write_bytes(name, data)
        digest = hashlib.sha256(data).hexdigest()
        ref = FileRef(kind, root, name, 0, len(data), digest, digest)
        self.outputs.append(ref)
        return ref

    def read(self, ref: FileRef, **options: Any) -> pa.Table:
        """Read a file or a key range of it, see `read_table`."""
        return read_table(self.job.storage(ref.root), ref.name, **options)

    def iter(self, ref: FileRef, **options: Any) -> Iterator[pa.Table]:
        """Read a file piece by piece, see `iter_table`."""
        return iter_table(self.job.storage(ref.root), ref.name, **options)

    def read_all(self, refs: Sequence[FileRef], schema: pa.Schema, **options: Any) -> pa.Table:
        """Read several files as one table of the schema's columns."""
        columns = options.pop("columns", None) or schema.names
        empty = pa.schema([schema.field(name) for name in columns]).empty_table()
        tables = (self.read(ref, columns=columns, **options) for ref in refs)
        return pa.concat_tables([empty, *tables], promote_options="default")


class Finished:
    """The stages that are done, as later stages see them."""

    def __init__(self, job: Job, indexes: dict[str, str]) -> None:
        self._job = job
        self._indexes = indexes
        self._records: dict[str, list[TaskRecord]] = {}

    def records(self, stage: str) -> list[TaskRecord]:
        """Return the records of a stage, by task name."""
        if stage not in self._records:
            data = json.loads(self._job.storage("work").read_bytes(self._indexes[stage]))
            self._records[stage] = [TaskRecord.from_json(value) for value in data["records"]]
        return self._records[stage]

    def files(self, stage: str, kind: str) -> tuple[FileRef, ...]:
        """Return the files of a kind that a stage wrote, by task name."""
        return tuple(ref for record in self.records(stage) for ref in record.outputs if ref.kind == kind)

    def files_of_task(self, stage: str, kind: str, name: str) -> tuple[FileRef, ...]:
        """Return the files of a kind that one task of a stage wrote."""
        outputs = (record.outputs for record in self.records(stage) if record.name == name)
        return tuple(ref for refs in outputs for ref in refs if ref.kind == kind)

    def facts(self, stage: str) -> list[dict[str, Any]]:
        """Return the small facts of each task of a stage."""
        return [record.facts for record in self.records(stage)]

    def account(self, stage: str) -> Account:
        """Return the checked account of a stage."""
        accounts = [Account.from_json(r.account) for r in self.records(stage) if r.account is not None]
        total = total_account(accounts[0].unit if accounts else "blob", accounts)
        total.check(stage)
        return total


def plan_stage(job: Job, stage: Stage, indexes: dict[str, str]) -> list[Task]:
    """Make the tasks of a stage and note their number for whoever shows progress."""
    with _noting_failures(job, f"stage {stage.name}"):
        tasks = stage.plan(job, Finished(job, indexes))
        names = [task.name for task in tasks]
        if len(set(names)) != len(names):
            raise ValueError(f"stage {stage.name} plans two tasks of one name")
        plan = {"tasks": sorted(task_id(job, stage, task) for task in tasks)}
        job.storage("work").write_bytes(f"{stage.name}/plan.json", canonical_json(plan))
    return tasks


def run_task(job: Job, stage: Stage, task: Task) -> TaskRecord:
    """Run a task unless it is finished; a failure of the environment is tried once more, alone.

    Raises:
        RunFailed: If it fails twice.
    """
    with _noting_failures(job, f"stage {stage.name}, task {task.name}"):
        identity = task_id(job, stage, task)
        record = finished_record(job, stage, identity)
        if record is not None:
            return record
        try:
            return _attempt(job, stage, task, identity)
        except (OSError, MemoryError):
            return _attempt(job, stage, task, identity)


def _attempt(job: Job, stage: Stage, task: Task, identity: str) -> TaskRecord:
    context = TaskContext(job, task, identity)
    before = time.process_time()
    stage.run(context)
    spent = round(time.process_time() - before, 3)
    if context.account is not None:
        context.account.check(stage.name)
    account = context.account.to_json() if context.account is not None else None
    record = TaskRecord(
        identity, stage.name, task.name, tuple(context.outputs), account, context.facts, os.getpid(), spent
    )
    job.storage("work").write_bytes(f"{stage.name}/{identity}/record.json", canonical_json(record.to_json()))
    return record


def finished_record(job: Job, stage: Stage, identity: str) -> TaskRecord | None:
    """Return the record of a finished task whose outputs are all in place, else None."""
    try:
        data = job.storage("work").read_bytes(f"{stage.name}/{identity}/record.json")
    except FileNotFoundError:
        return None
    record = TaskRecord.from_json(json.loads(data))
    in_place = all(job.storage(ref.root).size(ref.name) == ref.size_bytes for ref in record.outputs)
    return record if in_place else None


def finish_stage(
    job: Job, stage: Stage, records: Iterable[TaskRecord], indexes: dict[str, str]
) -> dict[str, str]:
    """Close a stage: index its records, check its account, and return the indexes of all finished stages."""
    with _noting_failures(job, f"stage {stage.name}"):
        ordered = sorted((record.to_json() for record in records), key=lambda value: str(value["name"]))
        name = f"{stage.name}/finished-{digest_of([value['task_id'] for value in ordered])[:16]}.json"
        job.storage("work").write_bytes(name, canonical_json({"records": ordered}))
        done = {**indexes, stage.name: name}
        Finished(job, done).account(stage.name)
    return done


@contextmanager
def _noting_failures(job: Job, what: str) -> Iterator[None]:
    """Make trouble of the machine a one-line error, and leave it where the driver finds it, whatever the runner makes of exceptions."""
    try:
        yield
    except (StackPipelineError, OSError, MemoryError) as error:
        failure = error if isinstance(error, StackPipelineError) else _machine_trouble(what, error)
        value = {"message": failure.message, "hint": failure.hint, "exit_code": failure.exit_code}
        with suppress(OSError):
            job.storage("work").write_bytes(FAILURE_NAME, canonical_json(value))
        if failure is error:
            raise
        raise failure from error


def _machine_trouble(what: str, error: OSError | MemoryError) -> RunFailed:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return RunFailed(
        f"{what}: {reason}",
        hint="free what is lacking and run the same command again; finished tasks are kept",
    )


def cpu_seconds(job: Job, stages: Sequence[Stage]) -> list[dict[str, Any]]:
    """Return how many tasks each stage planned last, and the CPU seconds of those that are done."""
    work = job.storage("work")
    spent = []
    for stage in stages:
        with suppress(FileNotFoundError):
            identities = json.loads(work.read_bytes(f"{stage.name}/plan.json"))["tasks"]
            records = [finished_record(job, stage, identity) for identity in identities]
            seconds = round(sum(record.cpu_seconds for record in records if record is not None), 3)
            spent.append({"stage": stage.name, "tasks": len(identities), "cpu_seconds": seconds})
    return spent


def accounts_so_far(job: Job, stages: Sequence[Stage]) -> list[dict[str, Any]]:
    """Return the accounts of the stages whose planned tasks are all done, for a run that did not end well."""
    work = job.storage("work")
    found = []
    for stage in stages:
        try:
            identities = json.loads(work.read_bytes(f"{stage.name}/plan.json"))["tasks"]
        except FileNotFoundError:
            break
        records = [finished_record(job, stage, identity) for identity in identities]
        accounts = [Account.from_json(r.account) for r in records if r is not None and r.account is not None]
        if None in records:
            break
        if accounts:
            found.append({"stage": stage.name, **total_account(accounts[0].unit, accounts).to_json()})
    return found
