"""Regions in other currencies: dated rates in the past, held or given rates in the plan, missing rates named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop.core.findings import Finding
from sop.core.inputs import Inputs
from sop.core.terms import PlanName
from sop.finance.explained import plan_year_items
from tests.integrated import AHEAD, PAST, cash_sales, company, plan_of, tables

REGIONS = pd.DataFrame({"region": ["North", "South"], "currency": [None, "CHF"]})


def rates(*known: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame([(month, "CHF", rate) for month, rate in known], columns=["month", "currency", "rate"])


def swiss(fx: pd.DataFrame) -> Inputs:
    """South earns 1000 francs a month."""
    return company(regions=REGIONS, fx_rates=fx)


EVERY = [(month, 0.9) for month in PAST[:12]] + [(month, 1.0) for month in PAST[12:]]


def rules(inputs: Inputs) -> dict[str, Finding]:
    return {found.rule: found for found in inputs.findings}


def test_past_revenue_counts_at_the_rate_of_its_month() -> None:
    revenue = swiss(rates(*EVERY)).history.revenue[0, 1]
    assert revenue.tolist() == [900.0] * 12 + [1000.0] * 12


def test_planned_revenue_counts_at_planned_rates_and_the_last_one_is_held() -> None:
    inputs = swiss(rates(*EVERY, ("2026-03", 1.1), ("2026-05", 1.2)))
    plan = plan_of(inputs)
    price = plan["revenue"][0, 1] / plan["shipments"][0, 1]
    assert price.tolist() == [10_000, 10_000, 11_000, 11_000, *[12_000] * 8]
    assert (plan["revenue"][0, 0] == plan["shipments"][0, 0] * 10_000).all(), "the home region does not move"
    assert rules(inputs)["fx_held"].what == "CHF is held at its rate of 2026-05 in the months after it"


def test_without_other_currencies_nothing_changes() -> None:
    home = pd.DataFrame({"region": ["North", "South"], "currency": ["EUR", None]})
    assert company(regions=home).exchange is None
    assert plan_of(company(regions=home)).lines == plan_of(company()).lines


def test_a_rate_of_one_gives_the_plan_of_one_currency() -> None:
    one = swiss(rates(*[(month, 1.0) for month in (*PAST, *AHEAD)]))
    assert one.findings == ()
    assert plan_of(one).lines == plan_of(company()).lines


def test_a_closed_month_without_a_rate_is_not_known_and_says_so() -> None:
    inputs = swiss(rates(*[row for row in EVERY if row[0] not in ("2025-06", "2025-07")]))
    assert np.isnan(inputs.history.revenue[0, 1, 17:19]).all()
    found = rules(inputs)["fx_missing"]
    assert (found.level, found.count) == ("warning", 2)
    assert (
        "CHF has no rate in 2 closed months, whose revenue in South is not known: 2025-06, 2025-07" in found.what
    )
    assert inputs.position.price.tolist() == [[100.0, 100.0]], "what customers pay in francs is known all the same"


def test_a_currency_without_any_rate_is_an_error_and_neither_its_revenue_nor_a_total_is_known() -> None:
    inputs = swiss(rates())
    assert rules(inputs)["fx_missing"].level == "error"
    plan = plan_of(inputs)
    assert np.isnan(plan["revenue"][0, 1]).all() and plan["revenue"][0, 0].sum() > 0
    why = "no price or exchange rate is known of South"
    assert plan.availability[PlanName.FINANCIAL].why == why
    assert "total_revenue" not in plan and "cost_of_sales" not in plan, "its cost without its revenue is no result"
    assert plan.headline["gross_margin"] is None and plan.why_unknown("gross_margin") == why


def test_a_region_that_the_table_leaves_out_is_named() -> None:
    inputs = company(regions=REGIONS.query("region == 'North'"))
    assert "South is not in regions and taken to sell in EUR" in rules(inputs)["region_currency"].what


def test_rates_are_a_step_of_their_own_between_two_years() -> None:
    inputs = swiss(rates(*EVERY, ("2026-01", 1.1)))
    items = plan_year_items(inputs, plan_of(inputs), cash_sales())
    assert items is not None
    gap = items.gap
    # Each franc of last year was worth 1.0 and is worth 1.1.
    assert gap.residual == 0
    assert gap.steps["Currency"] == int(plan_of(inputs)["shipments"][0, 1].sum()) * 1000
    assert gap.now == plan_of(inputs)["total_revenue"].sum()


def test_a_currency_whose_old_rate_is_not_known_is_not_guessed() -> None:
    inputs = swiss(rates(*EVERY[:20], ("2026-01", 1.1)))
    assert plan_year_items(inputs, plan_of(inputs), cash_sales()) is None, "last year's revenue is not known"


def test_ledger_amounts_in_another_currency_count_at_the_rate_of_their_month() -> None:
    books = tables()["financials"]
    rent = books["account"].eq("Rent") & books["scenario"].eq("actual")
    books.loc[rent, "unit"] = "CHF"
    inputs = company(financials=books, regions=REGIONS, fx_rates=rates(*EVERY[:-1]))
    assert inputs.ledger is not None
    cost = inputs.ledger.actual["operating_cost"]
    assert (cost[0], cost[12]) == (270.0, 300.0)
    assert np.isnan(cost[23]), "December has no rate"
    assert any(found.table == "financials" and found.rule == "fx_missing" for found in inputs.findings)


def test_what_is_counted_and_not_money_needs_no_rate() -> None:
    books = tables()["financials"].assign(unit="people")
    assert company(financials=books).findings == ()


def test_an_account_may_be_taken_off_its_line() -> None:
    extra = pd.DataFrame({"month": PAST, "scenario": "actual", "account_type": "Books", "account": "Discounts",
                          "amount": 100.0})  # fmt: skip
    named = pd.DataFrame({"account_type": ["Books"], "account": ["Discounts"], "line": ["revenue"],
                          "effect": ["subtract"]})  # fmt: skip
    inputs = company(
        financials=pd.concat([tables()["financials"], extra]),
        account_map=pd.concat([tables()["account_map"], named]),
    )
    assert inputs.ledger is not None and inputs.ledger.actual["revenue"][0] == 2000.0


@pytest.mark.parametrize("change", [-0.1, 0.05])
def test_the_owners_rate_moves_only_that_currency(change: float) -> None:
    inputs = swiss(rates(*EVERY))
    base, moved = plan_of(inputs), plan_of(inputs, fx_pct=change)
    assert moved["revenue"][0, 0].tolist() == base["revenue"][0, 0].tolist()
    assert moved["revenue"][0, 1].tolist() == np.rint(base["revenue"][0, 1] * (1 + change)).astype(int).tolist()
