"""No figure rests on a silent default: what nobody stated is named with its money, and so is what is free."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sop.analysis.gate.plan_lines import plan_gate
from sop.core.inputs import ExtraHours, Inputs, Subcontract
from sop.core.register import Assumptions
from sop.finance.rate_findings import FREE
from tests import integrated


def said(inputs: Inputs, rule: str, **values: float) -> dict[str, str]:
    """Findings of a rule by column."""
    plan = integrated.plan_of(inputs, **values)
    return {finding.column: finding.what for finding in plan.findings if finding.rule == rule}


def plants(**columns: object) -> pd.DataFrame:
    return integrated.tables()["plants"].assign(**columns)


def test_a_wage_that_nobody_stated_is_named_with_what_is_paid_at_it() -> None:
    silent = integrated.company(plants=plants(labour_rate=np.nan))
    plan = integrated.plan_of(silent)
    hours = plan["regular_hours"] + plan["idle_hours"]
    (wage,) = (f.what for f in plan.findings if (f.rule, f.column) == ("assumed", "labour_rate"))
    paid = f"{25 * hours[:, :12].sum():,.0f}".replace(",", "\u202f")
    assert wage == (
        f"wage per regular hour of Works is not loaded; 25 is assumed, on which {paid} EUR of wages in the next "
        "12 months rest"
    )
    assert "labour_rate" not in said(integrated.company(), "assumed"), "the table says it"
    assert "labour_rate" not in said(silent, "assumed", labour_rate=25.0), "its owner set it"


def test_purchases_at_an_assumed_share_of_cost_are_named_until_somebody_sets_the_share() -> None:
    materials = integrated.tables()["materials"].assign(price=np.nan)
    silent = integrated.company(materials=materials)
    plan = integrated.plan_of(silent)
    assert "cash" in plan
    bought = f"{plan['purchases'][:12].sum() / 100:,.0f}".replace(",", "\u202f")
    told = said(silent, "assumed")["price"]
    assert (
        told.startswith("60% of standard cost is taken to be bought for") and f"{bought} EUR of purchases" in told
    )
    assert "price" not in said(silent, "assumed", material_share=0.6)


@pytest.mark.parametrize("column", ["labour_rate", "overtime_rate", "hire_cost", "release_cost"])
def test_people_who_cost_nothing_are_named_until_their_owner_says_so(column: str) -> None:
    free = integrated.company(plants=plants(**{column: 0.0}))
    assert said(free, FREE)[column] == "a price of 0 is taken as it stands of Works: it counts as free"
    assert column not in said(integrated.company(), FREE)
    if column != "overtime_rate":
        confirmed = integrated.planner_of(free).build(integrated.cash_sales().set(column, "Works", 0.0))
        assert column not in {finding.column for finding in confirmed.findings if finding.rule == FREE}


def test_a_rate_of_nothing_is_at_the_gate() -> None:
    free = integrated.company(plants=plants(hire_cost=0.0))
    plan = integrated.plan_of(free)
    (line,) = (line for line in plan_gate(plan, free, Assumptions(), ()) if line.rule == FREE)
    assert line.level == "amber" and "counts as free" in line.what and "to 0 with its reason" in line.remedy


def with_levers(price: float) -> Inputs:
    """The company with finished units, hours and material beyond the limit on offer, at one price each."""
    inputs = integrated.company()
    assert inputs.capacity is not None and inputs.materials is not None
    hours = ExtraHours(np.full((1, 12), 5.0), np.full((1, 12), price), np.zeros(1))
    return replace(
        inputs,
        subcontract=Subcontract(np.full((1, 12), 5.0), np.array([price])),
        capacity=replace(inputs.capacity, line_extra=hours),
        materials=replace(inputs.materials, spot_premium=np.full(len(inputs.materials.names), price)),
    )


def test_levers_at_no_price_are_named_until_their_owner_says_so() -> None:
    told = {"unit_cost", "extra_hour_price", "spot_premium"}
    assert set(said(with_levers(0.0), FREE)) == told
    assert not told & set(said(with_levers(3.0), FREE))
    meant = said(with_levers(0.0), FREE, extra_hour_price=0.0, spot_premium=0.0)
    assert set(meant) == {"unit_cost"}, "units bought finished for nothing are a gap in the table"
