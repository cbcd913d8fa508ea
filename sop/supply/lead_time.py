"""Customer lead time: how long demand waits for its shipment, read off the first-in-first-out curve.

customer lead time = standard lead time + past-due wait. The wait of demand due in t is the smallest w with

    cumulative shipments(t + w) >= opening past due + cumulative due(t) - cumulative lost(t)

interpolated within the period (the cumulative flow diagram; Hopp and Spearman, Factory Physics, ch. 7).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.supply.curves import calendar_days, cross_curve, cumulative
from sop.supply.problem import BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class CustomerWait:
    """How long demand falling due in each period waits; arrays [F, T], times in periods.

    Where `beyond` is true the last unit due is not shipped within the horizon: `periods` is what is left of
    the horizon and is shown with ">".
    """

    periods: FloatArray
    beyond: BoolArray
    served_share: FloatArray  # share of the units due that are shipped in the same period; NaN where none is due
    late_periods: FloatArray  # mean wait of the units that are not; 0 where there are none

    def days(self, days: FloatArray) -> FloatArray:
        """The wait in days [F, T] on a calendar with `days` [T] in each period."""
        calendar = calendar_days(days)
        ends = np.arange(1.0, len(calendar))
        return np.interp(ends + self.periods, np.arange(len(calendar)), calendar) - calendar[1:]


def customer_wait(
    due: FloatArray, shipments: FloatArray, lost: FloatArray, opening_past_due: FloatArray
) -> CustomerWait:
    """The wait of every family from due, shipments, lost [F, T] and opening past due [F], in units.

    Example: 12 due in each of two periods, 6 and 18 shipped. The last unit due in the first period is shipped
    a third into the second, so it waits 1/3 of a period; half is served at once, the other half waits 1/6.
    """
    shipped = cumulative(np.asarray(shipments, dtype=float))
    kept = np.asarray(due, dtype=float) - lost
    owed = cumulative(kept) + np.asarray(opening_past_due, dtype=float)[:, None]
    clock = np.arange(shipped.shape[1], dtype=float)
    wait, late = np.zeros(kept.shape), np.zeros(kept.shape)
    beyond = np.zeros(kept.shape, dtype=bool)
    for t in range(kept.shape[1]):
        time, beyond[:, t] = cross_curve(shipped, clock, owed[:, t + 1], t + 1)
        wait[:, t] = time - clock[t + 1]
        late[:, t] = _mean_wait(shipped[:, t + 1 :], owed[:, t], owed[:, t + 1])
    served = np.clip(shipped[:, 1:] - owed[:, :-1], 0.0, np.maximum(kept, 0.0))
    share = np.divide(served, due, out=np.full(kept.shape, np.nan), where=np.asarray(due) > 0)
    return CustomerWait(wait, beyond, share, late)


def _mean_wait(shipped: FloatArray, first: FloatArray, last: FloatArray) -> FloatArray:
    """Mean periods [F] until units `first` to `last` of the queue are shipped, from the curve's first point.

    The area between the queue and the shipment curve over the units that wait; units that the horizon does
    not reach count with what is left of it.
    """
    first = np.maximum(first, shipped[:, 0])
    waiting = last - first
    area = _area_below(shipped, last) - _area_below(shipped, first)
    return np.divide(area, waiting, out=np.zeros(len(area)), where=waiting > 1e-9)


def _area_below(curve: FloatArray, level: FloatArray) -> FloatArray:
    """Area [F] between `level` [F] and a rising curve [F, points] below it, straight between its points."""
    start = np.maximum(level[:, None] - curve[:, :-1], 0.0)
    end = np.maximum(level[:, None] - curve[:, 1:], 0.0)
    rise = np.diff(curve, axis=1)
    part = np.divide(start, rise, out=np.ones(rise.shape), where=rise > start)
    return (0.5 * (start + end) * part).sum(axis=1)


def little_wait_days(order_book: FloatArray, shipments: FloatArray, days: FloatArray) -> FloatArray:
    """Days [F, T] that an order waits by Little's law: order book / shipments per day; a check on the curve.

    `order_book` and `shipments` in units [F, T], `days` in each period [T]; NaN where nothing is shipped.
    60 open orders and 90 shipped in 30 days: 20 days (Little, 1961, L = lambda W).
    """
    rate = np.asarray(shipments) / np.asarray(days, dtype=float)
    return np.divide(order_book, rate, out=np.full(rate.shape, np.nan), where=rate > 0)
