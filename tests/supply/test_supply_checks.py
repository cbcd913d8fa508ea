"""Bad input: a named finding, and a plan where one exists."""

import highspy
import numpy as np
import pytest

from sop.supply import SolverError, SupplyInputError, SupplyProblem, check_problem, solve_supply
from sop.supply.lp.hard import read_optimum


def problem(**changes) -> SupplyProblem:
    fields = {
        "families": ("A", "B"),
        "lines": ("L1", "L2"),
        "periods": ("Jan", "Feb", "Mar"),
        "due": [[10, 10, 10], [5, 5, 5]],
        "past_due_cost": 5,
        "lost_cost": 100,
        "hours_per_unit": [[1, np.nan], [np.nan, 1]],
        "line_hours": 20,
        "variable_cost": 7,
        "holding_cost": 1,
    }
    return SupplyProblem(**{**fields, **changes})


def rules(**changes) -> list[str]:
    return [finding.rule for finding in check_problem(problem(**changes))]


def test_a_sound_problem_has_no_findings():
    assert rules() == []


def test_zero_capacity_is_named_and_demand_goes_late_not_lost_in_silence():
    shut = problem(line_hours=[[20, 20, 20], [0, 0, 0]])
    finding = next(f for f in check_problem(shut) if f.rule == "zero_capacity")
    assert "L2" in finding.what and "Jan to Mar" in finding.what
    plan = solve_supply(shut)
    assert plan.production[1].sum() == 0
    assert plan.lost[1].sum() + plan.past_due[1, -1] == pytest.approx(15)


def test_missing_capacity_is_no_limit_and_said():
    missing = problem(line_hours=[[20, 20, np.nan], [20, 20, 20]], due=[[10, 10, 90], [5, 5, 5]])
    assert "missing_capacity" in [f.rule for f in check_problem(missing)]
    assert solve_supply(missing).lost.sum() == 0


def test_a_family_without_a_route_ships_only_its_stock():
    stranded = problem(hours_per_unit=[[1, 1], [np.nan, np.nan]], opening_inventory=[0, 4])
    assert [f.rule for f in check_problem(stranded)] == ["no_route"]
    plan = solve_supply(stranded)
    assert plan.shipments[1].sum() == pytest.approx(4)
    assert plan.lost[1].sum() + plan.past_due[1, -1] == pytest.approx(11)


def test_demand_far_above_everything_is_said_and_planned():
    huge = problem(due=[[1e6] * 3, [5] * 3])
    assert "demand_above_capacity" in [f.rule for f in check_problem(huge)]
    assert solve_supply(huge).production[0].sum() == pytest.approx(60)


def test_a_negative_opening_backlog_is_taken_as_zero_and_said():
    negative = problem(opening_past_due=[-3, 0])
    assert [f.rule for f in check_problem(negative)] == ["negative_opening_past_due"]
    assert solve_supply(negative).objective == pytest.approx(solve_supply(problem()).objective)


def test_negative_stock_and_demand_are_taken_as_zero_and_said():
    assert rules(opening_inventory=[-1, 0], due=[[10, -2, 10], [5, 5, 5]]) == [
        "negative_opening_inventory",
        "negative_demand",
    ]


def test_a_frozen_plan_above_capacity_is_kept_with_the_excess_as_relief():
    agreed = np.zeros((2, 2, 3))
    agreed[0, 0, 0] = 26
    frozen = problem(agreed_production=agreed, frozen_periods=1)
    finding = next(f for f in check_problem(frozen) if f.rule == "frozen_above_capacity")
    assert "line L1" in finding.what and "Jan" in finding.what and "6" in finding.what
    plan = solve_supply(frozen)
    assert plan.production[0, 0, 0] == pytest.approx(26)
    assert plan.relief["machine"][0].tolist() == pytest.approx([6, 0, 0])
    assert plan.penalties["outside_machine_hours"] > 0 and plan.cost["outside_machine_hours"] == 0


def test_a_fence_longer_than_the_horizon_ends_with_it():
    agreed = np.zeros((2, 2, 3))
    long = problem(agreed_production=agreed, frozen_periods=2, slushy_periods=7)
    assert [f.rule for f in check_problem(long)] == ["fence_beyond_horizon"]
    assert solve_supply(long).production[:, :, :2].sum() == 0


def test_an_agreed_plan_on_a_route_that_is_gone_is_left_out_and_said():
    agreed = np.zeros((2, 2, 3))
    agreed[0, 1, 0] = 5
    gone = problem(agreed_production=agreed, frozen_periods=1)
    assert [f.rule for f in check_problem(gone)] == ["agreed_without_route"]
    assert solve_supply(gone).production[0, 1].sum() == 0


def test_a_material_that_nobody_supplies_stops_what_needs_it():
    starved = {"materials": ("steel",), "material_use": [[2], [0]], "material_supply": 0}
    assert rules(**starved) == ["nobody_supplies"]
    plan = solve_supply(problem(**starved))
    assert plan.production[0].sum() == pytest.approx(0)
    assert plan.production[1].sum() == pytest.approx(15)


def test_a_material_that_only_the_spot_market_sells_is_bought_there():
    spot = {"materials": ("steel",), "material_use": [[2], [0]], "material_supply": 0, "spot_premium": 3}
    (finding,) = check_problem(problem(**spot))
    assert "made from spot material" in finding.what and finding.remedy == "Add a supplier's quantities"
    assert solve_supply(problem(**spot)).production[0].sum() == pytest.approx(30)


def test_a_material_of_which_no_supply_is_loaded_is_not_taken_for_unlimited_in_silence():
    assert rules(materials=("steel",), material_use=[[2], [0]]) == ["supply_not_stated"]
    assert rules(materials=("steel",), material_use=0) == []


def test_a_frozen_plan_above_capacity_by_less_than_half_an_hour_comes_from_whole_units():
    agreed = np.zeros((2, 2, 3))
    agreed[0, 0, 0] = 20.4
    assert rules(agreed_production=agreed, frozen_periods=1) == []


def test_a_plant_without_people_is_named():
    labour = {"plants": ("P",), "line_plant": [0, -1], "labour_hours_per_unit": 1, "people_max": 0}
    assert "no_people" in rules(**labour, hours_per_person=160)
    plan = solve_supply(problem(**labour, hours_per_person=160))
    assert plan.production[0].sum() == pytest.approx(0) and plan.production[1].sum() == pytest.approx(15)


def test_safety_stock_never_outbids_a_waiting_customer():
    greedy = problem(safety_stock=50, shortage_cost=50, line_hours=12)
    assert "shortage_above_past_due" in [f.rule for f in check_problem(greedy)]
    assert solve_supply(greedy).past_due.sum() == pytest.approx(0)


def test_a_missing_value_is_refused_by_name():
    with pytest.raises(SupplyInputError, match=r"supply problem, due.*missing is not zero"):
        problem(due=[[10, np.nan, 10], [5, 5, 5]])


def test_a_wrong_shape_is_refused_by_name():
    with pytest.raises(SupplyInputError, match=r"line_hours: does not fit the shape \(2, 3\)"):
        problem(line_hours=[[1, 2], [3, 4]])


def test_an_infinite_demand_is_refused_by_name():
    with pytest.raises(SupplyInputError, match=r"due: has an infinite value"):
        problem(due=[[10, np.inf, 10], [5, 5, 5]])


def test_a_price_below_zero_is_taken_as_zero_and_said():
    assert rules(past_due_cost=[-5, 5], holding_cost=-1) == ["negative_price", "negative_price"]
    assert solve_supply(problem(holding_cost=-1)).cost["holding"] == 0.0


def test_a_number_too_large_to_plan_with_is_refused_by_name():
    with pytest.raises(SupplyInputError, match=r"due: has a value beyond 1e\+15"):
        problem(due=1e30)


def test_a_solver_without_an_optimum_is_an_error_and_never_a_plan_of_zeros():
    """A quantity of 2 to 3 that must be at most 1."""
    impossible = highspy.Highs()
    impossible.setOptionValue("output_flag", False)
    impossible.addVar(2.0, 3.0)
    impossible.addRow(0.0, 1.0, 1, np.array([0], dtype=np.int32), np.array([1.0]))
    with pytest.raises(SolverError, match=r"returned no plan \(status: Infeasible\)"):
        read_optimum(impossible)
