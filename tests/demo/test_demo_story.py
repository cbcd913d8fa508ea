"""The demo company goes on after its first open month: what was told stays, and the months that follow fit it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.demo.generator.demo_company import DemoCompany
from sop.core.calendar import shift_period
from sop.core.tables import TABLES, table
from sop.files.readers import read_file
from sop.intake.check import check_table

Tables = dict[str, pd.DataFrame]

FACTS = ("sales_actuals", "inventory", "order_book", "indicators", "budget", "financials")
LATER = ("2026-12", "2027-01", "2027-02", "2028-11")


@pytest.fixture(scope="module", params=LATER)
def later(request: pytest.FixtureRequest, company: DemoCompany) -> tuple[str, Tables]:
    """A month after the company's own first open one (2026-11), and the tables known at it."""
    return request.param, company.tables_known_at(request.param)


@pytest.mark.parametrize("name", FACTS)
def test_the_months_told_before_are_the_same_to_the_unit(
    name: str, tables: Tables, later: tuple[str, Tables]
) -> None:
    month, known = later
    key = [column for column in table(name).full_key if column in tables[name]]
    old, new = tables[name].set_index(key), known[name].set_index(key)
    pd.testing.assert_frame_equal(new.loc[old.index], old)
    assert known["sales_actuals"]["month"].max() == shift_period(month, -1)


@pytest.mark.parametrize("name", ["capacity", "workforce", "calendar"])
def test_closed_months_of_the_plants_stay(name: str, tables: Tables, later: tuple[str, Tables]) -> None:
    key = list(table(name).key)
    old, new = (
        frame[name].query("month < '2026-11'").drop(columns="max_people", errors="ignore").set_index(key)
        for frame in (tables, later[1])
    )
    pd.testing.assert_frame_equal(new.loc[old.index], old)


def test_what_was_delivered_stays_and_what_was_open_is_delivered_whole_or_split(
    tables: Tables, later: tuple[str, Tables]
) -> None:
    old, new = (frame.set_index("order_line") for frame in (tables["deliveries"], later[1]["deliveries"]))
    done = old["delivered"].notna()
    pd.testing.assert_frame_equal(new.loc[old.index[done]], old[done])
    same = ["product", "region", "ordered", "requested", "promised"]
    pd.testing.assert_frame_equal(new.loc[old.index[~done], same], old.loc[~done, same])
    order = new.index.str.rsplit("-", n=1).str[0]
    units = new.groupby(order)["quantity_ordered"].sum()
    before = old.groupby(old.index.str.rsplit("-", n=1).str[0])["quantity_ordered"].sum()
    assert (units[before.index] == before).all()
    parts = new[order.isin(before.index)]
    assert not parts.index.duplicated().any()


@pytest.mark.parametrize("month", ["2026-12", "2028-01"])
def test_no_table_that_follows_has_an_error(month: str, company: DemoCompany) -> None:
    known = company.tables_known_at(month)
    for spec in TABLES:
        if spec.name in known:
            raw = read_file(known[spec.name].to_csv(index=False).encode(), f"{spec.name}.csv")
            checked = check_table(spec, raw, first_open=month, tables=known)
            worse = [f.rule for f in checked.findings if f.level != "note" and f.rule != "behind"]
            assert checked.ok and not worse, f"{spec.name}: {worse}"


def test_what_customers_order_goes_on_in_season_without_a_break(company: DemoCompany) -> None:
    sales = company.tables_known_at("2028-11")["sales_actuals"].groupby("month")["ordered"].sum()
    year = {start: sales[f"{start}-11" : f"{start + 1}-10"].to_numpy() for start in (2025, 2026, 2027)}
    for before in (2025, 2026):
        growth = year[before + 1] / year[before]
        assert growth.min() > 0.9 and growth.max() < 1.15
        assert 1.0 < growth.mean() < 1.05
    assert np.corrcoef(year[2025], year[2027])[0, 1] > 0.9


def test_gates_that_lie_behind_have_happened_and_the_others_lie_ahead(later: tuple[str, Tables]) -> None:
    month, known = later
    for name in ("launch_gates", "milestones"):
        gates = known[name]
        assert (gates["actual"].dropna() < month).all()
        assert (gates.loc[gates["actual"].isna(), "forecast"] >= month).all()


def test_a_launch_slips_once_more_and_then_sells_under_a_number_of_its_own(company: DemoCompany) -> None:
    before, after = (company.tables_known_at(month) for month in ("2027-05", "2028-01"))
    assert "CO-1215" not in set(before["products"]["product"]) and before["launches"]["product"].isna().all()
    urban = after["launches"].set_index("launch").loc["Compact Urban"]
    assert urban["product"] == "CO-1215" and urban["family"] is None
    gate = after["launch_gates"].query("launch == 'Compact Urban' and gate == '4 Market launch'").iloc[0]
    assert (gate["baseline"], gate["actual"]) == ("2027-02", "2027-06")
    sold = after["sales_actuals"].query("product == 'CO-1215'").groupby("month")["ordered"].sum()
    assert sold.index.min() in ("2027-06", "2027-07")
    assert sold["2027-07"] < sold["2027-09"] < sold["2027-12"] < 75


def test_the_late_family_catches_up_with_the_rebuilt_robot(company: DemoCompany) -> None:
    book = company.tables_known_at("2028-11")["order_book"]
    heavy = book[book["product"].str.startswith("HD")].groupby("month")["past_due"].sum()
    late = [heavy.get(month, 0.0) for month in ("2026-10", "2027-07", "2027-12", "2028-06")]
    assert late[0] < late[1] > late[2] > late[3] == 0


def test_plans_reach_as_far_ahead_as_before(later: tuple[str, Tables]) -> None:
    month, known = later
    ahead = pd.Period(month, "M") + 35
    for name in ("capacity", "workforce", "calendar", "material_supply"):
        assert known[name]["month"].max() == str(ahead)
    assert known["budget"]["month"].max() == f"{int(month[:4]) + 1}-12"
