"""Reading a cumulative curve: when it reaches a level, interpolated within the period."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Bools, Floats

_PART, _NOISE = 1e-6, 1e-12
"""Far below the smallest part of a unit, and of a long sum: what is short by less has reached its level."""


def calendar_days(days: Floats) -> Floats:
    """Days from the start at which each period begins and the last ends, [T+1], from days per period [T]."""
    return np.concatenate([[0.0], np.cumsum(np.asarray(days, dtype=float))])


def cumulative(flows: Floats) -> Floats:
    """Running total [F, T+1] of flows [F, T], starting from 0."""
    return np.concatenate([np.zeros((len(flows), 1)), np.cumsum(flows, axis=1)], axis=1)


def cross_curve(curve: Floats, calendar: Floats, target: Floats) -> tuple[Floats, Bools]:
    """When each rising `curve` [F, T+1] over `calendar` [T+1] reaches `target` [F, T].

    The target of period t is not reached before its end, point t+1. Returns the time [F, T], interpolated and
    capped at the end, and whether the curve ends below the target [F, T].
    """
    points = np.arange(curve.shape[1])
    # Sums of parts of units, such as tonnes to the kilogram, are not exact in floats.
    reached = target - _PART - _NOISE * np.abs(target)
    below = (curve[:, None, :] < reached[:, :, None]).sum(axis=2)
    beyond = below == len(points)
    after = np.clip(below, points[1:], len(points) - 1)
    before = np.maximum(after - 1, points[1:])
    rows = np.arange(len(curve))[:, None]
    low, high = curve[rows, before], curve[rows, after]
    share = np.where(high > low, (target - low) / np.where(high > low, high - low, 1.0), 0.0)
    point = calendar[before] + np.clip(share, 0.0, 1.0) * (calendar[after] - calendar[before])
    return np.where(beyond, calendar[-1], point), beyond
