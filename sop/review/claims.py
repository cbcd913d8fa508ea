"""How past forecasts came true: the share of 80% claims that did, and how their errors go together.

A claim is the 80% interval that an agreed plan's forecast gave for a family, region and month that is closed by
now. Errors are standardised: (actual − forecast) / deviation, the deviation being that of the interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.calendar import shift_month
from sop.core.inputs import Floats, Inputs
from sop.core.plan import StoredForecast

Z80 = 1.2816
"""Half-width of the central 80% in standard deviations."""
_ASSUMED = (0.2, 0.5)
_ENOUGH_MONTHS = 6


@dataclass(frozen=True)
class ErrorLinks:
    """How forecast errors move together: correlation `between` cells of a month and `monthly` from month to month.

    `basis` says in words what they were measured on, or that they are assumed.
    """

    between: float
    monthly: float
    basis: str


@dataclass(frozen=True)
class TrackRecord:
    """What past claims say: `within` of `claims` 80% intervals held the actual, and how errors go together."""

    within: int
    claims: int
    links: ErrorLinks

    @property
    def share(self) -> float | None:
        """The share of 80% claims that came true; None before any month closed."""
        return self.within / self.claims if self.claims else None


@dataclass(frozen=True)
class PastForecast:
    """One agreed plan's forecast on today's families and regions, and what came: all (cells, closed months)."""

    error: Floats
    within: Floats


def check_forecast(forecast: StoredForecast, inputs: Inputs) -> PastForecast | None:
    """A past forecast held against closed months; None where none of its months is closed or known.

    Its families and regions must be today's, in their order.
    """
    history = inputs.history.months
    months = [shift_month(forecast.first_open, t) for t in range(forecast.mean.shape[-1])]
    closed = [(t, history.index(month)) for t, month in enumerate(months) if month in history]
    if not closed:
        return None
    ahead, at = [t for t, _ in closed], [i for _, i in closed]
    actual = inputs.by_family(inputs.history.ordered)[..., at]
    mean, low, high = (values[..., ahead] for values in (forecast.mean, forecast.lo80, forecast.hi80))
    deviation = (high - low) / (2 * Z80)
    error = np.divide(actual - mean, deviation, out=np.full_like(mean, np.nan), where=deviation > 0)
    within = np.where(np.isfinite(actual), (actual >= low) & (actual <= high), np.nan)
    cells = (-1, len(closed))
    return PastForecast(error.reshape(cells), within.reshape(cells))


def track_record(past: Sequence[PastForecast], inputs: Inputs) -> TrackRecord:
    """All past claims together; links from them where enough months are closed, else from the sales history."""
    within = np.concatenate([found.within.ravel() for found in past]) if past else np.zeros(0)
    known = within[np.isfinite(within)]
    months = sum(found.error.shape[1] for found in past)
    links = _links(past, months) if months >= _ENOUGH_MONTHS else history_links(inputs)
    return TrackRecord(int(known.sum()), len(known), links)


def _links(past: Sequence[PastForecast], months: int) -> ErrorLinks:
    """Correlations of standardised errors about zero, because a shared bias is an error that all cells share."""
    errors = [np.nan_to_num(found.error) for found in past]
    squares = sum(float((error**2).sum()) for error in errors)
    pairs = sum(float((error.sum(axis=0) ** 2).sum()) for error in errors) - squares
    cells = errors[0].shape[0]
    following = sum(float((error[:, 1:] * error[:, :-1]).sum()) for error in errors)
    ends = sum(float((error[:, 1:] ** 2).sum() + (error[:, :-1] ** 2).sum()) / 2 for error in errors)
    return ErrorLinks(
        between=_bounded(pairs / (squares * (cells - 1)) if squares and cells > 1 else 0.0),
        monthly=_bounded(following / ends if ends else 0.0),
        basis=f"measured on {months} months of past signed forecasts",
    )


def history_links(inputs: Inputs) -> ErrorLinks:
    """Correlations of demand's year-on-year changes by family and region, as stand-ins for forecast errors'.

    With less than two years of changes fixed values are assumed.
    """
    season = inputs.calendar.season_length
    ordered = np.nan_to_num(inputs.by_family(inputs.history.ordered))
    cells = ordered.reshape(-1, ordered.shape[-1])
    if cells.shape[1] < 3 * season:
        return ErrorLinks(*_ASSUMED, basis="assumed: less than three years of sales")
    change = cells[:, season:] - cells[:, :-season]
    change = change - change.mean(axis=1, keepdims=True)
    spread = change.std(axis=1, keepdims=True)
    moving = spread[:, 0] > 0
    found = _links([PastForecast(change[moving] / spread[moving], np.zeros(0))], change.shape[1])
    return ErrorLinks(found.between, found.monthly, f"from {change.shape[1]} months of year-on-year changes")


def _bounded(correlation: float) -> float:
    return min(max(correlation, 0.0), 0.95)
