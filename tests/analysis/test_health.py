"""Health by rule, benefits that came, and what an initiative is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sop.analysis.decisions.health import Health, health_of
from sop.analysis.performance.benefits import RealisedBenefit, realised_benefits
from sop.core.calendar import Calendar
from sop.core.inputs import Benefit, Gate, Initiative
from sop.core.plan import Block, Plan
from sop.core.register import Assumptions
from sop.portfolio.worth import value_initiative
from tests.integrated import cash_sales, company, plan_of, planner_of, tables

START, END = Gate("Start", -3, -3, -3), Gate("End", 4, 4, None, "Start")


def initiative(*milestones: Gate, **changes: Any) -> Initiative:
    known = {"name": "Lean", "owner": "ops", "goal": "Cost", "budget": 100.0, "spent": 50.0, "confidence": 0.8}
    return Initiative(**{**known, **changes}, milestones=milestones or (START, END), benefits=())


def health(*milestones: Gate, slip: float = 0.0, **changes: Any) -> Health:
    assumptions = Assumptions({("initiative_slip_months", "Lean"): slip} if slip else {})
    return health_of(initiative(*milestones, **changes), assumptions, Calendar("2026-01"))


def test_half_the_money_for_half_the_milestones_on_their_baseline_is_on_track() -> None:
    found = health()
    assert (found.state, found.reasons, found.slip_months) == ("on track", (), 0)
    assert (found.progress, found.spent_share) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("milestones", "changes", "state", "reason"),
    [
        ((START, replace(END, forecast=5)), {}, "at risk", "1 month behind its baseline"),
        ((START, replace(END, forecast=6)), {}, "late", "2 months behind its baseline"),
        ((START, END), {"slip": 2.0}, "late", "2 months behind its baseline"),
        ((START, replace(END, forecast=-1)), {}, "late", "End was expected in Dec 2025 and is not done"),
        ((replace(START, actual=None, forecast=0), replace(END, actual=-1)), {}, "at risk",
         "End is done before Start"),
        ((replace(START, actual=None, forecast=5), END), {}, "at risk", "End comes before Start"),
        ((), {"spent": 120.0}, "at risk", "120% of the budget is spent"),
        ((), {"spent": 76.0}, "at risk", "76% of the budget is spent, 50% of the milestones are done"),
        ((), {"budget": 0.0}, "at risk", "money is spent without a budget"),
    ],
)  # fmt: skip
def test_each_rule_names_its_reason(milestones: tuple, changes: dict, state: str, reason: str) -> None:
    found = health(*milestones, **changes)
    assert found.state == state
    assert reason in found.reasons


def test_an_initiative_with_every_milestone_done_is_done_and_one_without_confidence_stopped() -> None:
    assert health(START, replace(END, actual=4)).state == "done"
    assert health(confidence=0.0).state == "stopped"


# -- benefits that came


def signed(**measures: tuple[np.ndarray, tuple[tuple[str, ...], ...]]) -> Plan:
    """A plan signed for December 2025 that counted on half of what Lean promised."""
    blocks = {key: Block(values, names) for key, (values, names) in measures.items()}
    blocks["initiative_effect"] = Block(np.array([[0.5]]), (("Lean",),))
    return Plan(Calendar("2025-12", 1), "", "EUR", blocks, {}, {})


CARGO = (("Cargo",), ("North", "South"))


def realised(benefit: Benefit, **measures: Any) -> RealisedBenefit:
    """Of a benefit in the December that sold ten units in each region at 100."""
    item = initiative()
    inputs = replace(company(), initiatives=(replace(item, benefits=(benefit,)),))
    (found,) = realised_benefits(inputs, {"2025-12": signed(**measures)}, ("2025-11", "2025-12"))
    return found


def test_a_demand_benefit_is_what_came_beyond_the_signed_plan_without_it() -> None:
    # Signed 22 with +20% at half effect: 20 without, 2 promised. 20 came: nothing of it.
    found = realised(
        Benefit("demand", "Cargo", 0.2, "pct", 0, 1.0), consensus_demand=(np.full((1, 2, 1), 11), CARGO)
    )
    assert found.months == ("2025-12",), "no plan was signed for November"
    assert (found.without, found.promised, found.realised, found.share) == pytest.approx((20, 2, 0, 0))


def test_an_absolute_benefit_is_taken_back_in_units_and_a_region_is_a_scope() -> None:
    found = realised(
        Benefit("demand", "North", 4.0, "abs", 0, 1.0), consensus_demand=(np.full((1, 2, 1), 9), CARGO)
    )
    assert (found.without, found.promised, found.realised) == pytest.approx((7, 2, 3))
    assert found.share == pytest.approx(1.5)


def test_a_price_benefit_is_read_from_revenue_per_unit() -> None:
    found = realised(
        Benefit("price", "", 0.5, "pct", 0, 1.0),
        shipments=(np.full((1, 2, 1), 10), CARGO),
        revenue=(np.full((1, 2, 1), 112_500), CARGO),
    )
    # Signed 112.50 with +50% at half effect: 90 without; 100 was earned.
    assert (found.without, found.promised, found.realised) == pytest.approx((90, 22.5, 10))


def test_a_capacity_benefit_is_read_from_the_hours_that_the_line_showed() -> None:
    benefit = Benefit("capacity_hours", "Welding cell", 10.0, "abs", 0, 1.0)
    capacity = pd.DataFrame({"month": ["2025-12", "2026-01"], "resource": "Cell", "capacity_hours": [33.0, 30.0]})
    inputs = replace(company(capacity=capacity), initiatives=(replace(initiative(), benefits=(benefit,)),))
    plan = signed(capacity_hours=(np.array([[35.0]]), (("Cell",),)))
    (found,) = realised_benefits(inputs, {"2025-12": plan}, ("2025-12",))
    assert (found.without, found.promised, found.realised) == pytest.approx((30, 5, 3))


def test_what_cannot_be_measured_says_why() -> None:
    cost = realised(Benefit("unit_cost", "Cargo", -0.1, "pct", 0, 1.0))
    assert cost.realised is None and "whole company" in cost.why
    nowhere = realised(Benefit("demand", "Stools", 0.1, "pct", 0, 1.0))
    assert nowhere.why == "its scope names nothing that is loaded"
    lean = replace(initiative(), benefits=(Benefit("demand", "", 0.1, "pct", 0, 1.0),))
    (unsigned,) = realised_benefits(replace(company(), initiatives=(lean,)), {}, ("2025-12",))
    assert unsigned.why == "no signed plan of a closed month counted on it"


# -- worth


def test_an_initiative_is_worth_what_planning_without_it_loses() -> None:
    inputs = company()
    (lean,) = inputs.initiatives or ()
    full, stopped = plan_of(inputs), plan_of(inputs, initiative_confidence=0.0)
    worth = value_initiative(lean, cash_sales(), planner_of(inputs).build)
    assert worth.spend == 120_000, "the budget of 1200"
    assert worth.in_plan - worth.spend == full.headline["ebit"] - stopped.headline["ebit"]  # type: ignore[operator]
    assert (worth.promised, worth.at_risk) == (worth.in_plan, 0)
    assert worth.cash == full["cash"][-1] - stopped["cash"][-1]


def test_a_slip_puts_part_of_the_promise_at_risk() -> None:
    inputs = company(benefits=tables()["benefits"])
    (lean,) = inputs.initiatives or ()
    late = cash_sales(initiative_slip_months=3.0)
    worth = value_initiative(lean, late, planner_of(inputs).build)
    # Three months of a tenth of 60 on 25, 22 and 26 units.
    assert worth.at_risk == 600 * (25 + 22 + 26)
