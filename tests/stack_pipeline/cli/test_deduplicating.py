from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack_pipeline.near_dedup.made_documents import (
    chain,
    families,
    singles,
    write_lines,
    write_parquet,
)
from tools.command_reference import command_reference

ROWS = [*families(4), *singles(5)]


def run(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does, away from any terminal."""
    code = "from stack_pipeline.cli import main; main()"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONPATH": str(Path.cwd())}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_table_tells_what_went_and_where_it_lies(tmp_path: Path) -> None:
    write_parquet(tmp_path / "in" / "all.parquet", ROWS)
    done = run("dedup", "in", "--output", "out", "--write-filtered", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["exact", "duplicates", "4"] in lines
    assert ["near", "duplicates", "12"] in lines
    assert ["kept", "9"] in lines
    assert ["Python", "15", "2", "6", "7", "53.3", "%"] in lines
    assert lines[-1][:3] == ["written", "to", "out:"]
    assert "filtered/ (1 files)" in done.stdout
    assert "find" in done.stderr or "read columns" in done.stderr


def test_json_and_csv_are_nothing_but_data(tmp_path: Path) -> None:
    write_lines(tmp_path / "all.jsonl", ROWS)
    as_json = run("dedup", "all.jsonl", "--output", "one", "--format", "json", folder=tmp_path)
    value = json.loads(as_json.stdout)
    assert (value["files"], value["near_duplicates"], value["output"]) == (25, 12, "one")
    assert "clusters.parquet" in value["written"]
    as_csv = run("dedup", "all.jsonl", "--output", "two", "--format", "csv", "-q", folder=tmp_path)
    assert dict(csv.reader(io.StringIO(as_csv.stdout)))["near duplicates"] == "12"
    assert as_csv.stderr == ""


def test_an_alarm_ends_with_one_and_the_evidence(tmp_path: Path) -> None:
    write_parquet(tmp_path / "all.parquet", [*chain(150), *singles(5)], row_group_size=100)
    done = run("dedup", "all.parquet", "--output", "out", "--clusters", "components", "-q", folder=tmp_path)
    assert done.returncode == 1
    assert "stop: language HTML loses 99.33 % of its 150 files as near-duplicates" in done.stdout
    error, blank, hint = done.stderr.splitlines()
    assert error.startswith("Error: 1 alarm stopped the run")
    assert blank == ""
    assert hint == "hint: look at out/report.html; the same command with --accept goes on from here"


BAD = {
    "--threshold 0": "--threshold must be in (0, 1], got 0.0",
    "--threshold 1.5": "--threshold must be in (0, 1], got 1.5",
    "--threshold nan": "--threshold must be in (0, 1], got nan",
    "--bands 36 --rows 8": "--bands x --rows must be at most --num-perm (256), got 36 x 8 = 288",
    "--bands 36": "--bands and --rows go together",
    "--bands 0 --rows 1": "--bands must be in [1, 65536], got 0",
    "--ngram 0": "--ngram must be in [1, 64], got 0",
    "--num-perm 0": "--num-perm must be in [1, 65536], got 0",
    "--seed -1": "--seed must be in [0, 4294967295], got -1",
    "--min-tokens -1": "--min-tokens must be in [0, 4294967295], got -1",
    "--memory lots": "--memory must be a size such as 8GB, got 'lots'",
    "--text-column missing": "all.parquet: no column 'missing'",
    "--id-column missing": "all.parquet: no column 'missing'",
    "--rank-by missing:desc": "all.parquet: no column 'missing'",
    "--within missing": "all.parquet: no column 'missing'",
    "--clusters none": "Invalid value for '--clusters'",
    "--threshold": "Option '--threshold' requires an argument",
    "missing.parquet": "missing.parquet: no such file or folder",
}


@pytest.mark.parametrize("options", BAD)
def test_wrong_use_is_one_line_and_writes_nothing(options: str, tmp_path: Path) -> None:
    write_parquet(tmp_path / "all.parquet", ROWS)
    done = run("dedup", "all.parquet", "--output", "out", *options.split(), folder=tmp_path)
    lines = done.stderr.splitlines()
    assert done.returncode == 2
    assert lines[0].startswith(f"Error: {BAD[options]}")
    assert lines[1:2] in ([], [""])
    assert [line for line in lines[2:] if not line.startswith("hint: ")] == []
    assert [path.name for path in tmp_path.iterdir()] == ["all.parquet"]


def test_explain_is_a_command_and_dot_explain_an_input(tmp_path: Path) -> None:
    write_parquet(tmp_path / "explain" / "all.parquet", ROWS)
    assert run("dedup", "./explain", "--output", "out", "-q", folder=tmp_path).returncode == 0
    done = run("dedup", "explain", "0-1", "out", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("cluster 0-0: 5 files\n")
    assert "shared 51: Jaccard 0.8361, containment 0.9107" in done.stdout
    assert run("dedup", "explain", "missing", "out", folder=tmp_path).returncode == 1
    assert run("dedup", "explain", "0-1", "nowhere", folder=tmp_path).returncode == 2


def test_options_may_stand_before_between_and_after_inputs(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", ROWS[:9])
    write_parquet(tmp_path / "b.parquet", ROWS[9:])
    orders = [
        ("--output", "o0", "--threshold", "0.8", "a.parquet", "b.parquet"),
        ("a.parquet", "--output", "o1", "b.parquet", "--threshold", "0.8"),
        ("a.parquet", "b.parquet", "--threshold", "0.8", "--output", "o2"),
    ]
    for arguments in orders:
        assert run("dedup", *arguments, "-q", folder=tmp_path).returncode == 0
    tables = {(tmp_path / f"o{n}" / "clusters.parquet").read_bytes() for n in range(3)}
    assert len(tables) == 1


def test_help_answers_without_heavy_imports(tmp_path: Path) -> None:
    heavy = "{'pyarrow', 'numpy', 'rich', 'apache_beam', 'stack_native', 'dedup'}"
    for arguments in (["dedup", "--help"], ["dedup", "explain", "--help"]):
        code = (
            "import sys\nfrom stack_pipeline.cli import main\n"
            f"try: main({arguments})\nexcept SystemExit as end: print(end.code, sys.modules.keys() & {heavy})"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
        )
        assert done.stdout.splitlines()[-1] == "0 set()"


def test_the_reference_shows_both_commands_as_they_are_typed() -> None:
    reference = command_reference()
    assert "## `stack-pipeline dedup`\n" in reference
    assert "Usage: stack-pipeline dedup [OPTIONS] INPUT...\n" in reference
    assert "Usage: stack-pipeline dedup explain [OPTIONS] CLUSTER|ID DIR\n" in reference
