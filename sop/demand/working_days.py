"""Working days and holidays in demand, used only where they are proven on months not fitted, as drivers are.

A month with more working days sells more of some things, and holidays that move, such as Easter or the end of
Ramadan, take their days now from one month, now from another. Which of some series says it best is chosen on the
earlier months; on the later ones the forecast has to err less with it. Days are Monday to Friday, less the
holidays that the customers of each region keep where the table of them is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
from dateutil.easter import easter  # type: ignore[import-untyped]
from numpy.typing import NDArray

from sop.core.calendar import first_day, shift_period
from sop.core.inputs import Floats, Inputs
from sop.core.plan import DriverProof
from sop.demand.cleaning import Decisions
from sop.demand.drivers import Proof, is_used, limited, paired_growth, told_driver, tried_on, yearly_growth

CALENDAR, HOLIDAYS = "Working days and Easter", "working days without holidays"
"""What the driver is called, and its series of the holidays that a company brings."""
_BEFORE, _AFTER = 7, 1
"""Days before and after Easter Sunday in which people buy, and stay at home, otherwise."""


def prove_working_days(
    inputs: Inputs, history: Floats, decisions: Decisions | None = None
) -> tuple[tuple[DriverProof, ...], Floats]:
    """What working days and Easter are worth for each family, and the factors (F, T) on the baseline forecast.

    `history`: cleaned demand (F, R, H). What a family is too noisy to prove, all of them together may: then it
    takes the company's. The confidence asked for grows with the number of families.
    """
    calendar = inputs.calendar
    periods = (*inputs.history.months, *calendar.months)
    days = calendar_series(periods)
    sold = np.nan_to_num(history).clip(0.0).sum(axis=2)
    season, alike = calendar.season_length, len(history) + 1
    known = np.isfinite(history).any(axis=1)
    growth = [yearly_growth(own, season) for own in np.where(known, np.nansum(history, axis=1), np.nan)]
    everybody = with_holidays(days, periods, inputs.holidays, sold.sum(axis=0))
    whole = prove_calendar(_mean_growth(growth), everybody, season, alike=alike)
    factor = np.ones((len(history), calendar.horizon))
    told = []
    for f, family in enumerate(inputs.families.names):
        ours = with_holidays(days, periods, inputs.holidays, sold[f])
        own = prove_calendar(growth[f], ours, season, alike=alike)
        if own is None:
            continue
        proof = whole if whole is not None and whole.proven and not own.proven else own
        used = proof.proven and is_used(CALENDAR, decisions or {})
        factor[f] = proof.factor if used else 1.0
        told.append(told_driver(CALENDAR, family, proof, used))
    return tuple(told), factor


def _mean_growth(growth: Sequence[Floats]) -> Floats:
    """Growth of the company as the mean of its families', each as much as another, where any is known."""
    rows = np.array(growth)
    known = np.isfinite(rows)
    count = known.sum(axis=0)
    total = np.where(known, rows, 0.0).sum(axis=0)
    return np.divide(total, count, out=np.full(rows.shape[1], np.nan), where=count > 0)


def calendar_series(periods: Sequence[str]) -> Mapping[str, Floats]:
    """What the calendar says of periods in a row: logarithms of their working days, and their share of Easter."""
    edges = _edges(periods)
    years = edges[[0, -1]].astype("datetime64[Y]").astype(int) + 1970
    sundays = [easter(year) for year in range(years[0], years[1] + 1)]
    closed = [sunday + timedelta(days=off) for sunday in sundays for off in (-2, 1)]
    window = [sunday + timedelta(days=off) for sunday in sundays for off in range(-_BEFORE, _AFTER + 1)]
    first, last = edges[:-1], edges[1:]
    held = np.searchsorted(edges, np.array(window, dtype="datetime64[D]"), side="right") - 1
    inside = held[(held >= 0) & (held < len(periods))]
    return {
        "working days": np.log(np.busday_count(first, last)),
        "working days without Easter": np.log(np.busday_count(first, last, holidays=closed)),
        "Easter": np.bincount(inside, minlength=len(periods)) / (_BEFORE + _AFTER + 1),
    }


def with_holidays(
    series: Mapping[str, Floats], periods: Sequence[str], holidays: Sequence[Sequence[str]], sold: Floats
) -> Mapping[str, Floats]:
    """The series of the calendar and, where holidays of a region are known, its working days without them.

    `holidays`: ISO dates by region (R); each region counts by what it `sold` (R,), one without holidays by its
    Mondays to Fridays. A family that sold nothing has all regions alike.
    """
    if not any(holidays):
        return series
    edges = _edges(periods)
    counts = np.array(
        [
            np.busday_count(edges[:-1], edges[1:], holidays=np.array(days, dtype="datetime64[D]"))
            for days in holidays
        ]
    )
    weight = sold if sold.sum() > 0 else np.ones(len(counts))
    # A month in which everybody is closed still has a day, so that its logarithm is a number.
    open_days = np.maximum(weight @ counts / weight.sum(), 1.0)
    return {**series, HOLIDAYS: np.log(open_days)}


def _edges(periods: Sequence[str]) -> NDArray[np.datetime64]:
    """The first days of some periods in a row, and of the one after them."""
    return np.array([*map(first_day, periods), first_day(shift_period(periods[-1], 1))], dtype="datetime64[D]")


def prove_calendar(
    growth: Floats, days: Mapping[str, Floats], season_length: int, *, alike: int = 1
) -> Proof | None:
    """Whether one of the series `days` (H + T,) moves yearly growth (H,); None where too few months are known.

    Its factor on the months ahead is against what the same months of the past had on average: that is what a
    seasonal forecast already holds. `alike`: how many series are tried like this one.
    """
    closed = len(growth)
    moved = {name: _over_a_year(values[:closed], season_length) for name, values in days.items()}
    tables = {name: paired_growth(growth, change) for name, change in moved.items()}
    found = tried_on(tables, len(days[next(iter(days))]) - closed, alike)
    if found is None:
        return None
    name, effect, proof = found
    if not proof.proven:
        return proof
    place = np.arange(len(days[name])) % season_length
    usual = np.array([days[name][:closed][place[:closed] == each].mean() for each in place[closed:]])
    return proof.with_factor(limited(np.exp(effect * (days[name][closed:] - usual))))


def _over_a_year(values: Floats, season_length: int) -> Floats:
    change = np.full(len(values), np.nan)
    change[season_length:] = values[season_length:] - values[:-season_length]
    return change
