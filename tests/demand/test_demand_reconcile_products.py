"""Middle-out coherence: the family's level, the products' proportions."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.arrays import roll_up
from sop.demand.reconcile import disaggregate

ONE_FAMILY = np.array([0, 0])


def test_products_share_the_family_in_proportion_to_their_own_forecasts():
    shared = disaggregate(np.array([[12.0, 6.0]]), np.array([[1.0, 1.0], [3.0, 1.0]]), ONE_FAMILY, np.zeros(2))
    assert shared.tolist() == [[3, 3], [9, 3]]


def test_products_that_all_forecast_zero_share_by_the_last_year():
    shared = disaggregate(np.array([[10.0]]), np.zeros((2, 1)), ONE_FAMILY, np.array([0.2, 0.8]))
    assert shared.ravel().tolist() == [2, 8]


def test_products_without_any_past_share_equally():
    assert disaggregate(np.array([[10.0]]), np.zeros((2, 1)), ONE_FAMILY, np.zeros(2)).ravel().tolist() == [5, 5]


def test_a_retired_product_gets_nothing_and_the_others_all():
    retired = np.array([True, False])
    shared = disaggregate(np.array([[10.0]]), np.array([[9.0], [1.0]]), ONE_FAMILY, np.array([1.0, 0.0]), retired)
    assert shared.ravel().tolist() == [0, 10]


def test_a_family_of_retired_products_only_gets_nothing():
    shared = disaggregate(np.array([[10.0]]), np.ones((2, 1)), ONE_FAMILY, np.ones(2), np.array([True, True]))
    assert not shared.any()


@settings(deadline=None, max_examples=80)
@given(seed=st.integers(0, 10**6))
def test_products_sum_to_their_family_in_every_month(seed):
    rng = np.random.default_rng(seed)
    groups, months = rng.integers(1, 5, 2)
    group_of = np.concatenate([np.arange(groups), rng.integers(0, groups, 6)])
    child = rng.gamma(0.5, 9, (len(group_of), months)) * (rng.random((len(group_of), months)) < 0.5)
    parent = rng.gamma(1, 99, (groups, months)) * (rng.random((groups, months)) < 0.8)
    retired = np.concatenate([np.zeros(groups, bool), rng.random(6) < 0.5])
    shared = disaggregate(parent, child, group_of, rng.random(len(group_of)), retired)
    assert np.allclose(roll_up(shared, group_of, groups), parent, rtol=1e-12)
    assert (shared >= 0).all() and not shared[retired].any()
