"""Shipping rule: all that is owed goes out as far as stock reaches."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sop.core.inputs import Bools, Floats

Array = npt.NDArray[Any]


def ship_owed(available: Array, demanded: Array, lost: Array, may_wait: Bools) -> tuple[Array, Array]:
    """Cumulative shipments and lost units [F, T] from cumulative supply, demand and lost units [F, T].

    `available` is opening stock plus supply, `demanded` opening past due plus due. A family that may not wait
    (`may_wait` [F] false) loses what stock does not reach. Whole numbers in, whole numbers out.
    """
    short = np.maximum.accumulate(np.maximum(demanded - available, 0), axis=1)
    gone = np.where(may_wait[:, None], lost, np.maximum(lost, short))
    return np.minimum(available, demanded - gone), gone


def run_down(opening: Floats, owed: Floats, due: Floats, supplied: Floats | float = 0.0) -> Floats:
    """What is left [F, T] of opening stock [F] as it is shipped to what is owed [F] and falls due [F, T]; units.

    `supplied` [F, T] comes in beside it. 50 in stock, 10 owed, 30 due in each of two periods: 10, then nothing.
    """
    left, rest = opening - owed, np.zeros(due.shape)
    flow = np.broadcast_to(supplied, due.shape) - due
    for t in range(due.shape[1]):
        rest[:, t] = left = np.maximum(left + flow[:, t], 0.0)
    return rest
