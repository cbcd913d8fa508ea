"""When demand falls due: made to order, an order moves by the standard lead time; from stock it is due at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sop.core.money import snap

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def due_of(demand: IntArray, lead_months: FloatArray, not_due: FloatArray) -> IntArray:
    """Units falling due (F, R, T) from consensus demand (F, R, T), lead times (F,) and open orders (F, R).

    `not_due` are orders on the books at the start that are not yet due; they fall due evenly over the lead
    time. Orders of a month arrive evenly in it, so a lead time of 1.5 months makes half of them due in the
    next month and half in the one after. Running totals are rounded, so that nothing is lost.

    >>> due_of(np.full((1, 1, 3), 10), np.array([1.0]), np.array([[8.0]])).ravel().tolist()
    [8, 10, 10]
    """
    ordered = np.concatenate([np.zeros((*demand.shape[:2], 1)), np.cumsum(demand, axis=-1)], axis=-1)
    months = np.arange(1, demand.shape[-1] + 1)
    total = np.empty(demand.shape)
    for f, lead in enumerate(lead_months):
        released = np.clip(months / lead, 0, 1) if lead > 0 else np.ones(len(months))
        at = np.clip(months - lead, 0, None)
        below = at.astype(int)
        slope = np.take(np.diff(ordered[f], axis=-1, append=ordered[f, :, -1:]), below, axis=-1)
        total[f] = ordered[f][:, below] + slope * (at - below) + not_due[f][:, None] * released
    return np.diff(np.rint(snap(total)), axis=-1, prepend=0.0).astype(np.int64)
