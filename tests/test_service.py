"""Service and waiting from end to end: what a plan says of customers, counted by hand and on odd data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sop.analysis.decisions.exceptions import AtStake, find_exceptions
from sop.analysis.gate.plan_lines import plan_gate
from sop.analysis.headline import read_headline, read_worst
from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast, Worst
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.intake.assemble import assemble
from sop.supply.after.service import on_time_share, value_due
from sop.views.lead_time.waiting import lead_time_message
from sop.views.production.production_plan import production_message
from sop.views.series import past_due
from sop.views.timeline import PlanContext
from tests.tiny import FAMILIES, tiny_calendar

FIRST = "2026-01"
PAST = [shift_period(FIRST, -t) for t in range(24, 0, -1)]
AHEAD = Calendar(FIRST, 12).months


# -- the definition


def test_on_time_counts_value_and_what_came_by_its_day_within_the_month() -> None:
    due, price = np.array([[[10]], [[5]]]), np.array([[[2.0]], [[100.0]]])
    worth = value_due(due, price)
    assert worth is not None and worth.tolist() == [[2_000], [50_000]]
    share = on_time_share(np.array([[10], [2]]), due.sum(axis=1), np.array([0.9, 0.5]))
    assert share.tolist() == [[0.9], [0.2]]
    assert value_due(due, np.array([[[np.nan]], [[100.0]]])) is None
    assert on_time_share(np.array([[0]]), np.array([[0]]), None).tolist() == [[pytest.approx(np.nan, nan_ok=True)]]


def test_the_total_is_weighted_by_value_and_the_worst_family_is_named() -> None:
    values = {
        "due": np.array([[[10, 10]], [[5, 5]]]),
        "due_value": np.array([[1_000, 1_000], [9_000, 9_000]]),
        "on_time_share": np.array([[1.0, 1.0], [0.0, 0.5]]),
    }
    order = np.array([False, True])
    assert read_headline(values, order, 2)["on_time"] == round((2_000 + 4_500) / 20_000, 4)
    worst = read_worst(values, FAMILIES, tiny_calendar().months[:2], order, 2)
    assert worst == {"on_time": Worst("Cargo", 0.25)}
    del values["due_value"]
    assert read_headline(values, order, 2)["on_time"] == round((20 + 2.5) / 30, 4)


def test_the_lead_time_told_is_that_of_the_family_with_most_value_waiting_beyond_its_target() -> None:
    values = {
        "due": np.array([[[1, 1]], [[50, 50]], [[9, 9]]]),
        "due_value": np.array([[100, 100], [5_000, 5_000], [99_000, 99_000]]),
        "customer_lead_time": np.array([[200.0, 90.0], [40.0, 75.0], [300.0, 300.0]]),
        "lead_time_target": np.array([[60.0, 60.0], [30.0, 30.0], [0.0, 0.0]]),
    }
    names, order = ("Rare", "Main", "Stocked"), np.array([True, True, False])
    # Rare waits 140 days too long for 100 of value; Main 10 and 45 days for 5 000 each, which is more.
    assert read_worst(values, names, ("2027-01", "2027-02"), order, 2)["lead_time"] == Worst(
        "Main", 75.0, "2027-02"
    )
    assert read_headline(values, order, 2)["lead_time"] == 75.0
    within = {**values, "customer_lead_time": np.array([[50.0, 55.0], [10.0, 10.0], [0.0, 0.0]])}
    assert read_worst(within, names, ("2027-01", "2027-02"), order, 2)["lead_time"].family == "Rare"
    assert read_worst(values, names, ("2027-01", "2027-02"), np.zeros(3, bool), 2)["lead_time"].family == "Stocked"


# -- a company whose book, lead time and shipments contradict each other


def tables(book: float, **said: Any) -> dict[str, pd.DataFrame]:
    """A maker of aircraft who ships a hundred a month, with more hours than it needs."""
    sold = said.get("sold", dict.fromkeys(PAST, 100.0))
    lead, late = said.get("lead", 60.0), said.get("late")
    sales = [(month, "A", "World", units, units * 1000) for month, units in sold.items()]
    last = max(sold)
    return {
        "products": pd.DataFrame(
            {"product": ["A"], "name": ["a"], "family": ["Aircraft"], "strategy": ["MTO"], "price": [1000.0],
             "unit_cost": [600.0], "standard_lead_time_days": [lead]}
        ),
        "sales_actuals": pd.DataFrame(sales, columns=["month", "product", "region", "quantity", "revenue"]),
        "inventory": pd.DataFrame(
            [(last, "Works", "A", 0.0, 100.0, 100.0, 0.0)],
            columns=["month", "plant", "product", "opening", "production", "shipments", "closing"],
        ),
        "order_book": pd.DataFrame(
            [(last, "A", "World", book, late)], columns=["month", "product", "region", "quantity", "past_due"]
        ),
        "resources": pd.DataFrame({"resource": ["Hall"], "plant": ["Works"], "kind": ["line"]}),
        "capacity": pd.DataFrame({"month": AHEAD, "resource": "Hall", "capacity_hours": 700.0}),
        "routings": pd.DataFrame({"family": ["Aircraft"], "resource": ["Hall"], "hours_per_unit": [0.5]}),
    }  # fmt: skip


def plan_of(inputs: Inputs, level: float = 100.0) -> Plan:
    mean = np.full((1, len(inputs.regions), inputs.calendar.horizon), level)
    forecast = StoredForecast(FIRST, mean, mean, mean, mean, mean, mean, ("by hand",))
    return Planner(inputs, forecast).build(Assumptions({}))


def company(book: float, **said: Any) -> tuple[Inputs, Plan]:
    inputs = assemble(tables(book, **said), Calendar(FIRST, 12), company="Works")
    return inputs, plan_of(inputs)


def test_the_gate_and_every_message_tell_an_inferred_past_due_that_ships_at_once() -> None:
    inputs, plan = company(907)
    assert plan["past_due"].max() == 0 and plan["shipments"][0, 0, 0] > 700  # seven months in one
    line = next(line for line in plan_gate(plan, inputs, Assumptions({}), ()) if line.rule == "little_law")
    assert line.level == "amber" and "276 days of shipments" in line.what and "60 days" in line.what
    said = "710 units were past due at the end of Dec 2025, inferred from the order book and the stated lead time"
    context = PlanContext(inputs, plan)
    assert said in lead_time_message(context, None, {})
    assert said in production_message(context, None, None)
    late = next(
        each for each in find_exceptions(plan, inputs, Assumptions({}), AtStake(), str) if each.kind == "late"
    )
    assert late.sentence == "Aircraft: 710 units past due when the plan begins"
    drawn = past_due(context, None)
    assert np.isnan(drawn.actual).all() and drawn.plan[drawn.past :].max() == 0


def test_a_past_due_that_the_table_gives_is_an_actual() -> None:
    inputs, plan = company(907, late=707.0)
    drawn = past_due(PlanContext(inputs, plan), None)
    assert drawn.actual[drawn.past - 1] == 707
    assert not [finding for finding in plan.findings if finding.rule == "little_law"]


# -- odd data: the plan says what it can


ODD: dict[str, dict[str, Any]] = {
    "a lead time of zero": {"book": 50.0, "lead": 0.0},
    "a book of nothing": {"book": 0.0},
    "past due below zero": {"book": 100.0, "late": -5.0},
    "one closed month": {"book": 200.0, "sold": {PAST[-1]: 100.0}},
    "all demand in one month": {"book": 200.0, "sold": {**dict.fromkeys(PAST, 0.0), PAST[5]: 2400.0}},
    "a family that ended": {"book": 40.0, "sold": {m: 100.0 if m < PAST[12] else 0.0 for m in PAST}},
    "nothing ever sold": {"book": 10.0, "sold": dict.fromkeys(PAST, 0.0)},
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_data_are_planned_and_whatever_is_not_known_has_a_reason(odd: str) -> None:
    said = dict(ODD[odd])
    inputs, plan = company(said.pop("book"), **said)
    assert plan["order_book"].min() >= 0 and plan["past_due"].min() >= 0
    for key in ("lead_time", "on_time"):
        assert plan.headline[key] is not None or plan.why_unknown(key)
        assert (key in plan.worst) is (plan.headline[key] is not None)
    assert lead_time_message(PlanContext(inputs, plan), None, {})


def test_a_book_of_what_is_sold_nowhere_is_named() -> None:
    _, plan = company(10.0, sold=dict.fromkeys(PAST, 0.0))
    assert "book_without_sales" in {finding.rule for finding in plan.findings}


def test_without_demand_nothing_falls_due_and_on_time_is_not_known() -> None:
    inputs, _ = company(0.0)
    plan = plan_of(replace(inputs, findings=()), level=0.0)
    assert plan.headline["on_time"] is None and "on_time" not in plan.worst
    assert plan.why_unknown("on_time") == "nothing falls due"


def test_a_history_without_a_book_plans_and_says_why_nobody_knows_the_wait() -> None:
    loaded = tables(0.0)
    del loaded["order_book"]
    inputs = assemble(loaded, Calendar(FIRST, 12))
    plan = plan_of(inputs)
    assert plan.headline["lead_time"] is None and plan.headline["on_time"] == 1.0
    assert "no order book is loaded" in plan.why_unknown("lead_time")


@pytest.mark.parametrize("lead", [30.0, 45.0, 60.0, 77.0, 90.0])
def test_a_wait_that_never_changes_is_a_level_line(lead: float) -> None:
    """Months of 28, 30 and 31 days draw no zigzag of a family that delivers everything on its day."""
    _, plan = company(round(100 * lead / 30.4), lead=lead, late=0.0)
    assert set(plan["customer_lead_time"][0].tolist()) == {lead} == {plan.headline["lead_time"]}
