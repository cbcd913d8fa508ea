"""Shipping rule: all that is owed goes out as far as stock reaches."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sop.supply.lp.problem import BoolArray

Array = npt.NDArray[Any]


def ship_owed(available: Array, demanded: Array, lost: Array, may_wait: BoolArray) -> tuple[Array, Array]:
    """Cumulative shipments and lost units [F, T] from cumulative supply, demand and lost units [F, T].

    `available` is opening stock plus supply, `demanded` opening past due plus due. A family that may not wait
    (`may_wait` [F] false) loses what stock does not reach. Whole numbers in, whole numbers out.
    """
    short = np.maximum.accumulate(np.maximum(demanded - available, 0), axis=1)
    gone = np.where(may_wait[:, None], lost, np.maximum(lost, short))
    return np.minimum(available, demanded - gone), gone
