"""Mapping the company's accounts: what has no line comes first, and a line is stored by the rules of an import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sop.core.errors import NotAllowed
from sop.finance.accounts import changed_accounts, line_choices
from sop.services.data.imports import read_accounts, save_accounts
from sop.services.planning.room import PlanningRoom
from tests.services.planned_company import SHORT, make_room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[PlanningRoom]:
    """A company whose ledger has five accounts, all of them mapped."""
    made = make_room(tmp_path, SHORT)
    yield made
    made.store.close()


def test_every_account_is_listed_with_its_line_and_its_last_year(room: PlanningRoom) -> None:
    found = {account.name: account for account in read_accounts(room.store, "coordinator")}
    assert {name: account.line for name, account in found.items()} == {
        "Rent": "operating_cost", "Machines": "depreciation", "Bank": "cash", "Customers": "receivables",
        "Suppliers": "payables",
    }  # fmt: skip
    assert found["Rent"].amount > 0 and found["Rent"].effect == "add"


def test_a_changed_line_is_stored_and_the_others_stay(room: PlanningRoom) -> None:
    before = read_accounts(room.store, "coordinator")
    now = tuple(replace(a, line="other") if a.name == "Rent" else a for a in before)
    changed = changed_accounts(before, now)
    assert [account.name for account in changed] == ["Rent"]
    assert save_accounts(room.store, "coordinator", changed).imported
    lines = {account.name: account.line for account in read_accounts(room.store, "coordinator")}
    assert (lines["Rent"], lines["Bank"], len(lines)) == ("other", "cash", 5)
    assert room.input_set().inputs.ledger is not None
    assert "operating_cost" not in room.input_set().inputs.ledger.actual


def test_a_line_that_does_not_exist_is_refused_and_nothing_is_stored(room: PlanningRoom) -> None:
    account = replace(read_accounts(room.store, "coordinator")[0], line="marketing")
    assert "marketing" not in line_choices()
    assert not save_accounts(room.store, "coordinator", [account]).accepted
    assert {account.line for account in read_accounts(room.store, "coordinator")} <= set(line_choices())


def test_only_who_may_import_may_map(room: PlanningRoom) -> None:
    account = read_accounts(room.store, "head_of_finance")[0]
    with pytest.raises(NotAllowed):
        save_accounts(room.store, "head_of_finance", [replace(account, line="other")])
