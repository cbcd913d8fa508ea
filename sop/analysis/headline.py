"""The headline measures: how a plan's next twelve months are read at a glance, and who is behind them worst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sop.core.inputs import Bools, Floats
from sop.core.measures import HEADLINES
from sop.core.plan import Plan, Worst
from sop.core.words import table_title

Values = Mapping[str, NDArray[Any]]


def read_headline(values: Values, made_to_order: Bools, near: int) -> dict[str, float | int | None]:
    """Each headline measure from plan values by key; None where the plan has no such line.

    `near`: periods in twelve months. Money in minor units, lead time in days, on time as a fraction.
    """
    found: dict[str, float | int | None] = {
        entry.key: _whole(values[entry.line][:near].sum()) if entry.line in values else None
        for entry in HEADLINES
        if entry.read == "sum"
    }
    found["cash"] = _whole(values["cash"][:near].min()) if "cash" in values else None
    found["inventory"] = _whole(values["stock_value"][:near][-1]) if "stock_value" in values else None
    waiting = worst_waiting(values, made_to_order, near)
    days = None if waiting is None else values["customer_lead_time"][waiting, :near]
    found["lead_time"] = None if days is None else round(float(np.nanmax(days)), 1)
    parts = on_time_parts(values)
    on_time = np.nan if parts is None else _share(*(part[:, :near].sum() for part in parts))
    found["on_time"] = None if np.isnan(on_time) else round(float(on_time), 4)
    return found


def _whole(amount: float) -> int | None:
    """Whole minor units; None where a month of a plan agreed elsewhere is not known."""
    return int(amount) if np.isfinite(amount) else None


def read_worst(
    values: Values, names: Sequence[str], months: Sequence[str], made_to_order: Bools, near: int
) -> dict[str, Worst]:
    """Who stands behind the headline measures of service worst: the family that waits, the one least on time."""
    found: dict[str, Worst] = {}
    waiting = worst_waiting(values, made_to_order, near)
    if waiting is not None:
        days = values["customer_lead_time"][waiting, :near]
        at = int(np.nanargmax(days))
        found["lead_time"] = Worst(names[waiting], round(float(days[at]), 1), months[at])
    parts = on_time_parts(values)
    if parts is not None:
        kept, due = (part[:, :near].sum(axis=1) for part in parts)
        least = least_on_time(kept, due)
        if least is not None:
            found["on_time"] = Worst(names[least], round(float(kept[least] / due[least]), 4))
    return found


def worst_waiting(values: Values, made_to_order: Bools, near: int) -> int | None:
    """The family made to order (of all, where none is) with most at stake beyond its target; None if not known.

    At stake is what falls due × the days that it waits beyond the target, over the next twelve months. Where every
    target is kept it is the family that comes closest to it.
    """
    if "customer_lead_time" not in values or not values["customer_lead_time"].size:
        return None
    days = values["customer_lead_time"][:, :near].astype(float)
    target = values["lead_time_target"][:, :near] if "lead_time_target" in values else np.zeros_like(days)
    weight = due_weight(values)[:, :near]
    over = days - target
    stake = np.nansum(np.maximum(over, 0.0) * weight, axis=1)
    known = np.flatnonzero(np.isfinite(over).any(axis=1)).tolist()
    chosen = [f for f in known if made_to_order[f]] or known
    return max(chosen, key=lambda f: (stake[f], np.nanmax(over[f]), weight[f].sum()), default=None)


def waiting_family(plan: Plan, made_to_order: Sequence[str]) -> str:
    """The family whose lead time is a plan's headline; empty where it is not known."""
    names = plan.names("customer_lead_time")
    order = np.array([name in made_to_order for name in names], dtype=bool)
    found = worst_waiting(values_of(plan), order, plan.calendar.year)
    return "" if found is None else names[found]


def values_of(plan: Plan) -> Values:
    """A plan's values by measure."""
    return {key: block.values for key, block in plan.blocks.items()}


def lead_time_by_month(values: Values, made_to_order: Bools, near: int) -> Floats | None:
    """Customer lead time (T,) in days of the family that the headline tells; None where it is not known."""
    waiting = worst_waiting(values, made_to_order, near)
    return None if waiting is None else values["customer_lead_time"][waiting].astype(float)


def due_weight(values: Values) -> Floats:
    """What falls due by family (F, T): its value in minor units, units where not every price is known."""
    weight: Floats = (values["due_value"] if "due_value" in values else values["due"].sum(axis=1)).astype(float)
    return weight


def on_time_parts(values: Values) -> tuple[Floats, Floats] | None:
    """What is delivered on time in full and what falls due, by family (F, T); None where it is not known."""
    if "on_time_share" not in values:
        return None
    due = due_weight(values)
    return np.where(due > 0, np.nan_to_num(values["on_time_share"]) * due, 0.0), due


def on_time_by_month(values: Values) -> Floats | None:
    """The share on time in full (T,), all families together; not-a-number where nothing falls due."""
    parts = on_time_parts(values)
    if parts is None:
        return None
    kept, due = (part.sum(axis=0) for part in parts)
    return np.divide(kept, due, out=np.full(len(due), np.nan), where=due > 0)


def least_on_time(kept: Floats, due: Floats) -> int | None:
    """The family (F,) with the lowest share kept, of several the one with most due; None where nothing is due."""
    some = np.flatnonzero(due > 0).tolist()
    return min(some, key=lambda f: (kept[f] / due[f], -due[f]), default=None)


def _share(kept: float, due: float) -> float:
    return kept / due if due else np.nan


def revenue_of(plan: Plan) -> float:
    """Revenue of the next twelve months, minor units."""
    return float(plan.headline["revenue"] or 0)


def headline_rows(plan: Plan) -> list[dict[str, object]]:
    """The headline measures as plain rows; a value that cannot be known is None, with `why`."""
    return [
        row | ({"why": why_and_remedy(plan, str(row["measure"]))} if row["value"] is None else {})
        for row in plan.headline_lines()
    ]


def why_and_remedy(plan: Plan, key: str) -> str:
    """Why a headline measure is not known, and which tables would make it known."""
    unlock = ", ".join(map(table_title, tables_for(plan, key)))
    return f"{plan.why_unknown(key)} (import {unlock})" if unlock else plan.why_unknown(key)


def tables_for(plan: Plan, key: str) -> tuple[str, ...]:
    """The tables that would make a headline measure known; none where it is, or where no table would."""
    why = plan.why_unknown(key)
    known = (found.unlock for found in plan.availability.values() if found.unlock and found.reason == why)
    return next(known, ()) if why else ()
