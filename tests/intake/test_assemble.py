"""From tables to arrays: what is missing stays missing, what is zero is zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop.core.calendar import Calendar
from sop.core.errors import CannotPlan
from sop.core.inputs import Inputs
from sop.core.terms import Strategy
from sop.intake.assemble import assemble

PRODUCTS = pd.DataFrame({
    "product": ["A-1", "A-2", "B-1"], "name": ["a", "b", "c"], "family": ["A", "A", "B"],
    "strategy": ["MTS", "MTO", "MTS"], "price": [10.0, 20.0, 30.0], "unit_cost": [6.0, 12.0, None],
})  # fmt: skip


def sales(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["month", "product", "region", "quantity", "revenue"])


def build(*rows: tuple, first_open: str = "2026-06", **tables: pd.DataFrame) -> Inputs:
    return assemble({"products": PRODUCTS, "sales_actuals": sales(*rows), **tables}, Calendar(first_open, 6))


def test_a_month_without_a_row_in_the_whole_table_is_missing_and_one_without_a_row_of_a_series_is_zero() -> None:
    inputs = build(
        ("2026-01", "A-1", "North", 5, 50.0),
        ("2026-03", "A-1", "North", 7, 70.0),
        ("2026-04", "B-1", "North", 1, 30.0),
    )
    shipped = inputs.history.shipped[0, 0]
    assert inputs.history.months == ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")
    assert np.isnan(shipped).tolist() == [False, True, False, False, True]
    assert shipped[[0, 2, 3]].tolist() == [5, 7, 0]
    assert np.isnan(inputs.history.shipped[2, 0, :3]).all(), "before a series' first row nothing is known"


def test_channels_are_added_up_and_rows_not_yet_closed_are_left_out() -> None:
    rows = sales(
        ("2026-05", "A-1", "North", 5, 50.0),
        ("2026-05", "A-1", "North", 3, 36.0),
        ("2026-06", "A-1", "North", 9, 0.0),
    )
    inputs = assemble(
        {"products": PRODUCTS, "sales_actuals": rows.assign(channel=["web", "shop", "web"])},
        Calendar("2026-06", 6),
    )
    assert inputs.history.shipped[0, 0].tolist() == [8]
    assert inputs.position.price[1, 0] == pytest.approx(86 / 8)


def test_a_family_with_both_strategies_is_planned_as_two() -> None:
    inputs = build(("2026-05", "A-1", "North", 5, 50.0))
    assert inputs.families.names == ("A (MTO)", "A (MTS)", "B")
    assert inputs.families.strategy == (Strategy.MTO, Strategy.MTS, Strategy.MTS)
    assert inputs.families.index("A") == (0, 1)


def test_a_cost_that_nobody_knows_is_not_zero() -> None:
    inputs = build(("2026-05", "B-1", "North", 5, 150.0))
    assert np.isnan(inputs.position.unit_cost[2])


def test_a_product_without_sales_prices_at_list_less_the_companys_discount() -> None:
    inputs = build(("2026-05", "A-1", "North", 10, 90.0))
    assert inputs.position.price[:, 0].tolist() == pytest.approx([18.0, 9.0, 27.0]), "ten percent off everywhere"


def test_without_the_minimum_there_is_no_plan_and_the_remedy_is_said() -> None:
    with pytest.raises(CannotPlan, match=r"sales_actuals not loaded.*Import sales_actuals"):
        assemble({"products": PRODUCTS}, Calendar("2026-06"))
    with pytest.raises(CannotPlan, match="no sales before 2026-06"):
        build(("2026-07", "A-1", "North", 5, 50.0))


def test_stock_that_ends_too_early_is_said_and_not_used() -> None:
    stock = pd.DataFrame(
        {
            "month": ["2026-03"],
            "plant": ["W"],
            "product": ["A-1"],
            "production": [1],
            "shipments": [0],
            "closing": [4],
        }
    )
    inputs = build(("2026-05", "A-1", "North", 5, 50.0), inventory=stock)
    assert inputs.position.inventory is None
    assert [finding.rule for finding in inputs.findings] == ["stock_stale"]


def test_opening_follows_from_the_movements_where_the_file_has_none() -> None:
    stock = pd.DataFrame(
        {
            "month": ["2026-05"],
            "plant": ["W"],
            "product": ["A-1"],
            "production": [3],
            "shipments": [5],
            "closing": [4],
        }
    )
    inputs = build(("2026-05", "A-1", "North", 5, 50.0), inventory=stock)
    assert inputs.stock is not None and inputs.stock.opening[1].tolist() == [6]


def test_hours_beyond_the_loaded_months_repeat_the_season_and_carry_efficiency() -> None:
    inputs = build(
        ("2026-05", "A-1", "North", 5, 50.0),
        resources=pd.DataFrame({"resource": ["L"], "plant": ["W"], "kind": ["line"]}),
        capacity=pd.DataFrame(
            {"month": ["2026-06", "2026-07"], "resource": "L", "capacity_hours": [100.0, 80.0], "efficiency": 0.9}
        ),
        routings=pd.DataFrame({"family": ["A"], "resource": ["L"], "hours_per_unit": [0.5]}),
    )
    assert inputs.capacity is not None
    assert inputs.capacity.line_hours[0].tolist() == pytest.approx([90, 72, 72, 72, 72, 72])
    assert inputs.capacity.hours_per_unit[:2, 0].tolist() == [0.5, 0.5], (
        "a family's routing holds for both its parts"
    )
    assert np.isnan(inputs.capacity.hours_per_unit[2, 0]), "B has no route"


def test_events_not_yet_known_stay_out() -> None:
    events = pd.DataFrame({"event": ["now", "later"], "title": "t", "source": "customer", "use": "plan",
                           "probability": 1.0, "start_month": "2026-07", "duration_months": 1,
                           "measure": "demand", "impact": 0.1, "owner": "sales",
                           "known_since": ["2026-05", "2026-07"]})  # fmt: skip
    inputs = build(("2026-05", "A-1", "North", 5, 50.0), events=events)
    assert [event.name for event in inputs.events or ()] == ["now"]


# -- holidays by region


TWO = (("2025-12", "A-1", "North", 5, 50.0), ("2026-05", "B-1", "South", 5, 150.0))
"""Sales in two regions; history and plan lie in 2025 and 2026."""


def holidays(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["date", "country"])


def countries(north: str | None, south: str | None) -> pd.DataFrame:
    return pd.DataFrame({"region": ["North", "South"], "country": [north, south]})


def left_out(inputs: Inputs) -> list[str]:
    return [finding.what for finding in inputs.findings if finding.rule == "holidays_missing"]


def test_without_the_table_nobody_keeps_holidays() -> None:
    inputs = build(*TWO, regions=countries("DE", "TR"))
    assert inputs.holidays == () and not left_out(inputs)


def test_each_region_keeps_the_holidays_of_its_country_and_those_of_everywhere() -> None:
    days = holidays(
        ("2025-12-26", "DE"), ("2026-04-06", "de"), ("2025-03-30", "TR"), ("2026-03-20", "TR"), ("2026-01-01", "")
    )
    inputs = build(*TWO, regions=countries("DE", "TR"), holidays=days)
    assert inputs.holidays == (
        ("2025-12-26", "2026-01-01", "2026-04-06"),
        ("2025-03-30", "2026-01-01", "2026-03-20"),
    )


@pytest.mark.parametrize("regions", [None, countries(None, None)])
def test_the_only_country_is_that_of_regions_that_name_none(regions: pd.DataFrame | None) -> None:
    days = holidays(("2026-04-06", "DE"), ("2025-12-26", "DE"))
    inputs = build(*TWO, holidays=days, **({} if regions is None else {"regions": regions}))
    assert inputs.holidays == (("2025-12-26", "2026-04-06"),) * 2


def test_a_year_that_the_table_does_not_tell_leaves_the_holidays_out_and_is_named() -> None:
    inputs = build(*TWO, holidays=holidays(("2026-04-06", "")))
    assert inputs.holidays == ()
    assert left_out(inputs) == [
        f"the holidays of {region} are not known in 2025, so the forecast does not try them there"
        for region in ("North", "South")
    ]


def test_a_region_of_another_country_than_the_table_has_is_left_out_alone() -> None:
    days = holidays(("2026-04-06", "DE"), ("2025-12-26", "DE"))
    inputs = build(*TWO, regions=countries("DE", "TR"), holidays=days)
    assert inputs.holidays == (("2025-12-26", "2026-04-06"), ())
    assert left_out(inputs) == [
        "the holidays of South are not known in 2025, 2026, so the forecast does not try them there"
    ]
