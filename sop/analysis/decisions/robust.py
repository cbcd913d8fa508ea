"""How far a plan goes on reaching its target: while demand differs, while suppliers are late; and break-evens.

Each answer is found by planning again with the assumption halved in between, until it is known to its step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from sop.analysis.decisions.levers import Lever
from sop.analysis.decisions.targets import GapTarget, read_target
from sop.analysis.decisions.trials import Trial
from sop.core.plan import Plan
from sop.supply import SupplyProblem
from sop.supply.what_if.limits import ProblemChange

MOST_DEMAND, DEMAND_STEP = 0.30, 0.01
MOST_DELAY, DELAY_STEP = 30, 1
"""How far demand is moved and suppliers are late at most, and how finely it is told: a share, and days."""


@dataclass(frozen=True)
class Holds:
    """How far a target is reached: the last value at which it is and the first at which it is not, of `what`.

    `last` None: not even as planned; `first` None: over the whole range that was tried. Demand as a share of it
    with its sign, delay in days.
    """

    what: Literal["demand", "delay"]
    last: float | None
    first: float | None


def holds_of_facts(facts: Mapping[str, Any]) -> Holds:
    """The same read back from plain data."""
    return Holds(**facts)


def how_far_it_holds(trial: Trial, target: GapTarget) -> tuple[Holds, ...]:
    """By how much demand may differ, where it hurts, and suppliers be late until a target is missed."""
    way = 1 if target.measure == "lead_time" else -1

    def at_demand(share: float) -> Plan:
        return trial.at_demand(way * share).plan

    found = [_search("demand", target, at_demand, MOST_DEMAND, DEMAND_STEP, way)]
    materials = trial.inputs.materials
    if materials is not None and np.isfinite(materials.supply).any():
        days = trial.inputs.calendar.mean_days

        def late(delay: float) -> Plan:
            return trial.with_change(arriving_late(delay / days))

        found.append(_search("delay", target, late, MOST_DELAY, DELAY_STEP))
    return tuple(found)


def arriving_late(share: float) -> ProblemChange:
    """What makes a share of every month's limited material come a month later."""

    def change(problem: SupplyProblem) -> SupplyProblem:
        supply = problem.material_supply
        before = np.concatenate([supply[:, :1], supply[:, :-1]], axis=1)
        part = min(share, 1.0)
        late = np.where(np.isfinite(supply), np.nan_to_num(supply, posinf=0.0) * (1 - part), supply)
        # What was late in the month before comes now; nothing was late when it began.
        came = np.where(np.isfinite(before), np.nan_to_num(before, posinf=0.0) * part, 0.0)
        came[:, 0] = 0.0
        return replace(problem, material_supply=np.where(np.isfinite(supply), late + came, supply))

    return change


def _search(
    what: Literal["demand", "delay"],
    target: GapTarget,
    plan_at: Callable[[float], Plan],
    most: float,
    step: float,
    way: int = 1,
) -> Holds:
    def is_reached(steps: int) -> bool:
        value = read_target(plan_at(steps * step), target.measure)
        return value is not None and target.reached_at(value)

    low, high = 0, round(most / step)
    if is_reached(high):
        return Holds(what, way * high * step, None)
    if not is_reached(0):
        return Holds(what, None, 0.0)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_reached(middle) else (low, middle)
    return Holds(what, round(way * low * step, 6), round(way * high * step, 6))


def break_even(lever: Lever, target: GapTarget, value_at: Callable[[float], float | None]) -> float | None:
    """The value of a lever beyond which a target is missed, to a step of it; None where it is missed nowhere.

    `value_at`: the target's measure with the lever at a value. Where the target is missed as things stand it is
    the value from which on it is reached.
    """

    def is_reached(value: float) -> bool:
        found = value_at(value)
        return found is not None and target.reached_at(found)

    here = is_reached(lever.value)
    for end in (lever.entry.low, lever.entry.high):
        if is_reached(end) != here:
            return _between(lever, end, here, is_reached)
    return None


_HALVINGS = 7


def _between(lever: Lever, end: float, here: bool, is_reached: Callable[[float], bool]) -> float:
    near, far = lever.value, end
    for _ in range(_HALVINGS):
        if abs(far - near) <= lever.entry.step:
            break
        middle = (near + far) / 2
        near, far = (middle, far) if is_reached(middle) == here else (near, middle)
    return near if here else far
