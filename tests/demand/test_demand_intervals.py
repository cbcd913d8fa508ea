"""Intervals: calibrated on backtests, honest on series whose noise is known."""

import numpy as np

from sop.demand.baseline import Batch, forecast_baseline
from sop.demand.intervals import half_widths
from sop.demand.ladder import SeriesForecast
from sop.demand.models import Path


def series_with_errors(errors: np.ndarray) -> tuple[SeriesForecast, np.ndarray]:
    """A flat forecast of 100 with yardstick 10, held back len(errors) months, and the history that gives them."""
    steps = len(errors)
    past = SeriesForecast(Path(np.full(steps, 100.0), np.full(steps, 10.0)), "profile", "", 10.0, {})
    today = SeriesForecast(past.path, "profile", "", 10.0, {steps: past})
    return today, 100.0 + errors


def test_the_half_width_is_the_quantile_of_past_errors_on_the_yardstick():
    sizes = np.arange(1, 101, dtype=float)
    forecasts, history = zip(*[series_with_errors(np.full(3, size)) for size in sizes], strict=True)
    widths = half_widths(forecasts, np.array(history))
    assert np.allclose(widths[0.80], np.quantile(sizes, 0.80))
    assert np.allclose(widths[0.95], np.quantile(sizes, 0.95))


def test_errors_that_grow_with_the_step_widen_the_interval_with_it():
    errors = [np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]) * size for size in np.linspace(0.5, 2, 40)]
    forecasts, history = zip(*[series_with_errors(error) for error in errors], strict=True)
    width = half_widths(forecasts, np.array(history))[0.80][0]
    assert (np.diff(width) >= 0).all() and width[-1] > 2 * width[0]


def test_without_backtests_the_normal_distribution_is_assumed():
    lonely = SeriesForecast(Path(np.full(2, 100.0), np.full(2, 10.0)), "profile", "", 10.0, {})
    widths = half_widths([lonely], np.full((1, 9), 100.0))
    assert np.allclose(widths[0.95], 19.6, rtol=1e-4)


def test_a_series_too_short_for_a_yardstick_borrows_the_relative_error_of_the_batch():
    known = SeriesForecast(Path(np.full(2, 100.0), np.full(2, 10.0)), "profile", "", 10.0, {})
    newborn = SeriesForecast(Path(np.full(2, 50.0), np.zeros(2)), "analogue", "", np.nan, {})
    widths = half_widths([known, newborn], np.full((2, 9), 100.0))
    assert np.allclose(widths[0.80][1], widths[0.80][0] / 2)


def test_intervals_cover_what_they_claim_on_unseen_months():
    rng = np.random.default_rng(11)
    season = 1 + 0.3 * np.sin(np.arange(66) * np.pi / 6)
    series = rng.uniform(50, 500, (100, 1)) * season * np.exp(rng.normal(0, 0.15, (100, 66)))
    forecast = forecast_baseline(series[:, :60], horizon=6, calibration_series=40)
    actual = series[:, 60:]
    inside_80 = ((forecast.lo80 <= actual) & (actual <= forecast.hi80)).mean()
    inside_95 = ((forecast.lo95 <= actual) & (actual <= forecast.hi95)).mean()
    assert 0.74 < inside_80 < 0.86
    assert 0.91 < inside_95 < 0.985


def test_no_short_series_is_judged_by_forecasts_that_knew_less_than_was_asked_of_them():
    for season, horizon in ((12, 18), (52, 13)):
        batch = Batch(np.zeros((1, 1)), horizon, season)
        for months in range(2 * season):
            assert all(held <= months - held for held in batch.held_back_of(months))
        assert batch.held_back_of(2 * batch.held_back[-1]) == batch.held_back
        assert batch.held_back_of(season), "the shortest are judged by what they have"


def test_ranges_of_short_walks_hold_what_they_say():
    rng = np.random.default_rng(7)
    walks = 300 * np.exp(np.cumsum(rng.normal(0, 0.04, (150, 75)), axis=1) + rng.normal(0, 0.15, (150, 75)))
    found, came = forecast_baseline(walks[:, :62], horizon=13, season_length=52), walks[:, 62:]
    assert 0.75 <= ((found.lo80 <= came) & (came <= found.hi80)).mean() <= 0.85
