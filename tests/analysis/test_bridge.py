"""The bridge: its steps add up, and it says what it compares."""

from __future__ import annotations

import numpy as np

from sop.analysis.comparison.bridge import MOST_FAMILIES, OTHERS, bridge_to_plan, bridge_without_plan, by_family
from sop.core.inputs import Budget
from tests.tiny import tiny_calendar, tiny_inputs, tiny_plan


def test_differences_to_an_older_plan_are_by_family_and_add_up() -> None:
    base = tiny_plan(revenue=[[[90_000]], [[250_000]]])
    bridge = bridge_to_plan(
        tiny_plan(), base, "agreed Jun 2026, rev 1", "plan agreed for Jun 2026", "Working plan"
    )
    assert bridge is not None
    assert bridge.steps == (("Cargo", -600_000.0), ("Bikes", 120_000.0))
    assert bridge.total == 12 * 300_000
    assert bridge.main_cause is None
    assert bridge.title == "Difference to the plan agreed for Jun 2026, by family"


def test_a_plan_that_ends_too_soon_is_not_compared() -> None:
    assert bridge_to_plan(tiny_plan(), tiny_plan(months=6), "a", "b", "c") is None


def test_before_the_first_agreed_plan_it_compares_with_the_budget() -> None:
    budget = Budget(tiny_calendar().months, np.ones((2, 1, 12)), np.full((2, 1, 12), 1_000.0), None)
    bridge = bridge_without_plan(tiny_plan(), tiny_inputs(budget=budget), "Working plan")
    assert bridge is not None and bridge.reference == "budget"
    assert bridge.start == ("Budget", 2_400_000.0)
    assert bridge.steps == (("Cargo", 1_200_000.0),)


def test_without_a_budget_it_compares_with_the_last_twelve_months() -> None:
    bridge = bridge_without_plan(tiny_plan(), tiny_inputs(), "Working plan")
    assert bridge is not None and bridge.reference == "last 12 months"
    assert (bridge.start[1], bridge.steps, bridge.total) == (3_600_000.0, (), 3_600_000.0)


def test_with_less_than_a_year_of_sales_there_is_nothing_to_compare_with() -> None:
    assert bridge_without_plan(tiny_plan(), tiny_inputs(months=11), "Working plan") is None


def test_many_families_end_in_one_step_for_the_others() -> None:
    reference = {f"Family {n:02d}": -1_000.0 - n for n in range(MOST_FAMILIES + 5)}
    bridge = by_family(tiny_plan(), reference, "Budget", "budget", "Plan", "")
    assert len(bridge.steps) == MOST_FAMILIES + 1 and bridge.steps[-1][0] == OTHERS
    assert bridge.total == 12 * 300_000
