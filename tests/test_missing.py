"""Missing is not zero: what rests on an input that is not there is not known, with why, and so are its sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.headline import read_headline, read_worst, why_and_remedy
from sop.core.inputs import Inputs
from sop.core.plan import Plan, plan_of_lines
from sop.core.register import Assumptions
from sop.core.terms import PlanName
from sop.engine import build_plan
from sop.facts.actuals import actual_of
from sop.facts.stock_value import cost_today
from sop.finance.cost_basis import LEDGER, TABLES, books_that_count, cost_basis
from sop.intake.assemble import assemble
from sop.supply import supply_of
from sop.views.executive.plan_message import summary_of
from sop.views.financial.detail import cost_table
from tests import integrated
from tests.companies import Shape, calendar_of, company_tables
from tests.test_engine import level_forecast

Tables = Mapping[str, pd.DataFrame]
MONEY = ("revenue", "gross_margin", "ebit", "cash", "inventory")
CURRENCY = ("EUR", "€")


# -- inputs taken away


def without(*names: str) -> Callable[[Tables], Tables]:
    """The tables without some of them."""
    return lambda tables: {name: frame for name, frame in tables.items() if name not in names}


def blank(table: str, column: str, family: str = "") -> Callable[[Tables], Tables]:
    """A column emptied: of every row, or of one family's products."""

    def take(tables: Tables) -> Tables:
        frame, products = tables[table], tables["products"]
        own = products.loc[products["family"] == family, "product"] if family else products["product"]
        keep = ~frame["product"].isin(own)
        return {**tables, table: frame.assign(**{column: frame[column].where(keep)})}

    return take


def together(*takes: Callable[[Tables], Tables]) -> Callable[[Tables], Tables]:
    """Several taken away."""

    def take(tables: Tables) -> Tables:
        for each in takes:
            tables = each(tables)
        return tables

    return take


NO_PRICE = together(blank("products", "price"), blank("sales_actuals", "revenue"))
NO_PRICE_OF_A = together(blank("products", "price", "Family A"), blank("sales_actuals", "revenue", "Family A"))
TAKEN: dict[str, tuple[Callable[[Tables], Tables], tuple[str, ...]]] = {
    "every price": (NO_PRICE, MONEY),
    "the price of one family": (NO_PRICE_OF_A, ("revenue", "gross_margin", "ebit", "cash")),
    "every unit cost": (blank("products", "unit_cost"), ("gross_margin", "ebit", "cash", "inventory")),
    "the unit cost of one family": (
        blank("products", "unit_cost", "Family A"),
        ("gross_margin", "ebit", "cash", "inventory"),
    ),
    "the ledger": (without("financials"), ("ebit", "cash")),
    "the account map": (without("account_map"), ("ebit", "cash")),
    "stock": (without("inventory"), ("cash", "inventory", "lead_time", "on_time")),
    "the order book": (without("order_book"), ("lead_time",)),
    "capacity": (without("capacity"), ("lead_time", "on_time")),
}
"""What is taken away, and the headline measures that rest on it."""
RICH = Shape(history=14, horizon=8, products=4, families=2)


def plan_without(taken: Callable[[Tables], Tables], shape: Shape = RICH) -> tuple[Inputs, Plan]:
    inputs = assemble(taken(company_tables(shape)), calendar_of(shape))
    return inputs, build_plan(inputs, Assumptions(), level_forecast(inputs))


@pytest.mark.parametrize("name", TAKEN)
def test_what_rests_on_an_input_that_is_not_there_is_not_known_and_says_why(name: str) -> None:
    taken, resting = TAKEN[name]
    _, plan = plan_without(taken)
    for key in resting:
        assert plan.headline[key] is None, key
        assert plan.why_unknown(key) not in ("", "its input is not loaded"), key


@pytest.mark.parametrize("name", ["the ledger", "the account map"])
def test_what_does_not_rest_on_the_ledger_stays_the_same_to_the_cent(name: str) -> None:
    _, plan = plan_without(TAKEN[name][0])
    _, whole = plan_without(lambda tables: tables)
    for key in ("revenue", "gross_margin", "inventory", "lead_time", "on_time"):
        assert plan.headline[key] == whole.headline[key] is not None, key


SHAPES = st.builds(
    Shape,
    seed=st.integers(0, 40),
    products=st.just(5),
    families=st.just(2),
    history=st.just(14),
    made_to_order=st.booleans(),
    strategy=st.booleans(),
    materials=st.booleans(),
    people=st.booleans(),
)


@settings(deadline=None, max_examples=25)
@given(SHAPES, st.sets(st.sampled_from(sorted(TAKEN)), min_size=1, max_size=4))
def test_missing_never_becomes_a_number(shape: Shape, names: set[str]) -> None:
    inputs, plan = plan_without(together(*(TAKEN[name][0] for name in sorted(names))), shape)
    resting = {key for name in names for key in TAKEN[name][1]}
    assert all(plan.headline[key] is None and plan.why_unknown(key) for key in resting)
    _check_totals(plan)
    _check_lines(plan)
    assert summary_of(inputs, None, plan)
    if "every price" in names:
        assert not plan.has_money and "revenue is not known" in summary_of(inputs, None, plan)
    if names & {"stock", "capacity"}:
        assert "Unconstrained" in summary_of(inputs, None, plan)


def _check_totals(plan: Plan) -> None:
    """A total is there only where all its parts are."""
    for part, total in (("revenue", "total_revenue"), ("inventory_value", "stock_value")):
        if part in plan:
            whole = np.isfinite(plan[part]).all()
            assert total not in plan or (whole and (plan.total(part) == plan[total]).all())
        else:
            assert total not in plan
    for key in ("gross_margin", "ebit", "cash"):
        assert key not in plan or plan.has_revenue, "no profit of a revenue that is not known"


def _check_lines(plan: Plan) -> None:
    """No line is not-a-number, and the plan that is read back from them knows the same."""
    assert not plan.frame["value"].isna().any()
    again = plan_of_lines(
        plan.lines,
        plan.calendar,
        company=plan.company,
        currency=plan.currency,
        availability=plan.availability,
        headline=plan.headline,
    )
    for key in ("revenue", "inventory_value"):
        assert (key in again) is (key in plan)
        if key in plan:
            known = np.isfinite(plan[key]).all()
            assert (np.asarray(again[key].sum(axis=-1), float) == plan[key].sum(axis=-1)).all() or not known
            assert np.isfinite(again[key]).all() == known, "a family without a line stays not known"


# -- one by one, with figures


def sales(**columns: object) -> pd.DataFrame:
    """The sales of the company by hand with some columns replaced."""
    return integrated.tables()["sales_actuals"].assign(**columns)


def rules(inputs: Inputs | Plan) -> dict[str, str]:
    return {finding.rule: finding.what for finding in inputs.findings}


@pytest.mark.parametrize("revenue", [0.0, np.nan], ids=["filled with 0", "left out"])
def test_without_revenue_list_price_stands_in_and_is_named(revenue: float) -> None:
    inputs = integrated.company(sales_actuals=sales(revenue=revenue))
    assert inputs.position.price.tolist() == [[110.0, 110.0]]
    assert np.nansum(inputs.history.revenue) == 2 * 24 * 10 * 110
    assert "no revenue is given for 1 product of Cargo" in rules(inputs)["list_price"]
    plan = integrated.plan_of(inputs)
    assert plan.headline["revenue"] == int(plan.total("shipments").sum()) * 110_00


def test_goods_given_away_between_others_are_worth_nothing_and_not_unknown() -> None:
    given = sales()
    given.loc[0, "revenue"] = 0.0
    inputs = integrated.company(sales_actuals=given)
    assert "list_price" not in rules(inputs) and inputs.history.revenue[0, 0, 0] == 0


def test_a_region_without_any_revenue_counts_at_list_price() -> None:
    given = sales()
    away = given.assign(region="Away", revenue=0.0)
    inputs = integrated.company(sales_actuals=pd.concat([given, away]))
    at = inputs.regions.index("Away")
    assert inputs.position.price[:, at].tolist() == [110.0]
    assert "counts at list price" in rules(inputs)["list_price"]


@pytest.mark.parametrize("times", [0.001, 1000.0], ids=["in thousands", "in cents"])
def test_revenue_in_another_unit_is_told_against_the_list_price(times: float) -> None:
    given = sales()
    inputs = integrated.company(sales_actuals=given.assign(revenue=given["revenue"] * times))
    assert "whose list price is 110" in rules(inputs)["unlike_list_price"]
    assert "unlike_list_price" not in rules(integrated.company(sales_actuals=given))


def test_a_standard_cost_of_nothing_is_told() -> None:
    inputs = integrated.company(products=integrated.tables()["products"].assign(unit_cost=0.0))
    assert "the whole price is margin" in rules(inputs)["cost_of_nothing"]


def test_a_price_of_nothing_is_no_price() -> None:
    products = integrated.tables()["products"].assign(price=0.0)
    inputs = integrated.company(products=products, sales_actuals=sales(revenue=np.nan))
    assert not np.isfinite(inputs.position.price).any()
    assert "a price of 0 is taken as not known of C-1" in rules(inputs)["price_of_nothing"]
    plan = integrated.plan_of(inputs)
    assert not plan.has_money and not plan.availability[PlanName.FINANCIAL].available
    assert set(plan.frame.loc[plan.frame["unit"] == "EUR", "measure"]) <= {"launch_cost", "initiative_spend"}


def test_a_company_without_prices_makes_what_it_can() -> None:
    """A unit that is worth nothing would not be made: one whose worth nobody knows is."""
    products = integrated.tables()["products"].drop(columns=["price", "unit_cost"])
    plain = integrated.company(products=products, sales_actuals=sales(revenue=np.nan, cost=np.nan))
    priced, unpriced = integrated.plan_of(integrated.company()), integrated.plan_of(plain)
    assert unpriced.total("shipments").sum() == priced.total("shipments").sum()
    assert not any(character in str(finding) for finding in unpriced.findings for character in CURRENCY)


def test_a_material_priced_at_nothing_counts_as_one_without_a_price_and_is_named() -> None:
    materials = integrated.tables()["materials"]
    free = integrated.company(materials=materials.assign(price=0.0))
    assert "a price of 0 is taken as not known of Motor" in rules(free)["price_of_nothing"]
    silent = integrated.company(materials=materials.assign(price=np.nan))
    assert integrated.plan_of(free).lines == integrated.plan_of(silent).lines


def test_capacity_that_ends_is_carried_on_and_named() -> None:
    capacity = integrated.tables()["capacity"]
    inputs = integrated.company(capacity=capacity[capacity["month"] <= "2026-06"])
    said = rules(inputs)["carried_on"]
    assert said.startswith("the hours of Cell stated to 2026-06 carry on after it")
    assert rules(integrated.plan_of(inputs))["carried_on"] == said
    assert "carried_on" not in rules(integrated.company())


def test_a_line_without_any_hours_is_named() -> None:
    capacity = integrated.tables()["capacity"].assign(month="2025-12")
    assert "no hours of Cell are stated" in rules(integrated.company(capacity=capacity))["no_hours"]


def test_spend_on_launches_is_not_told_where_there_are_none() -> None:
    nothing = pd.DataFrame()
    inputs = integrated.company(launches=nothing, launch_gates=nothing, initiatives=nothing, milestones=nothing)
    plan = integrated.plan_of(inputs)
    assert "launch_spend" not in plan and "initiative_cost" not in plan
    below = plan["operating_cost"] + plan["depreciation"]
    assert (plan["ebit"] == plan["gross_margin"] - below).all()


def test_nothing_due_is_not_all_of_it_on_time() -> None:
    inputs = integrated.company()
    plan = integrated.planner_of(inputs).build(integrated.cash_sales().set("demand_pct", "", -0.5))
    assert plan.headline["on_time"] is not None
    nothing = {"due": np.zeros((1, 1, 2)), "on_time_share": np.full((1, 2), np.nan)}
    assert read_headline(nothing, np.array([False]), 2)["on_time"] is None
    assert read_worst(nothing, ("Bikes",), ("2027-01", "2027-02"), np.array([False]), 2) == {}


# -- hours bought at a price that nobody says

MORE = {"demand_pct": 0.5, "extra_hours_pct": 0.5, "overtime_share": 0.5}
"""30 a month are wanted of a cell of 30 hours, and 5 more of the launch: half of its hours more may be bought."""


def test_hours_bought_at_a_price_that_nobody_says_leave_profit_and_cash_unknown() -> None:
    inputs = integrated.company()
    plan, priced = integrated.plan_of(inputs, **MORE), integrated.plan_of(inputs, **MORE, extra_hour_price=7.0)
    supply, paid = supply_of(plan), supply_of(priced)
    assert supply is not None and paid is not None and supply.relief["extra_line"].sum() > 0
    assert priced.detail.variances["relief"].sum() == round(700 * paid.relief["extra_line"].sum())
    known = ("revenue", "inventory", "lead_time", "on_time")
    assert {key for key, value in plan.headline.items() if value is not None} == set(known)
    for key in ("gross_margin", "ebit", "cash"):
        assert priced.headline[key] is not None
        assert why_and_remedy(plan, key) == (
            "hours are bought for Welding cell at a price that is not known; set 'Price of an "
            "hour bought' on Assumptions (import capacity)"
        )
    assert "cost_of_sales" in plan and not {"period_variance", "payables", "purchases", "tax"} & set(plan.blocks)


def test_hours_that_may_be_bought_and_are_not_leave_profit_as_it_is() -> None:
    inputs = integrated.company()
    plain, allowed = integrated.plan_of(inputs), integrated.plan_of(inputs, extra_hours_pct=0.5)
    assert allowed.headline == plain.headline and plain.headline["ebit"] is not None
    assert "of a plan that buys any, neither profit nor cash is known" in rules(allowed)["hours_without_price"]


# -- tables and ledger apart


def half_booked(account: str = "Material and wages", booked: float = 600.0) -> Inputs:
    """The company whose ledger has half the cost of sales, or half of another account, that its tables have."""
    books = integrated.tables()["financials"]
    return integrated.company(
        financials=books.assign(amount=books["amount"].where(books["account"] != account, booked))
    )


def apart(**values: float) -> Plan:
    """The plan of the company whose ledger has half the cost of sales that its tables have."""
    return integrated.plan_of(half_booked(), **values)


def test_tables_and_ledger_apart_stop_the_plan_at_gross_margin() -> None:
    plan, agreeing = apart(), integrated.plan_of(integrated.company())
    assert agreeing.headline["ebit"] is not None, "cost of sales is 1 200 a month in both"
    assert plan.headline["gross_margin"] == agreeing.headline["gross_margin"]
    assert [plan.headline[key] for key in ("ebit", "cash")] == [None, None]
    assert plan.headline["inventory"] == agreeing.headline["inventory"], "stock is 2 400 in both"
    why = plan.why_unknown("ebit")
    assert (
        plan.availability[PlanName.FINANCIAL].why == f"the plan ends at gross margin: {why}"
        and "finance chooses which counts" in why
        and "'Cost that counts'" in why
    )


def test_finance_chooses_the_tables() -> None:
    assert apart(cost_basis=TABLES).lines == integrated.plan_of(integrated.company()).lines


def test_finance_chooses_the_ledger() -> None:
    plan, agreeing = apart(cost_basis=LEDGER), integrated.plan_of(integrated.company())
    assert (plan["shipments"] == agreeing["shipments"]).all(), "what is made does not hang on it"
    assert plan["cost_of_sales"].sum() * 2 == agreeing["cost_of_sales"].sum()
    assert plan.headline["ebit"] is not None and plan.headline["cash"] is not None
    assert plan.detail.opening["stock_value"] == 2400_00


def chosen(basis: int) -> Assumptions:
    return Assumptions({("cost_basis", ""): basis})


@pytest.mark.parametrize(("basis", "cost"), [(0, None), (TABLES, 1200_00), (LEDGER, 600_00)])
def test_closed_months_are_told_by_the_cost_that_counts(basis: int, cost: float | None) -> None:
    """A plan at one cost is never shown beside a past at another."""
    inputs = half_booked()
    books, last = books_that_count(inputs, chosen(basis)), inputs.history.months[-1:]
    revenue, said = (actual_of(books, key, last)[0] for key in ("total_revenue", "cost_of_sales"))
    margin, ebit = (actual_of(books, key, last)[0] for key in ("gross_margin", "ebit"))
    assert revenue == actual_of(inputs, "total_revenue", last)[0]
    assert (None if np.isnan(said) else said) == cost
    assert np.isnan([margin, ebit]).all() if cost is None else margin == revenue - cost
    agreeing = integrated.company()
    assert books_that_count(agreeing, chosen(basis)) is agreeing, "nothing is apart"


@pytest.mark.parametrize(("basis", "worth"), [(0, None), (TABLES, 2400_00), (LEDGER, 1200_00)])
def test_stock_of_closed_months_is_worth_what_counts(basis: int, worth: float | None) -> None:
    inputs = half_booked("Stock", 1200.0)
    found = cost_basis(inputs, Assumptions()).stock
    assert found is not None and (found.tables, found.ledger) == (2400_00, 1200_00)
    books = books_that_count(inputs, chosen(basis))
    value = actual_of(books, "stock_value", inputs.history.months[-1:])[0]
    assert (None if np.isnan(value) else value) == worth
    plan = integrated.plan_of(inputs, cost_basis=basis)
    today = (cost_today(inputs, plan) * inputs.position.inventory).sum() * 100
    assert (None if np.isnan(today) else today) == worth, "excess, shortage and age are told by the same cost"


def test_the_tolerance_is_an_assumption() -> None:
    assert apart(cost_tolerance=0.5).lines == integrated.plan_of(integrated.company()).lines
    inputs = integrated.company()
    found = cost_basis(inputs, Assumptions())
    assert found.cost is not None and found.stock is not None
    assert (found.cost.tables, found.cost.ledger, found.cost.share) == (12 * 1200_00, 12 * 1200_00, 0.0)
    assert (found.stock.tables, found.stock.ledger) == (2400_00, 2400_00)
    table = cost_table(found)
    assert table.figure("Stock", "Ledger") == 2400_00 and table.figure("Cost of sales", "Difference") == 0
