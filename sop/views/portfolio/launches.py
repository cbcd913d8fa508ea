"""The new products plan: launches with their gates, and what their planned volume sells and costs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sop.analysis.decisions.readiness import Readiness, launch_readiness
from sop.core.calendar import period_name
from sop.core.format import does, how_many
from sop.core.inputs import Floats, Launch
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.present import Col, Declared, PlanTable
from sop.core.register import Assumptions
from sop.core.words import Money, units_text
from sop.portfolio.launch_volumes import launch_probability
from sop.views.portfolio.gates import passed, slip_text
from sop.views.series import PlanSeries, plain_series, row_of
from sop.views.timeline import PlanContext


def launches_message(context: PlanContext, assumptions: Assumptions, money: Money) -> str:
    """How many launches, what they sell in the next twelve months, and which slips most."""
    launches = context.inputs.launches or ()
    volume = units_text(float(np.nansum([_year_units(context, launch) for launch in launches])))
    revenue = float(np.sum([_year_revenue(context, launch) for launch in launches]))
    selling = sum(_year_units(context, launch) != 0 for launch in launches)
    # Units of launches in different families are not added up: their money is.
    told = [] if of_several(context) else [volume]
    told += [money(revenue)] if np.isfinite(revenue) else []
    text = f"{_who_sells(selling, len(launches))} {' and '.join(told)} in the next {context.near_text}"
    dated = [launch for launch in launches if launch.market_gate is not None]
    late, name, month = max((_slip(context, launch) for launch in dated), default=(0, "", ""))
    if late <= 0:
        return f"{text}; none slips against its baseline."
    return f"{text}; {name} slips {slip_text(late).removeprefix('+')} against its baseline to {month}."


def _who_sells(selling: int, launches: int) -> str:
    """'2 launches sell', and '1 of 2 launches sells' where others come later."""
    if selling in (0, launches):
        return how_many(launches, "launches", "sell")
    return f"{selling} of {how_many(launches, 'launches')} {does(selling, 'sell')}"


def _slip(context: PlanContext, launch: Launch) -> tuple[int, str, str]:
    """Months behind the baseline as the plan has it, name, and the planned month in words."""
    market, slip = launch.market_gate, row_of(context.plan, "launch_slip", launch.name, context.plan.months)
    assert market is not None
    planned = market.actual is None and bool(np.isfinite(slip).all())
    late = round(float(slip[0])) if planned else market.slip_months
    return late, launch.name, period_name(context.plan.calendar.at(market.baseline + late))


def _year_units(context: PlanContext, launch: Launch) -> float:
    return float(launch_volume(context.plan, launch.name, context.plan.months)[: context.year].sum())


def _year_revenue(context: PlanContext, launch: Launch) -> float:
    """The planned (probability weighted) volume of twelve months at the net price of its family, minor units."""
    volume = launch_volume(context.plan, launch.name, context.plan.months)[: context.year]
    price = family_price(context, launch.family)[: context.year]
    return float(np.where(volume == 0, 0.0, volume * price).sum() * MINOR)


def launches_to_come(context: PlanContext) -> list[str]:
    """Names of the launches that a gate dates and that have not happened yet."""
    gates = ((launch.name, launch.market_gate) for launch in context.inputs.launches or ())
    return [name for name, gate in gates if gate is not None and gate.actual is None]


CHECKS = ("date", "volume", "capacity", "materials", "lead time", "cost")


def readiness_table(context: PlanContext, assumptions: Assumptions) -> PlanTable:
    """Whether each launch that is still to come is ready, check by check, and why not."""

    def missing(found: Readiness) -> str:
        told = (check.sentence for check in found.checks if check.state != "ready")
        return "; ".join(told) or "nothing is missing"

    def state_of(name: str) -> Callable[[Readiness], str | None]:
        return lambda found: next((check.state for check in found.checks if check.name == name), None)

    return Declared[Readiness](
        "Readiness",
        (
            Col("Launch", "text", lambda found: found.launch),
            Col("State", "text", lambda found: found.state),
            *(Col(name.capitalize(), "text", state_of(name)) for name in CHECKS),
            Col("What is missing", "text", missing),
        ),
    ).of(launch_readiness(context.plan, context.inputs, assumptions))


def launches_table(context: PlanContext, assumptions: Assumptions) -> PlanTable:
    """Launches with gate, dates, probability, and volume, revenue and cost of the next twelve months."""
    months = context.plan.months[: context.year]

    def baseline(launch: Launch) -> str | None:
        market = launch.market_gate
        return None if market is None else period_name(context.plan.calendar.at(market.baseline))

    def to_agreed(launch: Launch) -> float:
        return _year_units(context, launch) - float(launch_volume(context.base, launch.name, months).sum())

    def cost(launch: Launch) -> float:
        return float(row_of(context.plan, "launch_cost", launch.name, months).sum())

    return Declared[Launch](
        "Launches",
        (
            Col("Launch", "text", lambda launch: launch.name),
            Col("Family", "text", lambda launch: context.inputs.families.names[launch.family]),
            Col("Gates", "text", lambda launch: passed(launch.gates)),
            Col("Baseline", "text", baseline),
            Col("Planned", "text", lambda launch: _slip(context, launch)[2] if launch.market_gate else None),
            Col(
                "Slip", "text", lambda launch: slip_text(_slip(context, launch)[0]) if launch.market_gate else None
            ),
            Col("Probability", "percent", lambda launch: launch_probability(launch, assumptions)),
            Col(f"Units, {context.near_text}", "units", lambda launch: _year_units(context, launch)),
            Col("To agreed", "units", to_agreed, signed=True, better=1),
            Col(f"Revenue, {context.near_text}", "money", lambda launch: _year_revenue(context, launch)),
            Col(f"Launch cost, {context.near_text}", "money", cost),
        ),
    ).of(context.inputs.launches or ())


def launch_volume(plan: Plan | None, name: str | None, months: tuple[str, ...]) -> Floats:
    """Planned units of a launch (None: all) in some months; not-a-number where the plan does not cover one."""
    names = plan.names("launch_volume") if plan is not None else ()
    found = [row_of(plan, "launch_volume", each, months) for each in names if name in (None, each)]
    return np.sum(found, axis=0) if found else np.full(len(months), np.nan)


def of_several(context: PlanContext) -> bool:
    """Whether launches are of several families, whose units are not added up where money can be."""
    return context.prices_known and len({launch.family for launch in context.inputs.launches or ()}) > 1


def ramp_series(context: PlanContext, name: str | None) -> PlanSeries:
    """Planned units of a launch by month beside the agreed plan; of all (None), in several families, in money."""
    in_money = name is None and of_several(context)
    now, agreed = (_ramp(context, plan, name, in_money) for plan in (context.plan, context.base))
    agreed[: context.past] = np.nan
    return plain_series(context, "Launch volume", "currency" if in_money else "units", 1, now, agreed)


def _ramp(context: PlanContext, plan: Plan | None, name: str | None, in_money: bool) -> Floats:
    """Planned volume of a launch (None: all) by month, in units, or at the net price of the plan shown."""
    if not in_money:
        return launch_volume(plan, name, context.months)
    found = [
        launch_volume(plan, launch.name, context.months) * context.net_price[launch.family]
        for launch in context.inputs.launches or ()
        if plan is not None and launch.name in plan.names("launch_volume")
    ]
    return np.sum(found, axis=0) if found else np.full(len(context.months), np.nan)


def family_price(context: PlanContext, family: int) -> Floats:
    """Net price of a family (T,) in currency, the mean of its regions; not-a-number where it is not known."""
    price = context.plan.detail.price
    if price is not None:
        return np.asarray(price[family]).mean(axis=0)
    return np.full(len(context.plan.months), context.inputs.position.price[family].mean())
