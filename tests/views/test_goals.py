"""Goals by cycle: what each plan counted on, and what came, in the figures of the plans themselves."""

from __future__ import annotations

import pytest

from sop.core.inputs import Initiative
from sop.views.portfolio.goals import goal_records, goals_line, goals_table
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
    assert goals_line([record]) == "Grow: 30% of its full benefit promised (was 60%), nothing due yet"
    assert goals_table([record]).figure("Grow", "Dec 26") == pytest.approx(0.6)
    assert not goals_table([]).rows and goals_line([]) == ""
