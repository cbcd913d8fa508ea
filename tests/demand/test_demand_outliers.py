"""Outliers at either end of a series, with 18 to 84 months, seasonal or not; how often any is found."""

import numpy as np
import pytest

from sop.demand.cleaning import Cleaned, clean_history

LENGTHS = (18, 24, 36, 48, 60, 84)
SHAPES = {
    "level": (0.0, 0.0, 0.1),
    "noisy": (0.0, 0.0, 0.2),
    "seasonal": (0.3, 0.0, 0.1),
    "growing": (0.3, 0.15, 0.1),
}
"""Season, growth a year and noise, each as a share of the level."""
SERIES = 40
LEAST = {4.0: (0.95, 0.85), 0.0: (0.7, 0.6), -4.0: (1.0, 1.0)}
"""The least share that is found of a month four times too high, without sales, or returned, in any shape and where
demand is noisy: by 20% from month to month."""


def clean_series(shape: str, months: int, count: int = SERIES) -> np.ndarray:
    """Demand without any month that is wrong (count, months)."""
    season, growth, noise = SHAPES[shape]
    rng = np.random.default_rng([months, *shape.encode()])
    t, phase = np.arange(months), rng.integers(0, 12, (count, 1))
    level = rng.lognormal(5, 1, (count, 1)) + 20
    pattern = 1 + season * np.sin(2 * np.pi * (t + phase) / 12)
    return level * pattern * (1 + growth) ** (t / 12) * np.exp(rng.normal(0, noise, (count, months)))


def named(cleaned: Cleaned, month: int) -> float:
    """The share of the series in which a month is corrected or suspect."""
    return (
        len({each.series for each in cleaned.corrections + cleaned.suggestions if each.period == month}) / SERIES
    )


@pytest.mark.parametrize("months", LENGTHS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("month", [0, -1])
def test_a_wrong_month_at_an_end_is_named_as_often_as_one_inside(shape, months, month):
    for factor, least in LEAST.items():
        found = {}
        for at in (month % months, months // 2):
            wrong = clean_series(shape, months)
            wrong[:, at] *= factor
            found[at] = named(clean_history(wrong, 12), at)
        assert found[month % months] >= found[months // 2] - 0.3
        assert found[month % months] >= least[shape == "noisy"]


@pytest.mark.parametrize("months", [8, 12, *LENGTHS])
def test_clean_history_is_left_alone(months):
    """At most one month in 300 is corrected and one in 100 suspect, although a quarter of the series is noisy."""
    cleaned = [clean_history(clean_series(shape, months), 12) for shape in SHAPES]
    judged = len(SHAPES) * SERIES * months
    assert sum(len(each.corrections) for each in cleaned) <= judged / 300
    assert sum(len(each.suggestions) for each in cleaned) <= judged / 100
    last = sum(record.period == months - 1 for each in cleaned for record in each.corrections)
    assert last <= 2


@pytest.mark.parametrize("months", LENGTHS)
@pytest.mark.parametrize("since", [2, 3, 5])
def test_months_at_the_end_that_lie_off_together_may_be_a_new_level(months, since):
    doubled = clean_series("level", months)
    doubled[:, -since:] *= 2
    corrected = {each.series for each in clean_history(doubled, 12).corrections if each.period >= months - since}
    assert len(corrected) <= 0.15 * SERIES


@pytest.mark.parametrize("months", LENGTHS)
def test_a_product_that_began_slowly_is_not_corrected(months):
    slow = clean_series("level", months)
    slow[:, :3] *= [0.2, 0.3, 0.4]
    assert sum(each.period < 3 for each in clean_history(slow, 12).corrections) <= 0.05 * SERIES


@pytest.mark.parametrize("months", [6, 7, 9])
@pytest.mark.parametrize("place", [0, -1])
def test_a_series_shorter_than_a_season_is_judged_at_its_ends_too(months, place):
    history = np.full((1, months), 100.0) + np.arange(months) % 3
    history[0, place] = 1000
    (found,) = clean_history(history, 12).corrections
    assert found.period == place % months and 90 < found.now < 110
