"""The cards: values, comparisons, and what is known of the closed months."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop.analysis.performance.kpis import Kpi, build_kpis, rolling_sum
from sop.core.inputs import Budget, Ledger
from sop.facts.actuals import DeliveryHistory, delivery_history
from sop.facts.closed import closed_facts
from tests.tiny import tiny_calendar, tiny_inputs, tiny_plan


def card(kpis: tuple[Kpi, ...], key: str) -> Kpi:
    return next(kpi for kpi in kpis if kpi.key == key)


def test_revenue_stands_beside_the_compared_plan_and_the_budget() -> None:
    months = tiny_calendar().months
    budget = Budget(months, np.ones((2, 1, 12)), np.full((2, 1, 12), 1_600.0), None)
    base = tiny_plan(revenue=[[[90_000]], [[200_000]]])
    revenue = card(build_kpis(tiny_plan(), base, tiny_inputs(budget=budget)), "revenue")
    assert revenue.value == 12 * 300_000
    assert revenue.against_base == 12 * 10_000
    assert revenue.against_budget == 12 * (300_000 - 320_000)


def test_the_card_shows_twelve_closed_months_then_the_planned_ones() -> None:
    revenue = card(build_kpis(tiny_plan(), None, tiny_inputs()), "revenue")
    assert revenue.months[0] == "2026-01" and revenue.months[-1] == "2027-12"
    assert revenue.actual == (300_000.0,) * 12 + (None,) * 12
    assert revenue.plan == (None,) * 12 + (300_000.0,) * 12
    assert revenue.agreed == (None,) * 24


def test_what_cannot_be_known_is_none_and_never_zero() -> None:
    kpis = build_kpis(tiny_plan(), None, tiny_inputs())
    for key in ("gross_margin", "ebit", "cash", "inventory", "lead_time", "on_time"):
        unknown = card(kpis, key)
        assert (unknown.value, unknown.against_base, unknown.against_budget) == (None, None, None)
        assert set(unknown.actual) == {None}


def test_a_base_that_ends_too_soon_gives_no_difference() -> None:
    assert card(build_kpis(tiny_plan(), tiny_plan(months=6), tiny_inputs()), "revenue").against_base is None


def test_the_ledger_gives_the_past_of_margin_ebit_and_cash() -> None:
    months = ("2026-11", "2026-12")
    lines = {"revenue": 500.0, "cost_of_sales": 300.0, "operating_cost": 90.0, "depreciation": 10.0, "cash": 70.0}
    actual = {name: np.array([value, np.nan]) for name, value in lines.items()}
    kpis = build_kpis(tiny_plan(), None, tiny_inputs(ledger=Ledger(months, actual, {})))
    assert card(kpis, "gross_margin").actual[10:12] == (20_000.0, None)
    assert card(kpis, "ebit").actual[10:12] == (10_000.0, None)
    assert card(kpis, "cash").actual[10:12] == (7_000.0, None)


def test_deliveries_give_on_time_by_value_and_the_day_promised_and_the_wait_of_the_family_told() -> None:
    lines = pd.DataFrame(
        [
            ("B1", "2026-12-01", "2026-12-31", "2026-12-31", 6, 6),
            ("B1", "2026-12-01", "2026-12-20", "2027-01-02", 2, 2),
            ("C1", "2026-11-01", "2026-12-15", "2026-12-11", 1, 1),
            ("C1", "2026-11-20", "2026-12-24", None, 1, 0),
        ],
        columns=["product", "ordered", "promised", "delivered", "quantity_ordered", "quantity_delivered"],
    )
    lines["requested"] = lines["promised"]
    found = delivery_history(tiny_inputs(), closed_facts(tiny_inputs(), lines, None), "Cargo")
    assert found.on_time == {"2026-12": pytest.approx(1_600 / 2_800)}
    assert found.lead_days == {"2026-12": 40.0}


def test_deliveries_reach_the_cards() -> None:
    kpis = build_kpis(tiny_plan(), None, tiny_inputs(), DeliveryHistory({"2026-12": 0.7}, {"2026-12": 40.0}))
    assert card(kpis, "on_time").actual[11] == 0.7
    assert card(kpis, "lead_time").actual[11] == 40.0


def test_a_rolling_sum_needs_every_month() -> None:
    values = {"2026-01": 1.0, "2026-02": 2.0, "2026-04": 4.0}
    assert rolling_sum(values, ["2026-02", "2026-03", "2026-04"], window=2) == [3.0, None, None]
