"""Rates of people, purchases and levers that nobody stated or that are nothing: named, with what rests on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sop.core.calendar import worded
from sop.core.findings import Finding
from sop.core.format import number, percent
from sop.core.inputs import ExtraHours, Floats, Inputs
from sop.core.money import MINOR
from sop.core.register import Assumptions, assumption
from sop.core.words import first_of
from sop.facts.material_cost import materials_priced
from sop.finance.financial_plan import FinancialPlan

ASSUMED, FREE = "assumed", "costs_nothing"
"""Rules: what rests on a default that nobody has set, and what counts as free."""


@dataclass(frozen=True)
class Rate:
    """A cost that a table states (N,) by name, else the register's `key`; `spent` (T,): what the plan pays at it,
    currency, of `what`. `free_key`: the entry by which its owner says that 0 is meant; empty where there is none.
    """

    key: str
    table: str
    column: str
    names: Sequence[str]
    stated: Floats
    spent: Floats
    what: str = ""
    free_key: str = ""


def rate_findings(inputs: Inputs, assumptions: Assumptions, plan: FinancialPlan) -> tuple[Finding, ...]:
    """Rates that rest on the register's default, which nobody has set, with the money of the next twelve months
    that rests on them; then rates of 0, which count as free until their owner says so."""
    people = tuple(_of_people(inputs, plan))
    paid = people if "gross_margin" in plan.lines else ()
    assumed = (_assumed(inputs, assumptions, rate) for rate in paid)
    free = (_free(assumptions, rate) for rate in (*people, *_of_levers(inputs)))
    return tuple(
        found for found in (*assumed, _material_share(inputs, assumptions, plan), *free) if found is not None
    )


def _of_people(inputs: Inputs, plan: FinancialPlan) -> Iterator[Rate]:
    """Rates of plants and what is paid at them."""
    if inputs.capacity is None:
        return
    plants, cost = inputs.capacity.plants, plan.cost
    none = np.zeros(inputs.calendar.horizon)
    for key, column, stated, paid, what in (
        ("labour_rate", "labour_rate", plants.labour_rate, cost.wages if cost else none, "wages"),
        ("overtime_premium", "overtime_rate", plants.overtime_rate, cost.overtime if cost else none, "overtime"),
        ("hire_cost", "hire_cost", plants.hire_cost, cost.hiring if cost else none, "hiring"),
        ("release_cost", "release_cost", plants.release_cost, cost.release if cost else none, "severance"),
    ):
        # A premium is a multiple of the wage: it cannot say that overtime is free.
        free_key = "" if key == "overtime_premium" else key
        yield Rate(key, "plants", column, plants.names, stated, paid, what, free_key)


def _of_levers(inputs: Inputs) -> Iterator[Rate]:
    """Prices of what may be bought where any is offered: finished units, hours, material beyond its limit."""
    none = np.zeros(inputs.calendar.horizon)
    outside, capacity, materials = inputs.subcontract, inputs.capacity, inputs.materials
    if outside is not None:
        offered = np.nan_to_num(outside.limit).sum(axis=1) > 0
        stated = np.where(offered, outside.unit_cost, np.nan)
        yield Rate("subcontract_pct", "subcontract", "unit_cost", inputs.families.names, stated, none)
    if capacity is not None:
        key = "extra_hour_price"
        kinds = (capacity.lines, capacity.line_extra), (capacity.shared, capacity.shared_extra)
        for names, extra in kinds:
            if extra is not None:
                yield Rate(key, "capacity", key, names, _least_price(extra), none, free_key=key)
    if materials is not None:
        key = "spot_premium"
        yield Rate(key, "material_supply", key, materials.names, materials.spot_premium, none, free_key=key)


def _least_price(extra: ExtraHours) -> Floats:
    """The lowest price (L,) at which hours are offered; not-a-number where none are."""
    asked = np.where(np.nan_to_num(extra.most) > 0, extra.price, np.nan)
    least = np.min(np.where(np.isfinite(asked), asked, np.inf), axis=1, initial=np.inf)
    return np.where(np.isfinite(least), least, np.nan)


def _assumed(inputs: Inputs, assumptions: Assumptions, rate: Rate) -> Finding | None:
    spent = float(rate.spent[: inputs.calendar.year].sum())
    silent = [
        name
        for name, stated in zip(rate.names, rate.stated.tolist(), strict=True)
        if stated != stated and not _is_set(assumptions, rate.key, name)
    ]
    if not silent or spent <= 0:
        return None
    entry = assumption(rate.key)
    most = "" if len(silent) == len(rate.names) else "up to "
    what = (
        f"{entry.label.lower()} of {', '.join(silent)} is not loaded; {entry.default:g} is assumed, on which "
        f"{most}{number(spent)} {inputs.currency} of {rate.what} in the next {inputs.calendar.near_text} rest"
    )
    remedy = f"Load {rate.column}, or set '{entry.label}' on Assumptions"
    return Finding("note", ASSUMED, worded(what), remedy, table=rate.table, column=rate.column)


def _material_share(inputs: Inputs, assumptions: Assumptions, plan: FinancialPlan) -> Finding | None:
    """What is bought at an assumed share of standard cost, where no price of the material is loaded."""
    key = "material_share"
    if "cash" not in plan.lines:
        return None
    silent = [
        name
        for name, priced in zip(inputs.families.names, materials_priced(inputs).tolist(), strict=True)
        if not priced and not _is_set(assumptions, key, name)
    ]
    bought = float(plan.lines["purchases"][: inputs.calendar.year].sum()) / MINOR
    if not silent or bought <= 0:
        return None
    entry = assumption(key)
    most = "" if len(silent) == len(inputs.families.names) else "up to "
    what = (
        f"{percent(entry.default or 0.0)} of standard cost is taken to be bought for {first_of(silent)}, on which "
        f"{most}{number(bought)} {inputs.currency} of purchases in the next {inputs.calendar.near_text} rest, and "
        "cash with them"
    )
    remedy = f"Load price of materials, or set '{entry.label}' on Assumptions"
    return Finding("note", ASSUMED, worded(what), remedy, table="materials", column="price")


def _free(assumptions: Assumptions, rate: Rate) -> Finding | None:
    free = [
        name
        for name, stated in zip(rate.names, rate.stated.tolist(), strict=True)
        if stated == 0 and not (rate.free_key and _is_set(assumptions, rate.free_key, name))
    ]
    if not free:
        return None
    said = f", or set '{assumption(rate.free_key).label}' to 0 with its reason" if rate.free_key else ""
    what = f"a price of 0 is taken as it stands of {first_of(free)}: it counts as free"
    return Finding("warning", FREE, what, f"Fill {rate.column}{said}", table=rate.table, column=rate.column)


def _is_set(assumptions: Assumptions, key: str, name: str) -> bool:
    return (key, name) in assumptions or (key, "") in assumptions
