"""Goals by cycle: what each plan counted on, and what came, in the figures of the plans themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sop.core.inputs import Benefit, Initiative
from sop.portfolio.worth import PromiseByMonth
from sop.views.portfolio.goals import goal_money_table, goal_records, goals_now_table, goals_table
from tests.tiny import tiny_inputs, tiny_plan


def initiative(name: str, goal: str) -> Initiative:
    return Initiative(name=name, owner="Sales", goal=goal, budget=1.0, spent=0.0, confidence=0.5,
                      milestones=(), benefits=())  # fmt: skip


def test_each_goal_tells_what_every_cycle_promised_of_its_initiatives() -> None:
    items = (initiative("Line 1", "Grow"),)
    inputs = tiny_inputs(initiatives=items)
    then = tiny_plan(first="2026-12", initiative_effect=[[0.6]])
    now = tiny_plan(initiative_effect=[[0.3]])
    (record,) = goal_records(inputs, {"2026-12": then}, now)
    assert record.goal == "Grow" and record.initiatives == ("Line 1",) and record.realised is None
    assert dict(record.promised) == {"2026-12": pytest.approx(0.6), "2027-01": pytest.approx(0.3)}
    (row,) = goals_now_table([record]).rows
    assert row == ("Grow", pytest.approx(0.3), pytest.approx(0.6), None, None, "nothing due yet")
    assert goals_table([record]).figure("Grow", "Dec 26") == pytest.approx(0.6)
    assert not goals_table([]).rows and not goals_now_table([]).rows


def test_money_is_told_by_cycle_and_what_came_is_a_part_of_what_was_due() -> None:
    items = (replace(initiative("Line 1", "Grow"), benefits=(Benefit("demand", "", 0.2, "pct", 0, 1.0),)),)
    inputs = tiny_inputs(initiatives=items)
    # Demand of ten and two units came; the plan in force counted on half a fifth more than it would have without.
    then = tiny_plan(first="2026-12", initiative_effect=[[0.5]], consensus_demand=[[[11]], [[2.2]]])
    now = tiny_plan(initiative_effect=[[0.5]])
    months = dict.fromkeys(then.months, 10000)
    cash = {then.months[-1]: 7_00}
    promises = {
        "2026-12": {"Grow": PromiseByMonth(months, cash)},
        "2027-01": {"Grow": PromiseByMonth(dict.fromkeys(now.months, 50_00), {})},
    }
    (record,) = goal_records(inputs, {"2026-12": then}, now, promises)
    signed, shown = record.money["2026-12"], record.money["2027-01"]
    assert (signed.promised, signed.cash, signed.due) == (1_200_00, 7_00, 100_00)
    assert signed.came == round(100_00 * record.realised) and record.realised == pytest.approx(0.0, abs=1e-9)
    assert (shown.promised, shown.cash, shown.due, shown.came) == (600_00, None, None, None)
    table = goal_money_table([record])
    assert [row[1] for row in table.rows] == [
        "Profit promised in the months ahead", "Cash promised in the months ahead", "Profit due in the month",
    ]  # fmt: skip
    assert goals_now_table([record]).rows[0][3:] == (600_00, None, "0%")
