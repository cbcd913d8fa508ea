"""Hours bought beyond a line's own: only what is offered, only where worth their price, and paid for."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.inputs import ExtraHours
from sop.core.register import Assumptions
from sop.supply import SupplyProblem, solve_supply
from sop.supply.after.monthly_costs import monthly_costs
from sop.supply.before.extra_hours import hours_findings, lead_periods, offered_hours
from tests.supply.instances import random_problem
from tests.supply.test_supply_company import inputs_of, problem_of


def shop(**changes) -> SupplyProblem:
    """70 due in January on a press that makes 50 in its 100 hours; a unit late costs 4 a month, a lost one 50."""
    fields = {
        "families": ("chairs",), "lines": ("press",), "periods": ("Jan", "Feb"), "due": [[70, 20]],
        "past_due_cost": 4, "lost_cost": 50, "revenue_per_unit": 50, "hours_per_unit": 2, "line_hours": 100,
        "variable_cost": 7, "holding_cost": 1,
    }  # fmt: skip
    return SupplyProblem(**{**fields, **changes})


def test_hours_are_bought_as_far_as_they_are_offered_and_cost_what_they_cost() -> None:
    plan = solve_supply(shop(extra_line_hours=[[30, 0]], extra_line_price=1.5))
    assert plan.relief["extra_line"].tolist() == pytest.approx(np.array([[30, 0]]))
    assert plan.cost["extra_hours"] == pytest.approx(45.0)
    assert plan.whole.production[0, 0].tolist() == [65, 25]
    assert plan.penalties["outside_machine_hours"] == 0
    assert monthly_costs(plan, np.zeros((1, 2)))["relief"].tolist() == pytest.approx([45.0, 0.0])


def test_an_hour_dearer_than_what_it_saves_is_not_bought() -> None:
    """Two hours make a unit in time, which saves a month late at 4."""
    dear = solve_supply(shop(extra_line_hours=[[30, 0]], extra_line_price=2.5))
    assert dear.cost["extra_hours"] == 0
    assert dear.whole.production[0, 0].tolist() == solve_supply(shop()).whole.production[0, 0].tolist()


def test_hours_of_a_shared_resource_are_bought_alike() -> None:
    shared = {"shared": ("paint",), "shared_hours_per_unit": [[1.0]], "shared_hours": 60, "line_hours": 1e4}
    plan = solve_supply(shop(**shared, extra_shared_hours=[[8, 8]], extra_shared_price=[[1.0, 1.0]]))
    assert plan.relief["extra_shared"].tolist() == pytest.approx(np.array([[8, 0]]))
    assert plan.cost["extra_hours"] == pytest.approx(8.0)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_offered_hours_never_make_a_plan_worse_and_stay_within_the_offer(seed: int) -> None:
    problem = random_problem(np.random.default_rng(seed))
    lines, periods = problem.sizes["L"], problem.sizes["T"]
    hours = np.random.default_rng(seed + 1).uniform(0, 20, (lines, periods))
    offered = replace(problem, extra_line_hours=hours, extra_line_price=np.full((lines, periods), 3.0))
    # A breath of hours on both sides: what nobody sells is then priced alike.
    before = solve_supply(replace(offered, extra_line_hours=np.full((lines, periods), 1e-6)))
    after = solve_supply(offered)
    assert after.objective <= before.objective + 1e-6 * max(abs(before.objective), 1.0)
    assert (after.relief["extra_line"] <= hours + 1e-9).all()
    assert after.cost["extra_hours"] == pytest.approx(3.0 * after.relief["extra_line"].sum())


def test_nobody_buys_hours_unless_that_is_allowed_and_none_come_before_their_lead_time() -> None:
    inputs, own = inputs_of(), np.full((1, inputs_of().calendar.horizon), 100.0)
    extra = ExtraHours(np.full(own.shape, 6.0), np.full(own.shape, 40.0), np.array([3.0]))
    assert not offered_hours(inputs, Assumptions(), ("Press",), own, extra).hours.any()
    allowed = Assumptions({("extra_hours_pct", "Press"): 0.1})
    found = offered_hours(inputs, allowed, ("Press",), own, extra)
    assert lead_periods(inputs, allowed, "Press", extra, 0) == 3
    assert found.hours[0, :4].tolist() == [0.0, 0.0, 0.0, 6.0], "at most what is offered, from the fourth month"
    assert (found.price == 40.0).all()
    four = Assumptions({("extra_hours_pct", "Press"): 0.04, ("extra_hour_price", ""): 30.0})
    cheap = offered_hours(inputs, four, ("Press",), own, None)
    assert cheap.hours[0, :3].tolist() == [0.0, 0.0, 4.0], "two months are assumed where no table says"
    assert (cheap.price == 30.0).all()


def test_hours_whose_price_nobody_says_are_named() -> None:
    inputs = inputs_of()
    line = inputs.capacity.lines[0]
    problem = problem_of(inputs, extra_hours_pct=0.1)
    assert "hours_without_price" in {finding.rule for finding in problem.notes}
    assert not list(hours_findings(inputs.capacity, Assumptions({("extra_hour_price", line): 9.0})))
