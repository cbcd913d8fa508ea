"""The baseline forecast: the rung of each series, and that no series can spoil the others."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.errors import BadInput
from sop.demand.baseline import BaselineForecast, backtest_wape, forecast_baseline
from sop.demand.cleaning import clean_history

MONTHS = 48
RNG = np.random.default_rng(7)
GOOD = 100 * (1 + 0.3 * np.sin(np.arange(MONTHS) * np.pi / 6)) + RNG.normal(0, 3, MONTHS)


def table(*series: object) -> np.ndarray:
    """Series of any length in one table, each ending with the last column."""
    rows = np.full((len(series), MONTHS), np.nan)
    for row, values in zip(rows, series, strict=True):
        values = np.asarray(values, dtype=float)
        row[MONTHS - len(values) :] = values
    return rows


def require_sound(forecast: BaselineForecast, history: np.ndarray) -> None:
    paths = [forecast.lo95, forecast.lo80, forecast.mean, forecast.hi80, forecast.hi95]
    assert np.isfinite(paths).all()
    assert all((low <= high).all() for low, high in pairwise(paths))
    positive = np.nanmin(history, axis=1, initial=0.0) >= 0
    assert (forecast.lo95[positive] >= 0).all()
    assert all(forecast.why) and len(forecast.why) == len(history)


@pytest.mark.parametrize(
    ("series", "method", "because"),
    [
        (GOOD, "combination", "48 months"),
        (GOOD[:24], "combination", "24 months"),
        (GOOD[:23], "profile", "23 months"),
        (GOOD[:6], "profile", "6 months"),
        (GOOD[:5], "analogue", "5 months"),
        (GOOD[:1], "analogue", "1 month of"),
        ([], "no_history", "launch"),
        (np.r_[GOOD[:30], np.zeros(12)], "dead", "last 12 months"),
        (np.zeros(4), "dead", "last 4 months"),
        (np.full(30, 7.0), "constant", "30 equal months"),
    ],
)
def test_the_length_of_a_series_decides_its_method_and_the_reason_says_so(series, method, because):
    forecast = forecast_baseline(table(series), horizon=6)
    assert forecast.method == (method,)
    assert because in forecast.why[0]


def test_eleven_zero_months_do_not_kill_a_series():
    assert forecast_baseline(table(np.r_[GOOD[:30], np.zeros(11)]), horizon=3).method[0] != "dead"


def test_sparse_demand_goes_to_the_method_that_did_best_on_its_past():
    every_spring = np.where(np.arange(MONTHS) % 12 == 3, 50.0, 0.0)
    forecast = forecast_baseline(table(every_spring, RNG.poisson(0.4, MONTHS)), horizon=12)
    assert forecast.method[0] == "seasonal_naive"
    assert forecast.mean[0].tolist() == [0, 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0]
    assert forecast.method[1] in ("imapa", "tsb")


def test_old_zeros_do_not_make_a_series_sparse_today():
    assert forecast_baseline(table(np.r_[np.zeros(20), GOOD[:28]]), horizon=3).method == ("combination",)


def test_retired_and_dead_series_are_zero_and_listed():
    forecast = forecast_baseline(table(GOOD, GOOD, np.zeros(20)), horizon=4, retired=[False, True, False])
    assert forecast.listed == (1, 2)
    assert not forecast.mean[[1, 2]].any() and not forecast.hi95[[1, 2]].any()


def test_a_clear_season_is_continued():
    forecast = forecast_baseline(table(GOOD), horizon=12)
    expected = 100 * (1 + 0.3 * np.sin(np.arange(MONTHS, MONTHS + 12) * np.pi / 6))
    assert np.abs(forecast.mean[0] / expected - 1).max() < 0.08


def test_a_short_series_borrows_the_season_of_its_own_family():
    other = 100 * (1 - 0.3 * np.sin(np.arange(MONTHS) * np.pi / 6)) + RNG.normal(0, 3, MONTHS)
    history = table(GOOD, other, GOOD[-10:], other[-10:])
    forecast = forecast_baseline(history, horizon=12, groups=[0, 1, 0, 1])
    assert np.corrcoef(forecast.mean[0], forecast.mean[2])[0, 1] > 0.95
    assert np.corrcoef(forecast.mean[1], forecast.mean[3])[0, 1] > 0.95


def test_history_that_goes_below_zero_may_be_forecast_below_zero():
    forecast = forecast_baseline(table(-GOOD, GOOD), horizon=6)
    assert (forecast.mean[0] < 0).all() and (forecast.mean[1] > 0).all()


def test_returns_without_any_sale_are_forecast_without_a_model_of_demand():
    only_returns = table([0, 0, -3, 0, 0, 0, -2, 0])
    forecast = forecast_baseline(only_returns, horizon=3)
    assert forecast.method == ("naive",)
    require_sound(forecast, only_returns)


def test_gaps_are_interpolated_and_the_reason_says_how_many():
    gappy = GOOD.copy()
    gappy[[10, 20, 47]] = np.nan
    forecast = forecast_baseline(table(gappy), horizon=6)
    assert "3 months without a figure" in forecast.why[0]
    assert np.abs(forecast.mean - forecast_baseline(table(GOOD), horizon=6).mean).max() < 15


def test_a_change_of_unit_changes_nothing_but_the_unit():
    small = forecast_baseline(table(GOOD), horizon=6)
    large = forecast_baseline(table(GOOD * 1e6), horizon=6)
    assert np.allclose(large.mean, small.mean * 1e6, rtol=1e-6)
    assert np.allclose(large.hi80, small.hi80 * 1e6, rtol=1e-6)


def test_one_bad_series_does_not_change_the_point_forecast_of_another():
    wild = GOOD.copy()
    wild[40] = 1e12
    alone = forecast_baseline(table(GOOD, GOOD[:30]), horizon=6)
    beside = forecast_baseline(table(GOOD, GOOD[:30], wild, np.full(9, np.inf), [1e300], []), horizon=6)
    assert (alone.mean == beside.mean[:2]).all()


def test_intervals_widen_over_the_horizon():
    forecast = forecast_baseline(table(GOOD, *(GOOD + RNG.normal(0, 9, (12, MONTHS)))), horizon=24)
    assert (np.diff(forecast.hi80 - forecast.mean, axis=1) >= -1e-9).all()
    assert (forecast.hi95 > forecast.hi80).all()


def test_any_runner_gives_the_same_numbers():
    history = table(GOOD, GOOD[:15], RNG.poisson(0.5, 40), GOOD[:3])
    here = forecast_baseline(history, horizon=6)
    with ThreadPoolExecutor(2) as pool:
        there = forecast_baseline(history, horizon=6, run=pool.map)
    assert (here.mean == there.mean).all() and (here.hi95 == there.hi95).all() and here.why == there.why


def test_a_table_without_series_gives_an_empty_forecast():
    assert forecast_baseline(np.empty((0, 30)), horizon=6).mean.shape == (0, 6)
    assert forecast_baseline(np.empty((2, 0)), horizon=6).method == ("no_history", "no_history")


def test_a_horizon_of_nothing_is_refused():
    with pytest.raises(BadInput):
        forecast_baseline(table(GOOD), horizon=0)


bad_months = st.one_of(
    st.just(np.nan), st.just(0.0), st.just(100.0), st.floats(-1e3, 1e3), st.sampled_from([1e12, 1e300, np.inf])
)


@settings(deadline=None, max_examples=40)
@given(
    series=st.lists(st.lists(bad_months, max_size=30), min_size=1, max_size=4),
    season=st.sampled_from([1, 4, 12]),
    horizon=st.sampled_from([1, 7, 18]),
)
def test_bad_series_never_raise_and_never_give_nan(series, season, horizon):
    history = table(*series)
    require_sound(forecast_baseline(history, horizon=horizon, season_length=season), history)


@pytest.mark.parametrize("length", range(25))
def test_every_length_from_none_to_two_seasons_is_forecast(length):
    history = table(GOOD[:length], np.zeros(length), np.full(length, 7.0), RNG.poisson(0.7, length), GOOD)
    forecast = forecast_baseline(history, horizon=6, calibration_series=1)
    require_sound(forecast, history)


@pytest.mark.parametrize(
    "bad",
    [
        np.zeros(MONTHS),
        np.full(MONTHS, 55.0),
        -GOOD,
        np.where(np.arange(MONTHS) % 5 == 0, np.nan, GOOD),
        np.r_[GOOD[:30], 1e9, GOOD[31:]],
        np.where(np.arange(MONTHS) < 24, GOOD, GOOD * 8),
        np.where(RNG.random(MONTHS) < 0.3, 0.0, GOOD),
        np.array([np.nan] * MONTHS),
    ],
    ids=["all zero", "constant", "negative", "gaps", "one huge outlier", "a shift", "30% zeros", "nothing"],
)
def test_a_bad_series_is_forecast_or_listed_with_its_reason_and_spoils_no_other(bad):
    history = table(bad, GOOD[:30])
    cleaned = clean_history(history, 12).values
    forecast = forecast_baseline(cleaned, horizon=12)
    require_sound(forecast, history)
    assert (forecast.mean[1] == forecast_baseline(table(GOOD[:30]), horizon=12).mean[0]).all()
    assert forecast.mean[0].any() != (0 in forecast.listed)


def test_a_huge_outlier_that_is_cleaned_does_not_lift_the_forecast():
    cleaned = clean_history(table(np.r_[GOOD[:30], 1e9, GOOD[31:]]), 12).values
    assert forecast_baseline(cleaned, horizon=12).mean.max() < 1.5 * GOOD.max()


def test_the_backtests_wape_counts_every_month_that_was_held_back():
    past = np.array([[[8.0, np.nan]], [[10.0, 16.0]]])
    zeros = np.zeros((1, 2))
    forecast = BaselineForecast(zeros, zeros, zeros, zeros, zeros, ("x",), ("y",), (1, 2), past)
    # Held back one month: 8 said, 20 came. Held back two: 10 and 16 said, 10 and 20 came.
    assert backtest_wape(forecast, np.array([[5.0, 10.0, 20.0]])) == (round((12 + 0 + 4) / (20 + 10 + 20), 4),)


def test_a_series_without_a_backtest_has_no_wape():
    past = np.full((1, 1, 2), np.nan)
    zeros = np.zeros((1, 2))
    forecast = BaselineForecast(zeros, zeros, zeros, zeros, zeros, ("x",), ("y",), (1,), past)
    assert backtest_wape(forecast, np.array([[5.0, 10.0]])) == (None,)
