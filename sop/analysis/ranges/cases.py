"""The cases around a plan: each demand surprise, event and launch planned by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sop.analysis.decisions.trials import Trial
from sop.analysis.ranges.surprises import (
    MOST_EVENTS,
    Cases,
    Paths,
    change_of,
    demand_covariance,
    read_paths,
    slope_of,
)
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.register import Assumptions, probability_of, use_of
from sop.core.scores import Z80
from sop.core.terms import EventUse
from sop.portfolio.launch_volumes import is_launched, launch_probability
from sop.portfolio.outside_in import certainly, event_combinations, never


def build_cases(trial: Trial, plan: Plan) -> Cases:
    """The cases around a plan; effects are those on the plan computed from its assumptions today."""
    inputs = trial.inputs
    order = inputs.families.made_to_order_names
    base = read_paths(trial.plan, order)
    share = Z80 * trial.demand_deviation
    more, less = (read_paths(trial.at_demand(way * share).plan, order) for way in (1, -1))
    turns, near = list(_turns(inputs, trial.assumptions)), plan.calendar.year
    effects = tuple(
        change_of(*(read_paths(trial.again.plan(chosen, None), order) for chosen in (turn.certain, turn.never)))
        for turn in turns
    )
    found = event_combinations(
        [(turn.use, turn.probability, _size(effect, near)) for turn, effect in zip(turns, effects, strict=True)],
        MOST_EVENTS,
    )
    return Cases(
        base={key: path for key, path in read_paths(plan, order).items() if key in base},
        up=slope_of(more, base, share),
        down=slope_of(less, base, share),
        covariance=demand_covariance(inputs, trial.forecast, trial.again.links()),
        chance=found.chance,
        moves=found.moves,
        effects=effects,
        near=near,
    )


@dataclass(frozen=True)
class _Turn:
    """Something that comes or not: its chance, where it counts, and the assumptions of both ways."""

    use: EventUse
    probability: float
    certain: Assumptions
    never: Assumptions


def _turns(inputs: Inputs, assumptions: Assumptions) -> Iterator[_Turn]:
    """Events that count somewhere, and launches that are not on the market yet."""
    for event in inputs.events or ():
        use = use_of(event, assumptions)
        if use is not EventUse.WATCH:
            ways = certainly(event, assumptions), never(event, assumptions)
            yield _Turn(use, probability_of(event, assumptions), *ways)
    for launch in inputs.launches or ():
        if not is_launched(launch):
            certain, out = (assumptions.set("launch_probability", launch.name, chance) for chance in (1.0, 0.0))
            yield _Turn(EventUse.PLAN, launch_probability(launch, assumptions), certain, out)


def _size(effect: Paths, near: int) -> float:
    """The money by which events are ranked where there are too many: what moves profit and revenue most."""
    return float(
        sum(np.abs(effect[key][:near]).sum() for key in ("revenue", "gross_margin", "ebit") if key in effect)
    )
