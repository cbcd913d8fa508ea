"""Middle-out coherence: the family carries the level, its products share it.

Family × region series are long and smooth enough to forecast well; product × region series often are not. So
the family forecast sets the level and products share it in proportion to their own forecasts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sop.core.inputs import Bools, Floats
from sop.demand.spread import roll_up, shares_of


def trailing_share(history: Floats, group_of: NDArray[np.intp], *, months: int) -> Floats:
    """Each series' share (n,) of its group over the last `months` of history (n, T); missing is none."""
    recent = np.nansum(np.maximum(history[:, -months:], 0.0), axis=1)
    return shares_of(recent, group_of, int(group_of.max(initial=-1)) + 1)


def disaggregate(
    parent_mean: Floats,
    child_mean: Floats,
    group_of: NDArray[np.intp],
    trailing_share: Floats,
    retired: Bools | None = None,
) -> Floats:
    """Children (n, h) that sum to their parents (g, h), in proportion to the children's own forecasts.

    Where a group's children all forecast 0, they share by `trailing_share` (n,), and equally where that is 0
    too. Retired children get 0; a group of only retired children gets 0 whatever its parent says, so that
    its parent has to be retired with it.

    >>> own, half = np.array([[1.0], [3.0]]), np.array([0.5, 0.5])
    >>> disaggregate(np.array([[12.0]]), own, np.array([0, 0]), half).tolist()
    [[3.0], [9.0]]
    """
    live = np.ones(len(child_mean)) if retired is None else np.where(retired, 0.0, 1.0)
    own = np.maximum(child_mean, 0.0) * live[:, None]
    past = (np.maximum(trailing_share, 0.0) * live)[:, None]
    weights = _first_positive([own, past + 0 * own, live[:, None] + 0 * own], group_of, len(parent_mean))
    return parent_mean[group_of] * shares_of(weights, group_of, len(parent_mean)) * live[:, None]


def _first_positive(choices: list[Floats], group_of: NDArray[np.intp], groups: int) -> Floats:
    """Per group and period, the first choice of weights whose sum is above zero; the last one otherwise."""
    weights = choices[-1]
    for choice in reversed(choices[:-1]):
        has_any = roll_up(choice, group_of, groups)[group_of] > 0
        weights = np.where(has_any, choice, weights)
    return weights
