"""What was signed, brought to today by hand; and explanations that end at the plan shown, to the cent."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.comparison.as_signed import (
    OWNED,
    roll_forecast,
    roll_ledger,
    roll_position,
    roll_spend,
    scale_forecast,
)
from sop.analysis.comparison.attribution import Attribution
from sop.analysis.comparison.data_changes import ACTUALS, CLOSED, FORECAST, READ_BY_NOBODY, same
from sop.analysis.comparison.plan_change import GROUPS, HORIZON, SAFETY, PlanChange, tell_change
from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Families, Initiative, Inputs, Ledger, OrderHistory, Position, Products
from sop.core.plan import StoredForecast
from sop.core.register import Assumptions
from sop.services.agreement import plan_acts
from sop.services.analysis.changes import read_changes
from sop.services.analysis.comparison import explain_change
from sop.services.company.cycle import close_and_roll
from sop.services.planning.choices import list_bases, list_views, read_view
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios import drafts as scenarios
from sop.store.data import add_table, read_current_tables
from sop.views.executive.plan_changes import reference_of
from tests.companies import FIRST_OPEN, Shape
from tests.residuals import residual_of
from tests.services.planned_company import FUNCTIONS, make_room
from tests.tiny import tiny_inputs, tiny_plan

# -- the opening position as signed


def orders(inputs: Inputs) -> OrderHistory:
    nothing = np.zeros((2, 1, 1))
    return OrderHistory((inputs.calendar.last_closed,), nothing, nothing)


def later(months: int) -> Inputs:
    """Today's inputs, some months after January 2027."""
    return tiny_inputs(calendar=Calendar(shift_period("2027-01", months), 12))


PLAN = tiny_plan(
    12,
    inventory=[[40, 30, 20] + [10] * 9, [0] * 12],
    past_due=[[0] * 12, [3, 5, 7] + [0] * 9],
    order_book=[[0] * 12, [4, 8, 9] + [0] * 9],
    cash=[100_00, 200_00, 300_00] + [0] * 9,
)


def test_a_month_later_stock_and_backlog_open_where_the_plan_projected_them() -> None:
    old = tiny_inputs()
    found = roll_position(replace(old, orders=orders(old)), PLAN, later(1))
    assert found.month == "2027-01"
    assert found.inventory.tolist() == [40, 0]
    assert found.past_due.tolist() == [[0], [3]]
    assert found.orders_not_due.tolist() == [[0], [1]]


def test_three_months_later_the_third_planned_month_counts() -> None:
    old = tiny_inputs()
    found = roll_position(replace(old, orders=orders(old)), PLAN, later(3))
    assert (found.inventory.tolist(), found.past_due.tolist()) == ([20, 0], [[0], [7]])


def test_in_the_same_month_the_plans_own_opening_position_stands() -> None:
    old = tiny_inputs()
    assert roll_position(old, PLAN, tiny_inputs()) is old.position


def test_past_its_end_a_plan_says_nothing_of_the_opening_position() -> None:
    new = later(20)
    assert roll_position(tiny_inputs(), tiny_plan(12), new) is new.position


def test_a_balance_is_rolled_where_it_was_stated_and_only_there() -> None:
    old = tiny_inputs()
    stated = replace(old, position=replace(old.position, balances={"cash": 50.0}))
    assert roll_position(stated, PLAN, later(2)).balances == {"cash": 200.0}
    assert roll_position(old, PLAN, later(2)).balances == {}


def test_recent_revenue_takes_the_planned_months_behind_the_closed_ones() -> None:
    old = tiny_inputs()
    old = replace(old, position=replace(old.position, recent_revenue=np.array([1.0, 2.0, 3.0])))
    assert roll_position(old, PLAN, later(1)).recent_revenue.tolist() == [2.0, 3.0, 3000.0]
    assert roll_position(old, PLAN, later(2)).recent_revenue.tolist() == [3.0, 3000.0, 3000.0]


@given(st.integers(0, 500), st.lists(st.integers(0, 50), min_size=3, max_size=3))
@settings(max_examples=40, deadline=None)
def test_past_due_over_regions_sums_to_the_plans_family(total: int, like: list[int]) -> None:
    old = tiny_inputs()
    units = np.ones((2, 3, 24))
    old = replace(
        old,
        regions=("A", "B", "C"),
        history=replace(old.history, ordered=units, shipped=units, revenue=units),
        position=replace(
            old.position, past_due=np.array([[0, 0, 0], like], dtype=float), orders_not_due=np.zeros((2, 3))
        ),
        orders=OrderHistory(("2026-12",), np.zeros((2, 3, 1)), np.zeros((2, 3, 1))),
    )
    plan = tiny_plan(12, past_due=[[0] * 12, [total] * 12])
    assert roll_position(old, plan, later(1)).past_due.sum(axis=1).tolist() == [0, total]


def test_what_an_initiative_meant_to_spend_since_counts_as_spent() -> None:
    entry = Initiative("Line 1", "operations", "Speed", 120.0, 20.0, 1.0, (), ())
    plan = tiny_plan(12, initiative_spend=[[10_00] * 12])
    (rolled,) = roll_spend((entry,), plan, later(2)) or ()
    assert rolled.spent == 40.0
    assert roll_spend((entry,), plan, tiny_inputs()) == (entry,)


def test_the_ledger_as_signed_goes_on_with_the_profit_and_the_payments_that_the_plan_projected() -> None:
    """January closed with 4,000 sold, 1,500 of margin and 900 of profit planned; taxes of 50 were to be paid."""
    nan = float("nan")
    said = {"revenue": 5.0, "cost_of_sales": 3.0, "operating_cost": 1.0, "depreciation": 0.5, "tax": 2.0}
    actual = {line: np.array([amount, nan, nan]) for line, amount in said.items()}
    ledger = Ledger(("2026-12", "2027-01", "2027-02"), actual, {})
    plan = tiny_plan(12, total_revenue=4000_00, gross_margin=1500_00, ebit=900_00, tax=50_00, depreciation=10_00)
    found = roll_ledger(ledger, plan, later(1))
    assert found is not None
    assert {line: values[1] for line, values in found.actual.items() if np.isfinite(values[1])} == {
        "revenue": 4000.0, "cost_of_sales": 2500.0, "operating_cost": 600.0, "tax": 50.0
    }  # fmt: skip
    assert {line: values[0] for line, values in found.actual.items()} == said
    assert not any(np.isfinite(values[2]) for values in found.actual.values()), "February is not closed"
    assert np.isnan(ledger.actual["tax"][1]), "what was signed stays"
    assert roll_ledger(None, plan, later(1)) is None


# -- the forecast as signed


def forecast_of(first_open: str, mean: list[float], width: list[float]) -> StoredForecast:
    """A forecast of one family in one region with one product; `width` is the spread by lag."""
    m, w = (np.array(values, dtype=float)[None, None, :] for values in (mean, width))
    return StoredForecast(first_open, m, m - w, m + w, m - 2 * w, m + 2 * w, m.copy(), ("x",))


NAMES = {"families": ("F",), "regions": ("R",), "products": ("P",)}


def today(first_open: str, forecast: StoredForecast) -> tuple[SimpleNamespace, StoredForecast]:
    names = SimpleNamespace(names=("F",))
    products = SimpleNamespace(numbers=("P",), family=np.array([0]))
    inputs = SimpleNamespace(calendar=Calendar(first_open, 4), families=names, regions=("R",), products=products)
    return inputs, forecast


WAS = forecast_of("2027-01", [10, 20, 40, 80], [1, 2, 3, 4])
NOW = forecast_of("2027-02", [21, 41, 81, 161], [1, 1, 1, 1])


def test_a_signed_forecast_stands_on_todays_months_with_todays_beyond_its_end() -> None:
    rolled, differ = roll_forecast(WAS, NAMES, *today("2027-02", NOW))
    assert rolled.mean.ravel().tolist() == [20, 40, 80, 161] and not differ
    assert rolled.product_mean.ravel().tolist() == [20, 40, 80, 161]


def test_the_spread_of_a_signed_forecast_belongs_to_the_lag_and_scales_with_the_mean() -> None:
    rolled, _ = roll_forecast(WAS, NAMES, *today("2027-02", NOW))
    assert (rolled.hi80 - rolled.mean).ravel().tolist() == [2, 4, 6, 1]
    assert (rolled.mean - rolled.lo95).ravel().tolist() == [4, 8, 12, 2]


def test_with_other_products_they_still_sum_to_the_signed_family() -> None:
    rolled, differ = roll_forecast(WAS, {**NAMES, "products": ("Q",)}, *today("2027-02", NOW))
    assert differ and np.allclose(rolled.product_mean, rolled.mean)


def test_with_other_families_todays_forecast_stands() -> None:
    assert roll_forecast(WAS, {**NAMES, "families": ("G",)}, *today("2027-02", NOW))[0] is NOW


# -- whether anything differs


def test_missing_equals_missing_and_a_changed_cell_does_not() -> None:
    assert same(tiny_inputs(), tiny_inputs())
    old = tiny_inputs()
    families = replace(old.families, list_price=old.families.list_price + 1)
    assert not same(old, replace(old, families=families))
    assert not same((1, 2), (1, 2, 3)) and same({"a": np.array([np.nan])}, {"a": np.array([np.nan])})


NO_CAUSE = ("company", "currency", "calendar", "regions", "budget", "indicators", "sources", "findings", "prices",
            "holidays")  # fmt: skip
"""Blocks of the inputs that move no plan; what is proven of prices goes with the forecast that proved it."""


def test_every_block_of_the_inputs_belongs_to_a_group_or_moves_no_plan() -> None:
    closed = {block for _, _, places in CLOSED.values() for block, _ in places} - {"exchange"}
    assert sorted([*OWNED, *closed, *NO_CAUSE]) == sorted(field.name for field in fields(Inputs))


def test_every_field_of_closed_months_belongs_to_exactly_one_change() -> None:
    places = [place for _, _, places in CLOSED.values() for place in places]
    assert len(places) == len(set(places))
    whole = {block for block, name in places if not name}
    for block, kind in (("families", Families), ("products", Products), ("position", Position)):
        assert block not in whole
        assert {name for own, name in places if own == block} == {field.name for field in fields(kind)}
    assert not set(places) & set(READ_BY_NOBODY)


# -- steps that sum exactly


NUMBER = st.floats(-1e9, 1e9)


@given(st.integers(-(10**12), 10**12), st.lists(NUMBER, min_size=1, max_size=8), NUMBER)
@settings(max_examples=80, deadline=None)
def test_steps_sum_to_the_gap_to_the_cent(base: int, effects: list[float], horizon: float) -> None:
    groups = tuple(f"group {i}" for i in range(len(effects)))
    start = base + horizon
    found = Attribution(
        groups,
        {g: {"revenue": value} for g, value in zip(groups, effects, strict=True)},
        {"revenue": start},
        {"revenue": round(start + sum(effects))},
    )
    change = tell_change({"revenue": base}, found, {})
    assert residual_of(change, "revenue") == 0
    assert all(isinstance(value, int) for _, value in change.bridge("revenue"))


def test_steps_of_days_and_fractions_sum_to_the_gap_in_whole_parts() -> None:
    effects = {"a": {"lead_time": 1 / 3, "on_time": 0.00011}, "b": {"lead_time": 2 / 3, "on_time": -0.00021}}
    found = Attribution(
        ("a", "b"), effects, {"lead_time": 30.1, "on_time": 0.99}, {"lead_time": 31.1, "on_time": 0.9899}
    )
    change = tell_change({"lead_time": 30.0, "on_time": 0.9901}, found, {})
    assert residual_of(change, "lead_time") == residual_of(change, "on_time") == 0
    assert change.horizon == {"lead_time": 0.1, "on_time": -0.0001}


def test_a_decision_moves_an_earlier_forecast_in_the_proportion_in_which_it_moves_todays() -> None:
    one = np.ones((1, 1, 2))
    was, now = flat(100 * one), flat(np.array([[[150.0, 100.0]]]))
    moved = scale_forecast(flat(np.array([[[80.0, 0.0]]])), was, now, np.array([0, 0]))
    assert moved.mean.tolist() == [[[120.0, 0.0]]] and moved.hi95.tolist() == [[[240.0, 0.0]]]
    assert moved.product_mean.sum(axis=0).tolist() == [[120.0, 0.0]]


def flat(mean: np.ndarray) -> StoredForecast:
    """A forecast of one family with two products of equal share."""
    return StoredForecast("2026-01", mean, mean, mean, 2 * mean, 2 * mean, np.vstack([mean, mean]) / 2, ("x",))


# -- whole companies


COMPANIES = {
    "stock only": Shape(
        history=5, horizon=15, made_to_order=False, orders=False, capacity=False, people=False, materials=False,
        strategy=False, ledger=False,
    ),
    "everything": Shape(history=5, horizon=15, seed=3),
}  # fmt: skip


@pytest.fixture(scope="module", params=list(COMPANIES))
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    """A company with an agreed plan."""
    room = make_room(tmp_path_factory.mktemp("company"), COMPANIES[request.param])
    agree(room)
    return room


def agree(room: PlanningRoom) -> None:
    plan = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, plan.id, plan.digest)


def explain(room: PlanningRoom, assumptions: Assumptions | None = None) -> PlanChange:
    change = explain_change(room, room.input_set(), assumptions or room.assumptions())
    assert change is not None
    return change


def set_sales(room: PlanningRoom, value: float) -> None:
    scenario = scenarios.working_scenario(room.store, "head_of_sales")
    scenarios.change_assumption(
        room.store, "head_of_sales", scenario.id, "demand_pct", value, reason="tender", expected_version=0
    )


def add_month(room: PlanningRoom, month: str) -> None:
    """Close a month: every table of closed months repeats its last month, with a little more of each quantity."""
    with room.store.read() as tx:
        tables = read_current_tables(tx)
    with room.store.write(by="coordinator", role="coordinator") as tx:
        for name in ("sales_actuals", "inventory", "order_book"):
            if name in tables:
                frame = tables[name]
                new = frame[frame["month"] == frame["month"].max()].assign(month=month)
                if name == "sales_actuals":
                    new = new.assign(quantity=new["quantity"] + 3, revenue=new["revenue"] + 100)
                both = pd.concat([frame, new], ignore_index=True)
                add_table(tx, name, both, file_name=f"{name}.csv", file_sha256="1" * 64)


def test_an_agreed_plan_that_nobody_touched_has_no_cause_of_change(company: PlanningRoom) -> None:
    change = explain(company)
    assert change.steps == {}
    assert all(residual_of(change, measure) == 0 for measure in change.base)
    if company.input_set().inputs.capacity is None:  # with lines, the agreed plan's own fences move a few units
        assert change.now == change.base and change.main_cause("revenue") is None


def test_one_changed_assumption_is_the_only_cause(company: PlanningRoom) -> None:
    plus = company.assumptions().set("demand_pct", "", 0.05)
    change = explain(company, plus)
    assert set(change.steps) == {"Sales"} and change.main_cause("revenue") == (
        "Sales",
        change.steps["Sales"]["revenue"],
    )
    assert change.steps["Sales"]["revenue"] > 0
    assert all(residual_of(change, measure) == 0 for measure in change.base)
    assert change.called("Sales") == "Sales: volume"


@pytest.fixture(scope="module")
def rolled(company: PlanningRoom) -> PlanningRoom:
    """The next cycle of the same company, with a month closed and a changed assumption."""
    add_month(company, FIRST_OPEN)
    close_and_roll(company.store, "coordinator")
    set_sales(company, 0.03)
    return company


def test_after_a_month_every_measure_is_explained_exactly(rolled: PlanningRoom) -> None:
    change, plan = explain(rolled), rolled.scenario_plan()
    assert set(change.steps) >= {ACTUALS, FORECAST, "Sales"}
    for measure, value in change.now.items():
        assert value == plan.headline[measure]
        assert residual_of(change, measure) == 0
    agreed = rolled.input_set().agreed
    assert agreed is not None
    months = [agreed.plan.months.index(month) for month in plan.months[:12]]
    assert change.base["revenue"] == agreed.plan["total_revenue"][months].sum()


def test_the_explanation_is_kept_and_read_back_the_same(rolled: PlanningRoom) -> None:
    first = explain(rolled)
    assert explain(PlanningRoom(rolled.store)) == first
    names = [name for name, _ in first.effects if name != SAFETY]
    assert names == [HORIZON, *[group for group in GROUPS if group in first.steps]]


def test_the_page_compares_with_the_agreed_plan_and_names_what_changed(rolled: PlanningRoom) -> None:
    room = rolled
    view = read_view(room, "executive", list_views(room, "executive")[0])
    base = read_view(room, "executive", list_bases(room, "executive")[0])
    found = read_changes(room, "executive", view, base)
    assert found is not None and found.change is not None and found.why == ""
    assert [(row.key, row.was, row.now, row.reason) for row in found.assumptions] == [
        ("demand_pct", None, 0.03, "tender")
    ]
    bridge = found.bridge(view.plan, "revenue", view.name)
    assert bridge is not None and bridge.total == view.plan.headline["revenue"]


# -- decisions about history


def trained_since(room: PlanningRoom) -> Assumptions:
    """The working plan, but a family's forecast rests on its last three months only."""
    inputs = room.input_set().inputs
    scope = f"{inputs.families.names[0]}|{inputs.regions[0]}|{inputs.history.months[-3]}"
    return room.assumptions().set("history_train_since", scope, 1)


@pytest.fixture(scope="module")
def longer(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    """A company with an agreed plan and a history in which it matters where it begins."""
    room = make_room(tmp_path_factory.mktemp("longer"), replace(COMPANIES["everything"], history=8))
    agree(room)
    return room


def test_a_decision_about_history_is_told_as_sales_change_and_not_as_a_new_forecast(longer: PlanningRoom) -> None:
    decided = trained_since(longer)
    change = explain(longer, decided)
    assert set(change.steps) == {"Sales"} and change.steps["Sales"]["revenue"] != 0
    assert all(residual_of(change, measure) == 0 for measure in change.base)
    assert change.now["revenue"] == longer.plan(decided).headline["revenue"]
    assert change.called("Sales") == "Sales: train the forecast since"


def test_after_a_month_a_decision_about_history_stands_beside_the_new_forecast(longer: PlanningRoom) -> None:
    add_month(longer, FIRST_OPEN)
    close_and_roll(longer.store, "coordinator")
    decided = trained_since(longer)
    before, after = explain(longer), explain(longer, decided)
    assert set(after.steps) == {*before.steps, "Sales"} and {ACTUALS, FORECAST} <= set(after.steps)
    assert all(residual_of(after, measure) == 0 for measure in after.base)
    assert after.now["revenue"] == longer.plan(decided).headline["revenue"]


@pytest.mark.parametrize(("history", "kind"), [(13, "prior year"), (5, None)])
def test_before_any_agreed_plan_the_year_before_is_the_reference(tmp_path: Path, history: int, kind: str) -> None:
    room = make_room(tmp_path, replace(COMPANIES["stock only"], history=history))
    reference = reference_of(room.input_set().inputs, None)
    assert (reference.kind if reference else None) == kind
