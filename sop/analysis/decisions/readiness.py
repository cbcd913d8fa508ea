"""Readiness of launches, judged after supply is planned: date, volume, capacity, materials, lead time, cost.

Every check has a state by rule and a sentence with its figures. The months that count are the first three on
sale: the launch month and two more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np

from sop.core.calendar import period_name, shift_period, worded
from sop.core.format import how_many, number, percent
from sop.core.inputs import Inputs, Launch
from sop.core.measures import FULL
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.core.words import all_of
from sop.supply import supply_of

State = Literal["ready", "at risk", "not ready", "not known"]
STATES: tuple[State, ...] = ("ready", "not known", "at risk", "not ready")
"""From best to worst: a launch is as ready as its worst check."""

FIRST_MONTHS = 3
OVER = 1.02
"""Utilisation from which a line is beyond what whole units round up to."""


@dataclass(frozen=True)
class Check:
    """One thing that a launch needs, its state and the sentence that says why."""

    name: str
    state: State
    sentence: str


@dataclass(frozen=True)
class Readiness:
    """A launch that is still to come: its planned month (empty where no gate says) and its checks."""

    launch: str
    month: str
    checks: tuple[Check, ...]

    @property
    def state(self) -> State:
        """The worst of the checks."""
        return max((check.state for check in self.checks), key=STATES.index)


@dataclass(frozen=True)
class _View:
    """What every check looks at: the plan, and the planned months that count for one launch."""

    plan: Plan
    inputs: Inputs
    assumptions: Assumptions
    launch: Launch
    start: int

    @property
    def family(self) -> str:
        return self.inputs.families.names[self.launch.family]

    @property
    def span(self) -> slice:
        return slice(max(self.start, 0), max(self.start, 0) + FIRST_MONTHS)


def launch_readiness(plan: Plan, inputs: Inputs, assumptions: Assumptions) -> tuple[Readiness, ...]:
    """Readiness of every launch that has not happened yet, in the order of the table."""
    found = []
    for place, launch in enumerate(inputs.launches or ()):
        gate = launch.market_gate
        if gate is None:
            missing = Check("date", "not known", "No gate says when it comes")
            found.append(Readiness(launch.name, "", (missing,)))
        elif gate.actual is None:
            start = gate.baseline + int(plan["launch_slip"][place, 0])
            view = _View(plan, inputs, assumptions, launch, start)
            month = shift_period(plan.calendar.first_open, start)
            found.append(Readiness(launch.name, month, tuple(_checks(view))))
    return tuple(found)


def _checks(view: _View) -> Iterator[Check]:
    yield check_date(view.launch, view.start, view.plan)
    inside = view.start < view.plan.calendar.horizon
    supply: Sequence[tuple[str, Callable[[_View], Check]]] = (
        ("volume", _volume),
        ("capacity", _capacity),
        ("materials", _materials),
    )
    for name, check in supply:
        beyond = Check(
            name,
            "not known",
            worded(f"It comes after {period_name(view.plan.months[-1])}, the last planned month"),
        )
        yield check(view) if inside else beyond
    yield _lead_time(view)
    yield _cost(view)


def check_date(launch: Launch, start: int, plan: Plan) -> Check:
    """Not ready where an open gate should be done by now; at risk where the launch is behind its baseline."""
    gate = launch.market_gate
    overdue = [g for g in launch.gates if g.actual is None and g.forecast < 0]
    if overdue:
        due = period_name(shift_period(plan.calendar.first_open, overdue[0].forecast))
        return Check("date", "not ready", f"{overdue[0].name} was expected in {due} and is not done")
    slip = start - gate.baseline if gate else 0
    if slip > 0:
        return Check(
            "date",
            "at risk",
            worded(f"{slip} {'month' if slip == 1 else 'months'} behind its baseline", counted=True),
        )
    return Check(
        "date",
        "ready",
        "On its baseline"
        if slip == 0
        else worded(f"{how_many(-slip, 'months')} ahead of its baseline", counted=True),
    )


def _volume(view: _View) -> Check:
    """Units of the family that are lost or become late in the first months, against what the launch adds."""
    plan, span = view.plan, view.span
    if "past_due" not in plan or "inventory" not in plan:
        return Check("volume", "not known", "Supply is not planned")
    f = plan.names("past_due").index(view.family)
    late = plan["past_due"][f]
    before = late[span.start - 1] if span.start else view.inputs.position.past_due[view.launch.family].sum()
    short = int(plan.by_family("lost_sales")[f, span].sum() + max(late[span].max() - before, 0))
    wanted = int(plan["launch_volume"][plan.names("launch_volume").index(view.launch.name), span].sum())
    if short <= 0:
        return Check(
            "volume",
            "ready",
            worded(f"{how_many(number(wanted), 'units')} in its first months, none of its family late or lost"),
        )
    what = worded(
        f"{how_many(number(short), 'units')} of {view.family} late or lost in its first months, "
        f"{number(wanted)} wanted for it"
    )
    return Check("volume", "not ready" if short >= wanted else "at risk", what)


def _capacity(view: _View) -> Check:
    """The least used line that can make the family: full puts a launch at risk, beyond capacity is not ready."""
    capacity, plan = view.inputs.capacity, view.plan
    if capacity is None or "utilisation" not in plan:
        return Check("capacity", "not known", "No capacity is loaded")
    hours = capacity.hours_per_unit[view.launch.family]
    lines = [n for n, h in zip(capacity.lines, hours, strict=True) if np.isfinite(h)]
    if not lines:
        return Check("capacity", "not ready", f"No line is qualified for {view.family}")
    # A line without hours has no utilisation: it is full.
    used = np.nan_to_num(plan["utilisation"][:, view.span], nan=1.0).max(axis=1)
    load = {n: float(used[plan.names("utilisation").index(n)]) for n in lines}
    best = min(lines, key=lambda n: load[n])
    words = worded(
        f"{capacity.line_names[capacity.lines.index(best)]} {percent(load[best])} used in its first months"
    )
    state: State = "not ready" if load[best] >= OVER else "at risk" if load[best] >= FULL else "ready"
    return Check("capacity", state, words)


def _materials(view: _View) -> Check:
    """Materials of the family: what the plan needs against what suppliers can deliver."""
    materials, plan, span = view.inputs.materials, view.plan, view.span
    if materials is None or "material_need" not in plan:
        return Check("materials", "not known", "No materials are loaded")
    used = [m for m in range(len(materials.names)) if materials.use[view.launch.family, m] > 0]
    supply = _material_supply(view)
    for m in used:
        need, most = plan["material_need"][m, span], supply[m, span]
        if (need >= most * FULL).any():
            t = int(np.argmax(need - most))
            more = need[t] > most[t] * (1 + 1e-6)
            short = f"{number(need[t])} needed, {number(most[t])} can be delivered"
            found = short if more else f"all {number(most[t])} that can be delivered are needed"
            return Check("materials", "not ready" if more else "at risk", f"{materials.names[m]}: {found}")
    words = (
        f"{all_of([materials.names[m] for m in used])} can be delivered" if used else "None that suppliers limit"
    )
    return Check("materials", "ready", words)


def _material_supply(view: _View) -> np.ndarray:
    """What suppliers can deliver (M, T): as the plan took it, else the table × the owner's share."""
    supply = supply_of(view.plan)
    if supply is not None:
        return np.asarray(supply.problem.material_supply)
    materials = view.inputs.materials
    if materials is None:
        return np.zeros((0, view.plan.calendar.horizon))
    share = [view.assumptions.value("supply_pct", name) for name in materials.names]
    return materials.supply * np.array(share)[:, None]


def _lead_time(view: _View) -> Check:
    """The last month to order the slowest material in; past, it makes the launch not ready."""
    materials = view.inputs.materials
    days = None if materials is None else np.where(
        materials.use[view.launch.family] > 0, materials.lead_time_days, np.nan
    )  # fmt: skip
    if materials is None or days is None or not np.isfinite(days).any():
        return Check("lead time", "not known", "No supplier lead time is loaded for its family")
    slowest = int(np.nanargmax(days))
    order_by = view.start - ceil(days[slowest] / view.plan.calendar.mean_days)
    month = period_name(shift_period(view.plan.calendar.first_open, order_by))
    what = f"{materials.names[slowest]} takes {how_many(f'{days[slowest]:.0f}', 'days')}: order by {month}"
    state: State = "not ready" if order_by < 0 else "at risk" if order_by == 0 else "ready"
    return Check("lead time", state, what)


def _cost(view: _View) -> Check:
    """What is spent against the launch cost."""
    spent, cost = view.launch.spent, view.launch.cost
    if cost <= 0:
        return Check("cost", "not known", "No launch cost is stated")
    if spent > cost:
        return Check("cost", "at risk", f"{number(spent)} spent of {number(cost)}")
    return Check("cost", "ready", f"{number(spent)} of {number(cost)} spent, {number(cost - spent)} to come")
