"""Service against cash: checked by hand on two families, and against the plan's own lines of safety stock."""

from __future__ import annotations

import numpy as np
import pytest

from sop.analysis.supply.service_curve import ALL_FAMILIES, FILL, safety_facts, service_choices
from sop.core.calendar import MONTH
from sop.core.register import Assumptions
from sop.services.planning.choices import Choice, View, list_views, read_view
from sop.services.planning.room import PlanningRoom
from sop.services.planning.supply_questions import read_basis
from sop.supply.before.safety import SafetyBasis
from sop.views.inventory.service import safety_table, service_sentence, service_table
from tests.companies import Shape
from tests.services.planned_company import make_room

NAMES = ("Bikes", "Parts", "Cargo")
COST = np.array([200.0, 10.0, 500.0])


def basis(**changes) -> SafetyBasis:
    """Bikes and parts to stock, 100 a month and a deviation of 20; a month to replenish and one of review."""
    fields = {
        "stocked": np.array([True, True, False]),
        "level": np.array([0.95, 0.9, 0.95]),
        "by_fill_rate": np.zeros(3, dtype=bool),
        "lead_months": np.ones(3),
        "lead_sd_months": np.zeros(3),
        "demand": np.full((3, 1), 100.0),
        "demand_sd": np.full((3, 1), 20.0),
        "factor": np.ones((3, 1)),
    }
    return SafetyBasis(**{**fields, **changes})


def money(minor: float) -> str:
    return f"{minor / 100:,.0f} EUR"


def test_one_point_more_ties_up_the_difference_of_two_quantiles() -> None:
    """sigma 28.284: z of 94%, 95% and 96% is 1.5548, 1.6449 and 1.7507; a bike costs 200."""
    bikes = service_choices(NAMES, basis(), COST, 0.15)[0]
    assert bikes.cash == pytest.approx(1.64485 * 28.2843 * 200 * 100, rel=1e-4)
    assert bikes.up.cash == pytest.approx((1.75069 - 1.64485) * 28.2843 * 200 * 100, rel=1e-3)
    assert bikes.down.cash == pytest.approx((1.55477 - 1.64485) * 28.2843 * 200 * 100, rel=1e-3)
    assert bikes.up.carrying == pytest.approx(0.15 * bikes.up.cash)
    assert service_sentence(bikes, money) == (
        "One point more of service for Bikes ties up 599 EUR and costs 90 EUR a year to carry; one point less "
        "frees 510 EUR."
    )


def test_all_families_together_cost_the_sum_of_each() -> None:
    bikes, parts, together = service_choices(NAMES, basis(), COST, 0.15)
    assert together.family == ALL_FAMILIES
    assert together.cash == pytest.approx(bikes.cash + parts.cash)
    assert together.up.cash == pytest.approx(bikes.up.cash + parts.up.cash)
    assert next(point.cash for point in together.curve if point.service == 0) == pytest.approx(together.cash)


def test_each_point_more_costs_more_cash_than_the_one_before() -> None:
    for choice in service_choices(NAMES, basis(), COST, 0.15):
        service, cash = (np.array([getattr(p, part) for p in choice.curve]) for part in ("service", "cash"))
        slopes = np.diff(cash)[1:] / np.diff(service)[1:]
        assert (np.diff(slopes) > -1e-6 * slopes[:-1]).all()


def test_a_step_stops_at_the_end_of_the_range_and_says_how_far_it_goes() -> None:
    bikes = service_choices(NAMES, basis(level=np.array([0.995, 0.9, 0.95])), COST, 0.15)[0]
    assert bikes.up.points == pytest.approx(0.004)
    assert service_sentence(bikes, money).startswith("0.4 points more of service for Bikes ties up ")


def test_a_family_without_a_unit_cost_has_no_cash_and_is_left_out_of_all() -> None:
    cost = np.array([200.0, np.nan, 500.0])
    bikes, parts = service_choices(NAMES, basis(), cost, 0.15)
    assert service_sentence(parts, money) == "Parts: unit costs are not known, so neither is what service costs."
    assert service_table((bikes, parts)).figure("Parts", "Cash in it") is None
    assert bikes.cash == bikes.cash


def test_the_facts_of_safety_stock_reproduce_it() -> None:
    fills = basis(by_fill_rate=np.array([False, True, False]), factor=np.full((3, 1), 0.9))
    bikes, parts = safety_facts(NAMES, fills, MONTH.mean_days)
    assert bikes.sigma == pytest.approx(20 * np.sqrt(2))
    assert bikes.stock == pytest.approx(bikes.z * bikes.sigma * (1 + bikes.target_change))
    assert parts.means == FILL
    table = safety_table((bikes, parts))
    assert table.figure("Bikes", "z") == "1.64"
    assert table.figure("Parts", "Level") == 0.9


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> PlanningRoom:
    return make_room(tmp_path_factory.mktemp("service"), Shape(history=5, horizon=12, products=3, families=2))


def view(room: PlanningRoom, **assumed: float) -> View:
    found = read_view(room, "executive", list_views(room, "executive")[0])
    values = Assumptions({(key, ""): value for key, value in assumed.items()})
    return View(Choice("trial", "Trial"), room.plan(values), values, scenario=found.scenario)


@pytest.mark.parametrize(
    "assumed",
    [
        {},
        {"service_level": 0.99, "service_measure": 1.0},
        {"replenishment_days": 75.0, "replenishment_sd_days": 20.0},
    ],
)
def test_what_is_explained_is_the_safety_stock_of_the_plan(room: PlanningRoom, assumed: dict[str, float]) -> None:
    shown = view(room, **assumed)
    full = room.input_set().planner.safety(shown.assumptions)
    assert full.stock.tolist() == shown.plan.by_family("safety_stock").tolist()
    year = read_basis(room, "executive", shown)
    assert year is not None
    expected = shown.plan.by_family("safety_stock")[:, :12].mean(axis=1)
    assert year.stock_at(year.level)[:, 0] == pytest.approx(expected, abs=0.5)


def test_a_frozen_plan_does_not_tell_how_its_safety_stock_came_about(room: PlanningRoom) -> None:
    shown = view(room)
    frozen = View(shown.choice, shown.plan, shown.assumptions, record=object())  # type: ignore[arg-type]
    assert read_basis(room, "executive", frozen) is None


def test_a_stock_policy_that_is_set_moves_the_plan(room: PlanningRoom) -> None:
    def total(**assumed: float) -> float:
        return float(view(room, **assumed).plan.by_family("safety_stock").sum())

    assert total(replenishment_sd_days=30.0) > total() > total(service_measure=1.0)
