"""Consensus demand: the order of the terms, the floor, and whole units without drift."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.errors import BadInput
from sop.demand.consensus import TERMS, build_consensus, round_terms


def cell(*months: float) -> np.ndarray:
    return np.array([[months]], dtype=float)


def term(demand, name):
    return demand.terms[name].ravel().round(9).tolist()


def test_terms_are_applied_in_the_stated_order_and_add_up_to_the_total():
    demand = build_consensus(
        cell(100),
        overrides=cell(10),
        launches=cell(40),
        cannibalisation=cell(30),
        events_pct=-0.10,
        initiatives=cell(12),
        elasticity=-2.0,
        price_change=0.05,
    )
    assert tuple(demand.terms) == TERMS
    # 100 + 10 + 40 − 30 = 120; events −10% of 120; 108 + 12 = 120; price −2 × 5% × 120.
    assert term(demand, "events") == [-12]
    assert term(demand, "price_effect") == [-12]
    assert demand.total.item() == pytest.approx(108)


def test_events_and_initiatives_take_units_and_fractions_together():
    demand = build_consensus(cell(100), events=cell(5), events_pct=0.1, initiatives_pct=0.2)
    assert term(demand, "events") == [15]
    assert term(demand, "initiatives") == [23]


def test_cannibalisation_takes_at_most_the_demand_that_is_left():
    demand = build_consensus(cell(100, 20), cannibalisation=cell(30, 30))
    assert term(demand, "cannibalisation") == [-30, -20]
    assert demand.total.ravel().tolist() == [70, 0]


def test_a_sum_below_zero_is_lifted_by_a_term_that_shows_it():
    demand = build_consensus(cell(10, 10), overrides=cell(-25, -5))
    assert term(demand, "floor") == [15, 0]
    assert demand.total.ravel().tolist() == [0, 5]


def test_price_effect_on_demand_that_is_already_negative_is_nothing():
    demand = build_consensus(cell(10), overrides=cell(-25), elasticity=-2.0, price_change=-0.5)
    assert term(demand, "price_effect") == [0]


def test_a_missing_number_is_refused_by_the_name_of_its_term():
    with pytest.raises(BadInput, match="launches"):
        build_consensus(cell(100), launches=cell(np.nan))


def test_fractions_of_a_unit_are_carried_over_time_instead_of_lost():
    whole = round_terms(build_consensus(cell(0.4, 0.4, 0.4, 0.4, 0.4)))
    assert whole.total.ravel().tolist() == [0, 1, 0, 1, 0]


def test_regions_share_a_familys_whole_units_by_the_largest_remainder():
    whole = round_terms(build_consensus(np.array([[[3.3], [3.6], [3.1]]])))
    assert whole.total.ravel().tolist() == [3, 4, 3]


def test_whole_terms_keep_zero_where_a_term_is_zero():
    demand = build_consensus(cell(10.5, 10.5, 10.5), overrides=cell(0.3, 0.3, 0.3))
    whole = round_terms(demand)
    assert not whole.terms["launches"].any()
    assert whole.terms["overrides"].sum() == 1
    assert whole.total.sum() == 32


def random_demand(seed: int):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, (5, 6, 25)))
    size = 10 ** rng.uniform(-1, 4)
    some = rng.random(shape) < rng.random()
    return build_consensus(
        rng.gamma(0.7, size, shape) * some,
        overrides=rng.normal(0, size / 3, shape) * (rng.random() < 0.7),
        launches=rng.gamma(1, size / 9, shape),
        cannibalisation=rng.gamma(1, size / 5, shape),
        events_pct=rng.normal(0, 0.2, shape),
        initiatives=rng.normal(0, size / 9, shape),
        elasticity=-rng.random(shape),
        price_change=rng.normal(0, 0.1, shape),
    )


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 10**6))
def test_the_terms_sum_to_the_total_which_is_never_negative(seed):
    demand = random_demand(seed)
    assert np.allclose(sum(demand.terms.values()), demand.total, rtol=1e-12, atol=1e-9)
    assert (demand.total >= 0).all()


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 10**6))
def test_whole_terms_sum_exactly_and_no_running_total_drifts(seed):
    demand = random_demand(seed)
    whole = round_terms(demand)
    assert (sum(whole.terms.values()) == whole.total).all()
    assert (whole.total >= 0).all() and whole.total.dtype == np.int64
    families = np.cumsum(whole.total.sum(axis=1) - demand.total.sum(axis=1), axis=-1)
    regions = np.cumsum(whole.total - demand.total, axis=-1)
    assert np.abs(families).max() <= 0.5 + 1e-6
    assert np.abs(regions).max() < 2
