"""What may turn out otherwise: every risk drawn by itself, with the same numbers wherever plans are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from sop.analysis.ranges.demand_errors import demand_errors
from sop.analysis.ranges.draws import Paths, read_paths, replan_block
from sop.analysis.ranges.risk_sizes import delay_spread, price_spread
from sop.analysis.ranges.risks import BLOCK, Risk, draw_block, find_risks, normals_of
from sop.core.inputs import Event, Floats, Gate, Inputs
from sop.core.register import Assumptions
from sop.core.terms import EventUse
from sop.core.world import World
from sop.engine import Planner
from sop.supply.before.company_problem import agreed_supply
from tests.integrated import company, forecast_of

SURE = Assumptions(
    {
        (key, ""): 0.0
        for key in (
            "price_spread", "output_spread", "supplier_delay_days", "launch_volume_spread", "delay_spread_months",
            "initiative_spread", "operating_cost_spread", "dso_spread_days",
        )
    }
)  # fmt: skip
"""Nothing turns out otherwise but demand and events."""


def event(probability: float, use: EventUse = EventUse.RANGE, impact: float = -0.5) -> Event:
    nan = float("nan")
    return Event(
        "E9", "A rival comes", "competitor", use, probability, 0, 12, "demand", impact, "", "Sales", "", nan
    )


def only(*events: Event) -> Inputs:
    """The company with these events, without launches and initiatives."""
    return replace(company(), events=events, launches=(), initiatives=())


def revenue_of(found: Inputs, wider: float = 1e-6) -> Floats:
    """Revenue of twelve months in every draw of a block."""
    planner = Planner(found, forecast_of(found))
    risks = find_risks(found, SURE, demand_errors(found, forecast_of(found)).wider(wider))
    order, year = found.families.made_to_order, found.calendar.year

    def paths_in(worlds: Sequence[tuple[Assumptions, World]]) -> list[Paths]:
        return [read_paths(values, order, year) for values in planner.headline_values(worlds)]

    block = replan_block(risks, SURE, paths_in, 0)
    return np.asarray(block.paths["revenue"].sum(axis=-1))


def test_a_certain_event_moves_every_draw_and_one_that_cannot_come_moves_none() -> None:
    without, certain, never = (revenue_of(only(*events)) for events in ((), (event(1.0),), (event(0.0),)))
    assert (certain < without).all()
    assert np.array_equal(never, without)


def test_an_event_comes_in_as_many_draws_as_is_likely() -> None:
    without, perhaps = revenue_of(only()), revenue_of(only(event(0.3)))
    assert (perhaps < without).sum() == round(0.3 * BLOCK)


def test_an_event_in_the_plan_spreads_around_what_the_plan_expects() -> None:
    found = only(event(0.5, EventUse.PLAN))
    planned = Planner(found, forecast_of(found)).build(SURE).headline["revenue"]
    draws = revenue_of(found)
    assert planned is not None and draws.min() < planned < draws.max()


@settings(deadline=None, max_examples=5)
@given(st.floats(0.1, 2.0), st.floats(1.05, 3.0))
def test_a_wider_error_never_narrows_a_range(size: float, wider: float) -> None:
    def width(factor: float) -> float:
        low, high = np.quantile(revenue_of(only(), wider=factor), [0.1, 0.9])
        return float(high - low)

    # A unit more or less is what rounding to whole units may do.
    assert width(size * wider) >= width(size) - 10_500


def test_what_two_plans_share_is_drawn_with_the_same_numbers() -> None:
    one, two = only(event(0.3)), only(event(0.3), replace(event(0.6), name="E10"))
    errors = demand_errors(one, forecast_of(one))
    first, second = (
        draw_block(find_risks(found, Assumptions(), errors), Assumptions(), 3) for found in (one, two)
    )
    for before, after in zip(first.draws, second.draws, strict=True):
        assert np.array_equal(before.world.demand, after.world.demand)
        place = ("event_probability", "E9")
        assert before.assumptions[place] == after.assumptions[place]


def test_normals_are_stratified_and_each_block_and_risk_has_its_own() -> None:
    risk = Risk("one", "One", 3, lambda normals: [], lambda normals: normals)
    strata = np.floor(norm.cdf(np.sort(normals_of(risk, 0), axis=0)) * BLOCK)
    assert (strata == np.arange(BLOCK)[:, None]).all()
    assert not np.array_equal(normals_of(risk, 0), normals_of(risk, 1))
    assert not np.array_equal(normals_of(risk, 0), normals_of(replace(risk, key="other"), 0))
    assert np.array_equal(normals_of(risk, 0), normals_of(replace(risk, name="Renamed"), 0))


def test_a_line_that_makes_less_makes_less_of_what_was_begun() -> None:
    found = company()
    agreed = Planner(found, forecast_of(found)).build(Assumptions())
    held = agreed_supply(agreed, found)
    assert held is not None and agreed["production"].sum() > 0
    planner = Planner(found, forecast_of(found), held)
    less, more = (
        planner.build(Assumptions(), world=World(output=np.full((1, found.calendar.horizon), output)))
        for output in (0.5, 2.0)
    )
    begun = slice(0, found.calendar.frozen)
    assert (less["production"][..., begun] == np.floor(agreed["production"][..., begun] / 2)).all()
    assert (more["production"][..., begun] == agreed["production"][..., begun]).all(), "no more than was begun"


def test_a_world_as_planned_is_the_plan() -> None:
    planner = Planner(company(), forecast_of(company()))
    plan, again = planner.build(Assumptions()), planner.build(Assumptions(), world=World())
    assert all(np.array_equal(plan[key], again[key], equal_nan=True) for key in plan.blocks)


@pytest.mark.parametrize(("key", "risk"), [("price_spread", "price"), ("output_spread", "output")])
def test_a_size_of_nothing_draws_nothing(key: str, risk: str) -> None:
    found = company()
    errors = demand_errors(found, forecast_of(found))
    keys = {each.key for each in find_risks(found, Assumptions({(key, ""): 0.0}), errors)}
    assert risk not in keys and "demand" in keys
    assert risk in {each.key for each in find_risks(found, Assumptions({(key, ""): 0.05}), errors)}


def test_a_mix_that_moves_is_no_risk_of_price_and_a_price_that_does_is() -> None:
    """Two products of one family at 10 and 100: their mix turns round from year to year, their prices stay."""
    found, months = company(), 36
    mix = np.repeat([[90.0, 10.0, 90.0], [10.0, 90.0, 10.0]], 12, axis=1)[:, None, :]
    for rise, spread in ((1.0, 0.0), (1.1, np.log(1.1))):
        price = np.array([10.0, 100.0])[:, None, None] * np.repeat([1.0, rise, rise**2], 12)
        history = replace(
            found.history,
            months=found.calendar.history(months),
            shipped=mix,
            revenue=mix * price,
        )
        products = replace(found.products, family=np.zeros(2, dtype=int))
        assert price_spread(replace(found, history=history, products=products)) == pytest.approx(spread)


@pytest.mark.parametrize("first", ["2026-01", "2026-W02", "2026-Q1"])
def test_lateness_is_said_in_months_whatever_the_periods(first: str) -> None:
    calendar = replace(company().calendar, first_open=first)
    behind = round(calendar.in_periods(3))
    gates = tuple(Gate(f"{at}", -9 - behind, -9, -9) for at in range(4))
    item = replace((company().initiatives or ())[0], milestones=gates, a_month=calendar.in_periods(1))
    found = replace(company(), calendar=calendar, launches=(), initiatives=(item,))
    late = delay_spread(found)
    assert late == pytest.approx(3, abs=0.02), "so many months, a quarter"
    assert item.slip(late) == behind, "and as many periods again"
