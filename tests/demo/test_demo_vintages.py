"""Same seed, same company; a later view adds rows, and no view knows what came after it."""

from __future__ import annotations

import pandas as pd
import pytest

from data.demo.generator.demo_company import DemoCompany, demo_company
from sop.core.calendar import shift_period
from sop.core.errors import BadInput
from sop.core.tables import table

Tables = dict[str, pd.DataFrame]

FACTS = ("sales_actuals", "inventory", "order_book", "indicators")
FIXED = (
    "products",
    "plants",
    "resources",
    "routings",
    "materials",
    "material_usage",
    "subcontract",
    "account_map",
    "launches",
    "benefits",
)


def test_the_same_seed_gives_the_same_company(tables: Tables) -> None:
    again = demo_company("2026-11").tables_known_at("2026-11")
    for name in tables:
        pd.testing.assert_frame_equal(again[name], tables[name])


def test_another_seed_gives_another_history(tables: Tables) -> None:
    other = demo_company("2026-11", seed=8).tables_known_at("2026-11")
    assert other["sales_actuals"]["revenue"].sum() != tables["sales_actuals"]["revenue"].sum()


@pytest.mark.parametrize("name", FACTS)
def test_a_later_view_of_facts_only_adds_rows(name: str, tables: Tables, earlier: Tables) -> None:
    key = [column for column in table(name).full_key if column in tables[name]]
    old, new = earlier[name].set_index(key), tables[name].set_index(key)
    pd.testing.assert_frame_equal(new.loc[old.index], old)
    assert len(new) > len(old)


@pytest.mark.parametrize("name", FIXED)
def test_master_data_and_baselines_do_not_move(name: str, tables: Tables, earlier: Tables) -> None:
    pd.testing.assert_frame_equal(tables[name], earlier[name])


@pytest.mark.parametrize("name", ["budget", "financials"])
def test_budgets_and_the_ledger_are_never_rewritten(name: str, tables: Tables, earlier: Tables) -> None:
    key = list(table(name).key)
    old, new = earlier[name].set_index(key), tables[name].set_index(key)
    pd.testing.assert_frame_equal(new.loc[old.index], old)


@pytest.mark.parametrize("name", ["capacity", "workforce", "calendar"])
def test_closed_months_of_the_plants_are_never_rewritten(name: str, tables: Tables, earlier: Tables) -> None:
    key = list(table(name).key)
    old = earlier[name].query("month < '2026-06'").drop(columns="max_people", errors="ignore").set_index(key)
    new = tables[name].drop(columns="max_people", errors="ignore").set_index(key)
    pd.testing.assert_frame_equal(new.loc[old.index], old)


def test_a_delivery_only_changes_by_being_delivered(tables: Tables, earlier: Tables) -> None:
    old = earlier["deliveries"].set_index("order_line")
    new = tables["deliveries"].set_index("order_line").loc[old.index]
    promised = ["product", "region", "ordered", "requested", "promised", "quantity_ordered"]
    pd.testing.assert_frame_equal(new[promised], old[promised])
    done = old["delivered"].notna()
    pd.testing.assert_frame_equal(new[done], old[done])
    assert (new["quantity_delivered"] >= old["quantity_delivered"]).all()


@pytest.mark.parametrize("name", ["launch_gates", "milestones"])
def test_forecasts_of_gates_move_and_baselines_stay(name: str, tables: Tables, earlier: Tables) -> None:
    key = list(table(name).key)
    old, new = earlier[name].set_index(key), tables[name].set_index(key)
    assert (old["baseline"] == new["baseline"]).all()
    assert (old["forecast"] != new["forecast"]).any()
    happened = old["actual"].notna()
    assert (old.loc[happened, "actual"] == new.loc[happened, "actual"]).all()


@pytest.mark.parametrize("back", range(9))
def test_no_view_knows_what_came_after_it(back: int, company: DemoCompany) -> None:
    month = shift_period("2026-11", -back)
    seen = company.tables_known_at(month)
    for name in FACTS:
        assert seen[name]["month"].max() < month
    assert seen["financials"].query("scenario == 'actual'")["month"].max() < month
    assert seen["events"]["known_since"].max() < month
    assert seen["indicators"]["published_month"].max() < month
    for name in ("launch_gates", "milestones"):
        gates = seen[name]
        assert (gates["actual"].dropna() < month).all()
        assert (gates.loc[gates["actual"].isna(), "forecast"] >= month).all()
    lines = seen["deliveries"]
    assert lines["ordered"].max() < month
    assert lines["delivered"].dropna().max() < month


def test_the_rebuild_of_the_tight_line_was_not_known_before_its_supplier_said_so(company: DemoCompany) -> None:
    before, after = (_hours(company.tables_known_at(m), "2027-02") for m in ("2026-08", "2026-09"))
    assert after < 0.95 * before


def _hours(tables: Tables, month: str) -> float:
    capacity = tables["capacity"].query("resource == 'Gdansk welding' and month == @month")
    return float(capacity["capacity_hours"].iloc[0])


def test_events_come_to_light_one_by_one(company: DemoCompany) -> None:
    counts = [len(company.tables_known_at(shift_period("2026-11", back))["events"]) for back in (-5, -3, -1, 0)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_view_from_after_the_end_of_the_story_is_refused(company: DemoCompany) -> None:
    with pytest.raises(BadInput, match="Choose a month in 2024-11 to 2028-11"):
        company.tables_known_at("2028-12")


def test_a_text_that_is_no_month_is_refused() -> None:
    with pytest.raises(BadInput, match="not a month"):
        demo_company("November")


def test_changing_a_table_does_not_change_the_company(company: DemoCompany, tables: Tables) -> None:
    company.tables_known_at("2026-11")["products"]["price"] = 0.0
    pd.testing.assert_frame_equal(company.tables_known_at("2026-11")["products"], tables["products"])
