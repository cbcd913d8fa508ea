"""Identities of the planning model, held to the unit and the cent over generated companies."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.calendar import shift_period
from sop.core.inputs import Benefit, History, Inputs
from sop.core.money import MINOR, known_minor
from sop.core.plan import Plan, StoredForecast, plan_of_lines
from sop.core.register import Assumptions, assumption
from sop.core.terms import PlanName
from sop.engine import AgreedSupply, Planner, build_plan
from sop.finance.working_capital import project_cash
from sop.intake.assemble import assemble
from tests.companies import Shape, calendar_of, company_tables
from tests.tiny import FIRST, tiny_inputs

TERMS = (
    "baseline_forecast",
    "overrides",
    "launches",
    "cannibalisation",
    "events",
    "initiatives",
    "price_effect",
    "floor",
)

SHAPES = st.builds(
    Shape,
    seed=st.integers(0, 40),
    made_to_order=st.booleans(),
    stock=st.sampled_from([True, True, True, False]),
    orders=st.booleans(),
    capacity=st.sampled_from([True, True, False]),
    zero_capacity=st.sampled_from([False, False, True]),
    people=st.booleans(),
    materials=st.booleans(),
    strategy=st.booleans(),
    ledger=st.booleans(),
    negative_stock=st.sampled_from([False, False, True]),
)

CHANGES = st.fixed_dictionaries(
    {},
    optional={
        ("demand_pct", ""): st.sampled_from([-0.3, 0.05, 0.4]),
        ("demand_pct", "Family A"): st.sampled_from([-0.5, 0.2]),
        ("price_pct", "Family B"): st.sampled_from([-0.1, 0.1]),
        ("price_elasticity", ""): st.sampled_from([-2.0, -1.0]),
        ("capacity_pct", "L1"): st.sampled_from([-0.5, 0.3]),
        ("service_level", ""): st.sampled_from([0.8, 0.99]),
        ("launch_slip_months", "New one"): st.sampled_from([-4.0, 2.0]),
        ("event_probability", "E1"): st.sampled_from([0.0, 1.0]),
        ("dso_days", ""): st.sampled_from([0.0, 75.0]),
        ("supply_pct", "Motor"): st.sampled_from([0.0, 0.5]),
        ("supply_strategy", ""): st.sampled_from([1, 2, 3]),
    },
)


def level_forecast(inputs: Inputs) -> StoredForecast:
    """Last year's mean with a band of ±30%: enough to plan on, without the cost of real forecasting."""
    mean = np.nan_to_num(inputs.ordered_by_family)[..., -12:].mean(axis=-1, keepdims=True)
    mean = np.repeat(mean, inputs.calendar.horizon, axis=-1) * (
        1 + 0.3 * np.sin(np.arange(inputs.calendar.horizon))
    )
    products = np.zeros((len(inputs.products.numbers), len(inputs.regions), inputs.calendar.horizon))
    names = ("mean",) * (mean.shape[0] * mean.shape[1])
    return StoredForecast(
        inputs.calendar.first_open, mean, mean * 0.7, mean * 1.3, mean * 0.5, mean * 1.5, products, names
    )


@cache
def company(shape: Shape) -> tuple[Inputs, StoredForecast]:
    inputs = assemble(company_tables(shape), calendar_of(shape))
    return inputs, level_forecast(inputs)


def plan_of(shape: Shape, changes: dict[tuple[str, str], float] | None = None) -> tuple[Inputs, Plan]:
    inputs, forecast = company(shape)
    return inputs, build_plan(inputs, Assumptions(changes or {}), forecast)


@settings(deadline=None, max_examples=40)
@given(SHAPES, CHANGES)
def test_every_identity_holds_to_the_unit_and_the_cent(shape: Shape, changes: dict) -> None:
    check_identities(*plan_of(shape, changes))


@pytest.mark.parametrize("strategy", range(4))
@settings(deadline=None, max_examples=8)
@given(shape=SHAPES)
def test_every_supply_strategy_holds_the_identities_also_inside_the_time_fences(
    strategy: int, shape: Shape
) -> None:
    inputs, before = plan_of(shape)
    agreed = AgreedSupply(before["production"], before["subcontract"]) if "production" in before else None
    forecast = company(shape)[1]
    plan = build_plan(inputs, Assumptions({("supply_strategy", ""): strategy}), forecast, agreed)
    check_identities(inputs, plan)
    if strategy == 3 and agreed is not None and before["production"].any():
        covered = int(np.flatnonzero(agreed.production.any(axis=(0, 1))).max()) + 1
        assert (plan["production"][..., :covered] == agreed.production[..., :covered]).all()


EXTREMES = st.fixed_dictionaries(
    {
        (key, ""): st.sampled_from([assumption(key).low, assumption(key).high])
        for key in (
            "capacity_pct",
            "overtime_share",
            "people_pct",
            "subcontract_pct",
            "supply_pct",
            "service_level",
        )
    }
)


@pytest.mark.parametrize("strategy", range(4))
@settings(deadline=None, max_examples=8)
@given(extremes=EXTREMES, demand=st.sampled_from([-0.5, 0.5]))
def test_no_extreme_of_the_sliders_leaves_a_strategy_without_a_plan(
    strategy: int, extremes: dict, demand: float
) -> None:
    inputs, before = plan_of(Shape())
    agreed = AgreedSupply(before["production"], before["subcontract"])
    values = {**extremes, ("demand_pct", ""): demand, ("supply_strategy", ""): float(strategy)}
    check_identities(inputs, build_plan(inputs, Assumptions(values), company(Shape())[1], agreed))


def test_the_strategy_chosen_makes_the_plan_and_without_an_agreed_plan_a_finding_says_so() -> None:
    _, least = plan_of(Shape(horizon=12))
    level = plan_of(Shape(horizon=12), {("supply_strategy", ""): 1})[1]
    agreed = plan_of(Shape(horizon=12), {("supply_strategy", ""): 3})[1]
    people = level["people"]
    assert np.ptp(people, axis=1).max() == pytest.approx(0)
    assert (level["production"] != least["production"]).any()
    assert (agreed["production"] == least["production"]).all()
    assert "no_agreed_plan" in [finding.rule for finding in agreed.findings]
    assert "no_agreed_plan" not in [finding.rule for finding in level.findings]


def check_identities(inputs: Inputs, plan: Plan) -> None:
    assert (sum(plan[term] for term in TERMS) == plan["consensus_demand"]).all()
    assert (plan["consensus_demand"] >= 0).all()
    assert (plan.total("revenue") == plan["total_revenue"]).all()
    if "inventory" in plan:
        _check_stock(inputs, plan)
        _check_backlog(inputs, plan)
    if "gross_margin" in plan:
        _check_money(inputs, plan)


def _check_stock(inputs: Inputs, plan: Plan) -> None:
    inventory = plan["inventory"]
    opening = np.rint(inputs.position.inventory).astype(int)  # type: ignore[arg-type]
    before = np.concatenate([opening[:, None], inventory[:, :-1]], axis=1)
    moved = plan.by_family("production") + plan["subcontract"] + plan["adjustments"] - plan.by_family("shipments")
    assert (before + moved == inventory).all()
    assert (inventory >= 0).all()


def _check_backlog(inputs: Inputs, plan: Plan) -> None:
    late, book = plan["past_due"], plan.get("order_book")
    opening = inputs.position.past_due.sum(axis=1).astype(int)
    before = np.concatenate([opening[:, None], late[:, :-1]], axis=1)
    flows = plan.by_family("due") - plan.by_family("shipments") - plan.by_family("lost_sales")
    assert (before + flows == late).all()
    assert (late >= 0).all()
    if book is not None:
        assert (book >= late).all(), "orders not yet due are never negative"
    if "due_on_time" in plan:
        assert (plan["due_on_time"] <= plan.by_family("due")).all()


def _check_money(inputs: Inputs, plan: Plan) -> None:
    parts = plan["total_revenue"] - plan["cost_of_sales"] - plan["period_variance"]
    if "revaluation" in plan:
        parts = parts + plan["revaluation"]
    assert (parts == plan["gross_margin"]).all()
    for line, items in (("initiative_cost", "initiative_spend"), ("launch_spend", "launch_cost")):
        assert items not in plan or (plan[items].sum(axis=0) == plan[line]).all()
    if "ebit" in plan:
        below = ("launch_spend", "initiative_cost", "operating_cost", "depreciation")
        spend = sum(plan[key] for key in below if key in plan)
        assert (plan["gross_margin"] - spend == plan["ebit"]).all()
    if "stock_value" in plan:
        _check_value(inputs, plan)
    if "cash" in plan:
        capital = plan["receivables"] + plan["stock_value"] - plan["payables"]
        moved = plan["ebit"] + plan["depreciation"] - plan["capital_spending"]
        assert (np.diff(plan["cash"]) == moved[1:] - np.diff(capital)).all()


def _check_value(inputs: Inputs, plan: Plan) -> None:
    """Stock is worth its units at standard cost, and its value moves by what comes, goes and is revalued."""
    units, value, cost = plan["inventory"], plan["inventory_value"], plan.detail.unit_cost
    assert cost is not None and inputs.position.inventory is not None
    assert (value.sum(axis=0) == plan["stock_value"]).all()
    assert (plan["inventory_revaluation"].sum(axis=0) == plan["revaluation"]).all()
    assert not value[units == 0].any(), "value without units"
    assert (value[units > 0] == known_minor((units * cost)[units > 0])).all()
    opening = np.rint(np.maximum(inputs.position.inventory, 0.0))
    worth = np.where(opening > 0, known_minor(opening * inputs.position.unit_cost), 0.0)
    if plan.detail.opening:
        assert plan.detail.opening["stock_value"] == worth.sum()
    before = np.concatenate([worth[:, None], value[:, :-1]], axis=1)
    moved = np.diff(units, axis=1, prepend=opening[:, None]) * np.nan_to_num(cost) * MINOR
    left = value - before - plan["inventory_revaluation"] - moved
    assert np.abs(left).max(initial=0.0) <= 1.5, "a cent where each of three is rounded"
    same = np.diff(cost, axis=1, prepend=inputs.position.unit_cost[:, None]) == 0
    assert not plan["inventory_revaluation"][same].any(), "only a change of standard cost revalues"


COSTS = st.fixed_dictionaries(
    {
        "amount": st.sampled_from([-0.9, -0.3, 0.05, 0.5]),
        "start": st.integers(0, 5),
        "ramp": st.sampled_from([1.0, 4.0]),
        "family": st.sampled_from(["", "Family A", "Family C"]),
    }
)


@settings(deadline=None, max_examples=25)
@given(SHAPES, COSTS)
def test_a_change_of_standard_cost_never_leaves_value_without_units(shape: Shape, change: dict) -> None:
    inputs, forecast = company(replace(shape, strategy=True, stock=True, ledger=True))
    assert inputs.initiatives is not None
    (leaner,) = inputs.initiatives
    benefit = Benefit("unit_cost", change["family"], change["amount"], "pct", change["start"], change["ramp"])
    changed = replace(inputs, initiatives=(replace(leaner, benefits=(benefit,)),))
    plan = build_plan(changed, Assumptions({("initiative_confidence", "Leaner"): 1.0}), forecast)
    check_identities(changed, plan)
    there = np.concatenate(
        [np.rint(np.maximum(inputs.position.inventory, 0.0))[:, None], plan["inventory"]], axis=1
    )
    rises = np.diff(plan.detail.unit_cost, axis=1, prepend=inputs.position.unit_cost[:, None])
    moved = (there[:, :-1] > 0) & (np.abs(rises) * there[:, :-1] > 0.01)
    assert (np.sign(plan["inventory_revaluation"])[moved] == np.sign(rises)[moved]).all()


def test_generated_companies_do_change_their_standard_cost_and_revaluation_is_no_cash() -> None:
    plans = [plan_of(Shape(seed=seed))[1] for seed in range(6)]
    assert sum(bool(plan["revaluation"].any()) for plan in plans) >= 3, "hardly any stock is revalued"
    plan = next(plan for plan in plans if plan["revaluation"].any() and "cash" in plan)
    bare = project_cash(
        {
            **{key: plan[key] for key in ("depreciation", "capital_spending", "receivables", "payables")},
            "ebit": plan["ebit"] - plan["revaluation"],
            "stock_value": plan["stock_value"] - np.cumsum(plan["revaluation"]),
        },
        plan.detail.opening,
    )
    assert bare.tolist() == plan["cash"].tolist(), "income and stock move by the same amount"


@settings(deadline=None, max_examples=15)
@given(SHAPES, st.lists(CHANGES, min_size=2, max_size=4))
def test_the_plan_does_not_depend_on_which_slider_moved_first(shape: Shape, moves: list[dict]) -> None:
    inputs, forecast = company(shape)
    planner = Planner(inputs, forecast)
    for move in moves:
        warm = planner.build(Assumptions(move))
    assert warm.lines == build_plan(inputs, Assumptions(moves[-1]), forecast).lines


@settings(deadline=None, max_examples=15)
@given(SHAPES)
def test_a_plan_read_back_from_its_lines_is_the_same_plan(shape: Shape) -> None:
    _, plan = plan_of(shape)
    again = plan_of_lines(
        plan.lines,
        plan.calendar,
        company=plan.company,
        currency=plan.currency,
        availability=plan.availability,
        headline=plan.headline,
    )
    assert again.lines == plan.lines
    assert again["revenue"].tolist() == plan["revenue"].tolist()


def test_generated_companies_have_plans_that_are_not_trivial() -> None:
    plans = [plan_of(Shape(seed=seed))[1] for seed in range(6)]
    for measure in ("past_due", "subcontract", "overtime_hours", "inventory", "launches", "events"):
        assert any(plan[measure].any() for plan in plans), f"{measure} is zero in every generated company"
    assert any((plan["utilisation"] > 0.99).any() for plan in plans), "no line is ever full"


@pytest.mark.parametrize("key", ["launch_probability", "event_probability", "initiative_confidence"])
def test_zero_probability_gives_exactly_the_plan_without_it(key: str) -> None:
    names = {
        "launch_probability": ["New one"],
        "event_probability": ["E1", "E2"],
        "initiative_confidence": ["Leaner"],
    }
    tables = {"launch_probability": ("launches", "launch_gates"), "event_probability": ("events",),
              "initiative_confidence": ("initiatives", "benefits")}  # fmt: skip
    shape = Shape()
    inputs, forecast = company(shape)
    assert inputs.initiatives is not None
    # What an initiative spent before is known from its table alone, and taken off operating cost: here nothing.
    unspent = tuple(replace(initiative, spent=0.0) for initiative in inputs.initiatives)
    stopped = build_plan(
        replace(inputs, initiatives=unspent), Assumptions({(key, name): 0.0 for name in names[key]}), forecast
    )
    left = {name: frame for name, frame in company_tables(shape).items() if name not in tables[key]}
    if "initiatives" in left:
        left["initiatives"] = left["initiatives"].assign(spent=0.0)
    without = build_plan(assemble(left, calendar_of(shape)), Assumptions(), forecast)
    assert stopped.headline == without.headline
    for measure in ("consensus_demand", "production", "inventory", "revenue", "total_revenue", "ebit"):
        assert stopped[measure].tolist() == without[measure].tolist()


def test_a_slider_shows_in_the_measure_it_is_meant_for() -> None:
    inputs, forecast = company(Shape(capacity=False, materials=False))
    base = build_plan(inputs, Assumptions(), forecast)
    more = build_plan(inputs, Assumptions({("demand_pct", ""): 0.1}), forecast)
    dearer = build_plan(inputs, Assumptions({("price_pct", ""): 0.1}), forecast)
    assert more["consensus_demand"].sum() > base["consensus_demand"].sum()
    assert dearer["shipments"].tolist() == base["shipments"].tolist()
    assert dearer["total_revenue"].sum() == pytest.approx(base["total_revenue"].sum() * 1.1, rel=1e-6)


@pytest.mark.parametrize(
    ("shape", "plan", "why"),
    [
        (Shape(capacity=False), PlanName.PRODUCTION, "unconstrained: no capacity loaded"),
        (Shape(stock=False), PlanName.INVENTORY, "opening stock is not known: no inventory loaded"),
        (Shape(orders=False), PlanName.CUSTOMER_LEAD_TIME, "no order book is loaded"),
        (Shape(strategy=False), PlanName.NEW_PRODUCTS, "no launches loaded"),
        (Shape(strategy=False), PlanName.STRATEGIC_INITIATIVES, "no initiatives loaded"),
        (Shape(ledger=False), PlanName.FINANCIAL, "the plan ends at gross margin: no operating cost loaded"),
        (Shape(), PlanName.FINANCIAL, "without capital spending: no ledger account is mapped to that"),
    ],
)
def test_a_missing_table_limits_its_plan_and_says_why_and_what_would_unlock_it(
    shape: Shape, plan: PlanName, why: str
) -> None:
    _, built = plan_of(shape)
    found = built.availability[plan]
    assert why in found.why
    assert found.unlock
    assert built.availability[PlanName.SALES].available


def test_zero_capacity_makes_everything_late_or_bought_and_nothing_made() -> None:
    _, plan = plan_of(Shape(zero_capacity=True, materials=False))
    assert not plan["production"].any()
    assert plan["past_due"].any() and plan["lost_sales"].any()


def _series(kind: str, months: int) -> np.ndarray:
    """Sales that say little: of one level, none at all, or all in one month (2, 1, months)."""
    units = np.full((2, 1, months), 10.0 if kind == "flat" else 0.0)
    if kind == "one month":
        units[0, 0, months // 2] = 50.0
    return units


@pytest.mark.parametrize("months", [1, 12, 18, 24, 48])
@pytest.mark.parametrize("kind", ["flat", "zero", "one month"])
def test_flat_zero_and_single_sales_are_planned(kind: str, months: int) -> None:
    units = _series(kind, months)
    past = tuple(shift_period(FIRST, t - months) for t in range(months))
    inputs = tiny_inputs(months, history=History(past, units, units, units * 100))
    plan = build_plan(inputs, Assumptions())
    demand = plan.total("consensus_demand")
    assert (demand == {"flat": 20, "zero": 0}.get(kind, demand)).all() and (demand >= 0).all()
    assert sum(plan[term] for term in TERMS).sum() == demand.sum()
