"""Accounts balance, add up, and say so in figures when they do not."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.accounting import Account, Tally, check_handover, total_account
from stack_pipeline.canonical import canonical_json
from stack_pipeline.errors import RunFailed, StackPipelineError, UsageError
from stack_pipeline.reasons import FAILURES, Reason

ENTRIES = st.lists(
    st.tuples(st.none() | st.sampled_from(sorted(Reason)), st.integers(0, 1 << 40), st.integers(0, 1 << 60))
)


def account_of(entries: list[tuple[Reason | None, int, int]], *, unit: str = "blob") -> Account:
    account = Account(unit)
    for reason, files, size in entries:
        if reason is None:
            account.keep(files, size)
        else:
            account.drop(reason, files, size)
    return account


@given(ENTRIES)
def test_an_account_that_only_keeps_and_drops_balances(entries: list[tuple[Reason | None, int, int]]) -> None:
    account = account_of(entries)
    account.check("any")
    assert account.taken_in.files == sum(files for _, files, _ in entries)
    assert account.taken_in.size_bytes == sum(size for _, _, size in entries)


@given(st.lists(ENTRIES, max_size=4), st.data())
def test_totals_do_not_depend_on_how_the_work_was_cut(
    parts: list[list[tuple[Reason | None, int, int]]], data: st.DataObject
) -> None:
    whole = account_of([entry for part in parts for entry in part])
    shuffled = data.draw(st.permutations(parts))
    total = total_account("blob", [account_of(part) for part in shuffled])
    assert canonical_json(total.to_json()) == canonical_json(whole.to_json())
    total.check("any")


@given(ENTRIES)
def test_an_account_survives_its_json_form(entries: list[tuple[Reason | None, int, int]]) -> None:
    account = account_of(entries, unit="origin")
    assert Account.from_json(json.loads(canonical_json(account.to_json()))).to_json() == account.to_json()


def test_reasons_are_written_by_name_and_sorted() -> None:
    account = account_of([(Reason.VENDORED, 1, 2), (Reason.BINARY, 3, 4), (None, 5, 6)])
    assert account.to_json() == {
        "unit": "blob",
        "in": [9, 12],
        "kept": [5, 6],
        "dropped": {"binary": [3, 4], "vendored": [1, 2]},
    }
    assert list(account.to_json()["dropped"]) == ["binary", "vendored"]


@pytest.mark.parametrize(
    ("taken_in", "kept", "dropped"),
    [
        (Tally(3, 30), Tally(2, 20), {}),
        (Tally(3, 30), Tally(2, 20), {"size": Tally(2, 10)}),
        (Tally(3, 30), Tally(2, 20), {"size": Tally(1, 9)}),
        (Tally(0, 0), Tally(1, 0), {}),
        (Tally(3, 30), Tally(3, 31), {}),
    ],
)
def test_a_sum_that_does_not_balance_fails_the_run(
    taken_in: Tally, kept: Tally, dropped: dict[str, Tally]
) -> None:
    with pytest.raises(RunFailed, match="stage redact does not balance") as caught:
        Account("blob", taken_in, kept, dropped).check("redact")
    assert str(taken_in.files) in caught.value.message
    assert str(taken_in.size_bytes) in caught.value.message
    assert caught.value.hint


def test_accounts_of_different_units_cannot_be_added() -> None:
    with pytest.raises(ValueError, match="cannot add origins to blobs"):
        Account("blob").merge(Account("origin"))


def test_adding_does_not_change_what_is_added() -> None:
    one, other = account_of([(Reason.SIZE, 1, 1)]), account_of([(Reason.SIZE, 2, 2)])
    total_account("blob", [one, other])
    assert other.to_json() == account_of([(Reason.SIZE, 2, 2)]).to_json()
    assert one.to_json() == account_of([(Reason.SIZE, 1, 1)]).to_json()


def test_a_stage_must_take_in_what_the_one_before_kept() -> None:
    check_handover("exact_dedup", kept=3, next_stage="filter_blobs", taken_in=3)
    with pytest.raises(RunFailed, match="exact_dedup kept 3 blobs but filter_blobs took in 2"):
        check_handover("exact_dedup", kept=3, next_stage="filter_blobs", taken_in=2)


def test_reasons_are_lower_case_words_and_each_is_there_once() -> None:
    values = [str(reason) for reason in Reason]
    assert len(set(values)) == len(values)
    assert all(
        value == reason.name.lower() and value.replace("_", "").isalpha()
        for value, reason in zip(values, Reason, strict=True)
    )
    assert set(Reason) >= FAILURES


@pytest.mark.parametrize("kind", [StackPipelineError, UsageError, RunFailed])
def test_an_error_keeps_its_kind_and_hint_across_processes(kind: type[StackPipelineError]) -> None:
    error = pickle.loads(pickle.dumps(kind("what", hint="do this")))
    assert (type(error), error.message, error.hint, str(error)) == (kind, "what", "do this", "what")


def test_exit_codes_tell_wrong_use_from_a_failed_run() -> None:
    assert (UsageError.exit_code, RunFailed.exit_code, StackPipelineError.exit_code) == (2, 1, 1)
