"""`pii review`: a sample without values, and precision from judgements."""

from __future__ import annotations

import json

import pytest

from stack_pipeline.errors import UsageError
from stack_pipeline.inspection.reviewing import precision, read_judgements, sample_redactions, wilson_interval
from stack_pipeline.storage import Storage
from tests.end_to_end.pipeline import Built


def test_a_sample_shows_stand_ins_in_their_lines_and_is_the_same_each_time(built: Built) -> None:
    rows = sample_redactions(Storage(str(built.release)), count=3)
    assert rows == sample_redactions(Storage(str(built.release)), count=3)
    assert {row["kind"] for row in rows} >= {"EMAIL", "IP_ADDRESS"}
    assert all(sum(row["kind"] == kind for row in rows) <= 3 for kind in {row["kind"] for row in rows})
    for row in rows:
        assert row["stand_in"] and row["verdict"] == ""
        assert "\n" not in row["before"] + row["after"]
    addresses = [row["stand_in"] for row in rows if row["kind"] == "EMAIL"]
    assert all(address.endswith("@redacted.example") for address in addresses)


def test_another_seed_and_one_kind_choose_other_rows(built: Built) -> None:
    storage = Storage(str(built.release))
    assert {row["kind"] for row in sample_redactions(storage, count=2, kind="EMAIL")} == {"EMAIL"}
    first, second = (sample_redactions(storage, count=1, seed=seed, kind="EMAIL") for seed in (0, 5))
    assert len(first) == len(second) == 1


def test_judgements_become_precision_with_an_interval() -> None:
    verdicts = ["true"] * 9 + ["false", "unsure", ""]
    lines = [json.dumps({"kind": "KEY", "detector": "a", "verdict": verdict}) for verdict in verdicts]
    rows = precision(read_judgements([*lines, ""], name="judged"))
    assert [(row["detector"], row["judged"], row["unsure"], row["precision"]) for row in rows] == [
        ("all", 10, 1, 0.9),
        ("a", 10, 1, 0.9),
    ]
    assert rows[0]["low"] < 0.9 < rows[0]["high"]


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"kind": "KEY"}', '{"kind": "KEY", "detector": "a", "verdict": "yes"}']
)
def test_a_broken_line_is_named(line: str) -> None:
    with pytest.raises(UsageError, match="line 2"):
        read_judgements(["", line], name="judged")


def test_the_interval_is_that_of_wilson() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert [round(bound, 4) for bound in wilson_interval(8, 10)] == [0.4902, 0.9433]
    assert wilson_interval(0, 5)[0] == 0.0 and wilson_interval(5, 5)[1] == 1.0
