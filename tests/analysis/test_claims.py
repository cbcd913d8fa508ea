"""What signed plans claimed, held against what came: held or not, biased or not, by how far ahead."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.ranges.claims import (
    PlanClaims,
    ScoredClaim,
    claims_of,
    claims_of_kept,
    find_bias,
    horizons_ahead,
    past_demand,
    score_claims,
    stock_above_safety,
    track_record,
)
from sop.analysis.ranges.projections import Targets
from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import StockHistory
from sop.core.measures import headline_measure
from tests.analysis.drawn import drawn
from tests.tiny import FIRST, tiny_inputs, tiny_plan

INVENTORY, ON_TIME = headline_measure("inventory"), headline_measure("on_time")


def claims(first: str = FIRST) -> PlanClaims:
    """A plan of 100 of revenue and 50 of stock a month, each up to 50 more or less."""
    base = {
        "revenue": np.full(12, 100.0),
        "inventory": np.full(12, 50.0),
        "on_time": np.full(12, 9.0),
        "due": np.full(12, 10.0),
    }
    moved = np.linspace(-50, 50, 101).tolist()
    return claims_of(drawn(base, {"revenue": moved, "inventory": moved}), Targets((), ()), first)


def months(count: int, first: str = FIRST) -> list[str]:
    return [shift_period(first, t) for t in range(count)]


def test_a_flow_is_claimed_as_its_sum_and_stock_as_it_stands() -> None:
    found = claims()
    assert found.plan["revenue"][:3].tolist() == [100, 200, 300]
    assert found.ranges["revenue"][1, 2] == pytest.approx(3 * 60), "P10 of three months"
    assert found.plan["inventory"][2] == 50 and found.ranges["inventory"][3, 2] == pytest.approx(90)
    assert found.plan["on_time"][0] == pytest.approx(0.9)


def test_claims_are_read_back_as_they_were_kept() -> None:
    found = claims()
    again = claims_of_kept(found.arrays(), json.loads(json.dumps(found.facts())))
    assert again.first_open == FIRST and again.draws == 101
    assert all(np.array_equal(again.ranges[key], found.ranges[key]) for key in found.ranges)
    assert all(np.array_equal(again.plan[key], found.plan[key]) for key in found.plan)


def test_only_closed_months_are_scored_and_a_sum_only_up_to_a_month_that_is_missing() -> None:
    first, _, third = months(3)
    actual = {"revenue": {first: 150.0, third: 90.0}, "inventory": {first: 20.0, third: 95.0}}
    scored = score_claims([claims()], actual)
    told = {(each.measure, each.ahead): (each.came, each.held) for each in scored}
    assert told == {("revenue", 1): (150, False), ("inventory", 1): (20, True), ("inventory", 3): (95, False)}


def test_claims_are_counted_by_measure_and_how_far_ahead() -> None:
    actual = {"inventory": dict(zip(months(5), [50.0, 50.0, 200.0, 50.0, 50.0], strict=True))}
    record = track_record(score_claims([claims()], actual), Calendar(FIRST, 24))
    assert [(row.horizon, row.held, row.claims) for row in record.rows] == [
        ("1–3 months ahead", 2, 3), ("4–6 months ahead", 2, 2),
    ]  # fmt: skip
    assert record.share_of("inventory") == record.share == 0.8
    assert record.share_of("revenue") is None and record.plans == 1 and record.months == 5


def test_horizons_cover_every_month_ahead_once() -> None:
    for calendar in (Calendar(FIRST, 24), Calendar(FIRST, 12), Calendar("2027-Q1", 8)):
        ahead = [t for _, first, last in horizons_ahead(calendar) for t in range(first, last + 1)]
        assert ahead == list(range(1, calendar.horizon + 1))


def scored(cycle: int, ahead: int, plan: float, came: float, measure: str = "inventory") -> ScoredClaim:
    return ScoredClaim(measure, shift_period(FIRST, cycle), ahead, plan, plan, plan, came)


def test_a_figure_that_every_plan_had_too_low_is_biased_by_as_much_as_furthest_ahead() -> None:
    found = [scored(c, ahead, 60.0, 60.0 + 20 * ahead) for c in range(8) for ahead in (1, 2)]
    bias = find_bias(INVENTORY, found)
    assert bias is not None
    assert (bias.same, bias.cycles, bias.ahead) == (8, 8, 2)
    assert bias.share == pytest.approx(-0.4), "60 planned where 100 came"


def test_five_plans_are_too_few_to_prove_a_bias_and_mixed_ones_prove_none() -> None:
    assert find_bias(INVENTORY, [scored(c, 1, 60.0, 100.0) for c in range(5)]) is None
    assert find_bias(INVENTORY, [scored(c, 1, 60.0, 100.0 if c % 2 else 30.0) for c in range(12)]) is None


def test_a_bias_too_small_to_matter_is_not_told() -> None:
    assert find_bias(INVENTORY, [scored(c, 1, 99.5, 100.0) for c in range(12)]) is None


@given(st.floats(-1, 1), st.integers(6, 20))
@settings(deadline=None, max_examples=50)
def test_a_bias_points_where_the_plans_were(off: float, plans: int) -> None:
    bias = find_bias(ON_TIME, [scored(c, 1, 0.5 + off / 2, 0.5, "on_time") for c in range(plans)])
    assert (bias is not None) == (abs(off / 2) >= 0.02)
    if bias is not None:
        assert (bias.share > 0) == (off > 0) and bias.share == pytest.approx(off / 2)


def test_no_closed_month_says_nothing() -> None:
    record = track_record((), Calendar(FIRST, 24))
    assert record.share is None and record.biases == () and record.rows == ()


def test_what_a_signed_plan_said_of_demand_is_given_on_todays_families() -> None:
    found = past_demand(tiny_plan(first="2026-06"), tiny_inputs())
    assert found is not None and found.first_open == "2026-06" and found.units[:, 0, 0].tolist() == [10, 2]


def test_stock_stands_above_safety_stock_by_what_closed_months_had() -> None:
    closed = months(2, "2026-11")
    zero = np.zeros((2, 2))
    stock = StockHistory(tuple(closed), zero, zero, zero, zero, zero, np.array([[13.0, 13.0], [9.0, 9.0]]))
    plan = tiny_plan(first="2026-11", safety_stock=[[10], [0]])
    assert stock_above_safety([plan], tiny_inputs(stock=stock)) == pytest.approx(0.3), "made to order counts not"
    assert stock_above_safety([plan], tiny_inputs()) is None
