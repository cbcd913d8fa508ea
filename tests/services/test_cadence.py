"""The cadence of every family: what it rests on in a company, and who may read it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sop.analysis.cadence import accuracy_of_plans, cumulative_lead_days, value_over_naive
from sop.core.calendar import Calendar, shift_period
from sop.core.errors import SopError
from sop.core.inputs import Inputs, Materials
from sop.core.plan import Block, Plan
from sop.services.analysis.performance import read_cadences
from sop.services.planning.room import PlanningRoom
from tests.services.planned_company import make_room


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> PlanningRoom:
    folder: Path = tmp_path_factory.mktemp("cadence")
    return make_room(folder)


@pytest.fixture(scope="module")
def inputs(room) -> Inputs:
    return room.input_set().inputs


def with_history(inputs: Inputs, months: int) -> Inputs:
    """The same company with a longer history: every product sells 100 a month, 110 in the last twelve."""
    names = tuple(shift_period(inputs.calendar.first_open, -back) for back in range(months, 0, -1))
    ordered = np.full((*inputs.history.ordered.shape[:2], months), 100.0)
    ordered[..., -12:] = 110
    history = replace(inputs.history, months=names, ordered=ordered, shipped=ordered, revenue=ordered, cost=None)
    return replace(inputs, history=history)


def agreed(inputs: Inputs, first_open: str, units: float) -> Plan:
    """An agreed plan whose consensus demand is the same everywhere."""
    calendar = Calendar(first_open, horizon=6)
    names = (inputs.families.names, inputs.regions)
    block = Block(np.full((len(names[0]), len(names[1]), 6), units), names)
    return Plan(calendar, "test", "EUR", {"consensus_demand": block}, {}, {})


def test_every_family_gets_a_cadence_with_its_reason(room, inputs):
    found = read_cadences(room, "head_of_sales")
    assert [cadence.family for cadence in found] == list(inputs.families.names)
    assert all("new: 5 months of history" in cadence.reason for cadence in found)


def test_a_stranger_reads_no_cadence(room):
    with pytest.raises(SopError):
        read_cadences(room, "nobody")


def test_the_lead_time_is_that_of_the_slowest_material_and_a_month_to_make(inputs):
    use = np.zeros((len(inputs.families.names), 3))
    use[0], use[1] = [1, 2, 0], [0, 0, 1]
    known = np.array([20.0, 60.0, np.nan])
    materials = Materials(("a", "b", "c"), ("x",) * 3, known, known, use, np.ones((3, 6)), known)
    days = cumulative_lead_days(replace(inputs, materials=materials))
    assert days[0] == 90 and np.isnan(days[1])


def test_without_materials_the_lead_time_is_not_known(inputs):
    assert np.isnan(cumulative_lead_days(replace(inputs, materials=None))).all()


def test_past_consensus_is_measured_against_seasonal_naive_at_three_months(inputs):
    longer = with_history(inputs, 36)
    products = np.bincount(longer.products.family, minlength=len(longer.families.names))
    first = longer.calendar.first_open
    exact = float(110 * products[0])
    plans = {month: agreed(longer, month, exact) for month in (shift_period(first, -back) for back in range(3, 7))}
    added, low = value_over_naive(longer, plans)[longer.families.names[0]]
    assert added == pytest.approx(10 / 110) and low == pytest.approx(10 / 110)


def test_plans_with_other_families_do_not_count(inputs):
    longer = with_history(inputs, 36)
    plan = agreed(longer, shift_period(longer.calendar.first_open, -4), 100.0)
    other = Block(plan["consensus_demand"][:1], (("Other",), longer.regions))
    assert accuracy_of_plans(longer, {"x": replace(plan, blocks={"consensus_demand": other})}, 3) == []
    assert value_over_naive(longer, {}) == {}
