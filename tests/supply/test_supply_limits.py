"""Limits by name, what stops unmet units, and the two-sided worth of relief."""

import numpy as np
import pytest

from sop.supply import (
    Limit,
    SupplyProblem,
    binding_limits,
    check_problem,
    solve_supply,
    trace_unmet,
)
from sop.supply.what_if.levers import standard_levers
from sop.supply.what_if.limits import open_limits
from sop.supply.what_if.trace import FENCE_TOO

PRESS = Limit("line", 0, "press")


def shop(**changes) -> SupplyProblem:
    """One press of 100 hours a month; a unit takes 2 hours; a late unit costs 4 a month, a lost one 50."""
    fields = {
        "families": ("chairs",),
        "lines": ("press",),
        "periods": ("Jan", "Feb", "Mar"),
        "due": [[40, 60, 40]],
        "past_due_cost": 4,
        "lost_cost": 50,
        "hours_per_unit": 2,
        "line_hours": 100,
        "variable_cost": 7,
        "holding_cost": 1,
        "revenue_per_unit": 50,
    }
    return SupplyProblem(**{**fields, **changes})


def bound(problem):
    return {use.limit.label: np.flatnonzero(use.binding).tolist() for use in binding_limits(solve_supply(problem))}


def test_the_press_binds_in_january_and_february_because_february_is_made_early():
    assert bound(shop()) == {"line press": [0, 1]}


def test_a_line_is_told_by_its_name_and_stays_the_same_limit():
    named = shop(called={"press": "Welding"}, periods=("2026-12", "2027-01", "2027-02"), due=[[90, 60, 40]])
    assert bound(named) == {"Welding": [0, 1, 2]}
    assert binding_limits(solve_supply(named))[0].limit == PRESS
    cause = trace_unmet(named, solve_supply(named))[0]
    assert cause.reason == "Welding" and cause.periods.startswith("Dec 2026"), cause
    told = check_problem(shop(called={"press": "Welding"}, line_hours=[[100, 0, 100]]))[0]
    assert told.what == "Welding has no hours in Feb; it makes nothing then"


def test_without_capacity_nothing_binds():
    assert bound(shop(line_hours=None)) == {}


def test_no_overtime_is_no_limit_while_regular_hours_are_left():
    crew = {
        "line_hours": None,
        "plants": ("north",),
        "line_plant": 0,
        "labour_hours_per_unit": 2,
        "people_min": 50,
        "people_max": 50,
        "hours_per_person": 100,
        "wage": 0.1,
        "overtime_rate": 1,
        "overtime_share": 0,
    }
    assert bound(shop(**crew, opening_people=50)) == {}
    assert "overtime of north" in bound(shop(**{**crew, "people_min": 0, "people_max": 0.2}, opening_people=0.2))


def test_people_and_overtime_bind_by_the_name_of_the_plant():
    crew = shop(
        line_hours=None,
        plants=("north",),
        line_plant=0,
        labour_hours_per_unit=2,
        opening_people=0.8,
        people_max=0.8,
        hours_per_person=100,
        wage=0.1,
        overtime_rate=1,
        overtime_share=0.25,
    )
    assert bound(crew) == {"people of north": [0, 1, 2], "overtime of north": [0, 1]}


def test_materials_subcontract_and_storage_bind_by_name():
    mixed = shop(
        due=[[40, 90, 40]],
        materials=("steel",),
        material_use=1,
        material_supply=45,
        subcontract_limit=10,
        subcontract_cost=20,
        volume_per_unit=1,
        storage_limit=5,
    )
    assert set(bound(mixed)) == {"material steel", "subcontract of chairs", "storage"}


def test_late_units_are_traced_to_the_line_that_stops_them():
    late = shop(due=[[70, 60, 20]])
    plan = solve_supply(late)
    assert plan.past_due[0].tolist() == pytest.approx([20, 30, 0])
    causes = trace_unmet(late, plan)
    assert [(c.family, c.reason, c.periods) for c in causes] == [("chairs", "line press", "Jan to Feb")]
    assert causes[0].sentence == "chairs: up to 30 units late or lost in Jan to Feb: line press."


def test_of_two_limits_the_one_that_stops_the_units_is_named():
    starved = shop(due=[[20, 20, 20]], materials=("steel",), material_use=1, material_supply=[[20, 5, 20]])
    assert [c.reason for c in trace_unmet(starved, solve_supply(starved))] == ["material steel"]


def test_a_limit_on_another_family_is_not_named_before_the_line_they_share():
    """More bought tables would free the press for chairs, but what stops chairs is the press."""
    shared = shop(
        families=("chairs", "tables"),
        due=[[60, 40, 40], [20, 20, 20]],
        lost_cost=[50, 60],
        subcontract_limit=[[0], [5]],
        subcontract_cost=8,
    )
    chairs = [c.reason for c in trace_unmet(shared, solve_supply(shared)) if c.family == "chairs"]
    assert chairs == ["line press"]


def test_two_limits_that_stop_the_same_units_are_named_together():
    both = shop(due=[[60, 60, 60]], materials=("steel",), material_use=1, material_supply=50)
    assert [c.reason for c in trace_unmet(both, solve_supply(both))] == ["several limits together"]


def test_a_frozen_plan_that_makes_too_little_is_named_as_the_cause():
    frozen = shop(due=[[40, 40, 40]], agreed_production=np.full((1, 1, 3), 30.0), frozen_periods=1)
    causes = trace_unmet(frozen, solve_supply(frozen))
    assert [(c.reason, c.periods) for c in causes] == [("the agreed plan inside the time fence", "Jan")]


def full_frozen() -> SupplyProblem:
    """The press is full with 50 in frozen January, when 70 fall due: 20 wait until March."""
    return shop(due=[[70, 50, 20]], agreed_production=np.full((1, 1, 3), 50.0), frozen_periods=1)


def test_a_frozen_plan_on_a_full_line_is_named_with_the_limits_that_it_fills():
    causes = {c.periods: c.reason for c in trace_unmet(full_frozen(), solve_supply(full_frozen()))}
    assert causes == {"Jan": FENCE_TOO, "Feb": "line press"}


def test_only_what_can_still_be_planned_is_a_bottleneck_or_pulls_a_lever():
    problem = full_frozen()
    plan = solve_supply(problem)
    assert [np.flatnonzero(use.binding).tolist() for use in open_limits(plan)] == [[1]]
    assert {lever.periods for lever in standard_levers(plan)} == {(1,)}


def test_a_family_without_a_route_says_so():
    stranded = shop(hours_per_unit=np.nan)
    assert [c.reason for c in trace_unmet(stranded, solve_supply(stranded))] == ["no line or subcontractor"]


def test_demand_that_costs_more_than_it_brings_says_so():
    dear = shop(variable_cost=80)
    reason = trace_unmet(dear, solve_supply(dear))[0].reason
    assert reason == "serving it costs more than it is worth"


def test_nothing_unmet_has_no_cause():
    assert trace_unmet(shop(), solve_supply(shop())) == []
