"""Cleaning: what is corrected, what is only suggested, what is left alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.demand.cleaning import clean_history

NOISE = np.random.default_rng(3).normal(0, 4, 60)
SEASON = 100 + 30 * np.sin(np.arange(60) * np.pi / 6)


def test_an_outlier_is_corrected_to_what_season_and_trend_let_expect():
    history = SEASON + NOISE
    usual = history[50]
    history[50] = 900
    cleaned = clean_history(history[None], 12)
    assert [record.cell for record in cleaned.corrections] == [(0, 50)]
    assert cleaned.corrections[0].was == 900
    assert abs(cleaned.values[0, 50] - usual) < 15
    assert "far above" in cleaned.corrections[0].reason


def test_the_history_given_is_not_changed():
    history = (SEASON + NOISE)[None].copy()
    history[0, 50] = 900
    clean_history(history, 12)
    assert history[0, 50] == 900


def test_a_restored_month_stays_as_booked_and_remains_a_suggestion():
    history = SEASON + NOISE
    history[50] = 900
    cleaned = clean_history(history[None], 12, restored={(0, 50)})
    assert cleaned.values[0, 50] == 900
    assert not cleaned.corrections
    assert (0, 50) in [record.cell for record in cleaned.suggestions]


def test_an_accepted_suggestion_is_corrected():
    noisy = np.random.default_rng(5).normal(0, 10, 60)
    history = (SEASON + noisy)[None].copy()
    history[0, 40] += 48
    suggested = clean_history(history, 12)
    assert (0, 40) in [record.cell for record in suggested.suggestions]
    accepted = clean_history(history, 12, accepted={(0, 40)})
    assert (0, 40) in [record.cell for record in accepted.corrections]
    assert accepted.values[0, 40] < history[0, 40]


def test_a_season_is_not_an_outlier():
    december = np.where(np.arange(60) % 12 == 11, 2.5, 1.0)
    assert not clean_history(((100 + NOISE) * december)[None], 12).corrections


def test_peaks_that_grow_with_the_level_are_not_outliers():
    growth = 1.03 ** np.arange(60) * np.where(np.arange(60) % 12 == 11, 2.5, 1.0)
    assert not clean_history(((100 + NOISE) * growth)[None], 12).corrections


def test_sparse_demand_is_left_alone():
    sparse = np.where(np.arange(60) % 4 == 0, 10.0, 0.0)
    sparse[20] = 500
    cleaned = clean_history(sparse[None], 12)
    assert (cleaned.values == sparse).all() and not cleaned.corrections


@pytest.mark.parametrize("months", [18, 24, 36, 60])
@pytest.mark.parametrize("odd", [1000.0, -300.0])
@pytest.mark.parametrize("at", [0, -1])
def test_an_end_of_sparse_demand_that_is_like_none_before_is_corrected(months: int, odd: float, at: int) -> None:
    sparse = np.array([30.0, 0.0, 0.0] * (months // 3))
    sparse[at] = odd
    cleaned = clean_history(sparse[None], 12)
    assert [(c.period % months, c.was, c.now) for c in cleaned.corrections] == [(at % months, odd, 30.0)]
    sparse[at] = 120.0
    assert not clean_history(sparse[None], 12).corrections


def test_a_short_series_is_cleaned_by_its_running_median():
    history = (100 + NOISE[:18])[None].copy()
    history[0, 9] = 1000
    cleaned = clean_history(history, 12)
    assert [record.cell for record in cleaned.corrections] == [(0, 9)]
    assert 90 < cleaned.values[0, 9] < 110


def test_a_peak_that_came_back_a_year_later_is_kept_in_a_short_series():
    history = (100 + NOISE[:30])[None].copy()
    history[0, [11, 23]] = 300
    assert not clean_history(history, 12).corrections


def test_a_level_shift_is_offered_and_not_mistaken_for_outliers():
    history = np.where(np.arange(60) < 30, 100.0, 200.0) + NOISE
    cleaned = clean_history(history[None], 12)
    assert [shift.series for shift in cleaned.shifts] == [0]
    assert abs(cleaned.shifts[0].period - 30) <= 1
    assert not cleaned.corrections


def test_steady_growth_is_no_level_shift():
    assert not clean_history((100 + 3 * np.arange(60) + NOISE)[None], 12).shifts


def test_periods_are_columns_of_the_table_also_where_a_series_starts_late():
    history = np.full((2, 80), np.nan)
    history[1, 20:] = SEASON + NOISE
    history[1, 70] = 900
    assert [record.cell for record in clean_history(history, 12).corrections] == [(1, 70)]


@settings(deadline=None, max_examples=60)
@given(
    history=st.lists(st.one_of(st.just(np.nan), st.just(0.0), st.floats(-1e6, 1e9)), max_size=60),
    season=st.sampled_from([1, 4, 12, 13]),
)
def test_any_series_is_cleaned_without_error_or_new_gaps(history, season):
    row = np.array(history, dtype=float)
    cleaned = clean_history(row[None], season)
    assert (np.isnan(cleaned.values[0]) == np.isnan(row)).all()
    if np.nanmin(row, initial=0.0) >= 0:
        assert np.nanmin(cleaned.values, initial=0.0) >= 0
    changed = {record.cell for record in cleaned.corrections}
    assert changed >= {(0, int(t)) for t in np.flatnonzero((cleaned.values[0] != row) & np.isfinite(row))}
