"""What the Strategic initiatives page tells, on a small company that can be followed by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sop.core.inputs import Benefit, Gate, Initiative, Inputs
from sop.core.register import Assumptions
from sop.views.portfolio.initiative_detail import benefits_table, milestones_table, spend_table, strategy_table
from sop.views.timeline import PlanContext
from tests.integrated import company, plan_of

GATES = (Gate("Ordered", -2, -2, -1), Gate("Running", 1, 2, after="Ordered"))
BENEFITS = (Benefit("unit_cost", "Cargo", -0.1, "pct", 3, 1.0), Benefit("demand", "", 6.0, "abs", 0, 1.0))
LEANER = Initiative("Leaner", "Operations", "Margin", 900.0, 300.0, 0.5, GATES, BENEFITS)


def context_of(inputs: Inputs) -> PlanContext:
    """The context of these inputs' plan, nothing agreed yet."""
    return PlanContext(inputs, plan_of(inputs))


def with_initiatives(*initiatives: Initiative) -> Inputs:
    """The small company with these initiatives."""
    return replace(company(), initiatives=initiatives)


def test_strategy_runs_from_the_goal_to_the_lines_of_the_plan() -> None:
    table = strategy_table(context_of(with_initiatives(LEANER)), Assumptions())
    cost, demand = table.rows
    # 1 month behind its baseline; in a year both benefits are at half of what was promised.
    assert cost[:4] == ("Margin", "Leaner", "at risk", "Standard cost, Cargo")
    assert cost[4:] == ("−10% from Apr 2026", 0.5, "cost of sales in the financial plan")
    assert demand[3:5] == ("Demand, whole company", "+6 a month from Jan 2026")
    assert demand[6] == "demand in the sales plan; revenue in the financial plan"


def test_an_initiative_without_benefits_says_that_it_changes_nothing() -> None:
    (row,) = strategy_table(context_of(with_initiatives(replace(LEANER, benefits=()))), Assumptions()).rows
    assert row[3] == "nothing in the plan: no benefit is loaded" and row[4:] == (None, None, None)


def test_milestones_slip_against_their_baseline_with_the_owners_slip_on_open_ones() -> None:
    slip = Assumptions({("initiative_slip_months", "Leaner"): 1.0})
    done, ahead = milestones_table(with_initiatives(LEANER), slip).rows
    assert done == ("Leaner", "Ordered", None, "Nov 2025", None, "Dec 2025", "+1 month")
    assert ahead == ("Leaner", "Running", "Ordered", "Feb 2026", "Apr 2026", None, "+2 months")


def test_a_milestone_whose_month_has_passed_is_overdue() -> None:
    late = replace(LEANER, milestones=(Gate("Ordered", -2, -1),))
    assert milestones_table(with_initiatives(late), Assumptions()).rows[0][-1] == "+1 month, overdue"


def test_spend_reaches_the_budget_at_the_last_milestone_and_adds_up() -> None:
    over = replace(LEANER, name="Dearer", spent=1_000.0)
    inputs = with_initiatives(LEANER, over)
    table = spend_table(context_of(inputs), Assumptions())
    # 600 is left for January to March; of Dearer nothing is left and 100 too much is spent.
    assert table.rows[0][1:] == (90_000.0, 30_000.0, pytest.approx(1 / 3), 0.5, 60_000.0, 90_000.0, 0.0)
    assert table.figure("Dearer", "To budget") == 10_000
    assert table.rows[2][1:3] == (180_000.0, 130_000.0)
    assert table.rows[2][3] == pytest.approx(130 / 180)


def test_benefits_are_promised_planned_and_measured_only_where_a_signed_plan_counted_on_them() -> None:
    rows = benefits_table(context_of(with_initiatives(LEANER)), Assumptions()).rows
    assert rows[1][:4] == ("Leaner", "Demand, whole company", "+6 a month", 0.5)
    assert rows[1][6:] == (None, None, None, "no signed plan of a closed month counted on it")
