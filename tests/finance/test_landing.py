"""Landing, ledger, scenarios side by side, and exactness of all of them on generated companies."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.calendar import Calendar, periods_between, shift_period
from sop.core.inputs import Inputs
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.finance.explained import actual_year_gap, budget_gap, plan_year_items
from sop.finance.landing import Landing, fiscal_years, full_year_landings
from sop.finance.ledger import known_months, ledger_gaps, reconcile_sales
from sop.finance.side_by_side import cash_steps, compare_profit, decision_costs, profit_steps
from sop.intake.assemble import assemble
from tests.companies import FIRST_OPEN, Shape, company_tables
from tests.integrated import AHEAD, PAST, company, plan_of, tables
from tests.test_engine import level_forecast


def landing(inputs: Inputs, **values: float) -> Landing:
    (found,) = full_year_landings(inputs, plan_of(inputs, **values))
    return found


def from_april(**replaced: pd.DataFrame) -> Inputs:
    """The company in its fiscal year from October: three months closed, nine to come."""
    calendar = Calendar("2026-01", 12, fiscal_start=10)
    return assemble({**tables(), **replaced}, calendar, company="Works")


def test_a_year_that_begins_with_the_plan_is_the_plan() -> None:
    inputs = company()
    found, plan = landing(inputs), plan_of(inputs)
    assert (found.closed, found.line("revenue").actual) == (0, 0)
    assert found.line("revenue").total == plan["total_revenue"].sum()
    assert found.line("ebit").total == plan["ebit"].sum()
    assert found.line("ebit").budget == 12 * 610_00
    # Last year the ledger had 2100 of revenue a month, 1200 of cost, 300 of rent and 50 of depreciation.
    assert found.line("ebit").prior_year == 12 * 550_00
    assert found.line("not_in_sales").prior_year == 12 * 100_00


def test_a_year_under_way_is_actual_to_date_and_plan_for_the_rest_from_its_start() -> None:
    inputs = from_april()
    plan = plan_of(inputs)
    found = landing(inputs)
    assert found.months == (*PAST[-3:], *AHEAD[:9]) and found.closed == 3
    revenue, ebit = found.line("revenue"), found.line("ebit")
    assert (revenue.actual, revenue.plan) == (3 * 2000_00, plan["total_revenue"][:9].sum())
    assert found.line("not_in_sales").actual == 3 * 100_00
    assert (ebit.actual, ebit.plan) == (3 * 550_00, plan["ebit"][:9].sum())
    assert revenue.budget is None and "2025-10" in PAST, "the budget begins in January"
    assert revenue.gap_to_budget is None


def test_a_month_that_the_books_do_not_know_leaves_no_landing_and_is_named() -> None:
    books = tables()["financials"].query("not (month == '2025-11' and account == 'Rent')")
    found = landing(from_april(financials=books)).line("ebit")
    assert (found.total, found.unknown) == (None, ("2025-11",))


def test_without_a_ledger_the_landing_stops_at_gross_margin() -> None:
    books = tables()["financials"].iloc[:0]
    inputs = from_april(financials=books)
    found = landing(inputs)
    assert found.line("gross_margin").actual == 3 * (2000_00 - 1200_00), "cost from the sales tables"
    assert found.line("ebit").total is None and found.line("ebit").unknown == found.months


def test_fiscal_years_begin_with_the_first_open_one_and_end_within_the_horizon() -> None:
    assert [year[0] for year in fiscal_years(Calendar("2026-03", 24))] == ["2026-01", "2027-01"]
    assert [year[0] for year in fiscal_years(Calendar("2026-03", 24, fiscal_start=7))] == ["2025-07", "2026-07"]


# -- ledger


def test_sales_and_ledger_are_reconciled_with_the_difference_as_a_line() -> None:
    found = reconcile_sales(company())
    assert found.months == PAST and set(found.difference) == {100_00}
    assert all(s + d == book for s, d, book in zip(found.sales, found.difference, found.ledger, strict=True))


def test_a_ledger_without_revenue_reconciles_nothing_and_says_which_months() -> None:
    books = tables()["financials"].query("account != 'Sales' or month < '2025-01'")
    found = reconcile_sales(company(financials=books))
    assert found.months == PAST[:12] and found.not_in_ledger == PAST[12:]


def test_the_gap_to_the_ledgers_budget_counts_only_months_that_have_both() -> None:
    books = tables()["financials"]
    planned = pd.DataFrame({"month": ["2025-01", "2025-02", "2026-01"], "scenario": "budget",
                            "account_type": "Books", "account": "Sales",
                            "amount": [2000.0, 2300.0, 9.0]})  # fmt: skip
    (gap,) = ledger_gaps(company(financials=pd.concat([books, planned])))
    assert (gap.line, gap.months, gap.actual, gap.budget) == ("revenue", ("2025-01", "2025-02"), 420_000, 430_000)
    assert (gap.gap, len(gap.without_budget)) == (-10_000, 22)


def test_derived_lines_are_known_where_all_their_parts_are() -> None:
    ledger = company().ledger
    assert known_months(ledger, "gross_margin").at(month="2025-12").values == 900_00
    unknown = known_months(ledger, "ebit", "budget").values
    assert (unknown != unknown).all(), "no revenue is budgeted in the ledger"
    assert not known_months(None, "ebit").values.size


# -- side by side


def test_scenarios_stand_side_by_side_and_their_difference_adds_up() -> None:
    inputs = company()
    base, late = plan_of(inputs), plan_of(inputs, launch_slip_months=2.0)
    rows = {row.key: row.amounts for row in compare_profit([base, late], AHEAD)}
    assert rows["total_revenue"] == (base["total_revenue"].sum(), late["total_revenue"].sum())
    gap = profit_steps(base, late, AHEAD)
    assert gap is not None and gap.residual == 0
    # Ten units less: 1000 of revenue; in March at 60 and in April at 54 they need not be made.
    assert gap.steps["Revenue"] == -1000_00
    assert gap.steps["Cost of sales at standard"] == 5 * 60_00 + 5 * 54_00
    assert gap.now == late["ebit"].sum()


def test_what_decisions_cost_is_what_goes_beyond_standard_and_stock() -> None:
    inputs = company()
    plan = plan_of(inputs)
    costs = decision_costs(plan, AHEAD, 0.12)
    # Thirty hours of ten are paid each month; what is made absorbs ten a unit. One month ends with 1200 in stock.
    assert costs["Labour paid and not used"] == 12 * 300_00 - plan["production"].sum() * 10_00
    assert costs["Carrying stock"] == 12_00
    assert sum(costs.values()) - costs["Carrying stock"] == plan["period_variance"].sum()


# -- exactness on generated companies

SHAPES = st.builds(
    Shape,
    seed=st.integers(0, 12),
    history=st.sampled_from([14, 26]),
    horizon=st.sampled_from([8, 14]),
    stock=st.sampled_from([True, True, False]),
    capacity=st.booleans(),
    ledger=st.sampled_from([True, True, False]),
)


@cache
def foreign(shape: Shape, missing: int) -> tuple[Inputs, Planner]:
    """A generated company whose second region sells in francs, with a budget and `missing` months without rate."""
    rng = np.random.default_rng(shape.seed)
    months = periods_between(shift_period(FIRST_OPEN, -shape.history), shift_period(FIRST_OPEN, shape.horizon - 1))
    found = company_tables(shape)
    families = found["products"]["family"].unique()
    fx = pd.DataFrame({"month": months, "currency": "CHF", "rate": rng.uniform(0.7, 1.4, len(months)).round(4)})
    cells = [(m, f, r) for m in months[shape.history - 2 :] for f in families for r in ("Region 0", "Region 1")]
    budget = [(*cell, float(rng.integers(0, 90)), *rng.uniform(0, 9e4, 2).round(2)) for cell in cells]
    columns = ["month", "family", "region", "quantity", "revenue", "gross_margin"]
    found |= {
        "regions": pd.DataFrame({"region": ["Region 0", "Region 1"], "currency": ["EUR", "CHF"]}),
        "fx_rates": fx.drop(index=rng.choice(len(fx), missing, replace=False)),
        "budget": pd.DataFrame(budget, columns=columns),
    }
    inputs = assemble(found, Calendar(FIRST_OPEN, shape.horizon, fiscal_start=11))
    return inputs, Planner(inputs, level_forecast(inputs))


CHANGES = st.sampled_from([
    {("fx_pct", "CHF"): 0.07}, {("demand_pct", ""): -0.2}, {("price_pct", "Family A"): 0.05},
    {("launch_slip_months", "New one"): 2.0}, {("dso_days", ""): 70.0}, {("operating_cost_pct", ""): 0.1},
])  # fmt: skip


@settings(deadline=None, max_examples=12)
@given(SHAPES, st.sampled_from([0, 3]), CHANGES)
def test_every_explanation_adds_up_to_the_cent(shape: Shape, missing: int, changes: dict) -> None:
    inputs, planner = foreign(shape, missing)
    assumptions = Assumptions(changes)
    base, now = planner.build(Assumptions()), planner.build(assumptions)
    for plan in (base, now):
        assert (plan.total("revenue") == plan["total_revenue"]).all()
        gap = budget_gap(inputs, plan, plan.months)
        assert gap is not None and gap.revenue.residual == 0
        assert gap.revenue.now == plan["total_revenue"][: len(gap.months)].sum()
        if gap.profit is not None:
            key = "ebit" if gap.profit_name == "EBIT" else "gross_margin"
            assert gap.profit.residual == 0 and gap.profit.now == plan[key][: len(gap.months)].sum()
    ahead = plan_year_items(inputs, now, assumptions)
    years = (ahead and ahead.gap, actual_year_gap(inputs))
    assert all(gap is None or gap.residual == 0 for gap in years)
    steps = [profit_steps(base, now, now.months), cash_steps(base, now, now.months)]
    assert all(gap is None or gap.residual == 0 for gap in steps)
    if steps[1] is not None:
        assert steps[1].steps["Opening position"] == 0, "both plans start from the same books"


@settings(deadline=None, max_examples=8)
@given(SHAPES, st.sampled_from([0, 3]))
def test_landings_add_up_line_by_line_and_year_by_year(shape: Shape, missing: int) -> None:
    inputs, planner = foreign(shape, missing)
    plan = planner.build(Assumptions())
    for found in full_year_landings(inputs, plan):
        gross = [found.line(key).total for key in ("revenue", "not_in_sales", "cost_of_sales", "gross_margin")]
        if None not in gross:
            assert gross[0] + gross[1] - gross[2] == gross[3]
        profit = [found.line(key).total for key in ("gross_margin", "operating_cost", "depreciation", "ebit")]
        if None not in profit:
            assert profit[0] - profit[1] - profit[2] == profit[3]
        assert all(line.total is not None or line.unknown for line in found.lines), "what is not known is named"
