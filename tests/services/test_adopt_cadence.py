"""The cadence that is proposed becomes the company's calendar from the next cycle on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sop.analysis.cadence import Cadence, DemandClass, LifeCycle, company_cadence
from sop.analysis.comparison.plan_change import CALENDAR, HORIZON, PARTS
from sop.core.calendar import is_up
from sop.core.errors import BadInput, NotAllowed
from sop.services.agreement import plan_acts
from sop.services.analysis.between_cycles import read_left_range
from sop.services.analysis.comparison import explain_change
from sop.services.company.adopt_cadence import adopt_cadence, read_company_cadence
from sop.services.company.cycle import CompanySettings, close_and_roll, not_up, read_company, save_company
from sop.services.company.settings import read_settings_page, set_look
from sop.services.planning.choices import list_views, read_view
from sop.services.planning.plan_context import plan_context
from sop.services.planning.room import PlanningRoom
from sop.services.process.agenda import make_agenda, read_resting
from sop.store import Transaction
from sop.store.data import add_table, read_table
from sop.store.frames import Frame
from tests.companies import Shape
from tests.services.planned_company import FUNCTIONS, make_room


@pytest.fixture
def room(tmp_path: Path) -> PlanningRoom:
    return make_room(tmp_path, Shape(history=5, horizon=12, products=3, families=2))


def cadence(family: str, bucket: str, cycle: str = "monthly", frozen: int = 1) -> Cadence:
    return Cadence(family, bucket, cycle, 18, frozen, 3, DemandClass.SMOOTH, LifeCycle.MATURE, 0.1, "")


def test_most_revenue_decides_the_bucket_and_who_needs_less_is_reviewed_less() -> None:
    rows = [cadence("A", "week"), cadence("B", "month", "quarterly", 3), cadence("C", "month", frozen=2)]
    found = company_cadence(rows, {"A": 60.0, "B": 30.0, "C": 10.0})
    assert (found.bucket, found.every, found.seldom, found.frozen_months) == ("week", "month", ("B",), 1)
    assert found.reason.startswith("60% of revenue is of families that ask for weeks; of 3 families 1 need")
    assert company_cadence(rows, {"A": 40.0, "B": 50.0, "C": 10.0}).bucket == "month"
    assert company_cadence([cadence("B", "month", "quarterly")], {}).every == "quarter"


def test_the_ceo_takes_it_and_the_next_cycle_has_it(room: PlanningRoom) -> None:
    wanted = read_company_cadence(room, "executive")
    version = read_settings_page(room.store, "executive").versions.get("company", 0)
    with pytest.raises(NotAllowed):
        adopt_cadence(room, "head_of_sales", version)
    company = adopt_cadence(room, "executive", version)
    assert (company.horizon, company.every, company.seldom) == (wanted.horizon_months, wanted.every, wanted.seldom)
    assert company.next_calendar == ("" if wanted.bucket == "month" else wanted.bucket)


@pytest.mark.parametrize(
    ("calendar", "opens", "horizon"),
    [("week", "2026-W06", 52), ("4-4-5", "2026-P02", 12), ("quarter", "2026-Q2", 4)],
)
def test_another_calendar_begins_with_the_next_cycle_and_leaves_no_working_day_without_a_plan(
    room: PlanningRoom, calendar: str, opens: str, horizon: int
) -> None:
    with room.store.write(by="executive", role="executive") as tx:
        save_company(tx, CompanySettings(horizon=12, next_calendar=calendar, seldom=("F-1",)))
    cycle = close_and_roll(room.store, "coordinator")
    assert (cycle.first_open, cycle.horizon) == (opens, horizon)
    page = read_settings_page(room.store, "executive")
    assert page.company.next_calendar == "" and page.calendar.months[0] == opens
    assert room.plan(room.assumptions(), room.input_set()).months[0] == opens


def test_a_family_that_needs_less_is_up_in_the_first_cycle_of_a_quarter(room: PlanningRoom) -> None:
    assert [is_up(first, before, "quarter") for first, before in
            (("2026-01", None), ("2026-02", "2026-01"), ("2026-04", "2026-03"), ("2026-W27", "2026-W26"))] == [
        True, False, True, True,
    ]  # fmt: skip
    with room.store.write(by="executive", role="executive") as tx:
        save_company(tx, replace(CompanySettings(horizon=12), seldom=("F-1",)))
        assert not_up(tx) == ()
    close_and_roll(room.store, "coordinator")
    with room.store.read() as tx:
        assert not_up(tx) == ("F-1",)
    assert read_resting(room.store, "coordinator") == ("F-1",), "the agenda says so"


def with_the_closed_month(tx: Transaction, name: str) -> Frame:
    """A table with January, which is as December was."""
    table = read_table(tx, name)
    assert table is not None
    return pd.concat([table, table[table["month"] == "2025-12"].assign(month="2026-01")], ignore_index=True)


@pytest.mark.parametrize("calendar", ["week", "4-4-5", "quarter"])
def test_a_change_of_calendar_is_a_cause_between_two_plans_on_the_time_that_both_cover(
    tmp_path: Path, calendar: str
) -> None:
    room = make_room(tmp_path, Shape(history=5, horizon=18, products=3, families=2))
    plan = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, plan.id, plan.digest)
    with room.store.write(by="executive", role="executive") as tx:
        save_company(tx, CompanySettings(horizon=12, next_calendar=calendar))
    close_and_roll(room.store, "coordinator")
    with room.store.write(by="coordinator", role="coordinator") as tx:
        for name in ("sales_actuals", "inventory", "order_book"):
            add_table(tx, name, with_the_closed_month(tx, name), file_name="new.csv", file_sha256="1" * 64)
    inputs = room.input_set()
    assert inputs.agreed is not None
    agreed = inputs.agreed.plan
    assert agreed.calendar.bucket is inputs.inputs.calendar.bucket, "read in today's periods"
    change = explain_change(room, inputs, room.assumptions())
    assert change is not None and change.called(HORIZON) == CALENDAR
    today = room.plan(room.assumptions(), inputs).headline
    assert set(change.base) == {key for key, value in today.items() if value is not None}, "within a month too"
    for measure, was in change.base.items():
        apart = round(change.now[measure] * PARTS[measure]) - round(was * PARTS[measure])
        told = sum(round(effect[measure] * PARTS[measure]) for _, effect in change.effects)
        assert told == apart, measure
    opened = change.opened(HORIZON)
    assert opened is not None and "shared over the new periods" in opened.worths[0].single.reason
    for measure, parts in PARTS.items():
        if measure in change.base:
            told = sum(round(worth.effects[measure] * parts) for worth in opened.worths)
            assert told == round(change.horizon[measure] * parts), measure


def test_a_family_that_needs_more_is_an_exception_as_soon_as_the_ceo_says_so_in_weeks_too(tmp_path: Path) -> None:
    room = make_room(tmp_path, Shape(history=5, horizon=12, products=3, families=2))
    with room.store.write(by="executive", role="executive") as tx:
        save_company(tx, CompanySettings(horizon=12, next_calendar="week"))
    assert close_and_roll(room.store, "coordinator").first_open == "2026-W06"
    inputs = room.input_set().inputs
    name = inputs.families.names[0]
    product = inputs.products.numbers[int(np.flatnonzero(inputs.products.family == 0)[0])]
    days = [f"2026-02-{day:02}" for day in range(2, 7)]
    dates = dict.fromkeys(("ordered", "requested", "promised"), days)
    of_each = {"product": product, "region": inputs.regions[0], "quantity_ordered": 5_000.0}
    nothing = {"delivered": None, "quantity_delivered": 0.0}
    lines = pd.DataFrame({"order_line": days, **dates, **of_each, **nothing})
    with room.store.write(by="coordinator", role="coordinator") as tx:
        add_table(tx, "deliveries", lines, file_name="lines.csv", file_sha256="2" * 64)
    assert read_left_range(room, "coordinator") == ()
    with room.store.write(by="executive", role="executive") as tx:
        save_company(tx, replace(read_company(tx), often=(name,)))
    (found,) = read_left_range(room, "coordinator")
    assert found.name == name and "25\u202f000 units ordered by 2026-02-06" in found.sentence
    assert name in {item.title for item in make_agenda(room, "coordinator")}


def test_sheets_show_as_many_weeks_one_by_one_as_the_company_sets(room: PlanningRoom) -> None:
    version = read_settings_page(room.store, "executive").versions.get("company", 0)
    look = {"number_style": "iso", "large_type": False, "expected_version": version}
    with pytest.raises(BadInput, match="5 months in single columns"):
        set_look(room.store, "executive", single_months=5, **look)
    view = read_view(room, "executive", list_views(room, "executive")[0])
    assert plan_context(room, "executive", view, None).single == 0
    assert set_look(room.store, "executive", single_months=6, **look).single_months == 6
    assert plan_context(room, "executive", view, None).single == 6
