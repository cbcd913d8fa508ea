"""Arrays of figures, some of them not known: brought onto the names of another plan or table, and added up."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sop.core.inputs import Floats

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


def on_months(values: NDArray[Any], theirs: Sequence[str], ours: Sequence[str]) -> NDArray[np.float64]:
    """`values` (…, H of `theirs`) on the months `ours`; not-a-number for months that they do not have.

    >>> on_months(np.array([1.0, 2.0]), ("2026-11", "2026-12"), ("2026-12", "2027-01")).tolist()
    [2.0, nan]
    """
    at = {month: place for place, month in enumerate(theirs)}
    found = np.full((*values.shape[:-1], len(ours)), np.nan)
    for place, month in enumerate(ours):
        if month in at:
            found[..., place] = values[..., at[month]]
    return found


def _at(axes: Axes, wanted: Axes) -> tuple[NDArray[np.intp], ...]:
    """Where names stand along each axis, as an index into the array."""
    places = ([list(axis).index(name) for name in names] for axis, names in zip(axes, wanted, strict=True))
    return np.ix_(*(np.array(place, dtype=np.intp) for place in places))


def sum_known(values: NDArray[Any], axis: int) -> Floats:
    """The sum of what is known; not-a-number only where nothing is.

    >>> sum_known(np.array([[1.0, np.nan], [2.0, np.nan]]), axis=0).tolist()
    [3.0, nan]
    """
    known = np.isfinite(values).any(axis=axis)
    return np.where(known, np.nansum(values, axis=axis), np.nan)


def plan_total(values: NDArray[Any]) -> Floats:
    """A measure added up over everything but its months (T,)."""
    return values.reshape(-1, values.shape[-1]).sum(axis=0).astype(float)
