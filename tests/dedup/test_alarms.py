from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.alarms import DEFAULT_ALARMS, AlarmSettings, GroupCount, share_text, wipe_out_alarms


@pytest.mark.parametrize(
    ("files", "removed", "levels"),
    [
        (1_000, 983, ["stop"]),
        (100, 91, ["stop"]),
        (100, 90, ["notice"]),
        (100, 61, ["notice"]),
        (100, 60, []),
        (99, 99, []),
        (0, 0, []),
    ],
)
def test_a_group_is_judged_by_what_it_loses(files: int, removed: int, levels: list[str]) -> None:
    found = wipe_out_alarms([GroupCount("language", "HTML", files, removed)], clusters=[], files=50_000)
    assert [alarm.level for alarm in found] == levels


@pytest.mark.parametrize(
    ("size", "files", "levels"),
    [
        (10_001, 10**9, ["stop"]),
        (10_000, 10**9, ["notice"]),
        (1_001, 10**9, ["notice"]),
        (1_000, 10**9, []),
        (201, 1_000, ["stop"]),
        (200, 1_000, ["notice"]),
        (51, 1_000, ["notice"]),
        (50, 1_000, []),
        (999, 999, []),
        (0, 0, []),
    ],
)
def test_a_cluster_is_judged_by_its_size_and_share(size: int, files: int, levels: list[str]) -> None:
    found = wipe_out_alarms([], clusters=[("a.html", size)], files=files)
    assert [alarm.level for alarm in found] == levels


def test_a_repository_that_loses_all_is_a_fork_and_stops_nothing() -> None:
    fork = [GroupCount("repository", "b/fork", 500, 500)]
    assert [a.level for a in wipe_out_alarms(fork, clusters=[], files=5_000)] == ["notice"]
    settings = AlarmSettings(never_stop=())
    assert [a.level for a in wipe_out_alarms(fork, clusters=[], files=5_000, settings=settings)] == ["stop"]


def test_the_limits_are_settings() -> None:
    settings = AlarmSettings(group_files=2, group_notice=0.1, group_stop=0.4)
    groups = [GroupCount("source", "a", 2, 1)]
    assert [a.level for a in wipe_out_alarms(groups, clusters=[], files=2, settings=settings)] == ["stop"]
    assert wipe_out_alarms(groups, clusters=[], files=2) == ()


def test_what_stops_comes_first_then_the_largest_whatever_the_order_given() -> None:
    groups = [
        GroupCount("language", "B", 100, 70),
        GroupCount("language", "A", 100, 70),
        GroupCount("language", "C", 1_000, 950),
        GroupCount("source", None, 100, 100),
    ]
    clusters = [("x", 30_000), ("y", 20_000), ("z", 2_000)]
    expected = wipe_out_alarms(groups, clusters=clusters, files=10**9)
    assert [(a.level, a.kind, a.subject) for a in expected] == [
        ("stop", "language", "C"),
        ("stop", "source", "unknown"),
        ("stop", "cluster", "x"),
        ("stop", "cluster", "y"),
        ("notice", "language", "A"),
        ("notice", "language", "B"),
        ("notice", "cluster", "z"),
    ]
    for mixed in permutations(groups):
        assert wipe_out_alarms(mixed, clusters=clusters[::-1], files=10**9) == expected


def test_an_alarm_as_plain_values_holds_its_figures() -> None:
    (alarm,) = wipe_out_alarms([GroupCount("language", "HTML", 1_000, 983)], clusters=[], files=1_000)
    assert alarm.to_json() == {
        "level": "stop",
        "kind": "language",
        "subject": "HTML",
        "figures": {"files": 1_000, "removed": 983, "share": 0.983},
        "message": "language HTML loses 98.30 % of its 1,000 files as near-duplicates",
    }


@given(st.integers(1, 10**7), st.data())
def test_a_loss_of_almost_all_is_never_shown_as_all(files: int, data: st.DataObject) -> None:
    removed = data.draw(st.integers(0, files))
    shown = share_text(removed / files)
    assert (shown == "100 %") == (removed == files)
    assert (shown == "0 %") == (removed == 0)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_larger_loss_never_raises_a_weaker_alarm(one: int, other: int) -> None:
    def weight(removed: int) -> int:
        found = wipe_out_alarms([GroupCount("l", "x", 10**6, removed)], clusters=[], files=10**6)
        return sum({"notice": 1, "stop": 2}[alarm.level] for alarm in found)

    assert DEFAULT_ALARMS.group_notice < DEFAULT_ALARMS.group_stop
    assert (weight(one) <= weight(other)) or one > other
