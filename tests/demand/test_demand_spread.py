"""Spreading down and rolling up lose nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.errors import BadInput
from sop.demand.spread import roll_up, spread_total, spread_units

TWO_AND_ONE = np.array([0, 0, 1])


def test_a_total_is_spread_in_proportion_to_the_weights():
    spread = spread_total(np.array([[12.0], [5.0]]), np.array([[1.0], [3.0], [9.0]]), TWO_AND_ONE)
    assert spread.ravel().tolist() == [3, 9, 5]


def test_children_without_weight_share_equally():
    spread = spread_total(np.array([[12.0], [5.0]]), np.zeros((3, 1)), TWO_AND_ONE)
    assert spread.ravel().tolist() == [6, 6, 5]


def test_whole_units_left_over_go_to_the_largest_remainder():
    spread = spread_units(np.array([[10]]), np.array([[3.0], [3.0], [2.9]]), np.array([0, 0, 0]))
    assert spread.ravel().tolist() == [4, 3, 3]


def test_a_negative_total_is_spread_like_its_positive_twin():
    weights = np.array([[1.0], [2.0]])
    down = spread_units(np.array([[-7]]), weights, np.array([0, 0]))
    assert (down == -spread_units(np.array([[7]]), weights, np.array([0, 0]))).all()


def test_a_total_without_children_is_refused():
    with pytest.raises(BadInput, match="number 1"):
        spread_units(np.array([[1], [2]]), np.array([[1.0]]), np.array([0]))


def test_a_missing_child_makes_the_total_missing():
    total = roll_up(np.array([[1.0], [np.nan], [5.0]]), TWO_AND_ONE, 2)
    assert np.isnan(total[0, 0]) and total[1, 0] == 5


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 10**6))
def test_rolling_up_what_was_spread_returns_the_total(seed):
    rng = np.random.default_rng(seed)
    groups, months = rng.integers(1, 6, 2)
    group_of = np.concatenate([np.arange(groups), rng.integers(0, groups, 8)])
    weights = rng.gamma(0.5, 10, (len(group_of), months)) * (rng.random((len(group_of), months)) < 0.7)
    units = rng.integers(-(10**6), 10**6, (groups, months))
    assert (roll_up(spread_units(units, weights, group_of), group_of, groups) == units).all()
    assert np.allclose(roll_up(spread_total(units * 1.7, weights, group_of), group_of, groups), units * 1.7)
