"""The whole-unit plan keeps every identity to the unit; the exact plan keeps its limits."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.inputs import Floats, Ints
from sop.supply import SupplyProblem, cost_plan, solve_supply
from sop.supply.lp.terms import build_terms
from sop.supply.lp.whole_units import SourceLimits, check_whole_units, round_plan, split_within
from tests.supply.instances import random_problem

SEEDS = st.integers(0, 10**6)


def previous(stock, opening):
    return np.concatenate([np.asarray(opening)[:, None], stock[:, :-1]], axis=1)


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS)
def test_stock_and_backlog_follow_from_the_flows_to_the_unit(seed):
    problem = random_problem(seed)
    whole = solve_supply(problem).whole
    made = whole.production.sum(axis=1) + whole.subcontract
    stock = previous(whole.inventory, problem.opening_inventory) + made - whole.shipments
    late = previous(whole.past_due, problem.opening_past_due) + problem.due - whole.shipments - whole.lost
    assert (whole.inventory == stock).all()
    assert (whole.past_due == late).all()
    for flow in (
        whole.production,
        whole.subcontract,
        whole.shipments,
        whole.lost,
        whole.inventory,
        whole.past_due,
    ):
        assert flow.dtype == np.int64 and (flow >= 0).all()
    assert (whole.past_due[~problem.backlog_allowed] == 0).all()


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS)
def test_whole_units_stay_near_the_exact_running_totals(seed):
    """Half a unit ahead at most; behind by a unit and a hundredth, where a limit has no room for more."""
    problem = random_problem(seed)
    plan = solve_supply(problem)
    supply = plan.production.sum(axis=1) + plan.subcontract
    whole = plan.whole.production.sum(axis=1) + plan.whole.subcontract
    behind = np.cumsum(supply - whole, axis=1)
    assert behind.min() >= -0.5 - 1e-5
    assert (behind <= 1 + 0.01 * np.cumsum(supply, axis=1) + 1e-5).all()
    assert (plan.whole.production[plan.production == 0] == 0).all()


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS)
def test_whole_units_keep_every_limit_that_the_exact_plan_keeps_or_the_excess_is_told(seed):
    problem = random_problem(seed)
    plan = solve_supply(problem)
    whole, frozen = plan.whole, plan.terms.frozen
    told = {(each.kind, each.name): each.above for each in whole.excess}
    hours = np.nan_to_num(problem.hours_per_unit)
    limits = {
        "line": (problem.lines, problem.line_hours, lambda made: np.einsum("fl,flt->lt", hours, made)),
        "material": (problem.materials, problem.material_supply,
                     lambda made: problem.material_use.T @ made.sum(1)),
        "shared resource": (problem.shared, problem.shared_hours,
                            lambda made: problem.shared_hours_per_unit.T @ made.sum(1)),
    }  # fmt: skip
    for kind, (names, most, load) in limits.items():
        allowed = np.maximum(np.nan_to_num(most, nan=np.inf), load(plan.production))
        above = np.maximum(load(whole.production) - allowed, 0.0)[:, frozen:]
        for row, name in enumerate(names):
            said = told.get((kind, name), np.zeros(problem.sizes["T"]))[frozen:]
            assert above[row] == pytest.approx(said, abs=1e-5)
    bought = np.maximum(problem.subcontract_limit, plan.subcontract)
    above = (whole.subcontract - bought)[:, frozen:].max(axis=1, initial=0.0)
    for row, name in enumerate(problem.families):
        assert above[row] <= told.get(("subcontract", name), np.zeros(1)).max() + 1e-5
    rules = [found.rule for found in plan.findings]
    assert rules.count("whole_units_above_limit") == len(whole.excess)


def test_a_unit_that_does_not_fit_is_left_to_the_next_month():
    """Chairs of 3 hours and stools of 2 on a line of 100 hours: never more than 100 hours in whole units."""
    problem = SupplyProblem(
        families=("chairs", "stools"),
        periods=tuple("123456"),
        due=[[20] * 6, [21] * 6],
        past_due_cost=1,
        lost_cost=99,
        hours_per_unit=[[3], [2]],
        line_hours=100,
    )
    exact = np.array([[[58 / 3] * 6], [[21.0] * 6]])
    whole = round_plan(problem, exact, np.zeros((2, 6)), np.zeros((2, 6)))
    hours = np.array([3, 2]) @ whole.production[:, 0]
    assert hours.max() <= 100
    assert hours.sum() > 590
    assert whole.excess == ()


def test_large_units_are_finished_in_the_next_month_and_it_is_told():
    """Ships of 40 hours on a line of 100: two a month, until one that was begun is finished in a third month."""
    problem = SupplyProblem(
        families=("ships",), periods=tuple("1234"), due=[[3] * 4], past_due_cost=1, lost_cost=99,
        hours_per_unit=40, line_hours=100,
    )  # fmt: skip
    whole = round_plan(problem, np.full((1, 1, 4), 2.5), np.zeros((1, 4)), np.zeros((1, 4)))
    assert whole.production[0, 0].tolist() == [2, 2, 3, 2]
    (excess,) = whole.excess
    assert excess.above.max() == pytest.approx(20, abs=1e-5)
    (said,) = check_whole_units(problem, whole)
    assert "in whole units line supply is needed beyond its limit in" in str(said)


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS)
def test_the_exact_plan_keeps_its_identities_and_limits(seed):
    problem = random_problem(seed)
    plan, terms = solve_supply(problem), build_terms(problem)
    supply = plan.production.sum(axis=1) + plan.subcontract
    flow = previous(plan.inventory, problem.opening_inventory) + supply - plan.shipments - plan.inventory
    owed = (
        previous(plan.past_due, problem.opening_past_due)
        + problem.due
        - plan.shipments
        - plan.lost
        - plan.past_due
    )
    assert np.abs(flow).max() < 1e-6 and np.abs(owed).max() < 1e-6
    assert (plan.machine_hours <= terms.line_hours + plan.relief["machine"] + 1e-6).all()
    worked = plan.regular_hours + plan.overtime_hours + plan.relief["agency"]
    assert plan.labour_hours == pytest.approx(worked, abs=1e-6)
    allowed = terms.overtime_limit * plan.people + problem.granted_overtime_hours
    assert (plan.overtime_hours <= allowed + plan.relief["overtime"] + 1e-6).all()
    assert (plan.shipments >= -1e-7).all() and (plan.inventory >= -1e-7).all() and (plan.past_due >= -1e-7).all()


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS)
def test_frozen_periods_repeat_the_agreed_plan_to_the_unit(seed):
    problem = random_problem(seed)
    if problem.agreed_production is None:
        return
    whole, frozen = solve_supply(problem).whole, problem.frozen_periods
    assert (whole.production[:, :, :frozen] == problem.agreed_production[:, :, :frozen]).all()


def split_by_source(totals: Ints, sources: Floats) -> Ints:
    """Whole totals [F, T] over sources [F, S, T] where nothing else limits them."""
    families, count, periods = sources.shape
    places = np.zeros((0, families * count))
    none = SourceLimits((), places, np.zeros((0, periods)), 0, np.zeros(families, dtype=bool))
    return split_within([none], totals[None], sources[None])[0]


def test_a_small_source_is_not_rounded_away_for_ever():
    flows = np.tile(np.array([9.6, 0.4])[None, :, None], (1, 1, 10))
    split = split_by_source(np.full((1, 10), 10), flows)
    assert (split.sum(axis=1) == 10).all()
    assert split.sum(axis=2).tolist() == [[96, 4]]


def test_a_source_that_is_unused_in_a_period_gets_nothing():
    flows = np.array([[[0.5, 1.0], [0.5, 0.0]]])
    assert split_by_source(np.array([[1, 1]]), flows)[0, :, 1].tolist() == [1, 0]


def test_solver_noise_does_not_move_a_rounding():
    problem = SupplyProblem(families=("A",), periods=("1", "2"), due=[[3, 3]], past_due_cost=1, lost_cost=9)
    exact, noisy = np.array([[[2.5, 3.5]]]), np.array([[[2.5 - 3e-8, 3.5 + 4e-8]]])
    none = np.zeros((1, 2))
    assert (
        round_plan(problem, exact, none, none).production == round_plan(problem, noisy, none, none).production
    ).all()


def test_where_nothing_may_wait_rounding_leaves_nothing_late():
    problem = SupplyProblem(
        families=("A",), periods=("1",), due=[[5]], past_due_cost=1, lost_cost=9, backlog_allowed=False
    )
    whole = round_plan(problem, np.array([[[2.5]]]), np.zeros((1, 1)), np.array([[2.5]]))
    assert whole.past_due.tolist() == [[0]]
    assert int(whole.shipments[0, 0] + whole.lost[0, 0]) == 5


@pytest.mark.parametrize("seed", range(40))
def test_whole_people_keep_every_limit_and_cost_no_more_than_the_whole_number_above(seed):
    drawn = random_problem(seed)
    if not drawn.plants:
        return
    rng = np.random.default_rng(seed)
    problem = replace(
        drawn,
        opening_people=np.rint(drawn.opening_people),
        people_min=np.zeros_like(drawn.people_min),
        people_max=np.where(np.isinf(drawn.people_max), np.inf, np.ceil(drawn.people_max)),
        hire_limit=np.where(rng.random(drawn.people_max.shape) < 0.5, 1.0, np.inf),
        release_limit=rng.integers(0, 3, drawn.people_max.shape).astype(float),
    )
    plan = solve_supply(problem)
    staff = plan.staff
    before = np.concatenate([staff.opening[:, None], staff.people[:, :-1]], axis=1)
    assert (staff.people == before + staff.hired - staff.released).all()
    assert (np.abs(staff.people - plan.people) < 1).all()
    assert (staff.hired <= plan.terms.hire_limit).all() and (staff.released <= plan.terms.release_limit).all()
    assert (staff.people <= plan.terms.people_max).all()
    worked = staff.regular_hours + staff.overtime_hours + staff.agency_hours
    assert worked == pytest.approx(plan.labour_hours, abs=1e-6)
    paid = staff.people * problem.hours_per_person
    assert staff.regular_hours + staff.idle_hours == pytest.approx(paid, abs=1e-6)
    above = np.ceil(np.round(plan.people, 6))
    whole, up = (
        cost_plan(problem, plan.production, plan.subcontract, people, plan.lost).objective
        for people in (staff.people, above)
    )
    assert whole <= up + 1e-6 * abs(up)
