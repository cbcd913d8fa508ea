"""The forecast on real series: a sample of M3 monthly, scored as the M4 competition did."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sop.demand.baseline import forecast_baseline

DATA = Path(os.environ.get("SOP_SHARED_DATA", Path(__file__).parents[2] / "../shared/data"))
M3 = DATA / "forecasting" / "m3_monthly.parquet"
STEPS = 18
pytestmark = pytest.mark.skipif(not M3.exists(), reason="the real series are not there: set SOP_SHARED_DATA")


@pytest.fixture(scope="module")
def series() -> list[np.ndarray]:
    frame = pd.read_parquet(M3)
    return [group["y"].to_numpy(float) for _, group in frame.groupby("unique_id", observed=True)][::36]


def test_the_baseline_beats_seasonal_naive_on_real_series_and_its_intervals_hold(series):
    months = max(len(values) for values in series) - STEPS
    history = np.array([np.r_[np.full(months + STEPS - len(y), np.nan), y[:-STEPS]] for y in series])
    actual = np.array([y[-STEPS:] for y in series])
    forecast = forecast_baseline(history, horizon=STEPS, groups=np.arange(len(series)))
    naive = np.array([np.resize(y[-STEPS - 12 : -STEPS], STEPS) for y in series])
    scale = np.array([np.abs(y[12:-STEPS] - y[: -STEPS - 12]).mean() for y in series])[:, None]
    error, naive_error = (np.abs(guess - actual) / scale for guess in (forecast.mean, naive))
    assert error.mean() < 0.85 * naive_error.mean()
    inside = ((forecast.lo80 <= actual) & (actual <= forecast.hi80)).mean()
    assert 0.70 < inside < 0.90
