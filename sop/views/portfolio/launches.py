"""The new products plan: launches with their gates, and what their planned volume sells and costs."""

from __future__ import annotations

import numpy as np

from sop.analysis.decisions.readiness import launch_readiness
from sop.core.calendar import period_name, shift_period
from sop.core.inputs import Floats, Launch
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.present import PlanTable, TableColumn, difference, known
from sop.core.register import Assumptions
from sop.core.words import Money, units_text
from sop.views.portfolio.gates import next_gate, passed, slip_text
from sop.views.series import PlanSeries
from sop.views.timeline import PlanContext

UNITS_COLUMN, REVENUE_COLUMN = 7, 9
"""Places of the columns that the message adds up."""


def launches_message(context: PlanContext, assumptions: Assumptions, money: Money) -> str:
    """How many launches, what they sell in the next twelve months, and which slips most."""
    table = launches_table(context, assumptions)
    volume, revenue = (
        sum(_number(row[column]) for row in table.rows) for column in (UNITS_COLUMN, REVENUE_COLUMN)
    )
    text = f"{_count(len(table.rows))} {units_text(volume)} and {money(revenue)} in the next 12 months"
    late, name, month = max(
        (_slip(context, launch) for launch in context.inputs.launches or ()), default=(0, "", "")
    )
    if late <= 0:
        return f"{text}; none slips against its baseline."
    return f"{text}; {name} slips {slip_text(late).removeprefix('+')} against its baseline to {month}."


def _slip(context: PlanContext, launch: Launch) -> tuple[int, str, str]:
    """Months behind the baseline, name, and the planned month in words."""
    market = launch.market_gate
    if market is None:
        return 0, launch.name, ""
    added = _added_slip(context, launch)
    month = shift_period(context.plan.calendar.first_open, market.baseline + market.slip_months + added)
    return market.slip_months + added, launch.name, period_name(month)


def launches_to_come(context: PlanContext) -> list[str]:
    """Names of the launches that a gate dates and that have not happened yet."""
    gates = ((launch.name, launch.market_gate) for launch in context.inputs.launches or ())
    return [name for name, gate in gates if gate is not None and gate.actual is None]


CHECKS = ("date", "volume", "capacity", "materials", "lead time", "cost")


def readiness_table(context: PlanContext, assumptions: Assumptions) -> PlanTable:
    """Whether each launch that is still to come is ready, check by check, and why not."""
    rows = []
    for found in launch_readiness(context.plan, context.inputs, assumptions):
        states = {check.name: check.state for check in found.checks}
        why = "; ".join(check.sentence for check in found.checks if check.state != "ready")
        rows.append(
            (found.launch, found.state, *(states.get(name) for name in CHECKS), why or "nothing is missing")
        )
    titles = ("Launch", "State", *(name.capitalize() for name in CHECKS), "What is missing")
    return PlanTable("Readiness", tuple(TableColumn(title, "text") for title in titles), tuple(rows))


def launches_table(context: PlanContext, assumptions: Assumptions) -> PlanTable:
    """Launches with gate, dates, probability, and volume, revenue and cost of the next twelve months.

    Revenue is the planned (probability weighted) volume at the net price of its family.
    """
    rows = []
    for launch in context.inputs.launches or ():
        market, ahead = launch.market_gate, next_gate(launch.gates)
        volume = launch_volume(context.plan, launch.name, context.plan.months)
        cost = _of(context.plan, "launch_cost", launch.name)
        added = _added_slip(context, launch)
        first = context.plan.calendar.first_open
        agreed = launch_volume(context.base, launch.name, context.plan.months[: context.year])
        rows.append(
            (
                launch.name,
                context.inputs.families.names[launch.family],
                f"{passed(launch.gates)}" + (f"; next {ahead.name}" if ahead else ""),
                None if market is None else period_name(shift_period(first, market.baseline)),
                None if market is None else period_name(shift_period(first, market.forecast + added)),
                None if market is None else slip_text(market.slip_months + added),
                assumptions.value("launch_probability", launch.name, launch.probability),
                known(volume[: context.year].sum()),
                difference(known(volume[: context.year].sum()), known(agreed.sum())),
                known((volume * family_price(context, launch.family))[: context.year].sum() * MINOR),
                known(cost[: context.year].sum()),
            )
        )
    columns = (
        TableColumn("Launch", "text"),
        TableColumn("Family", "text"),
        TableColumn("Gates", "text"),
        TableColumn("Baseline", "text"),
        TableColumn("Planned", "text"),
        TableColumn("Slip", "text"),
        TableColumn("Probability", "percent"),
        TableColumn("Units, 12 months"),
        TableColumn("To agreed", signed=True, better=1),
        TableColumn("Revenue, 12 months", "money"),
        TableColumn("Launch cost, 12 months", "money"),
    )
    return PlanTable("Launches", columns, tuple(rows))


def launch_volume(plan: Plan | None, name: str | None, months: tuple[str, ...]) -> Floats:
    """Planned units of a launch (None: all) in some months; not-a-number where the plan does not cover one."""
    found = np.full(len(months), np.nan)
    if plan is None or "launch_volume" not in plan:
        return found
    names = plan.names("launch_volume")
    rows = [at for at, known_name in enumerate(names) if name in (None, known_name)]
    for place, month in enumerate(months):
        if month in plan.months and rows:
            found[place] = plan["launch_volume"][rows, plan.months.index(month)].sum()
    return found


def ramp_series(context: PlanContext, name: str | None) -> PlanSeries:
    """Planned units of a launch (None: all) by month beside the agreed plan."""
    nothing = np.full(len(context.months), np.nan)
    now, agreed = (launch_volume(plan, name, context.months) for plan in (context.plan, context.base))
    agreed[: context.past] = np.nan
    return PlanSeries(
        "Launch volume", "units", "flow", 1, context.past, context.year, now, agreed, nothing, nothing, nothing
    )


def family_price(context: PlanContext, family: int) -> Floats:
    """Net price of a family (T,) in currency, the mean of its regions; not-a-number where it is not known."""
    price = context.plan.detail.price
    if price is not None:
        return np.asarray(price[family]).mean(axis=0)
    return np.full(len(context.plan.months), context.inputs.position.price[family].mean())


def _added_slip(context: PlanContext, launch: Launch) -> int:
    """Months that the plan adds to the forecast date of the last gate."""
    slip, gate = _of(context.plan, "launch_slip", launch.name), launch.market_gate
    if gate is None or gate.actual is not None or not np.isfinite(slip).all():
        return 0
    return round(float(slip[0])) - gate.slip_months


def _of(plan: Plan, key: str, name: str) -> Floats:
    if name not in plan.names(key):
        return np.full(len(plan.months), np.nan)
    return plan[key][plan.names(key).index(name)].astype(float)


def _number(figure: object) -> float:
    return float(figure) if isinstance(figure, int | float) else 0.0


def _count(launches: int) -> str:
    return "1 launch sells" if launches == 1 else f"{launches} launches sell"
