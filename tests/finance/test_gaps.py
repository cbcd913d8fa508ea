"""Gaps explained to the cent: by hand on two products, and on whole generated companies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.plan import PlanDetail
from sop.finance.explained import (
    WITHIN_OPERATING,
    actual_year_gap,
    budget_gap,
    plan_year_items,
)
from sop.finance.gap import Trade, explain_items, explain_margin
from tests.integrated import AHEAD, cash_sales, company, plan_of, tables


def trade(units: list[float], revenue: list[int], cost: list[int] | None = None) -> Trade:
    return Trade(np.array(units), np.array(revenue), None if cost is None else np.array(cost))


ITEM_NAMES = ("Bike", "Cart", "Old", "New")
BASE = trade([100.0, 50.0, 10.0, 0.0], [100_000, 150_000, 9_000, 0], [60_000, 100_000, 5_000, 0])
NOW = trade([120.0, 40.0, 0.0, 5.0], [132_000, 116_000, 0, 7_000], [78_000, 80_000, 0, 3_000])


def test_revenue_is_explained_by_volume_mix_price_and_what_came_and_went() -> None:
    gap = explain_items(ITEM_NAMES, NOW, BASE).gap
    # Both years: 150 units for 250 000, now 160: ten more at 1 666.67 on average.
    # At the old prices 120 × 1000 + 40 × 3000 = 240 000, so mix takes 26 667; prices add 8 000.
    assert dict(gap.steps) == {"Volume": 16_667, "Mix": -26_667, "Price": 8_000, "Currency": 0, "New": 7_000,
                               "Discontinued": -9_000}  # fmt: skip
    assert (gap.base, gap.now, gap.residual) == (259_000, 255_000, 0)


def test_currency_is_taken_out_of_price() -> None:
    gap = explain_items(ITEM_NAMES, NOW, BASE, np.array([5_000, 0, 0, 999])).gap
    assert (gap.steps["Price"], gap.steps["Currency"], gap.residual) == (3_000, 5_000, 0)


def test_margin_is_explained_with_cost_a_unit_apart() -> None:
    gap = explain_margin(NOW, BASE)
    # Old margins 400 and 1000 a unit: at them 48 000 + 40 000; old cost of now's units 72 000 + 80 000.
    assert dict(gap.steps) == {"Volume": 6_000, "Mix": -8_000, "Price": 8_000, "Currency": 0, "Cost": -6_000,
                               "New": 4_000, "Discontinued": -4_000}  # fmt: skip
    assert gap.residual == 0 and gap.now == 94_000


def test_each_item_has_its_own_steps_and_they_add_up_to_the_whole() -> None:
    items = explain_items(ITEM_NAMES, NOW, BASE)
    # All grew by a fifteenth: Bike would bring 6 667 more, and its own growth of a fifth 13 333 beyond that.
    assert [int(amounts[0]) for amounts in items.steps.values()] == [6_667, 13_333, 12_000, 0, 0, 0]
    assert (items.gap.base, items.gap.now, items.gap.residual) == (259_000, 255_000, 0)
    assert (items.base + sum(items.steps.values()) == items.now).all()


def test_regions_of_one_product_are_added_up() -> None:
    items = explain_items(("Bike", "Bike", "Old", "New"), NOW, BASE).by_name()
    assert items.names == ("Bike", "Old", "New")
    assert items.now.tolist() == [248_000, 0, 7_000] and items.gap == explain_items(ITEM_NAMES, NOW, BASE).gap


def test_margins_need_costs() -> None:
    with pytest.raises(ValueError, match="cost of sales of both"):
        explain_margin(trade([1.0], [1]), BASE)


ITEMS = st.lists(
    st.tuples(st.floats(-5, 5000), st.integers(-(10**6), 10**9), st.integers(0, 10**9)), min_size=3, max_size=3
)


@settings(deadline=None, max_examples=50)
@given(ITEMS, ITEMS, st.lists(st.integers(-(10**6), 10**6), min_size=3, max_size=3))
def test_the_residual_is_exactly_zero(now: list, base: list, currency: list[int]) -> None:
    one, other = (trade(*(list(column) for column in zip(*items, strict=True))) for items in (now, base))
    items = explain_items(("a", "b", "b"), one, other, np.array(currency)).by_name()
    assert items.gap.residual == 0
    assert (items.base + sum(items.steps.values()) == items.now).all()
    assert explain_margin(one, other, np.array(currency)).residual == 0


# -- the gap to the budget


def test_the_gap_to_the_budget_reaches_ebit_where_the_ledger_has_one() -> None:
    inputs = company()
    plan = plan_of(inputs)
    gap = budget_gap(inputs, plan, AHEAD)
    assert gap is not None and gap.profit is not None
    assert (gap.months, gap.without_budget, gap.profit_name, gap.why) == (AHEAD, (), "EBIT", (WITHIN_OPERATING,))
    # Budget: 24 a month at 105; plan 288 at 100, the same units: everything is price.
    assert (gap.revenue.base, gap.revenue.now) == (24 * 12 * 105_00, plan["total_revenue"].sum())
    assert gap.revenue.steps["Price"] == -288 * 5_00
    assert gap.profit.base == 12 * (2 * 480_00 - 300_00 - 50_00)
    assert gap.profit.now == plan["ebit"].sum() and gap.profit.residual == 0
    assert gap.profit.steps["Launch spend"] == -600_00


def test_a_budget_without_margin_is_explained_in_revenue_only() -> None:
    budget = tables()["budget"].drop(columns="gross_margin")
    inputs = company(budget=budget)
    gap = budget_gap(inputs, plan_of(inputs), AHEAD)
    assert gap is not None and gap.profit is None
    assert gap.why == ("no gross margin is budgeted or planned",)


def test_a_frozen_plan_which_keeps_no_cost_by_family_is_explained_down_to_ebit_all_the_same() -> None:
    inputs = company()
    plan = plan_of(inputs)
    computed, frozen = (
        budget_gap(inputs, plan, AHEAD),
        budget_gap(inputs, replace(plan, detail=PlanDetail()), AHEAD),
    )
    assert (
        computed is not None and frozen is not None and computed.profit is not None and frozen.profit is not None
    )
    assert (frozen.profit.base, frozen.profit.now) == (computed.profit.base, computed.profit.now)
    assert frozen.profit.residual == 0
    assert frozen.profit.steps["Revenue"] == computed.revenue.now - computed.revenue.base
    assert frozen.why[-1].startswith("the plan keeps no cost by family")


def test_months_without_a_budget_are_named_and_not_compared() -> None:
    budget = tables()["budget"].query("month <= '2026-04'")
    inputs = company(budget=budget)
    gap = budget_gap(inputs, plan_of(inputs), AHEAD)
    assert gap is not None and gap.months == AHEAD[:4] and gap.without_budget == AHEAD[4:]
    assert gap.revenue.now == plan_of(inputs)["total_revenue"][:4].sum()
    assert budget_gap(inputs, plan_of(inputs), AHEAD[6:]) is None
    assert budget_gap(company(budget=pd.DataFrame()), plan_of(inputs), AHEAD) is None


def test_an_operating_cost_that_is_not_budgeted_for_all_months_stops_at_gross_margin() -> None:
    books = tables()["financials"].query("scenario == 'actual' or month < '2026-12'")
    inputs = company(financials=books)
    plan = plan_of(inputs)
    gap = budget_gap(inputs, plan, AHEAD)
    assert gap is not None and gap.profit is not None
    assert gap.profit_name == "gross margin" and gap.profit.now == plan["gross_margin"].sum()
    assert gap.why == ("no operating cost is budgeted for all of these months",)


# -- years


def test_last_year_against_the_year_before_by_product_with_its_currency() -> None:
    regions = pd.DataFrame({"region": ["North", "South"], "currency": [None, "CHF"]})
    sales = tables()["sales_actuals"]
    sales.loc[sales["month"] >= "2025-01", "revenue"] = 1100.0
    rates = [(m, "CHF", 0.8 if m < "2025-01" else 1.0) for m in sales["month"].unique()]
    fx = pd.DataFrame(rates, columns=["month", "currency", "rate"])
    gap = actual_year_gap(company(regions=regions, fx_rates=fx, sales_actuals=sales))
    assert gap is not None and gap.residual == 0
    # South: 1100 francs a month, worth 20% less a year ago; North: 100 more a month at home.
    assert gap.steps["Currency"] == 12 * 220_00
    assert gap.steps["Price"] == 12 * (100_00 + 80_00)
    assert (gap.base, gap.now) == (12 * (1000_00 + 800_00), 12 * 2200_00)


def test_the_plan_against_last_year_is_volume_when_prices_hold() -> None:
    inputs = company()
    items = plan_year_items(inputs, plan_of(inputs), cash_sales())
    assert items is not None
    assert dict(items.gap.steps) == {"Volume": 48 * 100_00, "Mix": 0, "Price": 0, "Currency": 0, "New": 0,
                               "Discontinued": 0}  # fmt: skip


def test_a_history_that_is_too_short_explains_no_year() -> None:
    short = tables()["sales_actuals"].query("month >= '2025-03'")
    inputs = company(sales_actuals=short)
    assert actual_year_gap(inputs) is None and plan_year_items(inputs, plan_of(inputs), cash_sales()) is None
