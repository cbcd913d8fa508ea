"""Who changed what, as a list that stays, and undoing a change of one's own."""

from __future__ import annotations

import pytest

from sop.core.errors import Conflict, NotAllowed, NotFound
from sop.services.company.cycle import CompanySettings, initialise
from sop.services.process import comments, tasks
from sop.services.scenarios.drafts import change_assumption, entries, reset_assumption, working_scenario
from sop.services.scenarios.own_changes import list_changes, undo_change
from sop.store import Store

SALES, FINANCE = "head_of_sales", "head_of_finance"


@pytest.fixture
def company(store: Store) -> Store:
    initialise(store, "2026-12", CompanySettings(name="Ours", fictional=True))
    return store


def set_to(store: Store, value: float, key: str = "demand_pct", who: str = SALES) -> None:
    change_assumption(store, who, working_scenario(store, who).id, key, value, reason=f"because of {value}")


def values(store: Store) -> list[float]:
    return [entry.value for entry in entries(store, SALES, working_scenario(store, SALES).id)]


def first(store: Store, who: str = SALES) -> int:
    return next(change.entry for change in list_changes(store, who) if change.undoable)


def test_a_change_of_ones_own_is_undone_and_so_is_its_undoing(company: Store) -> None:
    set_to(company, 0.02)
    set_to(company, 0.05)
    assert undo_change(company, SALES, first(company)) == "Demand against forecast"
    assert values(company) == [0.02]
    undo_change(company, SALES, first(company))
    assert values(company) == [0.05], "the undoing is a change as well"
    reset_assumption(company, SALES, working_scenario(company, SALES).id, "demand_pct")
    undo_change(company, SALES, first(company))
    assert values(company) == [0.05]


def test_the_first_value_of_all_goes_back_to_the_default(company: Store) -> None:
    set_to(company, 0.02)
    undo_change(company, SALES, first(company))
    assert values(company) == []


def test_what_others_did_or_changed_since_is_not_undone(company: Store) -> None:
    set_to(company, 0.02)
    mine = first(company)
    assert not [change for change in list_changes(company, FINANCE) if change.undoable]
    with pytest.raises(NotAllowed, match="somebody else made this change"):
        undo_change(company, FINANCE, mine)
    with pytest.raises(NotAllowed):
        undo_change(company, "viewer", mine)
    set_to(company, 0.03)
    with pytest.raises(Conflict, match="it was changed since"):
        undo_change(company, SALES, mine)
    with pytest.raises(NotFound):
        undo_change(company, SALES, 1)
    assert values(company) == [0.03]


def test_the_list_tells_changes_comments_and_tasks_with_reasons(company: Store) -> None:
    set_to(company, 0.02)
    comments.say(company, FINANCE, "family", "Bikes", "Really?")
    tasks.give_task(company, FINANCE, "Check it", SALES, "2026-12")
    told = list_changes(company, "viewer")
    assert [change.text for change in told[:3]] == [
        "Head of finance gave Head of sales a task: Check it.",
        "Head of finance commented on Bikes: “Really?”",
        "Head of sales set Demand against forecast to +2%.",
    ]
    assert told[2].reason == "because of 0.02"
