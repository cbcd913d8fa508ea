"""A material whose price is loaded is priced at it, where the plan decides what to make and where it is paid."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from sop.core.calendar import Calendar
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.engine import build_plan
from sop.facts.material_cost import making_cost, material_cost
from sop.intake.assemble import assemble
from sop.supply import supply_of

FIRST = "2026-07"
AHEAD = tuple(str(month) for month in pd.period_range(FIRST, periods=24, freq="M"))


def frame(columns: str, *rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


def monthly(columns: str, *rows: tuple) -> pd.DataFrame:
    return frame(f"month {columns}", *((month, *row) for month in AHEAD for row in rows))


def tables(price: float = 5.0, **changes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Steel for 120 units a month, 45 dearer above that; 150 units are wanted. Price 100 and 200, cost 60%."""
    past = [str(month) for month in pd.period_range("2023-07", "2026-06", freq="M")]
    sold = [(month, product, "EU", units, units * at)
            for i, month in enumerate(past)
            for product, units, at in (("A1", 98 + 2 * (i % 3), 100), ("B1", 48 + 2 * (i % 3), 200))]  # fmt: skip
    return {
        "products": frame("product name family strategy price unit_cost",
                          ("A1", "A1", "Alpha", "MTS", 100.0, 60.0), ("B1", "B1", "Beta", "MTS", 200.0, 120.0)),
        "sales_actuals": frame("month product region quantity revenue", *sold),
        "plants": frame("plant labour_rate overtime_rate overtime_limit_pct", ("P1", 25.0, 40.0, 0.2)),
        "resources": frame("resource plant kind", ("L1", "P1", "line")),
        "capacity": monthly("resource capacity_hours", ("L1", 400.0)),
        "workforce": monthly("plant people hours_per_person max_people", ("P1", 10.0, 150.0, 12.0)),
        "routings": frame("family resource hours_per_unit labour_hours_per_unit",
                          ("Alpha", "L1", 2.0, 1.0), ("Beta", "L1", 2.0, 1.0)),
        "materials": frame("material price", ("STEEL", price)),
        "material_usage": frame("material family quantity_per_unit",
                                ("STEEL", "Alpha", 1.0), ("STEEL", "Beta", 1.0)),
        "material_supply": monthly("material quantity spot_premium", ("STEEL", 120.0, 45.0)),
        "inventory": frame("month plant product opening production shipments closing",
                           ("2026-06", "P1", "A1", 120.0, 100.0, 100.0, 120.0),
                           ("2026-06", "P1", "B1", 60.0, 50.0, 50.0, 60.0)),
        **changes,
    }  # fmt: skip


def inputs_of(given: dict[str, pd.DataFrame]) -> Inputs:
    return assemble(given, Calendar(FIRST), company="test")


def plan_of(given: dict[str, pd.DataFrame]) -> Plan:
    return build_plan(inputs_of(given), Assumptions())


def variable_cost(plan: Plan) -> list[float]:
    supply = supply_of(plan)
    assert supply is not None
    return supply.problem.variable_cost[:, 0, 0].tolist()


def test_one_more_unit_at_75_is_made_and_sold_for_100():
    """5 of steel, 45 on the spot market and an hour at 25; it was taken for 106, and 30 of 100 were lost."""
    plan = plan_of(tables())
    assert variable_cost(plan) == [5.0, 5.0]
    assert plan.total("lost_sales").tolist() == [0] * 24


def test_without_a_price_a_share_of_the_standard_cost_stands_for_it():
    plan = plan_of(tables(price=np.nan))
    assert variable_cost(plan) == [36.0, 72.0]


def test_one_material_without_a_price_leaves_the_share_but_never_less_than_the_rest():
    more = {
        "materials": frame("material price", ("STEEL", 50.0), ("PAINT", np.nan)),
        "material_usage": frame("material family quantity_per_unit",
                                ("STEEL", "Alpha", 1.0), ("PAINT", "Alpha", 2.0), ("STEEL", "Beta", 1.0)),
    }  # fmt: skip
    assert variable_cost(plan_of(tables(**more))) == [50.0, 50.0]


@pytest.mark.parametrize(("stated", "cost"), [(7.0, [7.0, 7.0]), (5.0, [5.0, 5.0]), (3.0, [8.0, 8.0])])
def test_a_routing_may_state_its_cost_with_the_material_or_without(stated, cost):
    routes = frame("family resource hours_per_unit labour_hours_per_unit variable_cost",
                   ("Alpha", "L1", 2.0, 1.0, stated), ("Beta", "L1", 2.0, 1.0, stated))  # fmt: skip
    plan = plan_of(tables(routings=routes))
    assert variable_cost(plan) == cost
    assert plan.total("lost_sales").sum() == 0


def test_the_plan_decides_at_the_cost_that_is_paid_for():
    """Every family whose materials all have a price: what is decided on is what is bought."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        prices = np.where(rng.random(3) < 0.3, np.nan, rng.uniform(1, 9, 3))
        use = rng.uniform(0, 2, (2, 3)) * (rng.random((2, 3)) < 0.7)
        inputs = inputs_of(tables())
        materials = dataclasses.replace(inputs.materials, price=prices, use=use)
        inputs = dataclasses.replace(inputs, materials=materials)
        factor = rng.uniform(0.9, 1.1, (2, 24))
        bought = material_cost(inputs, Assumptions(), inputs.position.unit_cost[:, None] * factor)
        decided = making_cost(inputs, Assumptions(), inputs.position.unit_cost, np.full((2, 1), np.nan), factor)
        assert (decided[:, 0] == bought).all()
        for family, own in enumerate(use):
            if (own > 0).any() and np.isfinite(prices[own > 0]).all():
                assert bought[family] == pytest.approx(np.full(24, own @ np.nan_to_num(prices)))
