"""A quote in words and tables: when an order can be promised, what it brings and costs, and who is pushed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sop.core.money import MINOR
from sop.core.present import Figure, PlanTable, TableColumn
from sop.core.words import Money, days_text, plain_month, units_text

SHOWN_PUSHED = 6
"""Rows of orders pushed that are shown; the rest is counted."""


@dataclass(frozen=True)
class Order:
    """An order that is asked about: whole units of a family for a region, wanted in a month."""

    family: str
    region: str
    units: int
    month: str


@dataclass(frozen=True)
class Pushed:
    """Orders that wait longer: the most units later (or lost) in any of `months`, a text such as 'Mar 2027'."""

    family: str
    region: str
    units: int
    months: str


@dataclass(frozen=True)
class QuoteAnswer:
    """The answer to one order under one plan; money in minor units.

    `promise`: the day by which all of it is shipped, None where the horizon does not reach it; `wait_days` from
    the end of the wanted month. `arrivals`: units by month. `revenue` is the order's own, `costs` what the plan
    costs more by kind, `other_sales` how sales to others change within the horizon. `limit`: what delays it.
    `standard_days`: the family's lead time when nothing is late (not-a-number where not known), `notice_days` from
    the first planned day to the end of the wanted month.
    """

    order: Order
    promise: date | None
    wait_days: float
    from_stock: bool
    arrivals: tuple[tuple[str, int], ...]
    revenue: float
    costs: tuple[tuple[str, float], ...]
    other_sales: float
    pushed: tuple[Pushed, ...]
    limit: str = ""
    standard_days: float = 0.0
    notice_days: float = float("inf")

    @property
    def in_time(self) -> bool:
        """Whether the whole order is there in the wanted month."""
        return self.promise is not None and self.wait_days <= 0

    @property
    def short_notice(self) -> bool:
        """Whether the wanted month ends sooner than the standard lead time allows."""
        return self.notice_days < round(self.standard_days) if self.standard_days > 0 else False

    @property
    def cost(self) -> float:
        """What the plan costs more."""
        return sum(amount for _, amount in self.costs)

    @property
    def earned(self) -> float:
        """What the order brings less what it costs, with what is not sold to others."""
        return self.revenue + self.other_sales - self.cost


def quote_sentence(answer: QuoteAnswer, money: Money) -> str:
    """'200 of Fleet for Mar 2027: promised by 22 Apr 2027, 22 days late; it earns 900 €; it pushes Heavy duty.'"""
    order = answer.order
    start = f"{units_text(order.units, '')} of {order.family} for {plain_month(order.month)}"
    soon = f"; the standard lead time of {days_text(answer.standard_days)} asks for a later month"
    soon = soon if answer.short_notice else ""
    if answer.promise is None:
        return f"{start} cannot be promised within the horizon{_because(answer)}{soon}."
    when = f"promised by {plain_day(answer.promise)}"
    if answer.from_stock:
        how = ", from stock"
    else:
        how = ", in time" if answer.in_time else f", {answer.wait_days:.0f} days late{_because(answer)}"
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
    return f"{day.day} {plain_month(day.isoformat()[:7])}"


def arrivals_table(answer: QuoteAnswer) -> PlanTable:
    """When the order is shipped: units and share by month."""
    rows = tuple((plain_month(month), float(n), n / answer.order.units) for month, n in answer.arrivals)
    columns = (TableColumn("Month", "text"), TableColumn("Units"), TableColumn("Share", "percent"))
    return PlanTable("When it is shipped", columns, rows, "Nothing of it is shipped within the horizon.")


def money_table(answer: QuoteAnswer) -> PlanTable:
    """What the order brings and what the plan costs more, line by line."""
    rows = [("Revenue of the order", answer.revenue)]
    if abs(answer.other_sales) >= MINOR / 2:
        rows.append(("Sales to others within the horizon", answer.other_sales))
    rows += [(name, -amount) for name, amount in answer.costs if abs(amount) >= MINOR / 2]
    rows.append(("Earned", answer.earned))
    columns = (TableColumn("Money", "text"), TableColumn("Difference", "small_money", signed=True, better=1))
    return PlanTable("What it brings and costs", columns, tuple(rows))


def pushed_table(answer: QuoteAnswer) -> PlanTable:
    """Whose orders wait longer, most units first."""
    shown = answer.pushed[:SHOWN_PUSHED]
    rows: list[tuple[Figure, ...]] = [(p.family, p.region, p.units, p.months) for p in shown]
    rest = len(answer.pushed) - SHOWN_PUSHED
    if rest > 0:
        rows.append((f"and {rest} more", "", None, ""))
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Region", "text"),
        TableColumn("Units later, at most"),
        TableColumn("in", "text"),
    )
    return PlanTable("Who is pushed", columns, tuple(rows), "Nobody: every other order is shipped as planned.")
