"""The production plan: what is made, what limits it, who works how much, and what has to be bought for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from sop.analysis.people import PeopleMove, PlantPeople, people_not_known, people_of, total
from sop.analysis.supply.limits import LimitWorth
from sop.core.calendar import period_name, worded
from sop.core.inputs import Floats
from sop.core.plan import Plan
from sop.core.present import Col, Declared, Figure, PlanTable, difference, known
from sop.core.words import Money, against, joined, units_text, who
from sop.supply import supply_of
from sop.views import series
from sop.views.lead_time.late_now import late_now_text
from sop.views.people_words import people_message
from sop.views.production.limits import bottleneck_text
from sop.views.production.resources import ResourceLoad
from sop.views.sales.sales_plan import plain_units
from sop.views.series import row_of
from sop.views.timeline import PlanContext


def production_message(
    context: PlanContext,
    family: str | None,
    tightest: ResourceLoad | None,
    bottleneck: LimitWorth | None = None,
    money: Money = units_text,
) -> str:
    """What `limits_message` says; then the people of all plants, who starts and who goes."""
    people = people_message(context.plan, money, released_nowhere(context.plan))
    return " ".join(filter(None, (limits_message(context, family, tightest, bottleneck, money), people)))


def made_table(context: PlanContext) -> PlanTable:
    """Units to make of each family, for where nothing adds up those of different families."""

    def made(family: str, line: Literal["now", "agreed", "prior_year"]) -> float | None:
        found = series.production(context, family)
        return known(found.next_year(getattr(found, line)))

    def to_agreed(family: str) -> float | None:
        return difference(made(family, "now"), made(family, "agreed"))

    return Declared[str](
        f"Units to make by family, next {context.near_text}",
        (
            Col("Family", "text", lambda family: family),
            Col("Plan", "units", lambda family: made(family, "now")),
            Col("To agreed", "units", to_agreed, signed=True),
            Col("Prior year", "units", lambda family: made(family, "prior_year")),
        ),
    ).of(context.inputs.families.names)


def limits_message(
    context: PlanContext,
    family: str | None,
    tightest: ResourceLoad | None,
    bottleneck: LimitWorth | None = None,
    money: Money = units_text,
) -> str:
    """What is made in the next twelve months against the agreed plan, and the bottleneck with its worth, or the
    fullest line, or that there is no limit.

    Of one family in units; of several at standard cost, as units of different families are not added up.
    """
    text = _made_text(context, family, money)
    waiting = _late_text(context, family)
    if bottleneck is not None and context.inputs.capacity is not None and context.plan.has_money:
        limit = f"{bottleneck_text(bottleneck, len(context.plan.months), money, context.near_text)}{waiting}"
    else:
        limit = f"{_limit_text(context, tightest)}{waiting if tightest or _at_start(context, family) else ''}"
    return f"{text}; {limit}."


def _made_text(context: PlanContext, family: str | None, money: Money) -> str:
    """What is made in the next twelve months, and how it differs from the agreed plan."""
    if family is None and len(context.inputs.families.names) > 1:
        made = series.production(context, None, in_money=True)
        worth = made.next_year(made.now)
        if worth == worth:
            agreed = against(worth, made.next_year(made.agreed), "agreed", money, "more than", "less than")
            told = f"All families: production of {money(worth)} at standard cost in the next {context.near_text}"
            return joined(told, agreed)
        when = f"the next {context.near_text}"
        return f"All families: production of {when} is shown by family, as no cost of its units counts"
    made = series.production(context, family)
    now = made.next_year(made.now)
    agreed = against(now, made.next_year(made.agreed), "agreed", plain_units, "more than", "fewer than")
    return joined(f"{who(family)}: {units_text(now)} to make in the next {context.near_text}", agreed)


def _late_text(context: PlanContext, family: str | None) -> str:
    """How many units are late at most: of all families, those of the family with most of them."""
    names = (family,) if family else context.inputs.families.names
    peaks = {name: _peak_late(context, name) for name in names}
    worst = max(peaks, key=lambda name: peaks[name])
    if peaks[worst]:
        whose = f" of {worst}" if family is None and len(names) > 1 else ""
        return f"; up to {units_text(peaks[worst])}{whose} are late"
    at_start = _at_start(context, family)
    return f"; {at_start}" if at_start else ""


def _peak_late(context: PlanContext, family: str) -> float:
    late = series.past_due(context, family).plan[context.past :][: context.year]
    return float(np.nanmax(late)) if np.isfinite(late).any() else 0.0


def _at_start(context: PlanContext, family: str | None) -> str:
    return late_now_text(context.inputs, family)


def _limit_text(context: PlanContext, tightest: ResourceLoad | None) -> str:
    if context.inputs.capacity is None:
        return "unconstrained, because no capacity is loaded"
    if tightest is None:
        return "no line is loaded for it"
    if tightest.utilisation_next_year != tightest.utilisation_next_year:
        return f"the load of {tightest.name} is not known"
    months = tightest.full_months
    full = worded(f"full in {months} {'month' if months == 1 else 'months'}, ", counted=True) if months else ""
    return f"{tightest.name} is {full}at {tightest.utilisation_next_year * 100:.0f}% of its capacity"


def people_table(context: PlanContext) -> PlanTable:
    """People now, hires, releases and people in twelve months by plant, with hours, idle cost and overtime."""
    plan, year = context.plan, context.year
    months = plan.months[:year]

    def hours(key: str, each: PlantPeople) -> float:
        return float(row_of(plan, key, each.plant, months).sum())

    def share(each: PlantPeople) -> float | None:
        regular = hours("regular_hours", each)
        return hours("overtime_hours", each) / regular if regular else None

    def to_agreed(each: PlantPeople) -> float:
        agreed = row_of(context.base, "overtime_hours", each.plant, months).sum()
        return hours("overtime_hours", each) - float(agreed)

    return Declared[PlantPeople](
        f"People and overtime, next {context.near_text}",
        (
            Col("Plant", "text", lambda each: each.plant),
            Col("Employed now", "people", lambda each: each.opening),
            Col("Hires", "people", lambda each: total(each.hires[:year])),
            Col("Releases", "people", lambda each: total(each.releases[:year])),
            Col(f"In {context.near_text}", "people", lambda each: each.planned[:year][-1]),
            Col("Regular hours", "units", lambda each: hours("regular_hours", each)),
            Col("Not worked", "hours", lambda each: hours("idle_hours", each)),
            Col("which costs", "small_money", lambda each: total(each.idle_cost[:year])),
            Col("Overtime", "units", lambda each: hours("overtime_hours", each)),
            Col("Share", "percent", share),
            Col("To agreed", "hours", to_agreed, signed=True, better=-1),
        ),
        "No workforce is loaded.",
    ).of((*people_of(plan), *people_not_known(plan, context.inputs)))


def people_moves_table(moves: Sequence[PeopleMove]) -> PlanTable:
    """Every hire and release of the plan: where, when, by when to decide, and what it costs once."""
    return Declared[PeopleMove](
        "Hires and releases",
        (
            Col("Plant", "text", lambda move: move.plant),
            Col(worded("Month"), "text", lambda move: period_name(move.month)),
            Col("Hires", "people", lambda move: float(move.people if move.kind == "hire" else 0)),
            Col("Releases", "people", lambda move: float(0 if move.kind == "hire" else move.people)),
            Col("Decide by", "text", lambda move: period_name(move.decide_by)),
            Col("Costs once", "small_money", lambda move: float(move.cost)),
        ),
        "Nobody is hired and nobody is released in this plan.",
    ).of(moves)


def released_nowhere(plan: Plan) -> bool | None:
    """Whether nobody may be released in any month; None for a plan that is read back."""
    supply = supply_of(plan)
    return None if supply is None else not supply.problem.release_limit.any()


def lines_table(resources: tuple[ResourceLoad, ...], near: str) -> PlanTable:
    """Load against demonstrated capacity of the `near` span of the headlines by line."""
    return Declared[ResourceLoad](
        f"Lines, next {near}",
        (
            Col("Line", "text", lambda line: line.name),
            Col("Load", "hours", lambda line: float(line.load[line.next_year].sum())),
            Col("Capacity", "hours", lambda line: float(line.capacity[line.next_year].sum())),
            Col("Utilisation", "percent", lambda line: line.utilisation_next_year),
            Col("Full", "months", lambda line: line.full_months),
        ),
    ).of(resources)


def material_supply(context: PlanContext, name: str) -> Floats:
    """What suppliers offer of a material by planned month (T,); infinity where no limit is loaded."""
    materials = context.inputs.materials
    if materials is None or name not in materials.names:
        return np.full(len(context.plan.months), np.inf)
    return materials.supply[materials.names.index(name)]


def materials_table(context: PlanContext) -> PlanTable:
    """Need against the suppliers' limit of the next twelve months by material; the tightest first."""
    months = context.plan.months[: context.year]
    rows: list[tuple[float, tuple[Figure, ...]]] = []
    for name in context.plan.names("material_need"):
        need = row_of(context.plan, "material_need", name, months)
        supply = material_supply(context, name)[: len(months)]
        limited = np.isfinite(supply) & (supply > 0)
        share = np.divide(need, supply, out=np.zeros(len(need)), where=limited)
        tightest = float(share.max()) if limited.any() else None
        month = period_name(months[int(share.argmax())]) if limited.any() else "no limit loaded"
        total = float(supply.sum()) if limited.all() else None
        rows.append((-(tightest or 0.0), (name, float(need.sum()), total, tightest, month)))
    return PlanTable(
        f"Materials, next {context.near_text}",
        (
            Col("Material", "text"),
            Col("Need"),
            Col("Suppliers' limit"),
            Col("Tightest", "percent"),
            Col("in", "text"),
        ),
        tuple(cells for _, cells in sorted(rows, key=lambda row: row[0])),
        "No materials are loaded. The tables materials, material usage and material supply unlock this.",
    )


def subcontract_table(context: PlanContext) -> PlanTable:
    """Units bought outside in the next twelve months by family, against the agreed plan and the limit."""
    families, outside = context.inputs.families.names, context.inputs.subcontract

    def year(name: str, values: Literal["now", "agreed"]) -> float:
        bought = series.subcontract(context, name)
        return bought.next_year(getattr(bought, values))

    def offered(name: str) -> float | None:
        return None if outside is None else float(outside.limit[families.index(name)][: context.year].sum())

    return Declared[str](
        f"Bought outside, next {context.near_text}",
        (
            Col("Family", "text", str),
            Col("Subcontract", "units", lambda name: year(name, "now")),
            Col("To agreed", "units", lambda name: year(name, "now") - year(name, "agreed"), signed=True),
            Col("Offered", "units", offered),
        ),
        "No outside supply is loaded. The table subcontract unlocks this.",
    ).of(name for name in families if year(name, "now") or offered(name))
