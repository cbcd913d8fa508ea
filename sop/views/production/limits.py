"""What limits the plan: the limits that bind by what they cost, what relief is worth, what stops late units."""

from __future__ import annotations

from sop.analysis.supply.limits import LimitWorth, Margin, ReliefWorth
from sop.core.money import MINOR
from sop.core.present import Col, Declared, PlanTable
from sop.core.words import Money, units_text
from sop.views.production.resources import ResourceLoad

LIMITS, NO_LIMIT = "What limits the plan", "Nothing that is loaded limits this plan."
_UNITS = {"person": "people", "hour": "h", "unit of volume": "of volume"}


def by_worth(limits: tuple[LimitWorth, ...]) -> tuple[LimitWorth, ...]:
    """The dearest limits first, then those that bind longest."""
    return tuple(sorted(limits, key=lambda limit: (-limit.without, -limit.months)))


def bottleneck_of(limits: tuple[LimitWorth, ...]) -> LimitWorth | None:
    """The limit that costs most; None where no single limit costs anything."""
    first = next(iter(by_worth(limits)), None)
    return first if first is not None and first.counts else None


def bottleneck_text(limit: LimitWorth, horizon: int, money: Money) -> str:
    """The bottleneck and its worth as part of a sentence."""
    part = (
        f"{money(limit.money)} of it revenue less cost" if limit.money >= MINOR else "all of it earlier delivery"
    )
    return (
        f"the bottleneck is {limit.phrase}, which binds in {limit.months} of {horizon} months: without that limit "
        f"the plan would be worth {money(limit.without)} more, {part}"
    )


def limits_table(limits: tuple[LimitWorth, ...]) -> PlanTable:
    """The limits by what they cost."""
    return Declared[LimitWorth](
        LIMITS,
        (
            Col("Limit", "text", lambda each: each.label),
            Col("Binds", "months", lambda each: each.months),
            Col("Costs the plan", "small_money", lambda each: each.without if each.counts else None),
        ),
        NO_LIMIT,
    ).of(by_worth(limits))


def margin_sentence(limits: tuple[LimitWorth, ...], money: Money) -> str:
    """What one more of the dearest limit is worth and how far; empty where it was not looked at."""
    best, margin = next(((each, each.margin) for each in by_worth(limits) if each.margin), (None, None))
    if best is None or margin is None:
        return "" if limits else NO_LIMIT
    if margin.worth < MINOR:
        return f"{best.phrase[0].upper()}{best.phrase[1:]} binds, but one more {best.unit} alone brings nothing."
    reach = _reach(best.unit, margin, money)
    return f"One more {best.unit} of {best.phrase} a month is worth {money(margin.worth)}, {reach}."


def _reach(unit: str, margin: Margin, money: Money) -> str:
    """How far a worth reaches: 'for the first 2.5 h, then 80 €'; that there is none."""
    if margin.worth < MINOR:
        return "brings nothing"
    size = f"{margin.reach:,.1f}" if margin.reach < 10 else units_text(margin.reach, "")
    units = _UNITS.get(unit, f"{unit}s")
    if margin.open_ended:
        return f"for at least the next {size} {units}"
    return f"for the first {size} {units}, then {money(margin.after)}"


def margins_table(limits: tuple[LimitWorth, ...], money: Money) -> PlanTable:
    """What one more and one less of each limit is worth, each found by planning again."""
    return Declared[tuple[LimitWorth, Margin]](
        "What one more and one less is worth",
        (
            Col("Limit", "text", lambda each: each[0].label),
            Col("Binds in", "text", lambda each: each[0].periods),
            Col("One", "text", lambda each: each[0].unit),
            Col("more is worth, a month", "small_money", lambda each: each[1].worth),
            Col("money of it", "small_money", lambda each: each[1].money),
            Col("How far", "text", lambda each: _reach(each[0].unit, each[1], money)),
            Col("less costs, a month", "small_money", lambda each: each[1].less),
        ),
    ).of((limit, limit.margin) for limit in by_worth(limits) if limit.margin is not None)


def relief_table(relief: tuple[ReliefWorth, ...]) -> PlanTable:
    """What relief in the amounts in which it comes returns over the horizon, the most first."""
    return Declared[ReliefWorth](
        "What relief returns",
        (
            Col("Relief", "text", lambda each: each.name),
            Col("In", "text", lambda each: each.periods),
            Col("Returns", "small_money", lambda each: each.worth),
            Col("money of it", "small_money", lambda each: each.money),
            Col("No longer late or lost", "units", lambda each: each.units or None),
        ),
        "No limit binds, so no relief returns anything.",
    ).of(relief)


def full_lines_table(resources: tuple[ResourceLoad, ...]) -> PlanTable:
    """Lines by months at their demonstrated capacity: what a frozen plan still tells of its limits."""
    return Declared[ResourceLoad](
        LIMITS,
        (
            Col("Limit", "text", lambda each: each.name),
            Col("Months full", "months", lambda each: each.full_months),
            Col("Utilisation", "percent", lambda each: each.utilisation_next_year),
        ),
    ).of(resources)
