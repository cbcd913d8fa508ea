"""Reconciliation: totals are the sums of their parts, and it is used only where it helps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.demand.baseline import forecast_baseline
from sop.demand.reconcile import reconcile, reconcile_levels, summing_matrix

STEPS, ORIGINS = 6, 3


def noisy(rng: np.random.Generator, exact: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Forecasts of nodes that miss by noise of the given size each."""
    return exact + rng.normal(0, 1, exact.shape) * sizes[:, None]


def test_nodes_are_the_total_the_families_the_regions_and_every_pair():
    assert summing_matrix(2, 2).tolist() == [
        [1, 1, 1, 1],
        [1, 1, 0, 0],
        [0, 0, 1, 1],
        [1, 0, 1, 0],
        [0, 1, 0, 1],
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
    ]


@pytest.mark.parametrize(("families", "regions", "nodes"), [(1, 1, 1), (3, 1, 4), (1, 4, 5), (3, 2, 12)])
def test_a_level_that_equals_another_is_left_out(families, regions, nodes):
    assert len(summing_matrix(families, regions)) == nodes


def test_good_totals_lift_bad_parts():
    rng = np.random.default_rng(1)
    summing = summing_matrix(3, 2)
    sizes = np.where(summing.sum(axis=1) > 1, 1.0, 30.0)
    actual = np.stack([summing @ rng.uniform(50, 150, (6, STEPS)) for _ in range(ORIGINS)])
    past = np.stack([noisy(rng, came, sizes) for came in actual])
    truth = summing @ rng.uniform(50, 150, (6, STEPS))
    mean = noisy(rng, truth, sizes)
    found = reconcile(summing, mean, past, actual)
    assert found.used and found.wape_after < found.wape_before
    assert "reconciled" in found.why
    assert np.abs(found.mean - truth[-6:]).mean() < np.abs(mean - truth)[-6:].mean()


@pytest.mark.parametrize("level", [0.0, 100.0])
def test_a_perfect_record_leaves_nothing_to_reconcile(level):
    summing = summing_matrix(2, 1)
    actual = np.repeat((summing @ np.full((2, STEPS), level))[None], ORIGINS, axis=0)
    found = reconcile(summing, actual[0], actual, actual)
    assert not found.used and found.mean.tolist() == np.full((2, STEPS), level).tolist()
    assert "not reconciled" in found.why


def test_bad_totals_are_not_listened_to():
    rng = np.random.default_rng(2)
    summing = summing_matrix(3, 2)
    actual = np.stack([summing @ rng.uniform(50, 150, (6, STEPS)) for _ in range(ORIGINS)])
    exact_parts = np.where(summing.sum(axis=1) > 1, 60.0, 0.0)
    past = np.stack([noisy(rng, came, exact_parts) for came in actual])
    mean = noisy(rng, actual[0], exact_parts)
    found = reconcile(summing, mean, past, actual)
    assert not found.used and (found.mean == mean[-6:]).all() and "WAPE" in found.why


def test_without_past_errors_every_part_keeps_its_own_forecast():
    summing = summing_matrix(2, 1)
    missing = np.full((ORIGINS, 3, STEPS), np.nan)
    found = reconcile(summing, np.ones((3, STEPS)), missing, missing)
    assert not found.used and "too few past errors" in found.why and (found.mean == 1).all()


@pytest.mark.parametrize("level", [0.0, 10.0])
def test_forecasts_that_never_missed_stand(level):
    summing = summing_matrix(2, 1)
    exact = np.stack([summing @ np.full((2, STEPS), level)] * ORIGINS)
    found = reconcile(summing, exact[0], exact, exact)
    assert not found.used and (found.mean == level).all() and "nothing to weigh it by" in found.why


def test_errors_that_cancel_weigh_nothing():
    summing = summing_matrix(2, 1)
    actual = np.stack([summing @ np.full((2, STEPS), 10.0)] * ORIGINS)
    past = actual + np.resize([1.0, -1.0], STEPS)
    found = reconcile(summing, actual[0], past, actual)
    assert not found.used and (found.mean == 10).all()


def test_a_single_series_has_nothing_to_be_reconciled_with():
    found = reconcile(np.eye(1), np.full((1, STEPS), 7.0), np.empty((0, 1, STEPS)), np.empty((0, 1, STEPS)))
    assert (found.mean == 7).all() and not found.why


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_what_is_reconciled_is_finite_and_never_below_zero(seed):
    rng = np.random.default_rng(seed)
    families, regions = rng.integers(1, 4, 2)
    summing = summing_matrix(int(families), int(regions))
    parts = rng.gamma(0.5, 40, (ORIGINS, families * regions, STEPS)).round()
    actual = summing @ parts
    past = np.maximum(actual + rng.normal(0, 20, actual.shape), 0)
    past[0, :, 2:] = np.nan
    mean = np.maximum(actual[0] + rng.normal(0, 20, actual[0].shape), 0)
    found = reconcile(summing, mean, past, actual)
    assert found.mean.shape == (families * regions, STEPS)
    assert np.isfinite(found.mean).all() and (found.mean >= 0).all()


def test_intervals_move_with_the_mean_and_a_dead_family_stays_at_zero():
    rng = np.random.default_rng(3)
    season = 100 + 30 * np.sin(np.arange(48) * np.pi / 6)
    parts = np.array([season + rng.normal(0, 12, 48) for _ in range(3)] + [np.r_[season[:30], np.zeros(18)]])
    summing = summing_matrix(4, 1)
    history = summing @ parts
    base = forecast_baseline(history, horizon=6, groups=[4, 0, 1, 2, 3])
    whole = reconcile_levels(summing, base, history)
    assert whole.mean.shape == (4, 6) and len(whole.method) == len(whole.why) == 4
    assert (whole.lo95 <= whole.lo80).all() and (whole.lo80 <= whole.mean).all()
    assert (whole.mean <= whole.hi80).all() and (whole.hi80 <= whole.hi95).all()
    assert whole.method[3] == "dead" and not whole.mean[3].any()
    assert all("WAPE" in why or "not reconciled" in why for why in whole.why)


def reconciled(parts: np.ndarray, families: int, regions: int):
    """The forecast of the parts (families × regions, T), their levels reconciled where that helps."""
    live = np.isfinite(parts).any(axis=1)
    summing = summing_matrix(families, regions, live)
    known = summing @ np.isfinite(parts).astype(float) > 0
    nodes = np.where(known, summing @ np.nan_to_num(parts), np.nan)
    groups = np.r_[np.full(len(summing) - len(parts), families), np.repeat(np.arange(families), regions)]
    return reconcile_levels(summing, forecast_baseline(nodes, horizon=12, groups=groups), nodes, live)


def parts_of_a_company(families: int = 3, regions: int = 2) -> np.ndarray:
    rng = np.random.default_rng(11)
    season = 100 + 40 * np.sin(np.arange(60) * np.pi / 6)
    return np.array([season * rng.uniform(0.5, 2) + rng.normal(0, 25, 60) for _ in range(families * regions)])


@pytest.mark.parametrize(("families", "regions"), [(1, 2), (2, 1), (3, 2)])
def test_a_family_without_sales_changes_no_forecast_of_the_others(families, regions):
    parts = parts_of_a_company(families, regions)
    alone = reconciled(parts, families, regions)
    beside = reconciled(np.vstack([parts, np.full((regions, 60), np.nan)]), families + 1, regions)
    assert (beside.mean[: len(parts)] == alone.mean).all() and beside.why[: len(parts)] == alone.why
    assert not beside.mean[len(parts) :].any() and set(beside.method[len(parts) :]) == {"no_history"}


@pytest.mark.parametrize("months", [1, 4, 10, 20])
def test_a_family_that_is_new_does_not_switch_reconciliation_off(months):
    parts = parts_of_a_company()
    new = np.full((2, 60), np.nan)
    new[:, -months:] = 5
    assert "reconciled with family" in reconciled(parts, 3, 2).why[0]
    beside = reconciled(np.vstack([parts, new]), 4, 2)
    assert "reconciled with family" in beside.why[0] and beside.mean[6:].max() < 12
