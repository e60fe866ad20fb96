"""Opt-out decisions over table rows, and the dates that cross between tables and rules."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout import parse_rules
from stack_pipeline.opt_outs import decide_repositories, iso_date, parse_date, repository_facts
from stack_pipeline.tables.schema import REPOSITORIES


def row(**values: Any) -> dict[str, Any]:
    plain: dict[str, Any] = dict.fromkeys(REPOSITORIES.names)
    plain |= {
        "host": "github.com",
        "full_name": "Ann/Tool",
        "identity": "listed",
        "status": "read",
        "snapshot": 1,
    }
    plain |= values
    name = (
        f"{plain['host']}/id/{plain['id']}"
        if plain["id"]
        else f"{plain['host']}/name/{plain['full_name'].lower()}"
    )
    return plain | {"repository": values.get("repository", name)}


@given(st.datetimes(timezones=st.just(UTC)))
def test_dates_survive_both_ways_at_whole_seconds(moment: datetime) -> None:
    text = iso_date(moment)
    assert text is not None
    assert len(text) == 20
    assert parse_date(text) == moment.replace(microsecond=0)
    assert iso_date(parse_date(text)) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, None),
        (datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC), "2024-02-29T23:59:59Z"),
        (datetime(2024, 3, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2024-02-29T23:00:00Z"),
        (datetime(987, 6, 5, tzinfo=UTC), "0987-06-05T00:00:00Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
    ],
)
def test_dates_are_written_in_utc_with_four_digits_of_year(moment: datetime | None, text: str | None) -> None:
    assert iso_date(moment) == text


_ZONES = (
    "from stack_pipeline.opt_outs import parse_date; print(parse_date('2020-01-02T03:04:05').isoformat())"
)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_a_date_without_a_zone_is_utc_wherever_the_machine_is(zone: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _ZONES], env={"TZ": zone}, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "2020-01-02T03:04:05+00:00"


def test_facts_take_dates_and_names_from_the_row() -> None:
    facts = repository_facts(
        row(
            id=7,
            created_at=datetime(2020, 1, 1, tzinfo=UTC),
            previous_names=[
                {"full_name": "ann/old", "since": None, "until": datetime(2021, 1, 1, tzinfo=UTC)}
            ],
        )
    )
    assert facts.key == "github.com/id/7"
    assert facts.created_at == "2020-01-01T00:00:00Z"
    assert facts.previous_names == (("ann/old", None, "2021-01-01T00:00:00Z"),)
    assert facts.visit_date is None


def test_a_row_without_host_and_names_has_facts() -> None:
    facts = repository_facts(row(host=None, repository="local/x", full_name="x", previous_names=None))
    assert (facts.host, facts.previous_names) == ("local", ())


def test_the_named_repository_is_out_and_its_namesake_elsewhere_stays() -> None:
    rules = parse_rules('[[rule]]\nrepository = "github.com/ann/tool"\n')
    rows = [row(id=7), row(id=8, full_name="Ann/Toolbox"), row(host="gitlab.com", id=7)]
    decided = decide_repositories(rows, rules, lambda _: None)
    assert {key: decision.opted_out for key, decision in decided.items()} == {
        "github.com/id/7": True,
        "github.com/id/8": False,
        "gitlab.com/id/7": False,
    }


def test_of_several_refs_one_decision_is_made() -> None:
    rules = parse_rules('[[rule]]\nrepository = "github.com/ann/tool"\n')
    rows = [row(id=7, ref=None), row(id=7, ref="dev")]
    assert [decision.opted_out for decision in decide_repositories(rows, rules, lambda _: None).values()] == [
        True
    ]
