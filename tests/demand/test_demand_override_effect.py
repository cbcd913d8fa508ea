"""Spreading down and rolling up lose nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.arrays import roll_up, shares_of
from sop.core.calendar import Calendar
from sop.core.register import Assumptions
from sop.demand.override_effect import sales_override, share_units

TWO_AND_ONE = np.array([0, 0, 1])


def test_an_override_is_a_percentage_of_the_baseline_plus_units():
    baseline, names = np.array([[[200.0, 100.0]]]), (("Bikes",), ("North",))
    entered = {("demand_pct", "Bikes"): 0.05, ("demand_units", "Bikes|North|2027-01"): -4.0}
    units = sales_override(baseline, names, Calendar("2027-01", 2), Assumptions(entered))
    assert units.ravel().tolist() == [6, 5]


def test_a_total_is_spread_in_proportion_to_the_weights():
    assert share_units(12, np.array([1.0, 3.0])).tolist() == [3, 9]
    assert share_units(0.5, np.array([1.0, 3.0])).tolist() == [0.125, 0.375]


def test_children_without_weight_share_equally():
    assert share_units(12, np.zeros(2)).tolist() == [6, 6]
    assert shares_of([np.zeros((3, 1))], TWO_AND_ONE, 2).ravel().tolist() == [0.5, 0.5, 1]


def test_whole_units_left_over_go_to_the_largest_remainder():
    assert share_units(10, np.array([3.0, 3.0, 2.9])).tolist() == [4, 3, 3]


def test_a_negative_total_is_spread_like_its_positive_twin():
    weights = np.array([1.0, 2.0])
    assert (share_units(-7, weights) == -share_units(7, weights)).all()


def test_a_missing_child_makes_the_total_missing():
    total = roll_up(np.array([[1.0], [np.nan], [5.0]]), TWO_AND_ONE, 2)
    assert np.isnan(total[0, 0]) and total[1, 0] == 5


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 10**6))
def test_rolling_up_what_was_spread_returns_the_total(seed):
    rng = np.random.default_rng(seed)
    children = int(rng.integers(1, 12))
    weights = rng.gamma(0.5, 10, children) * (rng.random(children) < 0.7)
    units = int(rng.integers(-(10**6), 10**6))
    assert share_units(units, weights).sum() == units
    assert (share_units(units, weights) % 1 == 0).all()
    assert share_units(units * 1.7, weights).sum() == pytest.approx(units * 1.7)
