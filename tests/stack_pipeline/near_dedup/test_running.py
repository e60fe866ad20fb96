from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stack_pipeline.errors import RunFailed
from stack_pipeline.near_dedup.outputs import new_folder
from tests.stack_pipeline.near_dedup.made_documents import (
    chain,
    families,
    json_lines,
    singles,
    text_of,
    write_lines,
    write_parquet,
)
from tests.stack_pipeline.near_dedup.runs import clusters, dedup, files_of, found, kept_ids, refused

ROWS = [*families(), *singles(5)]
Writer = Callable[..., Path]


@pytest.fixture
def expected(tmp_path: Path) -> list[dict[str, object]]:
    """What one Parquet file of all rows gives."""
    dedup(write_parquet(tmp_path / "all.parquet", ROWS), "--output", tmp_path / "expected")
    return found(tmp_path / "expected")


def test_families_are_clusters_of_the_file_that_comes_first(expected: list[dict[str, object]]) -> None:
    assert len(expected) == 4 * 5
    assert {row["cluster"] for row in expected} == {f"{n}-0" for n in range(4)}
    assert [row["kind"] for row in expected[:5]] == ["kept", "near", "near", "near", "exact"]
    assert all(row["representative"] == row["cluster"] for row in expected)


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".jsonl.gz", ".ndjson.zst"])
def test_every_format_gives_the_same_clusters(
    suffix: str, expected: list[dict[str, object]], tmp_path: Path
) -> None:
    path = tmp_path / f"again{suffix}"
    (write_parquet if suffix == ".parquet" else write_lines)(path, ROWS)
    dedup(path, "--output", tmp_path / "out")
    assert found(tmp_path / "out") == expected


def test_the_order_of_files_and_rows_changes_nothing(
    expected: list[dict[str, object]], tmp_path: Path
) -> None:
    mixed = [*ROWS[1::2], *ROWS[0::2]][::-1]
    one = write_parquet(tmp_path / "z.parquet", mixed[:7])
    two = write_lines(tmp_path / "a.jsonl.gz", mixed[7:15])
    three = write_parquet(tmp_path / "folder" / "b.parquet", mixed[15:], row_group_size=100)
    dedup(one, two, three.parent, "--output", tmp_path / "one")
    dedup(three.parent, one, two, "--output", tmp_path / "two")
    assert found(tmp_path / "one") == found(tmp_path / "two") == expected


@pytest.mark.parametrize("option", ["--streaming", "--in-memory"])
def test_both_modes_give_the_same_bytes(option: str, tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", ROWS)
    dedup(path, "--output", tmp_path / "auto", "--write-filtered")
    dedup(path, "--output", tmp_path / "chosen", "--write-filtered", option, "--threads", 2)
    assert files_of(tmp_path / "auto") == files_of(tmp_path / "chosen")


def test_the_rank_decides_who_stays(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", ROWS)
    dedup(path, "--output", tmp_path / "out", "--rank-by", "stars:desc")
    assert {row["cluster"] for row in found(tmp_path / "out")} == {f"{n}-twin" for n in range(4)}


def test_without_ids_rows_are_named_by_file_and_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_parquet(tmp_path / "in" / "all.parquet", ROWS)
    monkeypatch.chdir(tmp_path)
    dedup("in", "--output", "out", "--id-column", "none")
    assert found(tmp_path / "out")[1]["id"] == "in/all.parquet:1"
    assert found(tmp_path / "out")[5]["cluster"] == "in/all.parquet:5"


def test_only_files_of_one_language_are_compared(tmp_path: Path) -> None:
    rows = [{**row, "language": f"language {n}"} for n, row in enumerate(ROWS)]
    path = write_parquet(tmp_path / "all.parquet", rows)
    dedup(path, "--output", tmp_path / "out", "--within", "language")
    assert found(tmp_path / "out") == []
    assert len(kept_ids(tmp_path / "out")) == len(ROWS)


def test_the_keep_list_is_what_no_cluster_removes(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", ROWS)
    dedup(path, "--output", tmp_path / "out")
    removed = {row["id"] for row in found(tmp_path / "out") if row["kind"] != "kept"}
    assert kept_ids(tmp_path / "out") == [row["id"] for row in ROWS if row["id"] not in removed]


def test_clusters_name_file_row_and_whatever_names_there_are(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", ROWS)
    dedup(path, "--output", tmp_path / "out")
    table = clusters(tmp_path / "out")
    for row in table.to_pylist():
        source = ROWS[row["row"]]
        assert row["file"] == str(path)
        assert (row["id"], row["path"]) == (source["id"], source["path"])
        assert (row["language"], row["repository"]) == (source["language"], source["repo_name"])


def test_filtered_parquet_keeps_columns_types_order_and_compression(tmp_path: Path) -> None:
    path = tmp_path / "in" / "all.parquet"
    path.parent.mkdir()
    table = pa.Table.from_pylist([{"n": n, **row, "tags": ["a", None]} for n, row in enumerate(ROWS)])
    table = table.set_column(3, "language", table.column("language").dictionary_encode())
    table = table.replace_schema_metadata({"made": "here"})
    pq.write_table(table, path, row_group_size=4, compression="gzip")
    dedup(path.parent, "--output", tmp_path / "out", "--write-filtered")
    copy = pq.ParquetFile(tmp_path / "out" / "filtered" / "all.parquet")
    kept = set(kept_ids(tmp_path / "out"))
    assert copy.schema_arrow.equals(pq.ParquetFile(path).schema_arrow, check_metadata=True)
    expected = [row for row in pq.read_table(path).to_pylist() if row["id"] in kept]
    assert copy.read().to_pylist() == expected
    assert copy.metadata.row_group(0).column(0).compression == "GZIP"
    assert copy.metadata.num_row_groups > 1


def test_filtered_lines_are_the_same_bytes(tmp_path: Path) -> None:
    odd = [b'  {"id": "x", "content": "p q", "n": 1.50}\r', b"", b'{"content":"r s","id":"y"}']
    lines = json_lines(ROWS).split(b"\n")[:-1]
    path = tmp_path / "all.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n".join([*odd, *lines])))
    dedup(path, "--output", tmp_path / "out", "--write-filtered")
    kept = set(kept_ids(tmp_path / "out"))
    expected = b"\n".join(line for line in [*odd, *lines] if line and json.loads(line)["id"] in kept)
    assert gzip.decompress((tmp_path / "out" / "filtered" / "all.jsonl.gz").read_bytes()) == expected


def test_files_of_one_name_get_folders_of_their_own(tmp_path: Path) -> None:
    for name, rows in (("one", ROWS[:8]), ("two", ROWS[8:])):
        write_parquet(tmp_path / name / "part.parquet", rows)
    dedup(tmp_path / "one", tmp_path / "two", "--output", tmp_path / "out", "--write-filtered")
    copies = sorted((tmp_path / "out" / "filtered").rglob("*.parquet"))
    assert [str(copy.relative_to(tmp_path / "out")) for copy in copies] == [
        "filtered/1/part.parquet",
        "filtered/2/part.parquet",
    ]


def test_nothing_tells_of_the_clock_or_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parquet(tmp_path / "one" / "in.parquet", ROWS)
    write_parquet(tmp_path / "two" / "in.parquet", ROWS)
    for name in ("one", "two"):
        monkeypatch.chdir(tmp_path / name)
        dedup("in.parquet", "--output", "out", "--write-filtered")
    assert files_of(tmp_path / "one" / "out") == files_of(tmp_path / "two" / "out")
    assert str(tmp_path).encode() not in b"".join(files_of(tmp_path / "one" / "out").values())


def test_a_template_that_ties_a_language_together_stops_the_run(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", [*chain(1200), *singles(100)], row_group_size=500)
    error = refused(path, "--output", tmp_path / "out", "--clusters", "components", kind=RunFailed)
    assert error.exit_code == 1
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    stops = [(a["kind"], a["subject"]) for a in report["alarms"] if a["level"] == "stop"]
    assert stops == [("language", "HTML"), ("cluster", "page-00000")]
    assert report["by_language"][0]["near_duplicates"] == 1199
    assert report["stopped"]
    written = set(files_of(tmp_path / "out"))
    assert written == {"clusters.parquet", "manifest.json", "report.html", "report.json"}


def test_verified_stars_keep_what_the_chain_would_take(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", [*chain(1200), *singles(100)], row_group_size=500)
    dedup(path, "--output", tmp_path / "out")
    assert all(row["similarity"] >= 0.7 for row in found(tmp_path / "out"))
    assert len(kept_ids(tmp_path / "out")) == 600 + 100


def test_an_accepted_alarm_passes_and_is_recorded(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", [*chain(300), *singles(20)], row_group_size=500)
    options = (path, "--clusters", "components", "--write-filtered", "--output")
    refused(*options, tmp_path / "out", kind=RunFailed)
    dedup(*options, tmp_path / "out", "--accept")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert [alarm["accepted"] for alarm in manifest["alarms"] if alarm["level"] == "stop"] == [True]
    assert not manifest["stopped"]
    assert len(kept_ids(tmp_path / "out")) == 21
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    assert run["clusters_of_an_earlier_run"]
    dedup(*options, tmp_path / "afresh", "--accept")
    assert files_of(tmp_path / "out") == files_of(tmp_path / "afresh")


def test_a_stopped_run_of_other_settings_gives_no_clusters(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", [*chain(300), *singles(20)], row_group_size=500)
    refused(path, "--clusters", "components", "--output", tmp_path / "out", kind=RunFailed)
    dedup(path, "--output", tmp_path / "out", "--accept")
    assert not json.loads((tmp_path / "out" / "run.json").read_text())["clusters_of_an_earlier_run"]


def test_components_name_the_nearest_member(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", chain(20))
    dedup(path, "--output", tmp_path / "out", "--clusters", "components")
    rows = {row["id"]: row for row in clusters(tmp_path / "out").to_pylist()}
    assert rows["page-00009"]["nearest"] in ("page-00008", "page-00010")
    assert rows["page-00009"]["nearest_similarity"] >= 0.7 > rows["page-00009"]["similarity"]


def test_no_rows_and_no_clusters_are_a_result(tmp_path: Path) -> None:
    empty = pa.Table.from_pylist(ROWS).slice(0, 0)
    pq.write_table(empty, tmp_path / "empty.parquet")
    dedup(tmp_path / "empty.parquet", "--output", tmp_path / "out", "--write-filtered")
    assert found(tmp_path / "out") == []
    assert kept_ids(tmp_path / "out") == []
    assert pq.read_table(tmp_path / "out" / "filtered" / "empty.parquet").schema.equals(empty.schema)


def test_a_finished_output_is_replaced_only_when_asked(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", ROWS)
    dedup(path, "--output", tmp_path / "out")
    error = refused(path, "--output", tmp_path / "out")
    assert "finished run" in error.message
    dedup(path, "--output", tmp_path / "out", "--overwrite", "--threshold", 0.95)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["counts"]["near_duplicates"] == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.parquet", "out"]


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "in" / "all.parquet", ROWS)
    error = refused(path, "--output", path.parent, "--overwrite")
    assert "other files" in error.message
    dedup(path, "--output", tmp_path / "out", "--write-filtered")
    inside = tmp_path / "out" / "filtered" / "all.parquet"
    error = refused(inside, "--output", tmp_path / "out", "--overwrite")
    assert "lies in the output folder" in error.message
    assert inside.exists()


def test_what_a_killed_run_left_is_swept_away(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", ROWS)
    (tmp_path / ".out.unfinished" / "work").mkdir(parents=True)
    (tmp_path / ".out.unfinished" / "work" / "half").write_bytes(b"?")
    dedup(path, "--output", tmp_path / "out")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.parquet", "out"]
    assert not (tmp_path / "out" / "work").exists()


@pytest.mark.parametrize("write", [write_parquet, write_lines])
def test_odd_texts_are_kept_or_are_exact_copies(write: Writer, tmp_path: Path) -> None:
    texts = [None, None, "", "", "one", "one", "two", "a b c", " a b c", "\x00\x1b\u202e", "\ufffd" * 10]
    rows = [{"id": n, "content": text} for n, text in enumerate(texts)]
    path = write(tmp_path / ("all.parquet" if write is write_parquet else "all.jsonl"), rows)
    dedup(path, "--output", tmp_path / "out", "--write-filtered")
    assert [(row["id"], row["kind"], row["cluster"]) for row in found(tmp_path / "out")] == [
        (2, "kept", 2),
        (3, "exact", 2),
        (4, "kept", 4),
        (5, "exact", 4),
    ]
    assert kept_ids(tmp_path / "out") == [0, 1, 2, 4, 6, 7, 8, 9, 10]


def test_bytes_that_are_no_text_are_compared_all_the_same(tmp_path: Path) -> None:
    text = text_of("f").encode()
    rows = [
        {"id": n, "content": data} for n, data in enumerate((text + b"\xff\xfe", text, b"\xff" * 99, b"\x80"))
    ]
    dedup(write_parquet(tmp_path / "all.parquet", rows), "--output", tmp_path / "out")
    assert [(row["id"], row["similarity"]) for row in found(tmp_path / "out")] == [(0, 1.0), (1, 1.0)]


def test_many_identical_files_are_one_cluster_and_no_alarm(tmp_path: Path) -> None:
    rows = [{"id": n, "content": text_of("same"), "language": "C"} for n in range(20_000)]
    path = write_parquet(tmp_path / "all.parquet", rows, row_group_size=10_000)
    dedup(path, "--output", tmp_path / "out")
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert (report["clusters"], report["largest_cluster"], report["exact_duplicates"]) == (1, 20_000, 19_999)
    assert report["alarms"] == []
    assert kept_ids(tmp_path / "out") == [0]


def test_names_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "in" / "all.parquet", ROWS)
    odd = os.fsdecode(b"odd-\xff")
    (tmp_path / "in" / f"{odd}.jsonl").write_bytes(b"{}")
    for arguments in ((path.parent, "--output", tmp_path / "out"), (path, "--output", tmp_path / odd)):
        error = refused(*arguments)
        assert "odd-\\xff" in error.message
        assert "not UTF-8" in error.message


def test_another_run_on_the_same_output_is_refused(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", ROWS)
    with new_folder(tmp_path / "out") as folder:
        error = refused(path, "--output", tmp_path / "out", kind=RunFailed)
        assert "another run" in error.message
        (folder / "manifest.json").write_text("{}")
    assert (tmp_path / "out" / "manifest.json").exists()


def test_a_run_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "all.parquet", ROWS)
    with pytest.raises(KeyboardInterrupt), new_folder(tmp_path / "out") as folder:
        (folder / "half").write_bytes(b"?")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == [path]
