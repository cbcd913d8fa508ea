"""Chance of the demo company: the months told first, and those that follow as the story goes on.

The months from the first open one on have a stream of their own, so that however far the story is told, no
earlier month is drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from data.demo.generator.timeline import NOW, STORY

_LATER = 1


class Chance:
    """Two streams of one subject (`topic`) of a company's seed: `told` for the history, `later` for the story."""

    def __init__(self, seed: int, topic: int) -> None:
        self.told = np.random.default_rng([seed, topic])
        self.later = np.random.default_rng([seed, topic, _LATER])

    def months(self, draw: Callable[[np.random.Generator, int], NDArray]) -> NDArray:
        """What `draw(stream, months)` gives for the history, continued for the story on the last axis."""
        return np.concatenate([draw(self.told, NOW), draw(self.later, STORY)], axis=-1)
