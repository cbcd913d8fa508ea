"""From a company's tables to its supply problem: units, unknown prices, stock made to order, findings."""

from dataclasses import replace

import numpy as np
import pytest

from sop.core.inputs import Inputs
from sop.core.register import Assumptions
from sop.intake.assemble import assemble
from sop.supply import SupplyPlan, SupplyProblem, check_problem, solve_supply
from sop.supply.after.outcomes import customers_served, lead_time_targets, supply_outcome
from sop.supply.before.company_problem import Conditions, company_problem
from sop.supply.before.demand import opening_past_due
from sop.supply.before.planning_worth import planning_worth
from tests.companies import Shape, calendar_of, company_tables

SHAPE = Shape(strategy=False)
TARGET = 40.0


def inputs_of(change=lambda tables: None, shape: Shape = SHAPE) -> Inputs:
    tables = company_tables(shape)
    change(tables)
    return assemble(tables, calendar_of(shape), company="test")


def problem_of(inputs: Inputs, price: np.ndarray | None = None, **assumed: float) -> SupplyProblem:
    families, periods = len(inputs.families.names), inputs.calendar.horizon
    demand = np.full((families, periods), 40)
    lines, materials = inputs.capacity.lines, inputs.materials.names
    return company_problem(
        inputs,
        Assumptions({(key, ""): value for key, value in assumed.items()}),
        due=demand,
        demand=demand,
        demand_sd=np.full((families, periods), 10.0),
        price=np.full((families, periods), 5000.0) if price is None else price,
        conditions=Conditions(
            line_factor=np.ones((len(lines), periods)),
            line_addition=np.zeros((len(lines), periods)),
            supply_factor=np.ones((len(materials), periods)),
            cost_factor=np.ones((families, periods)),
            target_factor=np.ones((families, periods)),
        ),
    )


def test_yearly_rates_and_days_become_monthly_prices_and_units():
    """A tenth of 5,000 for a month late; 15% a year of the unit cost is 1.25% a month; 90 days of 40 a month."""
    inputs = inputs_of()
    problem = problem_of(inputs)
    assert problem.past_due_cost == pytest.approx(500.0 * inputs.families.priority)
    assert problem.holding_cost == pytest.approx(0.15 / 12 * inputs.position.unit_cost)
    assert problem.cover_limit[0] == pytest.approx(40 * 90 / (365.25 / 12))
    assert problem.excess_cost == pytest.approx(0.5 * problem.holding_cost)
    assert problem.shortage_cost == pytest.approx(0.5 * 500.0)


def test_safety_stock_covers_lead_time_and_the_month_to_the_next_review():
    """z of 95% is 1.645; 30 days and a month of review: 1.645 x 10 x sqrt(0.986 + 1) = 23.2."""
    inputs = inputs_of()
    stocked = ~inputs.families.made_to_order
    problem = problem_of(inputs, service_level=0.95, replenishment_days=30.0)
    assert (problem.safety_stock[stocked] == 23).all()
    assert (problem.safety_stock[~stocked] == 0).all()


def test_a_service_level_of_nothing_in_the_table_wants_no_safety_stock():
    def none_wanted(tables):
        tables["products"]["service_level"] = 0.0

    assert (problem_of(inputs_of(none_wanted)).safety_stock == 0).all()


def test_a_family_without_a_price_is_planned_at_the_usual_margin_and_said():
    inputs = inputs_of()
    price = np.full((3, inputs.calendar.horizon), 100.0)
    price[0] = np.nan
    problem = problem_of(inputs, price)
    assert (problem.revenue_per_unit[0] == 0).all()
    assert (problem.lost_cost[0] > 0).all()
    finding = next(f for f in check_problem(problem) if f.rule == "price_unknown")
    assert "Family A" in finding.what
    assert solve_supply(problem).production[0].sum() > 0


def test_the_usual_margin_is_the_median_of_what_is_known():
    worth = planning_worth(("a", "b", "c"), np.array([100.0, 200.0, np.nan]), np.array([60.0, np.nan, 90.0]))
    assert worth.price == pytest.approx([100, 200, 150])
    assert worth.cost == pytest.approx([60, 120, 90])
    assert [finding.rule for finding in worth.findings] == ["price_unknown", "cost_unknown"]


def test_where_nothing_is_known_every_family_counts_alike():
    worth = planning_worth(("a", "b"), np.array([0.0, np.nan]), np.array([np.nan, 0.0]))
    assert worth.price.tolist() == [1.0, 1.0]
    assert worth.cost == pytest.approx([0.6, 0.6])


def test_made_to_order_stock_is_shipped_and_never_built_again():
    inputs = inputs_of()
    order = int(np.flatnonzero(inputs.families.made_to_order)[0])
    opening, late = inputs.position.inventory.copy(), np.zeros_like(inputs.position.past_due)
    opening[order] = 100
    inputs = replace(inputs, position=replace(inputs.position, inventory=opening, past_due=late))
    problem = problem_of(inputs)
    assert problem.max_inventory[order, :4].tolist() == [60, 20, 0, 0]
    assert solve_supply(problem).inventory[order, 2:].sum() == pytest.approx(0)


def test_negative_stock_and_backlog_of_the_tables_are_named():
    inputs = inputs_of()
    stock, late = inputs.position.inventory.copy(), inputs.position.past_due.copy()
    stock[0], late[1, 0], late[1, 1] = -5, -3, 4
    inputs = replace(inputs, position=replace(inputs.position, inventory=stock, past_due=late))
    problem = problem_of(inputs)
    assert problem.opening_inventory[0] == 0 and problem.opening_past_due[1] == 4
    assert opening_past_due(inputs)[1].tolist() == [0, 4]
    rules = [finding.rule for finding in problem.notes if finding.table != "plants"]
    assert rules == ["negative_opening_inventory", "negative_opening_past_due"]


def test_the_findings_travel_with_the_plan():
    plan = solve_supply(problem_of(inputs_of(shape=replace(SHAPE, zero_capacity=True))))
    assert "zero_capacity" in [finding.rule for finding in plan.findings]
    assert plan.findings == tuple(check_problem(plan.problem))


def standard_days(inputs: Inputs) -> np.ndarray:
    return np.where(inputs.families.made_to_order, np.nan_to_num(inputs.families.standard_lead_time_days), 0.0)


def planned() -> tuple[Inputs, SupplyPlan, np.ndarray]:
    inputs = inputs_of()
    problem = problem_of(inputs)
    due = np.stack([problem.due, np.zeros_like(problem.due)], axis=1).astype(np.int64)
    return inputs, solve_supply(problem), due


def test_hours_bought_outside_are_those_of_the_plan_not_of_its_rounding():
    inputs, plan, due = planned()
    served = customers_served(inputs, standard_days(inputs), TARGET * np.ones(2), plan, due)
    outcome = supply_outcome(inputs, served, plan, plan.problem.due.astype(np.int64))
    assert outcome.relief_hours.tolist() == plan.relief["machine"].round(2).tolist()


def test_the_outcome_keeps_the_identities_of_stock_and_backlog():
    inputs, plan, due = planned()
    served = customers_served(inputs, standard_days(inputs), TARGET * np.ones(2), plan, due)
    outcome = supply_outcome(inputs, served, plan, plan.problem.due.astype(np.int64))
    shipped, made = outcome.shipments.sum(axis=1), outcome.production.sum(axis=1) + outcome.subcontract
    before = np.concatenate([plan.problem.opening_inventory[:, None], outcome.inventory[:, :-1]], axis=1)
    assert (before + made - shipped == outcome.inventory).all()
    assert (outcome.due_on_time <= shipped).all()
    assert (outcome.adjustments == 0).all()
    assert (outcome.customer_lead_time >= standard_days(inputs)[:, None].round(1)).all()
    assert (outcome.lead_time_target == TARGET).all()


def test_a_target_that_is_set_wins_over_the_table_and_without_both_the_standard_lead_time_holds():
    def targets_of(change=lambda tables: None, **assumed: float) -> list[float]:
        inputs = inputs_of(change)
        values = Assumptions({("lead_time_target_days", scope): days for scope, days in assumed.items()})
        return lead_time_targets(inputs, values)[inputs.families.made_to_order].tolist()

    def no_target(tables):
        products = tables["products"].drop(columns="target_lead_time_days", errors="ignore")
        tables["products"] = products.assign(standard_lead_time_days=45.0)

    def a_target(tables):
        no_target(tables)
        tables["products"]["target_lead_time_days"] = 20.0

    families = inputs_of().families
    name = families.names[int(families.made_to_order.argmax())]
    assert targets_of(no_target) == [45.0]
    assert targets_of(a_target) == [20.0]
    assert targets_of(a_target, **{name: 25.0}) == [25.0]
    assert (lead_time_targets(inputs_of(), Assumptions())[~families.made_to_order] == 0).all()


def test_a_family_sold_below_cost_is_served_all_the_same_and_named():
    worth = planning_worth(
        ("Frames", "Bikes"), np.array([440.0, 1000.0]), np.array([442.0, 600.0]), currency="EUR"
    )
    assert worth.price.tolist() == [442.0 * 1.25, 1000.0]
    assert [(finding.rule, finding.level) for finding in worth.findings] == [("sold_below_cost", "note")]
    assert "Frames sells at 440.00 € a unit and costs 442.00 € a unit" in str(worth.findings[0])
