"""What a change does: profit and cash of two plans less what is paid once; waiting in days and order value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.effects import OrdersWaiting, PlanEffect, effect_of, orders_waiting, profit_line
from tests.tiny import tiny_plan

YEAR = 12


def plan_of(**values: object):
    return tiny_plan(**{name: np.array(line) for name, line in values.items()})


def test_an_effect_is_the_difference_of_two_plans_in_which_what_is_paid_once_is_paid() -> None:
    before = plan_of(ebit=[100] * YEAR, cash=[50, 20] + [90] * 10)
    after = plan_of(ebit=[100] * 11 + [160], cash=[50, 30] + [25] * 10)
    assert effect_of(before, after) == PlanEffect(60, 60, 5, None, None)
    assert effect_of(before, after, once=80) == effect_of(before, after), "EBIT and cash hold it"


def test_gross_margin_stands_in_where_operating_cost_is_not_known_and_nothing_where_neither_is() -> None:
    margin = effect_of(plan_of(gross_margin=[10] * YEAR), plan_of(gross_margin=[12] * YEAR))
    assert (margin.ebit_horizon, margin.cash_low) == (24, None)
    paid = effect_of(plan_of(gross_margin=[10] * YEAR), plan_of(gross_margin=[12] * YEAR), once=5)
    assert paid.ebit_horizon == 24 - 5, "a gross margin does not hold it"
    units = effect_of(plan_of(), plan_of())
    assert (profit_line(plan_of()), units.ebit_12_months, units.ebit_horizon) == (None, None, None)
    assert not units.lasts and not units.is_timing, "what is not known is neither a gain nor timing"


def test_orders_waiting_are_told_in_unit_days_and_at_their_peak_at_the_price_of_the_plan() -> None:
    """Bikes sell for 100: two wait in January (31 days) and five in February (28)."""
    plan = plan_of(
        past_due=[[2, 5] + [0] * 10, [0] * YEAR],
        revenue=[[[100_00 * 4] * YEAR], [[0] * YEAR]],
        shipments=[[[4] * YEAR], [[0] * YEAR]],
    )
    assert orders_waiting(plan) == OrdersWaiting(2 * 31 + 5 * 28, 5, "2027-02", 5 * 100_00)


def test_the_value_of_orders_of_which_a_price_is_not_known_is_not_known() -> None:
    late = plan_of(past_due=[[0] * YEAR, [3] * YEAR])
    waiting = orders_waiting(late)
    assert waiting is not None and (waiting.units, waiting.value) == (3, None)
    assert orders_waiting(plan_of()) is None, "without a supply plan nothing is known of waiting"


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(-1_000, 1_000), min_size=YEAR, max_size=YEAR),
    st.lists(st.integers(-1_000, 1_000), min_size=YEAR, max_size=YEAR),
    st.integers(0, 500),
)
def test_an_effect_undone_is_its_opposite_and_a_gain_either_lasts_or_is_timing(
    first: list[int], second: list[int], once: int
) -> None:
    before, after = plan_of(ebit=first, cash=first), plan_of(ebit=second, cash=second)
    there, back = effect_of(before, after), effect_of(after, before)
    assert (there.ebit_horizon, there.cash_low) == (-back.ebit_horizon, -back.cash_low)
    net = effect_of(plan_of(gross_margin=first), plan_of(gross_margin=second), once)
    assert net.ebit_12_months == there.ebit_12_months - once
    assert net.lasts == (net.ebit_horizon > 0)
    assert net.is_timing == (net.ebit_12_months > 0 and net.ebit_horizon <= 0)


@pytest.mark.parametrize(
    ("effect", "lasts", "timing"),
    [(PlanEffect(50, 30), True, False), (PlanEffect(50, -30), False, True), (PlanEffect(-5, 3), True, False)],
)
def test_what_only_pulls_profit_forward_is_timing(effect: PlanEffect, lasts: bool, timing: bool) -> None:
    assert (effect.lasts, effect.is_timing) == (lasts, timing)
