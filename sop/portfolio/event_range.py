"""Outside events in the range around the plan: they happen or they do not, each by itself.

An event that is used in the plan is in it with its expected effect, so that it spreads around zero; one that is
only in the range adds its effect with its probability. What is watched stays out of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Floats
from sop.core.terms import EventUse

MOST_EVENTS = 12
"""Events whose every combination is counted (4,096); of more, those with the smallest spread are left out."""


@dataclass(frozen=True)
class Combinations:
    """Every combination of events that happen or not: its chance (K,), and how much of each event it has (K, E).

    `moves` counts from the plan: one that is only in the range brings 1 where it happens and 0 where not; of one
    that is in the plan with its probability p there is 1 − p more where it happens and p less where not.
    """

    chance: Floats
    moves: Floats


def event_combinations(events: Sequence[tuple[EventUse, float, float]], most: int = MOST_EVENTS) -> Combinations:
    """The combinations of events given as (use, probability, amount if it happens).

    What is watched, certain not to come or moves nothing stays out; of more than `most`, the smallest stay out.

    >>> found = event_combinations([(EventUse.RANGE, 0.25, -8.0), (EventUse.PLAN, 0.5, 2.0)])
    >>> found.chance.tolist(), found.moves.tolist()
    ([0.375, 0.375, 0.125, 0.125], [[0.0, -0.5], [0.0, 0.5], [1.0, -0.5], [1.0, 0.5]])
    """
    counted = [i for i, (use, p, size) in enumerate(events) if use is not EventUse.WATCH and 0 < p <= 1 and size]
    chosen = set(sorted(counted, key=lambda i: -_spread(events[i][1], events[i][2]))[:most])
    chance: Floats = np.ones(1)
    moves: Floats = np.zeros((1, 0))
    for i, (use, probability, _) in enumerate(events):
        if i not in chosen:
            moves = np.column_stack([moves, np.zeros(len(moves))])
            continue
        missing = -probability if use is EventUse.PLAN else 0.0
        moves = np.column_stack([np.repeat(moves, 2, axis=0), np.tile([missing, missing + 1], len(moves))])
        chance = np.multiply.outer(chance, [1 - probability, probability]).ravel()
    return Combinations(chance, moves)


def _spread(probability: float, size: float) -> float:
    """Variance of what one event adds."""
    return size**2 * probability * (1 - probability)
