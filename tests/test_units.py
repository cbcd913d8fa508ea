"""Units that are divided: a company that sells 0.4 t a month plans 0.4 t, and every identity holds to the kg."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.agreement.identities import check_identities
from sop.core.calendar import MONTH
from sop.core.plan import Plan, plan_of_lines
from sop.core.register import Assumptions
from sop.core.units import in_units, on_grid, smallest
from sop.core.words import units_text
from sop.demand.consensus import build_consensus, round_terms
from sop.engine import build_plan
from sop.intake.across_units import check_parts_of_units
from sop.supply import solve_supply
from sop.supply.before.demand import due_of
from tests.supply.instances import random_problem
from tests.supply.test_supply_material_price import frame, inputs_of, monthly, tables


def tonnes(decimals: float | None, **changes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A maker of 0.4 t of resin a month, to stock, beside one of chairs that come whole; made as they are sold."""
    past = [str(month) for month in pd.period_range("2023-07", "2026-06", freq="M")]
    sold = [(month, product, region, units, units * price) for month in past
            for product, region, units, price in (("R", "EU", 0.25, 9000.0), ("R", "US", 0.15, 9000.0),
                                                  ("C", "EU", 10.0, 100.0), ("C", "US", 5.0, 100.0))]  # fmt: skip
    products = frame("product name family strategy unit price unit_cost service_level",
                     ("R", "Resin", "Resin", "MTS", "t", 9000.0, 5000.0, 0.5),
                     ("C", "Chair", "Chairs", "MTS", "each", 100.0, 60.0, 0.5))  # fmt: skip
    products["unit_decimals"] = [decimals, None]
    plain = tables()
    return {
        "products": products.astype({"unit_decimals": float}),
        "sales_actuals": frame("month product region quantity revenue", *sold),
        **{name: plain[name] for name in ("plants", "resources")},
        "capacity": monthly("resource capacity_hours", ("L1", 100.0)),
        "workforce": monthly("plant people hours_per_person max_people", ("P1", 2.0, 150.0, 3.0)),
        "routings": frame("family resource hours_per_unit labour_hours_per_unit",
                          ("Resin", "L1", 100.0, 100.0), ("Chairs", "L1", 1.0, 1.0)),
        "inventory": frame("month plant product opening production shipments closing",
                           ("2026-06", "P1", "R", 0.5, 0.4, 0.4, 0.5),
                           ("2026-06", "P1", "C", 20.0, 15.0, 15.0, 20.0)),
        **changes,
    }  # fmt: skip


def resin(plan: Plan, key: str) -> list[float]:
    return plan.by_family(key)[plan.names(key).index("Resin")].round(9).tolist()


@pytest.fixture(scope="module")
def plan() -> Plan:
    return build_plan(inputs_of(tonnes(3)), Assumptions())


def test_400_kg_a_month_are_planned_and_not_nothing_or_a_tonne(plan: Plan):
    assert resin(plan, "consensus_demand") == pytest.approx([0.4] * 24, abs=0.011)
    assert resin(plan, "shipments") == resin(plan, "due")
    made = resin(plan, "production")
    assert min(made[1:]) > 0.2 and max(made[1:]) < 0.6
    whole = build_plan(inputs_of(tonnes(None)), Assumptions())
    assert set(resin(whole, "consensus_demand")) == {0, 1}


def test_chairs_stay_whole_beside_tonnes(plan: Plan):
    chairs = plan.names("production").index("Chairs")
    for key in ("consensus_demand", "due", "production", "shipments", "inventory", "safety_stock"):
        values = plan.by_family(key)[chairs]
        assert (values == np.rint(values)).all(), key


def test_identities_hold_to_the_kilogram(plan: Plan):
    assert check_identities(plan, inputs_of(tonnes(3))) == ()
    lines = [line for line in plan.lines if line["unit"] == "units" and line["measure"] != "material_need"]
    assert all(Fraction(str(line["value"])) * 1000 % 1 == 0 for line in lines)
    exact = {}
    for line in lines:
        place = line["measure"], line["family"], line["month"]
        exact[place] = exact.get(place, Fraction(0)) + Fraction(str(line["value"]))
    before = {"Resin": Fraction(1, 2), "Chairs": Fraction(20)}
    for month in plan.months:
        for family, stock in before.items():
            moved = sum(exact.get((key, family, month), 0) for key in ("production", "subcontract", "adjustments"))
            now = exact["inventory", family, month]
            assert now == stock + moved - exact["shipments", family, month]
            before[family] = now


def test_a_plan_with_decimals_is_read_back_as_it_was(plan: Plan):
    text = json.loads(json.dumps(plan.lines))
    again = plan_of_lines(
        text, plan.calendar, company="x", currency="EUR", availability=plan.availability, headline=plan.headline
    )
    for key in ("production", "inventory", "consensus_demand"):
        assert again[key] == pytest.approx(plan[key], abs=1e-9)


def test_without_decimals_every_quantity_is_a_whole_number():
    plan = build_plan(inputs_of(tables()), Assumptions())
    for key in ("consensus_demand", "due", "production", "shipments", "inventory", "past_due", "safety_stock"):
        assert plan[key].dtype == np.int64, key


def test_parts_of_a_unit_that_are_planned_whole_are_asked_about():
    def said(decimals: float | None) -> list[str]:
        found = inputs_of(tonnes(decimals)).findings
        return [str(finding) for finding in found if finding.rule == "sold_in_parts_of_a_unit"]

    assert said(3) == []
    (sentence,) = said(None)
    assert "family Resin sells 0.4 t a month and is planned in whole units" in sentence
    inputs = inputs_of(tonnes(None))
    shared = replace(inputs, history=replace(inputs.history, told_by=MONTH))
    assert list(check_parts_of_units(shared)) == [], "weeks of a month's table have parts"


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_supply_in_parts_of_units_keeps_its_identities_to_the_part(seed):
    rng = np.random.default_rng(seed)
    drawn = random_problem(seed)
    decimals = rng.integers(0, 4, drawn.sizes["F"])
    due = on_grid(drawn.due * rng.uniform(0.5, 1.5, drawn.due.shape), decimals)
    problem = random_problem(seed, due=due, unit_decimals=decimals)
    whole = solve_supply(problem).whole
    parts = {name: smallest(getattr(whole, name), decimals) for name in
             ("production", "subcontract", "shipments", "lost", "inventory", "past_due")}  # fmt: skip
    for name, values in parts.items():
        assert in_units(values, decimals) == pytest.approx(getattr(whole, name), abs=1e-12)
        assert (values >= 0).all()
    stock = smallest(problem.opening_inventory, decimals)[:, None] + np.cumsum(
        parts["production"].sum(axis=1) + parts["subcontract"] - parts["shipments"], axis=1
    )
    late = smallest(problem.opening_past_due, decimals)[:, None] + np.cumsum(
        smallest(due, decimals) - parts["shipments"] - parts["lost"], axis=1
    )
    assert (parts["inventory"] == stock).all() and (parts["past_due"] == late).all()


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_terms_of_demand_add_up_and_nothing_that_is_ordered_is_lost_to_the_part(seed):
    rng = np.random.default_rng(seed)
    decimals = rng.integers(0, 4, 3)
    demand = build_consensus(rng.uniform(0, 2, (3, 2, 12)), overrides=rng.uniform(-0.5, 0.5, (3, 2, 12)))
    whole = round_terms(demand, decimals)
    terms = sum(smallest(term, decimals) for term in whole.terms.values())
    assert (terms == smallest(whole.total, decimals)).all()
    half = 0.5 / 10.0 ** decimals[:, None]
    assert (np.abs(np.cumsum((whole.total - demand.total).sum(axis=1), axis=1)) <= half + 1e-5).all()
    due = due_of(whole.total, np.zeros(3), np.zeros((3, 2)), decimals)
    assert (smallest(due, decimals) == smallest(whole.total, decimals)).all()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.4, "0.4"),
        (0.25, "0.25"),
        (0.004, "0.004"),
        (2.6, "2.6"),
        (3.0, "3"),
        (0.0, "0"),
        (12.3, "12"),
        (-0.4, "\u22120.4"),
    ],
)
def test_a_small_quantity_is_not_told_as_nothing(value, text):
    assert units_text(value, "") == text
