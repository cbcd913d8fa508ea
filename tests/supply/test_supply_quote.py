"""Quotes: the plan with a new order, when it can be promised, what it costs, and what waits for it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.supply import SupplyModel, SupplyPlan, SupplyProblem, solve_supply
from sop.supply.what_if.quote import (
    Quote,
    is_served_from_stock,
    order_arrivals,
    plan_with_order,
    promise_days,
    read_quote,
)
from tests.supply.instances import random_problem


def shop(**changes) -> SupplyProblem:
    """One press of 100 hours, one hour a unit; chairs wait for 5 a month, tables for 8; a unit held costs 1."""
    fields = {
        "families": ("chairs", "tables"),
        "lines": ("press",),
        "periods": ("Jan", "Feb", "Mar"),
        "due": [[40, 40, 40], [40, 40, 40]],
        "past_due_cost": [5, 8],
        "lost_cost": [100, 160],
        "revenue_per_unit": [100, 160],
        "hours_per_unit": 1,
        "line_hours": 100,
        "variable_cost": 7,
        "holding_cost": 1,
    }
    return SupplyProblem(**{**fields, **changes})


def asked(
    problem: SupplyProblem, family: int, units: float, period: int, model: SupplyModel | None = None
) -> tuple[Quote, SupplyPlan, SupplyPlan]:
    """The quote, and the plans without and with the order."""
    before = (model or SupplyModel(problem)).solve(problem)
    after = plan_with_order(before, family, units, period, model)
    return read_quote(before, after, family, period), before, after


def test_an_order_that_fits_is_promised_for_its_month_at_the_cost_of_making_it():
    quote, before, after = asked(shop(), 0, 20, 0)
    assert quote.promise == "Jan" and quote.in_time
    assert after.total_cost - before.total_cost == pytest.approx(20 * 7)
    assert quote.revenue == pytest.approx(20 * 100)
    assert after.past_due == pytest.approx(before.past_due), "nobody is pushed"


def test_an_order_for_a_later_month_is_made_early_where_that_is_cheaper_than_late():
    """60 more in February: 20 fit, 20 are made in January, and 20 wait for March, since nothing else is left."""
    quote, before, after = asked(shop(), 0, 60, 1)
    assert quote.promise == "Mar"
    assert quote.wait_periods == pytest.approx(20 / 60)
    assert after.total_cost - before.total_cost == pytest.approx(60 * 7 + 20)
    assert after.past_due == pytest.approx(np.array([[0, 20, 0], [0, 0, 0]]))


def test_a_dearer_order_pushes_the_cheaper_family():
    """50 tables in January: 20 fit; 30 chairs wait until February and 10 of them until March, not the tables."""
    quote, before, after = asked(shop(), 1, 50, 0)
    assert quote.promise == "Jan"
    assert after.past_due - before.past_due == pytest.approx(np.array([[30, 10, 0], [0, 0, 0]]))


def test_an_order_beyond_all_capacity_is_not_promised():
    quote, _, _ = asked(shop(lost_allowed=False), 0, 500, 0)
    assert quote.promise is None and not quote.in_time


def test_the_order_itself_is_never_dropped():
    """Chairs may be lost and cost more than they bring; a quote still delivers them."""
    dear = shop(variable_cost=120, lost_cost=100)
    assert solve_supply(dear).shipments[0].sum() == pytest.approx(0)
    quote, before, after = asked(dear, 0, 10, 0)
    assert quote.promise is not None
    assert after.total_cost - before.total_cost == pytest.approx(10 * 120)


def test_where_nothing_may_wait_an_order_that_does_not_fit_is_not_promised():
    prompt = shop(backlog_allowed=False, lost_allowed=False, due=[[50, 40, 40], [50, 40, 40]])
    assert asked(prompt, 0, 20, 0)[0].promise is None
    assert asked(prompt, 0, 20, 1)[0].promise == "Feb"


def test_the_promise_in_days_follows_the_calendar():
    quote, _, _ = asked(shop(), 0, 60, 1)
    assert promise_days(quote, 1, np.array([31, 28, 30])) == pytest.approx(10)


def test_an_order_is_last_in_its_months_queue_and_pushes_later_orders_of_its_own_family():
    """80 more chairs in January: 20 fit, then 20 a month. The 60 that wait go before the 40 chairs of February.

    So the order is complete in February, 40 chairs due then wait for March, and 20 of March wait for April.
    """
    problem = shop(periods=("Jan", "Feb", "Mar", "Apr"), due=[[40] * 4, [40] * 4], lost_allowed=False)
    quote, _, after = asked(problem, 0, 80, 0)
    assert order_arrivals(after, 0, 80, 0) == pytest.approx([20, 60, 0, 0])
    assert quote.promise == "Feb"
    assert after.past_due == pytest.approx(np.array([[60, 40, 20, 0], [0, 0, 0, 0]]))


def test_the_stock_planned_for_the_end_of_the_month_serves_an_order_without_waiting():
    plan = solve_supply(
        shop(opening_inventory=[60, 0], due=[[10, 10, 10], [40, 40, 40]], safety_stock=[[20], [0]])
    )
    left = plan.inventory[0, 0]
    assert is_served_from_stock(plan, 0, float(left), 0)
    assert not is_served_from_stock(plan, 0, float(left) + 1, 0)


def test_an_order_of_nothing_is_refused():
    with pytest.raises(ValueError, match="more than 0 units"):
        asked(shop(), 0, 0, 0)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6), units=st.integers(1, 60))
def test_a_warm_model_quotes_the_same_and_nothing_is_promised_before_it_is_wanted(seed, units):
    problem = random_problem(seed)
    model = SupplyModel(problem)
    cold, _, _ = asked(problem, 0, units, 2)
    assert asked(problem, 0, units, 2, model)[0] == cold
    assert cold.wait_periods >= 0
    assert cold.promise is None or cold.promise in problem.periods[2:]
