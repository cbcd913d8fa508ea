"""One item of the meeting on screen: the one chart that belongs to it, and where the meeting is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sop.agreement.process_records import AgendaItem
from sop.core.format import MoneyFormat
from sop.core.inputs import Floats
from sop.core.measures import measure
from sop.core.plan import Plan
from sop.core.words import in_sentence

_BY_KIND = {"late": "past_due", "lost": "lost_sales", "short": "inventory", "excess": "inventory", "cash": "cash"}
"""Kind of exception → the measure that its chart shows; everything else is told by profit."""
MONTHS = 12


@dataclass(frozen=True)
class ItemChart:
    """One measure by month of the plan, beside the agreed plan's, in the unit on screen; None where not known."""

    title: str
    unit: str
    months: tuple[str, ...]
    plan: tuple[float | None, ...]
    agreed: tuple[float | None, ...]


def chart_of(item: AgendaItem, plan: Plan, agreed: Plan | None, money: MoneyFormat) -> ItemChart | None:
    """The chart of an item: the measure that its exception is about, for its family, else the company's profit.

    None where the plan knows none of them.
    """
    kind, _, name = item.ref.partition("|")
    wanted = [_BY_KIND[kind]] if kind in _BY_KIND else []
    for key in (*wanted, "ebit", "total_revenue", "sales"):
        if key in plan:
            months = plan.months[:MONTHS]
            family = name if name in _families(plan, key) else ""
            of = f"{family}, " if family else ""
            is_money = measure(key).unit == "currency"
            unit = money.unit if is_money else measure(key).unit
            return ItemChart(
                f"{of}{in_sentence(measure(key).label) if of else measure(key).label}",
                unit,
                months,
                _shown(_series(plan, key, family, months), money if is_money else None),
                _shown(_series(agreed, key, family, months), money if is_money else None),
            )
    return None


def _families(plan: Plan, key: str) -> tuple[str, ...]:
    return plan.names(key) if measure(key).grain[:1] == ("family",) else ()


def _series(plan: Plan | None, key: str, family: str, months: Sequence[str]) -> Floats:
    """A measure of a plan on these months; NaN where it has none."""
    found = np.full(len(months), np.nan)
    if plan is None or key not in plan or (family and family not in _families(plan, key)):
        return found
    values = plan.by_family(key)[plan.names(key).index(family)] if family else plan.total(key)
    at = {month: place for place, month in enumerate(plan.months)}
    for place, month in enumerate(months):
        if month in at:
            found[place] = float(values[at[month]])
    return found


def _shown(values: Floats, money: MoneyFormat | None) -> tuple[float | None, ...]:
    known = [None if value != value else float(value) for value in values]
    return tuple(known if money is None else money.values(known))


def place_of(items: Sequence[AgendaItem], item: int | None) -> int:
    """The place of an item in the agenda, from 0; the first where it is gone."""
    return next((at for at, each in enumerate(items) if each.id == item), 0)
