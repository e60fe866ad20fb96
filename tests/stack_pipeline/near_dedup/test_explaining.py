from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dedup import jaccard, shingles
from stack_pipeline.errors import RunFailed, UsageError
from stack_pipeline.near_dedup.explaining import explain_member
from tests.stack_pipeline.near_dedup.made_documents import (
    chain,
    families,
    singles,
    text_of,
    write_lines,
    write_parquet,
)
from tests.stack_pipeline.near_dedup.runs import dedup, explain

ROWS = [*families(2), *singles(1)]


@pytest.fixture(params=["all.parquet", "all.jsonl.zst"])
def output(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    (write_parquet if path.suffix == ".parquet" else write_lines)(path, ROWS)
    dedup(path, "--output", tmp_path / "out")
    return tmp_path / "out"


def test_a_file_is_compared_with_the_one_that_is_kept_for_it(output: Path) -> None:
    explanation = explain_member(output, "0-2")
    assert explanation is not None
    assert explanation.cluster == "0-0"
    assert [row["id"] for row in explanation.members] == ["0-0", "0-1", "0-2", "0-3", "0-twin"]
    compared = explanation.compared
    assert compared is not None
    one, two = text_of("f0"), text_of("f0", changed=12)
    assert (compared.left, compared.right) == ("0-0", "0-2")
    assert compared.jaccard == jaccard(one, two) == explanation.members[2]["similarity"]
    assert compared.shared == len(set(shingles(one)) & set(shingles(two)))
    assert compared.left_shingles == compared.right_shingles == 56
    changed = [line for line in compared.diff if line[0] in "+-"]
    assert changed[2:] == [
        "-f0_12 f0_13 f0_14 f0_15 f0_16 f0_17;",
        "+changed_12 f0_13 f0_14 f0_15 f0_16 f0_17;",
    ]


def test_a_cluster_is_shown_by_its_least_similar_member(tmp_path: Path) -> None:
    dedup(
        write_parquet(tmp_path / "all.parquet", chain(12)),
        "--output",
        tmp_path / "out",
        "--clusters",
        "components",
    )
    explanation = explain_member(tmp_path / "out", "page-00000")
    assert explanation is not None
    assert explanation.compared is not None
    least = min(explanation.members, key=lambda row: row["similarity"])
    assert explanation.compared.right == least["id"]
    assert explanation.compared.jaccard == least["similarity"]
    assert explanation.members[3]["nearest"] in ("page-00002", "page-00004")


def test_any_two_members_are_compared(output: Path) -> None:
    explanation = explain_member(output, "0-1", other="0-3")
    assert explanation is not None
    assert explanation.compared is not None
    assert (explanation.compared.left, explanation.compared.right) == ("0-1", "0-3")
    with pytest.raises(UsageError, match="not in the cluster"):
        explain_member(output, "0-1", other="1-1")


def test_identical_files_have_no_diff(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain("0-twin", output) == 0
    assert "equal line by line" in capsys.readouterr().out


def test_a_file_in_no_cluster_is_told_from_an_unknown_one(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain("single-00000", output) == 1
    assert "kept; no other file" in capsys.readouterr().err
    assert explain("missing\x1b[2J", output) == 1
    assert capsys.readouterr().err == "missing\\x1b[2J: in no cluster of this run\n"


def test_json_holds_all_of_it(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert explain("0-1", output, "--format", "json") == 0
    value = json.loads(capsys.readouterr().out)
    assert value["cluster"] == "0-0"
    assert len(value["members"]) == 5
    assert value["compared"]["diff"][0] == "--- 0-0"


@pytest.mark.parametrize("kind", ["changed", "gone", "no run"])
def test_inputs_that_are_not_as_they_were_are_one_error(kind: str, output: Path) -> None:
    (path,) = output.parent.glob("all.*")
    if kind == "changed":
        path.write_bytes(path.read_bytes() + b"\n")
    elif kind == "gone":
        path.unlink()
    else:
        (output / "manifest.json").unlink()
    with pytest.raises((RunFailed, UsageError), match=kind if kind != "no run" else "no output of dedup"):
        explain("0-1", output)


def test_a_damaged_table_is_one_error(output: Path) -> None:
    (output / "clusters.parquet").write_bytes(b"PAR1")
    with pytest.raises(RunFailed, match="damaged"):
        explain("0-1", output)


def test_ids_that_are_numbers_or_bytes_are_found_by_their_text(tmp_path: Path) -> None:
    for name, ids in (("numbers", [5, 7]), ("bytes", [b"\xff5", b"7"])):
        rows: list[dict[str, Any]] = [{"id": i, "text": text_of("f")} for i in ids]
        dedup(write_parquet(tmp_path / f"{name}.parquet", rows), "--output", tmp_path / name)
        explanation = explain_member(tmp_path / name, "7")
        assert explanation is not None
        assert len(explanation.members) == 2
        assert explain_member(tmp_path / name, "no number") is None


EVIL = "\x1b]0;owned\x07\x1b[2J\u202e\r"


def test_hostile_names_and_texts_cannot_drive_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {
            **row,
            "content": f"{row['content']}{EVIL}\n{row['id']}{EVIL}",
            "path": EVIL,
            "language": EVIL,
            "id": f"{EVIL}{n}",
        }
        for n, row in enumerate(families(1))
    ]
    dedup(write_parquet(tmp_path / f"all{EVIL}.parquet", rows), "--output", tmp_path / "out")
    explain(f"{EVIL}2", tmp_path / "out")
    shown = capsys.readouterr()
    assert (
        re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", re.sub(r"\x1b\[\d+m", "", shown.out + shown.err)) is None
    )
    assert "\\x1b]0;owned" in shown.out


def test_long_diffs_and_lines_are_cut(tmp_path: Path) -> None:
    lines = [f"word{n} " * 5 for n in range(3000)]
    for name, other in (("many", [f"{line}!" for line in lines]), ("long", ["x" * 9000, *lines])):
        rows = [{"id": n, "text": "\n".join(text)} for n, text in enumerate((lines, other))]
        dedup(write_parquet(tmp_path / f"{name}.parquet", rows), "--output", tmp_path / name)
        explanation = explain_member(tmp_path / name, "1")
        assert explanation is not None
        assert explanation.compared is not None
        diff = explanation.compared.diff
        assert len(diff) <= 2001
        assert max(map(len, diff)) <= 501


def test_the_table_that_is_explained_is_the_one_on_disk(output: Path) -> None:
    table = pq.read_table(output / "clusters.parquet")
    for row in table.to_pylist():
        explanation = explain_member(output, row["id"])
        assert explanation is not None
        assert explanation.cluster == row["cluster"]
