"""What limits the plan: the limits that bind, what the plan would gain without them, and what relief brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sop.analysis.effects import PlanEffect
from sop.analysis.supply.limits import LimitWorth, Margin, ReliefWorth
from sop.core.calendar import MONTHS, worded
from sop.core.format import how_many
from sop.core.present import Col, Declared, Form, PlanTable
from sop.core.words import Money, units_text
from sop.views.production.resources import ResourceLoad

LIMITS, NO_LIMIT = "What limits the plan", "Nothing that is loaded limits this plan."
_UNITS = {"person": "people", "hour": "h", "unit of volume": "of volume"}


def bottleneck_of(limits: tuple[LimitWorth, ...]) -> LimitWorth | None:
    """The limit that holds the plan back most; None where the plan would be the same without any single one."""
    first = next(iter(limits), None)
    return first if first is not None and first.counts else None


def bottleneck_text(limit: LimitWorth, horizon: int, money: Money, near: str) -> str:
    """The bottleneck and the profit without it; cash and waiting stand in the table of limits beside it."""
    span = worded(f"{limit.months} of {how_many(horizon, 'months')}", counted=True)
    return (
        f"the bottleneck is {limit.phrase}, which binds in {span}: without that limit "
        f"{_profit_text(limit.effect, horizon, money, near)}"
    )


def effect_text(effect: PlanEffect, horizon: int, money: Money, near: str) -> str:
    """'EBIT would be 0.06 M€ higher in 12 months and 0.02 M€ in 24, the lowest cash 0.14 M€ lower, and customers
    would wait 60 929 unit-days less'."""
    parts = [_profit_text(effect, horizon, money, near)]
    if effect.cash_low is not None:
        parts.append(f"the lowest cash {_moved(effect.cash_low, money)}")
    if effect.unit_days:
        more = "more" if effect.unit_days > 0 else "less"
        parts.append(f"and customers would wait {units_text(abs(effect.unit_days), 'unit-days')} {more}")
    return ", ".join(parts)


def _profit_text(effect: PlanEffect, horizon: int, money: Money, near: str) -> str:
    year, whole = effect.ebit_12_months, effect.ebit_horizon
    if year is None or whole is None:
        return "EBIT is not known"
    text = f"EBIT would be {_moved(year, money)} in {near}"
    span = worded(how_many(horizon, "months"), counted=True)
    return text if near == span else f"{text} and {_moved(whole, money)} in {span.removesuffix(MONTHS)}"


def _moved(value: int, money: Money) -> str:
    return f"{money(abs(value))} {'higher' if value >= 0 else 'lower'}"


def _effects(of: Callable[[Any], PlanEffect | None], near: str, form: Form = "money") -> tuple[Col, ...]:
    """The columns of an effect: profit of both spans, lowest cash, unit-days waited; `form`: of its money."""

    def read(name: str) -> Callable[[Any], float | None]:
        def value(row: Any) -> float | None:
            found = of(row)
            return None if found is None else getattr(found, name)

        return value

    return (
        Col(f"EBIT, {near}", form, read("ebit_12_months"), signed=True, better=1),
        Col("to the horizon", form, read("ebit_horizon"), signed=True, better=1),
        Col("Lowest cash", form, read("cash_low"), signed=True, better=1),
        Col("Unit-days waited", "units", read("unit_days"), signed=True, better=-1),
    )


def limits_table(limits: tuple[LimitWorth, ...], near: str) -> PlanTable:
    """The limits, the bottleneck first, with what the plan would gain without each."""
    return Declared[LimitWorth](
        LIMITS,
        (
            Col("Limit", "text", lambda each: each.label),
            Col("Binds", "months", lambda each: each.months),
            *_effects(lambda each: each.effect, near),
        ),
        NO_LIMIT,
    ).of(limits)


def margin_sentence(limits: tuple[LimitWorth, ...], horizon: int, money: Money, near: str) -> str:
    """What a step more of the bottleneck brings; empty where it was not looked at."""
    best, margin = next(((each, each.margin) for each in limits if each.margin), (None, None))
    if best is None or margin is None:
        return "" if limits else NO_LIMIT
    cost = "net of its price" if margin.known else "before its cost, which is not known"
    return worded(
        f"With {_amount(best, margin)} more of {best.phrase} in each month where it binds, {cost}, "
        f"{effect_text(margin.more, horizon, money, near)}."
    )


def _amount(limit: LimitWorth, margin: Margin) -> str:
    unit = _UNITS.get(limit.unit, f"{limit.unit}s") if margin.amount != 1 else limit.unit
    return units_text(margin.amount, unit)


def margins_table(limits: tuple[LimitWorth, ...], near: str) -> PlanTable:
    """What a step more of each limit in the months where it binds does, and a step less."""
    return Declared[tuple[LimitWorth, Margin]](
        "A step more, and a step less",
        (
            Col("Limit", "text", lambda each: each[0].label),
            Col("Binds in", "text", lambda each: each[0].periods),
            Col(worded("Step a month"), "text", lambda each: _amount(each[0], each[1])),
            # A step is an hour or a few units, worth little of what a company plans in.
            *_effects(lambda each: each[1].more, near, "small_money"),
            Col("Its cost", "text", lambda each: "is in it" if each[1].known else "not known"),
            Col(
                "One less: EBIT to the horizon",
                "small_money",
                lambda each: None if each[1].less is None else each[1].less.ebit_horizon,
                signed=True,
                better=1,
            ),
        ),
    ).of((limit, limit.margin) for limit in limits if limit.margin is not None)


def relief_table(relief: tuple[ReliefWorth, ...], near: str) -> PlanTable:
    """What relief in the amounts in which it comes brings, net of what it costs, the most lasting first."""
    return Declared[ReliefWorth](
        "What relief brings",
        (
            Col("Relief", "text", lambda each: each.name),
            Col("In", "text", lambda each: each.periods),
            *_effects(lambda each: each.effect, near),
            Col("Costs itself", "small_money", lambda each: each.cost),
            Col("No longer late or lost", "units", lambda each: each.units or None),
        ),
        "No limit binds that relief could widen in time.",
    ).of(relief)


def full_lines_table(resources: tuple[ResourceLoad, ...]) -> PlanTable:
    """Lines by months at their demonstrated capacity: what a frozen plan still tells of its limits."""
    return Declared[ResourceLoad](
        LIMITS,
        (
            Col("Limit", "text", lambda each: each.name),
            Col(worded("Months full"), "months", lambda each: each.full_months),
            Col("Utilisation", "percent", lambda each: each.utilisation_next_year),
        ),
    ).of(resources)
