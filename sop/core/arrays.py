"""Figures with the names along their axes, placed on other names; added up to groups, and shared out again."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sop.core.inputs import Floats

Names = Sequence[Any]
"""The names along an axis of an array."""


class Labelled:
    """Figures with the names along each axis; what is not known is not-a-number.

    Arithmetic takes other figures on the same names only; `on` brings them there.

    >>> sold = Labelled(np.array([[1.0, 2.0]]), family=("A",), month=("Jan", "Feb"))
    >>> sold.on(family=("A", "B"), month=("Feb", "Mar")).values.tolist()
    [[2.0, nan], [nan, nan]]
    >>> (sold.at(family="A") * 2).over("month").values.item()
    6.0
    """

    __slots__ = ("axes", "values")

    def __init__(self, values: NDArray[Any], **axes: Names) -> None:
        self.values, self.axes = values, {axis: tuple(names) for axis, names in axes.items()}
        if values.shape != tuple(map(len, self.axes.values())):
            raise ValueError(f"figures of shape {values.shape} have other names than these: {', '.join(axes)}")

    def on(self, missing: float = np.nan, **axes: Names) -> Labelled:
        """The same on other names of some axes; `missing` where it does not have them."""
        ours: dict[str, Names] = {**self.axes, **axes}
        found = np.full([len(names) for names in ours.values()], missing)
        shared = {axis: [name for name in names if name in self.axes[axis]] for axis, names in ours.items()}
        found[_places(ours, shared)] = self.values[_places(self.axes, shared)]
        return Labelled(found, **ours)

    def at(self, **names: Hashable) -> Labelled:
        """One name of some axes."""
        place = tuple(own.index(names[axis]) if axis in names else slice(None) for axis, own in self.axes.items())
        return Labelled(self.values[place], **{axis: own for axis, own in self.axes.items() if axis not in names})

    def over(self, *axes: str) -> Labelled:
        """Added up over some axes, as far as it is known."""
        total = sum_known(self.values, tuple(list(self.axes).index(axis) for axis in axes))
        return Labelled(total, **{axis: own for axis, own in self.axes.items() if axis not in axes})

    def __add__(self, other: Labelled) -> Labelled:
        return Labelled(self.values + self._alike(other), **self.axes)

    def __sub__(self, other: Labelled) -> Labelled:
        return Labelled(self.values - self._alike(other), **self.axes)

    def __mul__(self, factor: float) -> Labelled:
        return Labelled(self.values * factor, **self.axes)

    def _alike(self, other: Labelled) -> NDArray[Any]:
        """The other's figures, which stand on the same names. Raises ValueError."""
        if other.axes != self.axes:
            raise ValueError("figures on other names are first brought onto these")
        return other.values


def _places(axes: Mapping[str, Names], wanted: Mapping[str, Names]) -> tuple[NDArray[np.intp], ...]:
    """Where names stand along each axis, as an index into the array."""
    found = ({name: place for place, name in enumerate(own)} for own in axes.values())
    pairs = zip(found, wanted.values(), strict=True)
    return np.ix_(*(np.array([own[name] for name in names], dtype=np.intp) for own, names in pairs))


def sum_known(values: NDArray[Any], axis: int | tuple[int, ...]) -> Floats:
    """The sum of what is known; not-a-number only where nothing is.

    >>> sum_known(np.array([[1.0, np.nan], [2.0, np.nan]]), axis=0).tolist()
    [3.0, nan]
    """
    known = np.isfinite(values).any(axis=axis)
    return np.where(known, np.nansum(values, axis=axis), np.nan)


def roll_up(values: NDArray[Any], group_of: NDArray[np.intp], groups: int) -> NDArray[Any]:
    """Sums of children (n, …) by parent (groups, …), in the children's number type.

    `group_of` (n,) is the parent's index of each child. A missing child (NaN) makes its parent missing.
    """
    total = np.zeros((groups, *values.shape[1:]), dtype=values.dtype)
    np.add.at(total, group_of, values)
    return total


def shares_of(weights: Sequence[Floats], group_of: NDArray[np.intp], groups: int) -> Floats:
    """Each child's share (n, …) of its parent, by the first of `weights` (n, …) that its group has any of.

    Weights below zero are none; a group without any weight is shared equally.
    """
    count = roll_up(np.ones_like(weights[0]), group_of, groups)[group_of]
    shares = 1.0 / count
    for given in reversed(weights):
        positive = np.maximum(given, 0.0)
        total = roll_up(positive, group_of, groups)[group_of]
        shares = np.where(total > 0, positive / np.where(total > 0, total, 1.0), shares)
    return shares
