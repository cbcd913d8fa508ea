"""The sales plan: consensus demand by its terms and regions, what it brings in money, and its message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np

from sop.core.arrays import sum_known
from sop.core.calendar import worded
from sop.core.inputs import Floats
from sop.core.measures import measure
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.present import Col, Declared, PlanTable, known
from sop.core.words import Money, against, joined, units_text, who
from sop.views import series
from sop.views.series import over
from sop.views.timeline import PlanContext

TERMS: Mapping[str, tuple[str, ...]] = {
    "Baseline forecast": ("baseline_forecast",),
    "Overrides": ("overrides",),
    "Launches less cannibalisation": ("launches", "cannibalisation"),
    "Events and initiatives": ("events", "initiatives"),
    "Price effect and floor": ("price_effect", "floor"),
}
"""The terms of consensus demand, joined to as many as a chart can show."""
UNITS_OR_MONEY: tuple[Literal["units"], Literal["money"]] = ("units", "money")
"""How a quantity is shown: in units, or valued."""


def sales_message(context: PlanContext, family: str | None, money: Money) -> str:
    """Revenue of the next twelve months against the agreed plan and the budget, then the units of a family.

    Units of several families are not added up, as screws are not added to bicycles: of all of them it tells whose
    revenue moves most since the agreed plan. Where revenue is not known, it speaks of units alone.
    """
    demand, revenue = series.demand(context, family), series.revenue(context, family)
    now, brings = demand.next_year(demand.now), revenue.next_year(revenue.now)
    agreed = against(now, demand.next_year(demand.agreed), "agreed", plain_units, "more than", "fewer than")
    several = family is None and len(context.inputs.families.names) > 1
    if brings != brings:
        why = context.plan.why_unknown("revenue")
        unknown = "the revenue it brings is not known" + (f": {why}." if why else ".")
        if several:
            return f"{who(None)}: demand of the next {context.near_text} is shown by family; {unknown}"
        budget = against(now, demand.next_year(demand.budget), "the budget", plain_units, "above", "below")
        text = joined(
            f"{who(family)}: demand of {units_text(now)} in the next {context.near_text}", agreed, budget
        )
        return f"{text}; {unknown}"
    text = joined(
        f"{who(family)}: revenue of {money(brings)} in the next {context.near_text}",
        against(brings, revenue.next_year(revenue.agreed), "agreed", money, "more than", "less than"),
        against(brings, revenue.next_year(revenue.budget), "the budget", money, "above", "below"),
    )
    if not several:
        return f"{text}; {joined(f'demand of {units_text(now)}', agreed)}."
    return f"{text}{_moves_most(context, money)}."


def _moves_most(context: PlanContext, money: Money) -> str:
    """The family whose revenue differs most from the agreed plan, in money and units; else nothing."""
    found = []
    for name in context.inputs.families.names:
        revenue, demand = series.revenue(context, name), series.demand(context, name)
        moved = revenue.next_year(revenue.now) - revenue.next_year(revenue.agreed)
        if moved == moved and money(abs(moved)) != money(0.0):
            found.append((abs(moved), name, moved, demand))
    if not found:
        return ""
    _, name, moved, demand = max(found, key=lambda each: each[0])
    now, then = demand.next_year(demand.now), demand.next_year(demand.agreed)
    units = against(now, then, "agreed", units_text, "more than", "fewer than")
    size = f"{money(abs(moved))} {'more' if moved > 0 else 'less'}"
    return f"; {name} moves most: {joined(size, units)}"


def plain_units(value: float) -> str:
    """A quantity without its unit, for a sentence that has named it."""
    return units_text(value, "")


def demand_terms(context: PlanContext, family: str | None, in_money: bool = False) -> dict[str, Floats]:
    """Consensus demand of the planned months (T,) by joined terms; they add up to `consensus_demand`.

    In units, or at the net price of each family, in minor units.
    """
    price = context.net_price if in_money else None

    def term(key: str) -> Floats:
        return context.total(context.new_plan(key), family, price)[context.past :]

    return {
        name: np.nan_to_num(sum_known(np.array([term(key) for key in keys]), axis=0))
        for name, keys in TERMS.items()
    }


def terms_table(context: PlanContext, family: str | None, in_money: bool = False) -> PlanTable:
    """Each term over the next twelve months and its difference to the agreed plan, in units or at net price.

    Both plans at the price of the plan shown, so that a difference in money is a difference in units.
    """
    price, kind = context.net_price if in_money else None, UNITS_OR_MONEY[in_money]

    def size(key: str, read: Callable[[str], Floats] = context.new_plan) -> float:
        return over(context.total(read(key), family, price), context.next_year, "flow")

    keys = (*(key for keys in TERMS.values() for key in keys), "consensus_demand")
    return Declared[str](
        f"Terms of demand, next {context.near_text}",
        (
            Col("Term", "text", lambda key: measure(key).label),
            Col("At net price" if in_money else "Units", kind, size),
            Col("To agreed", kind, lambda key: size(key) - size(key, context.compared), signed=True, better=1),
        ),
    ).of(key for key in keys if size(key) or key in ("baseline_forecast", "consensus_demand"))


def regions_table(context: PlanContext, family: str | None, in_money: bool = False) -> PlanTable:
    """Demand and revenue of the next twelve months by region, beside the agreed plan and the last year.

    `in_money`: of several families it is revenue that is compared, and no demand is told.
    """
    plan, inputs, families = context.plan, context.inputs, context.chosen(family)
    key, before = (
        ("revenue", inputs.revenue_by_family * MINOR)
        if in_money
        else ("consensus_demand", inputs.ordered_by_family)
    )
    ordered = before[..., -inputs.calendar.year :]
    picked = [inputs.families.names.index(name) for name in families]

    def year(plan: Plan | None, key: str, region: str) -> float:
        """Of the plan's families; not-a-number where it does not know one, or does not cover region and months."""
        own = () if plan is None else tuple(name for name in families if name in plan.names(key))
        if plan is None or not own:
            return float("nan")
        return float(plan.on(key, (own, (region,)), context.plan.months[: context.year], np.nan).sum())

    def compared(region: str) -> float:
        return year(plan, key, region)

    whole = context.years_meet

    def growth(region: str) -> float | None:
        """Twelve months against twelve: a part of a year is not compared with a whole one."""
        if not whole or region not in inputs.regions:
            return None
        sold = ordered[picked, inputs.regions.index(region)]
        total = float(np.nansum(sold))
        return compared(region) / total - 1 if total and np.isfinite(sold).any(axis=0).all() else None

    def to_agreed(region: str) -> float:
        return compared(region) - year(context.base, key, region)

    return Declared[str](
        "Where it is sold",
        (
            Col("Region", "text", str),
            *((Col("Revenue", "money", compared),) if in_money else ()),
            *(() if in_money else (Col("Demand", "units", compared),)),
            Col("To agreed", "money" if in_money else "units", to_agreed, signed=True, better=1),
            Col("To last year", "percent", growth, signed=True, better=1),
            *(() if in_money else (Col("Revenue", "money", lambda region: year(plan, "revenue", region)),)),
        ),
    ).of(plan.names("consensus_demand", 1))


def regions_note(context: PlanContext) -> str:
    """Of which months demand and revenue are, and why nothing is held against last year where that is so."""
    why = "" if context.years_meet else "; to last year: a whole year is not known or not planned"
    return worded(f"Next {context.near_text}{why}")


def channels_note(rows: Sequence[tuple[str, float, float, float, float]]) -> str:
    """What channels are told in, and why nothing is held against the year before where that is so."""
    unlike = bool(rows) and all(row[2] != row[2] for row in rows)
    return "As shipped" + ("; to the year before: two whole years with channels are needed" if unlike else "")


def channels_table(
    rows: Sequence[tuple[str, float, float, float, float]], last: str, in_money: bool = False
) -> PlanTable:
    """Channels from (name, units, units before, revenue, revenue before) of twelve months each.

    `last`: how long those behind are, where fewer are known. A channel's growth is left out with its year before.
    `in_money`: without units, which are those of several families.
    """
    total = sum(row[3] for row in rows)
    return PlanTable(
        worded(f"Channels, last {last}"),
        (
            Col("Channel", "text"),
            *(() if in_money else (Col("Units"),)),
            Col("Revenue", "money"),
            Col("Share", "percent"),
            Col("To year before", "percent", signed=True, better=1),
        ),
        tuple(
            (
                name,
                *(() if in_money else (units,)),
                revenue,
                revenue / total if total else None,
                known(revenue / then - 1) if then else None,
            )
            for name, units, _, revenue, then in rows
        ),
        "The sales table brings no channel.",
    )
