"""Money in whole minor units and spreading whole numbers without loss.

Money is int64 minor units (cents) inside: rounded once, then only added. Decimals exist at the edges.

>>> largest_remainder(10, np.array([1.0, 1.0, 1.0])).tolist()
[4, 3, 3]
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

MINOR = 100
"""Minor units in one currency unit."""


def to_minor(amount: NDArray[Any]) -> NDArray[np.int64]:
    """Amounts in currency units as whole minor units, halves to even. Not-a-number is refused.

    What is half a cent but for the last bits of a float is half a cent: those bits differ between processors.

    >>> to_minor(np.array([0.125, 0.12499999999, 0.12500000001])).tolist()
    [12, 12, 12]
    """
    values = np.asarray(amount, dtype=float)
    if not np.isfinite(values).all():
        raise ValueError("money must be a finite number")
    return _whole(values).astype(np.int64)


def known_minor(amount: NDArray[Any]) -> NDArray[Any]:
    """As `to_minor` where all of it is known; else floats, in which what is not known stays not-a-number.

    >>> known_minor(np.array([1.5])), known_minor(np.array([1.5, np.nan]))
    (array([150]), array([150.,  nan]))
    """
    values = np.asarray(amount, dtype=float)
    return to_minor(values) if np.isfinite(values).all() else _whole(values)


def money_text(minor: int) -> str:
    """Minor units as an exact decimal text: 12345 -> '123.45'."""
    return str(Decimal(int(minor)).scaleb(-2).quantize(Decimal("0.01")))


def _whole(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.rint(snap(values * MINOR))


def snap(values: NDArray[np.float64], grid: float = 1e-6) -> NDArray[np.float64]:
    """Values on a fine grid, so that solver noise never decides a rounding."""
    return np.rint(np.asarray(values, dtype=float) / grid) * grid


def largest_remainder(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """A whole total over children in proportion to `weights` (n,), summing exactly to it.

    Leftover units go to the largest remainders, ties to the lower index. All-zero weights share equally.
    A negative total is spread like its positive twin.
    """
    w = np.clip(np.asarray(weights, dtype=float), 0.0, None)
    if total < 0:
        return -largest_remainder(-total, w)
    w = w if w.sum() > 0 else np.ones_like(w)
    share = snap(total * (w / w.sum()), 1e-9)
    whole = np.floor(share).astype(np.int64)
    order = np.argsort(-(share - whole), kind="stable")
    whole[order[: int(total - whole.sum())]] += 1
    return whole


def largest_remainder_rows(totals: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Non-negative whole totals (n,) over children (n, k) by row, each row summing exactly to its total."""
    w = np.maximum(np.asarray(weights, dtype=float), 0.0)
    sums = w.sum(axis=1, keepdims=True)
    if not (sums > 0).all():
        w, sums = np.where(sums > 0, w, 1.0), np.where(sums > 0, sums, float(w.shape[1]))
    share = snap(totals[:, None] * (w / sums), 1e-9)
    whole = np.floor(share).astype(np.int64)
    left = totals - whole.sum(axis=1)
    if not left.any():
        return whole
    rank = np.argsort(np.argsort(-(share - whole), axis=1, kind="stable"), axis=1, kind="stable")
    return whole + (rank < left[:, None])


def round_cumulative(values: NDArray[np.float64], axis: int = -1) -> NDArray[np.int64]:
    """Flows rounded so that every running total is within half a unit of the exact one."""
    total = np.rint(snap(np.cumsum(values, axis=axis))).astype(np.int64)
    return np.diff(total, axis=axis, prepend=0)


def exact(value: Any) -> int | str:
    """A number as the plan's content keeps it: whole numbers as int, others as a short decimal text."""
    number = float(value)
    if number == int(number) and abs(number) < 2**53:
        return int(number)
    return format(Decimal(repr(round(number, 6))).normalize(), "f")
