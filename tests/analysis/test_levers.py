"""Levers: which assumptions can move a company's plan, where they stand, and what their tables say."""

from __future__ import annotations

from functools import cache

import pytest

from sop.analysis.decisions.levers import (
    build_lever,
    build_levers,
    changed_levers,
    full_lines,
    scope_choices,
)
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.register import EVENT_USES, REGISTER, Assumptions
from sop.core.terms import EventUse, Function
from sop.engine import build_plan
from sop.finance.working_capital import realised_days
from sop.intake.assemble import assemble
from tests.companies import Shape, calendar_of, company_tables

RICH = Shape(history=5, horizon=14, products=3, families=2)
POOR = Shape(
    history=5, horizon=14, products=3, families=2, orders=False, capacity=False, people=False, materials=False,
    strategy=False, ledger=False,
)  # fmt: skip


@cache
def made(shape: Shape) -> tuple[Inputs, Plan]:
    inputs = assemble(company_tables(shape), calendar_of(shape), company="G", currency="EUR")
    return inputs, build_plan(inputs, Assumptions())


def keys_of(shape: Shape) -> set[str]:
    inputs, plan = made(shape)
    return {lever.entry.key for group in build_levers(inputs, Assumptions(), plan).values() for lever in group}


def test_a_company_with_every_table_has_every_slider_of_the_register() -> None:
    assert keys_of(RICH) >= {entry.key for entry in REGISTER if entry.slider}


def test_a_company_with_sales_and_stock_has_only_what_can_move_its_plan() -> None:
    stock = {"supply_strategy", "service_level", "carrying_rate"}
    assert keys_of(POOR) == {"demand_pct", "price_pct", "price_elasticity", *stock}


def test_a_lever_stands_at_its_entry_and_knows_its_default() -> None:
    inputs, _ = made(RICH)
    lever = build_lever(inputs, Assumptions({("price_pct", ""): 0.05}), "price_pct")
    assert (lever.value, lever.default, lever.is_set, lever.narrower) == (0.05, 0.0, True, 0)


def test_a_company_lever_is_not_moved_by_narrower_entries_but_counts_them() -> None:
    inputs, _ = made(RICH)
    lever = build_lever(inputs, Assumptions({("price_pct", "Family A"): 0.05}), "price_pct")
    assert (lever.value, lever.is_set, lever.narrower) == (0.0, False, 1)
    narrow = build_lever(inputs, Assumptions({("price_pct", ""): 0.02}), "price_pct", "Family A")
    assert (narrow.value, narrow.default, narrow.is_set) == (0.02, 0.02, False)


def test_a_lever_without_an_entry_stands_at_what_the_table_says() -> None:
    inputs, _ = made(RICH)
    event = (inputs.events or ())[0]
    assert build_lever(inputs, Assumptions(), "event_probability", event.name).value == event.probability


def test_a_step_stays_within_the_range() -> None:
    inputs, _ = made(RICH)
    lever = build_lever(inputs, Assumptions({("price_elasticity", ""): 0.0}), "price_elasticity")
    assert lever.off_by(lever.entry.step) == (pytest.approx(-0.1), 0.0)


def test_a_scope_narrows_a_functions_levers_and_leaves_the_others() -> None:
    inputs, plan = made(RICH)
    levers = build_levers(inputs, Assumptions(), plan, {Function.SALES: "Family B"})
    sales = [lever.scope for lever in levers[Function.SALES] if lever.entry.key == "price_pct"]
    assert sales == ["Family B"]
    assert {lever.scope for lever in levers[Function.FINANCE]} == {""}
    assert ("Family B", "Family B") in scope_choices(inputs, Function.SALES)


def test_only_lines_that_are_full_in_three_months_count_as_full() -> None:
    _, plan = made(RICH)
    used = plan["utilisation"][:, :12]
    full = full_lines(plan)
    counts = dict(zip(plan.names("utilisation"), (used >= 0.995).sum(axis=1), strict=True))
    assert all(counts[line] >= 3 for line in full) and len(full) <= 2
    assert full_lines(made(POOR)[1]) == ()


def test_what_differs_between_two_sets_is_told_once_with_both_values() -> None:
    inputs, _ = made(RICH)
    was, now = Assumptions({("price_pct", ""): 0.01, ("dso_days", ""): 40}), Assumptions({("price_pct", ""): 0.03})
    found = [(a.entry.key, a.value, b.value) for a, b in changed_levers(inputs, was, now)]
    assert found == [("dso_days", 40, realised_days(inputs, "receivables")), ("price_pct", 0.01, 0.03)]


def test_an_event_that_its_owner_only_watches_has_no_slider_and_its_use_is_the_entry() -> None:
    inputs, plan = made(RICH)
    watched = Assumptions({("event_use", "E1"): EVENT_USES.index(EventUse.WATCH)})
    places = {lever.place for group in build_levers(inputs, watched, plan).values() for lever in group}
    assert ("event_probability", "E1") not in places and ("event_probability", "E2") in places
    assert build_lever(inputs, watched, "event_use", "E1").value == EVENT_USES.index(EventUse.WATCH)
    assert build_lever(inputs, Assumptions(), "event_use", "E1").value == EVENT_USES.index(EventUse.PLAN)
