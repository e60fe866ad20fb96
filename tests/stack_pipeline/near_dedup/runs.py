"""Run the command in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stack_pipeline.cli.main import commands
from stack_pipeline.errors import StackPipelineError, UsageError

FOUND = ["id", "cluster", "representative", "similarity", "kind"]


def dedup(*arguments: object) -> Any:
    """Run `stack-pipeline dedup`; errors come as they are."""
    return commands.main(
        args=["dedup", *map(str, arguments), "-q"], prog_name="stack-pipeline", standalone_mode=False
    )


def explain(*arguments: object) -> Any:
    return commands.main(args=["dedup", "explain", *map(str, arguments)], standalone_mode=False)


def refused(*arguments: object, kind: type[StackPipelineError] = UsageError) -> StackPipelineError:
    """Run what has to fail, with one line, and return the error."""
    with pytest.raises(kind) as caught:
        dedup(*arguments)
    assert "\n" not in caught.value.message
    assert "\n" not in (caught.value.hint or "")
    return caught.value


def clusters(output: Path) -> pa.Table:
    return pq.read_table(output / "clusters.parquet")


def found(output: Path) -> list[dict[str, Any]]:
    return list(clusters(output).select(FOUND).to_pylist())


def kept_ids(output: Path) -> list[Any]:
    return list(pq.read_table(output / "keep.parquet").column("id").to_pylist())


def files_of(output: Path) -> dict[str, bytes]:
    """Return the bytes of all files but `run.json`, which tells of the run itself."""
    paths = [path for path in sorted(output.rglob("*")) if path.is_file() and path.name != "run.json"]
    return {str(path.relative_to(output)): path.read_bytes() for path in paths}
