"""Sales that are lost because serving them costs more than they bring are named, in units and in money paid."""

import numpy as np

from sop.supply import SupplyModel, SupplyPlan, SupplyProblem
from sop.supply.what_if.lost_sales import name_chosen_losses
from tests.supply.test_supply_material_price import monthly, plan_of, tables


def spot_market(premium: float, **changes) -> SupplyPlan:
    """10 chairs due in each of two months, wood for 6 of them, more at a premium; a chair sells at 100."""
    problem = SupplyProblem(
        **{
            "families": ("chairs",),
            "periods": ("Jan", "Feb"),
            "due": [[10, 10]],
            "past_due_cost": 30,
            "lost_cost": 100,
            "revenue_per_unit": 100,
            "variable_cost": 20,
            "materials": ("wood",),
            "material_use": 1,
            "material_supply": 6,
            "spot_premium": premium,
            **changes,
        }
    )
    model = SupplyModel(problem)
    return name_chosen_losses(model.solve(problem), model, "EUR")


def said(plan) -> list[str]:
    return [str(found) for found in plan.findings if found.rule == "lost_by_choice"]


def test_what_costs_120_and_sells_at_100_is_lost_and_named():
    plan = spot_market(100.0)
    assert plan.whole.lost.tolist() == [[4, 4]]
    (sentence,) = said(plan)
    assert "chairs 8 units in Jan to Feb" in sentence.replace("\u202f", " ")
    assert "would bring 800 EUR and cost 960 EUR more" in sentence


def test_what_is_worth_its_cost_is_served_and_what_nobody_sells_is_no_choice():
    assert spot_market(70.0).whole.lost.sum() == 0
    assert said(spot_market(70.0)) == []
    short = spot_market(np.inf)
    assert short.whole.lost.sum() == 8
    assert said(short) == []


def test_only_what_could_be_served_is_named():
    """Hours for 8 chairs a month: 2 of 4 are lost for want of hours, the others because wood is dear."""
    plan = spot_market(100.0, hours_per_unit=1, line_hours=8)
    assert plan.whole.lost.sum() == 8
    assert "chairs 4 units" in said(plan)[0].replace("\u202f", " ")


def test_a_price_that_is_not_known_is_not_told_as_nothing():
    plan = spot_market(100.0, revenue_per_unit=0)
    assert "bring" not in said(plan)[0] and "would cost 960 EUR more" in said(plan)[0]


def test_a_company_that_pays_more_for_steel_than_a_sale_brings_is_told_so():
    """5 and 110 on the spot market against a price of 100: the 30 above the supplier's 120 are lost a month."""
    plan = plan_of(tables(material_supply=monthly("material quantity spot_premium", ("STEEL", 120.0, 110.0))))
    lost = plan.by_family("lost_sales")
    assert lost[0].sum() > 500 and lost[1].sum() == 0
    (sentence,) = said(plan)
    assert f"Alpha {lost[0].sum()} units" in sentence.replace("\u202f", " ")
