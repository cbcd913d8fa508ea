"""A quote in words and tables: when an order can be promised, what it brings and costs, and who is pushed."""

from __future__ import annotations

from datetime import date

from sop.analysis.supply.quotes import QuoteAnswer
from sop.core.calendar import period_name, worded
from sop.core.format import how_many
from sop.core.money import MINOR
from sop.core.present import Col, Declared, Figure, PlanTable, texts
from sop.core.words import Money, days_text, units_text

SHOWN_PUSHED = 6
"""Rows of orders pushed that are shown; the rest is counted."""

_COST_NAMES = {
    "variable": "Making it",
    "wages": "Wages",
    "overtime": "Overtime",
    "hiring": "Hiring",
    "release": "Releasing people",
    "subcontract": "Subcontract",
    "extra_hours": "Hours bought for lines",
    "outside_machine_hours": "Outside machine hours",
    "agency_hours": "Agency hours",
    "extra_overtime": "Overtime beyond its cap",
    "spot_material": "Spot material",
    "outside_shared_hours": "Outside hours of shared resources",
    "outside_storage": "Outside storage",
    "above_maximum_stock": "Stock above its maximum",
}


def quote_sentence(answer: QuoteAnswer, money: Money) -> str:
    """'200 of Fleet for Mar 2027: promised by 22 Apr 2027, 22 days late; it earns 900 €; it pushes Heavy duty.'"""
    order = answer.order
    start = f"{units_text(order.units, '')} of {order.family} for {period_name(order.month)}"
    soon = worded(f"; the standard lead time of {days_text(answer.standard_days)} asks for a later month")
    soon = soon if answer.short_notice else ""
    if answer.promise is None:
        return f"{start} cannot be promised within the horizon{_because(answer)}{soon}."
    when = f"promised by {plain_day(answer.promise)}"
    if answer.from_stock:
        how = ", from stock"
    else:
        how = (
            ", in time"
            if answer.in_time
            else f", {how_many(f'{answer.wait_days:.0f}', 'days')} late{_because(answer)}"
        )
    brings = f"it {'earns' if answer.earned >= 0 else 'loses'} {money(abs(answer.earned))}"
    return f"{start}: {when}{how}; {brings}; {_who_is_pushed(answer)}{soon}."


def _because(answer: QuoteAnswer) -> str:
    return f" because of {answer.limit}" if answer.limit else ""


def _who_is_pushed(answer: QuoteAnswer) -> str:
    names = list(dict.fromkeys(pushed.family for pushed in answer.pushed))
    if not names:
        return "nobody is pushed"
    later = ["other orders of its own" if name == answer.order.family else name for name in names]
    return f"it pushes {' and '.join(filter(None, (', '.join(later[:-1]), later[-1])))}"


def plain_day(day: date) -> str:
    """A day in words: '22 Apr 2027'."""
    return f"{day.day} {period_name(day.isoformat()[:7])}"


def arrivals_table(answer: QuoteAnswer) -> PlanTable:
    """When the order is shipped: units and share by month."""
    return Declared[tuple[str, int]](
        "When it is shipped",
        (
            Col(worded("Month"), "text", lambda arrival: period_name(arrival[0])),
            Col("Units", "units", lambda arrival: arrival[1]),
            Col("Share", "percent", lambda arrival: arrival[1] / answer.order.units),
        ),
        "Nothing of it is shipped within the horizon.",
    ).of(answer.arrivals)


def money_table(answer: QuoteAnswer) -> PlanTable:
    """What the order brings and what the plan costs more, line by line."""
    steps = [("Sales to others within the horizon", answer.other_sales)]
    steps += [(_COST_NAMES.get(kind, kind), -amount) for kind, amount in answer.costs]
    told = [(name, amount) for name, amount in steps if abs(amount) >= MINOR / 2]
    return PlanTable(
        "What it brings and costs",
        (Col("Money", "text"), Col("Difference", "small_money", signed=True, better=1)),
        (("Revenue of the order", answer.revenue), *told, ("Earned", answer.earned)),
    )


def pushed_table(answer: QuoteAnswer) -> PlanTable:
    """Whose orders wait longer, most units first."""
    rows: list[tuple[Figure, ...]] = [
        (p.family, p.region, p.units, p.months) for p in answer.pushed[:SHOWN_PUSHED]
    ]
    rest = len(answer.pushed) - SHOWN_PUSHED
    if rest > 0:
        rows.append((f"and {rest} more", "", None, ""))
    columns = (*texts("Family", "Region"), Col("Units later, at most"), Col("in", "text"))
    return PlanTable("Who is pushed", columns, tuple(rows), "Nobody: every other order is shipped as planned.")
