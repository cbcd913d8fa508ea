"""Scenarios side by side: the message and the table say the same, and the tornado adds up to its plans."""

from __future__ import annotations

import numpy as np
import pytest

from sop.analysis.commitments import build_commitments
from sop.analysis.decisions.levers import Lever
from sop.core.calendar import Calendar
from sop.core.plan import Availability, Block, Plan
from sop.core.register import Assumptions, assumption
from sop.core.terms import PlanName
from sop.views.executive.scenario_compare import (
    build_panels,
    build_rows,
    differences,
    missing_panels,
    scenario_message,
    tightest_line,
    value_levers,
)

M = 100_000_000
WORKING = {
    "revenue": 60 * M,
    "gross_margin": 20 * M,
    "ebit": 5 * M,
    "cash": M,
    "inventory": 6 * M,
    "lead_time": 30.1,
    "on_time": 0.96,
}
BETTER = WORKING | {"revenue": 60.8 * M, "ebit": 5.2 * M, "lead_time": 22.4}
AGREED = WORKING | {"revenue": 61.4 * M}


def euros(minor: float) -> str:
    return f"{minor / M:.1f} M€"


def make_plan(first_open: str = "2026-12", **values: object) -> Plan:
    months = 14
    blocks = {
        "total_revenue": Block(np.arange(months) * M, ()),
        "utilisation": Block(np.array([[0.5] * months, [0.9] * months]), (("L1", "L2"),)),
        "people": Block(np.array([[10, 12, 11] + [11] * 11]), (("Brno",),)),
        "cash": Block(np.array([5, 3, 4] + [9] * 11) * M, ()),
        "purchases": Block(np.full(months, M), ()),
    }
    known = {name: Availability(True) for name in PlanName}
    return Plan(Calendar(first_open, months), "G", "EUR", blocks, known, {"revenue": 66 * M, "ebit": None})


def test_the_message_tells_what_a_scenario_brings_and_where_it_stands() -> None:
    assert scenario_message("Second shift", BETTER, WORKING, "Working plan", AGREED, euros, "12 months") == (
        "“Second shift” adds 0.8 M€ revenue and 0.2 M€ EBIT; the lead time peak falls from 30 to 22 days. "
        "Revenue is 0.6 M€ short of the agreed plan."
    )


def test_opposite_moves_each_have_their_verb() -> None:
    now = WORKING | {"revenue": 61 * M, "ebit": 4 * M}
    told = scenario_message("Cheaper", now, WORKING, "Working plan", {}, euros, "12 months")
    assert told == "“Cheaper” adds 1.0 M€ revenue and takes 1.0 M€ EBIT."


def test_a_difference_that_would_be_written_as_nothing_is_not_told_as_one() -> None:
    now = WORKING | {"revenue": 60.04 * M}
    told = scenario_message("Hardly", now, WORKING, "Working plan", WORKING, euros, "12 months")
    assert told == (
        "“Hardly” moves neither revenue nor profit against the working plan: next 12 months' revenue is 60.0 M€. "
        "Revenue is as in the agreed plan."
    )


def test_without_ebit_the_margin_is_told() -> None:
    base = WORKING | {"ebit": None, "lead_time": None}
    now = base | {"gross_margin": 21 * M}
    assert scenario_message("A", now, base, "W", {}, euros, "12 months") == "“A” adds 1.0 M€ gross margin."


def test_the_working_plan_speaks_for_itself() -> None:
    told = scenario_message("Working plan", WORKING, WORKING, "Working plan", AGREED, euros, "12 months")
    assert told == "Working plan: next 12 months' revenue is 60.0 M€. Revenue is 1.4 M€ short of the agreed plan."


def test_every_row_but_the_references_own_has_its_difference() -> None:
    rows = build_rows([("Working plan", WORKING), ("Better", BETTER)], "Working plan", "Better")
    assert rows[0].differences == {} and not rows[0].current
    assert rows[1].differences["revenue"] == pytest.approx(0.8 * M) and rows[1].current


def test_a_missing_figure_has_no_difference() -> None:
    assert differences({"ebit": 1}, {"ebit": None})["ebit"] is None


def test_panels_put_the_agreed_plan_on_the_scenarios_months() -> None:
    panels = {panel.key: panel for panel in build_panels(make_plan(), make_plan("2026-11"), [], 1000.0)}
    assert panels["revenue"].scenario[:2] == (0.0, float(M))
    assert panels["revenue"].agreed == (*(float(m * M) for m in range(1, 14)), None)
    assert panels["cash"].limit == 100_000
    assert panels["load"].label == "L2 load"
    missing = missing_panels(make_plan(), tuple(panels.values()))
    assert missing.startswith("Gross margin, EBIT")
    assert all(label in missing for label in ("Inventory", "Lead time", "On time in full"))
    assert not any(label in missing for label in ("Revenue", "Cash"))


def test_without_an_agreed_plan_its_line_stays_empty() -> None:
    assert set(build_panels(make_plan(), None, [])[0].agreed) == {None}


def test_the_tightest_line_has_the_highest_mean_use() -> None:
    assert tightest_line(make_plan()) == "L2"


def test_each_end_of_the_tornado_is_a_plan_of_its_own() -> None:
    price = Lever(assumption("price_pct"), "", "", 0.0, 0.0, False)
    idle = Lever(assumption("dso_days"), "", "", 45.0, 45.0, False)

    def headline_of(assumptions: Assumptions) -> dict[str, float]:
        return {"ebit": 100 + 1000 * assumptions.value("price_pct")}

    shares: list[float] = []
    found = value_levers([price, idle], Assumptions(), headline_of, "ebit", shares.append)
    assert [(worth.lever, worth.down, worth.up) for worth in found] == [
        (price, pytest.approx(-5), pytest.approx(5))
    ]
    assert shares == [0.5, 1.0]


def test_a_measure_that_is_not_known_has_no_tornado() -> None:
    price = Lever(assumption("price_pct"), "", "", 0.0, 0.0, False)
    assert value_levers([price], Assumptions(), lambda a: {"cash": None}, "cash") == ()


def test_commitments_count_hires_from_the_people_before() -> None:
    lines = {line.label: line for line in build_commitments(make_plan(), np.array([8.0]))}
    assert lines["Hires"].months[:3] == (2.0, 2.0, 0.0) and lines["Hires"].total == 4.0
    assert lines["Releases"].months[:3] == (0.0, 0.0, 1.0)
    assert lines["Purchases"].total == 12 * M
    assert lines["Operating cash at month end"].total == 3 * M


def test_hires_of_the_first_month_are_not_known_without_the_people_before() -> None:
    lines = {line.label: line for line in build_commitments(make_plan())}
    assert lines["Hires"].months[:2] == (None, 2.0) and lines["Hires"].total is None
