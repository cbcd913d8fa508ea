"""How large errors of sums have been: a series' own rolling-origin backtests, weighed against many companies'.

A node is the company's value, a family's share of it or a cell's share of its family. Its error is that of sums
of some months, as a logarithm, about zero: a bias that came back is an error and is never taken off. What many
public series showed stands in where a node's own past is short (docs/decisions/2026-11-29-errors-of-sums.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from sop.core.calendar import MONTHS_A_YEAR
from sop.core.inputs import Floats

PRIOR_MONTHS = np.array([1.0, 3.0, 6.0, 12.0, 24.0])
PRIOR_FACTOR = np.array([1.10, 0.65, 0.60, 0.41, 0.36])
PRIOR_POWER = np.array([1.17, 1.06, 0.99, 0.81, 0.67])
"""The prior: over sums of so many months, log errors of public series had the size factor × variation ^ power,
the variation being how much twelve months' growth varies from month to month (`variation_of`)."""
PRIOR_CALM = 0.30
"""Variation beyond which half the power counts: what varies that much from month to month evens out in sums."""
PRIOR_MONTHS_KNOWN, PRIOR_SHORTER = 48.0, 0.10
"""It is larger where less than four years are known: × (48 / months known) ^ 0.1."""
PRIOR_WEIGHT = 4.0
"""The prior counts as much as four errors of a node's own that do not overlap."""
OWN_SHORTER = 0.15
"""A backtest knew less than is known now: its error counts × (months known then / months known now) ^ 0.15."""
CALM_LATER = 1.0
"""Errors smaller than the prior's count one less: one good forecast proves no calm, a bad one proves unrest."""
DEGREES = 5.0
"""Degrees of freedom of the t with which errors of this size come true: sizes are never known for sure."""
UNKNOWN_VARIATION, _VARIATION_WEIGHT = 0.15, 2.0
_FLOOR = 0.05
"""Added to both sides of a ratio, as a share of the node's mean: a month of nothing is no infinite error."""
_SIGNED_WEIGHT = 4.0
"""The sizes count as much as four signed plans that do not overlap."""
_MOST_SIZE = 1.5
"""Beyond this size, five times more or less, a logarithm says nothing more."""
_LEAST_VARIATION = 0.01
"""What never varied may yet: the calmest hundredth of the public series."""
_JUMP, _JUMP_SURE, _JUMP_MONTHS = 0.2, 3.0, 3
"""The last month, or the last three, grew by so much more than usual, and by three deviations: a jump."""


@dataclass(frozen=True)
class ErrorSize:
    """Standard deviations of log errors: of all months' `level`, of `drift` and `growth` a year, of one `month`.

    A drift slows down (it goes with the root of time), growth goes on.

    Arrays have a row for each node (n,); the company has one.
    """

    level: Floats
    drift: Floats
    growth: Floats
    month: Floats

    @property
    def parts(self) -> Floats:
        """All of them (4, n)."""
        return np.array([getattr(self, spec.name) for spec in fields(self)])

    def times(self, factor: float | Floats) -> ErrorSize:
        """The same, wider or narrower."""
        return ErrorSize(*(self.parts * factor))

    def facts(self) -> dict[str, list[float]]:
        """The sizes as plain data, to be kept."""
        return {spec.name: getattr(self, spec.name).tolist() for spec in fields(self)}

    @classmethod
    def of_facts(cls, facts: Mapping[str, Sequence[float]]) -> ErrorSize:
        """What `facts` gave, read back."""
        return cls(**{name: np.array(size, dtype=float) for name, size in facts.items()})

    def over(self, periods: float, year: int) -> Floats:
        """The size of the error of a sum over the first `periods` (n,)."""
        variance = _reach(np.array([periods]), year)[0]
        return np.asarray(np.sqrt(variance @ self.parts**2))


@dataclass(frozen=True)
class Record:
    """What is known of some nodes' past: `series` (n, H), `errors` (origins, spans, n), NaN where unknown.

    `spans` (periods) are those of the sums; `origins` the months known at each origin.
    """

    series: Floats
    errors: Floats
    spans: Floats
    origins: Floats


def log_error(came: Floats, said: Floats, usual: Floats) -> Floats:
    """The logarithm of what came over what was said, a share of the usual value added to both."""
    least = _FLOOR * np.maximum(usual, np.finfo(float).tiny)
    return np.asarray(np.log((np.maximum(came, 0.0) + least) / (np.maximum(said, 0.0) + least)))


def usual_of(series: Floats) -> Floats:
    """The mean of what is known of each series (n,); 0 where nothing is."""
    count = np.maximum(np.isfinite(series).sum(axis=1), 1)
    return np.asarray(np.nan_to_num(np.maximum(series, 0.0)).sum(axis=1) / count)


def variation_of(series: Floats, year: int) -> Floats:
    """How much each series' (n, H) twelve months' growth varies (n,), as a standard deviation of logarithms.

    Growth itself counts too, the less the longer it has been seen; a jump that just came counts in full. Where
    little is known it is a wide value of the public series, or how far a year's months lie apart.
    """
    usual = usual_of(series)[:, None]
    logs = np.log(np.maximum(series, 0.0) + _FLOOR * np.maximum(usual, np.finfo(float).tiny))
    growth = logs[:, year:] - logs[:, :-year] if logs.shape[1] > year else np.zeros((len(series), 0))
    return np.array([
        _variation(row[np.isfinite(row)], recent[np.isfinite(recent)], year)
        for row, recent in zip(growth, logs[:, -year:], strict=True)
    ])  # fmt: skip


def _variation(growth: Floats, months: Floats, year: int) -> float:
    count, unknown = len(growth), max(UNKNOWN_VARIATION, float(months.std(ddof=1)) if len(months) > 1 else 0.0)
    if count < _JUMP_MONTHS:
        return unknown
    before, usual = growth[:-_JUMP_MONTHS], np.median(growth)
    own = float(np.sqrt(growth.var(ddof=1) + growth.mean() ** 2 / (1 + count / year)))
    jump = max(abs(float(growth[-last:].mean() - usual)) for last in (1, _JUMP_MONTHS))
    if len(before) > 1 and jump > max(_JUMP, _JUMP_SURE * float(before.std(ddof=1))):
        own = max(own, jump)
    logs = count * np.log(max(own, _LEAST_VARIATION)) + _VARIATION_WEIGHT * np.log(unknown)
    return float(np.exp(logs / (count + _VARIATION_WEIGHT)))


def prior_size(variation: Floats, months: float, known: Floats) -> Floats:
    """The size (n,) of errors of sums over `months` that public series of this variation had.

    `known`: months of history (n,).
    """
    at = np.log(PRIOR_MONTHS)
    factor = np.exp(np.interp(np.log(months), at, np.log(PRIOR_FACTOR)))
    power = np.interp(np.log(months), at, PRIOR_POWER)
    shorter = (PRIOR_MONTHS_KNOWN / np.clip(known, 1.0, PRIOR_MONTHS_KNOWN)) ** PRIOR_SHORTER
    calm = np.minimum(variation, PRIOR_CALM)
    return np.asarray(factor * calm**power * (variation / calm) ** (power / 2) * shorter)


def sizes_of(record: Record, year: int) -> ErrorSize:
    """The error sizes of some nodes, from their own errors and the prior."""
    a_period = MONTHS_A_YEAR / year
    known = np.isfinite(record.series).sum(axis=1)
    variation = variation_of(record.series, year)
    then = (record.origins / max(record.series.shape[1], 1))[:, None] ** OWN_SHORTER
    rows = []
    for place, span in enumerate(record.spans):
        prior = prior_size(variation, span * a_period, known * a_period)
        errors = record.errors[:, place] * then
        seen = np.isfinite(errors)
        weight = np.array([_apart(record.origins[own], span) for own in seen.T]).reshape(-1)
        own = np.divide(np.nansum(errors**2, axis=0), seen.sum(axis=0), out=np.zeros(len(known)), where=weight > 0)
        weight = np.where(own < prior**2, np.maximum(weight - CALM_LATER, 0.0), weight)
        rows.append((PRIOR_WEIGHT * prior**2 + weight * own) / (PRIOR_WEIGHT + weight))
    return _in_parts(np.minimum(np.array(rows), _MOST_SIZE**2), record.spans, year)


def _apart(origins: Floats, span: float) -> float:
    """How many sums over `span` fit without overlap between the first and the last of some origins."""
    return float((origins[-1] - origins[0]) / span + 1) if len(origins) else 0.0


def _reach(spans: Floats, year: int) -> Floats:
    """What a unit of level, drift, growth and month variance adds to the variance of sums (spans, 4).

    A growth of 1 a year makes the mean of the first h periods wrong by half their years, a drift by two thirds of
    the root of these.
    """
    years = spans / year
    return np.stack([np.ones_like(spans), 4 / 9 * years, (years / 2) ** 2, 1 / spans], axis=1)


def _in_parts(variance: Floats, spans: Floats, year: int) -> ErrorSize:
    """Level, drift, growth and month that give sums these variances (spans, n), nearest in proportion."""
    # Two tenths of a second to load, and what it finds is kept.
    from scipy.optimize import nnls

    reach = _reach(spans, year)
    found = np.zeros((reach.shape[1], variance.shape[1]))
    for node, own in enumerate(variance.T):
        if (own > 0).all():
            found[:, node] = nnls(reach / own[:, None], np.ones(len(spans)))[0]
    return ErrorSize(*np.sqrt(found))


def widening(errors: Sequence[tuple[float, Floats]], sizes: ErrorSize, year: int) -> Floats:
    """By what nodes' (n,) errors are larger than their sizes let expect; never below 1.

    `errors`: of plans that came true so far, (periods, log errors (n,)). Plans overlap, so that all of them
    together count as the periods that they hold over the mean span.
    """
    if not errors:
        return np.ones(len(sizes.level))
    spans = np.array([span for span, _ in errors])
    squares = np.array([
        np.divide(error, size := sizes.over(span, year), out=np.zeros_like(size), where=size > 0) ** 2
        for span, error in errors
    ])  # fmt: skip
    count = len(errors) / spans.mean() + 1
    found = (_SIGNED_WEIGHT + count * np.nanmean(squares, axis=0)) / (_SIGNED_WEIGHT + count)
    return np.maximum(np.sqrt(np.nan_to_num(found, nan=1.0)), 1.0)
