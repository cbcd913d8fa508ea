"""Accuracy by step, family, region and lag, by hand."""

import numpy as np
import pytest

from sop.core.scores import ALL
from sop.demand.accuracy import said_at_lag, seasonal_naive, summarise_accuracy

FAMILIES, REGIONS = ("Bikes", "Parts"), ("North",)


def cells(*rows: list[float]) -> np.ndarray:
    """One row of months per family, in one region."""
    return np.array(rows, dtype=float)[:, None, :]


def test_what_was_said_two_months_ahead_is_found_under_its_month():
    vintages = np.array([[[[11, 12, 13]]], [[[21, 22, 23]]]], dtype=float)
    said = said_at_lag(vintages, first=[2, 3], months=5, lag=2)
    assert said[0, 0, 3:].tolist() == [12, 22]
    assert np.isnan(said[0, 0, :3]).all()


def test_months_still_open_and_lags_beyond_the_horizon_are_left_out():
    vintages = np.ones((1, 1, 1, 2))
    assert np.isnan(said_at_lag(vintages, first=[5], months=5, lag=1)).all()
    assert np.isnan(said_at_lag(vintages, first=[0], months=5, lag=3)).all()


def test_seasonal_naive_says_what_came_a_season_before():
    said = seasonal_naive(cells([1, 2, 3, 4, 5]), 2)
    assert np.isnan(said[0, 0, :2]).all() and said[0, 0, 2:].tolist() == [1, 2, 3]


def test_each_step_is_measured_for_all_families_and_regions():
    actual = cells([100, 100], [50, 50])
    naive, consensus = cells([120, 120], [40, 40]), cells([110, 110], [40, 60])
    rows = summarise_accuracy({"naive": {1: naive}, "consensus": {1: consensus}}, actual, FAMILIES, REGIONS)
    found = {(row.step, row.family, row.region): row for row in rows}
    assert len(rows) == 2 * (1 + 2 + 1)
    assert found["naive", ALL, ALL].wape.value == pytest.approx(60 / 300)
    assert found["consensus", ALL, ALL].wape.value == pytest.approx(40 / 300)
    assert found["consensus", "Bikes", ALL].bias.value == pytest.approx(20 / 200)
    assert found["consensus", "Parts", ALL].added.value == pytest.approx(0)
    assert found["consensus", ALL, "North"].added.value == pytest.approx(20 / 300)
    assert found["naive", ALL, ALL].added is None


def test_a_cell_counts_only_where_every_step_has_spoken():
    actual = cells([100, 100, 100])
    early, late = cells([0, 110, 110]), cells([np.nan, 100, 110])
    rows = summarise_accuracy({"a": {1: early}, "b": {1: late}}, actual, FAMILIES[:1], REGIONS)
    assert rows[0].wape.value == pytest.approx(20 / 200) and rows[0].wape.count == 2


def test_families_that_err_together_in_one_month_are_one_proof_not_many():
    actual = np.full((20, 1, 3), 100.0)
    before = actual + 20
    after = actual + np.array([0, 20, 25])
    rows = summarise_accuracy(
        {"before": {1: before}, "after": {1: after}}, actual, [str(i) for i in range(20)], REGIONS
    )
    added = rows[1].added
    assert added.value == pytest.approx(5 / 100) and added.count == 3 and not added.proven


def test_without_steps_there_is_nothing_to_say():
    assert summarise_accuracy({}, cells([1], [1]), FAMILIES, REGIONS) == []
