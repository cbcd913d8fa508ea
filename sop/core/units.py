"""Quantities in whole smallest units: a unit is whole, or divided into tenths, hundredths or thousandths.

What is shared, summed and compared is counted in smallest units, so that every identity holds to one of them;
what is told is in units. Where no family divides its unit both are the same whole numbers.

>>> tonnes = np.array([3])
>>> smallest(np.array([[0.4, 1.2]]), tonnes), in_units(np.array([[400, 1200]]), tonnes)
(array([[ 400, 1200]]), array([[0.4, 1.2]]))
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sop.core.money import snap

MOST_DECIMALS = 3


def smallest(values: ArrayLike, decimals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Quantities [F, ...] in smallest units, by the decimals of each family's unit [F]; halves to even."""
    return np.rint(snap(scaled(values, decimals))).astype(np.int64)


def scaled(values: ArrayLike, decimals: NDArray[np.int64]) -> NDArray[np.float64]:
    """Quantities [F, ...] in smallest units, not rounded."""
    given = np.asarray(values, dtype=float)
    return given * _parts(decimals, given.ndim) if decimals.any() else given


def in_units(whole: NDArray[np.int64], decimals: NDArray[np.int64]) -> NDArray[Any]:
    """Smallest units [F, ...] as quantities: int64 where no unit is divided, else floats on its parts."""
    return whole / _parts(decimals, whole.ndim) if decimals.any() else whole


def on_grid(values: ArrayLike, decimals: NDArray[np.int64]) -> NDArray[Any]:
    """Quantities [F, ...] to the smallest unit."""
    return in_units(smallest(values, decimals), decimals)


def _parts(decimals: NDArray[np.int64], axes: int) -> NDArray[np.float64]:
    parts = np.power(10.0, decimals.astype(float))
    return parts.reshape(-1, *[1] * (axes - 1))
