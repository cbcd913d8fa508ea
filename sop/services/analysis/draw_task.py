"""What the draws of a plan rest on, and the work of one block of them.

Other processes load this file alone: it must know neither the store nor any forecast library.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from sop.analysis.ranges.demand_errors import DemandErrors
from sop.analysis.ranges.draws import DrawnBlock, Paths, read_paths, replan_block
from sop.analysis.ranges.risks import find_risks
from sop.core.inputs import Inputs
from sop.core.memo import Memo
from sop.core.plan import StoredForecast
from sop.core.register import Assumptions
from sop.core.world import World
from sop.engine import AgreedSupply, Planner

_KEPT_PLANNERS = 2
_PLANNERS = Memo(_KEPT_PLANNERS)


@dataclass(frozen=True)
class DrawTask:
    """Everything that the draws of a plan rest on; `key` is the digest of it, `base` the plan's own paths."""

    key: str
    inputs: Inputs
    forecast: StoredForecast
    agreed: AgreedSupply | None
    assumptions: Assumptions
    errors: DemandErrors
    base: Paths

    @property
    def why_none(self) -> str:
        """Why nothing can be drawn; empty where something can."""
        if not self.errors.known:
            return self.errors.why
        return "" if self.base else "no headline measure of this plan is known"


def draw_with(task: DrawTask, block: int) -> DrawnBlock:
    """One block of draws, planned with this process's own optimiser."""
    planner: Planner = _PLANNERS.get(
        (task.key, threading.get_ident()), lambda: Planner(task.inputs, task.forecast, task.agreed)
    )
    order, year = task.inputs.families.made_to_order, task.inputs.calendar.year

    def paths_in(worlds: Sequence[tuple[Assumptions, World]]) -> list[Paths]:
        return [read_paths(values, order, year) for values in planner.headline_values(worlds)]

    return replan_block(find_risks(task.inputs, task.assumptions, task.errors), task.assumptions, paths_in, block)
