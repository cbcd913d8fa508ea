"""What may turn out otherwise than planned, as factors on what a plan is built from: one world that may come."""

from __future__ import annotations

from dataclasses import dataclass

from sop.core.inputs import Floats


@dataclass(frozen=True)
class World:
    """Multiples of what was planned: 1 is as planned.

    `demand` (F, R, T) consensus demand; `price` (F, R, T) net price; `output` (L, T) what lines make of their
    hours, which is both capacity and yield; `arriving` (M, T) what suppliers deliver of what they promised.
    """

    demand: Floats | float = 1.0
    price: Floats | float = 1.0
    output: Floats | float = 1.0
    arriving: Floats | float = 1.0


AS_PLANNED = World()
