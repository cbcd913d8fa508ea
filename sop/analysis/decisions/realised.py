"""What a decision has brought since it took effect: closed months against the same months planned without it.

The closed months are planned again by the plan's own rules, from the position in which the decision found the
company, with the orders, prices and hours that came and without the decision. What is booked beyond that is what
it brought, and whatever else went otherwise than the rules say. So the same is done for stretches of as many
months before it took effect, where the rules miss for other reasons: their mean miss is taken off, and their
spread is the interval. An estimate, and said to be one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit

from sop.analysis.effects import profit_line
from sop.core.calendar import Calendar, periods_apart, shift_period, worded
from sop.core.inputs import Floats, History, Inputs
from sop.core.plan import Plan, StoredForecast
from sop.core.register import MITIGATION, Assumptions, Entry, Place, Start, as_assumptions
from sop.core.scores import Z80
from sop.core.world import World
from sop.facts.actuals import actual_of

LEAST_BEFORE, WANTED_BEFORE, MOST_SINCE = 6, 18, 24
"""Closed months before a decision that an estimate needs and that it looks for, and months since at most."""
SHORTEST = 3
"""Months of a stretch before the decision at least; stock takes as long to settle to what the rules hold."""
AHEAD = 3
"""Months planned beyond a stretch, ordered as a year before: without them its end would use up stock."""
CONFIDENCE = 0.95

_CAME_ALREADY = ("demand_pct", "demand_units", "marketing_units", "price_pct", "capacity_pct", "supply_pct")
"""What closed months have in them as they came; planning them again must not put it on top."""


@dataclass(frozen=True)
class Stretch:
    """Closed months that are planned again: the first `count` of a calendar, which looks beyond them."""

    calendar: Calendar
    count: int

    @property
    def months(self) -> tuple[str, ...]:
        """The closed months."""
        return self.calendar.months[: self.count]


Replay = Callable[[Stretch, Assumptions], Plan]
"""Plans closed months again as they came, from the position at their start, under assumptions."""


@dataclass(frozen=True)
class Realised:
    """What a decision brought to profit in its closed `months`, minor units: an estimate with a 95% interval.

    `expected`: what was expected of these months as it was accepted, None where that was not kept. All figures
    are None, with `why`, where nothing can be told yet.
    """

    months: tuple[str, ...] = ()
    estimate: int | None = None
    low: int | None = None
    high: int | None = None
    expected: int | None = None
    why: str = ""

    def facts(self) -> dict[str, Any]:
        """The estimate as plain data, to be kept."""
        return asdict(self)

    @property
    def verdict(self) -> str:
        """Whether the interval lets anything be said: 'gained', 'lost', or 'not clear'."""
        if self.low is None or self.high is None:
            return ""
        return "gained" if self.low > 0 else "lost" if self.high < 0 else "not clear"


def realised_of_facts(facts: Mapping[str, Any]) -> Realised:
    """An estimate read back from plain data."""
    return Realised(**{**facts, "months": tuple(facts["months"])})


@dataclass(frozen=True)
class Stretches:
    """Closed months that tell about a decision: `since` it is in force, and stretches `before`, newest first."""

    since: Stretch
    before: tuple[Stretch, ...]


def stretches_of(history: Sequence[str], calendar: Calendar, start: str) -> Stretches | str:
    """The months to be planned again for a decision in force from `start` on; else why there are none.

    A year of history stays before them, for what prices, shares and rules rest on.
    """
    months = periods_apart(start, calendar.first_open)
    if months <= 0:
        return worded("it takes effect in a month that is not closed yet")
    if months > MOST_SINCE:
        return "it is too long ago to be told apart from what came after"
    left, length = len(history) - months - calendar.year, max(months, SHORTEST)
    if left < LEAST_BEFORE:
        return worded("too few months were closed before it took effect")
    before: list[Stretch] = []
    at = start
    while left >= SHORTEST and sum(each.count for each in before) < WANTED_BEFORE:
        size = min(length, left)
        at, left = shift_period(at, -size), left - size
        before.append(_closed(calendar, at, size))
    return Stretches(_closed(calendar, start, months), tuple(before))


def _closed(calendar: Calendar, first: str, months: int) -> Stretch:
    return Stretch(Calendar(first, months + AHEAD, calendar.season_length, 0, 0, calendar.fiscal_start), months)


def as_it_came(then: Inputs, stretch: Stretch, history: History) -> tuple[StoredForecast, World]:
    """Orders and net prices of closed months in place of forecast and plan, on the months of a stretch.

    `history`: closed months as they are known now, on the same products and regions as `then`, the inputs at the
    start of the stretch. Months beyond it are those of a year before.
    """
    first, year = history.months.index(stretch.months[0]), then.calendar.year
    at = [first + t - (0 if t < stretch.count else year) for t in range(then.calendar.horizon)]
    products = np.nan_to_num(history.ordered[..., at])
    mean = _families(then, products)
    spread = _spread(_families(then, np.nan_to_num(history.ordered)), year)[..., None]
    half = Z80 * spread * np.ones(mean.shape)
    low, high = np.maximum(mean - half, 0), mean + half
    names = ("as it came",) * (mean.shape[0] * mean.shape[1])
    forecast = StoredForecast(then.calendar.first_open, mean, low, high, low, high, products, names)
    return forecast, World(price=_price_factor(then, history, at))


def _families(then: Inputs, products: Floats) -> Floats:
    """Units by product, region and month (N, R, T) added up to families (F, R, T)."""
    found = np.zeros((len(then.families.names), *products.shape[1:]))
    np.add.at(found, then.products.family, products)
    return found


def _spread(units: Floats, year: int) -> Floats:
    """By how much a month differs from the same a year before, one standard deviation of one month (F, R)."""
    change = units[..., year:] - units[..., :-year]
    return change.std(axis=-1) / np.sqrt(2) if change.shape[-1] > 1 else np.sqrt(units.mean(axis=-1))


def _price_factor(then: Inputs, history: History, at: Sequence[int]) -> Floats:
    """Net price of closed months as a multiple of the price that the plan starts from (F, R, T)."""
    shipped, revenue = (
        _families(then, np.nan_to_num(each[..., at])) for each in (history.shipped, history.revenue)
    )
    price = np.divide(revenue, shipped, out=np.full(revenue.shape, np.nan), where=shipped > 0)
    base = then.position.price[..., None]
    factor = np.divide(price, base, out=np.ones(price.shape), where=np.isfinite(price) & (base > 0))
    return np.where(np.isfinite(factor) & (factor > 0), factor, 1.0)


def as_lived(signed: Assumptions, today: Inputs, places: Sequence[Place]) -> Assumptions:
    """Assumptions of a signed plan for months that came: without what these months have in them already.

    `places`: those that the decision moves, which stay.
    """
    kept = {p: v for p, v in signed.items() if p in places or p[0] not in (*_CAME_ALREADY, MITIGATION)}
    never: dict[Place, float] = {}
    for key, things in (
        ("event_probability", today.events),
        ("initiative_confidence", today.initiatives),
        ("launch_probability", today.launches),
    ):
        never |= {(key, thing.name): 0.0 for thing in things or () if (key, thing.name) not in places}
    starts = {place: start for place, start in signed.starts.items() if place in kept}
    return Assumptions({**kept, **never}, starts)


def without(lived: Assumptions, places: Sequence[Mapping[str, Any]]) -> Assumptions:
    """The same without what a decision set; `places` as its record keeps them, each with what stood there."""
    values = {p: v for p, v in lived.items() if p not in {(each["key"], each["scope"]) for each in places}}
    starts: dict[Place, Start] = {p: s for p, s in lived.starts.items() if p in values}
    was = as_assumptions([Entry(**each["was"]) for each in places if each["was"] is not None])
    return Assumptions({**values, **was}, {**starts, **was.starts})


def realise(
    today: Inputs,
    stretches: Stretches,
    replay: Replay,
    lived: Assumptions,
    unmade: Assumptions,
    expected: int | None = None,
) -> Realised:
    """What a decision brought: booked profit since, less what it would have been without it.

    `lived`, `unmade`: the assumptions with and without it. Money below gross margin that the decision costs by
    itself is taken from the two plans.
    """
    since = stretches.since
    with_it, without_it = replay(since, lived), replay(since, unmade)
    if profit_line(without_it) is None:
        return Realised(why="profit is not known")
    came = _miss(today, since, without_it)
    if "ebit" in with_it:
        below = [(plan["ebit"] - plan["gross_margin"]).astype(float) for plan in (with_it, without_it)]
        came = came + (below[0] - below[1])[: since.count]
    early = [_miss(today, each, replay(each, unmade)) for each in stretches.before]
    early = [miss for miss in early if np.isfinite(miss).all()]
    if not np.isfinite(came).all() or sum(map(len, early)) < LEAST_BEFORE:
        return Realised(why=worded("profit of these months is not booked"))
    total, half = interval(early, came)
    return Realised(since.months, round(total), round(total - half), round(total + half), expected)


def _miss(today: Inputs, stretch: Stretch, plan: Plan) -> Floats:
    """Booked gross margin of closed months less that of a plan of them (H,), minor units."""
    return actual_of(today, "gross_margin", stretch.months) - plan["gross_margin"][: stretch.count].astype(float)


def interval(before: Sequence[Floats], since: Floats) -> tuple[float, float]:
    """What came since beyond the mean of the stretches before, added up, and the half width of its 95% interval.

    All are misses of the rules by month of a stretch. A replay settles from the position that it found to the one
    that the rules hold, so a month is compared with the same month of the stretches before; with a single one it
    is compared with the mean of that. The mean of few months is itself uncertain, which widens the interval.

    >>> total, half = interval([np.array([1.0, -1.0]), np.array([-1.0, 1.0]), np.zeros(2)], np.array([5.0, 5.0]))
    >>> total, round(half, 1)
    (10.0, 4.5)
    """
    months = len(since)
    alike = [miss[:months] for miss in before if len(miss) >= months]
    if len(alike) > 1:
        usual = np.mean(alike, axis=0)
        rest, free, seen = np.stack(alike) - usual, (len(alike) - 1) * months, len(alike) * months
    else:
        usual = np.full(months, np.concatenate(before).mean())
        rest = np.concatenate(before) - usual[0]
        free, seen = len(rest) - 1, len(rest)
    variance = float((rest**2).sum()) / free * (months + months**2 / seen)
    return float((since - usual).sum()), float(stdtrit(free, 0.5 + CONFIDENCE / 2) * np.sqrt(variance))
