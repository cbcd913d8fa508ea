"""The production plan: what is made, what limits it, who works how much, and what has to be bought for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from sop.analysis.people import PeopleMove, people_not_known, people_of, total
from sop.analysis.supply.limits import LimitWorth
from sop.core.calendar import period_name
from sop.core.inputs import Floats
from sop.core.plan import Plan
from sop.core.present import PlanTable, TableColumn, difference, known
from sop.core.words import Money, against, in_words, joined, units_text, who
from sop.supply import SupplyPlan
from sop.views import series
from sop.views.people_words import people_message
from sop.views.production.limits import bottleneck_text
from sop.views.production.resources import ResourceLoad
from sop.views.sales.sales_plan import months_ahead
from sop.views.timeline import PlanContext


def production_message(
    context: PlanContext,
    family: str | None,
    tightest: ResourceLoad | None,
    bottleneck: LimitWorth | None = None,
    money: Money = units_text,
) -> str:
    """Units of the next twelve months against the agreed plan, and the bottleneck with its worth, or the fullest
    line, or that there is no limit; then the people of all plants, who starts and who goes."""
    made = series.production(context, family)
    now = made.next_year(made.now)
    agreed = against(now, made.next_year(made.agreed), "agreed", _plain, "more than", "fewer than")
    text = joined(f"{who(family)}: {units_text(now)} to make in the next {months_ahead(context)}", agreed)
    late = series.past_due(context, family).plan[context.past :][: context.year]
    peak = float(np.nanmax(late)) if np.isfinite(late).any() else 0.0
    waiting = f"; up to {units_text(peak)} are late" if peak else ""
    people = people_message(context.plan, money, released_nowhere(context.plan))
    if bottleneck is not None and context.inputs.capacity is not None:
        limit = f"{bottleneck_text(bottleneck, len(context.plan.months), money)}{waiting}"
    else:
        limit = f"{_limit_text(context, tightest)}{waiting if tightest else ''}"
    return f"{text}; {limit}." + (f" {people}" if people else "")


def _limit_text(context: PlanContext, tightest: ResourceLoad | None) -> str:
    if context.inputs.capacity is None:
        return "unconstrained, because no capacity is loaded"
    if tightest is None:
        return "no line is loaded for it"
    used = f"{tightest.utilisation_next_year * 100:.0f}% of its capacity"
    full = f"full in {_months(tightest.full_months)}, " if tightest.full_months else ""
    return f"{tightest.name} is {full}at {used}"


def people_table(context: PlanContext) -> PlanTable:
    """People now, hires, releases and people in twelve months by plant, with hours, idle cost and overtime."""
    plan, year, rows = context.plan, context.year, []
    for at, each in enumerate(people_of(plan)):
        regular, overtime = (_year_of(plan, key, at, year) for key in ("regular_hours", "overtime_hours"))
        idle = _year_of(plan, "idle_hours", at, year) if "idle_hours" in plan else None
        share = overtime / regular if regular else None
        moved = [total(values[:year]) for values in (each.hires, each.releases)]
        agreed = difference(overtime, _agreed_sum(context, "overtime_hours", each.plant))
        rows.append(
            (each.plant, each.opening, *moved, each.planned[year - 1], regular, idle, total(each.idle_cost[:year]),
             overtime, share, agreed)
        )  # fmt: skip
    rows += [
        (each.plant, None, None, None, None, None, None, None, None, None, None)
        for each in people_not_known(plan, context.inputs)
    ]
    columns = (
        TableColumn("Plant", "text"),
        TableColumn("Employed now", "people"),
        TableColumn("Hires", "people"),
        TableColumn("Releases", "people"),
        TableColumn("In 12 months", "people"),
        TableColumn("Regular hours"),
        TableColumn("Not worked", "hours"),
        TableColumn("which costs", "small_money"),
        TableColumn("Overtime"),
        TableColumn("Share", "percent"),
        TableColumn("To agreed", "hours", signed=True, better=-1),
    )
    return PlanTable("People and overtime, next 12 months", columns, tuple(rows), "No workforce is loaded.")


def _year_of(plan: Plan, key: str, at: int, year: int) -> float:
    return float(plan[key][at][:year].sum())


def people_moves_table(moves: Sequence[PeopleMove]) -> PlanTable:
    """Every hire and release of the plan: where, when, by when to decide, and what it costs once."""
    rows = tuple(
        (each.plant, period_name(each.month), *_counts(each), period_name(each.decide_by), float(each.cost))
        for each in moves
    )
    columns = (
        TableColumn("Plant", "text"),
        TableColumn("Month", "text"),
        TableColumn("Hires", "people"),
        TableColumn("Releases", "people"),
        TableColumn("Decide by", "text"),
        TableColumn("Costs once", "small_money"),
    )
    return PlanTable("Hires and releases", columns, rows, "Nobody is hired and nobody is released in this plan.")


def _counts(move: PeopleMove) -> tuple[float, float]:
    return (float(move.people), 0.0) if move.kind == "hire" else (0.0, float(move.people))


def released_nowhere(plan: Plan) -> bool | None:
    """Whether nobody may be released in any month; None for a plan that is read back."""
    supply: SupplyPlan | None = plan.detail.get("supply")
    return None if supply is None else not supply.problem.release_limit.any()


def lines_table(resources: tuple[ResourceLoad, ...]) -> PlanTable:
    """Load against demonstrated capacity of the next twelve months by line."""
    rows = []
    for resource in resources:
        span = resource.next_year
        load, hours = resource.load[span].sum(), resource.capacity[span].sum()
        rows.append(
            (resource.name, known(load), known(hours), known(resource.utilisation_next_year), resource.full_months)
        )
    columns = (
        TableColumn("Line", "text"),
        TableColumn("Load", "hours"),
        TableColumn("Capacity", "hours"),
        TableColumn("Utilisation", "percent"),
        TableColumn("Full", "months"),
    )
    return PlanTable("Lines, next 12 months", columns, tuple(rows))


def materials_table(context: PlanContext) -> PlanTable:
    """Need against the suppliers' limit of the next twelve months by material; the tightest first."""
    materials, plan, rows = context.inputs.materials, context.plan, []
    for at, name in enumerate(plan.names("material_need")):
        need = plan["material_need"][at].astype(float)[: context.year]
        supply = np.full(len(need), np.inf)
        if materials is not None and name in materials.names:
            supply = materials.supply[materials.names.index(name)][: context.year]
        rows.append((name, *_tightness(context, need, supply)))
    rows.sort(key=lambda row: -(row[3] or 0.0))
    columns = (
        TableColumn("Material", "text"),
        TableColumn("Need"),
        TableColumn("Suppliers' limit"),
        TableColumn("Tightest", "percent"),
        TableColumn("in", "text"),
    )
    empty = "No materials are loaded. The tables materials, material_usage and material_supply unlock this."
    return PlanTable("Materials, next 12 months", columns, tuple(rows), empty)


def _tightness(
    context: PlanContext, need: Floats, supply: Floats
) -> tuple[float, float | None, float | None, str]:
    limited = np.isfinite(supply) & (supply > 0)
    share = np.divide(need, supply, out=np.zeros(len(need)), where=limited)
    if not limited.any():
        return float(need.sum()), None, None, "no limit loaded"
    worst = int(share.argmax())
    total = float(supply.sum()) if limited.all() else None
    return float(need.sum()), total, float(share[worst]), period_name(context.plan.months[worst])


def subcontract_table(context: PlanContext) -> PlanTable:
    """Units bought outside in the next twelve months by family, against the agreed plan and the limit."""
    rows, outside = [], context.inputs.subcontract
    for at, name in enumerate(context.inputs.families.names):
        bought = series.subcontract(context, name)
        now = bought.next_year(bought.now)
        limit = None if outside is None else float(outside.limit[at][: context.year].sum())
        if now or limit:
            rows.append((name, now, difference(now, known(bought.next_year(bought.agreed))), limit))
    columns = (
        TableColumn("Family", "text"),
        TableColumn("Subcontract"),
        TableColumn("To agreed", signed=True),
        TableColumn("Offered"),
    )
    empty = "No outside supply is loaded. The table subcontract unlocks this."
    return PlanTable("Bought outside, next 12 months", columns, tuple(rows), empty)


def _agreed_sum(context: PlanContext, key: str, name: str) -> float | None:
    base, months = context.base, context.plan.months[: context.year]
    if base is None or name not in base.names(key) or not set(months) <= set(base.months):
        return None
    at = [base.months.index(month) for month in months]
    return float(base[key][base.names(key).index(name)][at].sum())


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def _plain(value: float) -> str:
    return units_text(value, "")


def supply_findings(plan: Plan, names: Mapping[str, str]) -> tuple[str, ...]:
    """What was odd in the supply data and what the plan does about it, in sentences, warnings before notes.

    `names`: what resources are called on screen, by code.
    """
    supply: SupplyPlan | None = plan.detail.get("supply")
    found = sorted(supply.findings if supply is not None else (), key=lambda finding: finding.level != "warning")
    told = [in_words(str(replace(finding, table="")), names) for finding in found]
    return tuple(dict.fromkeys(sentence[0].upper() + sentence[1:] for sentence in told))
