"""Ordinary odd data from tables to the gate: the plan says what it can and why not more, and figures hold."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sop.agreement.identities import check_identities
from sop.analysis.gate.plan_lines import plan_gate
from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.core.tables import table
from sop.demand.forecast import forecast_company
from sop.engine import Planner
from sop.files.readers import read_file
from sop.intake.assemble import assemble
from sop.intake.check import check_table
from tests import integrated

TABLES = integrated.tables()
LAST = "2025-12"
Tables = Mapping[str, pd.DataFrame | None]


def of_products(**columns: Any) -> dict[str, pd.DataFrame]:
    return {"products": TABLES["products"].assign(**columns)}


def sales(keep: Any = None, sold: Any = None, times: float = 1.0) -> dict[str, pd.DataFrame]:
    """The sales of the months to `keep`, nothing sold in months that are not `sold`."""
    frame = TABLES["sales_actuals"].drop(columns=["_file", "_line"])
    frame = frame if keep is None else frame[frame["month"].map(keep)].reset_index(drop=True)
    factor = times if sold is None else frame["month"].map(sold).astype(float) * times
    return {
        "sales_actuals": frame.assign(**{name: frame[name] * factor for name in ("quantity", "revenue", "cost")})
    }


def book(**columns: Any) -> dict[str, pd.DataFrame]:
    return {"order_book": TABLES["order_book"].assign(**columns)}


TO_ORDER = of_products(strategy="MTO", standard_lead_time_days=60.0)
SECOND = TABLES["products"].assign(
    product="D-1", name="D", family="Drone", strategy="MTO", standard_lead_time_days=60.0
)
ODD: dict[str, tuple[Tables, str]] = {
    "a book without a history": ({**TO_ORDER, **sales(times=0.0), **book(quantity=30.0)}, "book_without_sales"),
    "a book of a family without a row of sales": (
        {
            "products": pd.concat([TO_ORDER["products"], SECOND]),
            "order_book": pd.concat([TABLES["order_book"], *book(product="D-1", quantity=30.0).values()]),
        },
        "book_without_sales",
    ),
    "a book of a region without a row of sales": (
        {**TO_ORDER, **book(region="East", quantity=30.0)},
        "book_of_new_region",
    ),
    "a history without a book": ({**TO_ORDER, "order_book": None}, ""),
    "a lead time of zero": (
        {**of_products(strategy="MTO", standard_lead_time_days=0.0), **book(quantity=30.0)},
        "little_law",
    ),
    "a lead time longer than the plan": (
        {**of_products(strategy="MTO", standard_lead_time_days=900.0), **book(quantity=30.0)},
        "little_law",
    ),
    "one period": (sales(keep=lambda month: month == LAST), "few_periods"),
    "one period, long ago": (sales(keep=lambda month: month == "2024-01"), "few_periods"),
    "a family that ends": (sales(sold=lambda month: month < "2025-01"), "silent_series"),
    "a family that ended two months ago": (sales(sold=lambda month: month < "2025-11"), "silent_series"),
    "eighteen months, the last two of nothing": (
        sales(keep=lambda month: month > "2024-06", sold=lambda month: month < "2025-11"),
        "silent_series",
    ),
    "all demand in one month, the others empty": (sales(sold=lambda month: month == "2025-06"), "sold_once"),
    "all demand in the last month": (sales(sold=lambda month: month == LAST, times=24.0), "sold_once"),
    "all demand in the one month that has rows": (sales(keep=lambda month: month == "2025-06"), "few_periods"),
    "nothing ever sold": (sales(times=0.0), "never_sold"),
    "nothing but returns": (sales(times=-1.0), "only_returns"),
}
"""What is odd, and the finding that says so."""


def plan_of(changed: Tables) -> tuple[Inputs, StoredForecast, Plan]:
    loaded = {name: frame for name, frame in {**TABLES, **changed}.items() if frame is not None}
    inputs = assemble(loaded, Calendar("2026-01", 12), company="Works")
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        forecast = forecast_company(inputs)
        return inputs, forecast, Planner(inputs, forecast).build(Assumptions())


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_company_is_planned_and_what_is_odd_is_said(odd: str) -> None:
    changed, rule = ODD[odd]
    inputs, _, plan = plan_of(changed)
    assert check_identities(plan, inputs) == ()
    assert not rule or rule in {finding.rule for finding in plan.findings}
    assert all(finding.what and finding.remedy for finding in plan.findings)
    for key, value in plan.headline.items():
        assert np.isfinite(value) if value is not None else plan.why_unknown(key), key
    assert (plan["consensus_demand"] >= 0).all() and (plan["past_due"] >= 0).all()
    assert plan.headline["on_time"] is None or 0 <= plan.headline["on_time"] <= 1
    assert all(str(line) for line in plan_gate(plan, inputs, Assumptions(), ()))


def test_what_is_on_order_where_nothing_was_sold_is_owed_and_delivered() -> None:
    inputs, _, plan = plan_of(ODD["a book of a region without a row of sales"][0])
    _, _, without = plan_of(TO_ORDER)
    east = inputs.regions.index("East")
    assert plan["due"][:, east].sum() == 30 and plan["consensus_demand"][:, east].sum() == 0
    assert plan["shipments"].sum() == without["shipments"].sum() + 30
    # At the family's mean net price of 100.
    assert plan.headline["revenue"] == (without.headline["revenue"] or 0) + 30 * 100_00


def test_a_history_without_a_book_knows_no_wait_and_says_why() -> None:
    _, _, plan = plan_of(ODD["a history without a book"][0])
    assert plan.headline["lead_time"] is None and "no order book is loaded" in plan.why_unknown("lead_time")


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"quantity": 30.0, "past_due": -5.0}, "past_due is below 0"),
        ({"quantity": -30.0}, "quantity is below 0"),
        ({"quantity": 3.0, "past_due": 50.0}, "past_due is more than all open orders"),
    ],
)
def test_a_book_below_zero_is_refused_with_the_column(columns: dict[str, float], says: str) -> None:
    (odd,) = book(**columns).values()
    others = {name: frame for name, frame in TABLES.items() if name != "order_book"}
    raw = read_file(odd.to_csv(index=False).encode(), "odd.csv")
    checked = check_table(table("order_book"), raw, first_open="2026-01", tables=others, answers={})
    assert not checked.ok and says in " ".join(finding.what for finding in checked.findings)


# -- single months that rule a forecast, in companies of three years


def three_years(**families: np.ndarray) -> tuple[Inputs, StoredForecast]:
    months = [shift_period("2026-07", back) for back in range(-36, 0)]
    rows = [
        (month, name, "EU", float(units), float(units) * 10)
        for name, sold in families.items()
        for month, units in zip(months, sold, strict=True)
    ]
    names = list(families)
    loaded = {
        "products": pd.DataFrame(
            {"product": names, "name": names, "family": names, "price": 10.0, "unit_cost": 6.0}
        ),
        "sales_actuals": pd.DataFrame(rows, columns=["month", "product", "region", "quantity", "revenue"]),
    }
    inputs = assemble(loaded, Calendar("2026-07", 24), company="Three")
    return inputs, forecast_company(inputs)


def test_level_sales_plan_as_they_are() -> None:
    inputs, forecast = three_years(Hundred=np.full(36, 100.0), Fifty=np.full(36, 50.0), Nothing=np.zeros(36))
    plan = Planner(inputs, forecast).build(Assumptions())
    by_name = dict(zip(inputs.families.names, plan["consensus_demand"][:, 0].tolist(), strict=True))
    assert by_name == {"Hundred": [100] * 24, "Fifty": [50] * 24, "Nothing": [0] * 24}


def test_a_return_or_an_order_in_the_last_month_rules_no_forecast_and_is_named() -> None:
    usual = np.rint(100 + np.random.default_rng(4).normal(0, 8, 36))
    returned, ordered, before = usual.copy(), usual.copy(), usual.copy()
    returned[-1], ordered[-1], before[-2] = -400.0, 1000.0, -400.0
    _, forecast = three_years(Returned=returned, Ordered=ordered, Before=before)
    assert np.abs(forecast.mean[:, 0] - 100).max() < 12
    named = [finding.what for finding in forecast.findings if finding.rule == "last_month_unusual"]
    assert sorted(text.split(",")[0] for text in named) == ["Ordered", "Returned"]
