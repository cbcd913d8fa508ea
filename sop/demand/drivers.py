"""Drivers of demand: leading indicators and events, used only where they are proven on months not fitted.

Both are regressions (statsmodels) on yearly growth in logarithms, so that season and level drop out. A driver is
proven when the forecast with it errs less than the one without it by more than luck allows. What it adds is the
ratio of the two, so that history is not counted twice.

What a price does to demand is proven in the same way, from the net price that a family's products had.

An indicator moves the baseline of the families for which it is proven, at most one per family: the surest. The
confidence asked for grows with the number of indicators tried, so that one of many is not proven by luck. An event
is in the plan with the impact that its owner states; here only its measured effect stands beside it, because
history already holds the past ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sop.core.arrays import Labelled
from sop.core.calendar import worded
from sop.core.format import how_many
from sop.core.inputs import Floats, Inputs, LeadingIndicator, PriceProof
from sop.core.plan import DriverProof
from sop.core.present import known
from sop.core.register import assumption
from sop.demand.cleaning import DRIVER_USE, Decisions

_FEWEST_FITTED, _FEWEST_TRIED = 18, 12
_TRIED_SHARE = 0.4
_FEWEST_MOVED = 6
"""Months in which something moved demand below which all months judge it."""
_CONFIDENCE = 0.95
_LEAST_PRICE_SPREAD = 0.005
"""Standard deviation of yearly price changes below which price has said nothing."""
_MOST_LIFT = 0.5
"""A driver moves the forecast by at most this fraction up or down."""


@dataclass(frozen=True)
class Proof:
    """What a driver is worth for one series, on months that were forecast before they were known.

    `gain`: fraction of the error that the driver saves, with its interval; `lag` months by which it leads
    (0 for an event); `effect`: change of demand growth per unit of its own growth, or while the event lasts.
    `factor` (h,): what it does to the baseline; 1 where it says nothing or is not proven.
    """

    lag: int
    effect: float
    gain: float
    lo: float
    hi: float
    why: str
    factor: Floats = field(repr=False)

    def with_factor(self, factor: Floats) -> Proof:
        """The proof with another factor."""
        return replace(self, factor=factor)

    @property
    def proven(self) -> bool:
        """Whether it helps by more than luck allows."""
        return bool(self.lo > 0)


# -- of a company


def prove_drivers(
    inputs: Inputs, history: Floats, decisions: Decisions | None = None
) -> tuple[tuple[DriverProof, ...], Floats]:
    """What each indicator and event is worth for each family, and the factors (F, T) on the baseline forecast.

    `history`: cleaned demand (F, R, H). `decisions` may switch an indicator off, or with the scope '' all of
    them: it is still tested, and says so.
    """
    # Not-a-number in months in which a region that sells is not known.
    sells = np.asarray(np.isfinite(history).any(axis=-1))[..., None]
    demand = np.where(sells.any(axis=1), np.where(sells, history, 0.0).sum(axis=1), np.nan)
    factor = np.ones((len(demand), inputs.calendar.horizon))
    told: list[DriverProof] = []
    for f, family in enumerate(inputs.families.names):
        found = dict(_indicator_proofs(inputs, demand[f]))
        proven = [name for name, proof in found.items() if proof.proven and is_used(name, decisions or {})]
        best = max(((found[name].lo, name) for name in proven), default=(0.0, None))[1]
        if best is not None:
            factor[f] = found[best].factor
        told += [told_driver(name, family, proof, name == best) for name, proof in found.items()]
        told += [told_driver(title, family, proof, False) for title, proof in _event_proofs(inputs, f, demand[f])]
    return tuple(told), factor


def prove_prices(inputs: Inputs, history: Floats) -> tuple[PriceProof, ...]:
    """What each family's history proves of price and demand. `history`: cleaned demand (F, R, H).

    The confidence asked for grows with the number of families that could be tried.
    """
    season = inputs.calendar.season_length
    change = _price_change(inputs, season)
    demand = [np.where(np.isfinite(rows).any(axis=0), np.nansum(rows, axis=0), np.nan) for rows in history]
    tables = [paired_growth(yearly_growth(own, season), change[f]) for f, own in enumerate(demand)]
    tried = sum(len(rows) >= _FEWEST_FITTED + _FEWEST_TRIED for rows in tables)
    confidence = 1 - (1 - _CONFIDENCE) / max(tried, 1)
    return tuple(
        PriceProof(family, *prove_price(rows, confidence))
        for family, rows in zip(inputs.families.names, tables, strict=True)
    )


def prove_price(rows: Floats, confidence: float = _CONFIDENCE) -> tuple[float | None, str]:
    """The elasticity (percent of demand for one percent of price) that rows of yearly growth prove, and why.

    `rows` (n, 5): growth of demand, one, that of the month before, growth of price in both months. The last of
    them are forecast from the earlier ones, with and without the price.
    """
    if len(rows) < _FEWEST_FITTED + _FEWEST_TRIED:
        return None, worded("too few months in which demand and price are known a year apart")
    if rows[:, 3].std() < _LEAST_PRICE_SPREAD:
        return None, "its price hardly changed"
    found = _judge(_trial(rows[:, :3], 1), _trial(rows, 1), 0, 0.0, 1, "price", confidence)
    elasticity = round(float(_fit(rows)[2]), 2)
    if not found.proven or elasticity >= 0:
        how = found.why if not found.proven else "unproven: demand did not fall where the price rose"
        return None, how
    months = _tried(len(rows))
    kept = max(elasticity, assumption("price_elasticity").low)
    return kept, worded(
        f"proven: price saves {found.gain:.0%} of the error on {how_many(months, 'months')} not fitted",
        counted=True,
    )


def is_used(driver: str, decisions: Decisions) -> bool:
    """Whether a driver may move the forecast: its own switch, else that of all, else yes."""
    return bool(decisions.get((DRIVER_USE, driver), decisions.get((DRIVER_USE, ""), 1.0)))


def published(indicator: LeadingIndicator, months: tuple[str, ...]) -> tuple[Floats, int]:
    """What was known of an indicator at the end of each closed month (H,), and by how many months it lags.

    The lag is that of its last value: a figure that comes out a month later is known a month later throughout.
    """
    values = Labelled(indicator.values, month=indicator.months).on(month=months).values
    given = np.flatnonzero(np.isfinite(values))
    delay = len(months) - 1 - int(given[-1]) if len(given) else 0
    return np.concatenate([np.full(delay, np.nan), values[: len(values) - delay]]), delay


def _indicator_proofs(inputs: Inputs, demand: Floats) -> Iterator[tuple[str, Proof]]:
    indicators = inputs.indicators or ()
    for indicator in indicators:
        values, delay = published(indicator, inputs.history.months)
        confidence = 1 - (1 - _CONFIDENCE) / len(indicators)
        span = inputs.calendar.horizon, inputs.calendar.season_length
        yield indicator.name, prove_indicator(demand, values, *span, delay=delay, confidence=confidence)


def _event_proofs(inputs: Inputs, family: int, demand: Floats) -> Iterator[tuple[str, Proof]]:
    """Events on demand of the family that have happened before, by title."""
    names = ("", inputs.families.names[family], inputs.families.base[family])
    events = [event for event in inputs.events or () if event.measure == "demand" and event.scope in names]
    closed, horizon = len(demand), inputs.calendar.horizon
    for title, alike in groupby(sorted(events, key=lambda event: event.title), key=lambda event: event.title):
        on = np.zeros(closed + horizon)
        for event in alike:
            start = closed + event.start
            on[max(start, 0) : max(start + event.duration, 0)] = 1.0
        if on[:closed].any():
            yield title, prove_event(demand, on[:closed], on[closed:], inputs.calendar.season_length)


def told_driver(driver: str, family: str, proof: Proof, used: bool) -> DriverProof:
    moves = proof.factor != 1
    gain, lo, hi = (known(round(figure, 4)) for figure in (proof.gain, proof.lo, proof.hi))
    change = round(float(proof.factor[moves].mean() - 1), 4) if moves.any() else 0.0
    return DriverProof(driver, family, proof.lag, gain, lo, hi, proof.why, proof.proven, used, change)


# -- of one series


def prove_indicator(
    demand: Floats,
    indicator: Floats,
    horizon: int,
    season_length: int = 12,
    most_lag: int = 6,
    *,
    delay: int = 0,
    confidence: float = _CONFIDENCE,
) -> Proof:
    """Whether an indicator (T,) leads demand (T,), and its factor on the forecast of the next `horizon` months.

    `indicator` holds what was known at each month's end: figures that come out `delay` months later stand that
    much later, and the lag that is told counts from the month they are about. `confidence` of the gain's interval.
    Both end with the last closed month; NaN where not known, and only growth between positive values counts.
    The lag is chosen on the earlier months alone; on the later ones, each month is forecast with what was known
    `lag` months before, once from demand only and once with the indicator.
    """
    growth, lead = yearly_growth(demand, season_length), yearly_growth(indicator, season_length)
    tables = {lag: _table(growth, lead, lag) for lag in range(1, most_lag + 1)}
    tables = {lag: rows for lag, rows in tables.items() if len(rows) >= _FEWEST_FITTED + _FEWEST_TRIED}
    if not tables:
        return _unproven(horizon, worded("too few months in which both are known a year apart"))
    # How clearly the indicator matters, in standard errors, on the months that are not kept for the trial.
    earlier = {lag: rows[: -_tried(len(rows))] for lag, rows in tables.items()}
    lag = max(tables, key=lambda one: _clearness(earlier[one], -1))
    rows = tables[lag]
    without, with_it = _trial(rows[:, :3], lag), _trial(rows, lag)
    leads = worded(f"leads by {how_many(lag + delay, 'months')}", counted=True) + (
        f", known {delay} later" if delay else ""
    )
    proof = _judge(without, with_it, lag, float(_fit(rows)[-1]), horizon, leads, confidence)
    factor = _indicator_factor(growth, lead, rows, lag, horizon) if proof.proven else proof.factor
    return replace(proof, lag=lag + delay, factor=limited(factor))


def prove_event(demand: Floats, active: Floats, ahead: Floats, season_length: int = 12) -> Proof:
    """Whether an event moves demand (T,), from the past months (T,) and the planned ones (h,) in which it is on.

    `active`, `ahead`: 1 while on, 0 while off, a fraction for a part. Each past occurrence is forecast with the
    effect that the others had, so that an event that happened once can never be proven.
    """
    growth = yearly_growth(demand, season_length)
    change = active[season_length:] - active[:-season_length] if len(active) > season_length else np.array([])
    given = np.isfinite(growth[season_length:]) & np.isfinite(change)
    rows = np.column_stack([growth[season_length:], np.ones(len(change)), change])[given]
    runs = np.split(np.arange(len(rows)), np.flatnonzero(np.diff(rows[:, 2] > 0)) + 1) if len(rows) else []
    occurrences = [run for run in runs if (rows[run, 2] > 0).all()]
    if len(occurrences) < 2 or len(rows) < _FEWEST_FITTED:
        return _unproven(
            len(ahead), "it takes two past occurrences, each with the year before it, to prove an event"
        )
    without, with_it = (_leave_one_out(rows[:, :width], occurrences) for width in (2, 3))
    effect = float(_fit(rows)[-1])
    proof = _judge(without, with_it, 0, effect, len(ahead), f"moves demand by {np.expm1(effect):+.0%}")
    return replace(proof, factor=limited(np.exp(effect * ahead))) if proof.proven else proof


def yearly_growth(values: Floats, season_length: int) -> Floats:
    """Logarithm of each value over the one a season before (T,), NaN where either is missing or not positive."""
    logs = np.log(values, out=np.full(len(values), np.nan), where=np.nan_to_num(values) > 0)
    growth = np.full(len(values), np.nan)
    growth[season_length:] = logs[season_length:] - logs[:-season_length]
    return growth


def _table(growth: Floats, lead: Floats, lag: int) -> Floats:
    """Rows of demand growth, one, demand growth and indicator growth `lag` months before, where all are known."""
    rows = np.column_stack([growth[lag:], np.ones(max(len(growth) - lag, 0)), growth[:-lag], lead[:-lag]])
    return rows[np.isfinite(rows).all(axis=1)]


def _tried(rows: int) -> int:
    """How many of the rows, the last ones, are kept for the trial."""
    return max(_FEWEST_TRIED, int(rows * _TRIED_SHARE))


def _clearness(rows: Floats, column: int) -> float:
    """How clearly a column matters, in standard errors; where nothing is left to explain, very clearly."""
    beta, known = _fit(rows), rows[:, 1:]
    left = rows[:, 0] - known @ beta
    variance = np.linalg.pinv(known.T @ known)[column, column] * (left @ left) / max(len(left) - len(beta), 1)
    return float(abs(beta[column]) / max(np.sqrt(max(variance, 0.0)), 1e-12))


def _fit(rows: Floats) -> Floats:
    """Coefficients of the first column on the others."""
    return np.asarray(np.linalg.lstsq(rows[:, 1:], rows[:, 0])[0])


def tried_on(tables: Mapping[str, Floats], horizon: int, alike: int) -> tuple[str, float, Proof] | None:
    """Which of some tables of paired growth explains demand best, its coefficient, and whether it is proven.

    It is chosen on the earlier months and tried on the later ones; None where all are too short. The confidence
    asked for grows with the number of series `alike` that are tried.
    """
    long = {name: rows for name, rows in tables.items() if len(rows) >= _FEWEST_FITTED + _FEWEST_TRIED}
    moving = {name: rows for name, rows in long.items() if np.ptp(rows[: -_tried(len(rows)), 3]) > 0}
    if not moving:
        return None
    earlier = {name: rows[: -_tried(len(rows))] for name, rows in moving.items()}
    name = max(moving, key=lambda one: _clearness(earlier[one], 2))
    rows, effect = moving[name], float(_fit(moving[name])[2])
    confidence = 1 - (1 - _CONFIDENCE) / alike
    # Where nothing moves, nothing can be saved: Easter is judged in spring.
    moves = rows[-_tried(len(rows)) :, 3:].any(axis=1)
    judged = moves if moves.sum() >= _FEWEST_MOVED else np.ones_like(moves)
    without, with_it = _trial(rows[:, :3], 1)[judged], _trial(rows, 1)[judged]
    return name, effect, _judge(without, with_it, 0, effect, horizon, f"{name} (by {effect:+.2f})", confidence)


def _price_change(inputs: Inputs, season_length: int) -> Floats:
    """Yearly growth of net price (F, H) in logarithms, of products and regions that sold in both months.

    Each counts by its revenue in the two, so that another mix is no change of price.
    """
    shipped, revenue = inputs.history.shipped, inputs.history.revenue
    sold = (np.nan_to_num(shipped) > 0) & (np.nan_to_num(revenue) > 0)
    logs = np.log(np.divide(revenue, shipped, out=np.ones_like(shipped), where=sold))
    change = np.full((len(inputs.families.names), shipped.shape[-1]), np.nan)
    if shipped.shape[-1] <= season_length:
        return change
    both = sold[..., season_length:] & sold[..., :-season_length]
    weight = np.where(both, revenue[..., season_length:] + revenue[..., :-season_length], 0.0)
    moved = np.where(both, logs[..., season_length:] - logs[..., :-season_length], 0.0) * weight
    total, moved = (np.einsum("fn,nrh->fh", inputs.family_of_product, each) for each in (weight, moved))
    np.divide(moved, total, out=change[:, season_length:], where=total > 0)
    return change


def paired_growth(growth: Floats, mover: Floats) -> Floats:
    """Rows of demand growth, one, that of the month before, and what moves it in both, where all are known.

    With both, what is left of demand may go on from month to month without being taken for what moves it.
    """
    rows = np.column_stack([growth[1:], np.ones(len(growth) - 1), growth[:-1], mover[1:], mover[:-1]])
    return rows[np.isfinite(rows).all(axis=1)]


def _trial(rows: Floats, lag: int) -> Floats:
    """Absolute errors of the last rows, each forecast from the rows known `lag` months before it."""
    first = len(rows) - _tried(len(rows))
    said = [rows[at, 1:] @ _fit(rows[: at - lag + 1]) for at in range(first, len(rows))]
    return np.asarray(np.abs(rows[first:, 0] - np.array(said)))


def _leave_one_out(rows: Floats, occurrences: list[NDArray[np.intp]]) -> Floats:
    """Absolute errors within each occurrence, forecast from all rows outside it."""
    errors = [np.abs(rows[run, 0] - rows[run, 1:] @ _fit(np.delete(rows, run, axis=0))) for run in occurrences]
    return np.concatenate(errors)


def _judge(
    without: Floats,
    with_it: Floats,
    lag: int,
    effect: float,
    horizon: int,
    leads: str,
    confidence: float = _CONFIDENCE,
) -> Proof:
    """The proof from absolute errors without and with the driver; errors of neighbouring months may be alike."""
    saved = without - with_it
    alike = {"cov_type": "HAC", "cov_kwds": {"maxlags": max(lag, 1), "use_correction": True}, "use_t": True}
    # Of so few months that they are scattered over years, no likeness can be measured.
    from statsmodels.regression.linear_model import OLS

    fit = OLS(saved, np.ones(len(saved))).fit(**(alike if len(saved) >= _FEWEST_TRIED else {}))
    gain, lo, hi = np.array([fit.params[0], *fit.conf_int(1 - confidence)[0]]) / max(float(without.mean()), 1e-12)
    verdict = worded(
        f"{leads}: saves {gain:.0%} of the error on {how_many(len(saved), 'months')} not fitted", counted=True
    )
    if lo <= 0:
        verdict = worded(
            f"unproven: {gain:+.0%} of the error on {how_many(len(saved), 'months')} not fitted, which "
            f"may be luck",
            counted=True,
        )
    return Proof(lag, effect, float(gain), float(lo), float(hi), verdict, np.ones(horizon))


def _indicator_factor(growth: Floats, lead: Floats, rows: Floats, lag: int, horizon: int) -> Floats:
    """Forecast with the indicator over that without it, for the months that it already speaks about."""
    with_it, without = _fit(rows), _fit(rows[:, :3])
    factor = np.ones(horizon)
    for step in range(min(lag, horizon)):
        at = len(growth) + step - lag
        then = np.array([1.0, growth[at], lead[at]])
        if np.isfinite(then).all():
            factor[step] = np.exp(then @ with_it - then[:2] @ without)
    return factor


def limited(factor: Floats) -> Floats:
    return np.clip(factor, 1 - _MOST_LIFT, 1 + _MOST_LIFT)


def _unproven(horizon: int, why: str) -> Proof:
    return Proof(0, np.nan, np.nan, np.nan, np.nan, f"unproven: {why}", np.ones(horizon))
