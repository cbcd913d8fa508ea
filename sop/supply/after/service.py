"""Delivery on time in full as a plan leaves it: what falls due in money, and the share that comes by its day."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Floats, Ints
from sop.core.money import to_minor


def value_due(due: Ints, price: Floats) -> Ints | None:
    """What falls due (F, R, T) at net price (F, R, T), minor units by family (F, T); None before every price is
    known: a total over some of it would be another figure."""
    if (~np.isfinite(price) & (due != 0)).any():
        return None
    return to_minor(due * np.nan_to_num(price)).sum(axis=1)


def on_time_share(on_time: Ints, due: Ints, by_day: Floats | None) -> Floats:
    """The share (F, T) of the units due (F, T) that comes whole by the date promised.

    `on_time` (F, T): units delivered in the month due. A plan knows months, not days: of lines that came in the
    month promised, the share `by_day` (F,) came by their day in the last twelve months; all of them where no
    deliveries tell. Not-a-number where nothing falls due.
    """
    share = np.divide(on_time, due, out=np.full(due.shape, np.nan), where=due > 0)
    return (share if by_day is None else share * by_day[:, None]).round(6)
