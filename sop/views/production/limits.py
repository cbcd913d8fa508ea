"""What limits the plan: the limits that bind by what they cost, what relief is worth, what stops late units."""

from __future__ import annotations

from sop.analysis.supply.limits import LimitWorth, ReliefWorth
from sop.core.money import MINOR
from sop.core.present import PlanTable, TableColumn
from sop.core.words import Money, units_text
from sop.views.production.resources import ResourceLoad

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
    rows = tuple((each.label, each.months, each.without if each.counts else None) for each in by_worth(limits))
    columns = (
        TableColumn("Limit", "text"),
        TableColumn("Binds", "months"),
        TableColumn("Costs the plan", "small_money"),
    )
    return PlanTable("What limits the plan", columns, rows, "Nothing that is loaded limits this plan.")


def margin_sentence(limits: tuple[LimitWorth, ...], money: Money) -> str:
    """What one more of the dearest limit is worth and how far; empty where it was not looked at."""
    best = next((each for each in by_worth(limits) if each.margin is not None), None)
    if best is None:
        return "" if limits else "Nothing that is loaded limits this plan."
    margin = best.margin
    assert margin is not None
    if margin.worth < MINOR:
        return f"{best.phrase[0].upper()}{best.phrase[1:]} binds, but one more {best.unit} alone brings nothing."
    return f"One more {best.unit} of {best.phrase} a month is worth {money(margin.worth)}, {_reach(best, money)}."


def _reach(limit: LimitWorth, money: Money) -> str:
    """How far a worth reaches: 'for the first 2.5 h, then 80 €'."""
    margin = limit.margin
    assert margin is not None
    size = f"{margin.reach:,.1f}" if margin.reach < 10 else units_text(margin.reach, "")
    unit = _UNITS.get(limit.unit, f"{limit.unit}s")
    if margin.open_ended:
        return f"for at least the next {size} {unit}"
    return f"for the first {size} {unit}, then {money(margin.after)}"


def margins_table(limits: tuple[LimitWorth, ...], money: Money) -> PlanTable:
    """What one more and one less of each limit is worth, each found by planning again."""
    rows = []
    for limit in by_worth(limits):
        margin = limit.margin
        if margin is not None:
            reach = _reach(limit, money) if margin.worth >= MINOR else "brings nothing"
            rows.append((limit.label, limit.periods, limit.unit, margin.worth, margin.money, reach, margin.less))
    columns = (
        TableColumn("Limit", "text"),
        TableColumn("Binds in", "text"),
        TableColumn("One", "text"),
        TableColumn("more is worth, a month", "small_money"),
        TableColumn("money of it", "small_money"),
        TableColumn("How far", "text"),
        TableColumn("less costs, a month", "small_money"),
    )
    return PlanTable("What one more and one less is worth", columns, tuple(rows))


def relief_table(relief: tuple[ReliefWorth, ...]) -> PlanTable:
    """What relief in the amounts in which it comes returns over the horizon, the most first."""
    rows = tuple((each.name, each.periods, each.worth, each.money, each.units or None) for each in relief)
    columns = (
        TableColumn("Relief", "text"),
        TableColumn("In", "text"),
        TableColumn("Returns", "small_money"),
        TableColumn("money of it", "small_money"),
        TableColumn("No longer late or lost", "units"),
    )
    return PlanTable("What relief returns", columns, rows, "No limit binds, so no relief returns anything.")


def full_lines_table(resources: tuple[ResourceLoad, ...]) -> PlanTable:
    """Lines by months at their demonstrated capacity: what a frozen plan still tells of its limits."""
    columns = (
        TableColumn("Limit", "text"),
        TableColumn("Months full", "months"),
        TableColumn("Utilisation", "percent"),
    )
    rows = tuple((r.name, r.full_months, r.utilisation_next_year) for r in resources)
    return PlanTable("What limits the plan", columns, rows)
