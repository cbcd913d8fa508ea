"""Accuracy figures by hand, and the reason where there is none."""

import numpy as np
import pytest

from sop.demand.accuracy import (
    bias,
    forecast_value_added,
    mase,
    tracking_signal,
    wape,
)

ACTUAL = np.array([100.0, 50.0, 50.0])
FORECAST = np.array([120.0, 40.0, 60.0])


def test_wape_is_the_absolute_error_over_the_actuals():
    assert wape(FORECAST, ACTUAL).value == pytest.approx(40 / 200)


def test_bias_is_positive_when_the_forecast_is_too_high():
    assert bias(FORECAST, ACTUAL).value == pytest.approx(20 / 200)
    assert bias(ACTUAL - 10, ACTUAL).value == pytest.approx(-30 / 200)


def test_the_tracking_signal_counts_mean_deviations():
    assert tracking_signal(FORECAST, ACTUAL).value == pytest.approx(20 / (40 / 3))
    assert tracking_signal(ACTUAL, ACTUAL).value == 0


def test_mase_compares_with_the_seasonal_naive_error_of_the_history():
    history = np.array([10.0, 20.0, 14.0, 26.0])
    assert mase(FORECAST, ACTUAL, history, season_length=2).value == pytest.approx((40 / 3) / 5)


def test_a_month_without_a_forecast_or_an_actual_does_not_count():
    score = wape(np.array([120.0, np.nan, 60.0]), np.array([100.0, 50.0, np.nan]))
    assert (score.value, score.count) == (pytest.approx(0.2), 1)


@pytest.mark.parametrize("measure", [wape, bias, tracking_signal])
def test_without_actuals_a_figure_is_missing_and_says_why(measure):
    score = measure(FORECAST, np.full(3, np.nan))
    assert np.isnan(score.value) and "actual" in score.reason


@pytest.mark.parametrize("measure", [wape, bias])
def test_a_share_of_no_demand_is_missing_and_says_why(measure):
    score = measure(FORECAST, np.zeros(3))
    assert np.isnan(score.value) and "no demand" in score.reason


def test_mase_says_why_it_is_missing():
    assert "2 months" in mase(FORECAST, ACTUAL, np.array([1.0, 2.0]), season_length=2).reason
    assert "repeats" in mase(FORECAST, ACTUAL, np.array([1.0, 2.0, 1.0, 2.0]), season_length=2).reason


def test_value_added_is_the_wape_saved():
    naive = np.array([130.0, 30.0, 60.0])
    added = forecast_value_added(naive, FORECAST, ACTUAL)
    assert added.value == pytest.approx(60 / 200 - 40 / 200)
    assert added.lo < added.value < added.hi


def test_value_added_is_proven_only_when_it_is_steady():
    actual = np.full(24, 100.0)
    steady = forecast_value_added(actual + 20, actual + 10 + np.arange(24) % 2, actual)
    lucky = forecast_value_added(actual + 20, actual + np.where(np.arange(24) == 0, 0, 20), actual)
    assert steady.proven
    assert not lucky.proven and lucky.value > 0


@pytest.mark.parametrize("months", [1, 2])
def test_value_added_of_too_few_months_has_no_interval_and_says_so(months):
    added = forecast_value_added(FORECAST[:months], ACTUAL[:months], ACTUAL[:months])
    assert added.value == pytest.approx(0.2) and np.isnan(added.lo) and added.count == months
    assert "fewer than 3 months" in added.reason and not added.proven
