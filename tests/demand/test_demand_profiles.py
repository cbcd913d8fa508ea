"""Pooled seasonal profiles: found where there is a season, flat where there is none."""

import numpy as np

from sop.demand.profiles import along_history, along_horizon, pooled_profiles

QUARTERS = np.array([0.4, 0.8, 1.2, 1.6])
ONE_GROUP = np.zeros(3, dtype=int)


def seasonal(level: float, years: int = 6) -> np.ndarray:
    return level * np.tile(QUARTERS, years)


def test_a_familys_season_is_found_and_starts_with_the_first_month_of_the_horizon():
    history = np.array([seasonal(100), seasonal(10), seasonal(55)])
    profile = pooled_profiles(history, ONE_GROUP, 4)[0]
    assert np.allclose(profile, QUARTERS, atol=0.03)


def test_the_season_position_is_counted_from_the_end_of_history():
    history = np.array([seasonal(100)[:-1], seasonal(10)[:-1]])
    profile = pooled_profiles(history, np.array([0, 0]), 4)[0]
    assert np.allclose(profile, np.roll(QUARTERS, 1), atol=0.05)


def test_noise_has_no_season():
    noise = np.random.default_rng(1).normal(100, 20, (3, 60))
    assert np.ptp(pooled_profiles(noise, ONE_GROUP, 12)[0]) < 0.15


def test_one_wild_value_does_not_make_the_familys_season():
    history = np.array([seasonal(100)] * 6)
    wild = history.copy()
    wild[0, 9] = 1e12
    group = np.zeros(6, dtype=int)
    clean, spoilt = pooled_profiles(history, group, 4), pooled_profiles(wild, group, 4)
    assert np.abs(clean - spoilt).max() < 0.1


def test_a_group_without_long_series_borrows_from_all():
    history = np.array([seasonal(100), seasonal(50), np.r_[np.full(20, np.nan), 1, 2, 3, 4]])
    profiles = pooled_profiles(history, np.array([0, 0, 1]), 4)
    assert np.allclose(profiles[1], QUARTERS, atol=0.03)


def test_without_any_long_series_the_profile_is_flat():
    history = np.array([[np.nan] * 3 + [1.0, 2.0, 3.0]])
    assert pooled_profiles(history, np.array([0]), 4).tolist() == [[1, 1, 1, 1]]


def test_a_profile_runs_backwards_into_history_and_forwards_into_the_horizon():
    assert along_history(QUARTERS, 6).tolist() == [1.2, 1.6, 0.4, 0.8, 1.2, 1.6]
    assert along_horizon(QUARTERS, 6).tolist() == [0.4, 0.8, 1.2, 1.6, 0.4, 0.8]
