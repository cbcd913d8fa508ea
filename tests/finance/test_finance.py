"""Revenue, cost, variances, working capital and cash on figures that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sop.core.calendar import Calendar
from sop.core.inputs import Ledger
from sop.facts.stock_value import value_of_stock
from sop.finance.pnl import build_profit_and_loss, build_revaluation, build_revenue, trailing_cost
from sop.finance.variances import SupplyCost, period_variances
from sop.finance.working_capital import count_back, project_balance, project_cash


def test_revenue_is_rounded_once_where_it_arises() -> None:
    revenue = build_revenue(np.array([[[3, 1]]]), np.array([[[1.006, 2.0]]]))
    assert revenue.tolist() == [[[302, 200]]], "3 × 1.006 = 3.018"


def test_a_change_of_standard_cost_revalues_what_is_there_that_day() -> None:
    # 10 units at 2.00 become 10 at 2.50; the 12 at the end of the month are worth 2.20 from the next one on.
    opening, units = np.array([10.0]), np.array([[12, 0, 5]])
    cost = np.array([[2.5, 2.2, 3.0]])
    change = build_revaluation(opening, units, np.array([2.0]), cost)
    assert change.tolist() == [[500, -360, 0]], "nothing is there when the cost changes last"
    assert value_of_stock(units, cost).tolist() == [[3000, 0, 1500]]


def test_stock_without_a_known_cost_has_no_value_and_no_stock_is_worth_nothing() -> None:
    value = value_of_stock(np.array([[4.0], [0.0]]), np.array([[np.nan], [np.nan]]))
    assert np.isnan(value[0, 0]) and value[1, 0] == 0.0


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


def test_what_the_ledger_proves_nothing_of_is_its_trailing_mean() -> None:
    assert trailing_cost(LEDGER, "operating_cost", TWO).tolist() == [5000, 5000]  # type: ignore[union-attr]
    assert trailing_cost(LEDGER, "capital_spending", TWO) is None


def test_profit_and_loss_stops_where_its_inputs_stop() -> None:
    revenue, cost, operating = np.array([[[10_000]]]), np.array([[[6_000]]]), np.array([5_000])
    lines = build_profit_and_loss(revenue, None, {}, {}, None, ONE, None)
    assert set(lines) == {"total_revenue"}
    lines = build_profit_and_loss(revenue, cost, {}, {}, None, ONE, None)
    assert "ebit" not in lines and lines["gross_margin"].tolist() == [4000]
    lines = build_profit_and_loss(revenue, cost, {}, {}, LEDGER, ONE, operating)
    assert lines["ebit"].tolist() == [4000 - 5000 - 500] and "revaluation" not in lines
    assert "launch_spend" not in lines, "there are no launches"
    spend = {"launch_spend": np.array([700])}
    lines = build_profit_and_loss(revenue, cost, {}, spend, LEDGER, ONE, operating)
    assert lines["ebit"].tolist() == [4000 - 5000 - 500 - 700]
    lines = build_profit_and_loss(revenue, cost, {}, {}, LEDGER, ONE, operating, np.array([-30]))
    assert lines["gross_margin"].tolist() == [3970] and lines["ebit"].tolist() == [3970 - 5500]
    lines = build_profit_and_loss(revenue, cost, {}, {}, LEDGER, ONE, operating, to_margin=True)
    assert "ebit" not in lines and lines["gross_margin"].tolist() == [4000]
    assert build_profit_and_loss(revenue * np.nan, cost, {}, {}, LEDGER, ONE, operating) == {}
