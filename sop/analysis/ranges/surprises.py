"""The cases that may come: one demand surprise that all measures share, and outside events that happen or not.

Every case has its chance and gives every headline measure a value, so quantiles, chances of single marks and the
chance of several at once come from the same cases. Each surprise and each event is planned by itself; their
effects are added to the plan. What a surprise does to a month is its effect per share of demand, taken from a
plan with more and one with less demand, because a full line cannot ship an upside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from sop.analysis.headline import lead_time_by_month, on_time_parts, values_of
from sop.analysis.ranges.claims import ErrorLinks
from sop.core.inputs import Floats, Inputs
from sop.core.measures import HEADLINES, Headline
from sop.core.plan import Plan, StoredForecast
from sop.core.scores import Z80

Paths = Mapping[str, Floats]
"""What headline measures are read from, by month (T,): `PATHS`, as far as a plan has them."""

MOST_EVENTS = 8
"""Events and launches whose every combination is a case (256); of more, the smallest stay out."""
SURPRISES = 199
_DUE = "due"
_Z = np.array([NormalDist().inv_cdf((i + 0.5) / SURPRISES) for i in range(SURPRISES)])


def read_paths(plan: Plan, made_to_order: Sequence[str]) -> Paths:
    """The months (T,) of a plan that its headline measures are read from; money in minor units."""
    found = {
        entry.key: plan.total(entry.line).astype(float)
        for entry in HEADLINES
        if entry.read not in ("peak", "share") and entry.line in plan
    }
    values = values_of(plan)
    parts = on_time_parts(values)
    if parts is not None:
        found["on_time"], found[_DUE] = (part.sum(axis=0) for part in parts)
    order = np.array([name in made_to_order for name in plan.names("due")])
    lead = lead_time_by_month(values, order, plan.calendar.year)
    return found if lead is None else {**found, "lead_time": lead}


def change_of(now: Paths, base: Paths) -> Paths:
    """What differs by month between two plans of the same months."""
    return {key: now[key] - base[key] for key in base if key in now}


@dataclass(frozen=True)
class Cases:
    """The cases around a plan.

    `up`, `down`: change of each path per share of demand more and less. `covariance` (T, T) of demand errors in
    minor units of revenue. `chance` (K,) and `moves` (K, E) of the combinations of events; `effects`: what each
    event does to each path if it happens; `near`: periods in twelve months. A case is a demand surprise (of
    `SURPRISES`) and a combination.
    """

    base: Paths
    up: Paths
    down: Paths
    covariance: Floats
    chance: Floats
    moves: Floats
    effects: tuple[Paths, ...]
    near: int

    @property
    def weight(self) -> Floats:
        """The chance of each case (Z, K)."""
        return np.broadcast_to(self.chance / SURPRISES, (SURPRISES, len(self.chance)))

    def share(self, first: int, last: int) -> float:
        """One standard deviation of demand in some months, as a share of the plan's revenue in them."""
        months = slice(first, last + 1)
        revenue = float(self.base["revenue"][months].sum())
        return float(np.sqrt(self.covariance[months, months].sum())) / revenue if revenue > 0 else 0.0

    def values(self, headline: Headline, first: int, last: int) -> Floats | None:
        """A headline measure over some months in every case (Z, K); None where the plan does not have it."""
        if headline.key not in self.base:
            return None
        path = self._path(headline.key, headline.read, first, last)
        match headline.read:
            case "sum" | "last":
                return path[..., 0]
            case "low":
                return np.asarray(path.min(axis=-1))
            case "peak":
                return np.maximum(path.max(axis=-1), 0.0)
        due = self._path(_DUE, "sum", first, last)[..., 0]
        kept = self._path(headline.key, "sum", first, last)[..., 0]
        return np.clip(np.divide(kept, due, out=np.ones_like(kept), where=due > 0), 0.0, 1.0)

    def quantiles(self, headline: Headline, first: int, last: int, shares: Sequence[float]) -> list[float] | None:
        """The values that a measure stays below with these chances."""
        values = self.values(headline, first, last)
        return None if values is None else weighted_quantiles(values, self.weight, shares)

    def reached(self, headline: Headline, mark: float, first: int, last: int) -> Floats | None:
        """In which cases (Z, K) a measure is at its mark or better."""
        values = self.values(headline, first, last)
        if values is None:
            return None
        return np.asarray(values >= mark if headline.better > 0 else values <= mark, dtype=float)

    def chance_of(self, reached: Sequence[Floats]) -> float | None:
        """The chance that all of some marks are reached at once; None without any."""
        return float((np.prod(np.array(reached), axis=0) * self.weight).sum()) if reached else None

    def _path(self, key: str, read: str, first: int, last: int) -> Floats:
        """A path in every case (Z, K, months); its sum or its last month alone where nothing else is read."""

        def of(path: Floats) -> Floats:
            months = path[first : last + 1]
            if read in ("sum", "share"):
                return months.sum(keepdims=True)
            return months[-1:] if read == "last" else months

        surprise = (_Z * self.share(first, last))[:, None]
        demand = np.where(surprise > 0, surprise * of(self.up[key]), -surprise * of(self.down[key]))
        base = of(self.base[key])
        events = np.array([of(effect[key]) for effect in self.effects]).reshape(len(self.effects), len(base))
        return base + demand[:, None, :] + (self.moves @ events)[None, :, :]


def weighted_quantiles(values: Floats, weight: Floats, shares: Sequence[float]) -> list[float]:
    """Quantiles of weighted values, in a straight line between their middles.

    >>> weighted_quantiles(np.array([1.0, 3.0]), np.array([0.5, 0.5]), [0.5])
    [2.0]
    """
    order = np.argsort(values, axis=None)
    ordered, weights = values.ravel()[order], weight.ravel()[order]
    middles = np.cumsum(weights) - weights / 2
    return [float(value) for value in np.interp(shares, middles, ordered)]


def slope_of(changed: Paths, base: Paths, share: float) -> Paths:
    """The change of each path per share of demand; nothing where demand was not moved."""
    return {key: change / share if share else 0.0 * change for key, change in change_of(changed, base).items()}


def demand_covariance(inputs: Inputs, forecast: StoredForecast, links: ErrorLinks) -> Floats:
    """Covariance (T, T) of demand errors by month, all families and regions together, in minor units of revenue.

    A cell's error in a month has the deviation of its 80% interval, widened as the past asks, × the net price.
    For cells c, d and months s, t: cov = σ[c,s]·σ[d,t]·(1 if c = d else between)·monthly^|s−t|.
    """
    sd = (forecast.hi80 - forecast.lo80) / (2 * Z80) * links.widen
    price = inputs.position.price[..., None] * 100
    money = np.nan_to_num(sd * price).reshape(-1, sd.shape[-1])
    steps = np.arange(money.shape[1])
    fading = links.monthly ** np.abs(steps[:, None] - steps[None, :])
    own = np.einsum("cs,ct->st", money, money)
    every = np.einsum("s,t->st", money.sum(axis=0), money.sum(axis=0))
    return np.asarray((own * (1 - links.between) + every * links.between) * fading)
