"""Spread a total over its children and roll it up again without loss.

>>> spread_units(np.array([[10]]), np.array([[1.0], [1.0], [1.0]]), np.array([0, 0, 0])).ravel().tolist()
[4, 3, 3]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sop.core.errors import BadInput
from sop.core.money import largest_remainder, largest_remainder_rows

Array = NDArray[np.float64]
Units = NDArray[np.int64]


def roll_up(values: NDArray, group_of: NDArray[np.intp], groups: int) -> NDArray:
    """Sums of children (n, T) by parent (groups, T), in the children's number type.

    `group_of` (n,) is the parent's index of each child. A missing child (NaN) makes its parent missing.
    """
    total = np.zeros((groups, *values.shape[1:]), dtype=values.dtype)
    np.add.at(total, group_of, values)
    return total


def shares_of(weights: Array, group_of: NDArray[np.intp], groups: int) -> Array:
    """Each child's share (n, T) of its parent, from weights (n, T) ≥ 0; all-zero weights share equally."""
    positive = np.maximum(weights, 0.0)
    total = roll_up(positive, group_of, groups)[group_of]
    count = np.bincount(group_of, minlength=groups)[group_of].reshape(-1, *[1] * (weights.ndim - 1))
    return np.where(total > 0, positive / np.where(total > 0, total, 1.0), 1.0 / count)


def spread_total(totals: Array, weights: Array, group_of: NDArray[np.intp]) -> Array:
    """Parents (groups, T) spread over children (n, T) in proportion to `weights` (n, T); sums agree to float.

    Raises BadInput where a parent with a total has no child.
    """
    _require_children(totals, group_of)
    return totals[group_of] * shares_of(weights, group_of, len(totals))


def spread_units(totals: Units, weights: Array, group_of: NDArray[np.intp]) -> Units:
    """Whole parents (groups, T) spread over children (n, T); `roll_up` returns them to the unit.

    Leftover units go to the largest remainders, ties to the earlier child; a negative total is spread like
    its positive twin. Raises BadInput where a parent with a total has no child.
    """
    _require_children(totals, group_of)
    spread = np.zeros(weights.shape, dtype=np.int64)
    for group in np.unique(group_of):
        rows = group_of == group
        sign = np.sign(totals[group])
        spread[rows] = sign * largest_remainder_rows(np.abs(totals[group]), weights[rows].T).T
    return spread


def share_units(units: float, weights: Array) -> Array:
    """One number over children (n,) in proportion to `weights`, summing exactly to it; whole where it is whole.

    >>> share_units(-10, np.array([2.0, 1.0])).tolist()
    [-7.0, -3.0]
    """
    if units == round(units):
        return largest_remainder(round(units), weights).astype(float)
    one_parent = np.zeros(len(weights), dtype=np.intp)
    return spread_total(np.array([units]), weights, one_parent)


def _require_children(totals: NDArray, group_of: NDArray[np.intp]) -> None:
    childless = np.setdiff1d(np.arange(len(totals)), group_of)
    if np.any(totals[childless] != 0):
        raise BadInput(
            f"total number {int(childless[0])} has nothing under it to be spread over",
            remedy="Give it at least one child, or set it to zero",
        )
