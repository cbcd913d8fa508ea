"""What a plan changes, by hand: measures over months, grids, fences, stability, assumptions, references."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sop.analysis.comparison.changes import (
    assumption_changes,
    change_grid,
    fence_breaches,
    fence_changes,
    measure_changes,
    over_months,
    plan_of_budget,
    plan_of_prior_year,
)
from sop.analysis.comparison.explainer import changed_assumptions
from sop.analysis.comparison.plan_change import Single, name_group
from sop.core.inputs import Budget
from sop.core.measures import measure
from sop.core.present import plain
from sop.core.register import Assumptions, Start
from sop.facts.unit_worth import unit_worth
from sop.views.executive.change_tables import assumptions_table, grid_table, stability_note
from tests.tiny import tiny_inputs, tiny_plan

YEAR = tiny_plan().months


def _value(key: str, scope: str = "") -> Single:
    (single,) = changed_assumptions(Assumptions(), Assumptions().set(key, scope, 0.02))
    return single


def test_a_group_is_called_by_what_its_values_move_and_what_else_changed() -> None:
    volume, price = _value("demand_pct", "Bikes"), _value("price_pct")
    event = Single("Sales", "events|grant", "Grant (event added)", "Grant", ("events",), (), "volume")
    other = Single("Sales", "initiatives|direct", "Direct (initiative changed)", "Direct", ("initiatives",), ())
    assert name_group("Sales", [volume, price]) == "Sales: volume and price"
    assert name_group("Sales", [event, volume, price]) == "Sales: volume and price"
    assert name_group("Sales", [event]) == "Sales: Grant"
    assert name_group("Sales", [other, volume, price]) == "Sales: volume, price and more"
    assert name_group("Operations", [_value("overtime_share")]) == "Operations: overtime limit"


def test_flows_are_added_stocks_taken_at_the_end_peaks_at_the_highest() -> None:
    plan = tiny_plan(
        3,
        inventory=[[5, 6, 7], [0, 0, 1]],
        customer_lead_time=[[0, 0, 0], [30, 45, 40]],
        due=[[[1, 1, 1]], [[1, 1, 1]]],
        production=[[[4, 5, 6]], [[1, 1, 1]]],
    )
    months = plan.months
    assert over_months(plan, measure("production"), months) == 18
    assert over_months(plan, measure("inventory"), months) == 8
    assert over_months(plan, measure("customer_lead_time"), months) == 45


def test_utilisation_is_recomputed_from_its_hours_and_never_averaged() -> None:
    plan = tiny_plan(2, load_hours=[[90, 10]], capacity_hours=[[100, 300]], utilisation=[[0.9, 0.0333]])
    assert over_months(plan, measure("utilisation"), plan.months) == 100 / 400
    assert over_months(tiny_plan(2), measure("utilisation"), plan.months) is None


def test_a_ratio_without_company_parts_has_no_company_total() -> None:
    plan = tiny_plan(2, days_of_supply=[[10, 20], [30, 40]])
    assert over_months(plan, measure("days_of_supply"), plan.months) is None


def test_measures_of_one_plan_only_have_no_difference() -> None:
    found = {row.entry.key: row for row in measure_changes(tiny_plan(shipments=[[[9]], [[1]]]), tiny_plan())}
    assert (found["shipments"].agreed, found["shipments"].proposed, found["shipments"].difference) == (
        None,
        120,
        None,
    )
    assert found["revenue"].difference == 0 and found["revenue"].share == 0


def test_units_of_several_families_are_told_in_money_at_the_same_worth_in_both_plans() -> None:
    """A bike more and a cargo bike less: 900 a month less at net price, 640 at cost, and not the same units."""
    base = tiny_plan(consensus_demand=[[[10]], [[2]]], production=[[[10]], [[2]]], inventory=[[5], [1]])
    plan = tiny_plan(consensus_demand=[[[11]], [[1]]], production=[[[11]], [[1]]], inventory=[[6], [0]])
    found = {row.entry.key: row for row in measure_changes(plan, base, unit_worth(tiny_inputs(), plan))}
    demand, made, stock = (found[key] for key in ("consensus_demand", "production", "inventory"))
    assert (demand.entry.label, demand.entry.unit) == ("Consensus demand at net price", "currency")
    assert (demand.agreed, demand.difference) == (12 * 3000_00, 12 * (100_00 - 1000_00))
    assert (made.entry.label, made.difference) == ("Production at standard cost", 12 * (60_00 - 700_00))
    assert stock.difference == 60_00 - 700_00
    assert {row.entry.unit for row in found.values() if row.entry.grain[:1] == ("family",)} == {"currency"}
    by_hand = {row.entry.key: row for row in measure_changes(plan, base)}
    assert by_hand["consensus_demand"].difference == 0, "in units, for who asks for each measure in its own"


def test_where_no_price_is_known_units_stay_units() -> None:
    plan, inputs = tiny_plan(consensus_demand=[[[10]], [[2]]]), tiny_inputs()
    unpriced = replace(inputs, position=replace(inputs.position, price=np.full((2, 1), np.nan)))
    found = {row.entry.key: row for row in measure_changes(plan, plan, unit_worth(unpriced, plan))}
    assert (found["consensus_demand"].entry.unit, found["consensus_demand"].agreed) == ("units", 144)


def test_a_grid_of_units_has_no_total() -> None:
    plan = tiny_plan(consensus_demand=[[[10]], [[2]]], revenue=[[[1000_00]], [[2000_00]]])
    units, money = (
        grid_table(change_grid(plan, plan, key), "Plan shown") for key in ("consensus_demand", "revenue")
    )
    assert [plain(row[0]) for row in units.rows] == ["Bikes", "Cargo"]
    assert [plain(row[0]) for row in money.rows] == ["Bikes", "Cargo", "Total"]


def test_stability_of_several_families_is_told_at_standard_cost() -> None:
    """One bike of 60 less and one cargo bike of 700 more moved 760 of 2,000: 38%, and 17% of the units."""
    base = tiny_plan(1, production=[[[10]], [[2]]])
    plan = tiny_plan(1, production=[[[9]], [[3]]])
    (row,) = fence_changes(plan, base, unit_worth(tiny_inputs(), plan))
    assert (row.agreed, row.changed, row.at) == (2000_00, 760_00, "at standard cost")
    assert row.share == 0.38 and fence_changes(plan, base)[0].share == 2 / 12


def test_stability_of_families_without_a_cost_is_told_at_net_price() -> None:
    """Units of bikes and of cargo bikes are not added up: a bike of 100 less and a cargo bike of 1,000 more."""
    base, plan = (tiny_plan(1, production=[[[bikes]], [[cargo]]]) for bikes, cargo in ((10, 2), (9, 3)))
    inputs = tiny_inputs()
    unknown = np.array([np.nan, 700.0])
    inputs = replace(inputs, position=replace(inputs.position, unit_cost=unknown))
    (row,) = fence_changes(plan, base, unit_worth(inputs, plan))
    price = inputs.position.price[:, 0] * 100
    assert (row.at, row.agreed, row.changed) == ("at net price", price @ [10, 2], price @ [1, 1])
    assert stability_note([row]).startswith("Production that moved at net price")


def test_a_share_is_left_out_where_it_would_mislead() -> None:
    plan, base = tiny_plan(overrides=[[[-5]], [[0]]]), tiny_plan(overrides=[[[1]], [[0]]])
    row = next(row for row in measure_changes(plan, base) if row.entry.key == "overrides")
    assert row.difference == -72 and row.share is None


def test_a_grid_stands_on_common_months_and_sums_to_the_change_of_the_measure() -> None:
    plan, base = tiny_plan(12, "2027-02", revenue=[[[110_000]], [[200_000]]]), tiny_plan(12)
    grid = change_grid(plan, base, "revenue")
    assert (grid.names, len(grid.months), grid.months[0]) == (("Bikes", "Cargo"), 11, "2027-02")
    assert grid.difference.sum() == 11 * 10_000
    row = next(row for row in measure_changes(plan, base) if row.entry.key == "revenue")
    assert row.difference == grid.difference.sum()


def test_a_company_measure_is_a_grid_of_one_row() -> None:
    grid = change_grid(tiny_plan(total_revenue=np.full(12, 5)), tiny_plan(), "total_revenue")
    assert grid.names == ("Revenue",) and grid.agreed.shape == (1, 12)


def test_stability_is_what_moved_as_a_share_of_what_was_agreed_by_fence() -> None:
    """One frozen month, two slushy ones: 10 bikes agreed a month; 2 fewer in month 2, 3 more in month 5."""
    base = tiny_plan(6, production=[[[10] * 6], [[0] * 6]])
    plan = tiny_plan(6, production=[[[10, 8, 10, 10, 13, 10]], [[0] * 6]])
    rows = {row.fence: row for row in fence_changes(plan, base)}
    assert {name: (row.agreed, row.changed) for name, row in rows.items()} == {
        "frozen": (10, 0),
        "slushy": (20, 2),
        "liquid": (30, 3),
    }
    assert rows["slushy"].share == 0.1
    assert [(b.fence, b.month, b.name, b.agreed, b.proposed) for b in fence_breaches(plan, base)] == [
        ("slushy", "2027-02", "Bikes", 10, 8)
    ]


def test_a_shift_between_families_does_not_net_out() -> None:
    base = tiny_plan(1, production=[[[10]], [[2]]])
    plan = tiny_plan(1, production=[[[8]], [[4]]])
    (row,) = fence_changes(plan, base)
    assert row.changed == 4 and len(fence_breaches(plan, base)) == 2


def test_a_plan_without_production_has_no_fences() -> None:
    assert fence_changes(tiny_plan(), tiny_plan()) == [] and fence_breaches(tiny_plan(), tiny_plan()) == []


def test_assumptions_set_changed_and_taken_back_are_told_by_owner() -> None:
    was = Assumptions({("price_pct", ""): 0.01, ("dso_days", ""): 40, ("capacity_pct", "L1"): 0.1})
    now = Assumptions({("price_pct", ""): 0.02, ("dso_days", ""): 40, ("demand_pct", "Bikes"): 0.05})
    found = assumption_changes(was, now, {("price_pct", ""): ("list price", "Bo")})
    assert [(row.key, row.scope, row.was, row.now) for row in found] == [
        ("demand_pct", "Bikes", None, 0.05),
        ("price_pct", "", 0.01, 0.02),
        ("capacity_pct", "L1", 0.1, None),
    ]
    assert (found[1].reason, found[1].by) == ("list price", "Bo")


def test_a_value_that_starts_in_another_month_is_a_change_though_it_is_the_same() -> None:
    place = ("capacity_pct", "L1")
    was = Assumptions({place: 0.1}, {place: Start("2027-02")})
    now = Assumptions({place: 0.1}, {place: Start("2027-04")})
    (found,) = assumption_changes(was, now, {})
    assert (found.was_from, found.now_from) == ("2027-02", "2027-04")
    assert assumption_changes(was, was, {}) == []
    assert assumptions_table([found], "€").figure("Line capacity", "Now") == "+10% from Apr 27"
    (whole,) = assumption_changes(was, Assumptions({place: 0.1}), {})
    assert (whole.was_from, whole.now_from) == ("2027-02", "")


def test_the_budget_is_a_reference_as_far_as_it_goes() -> None:
    months = YEAR[:4]
    budget = Budget(months, np.full((2, 1, 4), 7.0), np.full((2, 1, 4), 70.5), None)
    plan = plan_of_budget(tiny_inputs(budget=budget))
    assert plan is not None and plan.months == months
    assert plan.total("consensus_demand").tolist() == [14] * 4 and plan["total_revenue"].tolist() == [14_100] * 4
    late = replace(budget, months=YEAR[1:5])
    assert plan_of_budget(tiny_inputs(budget=late)) is None and plan_of_budget(tiny_inputs()) is None


def test_the_year_before_is_a_reference_where_there_is_one() -> None:
    plan = plan_of_prior_year(tiny_inputs(12))
    assert plan is not None and plan.months == YEAR
    assert plan.total("consensus_demand").tolist() == [12] * 12
    assert plan["total_revenue"].tolist() == [300_000] * 12
    assert plan_of_prior_year(tiny_inputs(11)) is None


@pytest.mark.parametrize("key", ["revenue", "consensus_demand"])
def test_a_plan_held_against_itself_changes_nothing(key: str) -> None:
    assert not change_grid(tiny_plan(), tiny_plan(), key).difference.any()
