"""Forecast accuracy by lag and step, and the vintages of a month, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sop.core.inputs import History
from sop.core.plan import Plan
from sop.review.accuracy import NAIVE, STEP_NAMES, accuracy_by_lag, vintages
from tests.review.tiny import tiny_inputs, tiny_plan

MONTHS = ("2026-10", "2026-11", "2026-12")


def plan_of(first: str, baseline: int, consensus: int) -> Plan:
    return tiny_plan(6, first, baseline_forecast=[[[baseline]], [[2]]], consensus_demand=[[[consensus]], [[2]]])


@pytest.fixture
def plans() -> dict[str, Plan]:
    """Asked for were 10 bikes and 2 cargo bikes every month."""
    return {"2026-11": plan_of("2026-11", 16, 13), "2026-12": plan_of("2026-12", 12, 7)}


def test_lag_one_is_the_plan_that_opens_with_the_month(plans: dict[str, Plan]) -> None:
    rows = {row.step: row for row in accuracy_by_lag(tiny_inputs(), MONTHS, plans) if row.lag == 1}
    assert [row.months for row in rows.values()] == [2, 2, 2]
    assert rows[NAIVE].wape == 0
    assert rows["Statistical forecast"].wape == pytest.approx((6 + 2) / 24)
    assert rows["Consensus"].wape == pytest.approx((3 + 3) / 24)


def test_bias_is_positive_for_an_over_forecast_and_lets_errors_cancel(plans: dict[str, Plan]) -> None:
    rows = {row.step: row for row in accuracy_by_lag(tiny_inputs(), MONTHS, plans) if row.lag == 1}
    assert rows["Statistical forecast"].bias == pytest.approx(8 / 24)
    assert rows["Consensus"].bias == pytest.approx(0)


def test_lag_two_is_the_plan_of_the_month_before(plans: dict[str, Plan]) -> None:
    rows = [row for row in accuracy_by_lag(tiny_inputs(), MONTHS, plans) if row.lag == 2]
    assert [(row.step, row.months) for row in rows] == [(step, 1) for step in STEP_NAMES]
    assert rows[-1].wape == pytest.approx(3 / 12)


def test_value_added_is_the_error_that_a_step_takes_away(plans: dict[str, Plan]) -> None:
    rows = {row.step: row for row in accuracy_by_lag(tiny_inputs(), MONTHS, plans) if row.lag == 1}
    assert rows[NAIVE].value_added is None
    assert rows["Statistical forecast"].value_added == pytest.approx(-8 / 24)
    assert rows["Consensus"].value_added == pytest.approx(8 / 24 - 6 / 24)
    assert rows["Consensus"].low is None and rows["Consensus"].proven is None


def test_luck_is_not_praised_but_a_steady_gain_is() -> None:
    months = ("2026-09", *MONTHS)
    steady = {m: plan_of(m, 14 + i % 2, 10) for i, m in enumerate(months)}
    lucky = {m: plan_of(m, 11 + 9 * (i == 0), 11 + 3 * (i == 1)) for i, m in enumerate(months)}
    found = [
        next(r for r in accuracy_by_lag(tiny_inputs(), months, plans) if r.lag == 1 and r.step == "Consensus")
        for plans in (steady, lucky)
    ]
    assert [row.value_added > 0 for row in found] == [True, True]
    assert [row.proven for row in found] == [True, False]


def test_all_steps_are_measured_on_the_same_months(plans: dict[str, Plan]) -> None:
    inputs = tiny_inputs(months=13)
    assert {row.months for row in accuracy_by_lag(inputs, MONTHS, plans) if row.lag == 1} == {1}


def test_a_month_without_demand_has_no_accuracy(plans: dict[str, Plan]) -> None:
    past = tiny_inputs().history.months
    nothing = np.zeros((2, 1, len(past)))
    assert accuracy_by_lag(tiny_inputs(history=History(past, nothing, nothing, nothing)), MONTHS, plans) == []


def test_vintages_are_every_cycles_forecast_of_one_month(plans: dict[str, Plan]) -> None:
    assert vintages("2026-12", plans) == [("2026-11", 15.0), ("2026-12", 9.0)]
    assert vintages("2026-11", plans, "Bikes") == [("2026-11", 13.0)]
    assert vintages("2026-12", plans, "No such family") == []
