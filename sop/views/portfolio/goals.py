"""Strategic goals: what their initiatives promised in each cycle, in part and in money, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sop.analysis.performance.benefits import realised_benefits
from sop.core.calendar import period_short, worded
from sop.core.format import percent
from sop.core.inputs import Initiative, Inputs
from sop.core.plan import Plan
from sop.core.present import Col, Declared, Figure, PlanTable
from sop.portfolio.worth import PromiseByMonth

MOST_CYCLES = 6
"""Past cycles that are told, the newest last."""


Promised = Mapping[str, Mapping[str, PromiseByMonth]]
"""Cycle → goal → what the plan of that cycle counts on."""


@dataclass(frozen=True)
class GoalMoney:
    """A goal's money in one cycle, in minor units. `promised`: profit before spend in the next twelve months, None
    where profit is not known.

    `cash`: at their end, after the spend, for what frees stock is no profit; None where cash is not planned.
    `due`: of that in the cycle's own month, None while it is open; `came`: the part of it that came, by estimate,
    None where it cannot be measured.
    """

    promised: int | None
    cash: int | None = None
    due: int | None = None
    came: int | None = None


@dataclass(frozen=True)
class GoalRecord:
    """A goal by cycle. `promised`: by cycle, the share of its initiatives' full benefits that the plan signed then
    counted on for its next twelve months, the mean over them; None where it knew none of them. `realised`: of what
    was counted on in closed months, the share that came, None where nothing was due or can be measured. `money`:
    the same in money, of the cycles of which it is known.
    """

    goal: str
    initiatives: tuple[str, ...]
    promised: Mapping[str, float | None]
    realised: float | None
    money: Mapping[str, GoalMoney] = field(default_factory=dict)


def goal_records(
    inputs: Inputs, plans: Mapping[str, Plan], now: Plan, promises: Promised | None = None
) -> tuple[GoalRecord, ...]:
    """Every goal that initiatives serve.

    `plans` those agreed by first open month, `now` the plan shown, `promises` their money where it is known.
    """
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
        money = {
            cycle: _money(inputs, plans, names, plan, months[goal])
            for cycle, plan in cycles.items()
            if goal in (months := (promises or {}).get(cycle, {}))
        }
        found.append(GoalRecord(goal, names, promised, float(np.mean(shares)) if shares else None, money))
    return tuple(found)


def _money(
    inputs: Inputs, plans: Mapping[str, Plan], names: Sequence[str], plan: Plan, found: PromiseByMonth
) -> GoalMoney:
    """A goal's money in the cycle of a plan: what came is the measured share of what was due in its month."""
    first, year = plan.months[0], plan.months[: plan.calendar.year]
    promised = sum(found.profit[month] for month in year) if found.profit else None
    cash = found.cash.get(year[-1])
    if first not in inputs.history.months or promised is None:
        return GoalMoney(promised, cash)
    due = found.profit[first]
    came = realised_benefits(inputs, plans, [first]) if due else ()
    shares = [each.share for each in came if each.initiative in names and each.share is not None]
    return GoalMoney(promised, cash, due, round(due * float(np.mean(shares))) if shares else None)


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
        Col(period_short(cycle), "percent", lambda row, cycle=cycle: row.promised[cycle], bare=True)  # type: ignore[misc]
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


def goal_money_table(records: Sequence[GoalRecord]) -> PlanTable:
    """Each goal's money by cycle: promised for twelve months, and where any was due, that and what came."""
    cycles = tuple(dict.fromkeys(cycle for record in records for cycle in record.money))
    rows = [
        (record, worded(what), read)
        for record in records
        for what, read in _READ
        if any(read(money) for money in record.money.values())
    ]
    by_cycle: tuple[Col[_Row], ...] = tuple(
        Col(
            period_short(cycle),
            "small_money",
            lambda row, cycle=cycle: row[2](row[0].money[cycle]) if cycle in row[0].money else None,  # type: ignore[misc]
            bare=True,
        )
        for cycle in sorted(cycles)
    )
    return Declared[_Row](
        "Goals by cycle, in money",
        (
            Col("Goal", "text", lambda row: row[0].goal),
            Col("Money", "text", lambda row: row[1]),
            *by_cycle,
        ),
        "No plan that was signed tells what a goal promised in money.",
    ).of(rows)


_Read = Callable[[GoalMoney], int | None]
_Row = tuple[GoalRecord, str, _Read]
_READ: tuple[tuple[str, _Read], ...] = (
    ("Profit promised in the months ahead", lambda money: money.promised),
    ("Cash promised in the months ahead", lambda money: money.cash),
    ("Profit due in the month", lambda money: money.due),
    ("Came of it, estimate", lambda money: money.came),
)


def goals_now_table(records: Sequence[GoalRecord]) -> PlanTable:
    """For the executive review: of each goal what is promised now, what was at first, its money, and what came."""

    def promised(row: GoalRecord, at: int) -> float | None:
        values = [value for value in row.promised.values() if value is not None]
        return values[at] if values else None

    def money(row: GoalRecord, read: _Read) -> int | None:
        return read(row.money[max(row.money)]) if row.money else None

    def came(row: GoalRecord) -> Figure:
        return "nothing due yet" if row.realised is None else percent(row.realised)

    return Declared[GoalRecord](
        "Goals",
        (
            Col("Goal", "text", lambda row: row.goal),
            Col("Promised", "percent", lambda row: promised(row, -1)),
            Col("at first", "percent", lambda row: promised(row, 0)),
            Col("Profit", "money", lambda row: money(row, lambda each: each.promised)),
            Col("Cash", "money", lambda row: money(row, lambda each: each.cash)),
            Col("Came of what was due", "text", came),
        ),
        "No initiative serves a goal yet.",
    ).of(row for row in records if promised(row, -1) is not None)
