"""How past forecasts came true: the share of 80% claims that did, and how their errors go together.

A claim is the 80% interval that an agreed plan's forecast gave for a family, region and month that is closed by
now. Errors are standardised: (actual − forecast) / deviation, the deviation being that of the interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sop.agreement.content import FrozenPlan
from sop.core.calendar import shift_period
from sop.core.inputs import Floats, Inputs
from sop.core.plan import StoredForecast
from sop.core.scores import Z80

_ASSUMED = (0.2, 0.5)
_ENOUGH_MONTHS = 6
_MOST_WIDER = 3.0
_AHEAD = (("1–3 months ahead", 0, 3), ("4–12 months ahead", 3, 12), ("later", 12, 60))


@dataclass(frozen=True)
class ErrorLinks:
    """How forecast errors move together: correlation `between` cells of a month and `monthly` from month to month.

    `basis` says in words what they were measured on, or that they are assumed. `widen`: the factor on the stated
    deviations with which eight of ten past errors would have been inside 80% intervals; never below 1.
    """

    between: float
    monthly: float
    basis: str
    widen: float = 1.0


@dataclass(frozen=True)
class ClaimCount:
    """How many of some claims came true: intervals of `claimed` chance, for months so far ahead."""

    claimed: float
    ahead: str
    within: int
    claims: int

    @property
    def share(self) -> float:
        """The share that came true."""
        return self.within / self.claims


@dataclass(frozen=True)
class TrackRecord:
    """What past claims say: `within` of `claims` 80% intervals held the actual, and how errors go together."""

    within: int
    claims: int
    links: ErrorLinks
    counts: tuple[ClaimCount, ...] = ()

    @property
    def share(self) -> float | None:
        """The share of 80% claims that came true; None before any month closed."""
        return self.within / self.claims if self.claims else None


@dataclass(frozen=True)
class PastForecast:
    """One agreed plan's forecast on today's families and regions, and what came: all (cells, closed months).

    `within` its 80% intervals, `within_wide` its 95% ones; `ahead`: months from the first planned one to each.
    """

    error: Floats
    within: Floats
    within_wide: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    ahead: tuple[int, ...] = ()


def check_agreed(agreed: FrozenPlan, inputs: Inputs) -> PastForecast | None:
    """The forecast in an agreed plan, held against closed months.

    None where none of its months is closed, or its families or regions are not today's.
    """
    names = agreed.content["forecast"]
    if names["families"] != inputs.families.names or names["regions"] != inputs.regions:
        return None
    return check_forecast(agreed.forecast, inputs)


def check_forecast(forecast: StoredForecast, inputs: Inputs) -> PastForecast | None:
    """A past forecast held against closed months; None where none of its months is closed or known.

    Its families and regions must be today's, in their order.
    """
    history = inputs.history.months
    months = [shift_period(forecast.first_open, t) for t in range(forecast.mean.shape[-1])]
    closed = [(t, history.index(month)) for t, month in enumerate(months) if month in history]
    if not closed:
        return None
    ahead, at = [t for t, _ in closed], [i for _, i in closed]
    actual = inputs.by_family(inputs.history.ordered)[..., at]
    mean, low, high = (values[..., ahead] for values in (forecast.mean, forecast.lo80, forecast.hi80))
    widest = forecast.lo95[..., ahead], forecast.hi95[..., ahead]
    deviation = (high - low) / (2 * Z80)
    error = np.divide(actual - mean, deviation, out=np.full_like(mean, np.nan), where=deviation > 0)
    cells = (-1, len(closed))
    inside, wide = (
        np.where(np.isfinite(actual), (actual >= lo) & (actual <= hi), np.nan).reshape(cells)
        for lo, hi in ((low, high), widest)
    )
    return PastForecast(error.reshape(cells), inside, wide, tuple(ahead))


def track_record(past: Sequence[PastForecast], inputs: Inputs) -> TrackRecord:
    """All past claims together; links from them where enough months are closed, else from the sales history."""
    within = np.concatenate([found.within.ravel() for found in past]) if past else np.zeros(0)
    known = within[np.isfinite(within)]
    months = sum(found.error.shape[1] for found in past)
    links = _links(past, months) if months >= _ENOUGH_MONTHS else history_links(inputs)
    if months >= _ENOUGH_MONTHS:
        links = replace(links, widen=_widen(past))
    return TrackRecord(int(known.sum()), len(known), links, tuple(_counts(past)))


def _widen(past: Sequence[PastForecast]) -> float:
    """The factor that brings eight of ten past errors inside the stated 80% intervals; 1 where they are."""
    errors = np.concatenate([found.error[np.isfinite(found.error)] for found in past])
    reach = float(np.quantile(np.abs(errors), 0.8)) / Z80 if len(errors) else 1.0
    return min(max(reach, 1.0), _MOST_WIDER)


def _counts(past: Sequence[PastForecast]) -> Iterator[ClaimCount]:
    """Claims of 80% and 95% counted by how far ahead they were made; what was never claimed is left out."""
    for claimed in (0.8, 0.95):
        for name, first, last in _AHEAD:
            found = [_of_months(each, claimed, first, last) for each in past]
            known = np.concatenate(found) if found else np.zeros(0)
            if len(known):
                yield ClaimCount(claimed, name, int(known.sum()), len(known))


def _of_months(past: PastForecast, claimed: float, first: int, last: int) -> Floats:
    """Which claims about months `first` to `last` ahead came true, as far as that is known."""
    within = past.within if claimed < 0.9 else past.within_wide
    chosen = within[:, [i for i, ahead in enumerate(past.ahead) if first <= ahead < last]]
    return chosen[np.isfinite(chosen)]


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
