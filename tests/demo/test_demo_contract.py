"""The demo's tables are exactly what the data contract asks for."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from sop.core.calendar import is_period
from sop.core.tables import TABLE_NAMES, TABLES, Column, Table, table

Tables = dict[str, pd.DataFrame]

NOT_NEEDED = {"regions", "fx_rates", "holidays", "plan_lines"}
GIVEN = [spec for spec in TABLES if spec.name not in NOT_NEEDED]


def test_the_demo_brings_every_table_but_foreign_currency_and_outside_plans(tables: Tables) -> None:
    assert set(tables) == set(TABLE_NAMES) - NOT_NEEDED


@pytest.mark.parametrize("spec", GIVEN, ids=lambda spec: spec.name)
def test_every_column_is_in_the_contract(spec: Table, tables: Tables) -> None:
    assert set(tables[spec.name].columns) <= set(spec.column_names)
    assert set(spec.required_names) <= set(tables[spec.name].columns)


@pytest.mark.parametrize("spec", GIVEN, ids=lambda spec: spec.name)
def test_required_cells_are_filled_and_cells_are_of_their_kind(
    spec: Table, tables: Tables, earlier: Tables
) -> None:
    for frame in (tables[spec.name], earlier[spec.name]):
        assert len(frame)
        for name in frame.columns:
            column, values = spec.column(name), frame[name].dropna()
            assert not column.required or len(values) == len(frame), f"{spec.name}.{name} has empty cells"
            wrong = [value for value in values if not _is_of_kind(value, column)]
            assert not wrong, f"{spec.name}.{name}: {wrong[:3]}"


def _is_of_kind(value: object, column: Column) -> bool:
    if column.kind == "number":
        low, high = column.low, column.high
        return isinstance(value, float) and (low is None or value >= low) and (high is None or value <= high)
    if column.kind == "month":
        return is_period(value)
    if column.kind == "date":
        return isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    return isinstance(value, str) and value != "" and (not column.choices or value in column.choices)


@pytest.mark.parametrize("spec", GIVEN, ids=lambda spec: spec.name)
def test_keys_are_unique(spec: Table, tables: Tables) -> None:
    keys = [name for name in spec.full_key if name in tables[spec.name]]
    assert set(spec.key) <= set(keys)
    assert not tables[spec.name].duplicated(keys).any()


def test_references_lead_to_rows_that_exist(tables: Tables) -> None:
    known = {name: set(tables[name][table(name).key[0]]) for name in tables}
    known["families"] = set(tables["products"]["family"])
    if "regions" not in known:  # their names are free while that table is not there
        known["regions"] = set(tables["sales_actuals"]["region"])
    for spec in GIVEN:
        for column in spec.columns:
            if column.refers_to and column.name in tables[spec.name]:
                unknown = set(tables[spec.name][column.name].dropna()) - known[column.refers_to]
                assert not unknown, f"{spec.name}.{column.name}: {unknown}"


def test_scopes_of_events_and_benefits_are_names_the_plan_knows(tables: Tables) -> None:
    names = set(tables["products"]["family"]) | set(tables["sales_actuals"]["region"])
    names |= set(tables["resources"]["resource"]) | set(tables["materials"]["material"])
    for name in ("events", "benefits"):
        assert set(tables[name]["scope"].dropna()) <= names


def test_every_account_has_a_line_once(tables: Tables) -> None:
    kinds = ["account_type", "account"]
    used = tables["financials"][kinds].drop_duplicates().merge(tables["account_map"], on=kinds, how="outer")
    assert used["line"].notna().all()
    assert len(used) == len(tables["account_map"])


def test_the_company_has_the_size_that_was_asked_for(tables: Tables) -> None:
    products = tables["products"]
    assert products["family"].nunique() == 8
    assert products.loc[products["strategy"] == "MTO", "family"].nunique() == 2
    assert 110 <= len(products) <= 130
    assert tables["sales_actuals"]["region"].nunique() == 3
    assert tables["sales_actuals"]["month"].nunique() == 48
    assert tables["plants"]["plant"].nunique() == 3
    assert (tables["resources"]["kind"] == "line").sum() == 5
    assert 3_000 <= len(tables["deliveries"]) <= 9_000


def test_capacity_people_and_days_reach_past_a_horizon_of_24_months(tables: Tables, earlier: Tables) -> None:
    for name in ("capacity", "workforce", "calendar", "material_supply"):
        assert tables[name]["month"].max() >= "2028-10"
        assert earlier[name]["month"].max() >= "2028-05"


def test_the_budget_covers_this_and_the_next_fiscal_year(tables: Tables) -> None:
    months = set(tables["budget"]["month"])
    assert {f"{year}-{month:02d}" for year in (2026, 2027) for month in range(1, 13)} <= months
    assert max(months) == "2027-12"


def test_every_family_can_be_made_on_one_or_two_lines_of_the_company(tables: Tables) -> None:
    lines = set(tables["resources"].query("kind == 'line'")["resource"])
    routes = tables["routings"][tables["routings"]["resource"].isin(lines)].groupby("family").size()
    assert set(routes.index) == set(tables["products"]["family"])
    assert routes.between(1, 2).all()
