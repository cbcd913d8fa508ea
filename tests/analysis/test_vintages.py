"""The vintages of a month, by hand."""

from __future__ import annotations

from sop.analysis.performance.judged_steps import vintages
from sop.core.plan import Plan
from sop.facts.unit_worth import prices_of_several
from tests.tiny import tiny_inputs, tiny_plan


def plan_of(first: str, consensus: int) -> Plan:
    return tiny_plan(6, first, consensus_demand=[[[consensus]], [[2]]])


def test_vintages_are_every_cycles_forecast_of_one_month() -> None:
    plans = {"2026-11": plan_of("2026-11", 13), "2026-12": plan_of("2026-12", 7)}
    assert vintages("2026-12", plans) == [("2026-11", 15.0), ("2026-12", 9.0)]
    assert vintages("2026-11", plans, "Bikes") == [("2026-11", 13.0)]
    assert vintages("2026-12", plans, "No such family") == []


def test_the_forecasts_of_all_families_are_told_at_what_a_unit_sells_for_today() -> None:
    """Thirteen bikes at 100 and two cargo bikes at 1,000 are 3,300, and not fifteen of anything."""
    plans = {"2026-11": plan_of("2026-11", 13), "2026-12": plan_of("2026-12", 7)}
    worth = prices_of_several(tiny_inputs())
    assert worth == {"Bikes": 100_00, "Cargo": 1000_00}
    assert vintages("2026-12", plans, None, worth) == [("2026-11", 3300_00), ("2026-12", 2700_00)]
    assert vintages("2026-11", plans, "Bikes", worth) == [("2026-11", 13.0)], "of one family they are units"
