"""Spread a total over its children and roll it up again without loss.

>>> share_units(10, np.array([1.0, 1.0, 1.0])).tolist()
[4.0, 3.0, 3.0]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sop.core.inputs import Floats
from sop.core.money import largest_remainder


def roll_up(values: NDArray, group_of: NDArray[np.intp], groups: int) -> NDArray:
    """Sums of children (n, T) by parent (groups, T), in the children's number type.

    `group_of` (n,) is the parent's index of each child. A missing child (NaN) makes its parent missing.
    """
    total = np.zeros((groups, *values.shape[1:]), dtype=values.dtype)
    np.add.at(total, group_of, values)
    return total


def shares_of(weights: Floats, group_of: NDArray[np.intp], groups: int) -> Floats:
    """Each child's share (n, T) of its parent, from weights (n, T) ≥ 0; all-zero weights share equally."""
    positive = np.maximum(weights, 0.0)
    total = roll_up(positive, group_of, groups)[group_of]
    count = np.bincount(group_of, minlength=groups)[group_of].reshape(-1, *[1] * (weights.ndim - 1))
    return np.where(total > 0, positive / np.where(total > 0, total, 1.0), 1.0 / count)


def share_units(units: float, weights: Floats) -> Floats:
    """One number over children (n,) in proportion to `weights`, summing exactly to it; whole where it is whole.

    >>> share_units(-10, np.array([2.0, 1.0])).tolist()
    [-7.0, -3.0]
    """
    if units == round(units):
        return largest_remainder(round(units), weights).astype(float)
    return units * shares_of(weights, np.zeros(len(weights), dtype=np.intp), 1)
