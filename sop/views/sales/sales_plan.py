"""The sales plan: consensus demand by its terms and regions, what it brings in money, and its message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sop.core.arrays import sum_known
from sop.core.inputs import Floats
from sop.core.measures import measure
from sop.core.plan import Plan
from sop.core.present import PlanTable, TableColumn, difference, known
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


def sales_message(context: PlanContext, family: str | None, money: Money) -> str:
    """Demand of the next twelve months against the agreed plan and the budget, and the revenue it brings."""
    demand, revenue = series.demand(context, family), series.revenue(context, family)
    now = demand.next_year(demand.now)
    agreed = against(now, demand.next_year(demand.agreed), "agreed", _plain, "more than", "fewer than")
    budget = against(now, demand.next_year(demand.budget), "the budget", _plain, "above", "below")
    text = joined(
        f"{who(family)}: demand of {units_text(now)} in the next {months_ahead(context)}", agreed, budget
    )
    return f"{text}; it brings {money(revenue.next_year(revenue.now))} of revenue."


def months_ahead(context: PlanContext) -> str:
    """'12 months', or as many as the plan has."""
    return f"{min(12, len(context.plan.months))} months"


def demand_terms(context: PlanContext, family: str | None) -> dict[str, Floats]:
    """Consensus demand of the planned months (T,) by joined terms, units; they add up to `consensus_demand`."""
    return {
        name: np.nan_to_num(sum_known(np.array([_term(context, key, family) for key in keys]), axis=0))
        for name, keys in TERMS.items()
    }


def terms_table(context: PlanContext, family: str | None) -> PlanTable:
    """Each term over the next twelve months and its difference to the agreed plan, units."""
    rows = []
    for key in (*(key for keys in TERMS.values() for key in keys), "consensus_demand"):
        units = over(_term(context, key, family), slice(0, context.year), "flow")
        agreed = over(context.total(context.compared(key), family)[context.past :], slice(0, context.year), "flow")
        if units or key in ("baseline_forecast", "consensus_demand"):
            rows.append((measure(key).label, known(units), difference(known(units), known(agreed))))
    columns = (TableColumn("Term", "text"), TableColumn("Units"), TableColumn("To agreed", signed=True, better=1))
    return PlanTable("Terms of demand, next 12 months", columns, tuple(rows))


def regions_table(context: PlanContext, family: str | None) -> PlanTable:
    """Demand and revenue of the next twelve months by region, beside the agreed plan and the last year."""
    plan, base, inputs = context.plan, context.base, context.inputs
    ordered = inputs.by_family(inputs.history.ordered)[..., -inputs.calendar.year :]
    picked = [inputs.families.names.index(name) for name in context.chosen(family)]
    rows = []
    for region in plan.names("consensus_demand", 1):
        units = _of_region(plan, "consensus_demand", context.chosen(family), region, plan.months[: context.year])
        agreed = _of_region(base, "consensus_demand", context.chosen(family), region, plan.months[: context.year])
        last = (
            float(np.nansum(ordered[picked, inputs.regions.index(region)])) if region in inputs.regions else None
        )
        growth = units / last - 1 if units is not None and last else None
        revenue = _of_region(plan, "revenue", context.chosen(family), region, plan.months[: context.year])
        rows.append((region, units, difference(units, agreed), growth, revenue))
    columns = (
        TableColumn("Region", "text"),
        TableColumn("Demand"),
        TableColumn("To agreed", signed=True, better=1),
        TableColumn("To last year", "percent", signed=True, better=1),
        TableColumn("Revenue", "money"),
    )
    return PlanTable("Where it is sold", columns, tuple(rows))


def channels_table(rows: Sequence[tuple[str, float, float, float, float]]) -> PlanTable:
    """Channels from (name, units, units before, revenue, revenue before) of twelve months each."""
    total = sum(row[3] for row in rows)
    columns = (
        TableColumn("Channel", "text"),
        TableColumn("Units"),
        TableColumn("Revenue", "money"),
        TableColumn("Share", "percent"),
        TableColumn("To year before", "percent", signed=True, better=1),
    )
    found = tuple(
        (name, units, revenue, revenue / total if total else None, known(revenue / before - 1) if before else None)
        for name, units, _, revenue, before in rows
    )
    return PlanTable("Channels, last 12 months", columns, found, "The sales table brings no channel.")


def _plain(value: float) -> str:
    return units_text(value, "")


def _term(context: PlanContext, key: str, family: str | None) -> Floats:
    return context.total(context.new_plan(key), family)[context.past :]


def _of_region(
    plan: Plan | None, key: str, families: Sequence[str], region: str, months: Sequence[str]
) -> float | None:
    """A measure of some families in a region over some months; None where the plan does not cover them all."""
    if plan is None or key not in plan or not set(months) <= set(plan.months):
        return None
    if region not in plan.names(key, 1):
        return None
    rows = [plan.names(key).index(name) for name in families if name in plan.names(key)]
    at = [plan.months.index(month) for month in months]
    return float(plan[key][np.ix_(rows, [plan.names(key, 1).index(region)], at)].sum())
