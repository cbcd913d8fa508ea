"""Revenue, cost, variances, working capital and cash on figures that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sop.core.calendar import Calendar
from sop.core.inputs import Ledger
from sop.core.register import Assumptions
from sop.finance.pnl import build_profit_and_loss, build_revenue, build_stock_value, trailing_cost
from sop.finance.variances import SupplyCost, period_variances
from sop.finance.working_capital import count_back, project_balance, project_cash


def test_revenue_is_rounded_once_where_it_arises() -> None:
    revenue = build_revenue(np.array([[[3, 1]]]), np.array([[[1.006, 2.0]]]))
    assert revenue.tolist() == [[[302, 200]]], "3 × 1.006 = 3.018"


def test_stock_value_moves_by_receipts_less_shipments_at_standard() -> None:
    value = build_stock_value(np.array([10.0]), np.array([[5, 0]]), np.array([[3, 12]]), np.array([[2.0, 2.0]]))
    assert value.tolist() == [[2400, 0]]


def test_count_back_takes_the_last_days_of_flows() -> None:
    # 45 days at the end of February: all 28 of February and 17 of 31 of January.
    assert count_back(np.array([310.0, 280.0]), [31, 28], 45)[1] == pytest.approx(280 + 310 * 17 / 31)


def test_a_stated_opening_balance_runs_off_over_the_outstanding_days() -> None:
    flat = np.full(4, 300.0)
    balance = project_balance(flat, flat, [30] * 4, [30] * 4, 60, opening=900.0)
    assert balance.tolist() == [750.0, 600.0, 600.0, 600.0], "300 too much, half of it gone after a month"


def test_cash_follows_profit_and_working_capital() -> None:
    whole = {name: np.array(values) for name, values in {
        "ebit": [100, 50], "depreciation": [10, 10], "capital_spending": [0, 80], "stock_value": [420, 400],
        "receivables": [180, 170], "payables": [80, 70],
    }.items()}  # fmt: skip
    opening = {"cash": 1000, "stock_value": 400, "receivables": 190, "payables": 90}
    assert project_cash(whole, opening).tolist() == [1090, 1090]


def test_cash_follows_what_is_paid_below_profit_and_what_is_borrowed() -> None:
    whole = {name: np.array(values) for name, values in {
        "ebit": [100, 50], "tax": [0, 30], "interest": [5, 5], "dividend": [0, 40], "other_cash": [-2, 3],
        "debt": [250, 200],
    }.items()}  # fmt: skip
    # 1000 + 100 − 5 − 2 + 50 borrowed; then + 50 − 30 − 5 − 40 + 3 − 50 repaid.
    assert project_cash(whole, {"cash": 1000, "debt": 200}).tolist() == [1143, 1071]


def test_variances_are_actual_less_standard_by_name() -> None:
    one = np.ones(1)
    cost = SupplyCost(
        wages=100 * one, overtime=9 * one, standard_labour=80 * one, routing=3 * one, subcontract=50 * one,
        standard_subcontract=40 * one, hiring=7 * one, release=0 * one, relief=1 * one,
    )  # fmt: skip
    found = {name: int(value[0]) for name, value in period_variances(cost).items()}
    assert found == {"labour": 2000, "overtime": 900, "routing": 300, "subcontract": 1000, "hiring": 700,
                     "release": 0, "relief": 100}  # fmt: skip


ONE, TWO = Calendar("2026-01", horizon=1), Calendar("2026-01", horizon=2)
LEDGER = Ledger(
    ("2025-11", "2025-12"), {"operating_cost": np.array([40.0, 60.0]), "depreciation": np.array([np.nan, 5.0])}, {}
)


def test_operating_cost_is_the_trailing_mean_and_moves_with_its_assumption() -> None:
    assert trailing_cost(LEDGER, "operating_cost", TWO).tolist() == [5000, 5000]  # type: ignore[union-attr]
    assert trailing_cost(LEDGER, "operating_cost", ONE, 0.1).tolist() == [5500]  # type: ignore[union-attr]
    assert trailing_cost(LEDGER, "capital_spending", TWO) is None


def test_profit_and_loss_stops_where_its_inputs_stop() -> None:
    revenue, cost = np.array([[[10_000]]]), np.array([[[6_000]]])
    lines = build_profit_and_loss(revenue, None, {}, {}, None, Assumptions(), ONE)
    assert set(lines) == {"total_revenue"}
    lines = build_profit_and_loss(revenue, cost, {}, {}, None, Assumptions(), ONE)
    assert "ebit" not in lines and lines["gross_margin"].tolist() == [4000]
    lines = build_profit_and_loss(revenue, cost, {}, {}, LEDGER, Assumptions(), ONE)
    assert lines["ebit"].tolist() == [4000 - 5000 - 500]
    assert "launch_spend" not in lines, "there are no launches"
    spend = {"launch_spend": np.array([700])}
    lines = build_profit_and_loss(revenue, cost, {}, spend, LEDGER, Assumptions(), ONE)
    assert lines["ebit"].tolist() == [4000 - 5000 - 500 - 700]
    lines = build_profit_and_loss(revenue, cost, {}, {}, LEDGER, Assumptions(), ONE, to_margin=True)
    assert "ebit" not in lines and lines["gross_margin"].tolist() == [4000]
    assert build_profit_and_loss(revenue * np.nan, cost, {}, {}, LEDGER, Assumptions(), ONE) == {}
