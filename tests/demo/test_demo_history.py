"""The demo's closed months agree with each other, to the unit, and go on doing so as months are closed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.demo.generator.demo_company import DemoCompany
from sop.core.calendar import shift_period

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module", params=["2026-11", "2026-12", "2027-02", "2028-01"])
def tables(request: pytest.FixtureRequest, company: DemoCompany) -> Tables:
    """The tables of the company of 2026-11 as known at its first open month and at months that follow."""
    return company.tables_known_at(request.param)


def _last_closed(tables: Tables) -> str:
    return str(tables["inventory"]["month"].max())


def test_every_stock_row_adds_up_and_opens_where_the_month_before_closed(tables: Tables) -> None:
    stock = tables["inventory"].sort_values(["plant", "product", "month"])
    moved = stock["production"] + stock["subcontract_receipts"] + stock["adjustments"] - stock["shipments"]
    assert (stock["opening"] + moved == stock["closing"]).all()
    before = stock.groupby(["plant", "product"])["closing"].shift()
    assert (stock["opening"] == before)[before.notna()].all()
    assert (stock["closing"] >= 0).all()


def test_what_left_the_stock_is_what_was_sold(tables: Tables) -> None:
    shipped = tables["inventory"].groupby(["month", "product"])["shipments"].sum()
    sold = tables["sales_actuals"].groupby(["month", "product"])["quantity"].sum()
    both = pd.concat([shipped, sold], axis=1).fillna(0)
    assert (both["shipments"] == both["quantity"]).all()


def test_the_order_book_moves_by_orders_and_shipments(tables: Tables) -> None:
    key = ["product", "region"]
    sales = tables["sales_actuals"].groupby(["month", *key])[["ordered", "quantity"]].sum()
    change = (sales["ordered"] - sales["quantity"]).unstack("month", fill_value=0)
    book = tables["order_book"].set_index(["month", *key])["quantity"].unstack("month", fill_value=0)
    book = book.reindex(index=change.index, columns=change.columns, fill_value=0)
    moved = book.diff(axis=1).iloc[:, 1:]
    assert (moved == change.iloc[:, 1:]).all().all()
    assert (tables["order_book"]["past_due"] <= tables["order_book"]["quantity"]).all()


def test_lines_delivered_in_a_month_are_its_shipments(tables: Tables) -> None:
    lines = tables["deliveries"].dropna(subset="delivered")
    delivered = lines.groupby([lines["delivered"].str[:7], "product", "region"])["quantity_delivered"].sum()
    sold = tables["sales_actuals"].groupby(["month", "product", "region"])["quantity"].sum()
    for month in ("2025-11", "2026-03", "2026-10", _last_closed(tables)):
        shipped = sold[month][sold[month] > 0]
        pd.testing.assert_series_equal(delivered[month], shipped, check_names=False)


def test_open_lines_are_what_the_order_book_says(tables: Tables) -> None:
    lines = tables["deliveries"]
    still = lines[lines["delivered"].isna()].groupby("product")["quantity_ordered"].sum()
    assert (lines.loc[lines["delivered"].isna(), "quantity_delivered"] == 0).all()
    book = tables["order_book"].query(f"month == '{_last_closed(tables)}'").groupby("product")["quantity"].sum()
    both = pd.concat([still, book], axis=1).fillna(0)
    assert (both.iloc[:, 0] == both.iloc[:, 1]).all()


def test_lines_are_ordered_before_they_are_promised_and_delivered(tables: Tables) -> None:
    lines = tables["deliveries"]
    done = lines.dropna(subset="delivered")
    assert (lines["ordered"] <= lines["requested"]).all()
    assert (lines["requested"] <= lines["promised"]).all()
    assert (done["ordered"] <= done["delivered"]).all()
    assert (done["quantity_delivered"] == done["quantity_ordered"]).all()
    assert done["delivered"].max() < shift_period(_last_closed(tables), 1)


def test_the_ledger_is_within_half_a_percent_of_the_sales_table(tables: Tables) -> None:
    ledger = tables["financials"].query("scenario == 'actual' and account_type == 'Revenue'")
    booked = ledger.groupby("month")["amount"].sum()
    sold = tables["sales_actuals"].groupby("month")["revenue"].sum()
    gap = booked / sold - 1
    assert gap.abs().max() < 0.005
    assert gap.abs().max() > 0


def test_cash_moves_by_the_flows_of_the_ledger(tables: Tables) -> None:
    rows = tables["financials"].merge(tables["account_map"], on=["account_type", "account"])
    for scenario in ("actual", "budget"):
        book = rows[rows["scenario"] == scenario].groupby(["month", "line"])["amount"].sum().unstack()
        ebit = book["revenue"] - book["cost_of_sales"] - book["operating_cost"] - book["depreciation"]
        capital = book["receivables"] + book["inventory_value"] - book["payables"]
        paid = book["tax"] + book["dividend"]
        flow = ebit + book["depreciation"] - book["capital_spending"] - paid - capital.diff()
        assert np.allclose(book["cash"].diff()[1:], flow[1:], atol=0.1)


def test_finished_goods_in_the_ledger_are_the_stock_at_standard_cost(tables: Tables) -> None:
    cost = tables["products"].set_index("product")["unit_cost"]
    month = _last_closed(tables)
    stock = tables["inventory"].query(f"month == '{month}'")
    value = (stock["closing"] * stock["product"].map(cost)).sum()
    booked = tables["financials"].query(
        f"scenario == 'actual' and account == 'Finished goods' and month == '{month}'"
    )
    assert abs(booked["amount"].iloc[0] / value - 1) < 0.005


def test_variable_cost_labour_and_materials_are_the_standard_cost(tables: Tables) -> None:
    routes = tables["routings"].dropna(subset="variable_cost")
    plant = tables["resources"].set_index("resource")["plant"]
    rate = tables["plants"].set_index("plant")["labour_rate"]
    usage = tables["material_usage"].merge(tables["materials"], on="material")
    bought = (usage["quantity_per_unit"] * usage["price"]).groupby(usage["family"]).sum()
    sales = tables["sales_actuals"].merge(tables["products"], on="product").query("month > '2025-10'")
    mean = sales.groupby("family")["cost"].sum() / sales.groupby("family")["quantity"].sum()
    labour = routes["labour_hours_per_unit"] * routes["resource"].map(plant).map(rate)
    total = routes["variable_cost"] + labour + routes["family"].map(bought)
    assert (routes["variable_cost"] > 0).all()
    assert (total / routes["family"].map(mean) - 1).abs().max() < 0.05


def test_no_line_and_no_plant_made_more_than_its_hours(tables: Tables) -> None:
    stock = tables["inventory"].merge(tables["products"][["product", "family"]], on="product")
    made = stock.groupby(["month", "plant", "family"])["production"].sum().reset_index()
    route = tables["routings"].dropna(subset="labour_hours_per_unit")
    route = route.assign(plant=route["resource"].map(tables["resources"].set_index("resource")["plant"]))
    first = route.drop_duplicates(["family", "plant"])
    made = made[made["production"] > 0].merge(first, on=["family", "plant"], validate="many_to_one")
    used = (made["production"] * made["hours_per_unit"]).groupby([made["month"], made["resource"]]).sum()
    offered = tables["capacity"].set_index(["month", "resource"])
    hours = offered["capacity_hours"] * offered["efficiency"]
    assert (used / hours.reindex(used.index)).max() <= 1.001
    paint = tables["routings"].query("resource == 'Brno paint'").set_index("family")["hours_per_unit"]
    painted = (made["production"] * made["family"].map(paint)).groupby(made["month"]).sum()
    assert (painted / hours.xs("Brno paint", level="resource").reindex(painted.index)).max() <= 1.001
    labour = (made["production"] * made["labour_hours_per_unit"]).groupby([made["month"], made["plant"]]).sum()
    people = tables["workforce"].set_index(["month", "plant"]).reindex(labour.index)
    assert (labour <= 1.12 * people["people"] * people["hours_per_person"] + 1).all()


def test_a_product_was_launched_one_phased_out_and_one_retired_inside_the_window(tables: Tables) -> None:
    status = tables["products"].set_index("status")["product"]
    sold = tables["sales_actuals"].query("quantity > 0").groupby("product")["month"].agg(["min", "max"])
    launched = tables["products"].query("status == 'launch'").set_index("product")["launch_date"]
    assert launched["FB-1217"] == sold.loc["FB-1217", "min"] == "2025-08"
    assert "2026-01" <= sold.loc[status["phase_out"], "max"] <= "2026-06"
    assert "2024-02" <= sold.loc[status["retired"], "max"] <= "2024-06"


def test_some_items_are_sparse(tables: Tables) -> None:
    sold = tables["sales_actuals"].query("quantity > 0").groupby(["product", "region"])["month"].nunique()
    assert (sold < 16).sum() >= 6


def test_bicycles_sell_in_spring_and_early_summer(tables: Tables) -> None:
    sales = tables["sales_actuals"].merge(tables["products"], on="product").query("family == 'Front box'")
    by_month = sales.groupby(sales["month"].str[5:])["quantity"].sum()
    assert set(by_month.nlargest(3).index) == {"04", "05", "06"}
    assert by_month.max() > 1.8 * by_month.min()


def test_the_outlier_and_the_level_shift_can_be_seen(tables: Tables) -> None:
    sales = tables["sales_actuals"].merge(tables["products"], on="product")
    trike = sales.query("family == 'Trike' and region == 'Nordics'").groupby("month")["ordered"].sum()
    assert trike["2025-03"] > 1.8 * (trike["2024-03"] + trike["2026-03"]) / 2
    longtail = sales.query("family == 'Longtail'").groupby(["region", "month"])["ordered"].sum()
    year = {place: longtail[place] for place in ("DACH", "Benelux")}
    change = {place: s["2025-11":"2026-10"].sum() / s["2024-10":"2025-09"].sum() for place, s in year.items()}
    assert change["DACH"] < change["Benelux"] - 0.1
