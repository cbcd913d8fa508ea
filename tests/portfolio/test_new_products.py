"""Like products, vitality, records of launches and what a slip costs, on a company of three chairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Inputs, Launch
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.intake.assemble import assemble
from sop.portfolio.new_products import actual_vitality, launch_records, planned_vitality, propose_like_products
from sop.portfolio.worth import slip_costs

FIRST_OPEN, HISTORY, HORIZON = "2026-01", 48, 12

# First month on sale counted from 2026-01: Old sold from the start, Young for 24 months, Newest for 8.
SINCE = {"Old": -48, "Young": -24, "Newest": -8}
PRICE = {"Old": 100.0, "Young": 200.0, "Newest": 50.0}
FAMILY = {"Old": "Chairs", "Young": "Chairs", "Newest": "Stools"}


def tables(**launch: object) -> dict[str, pd.DataFrame]:
    """Ten units a month of each product at list price; the newest grows by one unit a month."""
    sales = [
        (shift_period(FIRST_OPEN, t), product, "North", t - first + 1.0 if product == "Newest" else 10.0)
        for product, first in SINCE.items()
        for t in range(first, 0)
    ]
    frame = pd.DataFrame(sales, columns=["month", "product", "region", "quantity"])
    frame["revenue"] = frame["quantity"] * frame["product"].map(PRICE)
    row = {"launch": "Lounge", "family": "Chairs", "probability": 0.5, "peak_quantity": 8.0, "ramp_months": 2.0,
           "curve": "linear", "cost": 1000.0}  # fmt: skip
    return {
        "products": pd.DataFrame({"product": list(SINCE), "name": list(SINCE), "family": list(FAMILY.values()),
                                  "price": list(PRICE.values()), "unit_cost": [40.0, 80.0, 20.0]}),
        "sales_actuals": frame,
        "launches": pd.DataFrame([{**row, **launch}]),
        "launch_gates": pd.DataFrame({"launch": ["Lounge"], "gate": ["Market"], "baseline": ["2026-02"],
                                      "forecast": ["2026-03"]}),
    }  # fmt: skip


def company(**launch: object) -> Inputs:
    return assemble(tables(**launch), Calendar(FIRST_OPEN, HORIZON))


def forecast_of(inputs: Inputs) -> StoredForecast:
    """Every product sells ten a month."""
    products = np.full((3, 1, HORIZON), 10.0)
    mean = np.einsum("fn,nrt->frt", inputs.family_of_product, products)
    return StoredForecast(FIRST_OPEN, mean, mean, mean, mean, mean, products, ("by hand",) * 2)


def plan_of(inputs: Inputs, assumptions: Assumptions | None = None) -> Plan:
    return Planner(inputs, forecast_of(inputs)).build(assumptions or Assumptions())


def lounge(inputs: Inputs) -> Launch:
    (launch,) = inputs.launches or ()
    return launch


def test_the_first_month_on_sale_is_read_from_the_sales_or_taken_as_stated() -> None:
    inputs = company()
    assert dict(zip(inputs.products.numbers, inputs.products.first_sale.tolist(), strict=True)) == {
        "Newest": -8, "Old": pytest.approx(np.nan, nan_ok=True), "Young": -24,
    }  # fmt: skip
    stated = tables()
    stated["products"] = stated["products"].assign(launch_date=["2020-01", None, None])
    assert assemble(stated, Calendar(FIRST_OPEN)).products.first_sale.tolist() == [-8, -72, -24]


def test_like_products_are_the_closest_in_price_of_the_own_family_first() -> None:
    inputs = company()
    found = propose_like_products(inputs, lounge(inputs))
    assert [like.number for like in found] == ["Young", "Newest"], "nobody saw how Old began"
    # Chairs cost 150 on average by recent units: ln(200/150) and ln(150/50) + 1 for another family.
    assert [like.distance for like in found] == pytest.approx([np.log(4 / 3), np.log(3) + 1], abs=1e-6)
    assert [like.months_to_peak for like in found] == [1, 8]


def test_a_launch_grows_as_its_like_product_did() -> None:
    inputs = company(curve="like_product", like_product="Newest", peak_quantity=16.0)
    # Newest sold 1, 2, … 8 units: eighths of the peak of 16 units at a probability of one half.
    assert plan_of(inputs)["launches"][0, 0].tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8]


def test_vitality_counts_products_of_the_last_three_years() -> None:
    found = actual_vitality(company())
    # Twelve months: Old 12 000, Young 24 000, Newest 50 × (1 + … + 8) = 1 800.
    assert (found.young, found.revenue, found.unknown) == (25_800.0, 37_800.0, ())


def test_a_product_turns_old_after_three_years_on_sale() -> None:
    moved = tables()
    moved["products"] = moved["products"].assign(launch_date=[None, "2022-07", None])
    found = actual_vitality(assemble(moved, Calendar(FIRST_OPEN)))
    assert found.young == 12_000 + 1_800, "Young was young until June 2025, half of the year"


def test_vitality_of_a_short_history_names_the_products_whose_age_it_cannot_tell() -> None:
    short = tables()
    short["sales_actuals"] = short["sales_actuals"].query("month >= '2025-01'")
    found = actual_vitality(assemble(short, Calendar(FIRST_OPEN)))
    assert found.unknown == ("Old", "Young") and found.young == 1_800


def test_planned_vitality_counts_launches_as_young() -> None:
    inputs = company(probability=1.0)
    without = planned_vitality(inputs, forecast_of(inputs), plan_of(company(probability=0.0)))
    # Chairs sell 20 at 150 of which Young is half, stools 10 at 50: young are 2 000 of 3 500 a month.
    assert without.share == pytest.approx(2_000 / 3_500)
    found = planned_vitality(inputs, forecast_of(inputs), plan_of(inputs))
    # The launch adds 4 units in March and 8 in each of nine months, at 150.
    assert found.young - without.young == pytest.approx(76 * 150)


def test_a_slip_costs_more_with_every_month() -> None:
    inputs = company(probability=1.0, peak_quantity=100.0, ramp_months=1.0)
    planner = Planner(inputs, forecast_of(inputs))
    costs = slip_costs("launch_slip_months", "Lounge", Assumptions(), planner.build, most=3)
    assert [sum(cost.units.values()) for cost in costs] == [-100, -200, -300]
    assert len(costs[0].units) == 1, "each family is told by itself, and those that it does not move are not"
    assert [cost.revenue for cost in costs] == [-100 * 150_00, -200 * 150_00, -300 * 150_00]
    assert all(cost.cash_low is None for cost in costs), "no ledger is loaded"


def test_a_slip_is_valued_up_to_the_end_of_its_range() -> None:
    inputs = company()
    planner = Planner(inputs, forecast_of(inputs))
    late = Assumptions({("launch_slip_months", "Lounge"): 11.0})
    assert len(slip_costs("launch_slip_months", "Lounge", late, planner.build)) == 1


def test_a_launch_that_came_is_held_against_date_volume_and_cost() -> None:
    inputs = company(product="Newest", family=None, peak_quantity=6.0, spent=1200.0)
    (gate,) = lounge(inputs).gates
    came = replace(lounge(inputs), gates=(replace(gate, baseline=-10, forecast=-8, actual=-8),))
    (record,) = launch_records(replace(inputs, launches=(came,)))
    # Sold 1 + … + 8 = 36; planned 3 in the first month and 6 in each of the other seven.
    assert (record.slip_months, record.units, record.planned_units) == (2, 36.0, 45.0)
    assert (record.spent, record.cost) == (1200.0, 1000.0)
    (unknown,) = launch_records(replace(inputs, launches=(replace(came, product=""),)))
    assert unknown.units is None and "no number in products" in unknown.why
