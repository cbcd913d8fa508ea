"""Accuracy figures by hand, and the reason where there is none."""

import numpy as np
import pytest

from sop.demand.accuracy import (
    at_lag,
    at_level,
    bias,
    forecast_value_added,
    mase,
    tracking_signal,
    value_added_by_step,
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


def test_each_step_is_compared_with_the_one_before_it():
    steps = {"seasonal_naive": ACTUAL + 20, "statistical": ACTUAL + 10, "consensus": ACTUAL + 16}
    added = value_added_by_step(steps, ACTUAL)
    assert list(added) == ["statistical", "consensus"]
    assert added["statistical"].value == pytest.approx(30 / 200)
    assert added["consensus"].value == pytest.approx(-18 / 200)


def test_lag_one_is_the_first_open_month_of_each_cycle():
    vintages = np.array([[11.0, 12.0, 13.0], [21.0, 22.0, 23.0]])
    assert at_lag(vintages, 1).tolist() == [11, 21]
    assert at_lag(vintages, 3).tolist() == [13, 23]
    assert np.isnan(at_lag(vintages, 4)).all()


def test_errors_that_cancel_between_products_vanish_at_the_family_level():
    forecast, actual = np.array([[12.0], [8.0]]), np.array([[10.0], [10.0]])
    assert wape(forecast, actual).value == pytest.approx(0.2)
    assert wape(at_level(forecast, 0), at_level(actual, 0)).value == 0
