"""A plan agreed elsewhere as figures to compare with: what its lines prove, and what they cannot tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop.core.calendar import Calendar, shift_period
from sop.facts.plans_elsewhere import PlanElsewhere, cycles_elsewhere, read_plans_elsewhere

FIRST, FAMILIES = "2026-04", ("Bikes", "Cargo")
COLUMNS = ["cycle", "month", "measure", "family", "region", "resource", "value", "unit", "plan", "agreed_on"]


def _lines(*rows: tuple[str, str | None, list[float]], cycle: str = FIRST, **more: object) -> pd.DataFrame:
    """Lines of one plan: a row is a measure, a family, and its figures from the cycle's first month on."""
    made = [
        {"cycle": cycle, "month": shift_period(cycle, t), "measure": key, "family": family, "value": value, **more}
        for key, family, values in rows
        for t, value in enumerate(values)
    ]
    return pd.DataFrame(made).reindex(columns=COLUMNS).astype({"value": float})


def _read(lines: pd.DataFrame) -> PlanElsewhere:
    (found,) = read_plans_elsewhere(lines, Calendar("2026-06", 12), FAMILIES, "Ours", "EUR").values()
    return found


BALANCED = (
    ("consensus_demand", "Bikes", [10, 12, 11]),
    ("production", "Bikes", [11, 11, 11]),
    ("inventory", "Bikes", [21, 20, 20]),
)


def test_the_plan_starts_with_its_cycle_and_holds_what_its_lines_say() -> None:
    found = _read(_lines(*BALANCED, plan="October", agreed_on="2026-03-20"))
    assert found.plan.months == ("2026-04", "2026-05", "2026-06")
    assert found.plan.by_family("production").tolist()[0] == [11, 11, 11]
    assert found.missing == ("Cargo",) and np.isnan(found.plan.by_family("production")[1]).all()
    assert "'October' of 2026-03-20, agreed elsewhere for Apr 2026 holds" in found.limits
    assert "it says nothing of Cargo" in found.limits and "no causes" in found.limits


def test_sales_are_shipments_where_planned_stock_falls_by_them_and_unknown_where_it_does_not() -> None:
    assert _read(_lines(*BALANCED)).plan.by_family("shipments")[0].tolist() == [10, 12, 11]
    broken = (*BALANCED[:2], ("inventory", "Bikes", [21, 25, 20]))
    assert "shipments" not in _read(_lines(*broken)).plan
    assert "shipments" not in _read(_lines(*BALANCED[:2])).plan
    outside = (
        *BALANCED[:1],
        ("production", "Bikes", [11, 8, 11]),
        ("subcontract", "Bikes", [0, 3, 0]),
        BALANCED[2],
    )
    assert _read(_lines(*outside)).plan.by_family("shipments")[0].tolist() == [10, 12, 11]


def test_money_is_the_companys_or_left_out_and_totals_need_every_family() -> None:
    both = [("revenue", family, [5.0, 7.25]) for family in FAMILIES]
    plan = _read(_lines(*both)).plan
    assert plan["total_revenue"].tolist() == [1000, 1450]
    assert not _read(_lines(both[0])).plan.has_revenue
    foreign = _read(_lines(*both, unit="USD"))
    assert "revenue" not in foreign.plan and "revenue in another currency is left out" in foreign.limits


def test_months_before_the_cycle_count_nothing() -> None:
    early = _lines(("production", "Bikes", [9, 9])).assign(month=["2026-03", "2026-04"])
    assert _read(early).plan.months == ("2026-04",)
    only = early.assign(month="2026-03")
    assert cycles_elsewhere(only) == () and not read_plans_elsewhere(
        only, Calendar(FIRST, 12), FAMILIES, "Ours", "EUR"
    )
    assert cycles_elsewhere(early) == (FIRST,)


@pytest.mark.parametrize("value", [0.0, 4.0])
def test_a_family_has_nothing_in_regions_that_it_does_not_name(value: float) -> None:
    north = _lines(("revenue", "Bikes", [3.0]), ("revenue", "Cargo", [value]), region="North")
    south = _lines(("revenue", "Bikes", [2.0]), region="South")
    plan = _read(pd.concat([north, south], ignore_index=True)).plan
    assert plan.by_family("revenue")[:, 0].tolist() == [500, value * 100]
