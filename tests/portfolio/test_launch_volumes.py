"""Launch volumes: ramp, slip, probability, regions, cannibalisation and cost."""

from __future__ import annotations

import numpy as np
import pytest

from sop.core.inputs import Gate, Launch
from sop.core.register import Assumptions
from sop.portfolio.launch_volumes import LaunchBasis, project_launches, ramp_of_record, ramp_share

WEIGHT = np.array([[3.0, 1.0], [1.0, 1.0]])


def launch(**changes: object) -> Launch:
    known: dict = {
        "name": "Compact", "family": 0, "product": "", "regions": (0, 1), "probability": 0.5, "peak_units": 40.0,
        "ramp_months": 2.0, "curve": "linear", "cannibalises": 1, "cannibalisation_pct": 0.25, "cost": 1000.0,
        "gates": (Gate("Prototype", -3, -2, -2), Gate("Market", 1, 2)),
    }  # fmt: skip
    return Launch(**{**known, **changes})


def test_volume_is_peak_times_probability_along_the_ramp_from_the_market_gate() -> None:
    found = project_launches((launch(),), Assumptions(), WEIGHT, 5)
    assert found.by_launch.tolist() == [[0, 0, 10, 20, 20]]
    assert found.volume[0, :, 3].tolist() == [15, 5], "regions share three to one"
    assert found.cannibalised[1].sum(axis=0).tolist() == [0, 0, 2.5, 5, 5]
    assert found.cost.tolist() == [[0, 0, 500, 0, 0]]


def test_a_slip_moves_everything_and_volume_scales() -> None:
    moved = project_launches((launch(),), Assumptions({("launch_slip_months", "Compact"): 1.0}), WEIGHT, 5)
    assert moved.by_launch.tolist() == [[0, 0, 0, 10, 20]]
    doubled = project_launches((launch(),), Assumptions({("launch_volume_pct", ""): 2.0}), WEIGHT, 5)
    assert doubled.by_launch.tolist() == [[0, 0, 20, 40, 40]]


def test_a_launch_brought_before_the_horizon_starts_part_way_up_its_ramp() -> None:
    early = project_launches(
        (launch(ramp_months=4.0),), Assumptions({("launch_slip_months", ""): -3.0}), WEIGHT, 3
    )
    assert early.by_launch.tolist() == [[10, 15, 20]]


def test_what_has_been_launched_adds_nothing_because_it_sells_already() -> None:
    done = launch(gates=(Gate("Market", -4, -2, -2),))
    assert not project_launches((done,), Assumptions(), WEIGHT, 4).by_launch.any()


def test_what_came_lately_adds_what_its_ramp_promises_beyond_the_forecast_of_its_few_sales() -> None:
    came = launch(ramp_months=4.0, gates=(Gate("Market", -1, -1, -1),))
    basis = LaunchBasis(selling={"Compact": np.array([8.0, 8.0, 50.0, 8.0])})
    found = project_launches((came,), Assumptions(), WEIGHT, 4, basis)
    assert found.by_launch.tolist() == [[12, 22, 0, 32]], "20, 30, 40, 40 less 8, 8, 50, 8; certain now"
    none = project_launches((came,), Assumptions({("launch_probability", "Compact"): 0.0}), WEIGHT, 4, basis)
    assert not none.by_launch.any()


def test_a_launch_without_gates_has_no_month_and_no_volume() -> None:
    found = project_launches((launch(gates=()),), Assumptions(), WEIGHT, 4)
    assert np.isnan(found.start).all() and not found.volume.any()


@pytest.mark.parametrize("months", [1, 3, 12])
def test_an_s_curve_rises_to_its_peak_and_stays(months: int) -> None:
    curve = ramp_share("s_curve", months, 15)
    assert (np.diff(curve) >= 0).all() and curve[months - 1 :].tolist() == [1.0] * (16 - months)


def test_slip_is_counted_against_the_baseline() -> None:
    assert Gate("Market", 3, 6).slip_months == 3
    assert Gate("Market", 3, 6, 2).slip_months == -1


def test_a_ramp_like_another_product_is_its_own_first_months_over_their_highest_level() -> None:
    basis = LaunchBasis(ramps={"Compact": np.array([0.25, 0.75, 1.0])})
    found = project_launches((launch(curve="like_product"),), Assumptions(), WEIGHT, 6, basis)
    assert found.by_launch.tolist() == [[0, 0, 5, 15, 20, 20]]


def test_a_record_that_falls_again_is_averaged_and_never_falls() -> None:
    assert ramp_of_record(np.array([2.0, 1.0, 4.0, 8.0, 10.0, 6.0])).tolist() == [0.1875, 0.1875, 0.5, 1, 1, 1]
    assert ramp_of_record(np.zeros(3)).tolist() == [0, 0, 0], "nothing sold, nothing grows"


def test_a_replaced_product_is_phased_out_in_a_line_from_the_launch_with_its_probability() -> None:
    basis = LaunchBasis(replaced={"Compact": (1, np.array([[6.0] * 6, [3.0] * 6]))})
    new = launch(cannibalises=None, replaces=7, phase_out_months=3.0)
    found = project_launches((new,), Assumptions(), WEIGHT, 6, basis)
    assert found.cannibalised[1].tolist() == [[0, 0, 1, 2, 3, 3], [0, 0, 0.5, 1, 1.5, 1.5]]


def test_what_is_spent_of_the_launch_cost_is_not_planned_again() -> None:
    assert project_launches((launch(spent=700.0),), Assumptions(), WEIGHT, 5).cost.sum() == 150
    assert project_launches((launch(spent=1300.0),), Assumptions(), WEIGHT, 5).cost.sum() == 0
