"""Hours that an initiative takes from a line which has fewer: named, with the months, and never less than none."""

import numpy as np
import pytest

from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.engine import build_plan
from sop.supply import supply_of
from tests.supply.test_supply_material_price import frame, inputs_of, tables


def plan_with(amount: float, confidence: float = 1.0) -> Plan:
    given = tables(
        initiatives=frame("initiative owner goal budget spent confidence",
                          ("Move", "Head of operations", "One plant", 1000.0, 0.0, confidence)),
        benefits=frame("initiative measure scope amount unit start_month ramp_months",
                       ("Move", "capacity_hours", "L1", amount, "abs", "2026-09", 1.0)),
    )  # fmt: skip
    return build_plan(inputs_of(given), Assumptions())


def hours_of(plan: Plan) -> list[float]:
    supply = supply_of(plan)
    assert supply is not None
    return supply.problem.line_hours[0, :4].tolist()


def said(plan: Plan) -> list[str]:
    return [str(found) for found in plan.findings if found.rule == "more_hours_taken_than_there_are"]


def test_500_hours_taken_from_a_line_of_400_are_named_with_who_takes_them():
    plan = plan_with(-500.0)
    assert hours_of(plan) == [400, 400, 0, 0]
    (sentence,) = said(plan)
    assert "initiative Move takes 500 hours in Sep 2026 from line L1, which has 400" in sentence
    assert "it is planned with none in Sep 2026 to Jun 2028" in sentence


@pytest.mark.parametrize(
    ("amount", "confidence", "left"), [(-400.0, 1.0, 0.0), (-500.0, 0.5, 150.0), (90.0, 1.0, 490.0)]
)
def test_what_a_line_has_may_be_taken_without_a_word(amount, confidence, left):
    plan = plan_with(amount, confidence)
    assert hours_of(plan) == [400, 400, left, left]
    assert said(plan) == []


def test_no_line_has_less_than_no_hours_whatever_is_taken():
    for amount in np.random.default_rng(1).uniform(-2000, 0, 8):
        plan = plan_with(float(amount))
        assert min(hours_of(plan)) >= 0
        assert bool(said(plan)) == (amount < -400.005)
