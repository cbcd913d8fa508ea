"""Lines and shared resources on the time line: their load, their demonstrated capacity, and what finds no room."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.arrays import Labelled, sum_known
from sop.core.inputs import Capacity, Floats
from sop.core.measures import FULL
from sop.views.series import row_of
from sop.views.timeline import PlanContext


@dataclass(frozen=True)
class ResourceLoad:
    """One line or shared resource; hours (P + T,), not-a-number where not known.

    `not_made`: hours of the units that fall late or are lost in a month and could only be made here.
    `families` (F,) run on it. `past_unknown` names a family whose past production cannot be told from other
    lines of the plant, in which case past load is not known.
    """

    key: str
    name: str
    plant: str
    load: Floats
    capacity: Floats
    not_made: Floats
    working_days: Floats
    families: tuple[str, ...]
    past: int
    next_year: slice
    past_unknown: str = ""

    @property
    def utilisation(self) -> Floats:
        """Load / demonstrated capacity."""
        known = np.isfinite(self.capacity) & (self.capacity > 0)
        return np.divide(self.load, self.capacity, out=np.full(len(self.load), np.nan), where=known)

    @property
    def full_months(self) -> int:
        """Planned months of the next twelve in which it is full."""
        return int((self.utilisation[self.next_year] >= FULL).sum())

    @property
    def utilisation_next_year(self) -> float:
        """Utilisation over the next twelve months, from its sums."""
        span = self.next_year
        hours = self.capacity[span].sum()
        return float(self.load[span].sum() / hours) if hours else float("nan")


def build_resources(context: PlanContext) -> tuple[ResourceLoad, ...]:
    """Every line and shared resource of the plan, the fullest first; none without capacity."""
    capacity = context.inputs.capacity
    if capacity is None or "production" not in context.plan or "load_hours" not in context.plan:
        return ()
    lines = [_line(context, capacity, at) for at in range(len(capacity.lines))]
    shared = [_shared(context, capacity, at) for at in range(len(capacity.shared))]
    return tuple(sorted(lines + shared, key=lambda r: (-r.full_months, -np.nan_to_num(r.utilisation_next_year))))


def resources_of(resources: tuple[ResourceLoad, ...], family: str | None) -> tuple[ResourceLoad, ...]:
    """The resources that a family runs on; all where none is named."""
    return tuple(resource for resource in resources if family is None or family in resource.families)


def _line(context: PlanContext, capacity: Capacity, at: int) -> ResourceLoad:
    key, plant = capacity.lines[at], int(capacity.line_plant[at])
    hours = np.nan_to_num(capacity.hours_per_unit[:, at])
    load, unknown = _past_load(context, capacity, at)
    only_here = np.isfinite(capacity.hours_per_unit).sum(axis=1) == 1
    return ResourceLoad(
        key=key,
        name=capacity.line_names[at],
        plant=capacity.plants.names[plant],
        load=_joined(context, load, row_of(context.plan, "load_hours", key, context.plan.months)),
        capacity=_joined(
            context,
            Labelled(capacity.line_hours_history[at], month=capacity.history_months)
            .on(month=context.closed)
            .values,
            row_of(context.plan, "capacity_hours", key, context.plan.months),
        ),
        not_made=_joined(context, None, _unmade_units(context) @ np.where(only_here, hours, 0.0)),
        working_days=_working_days(context, capacity, plant),
        families=tuple(context.inputs.families.names[f] for f in np.flatnonzero(hours > 0)),
        past=context.past,
        next_year=context.next_year,
        past_unknown=unknown,
    )


def _shared(context: PlanContext, capacity: Capacity, at: int) -> ResourceLoad:
    hours = capacity.shared_hours_per_unit[:, at]
    made = np.nan_to_num(context.new_plan("production")[:, context.past :])
    stock, past = context.inputs.stock, None
    if stock is not None and not stock.derived:
        past = np.nan_to_num(context.closed_values(stock.production, stock.months)[:, : context.past]).T @ hours
    return ResourceLoad(
        key=capacity.shared[at],
        name=capacity.shared_names[at],
        plant="",
        load=_joined(context, past, made.T @ hours),
        capacity=_joined(context, None, capacity.shared_hours[at]),
        not_made=np.full(len(context.months), np.nan),
        working_days=np.full(len(context.months), np.nan),
        families=tuple(context.inputs.families.names[f] for f in np.flatnonzero(hours > 0)),
        past=context.past,
        next_year=context.next_year,
    )


def _closed(context: PlanContext, capacity: Capacity, values: Floats) -> Floats:
    """Figures of the capacity tables (H,) in the closed months shown."""
    return Labelled(values, month=capacity.history_months).on(month=context.closed).values


def _joined(context: PlanContext, past: Floats | None, planned: Floats) -> Floats:
    before = np.full(context.past, np.nan) if past is None else past
    return np.concatenate([before, np.asarray(planned, dtype=float)])


def _past_load(context: PlanContext, capacity: Capacity, at: int) -> tuple[Floats | None, str]:
    """Hours that past production needed on a line (P,), or the family that several lines of its plant make."""
    facts, plant = context.facts, int(capacity.line_plant[at])
    made = facts.made_at.get(capacity.plants.names[plant])
    if made is None:
        return None, ""
    here = context.closed_values(made, facts.plant_months)[:, : context.past]
    in_plant = capacity.line_plant == plant
    lines = np.isfinite(capacity.hours_per_unit[:, in_plant]).sum(axis=1)
    runs = np.isfinite(capacity.hours_per_unit[:, at]) & (np.nan_to_num(here) > 0).any(axis=1)
    several = np.flatnonzero(runs & (lines > 1))
    if len(several):
        return None, context.inputs.families.names[several[0]]
    return sum_known(here[runs] * capacity.hours_per_unit[runs, at][:, None], axis=0), ""


def _unmade_units(context: PlanContext) -> Floats:
    """Units (T, F) that fall late or are lost in each planned month."""
    late = context.new_plan("past_due")[:, context.past :]
    opening = context.inputs.position.past_due.sum(axis=1)[:, None]
    newly_late = np.maximum(np.diff(late, axis=1, prepend=opening), 0.0)
    lost = context.new_plan("lost_sales")[:, context.past :]
    return (np.nan_to_num(newly_late) + np.nan_to_num(lost)).T


def _working_days(context: PlanContext, capacity: Capacity, plant: int) -> Floats:
    if capacity.working_days is None:
        return np.full(len(context.months), np.nan)
    history = capacity.working_days_history
    past = (
        None
        if history is None
        else Labelled(history[plant], month=capacity.history_months).on(month=context.closed).values
    )
    return _joined(context, past, capacity.working_days[plant])
