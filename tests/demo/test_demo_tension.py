"""The demo has what leadership would recognise, whatever month it starts in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.demo.generator.demo_company import demo_company
from sop.core.calendar import shift_period

Tables = dict[str, pd.DataFrame]

STARTS = ("2025-12", "2026-03", "2026-06", "2026-09")


@pytest.fixture(scope="module", params=STARTS)
def start(request: pytest.FixtureRequest) -> tuple[str, Tables]:
    """A first open month and the tables known at it."""
    return request.param, demo_company(request.param).tables_known_at(request.param)


def _sales(tables: Tables) -> pd.DataFrame:
    return tables["sales_actuals"].merge(tables["products"][["product", "family"]], on="product")


def _last_year(frame: pd.DataFrame, month: str) -> pd.DataFrame:
    return frame[(frame["month"] >= shift_period(month, -12)) & (frame["month"] < month)]


def _load(tables: Tables, month: str, resource: str) -> np.ndarray:
    """Hours needed over hours offered in the next 12 months, if each month sells as in the last year."""
    routes = tables["routings"].query("resource == @resource").set_index("family")["hours_per_unit"]
    sales = _last_year(_sales(tables), month)
    units = sales[sales["family"].isin(routes.index)].groupby(["month", "family"])["ordered"].sum()
    mean = units.groupby("family").mean()
    capacity = tables["capacity"].query("resource == @resource and month >= @month").sort_values("month").head(12)
    return float((mean * routes).sum()) / (capacity["capacity_hours"] * capacity["efficiency"]).to_numpy()


def test_one_line_is_short_of_hours_from_month_four(start: tuple[str, Tables]) -> None:
    month, tables = start
    load = _load(tables, month, "Gdansk welding")
    assert 0.85 <= load[:3].mean() <= 1.10
    assert 1.04 <= load[3:10].mean() <= 1.20
    assert load[10:].mean() < load[3:10].mean()


@pytest.mark.parametrize("resource", ["Brno paint", "Venlo parts"])
def test_other_lines_have_hours_to_spare_over_the_year(resource: str, start: tuple[str, Tables]) -> None:
    month, tables = start
    assert _load(tables, month, resource).mean() < 0.85


def test_heavy_duty_falls_behind_its_promise(start: tuple[str, Tables]) -> None:
    month, tables = start
    book = tables["order_book"].merge(tables["products"][["product", "family"]], on="product")
    heavy = book.query("family == 'Heavy duty'").groupby("month")["past_due"].sum()
    late = [heavy.get(shift_period(month, -back), 0.0) for back in (12, 9, 6, 3, 1)]
    monthly = _last_year(_sales(tables), month).query("family == 'Heavy duty'")["quantity"].sum() / 12
    assert late[0] == 0
    assert late[1] < late[2] < late[3] < late[4]
    assert 0.9 * monthly <= late[4] <= 2.0 * monthly


def test_heavy_duty_customers_wait_ever_longer(start: tuple[str, Tables]) -> None:
    month, tables = start
    lines = tables["deliveries"].merge(tables["products"][["product", "family"]], on="product")
    heavy = lines[(lines["family"] == "Heavy duty") & lines["delivered"].notna()]
    days = (pd.to_datetime(heavy["delivered"]) - pd.to_datetime(heavy["ordered"])).dt.days
    by_month = days.groupby(heavy["delivered"].str[:7]).mean()
    assert by_month[shift_period(month, -15)] < 66
    assert by_month[shift_period(month, -1)] > 85


def test_the_launch_slips_and_its_baseline_stands(start: tuple[str, Tables]) -> None:
    month, _ = start
    company = demo_company(month)
    views = [company.tables_known_at(shift_period(month, -back))["launch_gates"] for back in (8, 5, 2, 0)]
    market = pd.concat(view.query("launch == 'Compact Urban' and gate == '4 Market launch'") for view in views)
    assert set(market["baseline"]) == {shift_period(month, 3)}
    assert list(market["forecast"]) == [shift_period(month, ahead) for ahead in (3, 4, 5, 6)]


def test_a_supplier_cut_came_to_light_two_months_ago(start: tuple[str, Tables]) -> None:
    month, tables = start
    cut = tables["events"].set_index("event").loc["Motor supply cut"]
    assert cut["known_since"] == shift_period(month, -2)
    assert cut["use"] == "plan"
    assert cut["measure"] == "supply"
    assert cut["impact"] < 0


def test_the_budget_asks_for_more_than_the_last_year_brought(start: tuple[str, Tables]) -> None:
    month, tables = start
    sold = _last_year(tables["sales_actuals"], month)["revenue"].sum()
    ahead = [shift_period(month, t) for t in range(12)]
    budget = tables["budget"][tables["budget"]["month"].isin(ahead)]["revenue"].sum()
    assert 1.01 <= budget / sold <= 1.08


def test_trike_stock_is_too_high_and_other_stock_families_are_sound(start: tuple[str, Tables]) -> None:
    month, tables = start
    stock = tables["inventory"].merge(tables["products"][["product", "family"]], on="product")
    last = stock[stock["month"] == shift_period(month, -1)].groupby("family")["closing"].sum()
    recent = _last_year(_sales(tables), month).groupby("family")["quantity"].sum() / 365
    days = (last / recent).drop(["Fleet", "Heavy duty"])
    assert days["Trike"] > 100
    # Days of a year's mean sales: what is wanted for the quarter ahead is less in winter.
    assert days.drop("Trike").between(18, 85).all()


def test_money_is_that_of_a_sound_mid_size_manufacturer(start: tuple[str, Tables]) -> None:
    month, tables = start
    sales = _last_year(tables["sales_actuals"], month)
    assert 55e6 <= sales["revenue"].sum() <= 65e6
    assert 0.31 <= 1 - sales["cost"].sum() / sales["revenue"].sum() <= 0.36
    rows = tables["financials"].merge(tables["account_map"], on=["account_type", "account"])
    book = _last_year(rows.query("scenario == 'actual'"), month).groupby("line")["amount"].sum()
    ebit = book["revenue"] - book["cost_of_sales"] - book["operating_cost"] - book["depreciation"]
    assert 0.06 <= ebit / book["revenue"] <= 0.10


def test_cash_is_positive_and_lowest_in_spring(start: tuple[str, Tables]) -> None:
    month, tables = start
    cash = tables["financials"].query("scenario == 'actual' and account == 'Cash'").set_index("month")["amount"]
    year = cash[cash.index >= shift_period(month, -12)]
    assert year.min() > 1e6
    assert str(year.idxmin())[5:] in ("03", "04", "05", "06")
