"""Two tiny stages and some that fail, importable by worker processes, and a program that runs them."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa

from stack_pipeline.accounting import Account
from stack_pipeline.errors import RunFailed, UsageError
from stack_pipeline.jobs import Job, Stage, Task
from stack_pipeline.keys import create_key
from stack_pipeline.recipe import Recipe
from stack_pipeline.storage import Storage
from stack_pipeline.tasks import Finished, TaskContext

NUMBERS = pa.schema([("n", pa.int64())])
TASKS = 6


def new_job(folder: Path) -> Job:
    """Return a job over a new corpus with a fixed key."""
    corpus = Storage(str(folder / "corpus"))
    ring = create_key(corpus, given=bytes(32))
    return Job("release", corpus.url, str(folder / "output"), Recipe(), "", "", ring.key_id, 1)


def plan_numbers(job: Job, finished: Finished) -> list[Task]:
    return [Task("make_numbers", f"{index:05d}", {"start": 10 * index}) for index in range(TASKS)]


def make_numbers(context: TaskContext) -> None:
    start = context.task.params["start"]
    context.account = Account("blob")
    context.account.keep(10, 80)
    context.facts = {"start": start}
    context.write("numbers", NUMBERS, pa.table({"n": range(start, start + 10)}))


def plan_sum(job: Job, finished: Finished) -> list[Task]:
    params = {"starts": [fact["start"] for fact in finished.facts("make_numbers")]}
    return [Task("add_numbers", "all", params, finished.files("make_numbers", "numbers"))]


def add_numbers(context: TaskContext) -> None:
    account = context.account = Account("blob")
    table = context.read_all(context.task.files("numbers"), NUMBERS)
    account.drop("odd", table.num_rows // 2, 0)
    account.keep(table.num_rows - table.num_rows // 2, 0)
    total = pa.table({"n": [sum(table["n"].to_pylist())]})
    context.write("sum", NUMBERS, total, root="output", name="sum.parquet")


def plan_nothing(job: Job, finished: Finished) -> list[Task]:
    return []


def plan_one(job: Job, finished: Finished) -> list[Task]:
    return [Task("fail", "the one", {})]


def refuse(context: TaskContext) -> None:
    raise UsageError("the recipe asks for what the corpus lacks", hint="ingest it")


def run_out_of_space(context: TaskContext) -> None:
    raise OSError(28, "No space left on device", "/some/place")


def lose_a_blob(context: TaskContext) -> None:
    context.account = Account("blob")
    context.account.taken_in.add(1, 1)


def divide_by_zero(context: TaskContext) -> None:
    raise ZeroDivisionError


def refuse_to_plan(job: Job, finished: Finished) -> list[Task]:
    raise RunFailed("exact_dedup kept 3 blobs but filter_blobs took in 2", hint="tell us")


def die(context: TaskContext) -> None:
    """End the process that runs this, once or each time, by a signal or by an exit."""
    if context.job.rules_name == "SIGKILL":
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(int(context.job.rules_name))


def record_unbalanced(context: TaskContext) -> None:
    context.account = _Unbalanced("blob")


class _Unbalanced(Account):
    """An account that only the closing of its stage finds out."""

    def check(self, stage: str) -> None:
        return

    def to_json(self) -> dict[str, Any]:
        return {"unit": "blob", "in": [3, 30], "kept": [1, 30], "dropped": {}}


MAKE = Stage("make_numbers", 1, plan_numbers, make_numbers)
ADD = Stage("add_numbers", 1, plan_sum, add_numbers)
NOTHING = Stage("do_nothing", 1, plan_nothing, refuse)
REFUSE = Stage("fail", 1, plan_one, refuse)
FULL = Stage("fail", 1, plan_one, run_out_of_space)
LOSE = Stage("fail", 1, plan_one, lose_a_blob)
FAULT = Stage("fail", 1, plan_one, divide_by_zero)
UNPLANNED = Stage("fail", 1, refuse_to_plan, refuse)
UNCLOSED = Stage("fail", 1, plan_one, record_unbalanced)
DIE = Stage("die", 1, plan_one, die)


def main(folder: str, how: str, workers: str) -> None:
    """Run a job whose second stage ends its worker, and print the error it ends with."""
    from dataclasses import replace

    from beam_jobs.running import run_job

    job = replace(new_job(Path(folder)), rules_name=how)
    try:
        run_job(job, [MAKE, DIE, ADD], workers=int(workers))
    except RunFailed as error:
        print(f"{error.message}\n{error.hint}")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    # By the name under which a worker process imports it, so that stages can be pickled.
    importlib.import_module("made_stages").main(*sys.argv[1:])
