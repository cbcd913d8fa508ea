"""Accuracy and value added of every step, by hand: asked for were 10 bikes and 2 cargo bikes every month.

A bike sells at 100 and a cargo bike at 1,000, so that a month of both is worth 30 bikes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sop.analysis.performance.judged_steps import judge_steps, said_of
from sop.core.inputs import History, Inputs
from sop.core.override_scopes import MARKETING_UNITS
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.core.scores import ALL, CONSENSUS, MARKETING, NAIVE, SALES, STATISTICAL, STEPS, StepAccuracy
from tests.tiny import tiny_inputs, tiny_plan

MONTHS = ("2026-09", "2026-10", "2026-11", "2026-12")


def plan_of(first: str, baseline: int, consensus: int, overrides: int | None = None) -> Plan:
    """A plan of bikes whose consensus is its baseline with overrides, and whatever else."""
    added = consensus - baseline if overrides is None else overrides
    return tiny_plan(
        6,
        first,
        baseline_forecast=[[[baseline]], [[2]]],
        overrides=[[[added]], [[0]]],
        consensus_demand=[[[consensus]], [[2]]],
    )


def judged(plans: list[Plan], inputs: Inputs | None = None, said: Assumptions | None = None) -> list[StepAccuracy]:
    inputs = inputs or tiny_inputs()
    return list(judge_steps(inputs, [said_of(plan, said or Assumptions()) for plan in plans]))


def at(rows: list[StepAccuracy], lag: int = 1, family: str = ALL, region: str = ALL) -> dict[str, StepAccuracy]:
    return {row.step: row for row in rows if (row.lag, row.family, row.region) == (lag, family, region)}


@pytest.fixture
def rows() -> list[StepAccuracy]:
    return judged([plan_of("2026-11", 16, 13), plan_of("2026-12", 12, 7)])


def test_lag_one_is_the_plan_that_opens_with_the_month(rows: list[StepAccuracy]) -> None:
    found = at(rows)
    assert tuple(found) == STEPS and {row.months for row in found.values()} == {2}
    assert found[NAIVE].wape.value == 0
    assert found[STATISTICAL].wape.value == pytest.approx((6 + 2) / 60)
    assert found[SALES].wape.value == found[CONSENSUS].wape.value == pytest.approx((3 + 3) / 60)


def test_bias_is_positive_for_an_over_forecast_and_lets_errors_cancel(rows: list[StepAccuracy]) -> None:
    assert at(rows)[STATISTICAL].bias.value == pytest.approx(8 / 60)
    assert at(rows)[CONSENSUS].bias.value == pytest.approx(0)
    assert at(rows)[STATISTICAL].tracking_signal.value == pytest.approx(8 / 4)


def test_lag_two_is_the_plan_of_the_month_before(rows: list[StepAccuracy]) -> None:
    found = at(rows, 2)
    assert [row.months for row in found.values()] == [1] * len(STEPS)
    assert found[CONSENSUS].wape.value == pytest.approx(3 / 30)
    assert at(rows, 3) == {}


def test_value_added_is_the_error_that_a_step_takes_away(rows: list[StepAccuracy]) -> None:
    found = at(rows)
    assert found[NAIVE].added is None
    gains = {step: row.added.value for step, row in found.items() if row.added}
    assert gains[STATISTICAL] == pytest.approx(-8 / 60)
    assert gains[SALES] == pytest.approx(8 / 60 - 6 / 60)
    assert gains[MARKETING] == gains[CONSENSUS] == 0


def test_each_function_is_judged_by_its_own_override() -> None:
    plans = [plan_of(month, 8, 12, overrides=3) for month in MONTHS]
    entries = {(MARKETING_UNITS, f"Bikes|North|{month}"): 2.0 for month in MONTHS}
    gains = {s: row.added.value for s, row in at(judged(plans, said=Assumptions(entries))).items() if row.added}
    assert gains[SALES] == pytest.approx((2 - 1) / 30)
    assert gains[MARKETING] == pytest.approx((1 - 1) / 30)
    assert gains[CONSENSUS] == pytest.approx((1 - 2) / 30)


def test_families_and_regions_are_judged_apart(rows: list[StepAccuracy]) -> None:
    assert at(rows, family="Bikes")[STATISTICAL].wape.value == pytest.approx(8 / 20)
    assert at(rows, family="Cargo")[STATISTICAL].wape.value == 0
    assert at(rows, region="North")[STATISTICAL].wape.value == pytest.approx(8 / 60)


def test_where_no_price_is_known_errors_of_families_are_those_of_units() -> None:
    inputs = tiny_inputs()
    unpriced = replace(inputs, position=replace(inputs.position, price=np.full((2, 1), np.nan)))
    found = at(judged([plan_of("2026-11", 16, 13), plan_of("2026-12", 12, 7)], unpriced))
    assert found[STATISTICAL].wape.value == pytest.approx(8 / 24)


def test_a_family_is_judged_alone_in_all_and_in_each_region(rows: list[StepAccuracy]) -> None:
    said = [said_of(plan, Assumptions()) for plan in (plan_of("2026-11", 16, 13), plan_of("2026-12", 12, 7))]
    found = judge_steps(tiny_inputs(), said, "Bikes")
    assert {row.family for row in found} == {"Bikes"} and {row.region for row in found} == {ALL, "North"}
    assert at(list(found), family="Bikes") == at(rows, family="Bikes")
    assert at(list(found), family="Bikes", region="North")[STATISTICAL].wape.value == pytest.approx(8 / 20)


def test_luck_is_not_praised_but_a_steady_gain_is() -> None:
    steady = [plan_of(m, 14 + i % 2, 10) for i, m in enumerate(MONTHS)]
    lucky = [plan_of(m, 11 + 9 * (i == 0), 11 + 3 * (i == 1)) for i, m in enumerate(MONTHS)]
    added = [at(judged(plans))[SALES].added for plans in (steady, lucky)]
    assert [each.value > 0 for each in added if each] == [True, True]
    assert [each.proven for each in added if each] == [True, False]


def test_too_few_months_say_so(rows: list[StepAccuracy]) -> None:
    added = at(rows)[SALES].added
    assert added is not None and np.isnan(added.lo) and "fewer than 3 months" in added.reason


def test_all_steps_are_measured_on_the_same_months() -> None:
    plans = [plan_of("2026-11", 16, 13), plan_of("2026-12", 12, 7)]
    assert {row.months for row in at(judged(plans, tiny_inputs(months=13))).values()} == {1}


def test_mase_is_scaled_by_the_months_before_those_that_are_judged() -> None:
    past = tiny_inputs(30).history.months
    units = np.repeat(np.array([[[10.0]], [[2.0]]]), 30, axis=2)
    units[0, 0, :12] = 6.0
    history = History(past, units, units, units)
    found = at(judged([plan_of("2026-12", 12, 8)], tiny_inputs(30, history=history)))
    # 17 months before December can be held against those a year earlier; bikes grew by 4 in 12 of them.
    assert found[STATISTICAL].mase.value == pytest.approx((2 + 0) / 2 / (12 * 4 / (2 * 17)))


def test_a_family_that_the_old_plan_did_not_know_is_not_judged() -> None:
    plan = plan_of("2026-12", 12, 8)
    found = judged([plan], replace(tiny_inputs(), regions=("South",)))
    assert found == []


def test_without_an_agreed_plan_or_demand_there_is_nothing_to_praise() -> None:
    assert judged([]) == []
    past = tiny_inputs().history.months
    nothing = np.zeros((2, 1, len(past)))
    rows = judged([plan_of("2026-12", 12, 8)], tiny_inputs(history=History(past, nothing, nothing, nothing)))
    assert all(np.isnan(row.wape.value) and "no demand" in row.wape.reason for row in rows)
