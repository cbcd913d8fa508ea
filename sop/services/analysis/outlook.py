"""The outlook, loaded and planned again: the cases around a plan, its targets, outside events and indicators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from sop.analysis.performance.kpis import Kpi, made_to_order
from sop.analysis.ranges.claims import Z80, TrackRecord
from sop.analysis.ranges.outlook import Outlook, build_outlook
from sop.analysis.ranges.projections import (
    Projection,
    Spread,
    Targets,
    project_headlines,
    spread_of,
    value_targets,
)
from sop.analysis.ranges.surprises import (
    MOST_EVENTS,
    Cases,
    Paths,
    change_of,
    demand_covariance,
    read_paths,
    slope_of,
)
from sop.core.events import probability_of, use_of
from sop.core.inputs import Inputs
from sop.core.measures import HEADLINES, NEAR
from sop.core.plan import DriverProof, Plan
from sop.core.register import Assumptions
from sop.core.terms import EventUse
from sop.portfolio.event_range import event_combinations
from sop.portfolio.launches import is_launched, launch_probability
from sop.portfolio.outside_in import (
    EventStake,
    IndicatorItem,
    certainly,
    indicator_items,
    never,
    value_events,
)
from sop.services.analysis.claims import read_track_record
from sop.services.analysis.executive import read_kpis
from sop.services.analysis.trials import Trial
from sop.services.planning.choices import View
from sop.services.planning.memo import keep
from sop.services.planning.room import InputSet, PlanningRoom


@dataclass(frozen=True)
class OutsideIn:
    """Events with what each puts at stake, most money first, and the items that leading indicators open.

    `drivers`: which indicators were proven to lead demand.
    """

    stakes: tuple[EventStake, ...]
    items: tuple[IndicatorItem, ...]
    drivers: tuple[DriverProof, ...] = ()


@dataclass(frozen=True)
class OutlookPage:
    """What the Outlook page shows beside the fan: ranges by horizon, targets, where the year may end, claims."""

    outlook: Outlook
    projections: tuple[Projection, ...]
    targets: Targets
    spreads: tuple[Spread, ...]
    outside: OutsideIn
    record: TrackRecord


def read_outlook_page(room: PlanningRoom, inputs: InputSet, view: View, base: View | None) -> OutlookPage:
    """Everything about what may come, for the plan that is shown."""
    cases = read_cases(room, inputs, view)
    marks = _marks(read_kpis(room, inputs, view, base), view.assumptions)
    spreads = (spread_of(cases, entry) for entry in HEADLINES if entry.key in ("revenue", "ebit"))
    return OutlookPage(
        outlook=read_outlook(room, inputs, view, base),
        projections=project_headlines(cases),
        targets=value_targets(cases, marks),
        spreads=tuple(spread for spread in spreads if spread is not None),
        outside=read_outside_in(room, inputs, view),
        record=read_track_record(room, inputs),
    )


def read_outlook(room: PlanningRoom, inputs: InputSet, view: View, base: View | None) -> Outlook:
    """Rolling revenue of a plan with its bands and chances, beside a base plan and the budget."""
    record = read_track_record(room, inputs)
    cases = read_cases(room, inputs, view)
    return build_outlook(view.plan, base.plan if base else None, inputs.inputs, cases, record)


def read_outside_in(room: PlanningRoom, inputs: InputSet, view: View) -> OutsideIn:
    """What every outside event puts at stake, by planning with it certain and with it ruled out."""
    events = inputs.inputs.events or ()
    items = indicator_items(inputs.inputs.indicators or (), inputs.inputs.calendar)

    def make() -> tuple[EventStake, ...]:
        return value_events(events, view.assumptions, lambda chosen: room.plan(chosen, inputs))

    drivers = room.decided(inputs, view.assumptions).forecast.drivers
    return OutsideIn(keep(room, ("stakes", inputs.key, repr(view.assumptions)), make), items, drivers)


def read_cases(room: PlanningRoom, inputs: InputSet, view: View) -> Cases:
    """The cases around a plan: each demand surprise, event and launch is planned by itself."""
    frozen = view.record.id if view.record else None

    def make() -> Cases:
        return build_cases(Trial(room, inputs, view.assumptions), view.plan)

    return keep(room, ("cases", inputs.key, repr(view.assumptions), frozen), make)


def build_cases(trial: Trial, plan: Plan) -> Cases:
    """The cases around a plan; effects are those on the plan computed from its assumptions today."""
    inputs, room = trial.inputs.inputs, trial.room
    order = made_to_order(inputs)
    base = read_paths(trial.plan, order)
    share = Z80 * trial.demand_deviation
    more, less = (read_paths(trial.at_demand(way * share).plan, order) for way in (1, -1))
    turns = list(_turns(inputs, trial.assumptions))
    effects = tuple(
        change_of(*(read_paths(room.plan(chosen, trial.inputs), order) for chosen in (turn.certain, turn.never)))
        for turn in turns
    )
    found = event_combinations(
        [(turn.use, turn.probability, _size(effect)) for turn, effect in zip(turns, effects, strict=True)],
        MOST_EVENTS,
    )
    forecast = room.decided(trial.inputs, trial.assumptions).forecast
    links = read_track_record(room, trial.inputs).links
    return Cases(
        base={key: path for key, path in read_paths(plan, order).items() if key in base},
        up=slope_of(more, base, share),
        down=slope_of(less, base, share),
        covariance=demand_covariance(inputs, forecast, links),
        chance=found.chance,
        moves=found.moves,
        effects=effects,
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


def _size(effect: Paths) -> float:
    """The money by which events are ranked where there are too many: what moves profit and revenue most."""
    return float(
        sum(np.abs(effect[key][:NEAR]).sum() for key in ("revenue", "gross_margin", "ebit") if key in effect)
    )


def _marks(kpis: Iterable[Kpi], assumptions: Assumptions) -> list[tuple[str, str, float]]:
    """Targets of the next twelve months: the budget, the plan compared with, and the minimum of cash."""
    found = []
    for kpi in kpis:
        if kpi.budget is not None:
            found.append(("Budget", kpi.key, float(kpi.budget)))
        if kpi.base is not None:
            found.append(("Agreed plan", kpi.key, float(kpi.base)))
        if kpi.key == "cash" and kpi.value is not None:
            found.append(("Minimum cash", kpi.key, assumptions.value("minimum_cash") * 100))
    return found
