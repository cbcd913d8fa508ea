"""The row of filters says what is fixed, and claims nothing before a first plan is agreed."""

from __future__ import annotations

from dataclasses import replace

from sop.core.calendar import period_name
from sop.ui.panels.plans.layout import fences_text
from tests.tiny import tiny_plan
from tests.views.test_plan_views import context_of


def test_nothing_is_called_frozen_before_a_plan_is_agreed() -> None:
    plan = tiny_plan(12)
    plan = replace(plan, calendar=replace(plan.calendar, frozen=1, slushy=3))
    alone = replace(context_of(plan), base=None, agreed={})
    assert fences_text(alone) == ""
    frozen, slushy = period_name(plan.months[0]), period_name(plan.months[2])
    assert fences_text(replace(alone, base=plan)) == (
        f"frozen to **{frozen}**, changes need approval to **{slushy}**"
    )
