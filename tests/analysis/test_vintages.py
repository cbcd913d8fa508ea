"""The vintages of a month, by hand."""

from __future__ import annotations

from sop.analysis.performance.judged_steps import vintages
from sop.core.plan import Plan
from tests.tiny import tiny_plan


def plan_of(first: str, consensus: int) -> Plan:
    return tiny_plan(6, first, consensus_demand=[[[consensus]], [[2]]])


def test_vintages_are_every_cycles_forecast_of_one_month() -> None:
    plans = {"2026-11": plan_of("2026-11", 13), "2026-12": plan_of("2026-12", 7)}
    assert vintages("2026-12", plans) == [("2026-11", 15.0), ("2026-12", 9.0)]
    assert vintages("2026-11", plans, "Bikes") == [("2026-11", 13.0)]
    assert vintages("2026-12", plans, "No such family") == []
