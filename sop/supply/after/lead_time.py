"""Customer lead time: how long demand waits for its shipment, read off the first-in-first-out curve.

customer lead time = standard lead time + past-due wait. The wait of demand due in t is the smallest w with

    cumulative shipments(t + w) >= opening past due + cumulative due(t) - cumulative lost(t)

interpolated within the period (the cumulative flow diagram; Hopp and Spearman, Factory Physics, ch. 7).

The standard lead time is what `Planner.standard_lead_days` of `sop.engine` makes of tables and assumptions: the
table's days or the owner's, times what initiatives and events do to them; `sop.supply.after.outcomes` adds both.
Which limit makes units late is found by `trace_unmet` of `sop.supply.what_if.trace`; the message and the tables of
`sop.views.lead_time.waiting` tell it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Bools, Floats, Ints
from sop.supply.curves import calendar_days, cross_curve, cumulative

Units = Floats | Ints


@dataclass(frozen=True, eq=False)
class WaitCurve:
    """How long the last unit falling due in each period waits; arrays [F, T], times in periods.

    Where `beyond` is true it is not shipped within the horizon: `periods` is what is left of the horizon and is
    shown with ">".
    """

    periods: Floats
    beyond: Bools

    def days(self, days: Floats) -> Floats:
        """The wait in days [F, T] on a calendar with `days` [T] in each period."""
        calendar = calendar_days(days)
        ends = np.arange(1.0, len(calendar))
        return np.interp(ends + self.periods, np.arange(len(calendar)), calendar) - calendar[1:]


@dataclass(frozen=True, eq=False)
class CustomerWait(WaitCurve):
    """The wait curve, and how the units due in each period are served; arrays [F, T]."""

    served_share: Floats  # share of the units due that are shipped in the same period; NaN where none is due
    late_periods: Floats  # mean wait of the units that are not; 0 where there are none


def wait_curve(due: Units, shipments: Units, lost: Units, opening_past_due: Units) -> WaitCurve:
    """The wait of the last unit due, from due, shipments, lost [F, T] and opening past due [F], in units.

    Example: 12 due in each of two periods, 6 and 18 shipped. The last unit due in the first period is shipped
    a third into the second, so it waits 1/3 of a period.
    """
    shipped = cumulative(np.asarray(shipments, dtype=float))
    clock = np.arange(shipped.shape[1], dtype=float)
    time, beyond = cross_curve(shipped, clock, _owed(due, lost, opening_past_due)[:, 1:])
    return WaitCurve(time - clock[1:], beyond)


def customer_wait(due: Units, shipments: Units, lost: Units, opening_past_due: Units) -> CustomerWait:
    """The wait of every family and what is served at once; arguments as in `wait_curve`.

    In its example half of the first period's units are served at once, and the other half waits 1/6 on average.
    """
    curve = wait_curve(due, shipments, lost, opening_past_due)
    shipped = cumulative(np.asarray(shipments, dtype=float))
    owed = _owed(due, lost, opening_past_due)
    kept = np.maximum(np.diff(owed, axis=1), 0.0)
    served = np.clip(shipped[:, 1:] - owed[:, :-1], 0.0, kept)
    share = np.divide(served, due, out=np.full(kept.shape, np.nan), where=np.asarray(due) > 0)
    periods = range(kept.shape[1])
    late = np.stack([_mean_wait(shipped[:, t + 1 :], owed[:, t], owed[:, t + 1]) for t in periods], axis=1)
    return CustomerWait(curve.periods, curve.beyond, share, late)


def _owed(due: Units, lost: Units, opening_past_due: Units) -> Floats:
    """Units [F, T+1] that should have been shipped by each point in time."""
    return cumulative(np.asarray(due, dtype=float) - lost) + np.asarray(opening_past_due, dtype=float)[:, None]


def _mean_wait(shipped: Floats, first: Floats, last: Floats) -> Floats:
    """Mean periods [F] until units `first` to `last` of the queue are shipped, from the curve's first point.

    The area between the queue and the shipment curve over the units that wait; units that the horizon does
    not reach count with what is left of it.
    """
    first = np.maximum(first, shipped[:, 0])
    waiting = last - first
    area = _area_below(shipped, last) - _area_below(shipped, first)
    return np.divide(area, waiting, out=np.zeros(len(area)), where=waiting > 1e-9)


def _area_below(curve: Floats, level: Floats) -> Floats:
    """Area [F] between `level` [F] and a rising curve [F, points] below it, straight between its points."""
    start = np.maximum(level[:, None] - curve[:, :-1], 0.0)
    end = np.maximum(level[:, None] - curve[:, 1:], 0.0)
    rise = np.diff(curve, axis=1)
    part = np.divide(start, rise, out=np.ones(rise.shape), where=rise > start)
    return (0.5 * (start + end) * part).sum(axis=1)


def little_wait_days(order_book: Floats, shipments: Floats, days: Floats) -> Floats:
    """Days [F, T] that an order waits by Little's law: order book / shipments per day; a check on the curve.

    `order_book` and `shipments` in units [F, T], `days` in each period [T]; NaN where nothing is shipped.
    60 open orders and 90 shipped in 30 days: 20 days (Little, 1961, L = lambda W).
    """
    rate = np.asarray(shipments) / np.asarray(days, dtype=float)
    return np.divide(order_book, rate, out=np.full(rate.shape, np.nan), where=rate > 0)


RANKS = 20
"""Units looked at in each period's demand, evenly spaced, where a distribution of waits is asked for."""


@dataclass(frozen=True, eq=False)
class UnitWaits:
    """How long single units wait, [F, N] in days, with the units that each stands for.

    Where `beyond` is true the horizon does not reach the unit, and its wait is what is left of it.
    """

    days: Floats
    units: Floats
    beyond: Bools

    def quantile(self, share: float) -> tuple[Floats, Bools]:
        """The wait [F] that `share` of the units do not exceed, and whether it is beyond; 0 where none is due."""
        order = np.lexsort((self.days, self.beyond), axis=1)
        reached = np.take_along_axis(self.units, order, axis=1).cumsum(axis=1)
        place = (reached < share * reached[:, -1:] - 1e-9).sum(axis=1).clip(max=order.shape[1] - 1)
        rows = np.arange(len(order))
        chosen, some = order[rows, place], reached[:, -1] > 0
        return np.where(some, self.days[rows, chosen], 0.0), self.beyond[rows, chosen] & some

    @property
    def mean(self) -> Floats:
        """The mean wait [F]; 0 where none is due."""
        total = self.units.sum(axis=1)
        return np.divide((self.days * self.units).sum(axis=1), total, out=np.zeros(len(total)), where=total > 0)


def unit_waits(
    due: Units, shipments: Units, lost: Units, opening_past_due: Units, days: Floats, periods: int
) -> UnitWaits:
    """The waits of the units due [F, T] in the first `periods`, on a calendar with `days` [T] in each.

    Demand falls due and is shipped evenly within a period, first in, first out: a unit waits the horizontal
    distance of the two curves.

    Example: 12 due in each of two periods of 30 days, 6 and 18 shipped. The wait grows to 15 days for the sixth
    unit and falls to nothing for the last, so half of the units wait no more than 7.5 days, 9 in 10 13.5.
    """
    owed, calendar = _owed(due, lost, opening_past_due), calendar_days(days)
    shipped, periods = cumulative(np.asarray(shipments, dtype=float)), min(periods, len(days))
    ranks = (np.arange(RANKS) + 0.5) / RANKS
    kept = np.maximum(np.diff(owed, axis=1), 0.0)[:, :periods]
    level = (owed[:, :periods, None] + kept[..., None] * ranks).reshape(len(owed), -1)
    ready = (calendar[:periods, None] + np.diff(calendar)[:periods, None] * ranks).ravel()
    reached = np.array([_reached(done, calendar, wanted) for done, wanted in zip(shipped, level, strict=True)])
    units = np.repeat(kept / RANKS, RANKS, axis=1)
    return UnitWaits(np.maximum(reached - ready, 0.0), units, level > shipped[:, -1:] + 1e-9)


def _reached(curve: Floats, calendar: Floats, level: Floats) -> Floats:
    """When a rising curve [T+1] over `calendar` [T+1] first reaches each level, capped at its end."""
    after = np.clip(np.searchsorted(curve, level - 1e-9), 1, len(curve) - 1)
    low, high = curve[after - 1], curve[after]
    share = np.divide(level - low, high - low, out=np.ones(len(level)), where=high > low)
    reached: Floats = calendar[after - 1] + np.clip(share, 0.0, 1.0) * (calendar[after] - calendar[after - 1])
    return reached
