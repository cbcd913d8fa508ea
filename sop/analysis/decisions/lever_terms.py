"""What a lever costs, how long it takes, who may allow it: from the tables, else the register, named as assumed.

What is paid through the plan (hours bought, wages, overtime, hires, severance, units bought outside) is in the
plan made again with the lever. What is paid beside it is `once`. Where neither tables nor register know a cost, it
is not known: the lever shows what it would bring, and is never recommended.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from sop.analysis.decisions.levers import table_value
from sop.core.inputs import Inputs
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.register import Assumptions, assumption
from sop.supply import supply_of
from sop.supply.after.monthly_costs import monthly_costs

STOCK_LEAD, EVENT_LEAD = 1, 1
"""Months until less is kept in stock, and until a mitigation works: what one month's planning takes."""

EXTRA_HOURS = "extra_hours"

SPENT = {
    "line": (EXTRA_HOURS,),
    "shared resource": (EXTRA_HOURS,),
    "people": ("wages", "hiring"),
    "overtime": ("overtime",),
    "subcontract": ("subcontract",),
    "releases": ("release",),
}
"""Kind of lever → the costs of the supply plan through which it is paid."""


@dataclass(frozen=True)
class LeverTerms:
    """A lever's price (currency for one `unit`, None where it has none of its own), what is paid once (minor
    units), and months of lead. `known`: whether all that it costs is known. `assumed`: what of it comes from the
    register because no table says it, in words. `allowed_by`: who may allow it.
    """

    price: float | None = None
    unit: str = ""
    once: int = 0
    lead_months: int = 0
    known: bool = True
    assumed: tuple[str, ...] = ()
    allowed_by: str = ""


def terms_of(inputs: Inputs, assumptions: Assumptions, kind: str, name: str) -> LeverTerms:
    """The terms of more of a limit of the supply plan, by its kind and name."""
    match kind:
        case "line" | "shared resource":
            return _hours(inputs, assumptions, name)
        case "people":
            return _bought(
                inputs, assumptions, name, "hire_cost", "person hired", "hire_lead_months", "people_pct"
            )
        case "releases":
            return _bought(
                inputs, assumptions, name, "release_cost", "person released", "notice_months", "releases_allowed"
            )
        case "overtime":
            return _overtime(inputs, assumptions, name)
        case "subcontract":
            return _subcontract(inputs, assumptions, name)
        case "material":
            return _material(inputs, assumptions, name)
        case _:
            return LeverTerms(known=False)


def lever_cost(kind: str, terms: LeverTerms, before: Plan, after: Plan) -> int | None:
    """What a lever itself costs over the horizon (minor units) in the plan made again with it: what is paid
    through the plan more than before, and what is paid once; None where its cost is not known."""
    if not terms.known:
        return None
    return terms.once + sum(_spent(after, each) - _spent(before, each) for each in SPENT.get(kind, ()))


def _spent(plan: Plan, component: str) -> int:
    supply = supply_of(plan)
    if supply is None:
        return 0
    if component == EXTRA_HOURS:
        return round(supply.cost[EXTRA_HOURS] * MINOR)
    unit_cost = plan.detail.unit_cost
    standard = np.zeros((len(supply.problem.families), len(plan.months))) if unit_cost is None else unit_cost
    return round(float(monthly_costs(supply, np.nan_to_num(standard))[component].sum()) * MINOR)


def _hours(inputs: Inputs, assumptions: Assumptions, name: str) -> LeverTerms:
    price = _known(inputs, assumptions, "extra_hour_price", name)
    lead, assumed = _lead(inputs, assumptions, "extra_lead_months", name)
    return LeverTerms(
        price=price,
        unit="hour",
        lead_months=lead,
        known=price is not None,
        assumed=(*_named(inputs, "extra_hour_price", name, price is not None, "price"), *assumed),
        allowed_by=assumption("extra_hours_pct").owner.title,
    )


def _bought(
    inputs: Inputs, assumptions: Assumptions, name: str, price_key: str, unit: str, lead_key: str, key: str
) -> LeverTerms:
    price = _known(inputs, assumptions, price_key, name)
    lead, assumed = _lead(inputs, assumptions, lead_key, name)
    return LeverTerms(
        price=price,
        unit=unit,
        lead_months=lead,
        known=price is not None,
        assumed=(*_named(inputs, price_key, name, price is not None, "price"), *assumed),
        allowed_by=assumption(key).owner.title,
    )


def _overtime(inputs: Inputs, assumptions: Assumptions, name: str) -> LeverTerms:
    """An overtime hour costs the plant's rate, else the wage with the register's premium."""
    capacity, told = inputs.capacity, np.nan
    if capacity is not None and name in capacity.plants.names:
        told = float(capacity.plants.overtime_rate[capacity.plants.names.index(name)])
    rate = told
    if told != told:
        wage = assumptions.value("labour_rate", name, table_value(inputs, "labour_rate", name))
        rate = wage * assumptions.value("overtime_premium", name)
    return LeverTerms(
        price=rate,
        unit="overtime hour",
        assumed=() if told == told else ("price",),
        allowed_by=assumption("overtime_share").owner.title,
    )


def _subcontract(inputs: Inputs, assumptions: Assumptions, name: str) -> LeverTerms:
    outside, price = inputs.subcontract, None
    if outside is not None and name in inputs.families.names:
        cost = float(outside.unit_cost[inputs.families.names.index(name)])
        price = cost if cost == cost else None
    lead, assumed = _lead(inputs, assumptions, "subcontract_lead_months", name)
    owner = assumption("subcontract_pct").owner.title
    return LeverTerms(price, "unit", 0, lead, price is not None, assumed, owner)


def _material(inputs: Inputs, assumptions: Assumptions, name: str) -> LeverTerms:
    """More than the supplier delivers comes at a premium; it takes the supplier's own time to come."""
    materials, lead = inputs.materials, 1
    days = float("nan")
    if materials is not None and name in materials.names:
        days = float(materials.lead_time_days[materials.names.index(name)])
        lead = ceil(days / inputs.calendar.mean_days) if days == days else 1
    price = _known(inputs, assumptions, "spot_premium", name)
    return LeverTerms(
        price=price,
        unit="unit beyond its price",
        lead_months=lead,
        known=price is not None,
        assumed=("lead time",) if days != days else (),
        allowed_by=assumption("supply_pct").owner.title,
    )


def _known(inputs: Inputs, assumptions: Assumptions, key: str, name: str) -> float | None:
    return assumptions.known(key, name, table_value(inputs, key, name))


def _lead(inputs: Inputs, assumptions: Assumptions, key: str, name: str) -> tuple[int, tuple[str, ...]]:
    """Months of lead, and that they are assumed where no table says them."""
    months = ceil(assumptions.value(key, name, table_value(inputs, key, name)))
    return months, tuple(_named(inputs, key, name, True, "lead time"))


def _named(inputs: Inputs, key: str, name: str, known: bool, word: str) -> tuple[str, ...]:
    """The word for what the register says because no table does."""
    told = table_value(inputs, key, name)
    return (word,) if known and (told is None or told != told) else ()
