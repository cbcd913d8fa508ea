"""Shipments per region: oldest first, pro rata, whole and exact."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.supply import split_by_region
from sop.supply.after.regions import _oldest_first


def test_the_oldest_demand_of_any_region_is_shipped_first():
    due = np.array([[[10, 0], [0, 10]]])
    shipments, lost = split_by_region(np.array([[6, 6]]), np.array([[0, 0]]), due, np.array([[0, 0]]))
    assert shipments[0].tolist() == [[6, 4], [0, 2]]
    assert not lost.any()


def test_demand_of_one_age_is_served_pro_rata_with_the_largest_remainder():
    due = np.array([[[30], [20], [10]]])
    shipments, _ = split_by_region(np.array([[20]]), np.array([[0]]), due, np.array([[0, 0, 0]]))
    assert shipments[0, :, 0].tolist() == [10, 7, 3]


def test_past_due_goes_before_new_demand_and_lost_units_are_the_newest():
    due = np.array([[[10], [10]]])
    shipments, lost = split_by_region(np.array([[7]]), np.array([[4]]), due, np.array([[0, 5]]))
    assert lost[0, :, 0].tolist() == [2, 2]
    assert shipments[0, :, 0].tolist() == [1, 6]


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6))
def test_regions_sum_to_the_family_and_no_region_ships_what_it_does_not_owe(seed):
    rng = np.random.default_rng(seed)
    due = rng.integers(0, 9, (3, 4, 6))
    opening = rng.integers(0, 5, (3, 4))
    lost = rng.integers(0, due.sum(axis=1) + 1) * (rng.random((3, 6)) < 0.3)
    owed = opening.sum(axis=1)[:, None] + np.cumsum(due.sum(axis=1) - lost, axis=1)
    shipped = np.minimum(np.cumsum(rng.integers(0, 24, (3, 6)), axis=1), owed)
    shipments, gone = split_by_region(np.diff(shipped, axis=1, prepend=0), lost, due, opening)
    assert (shipments.sum(axis=1) == np.diff(shipped, axis=1, prepend=0)).all()
    assert (gone.sum(axis=1) == lost).all()
    assert (shipments >= 0).all() and (gone >= 0).all()
    assert (opening[:, :, None] + np.cumsum(due - shipments - gone, axis=2) >= 0).all()


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_families_where_nobody_waits_get_what_month_by_month_would_give_them(seed):
    rng = np.random.default_rng(seed)
    due, opening = rng.integers(0, 9, (4, 3, 6)), rng.integers(0, 5, (4, 3))
    owed = opening.sum(axis=1)[:, None] + np.cumsum(due.sum(axis=1), axis=1)
    late = (rng.random(4) < 0.5)[:, None] * rng.integers(0, 6, (4, 6))
    shipments = np.diff(np.maximum.accumulate(np.maximum(owed - late, 0), axis=1), axis=1, prepend=0)
    lost = np.zeros_like(shipments)
    quick, slow = split_by_region(shipments, lost, due, opening), _oldest_first(shipments, lost, due, opening)
    assert (quick[0] == slow[0]).all() and (quick[1] == slow[1]).all()
