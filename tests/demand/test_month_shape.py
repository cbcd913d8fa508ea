"""Weeks that hang on the days of the month in them: found where they are, and nowhere else."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from sop.core.calendar import Calendar, first_day
from sop.demand.intervals import _multipliers
from sop.demand.month_shape import LEAST, in_period, month_shapes, on_mean

WEEKS = Calendar("2026-W27", 13)
PERIODS = (*WEEKS.history(104), *WEEKS.months)


def late_share(period: str) -> float:
    """The part of a week's working days that lies after the 20th."""
    return float(np.mean([(first_day(period) + timedelta(days=at)).day > 20 for at in range(5)]))


def made(*, shaped: bool, seed: int = 1) -> np.ndarray:
    """104 closed weeks of two families around 100, all of it after the 20th where they are shaped."""
    rng = np.random.default_rng(seed)
    form = np.array([3 * late_share(period) if shaped else 1.0 for period in PERIODS[:104]])
    return np.rint(100 * form * rng.lognormal(0, 0.2, (2, 104)))


def test_weeks_of_busy_days_are_expected_to_bring_more_and_others_nothing() -> None:
    history = made(shaped=True)
    shape = month_shapes(history, PERIODS, WEEKS)
    ahead = np.array([late_share(period) for period in PERIODS[104:]])
    assert (shape[:, 104:][:, ahead == 0] < LEAST).all() and (shape[:, 104:][:, ahead == 1] > 2).all()
    level = on_mean(history, shape[:, :104])
    assert np.isfinite(level).all() and abs(level.mean() - 100) < 15, "what is quiet lies between its neighbours"
    usual = np.full((2, 13), level.mean())
    mean = usual * shape[:, 104:]
    assert np.abs(mean - 300 * ahead).sum() < 0.3 * 2 * (300 * ahead).sum()
    low, high = (in_period(usual, bound, shape[:, 104:]) for bound in (usual - 30, usual + 30))
    assert (low <= mean).all() and (mean <= high).all() and (low >= 0).all()


def test_noise_has_no_shape_nor_have_months() -> None:
    for seed in range(8):
        assert (month_shapes(made(shaped=False, seed=seed), PERIODS, WEEKS) == 1.0).all()
    months = Calendar("2026-07", 13)
    assert (month_shapes(np.ones((1, 60)), (*months.history(60), *months.months), months) == 1.0).all()
    values = np.array([[1.0, 2.0]])
    assert in_period(values, values - 1, np.ones((1, 2))).tolist() == [[0.0, 1.0]], "to the bit"


def test_steps_that_nobody_saw_between_those_seen_have_a_width() -> None:
    ratios = np.abs(np.random.default_rng(1).normal(1, 0.2, (40, 6)))
    ratios[:, 2] = np.nan
    found = _multipliers(ratios, 0.8)
    assert np.isfinite(found).all() and (np.diff(found) >= 0).all()
