"""Strategic goals: what their initiatives promised in each cycle, and what has come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sop.analysis.performance.benefits import realised_benefits
from sop.core.calendar import period_short
from sop.core.format import percent
from sop.core.inputs import Initiative, Inputs
from sop.core.plan import Plan
from sop.core.present import Col, Declared, PlanTable

MOST_CYCLES = 6
"""Past cycles that are told, the newest last."""


@dataclass(frozen=True)
class GoalRecord:
    """A goal by cycle. `promised`: by cycle, the share of its initiatives' full benefits that the plan signed then
    counted on for its next twelve months, the mean over them; None where it knew none of them. `realised`: of what
    was counted on in closed months, the share that came, None where nothing was due or can be measured.
    """

    goal: str
    initiatives: tuple[str, ...]
    promised: Mapping[str, float | None]
    realised: float | None


def goal_records(inputs: Inputs, plans: Mapping[str, Plan], now: Plan) -> tuple[GoalRecord, ...]:
    """Every goal that initiatives serve; `plans` those agreed by first open month, `now` the plan shown."""
    cycles = dict([*sorted(plans.items())][-MOST_CYCLES:]) | {now.months[0]: now}
    by_goal: dict[str, list[Initiative]] = {}
    for item in inputs.initiatives or ():
        by_goal.setdefault(item.goal, []).append(item)
    closed = [month for month in inputs.history.months if month < now.months[0]]
    came = [each for each in realised_benefits(inputs, plans, closed) if each.share is not None]
    found = []
    for goal, items in sorted(by_goal.items()):
        names = tuple(item.name for item in items)
        shares = [each.share for each in came if each.initiative in names and each.share is not None]
        promised = {cycle: _promised(plan, names) for cycle, plan in cycles.items()}
        found.append(GoalRecord(goal, names, promised, float(np.mean(shares)) if shares else None))
    return tuple(found)


def _promised(plan: Plan, names: Sequence[str]) -> float | None:
    known = [name for name in names if name in plan.names("initiative_effect")]
    if not known:
        return None
    rows = [plan.names("initiative_effect").index(name) for name in known]
    return float(plan["initiative_effect"][rows, : plan.calendar.year].mean())


def goals_table(records: Sequence[GoalRecord]) -> PlanTable:
    """Each goal with what was promised in each cycle, and what came of what was due."""
    cycles = tuple(records[0].promised) if records else ()
    promised: tuple[Col[GoalRecord], ...] = tuple(
        Col(period_short(cycle), "percent", lambda row, cycle=cycle: row.promised[cycle])  # type: ignore[misc]
        for cycle in cycles
    )
    return Declared[GoalRecord](
        "Goals by cycle: promised and realised",
        (
            Col("Goal", "text", lambda row: row.goal),
            Col("Initiatives", "text", lambda row: ", ".join(row.initiatives)),
            *promised,
            Col("Came of what was due", "percent", lambda row: row.realised),
        ),
        "No initiative serves a goal yet.",
    ).of(records)


def goals_line(records: Sequence[GoalRecord]) -> str:
    """One line for the executive review: of each goal what is promised now, what was at first, and what came."""
    told = []
    for record in records:
        values = [value for value in record.promised.values() if value is not None]
        if not values:
            continue
        was = f" (was {percent(values[0])})" if percent(values[0]) != percent(values[-1]) else ""
        came = "nothing due yet" if record.realised is None else f"{percent(record.realised)} of what was due came"
        told.append(f"{record.goal}: {percent(values[-1])} of its full benefit promised{was}, {came}")
    return "; ".join(told)
