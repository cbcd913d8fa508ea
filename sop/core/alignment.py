"""Figures brought from the names of one plan or table to those of another: families, regions, lines, months."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Axes = Sequence[Sequence[Hashable]]
"""The names along each axis of an array."""


def on_names(values: NDArray[Any], theirs: Axes, ours: Axes, missing: float) -> NDArray[np.float64]:
    """`values`, whose axes are named by `theirs`, on the axes named by `ours`; `missing` where they have none.

    >>> on_names(np.array([[1, 2]]), (["A"], ["Jan", "Feb"]), (["A", "B"], ["Feb", "Mar"]), 0.0).tolist()
    [[2.0, 0.0], [0.0, 0.0]]
    """
    found = np.full([len(axis) for axis in ours], missing)
    shared = [[name for name in own if name in other] for own, other in zip(ours, theirs, strict=True)]
    found[_at(ours, shared)] = values[_at(theirs, shared)]
    return found


def _at(axes: Axes, wanted: Axes) -> tuple[NDArray[np.intp], ...]:
    """Where names stand along each axis, as an index into the array."""
    places = ([list(axis).index(name) for name in names] for axis, names in zip(axes, wanted, strict=True))
    return np.ix_(*(np.array(place, dtype=np.intp) for place in places))
