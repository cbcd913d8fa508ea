"""The headline measures: how a plan's next twelve months are read at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sop.core.measures import HEADLINES
from sop.core.plan import Plan

Values = Mapping[str, NDArray[Any]]


def read_headline(values: Values, made_to_order: NDArray[np.bool_], near: int) -> dict[str, float | int | None]:
    """Each headline measure from plan values by key; None where the plan has no such line.

    `near`: periods in twelve months. Money in minor units, lead time in days, on time as a fraction of due units.
    """
    found: dict[str, float | int | None] = {
        entry.key: int(values[entry.line][:near].sum()) if entry.line in values else None
        for entry in HEADLINES
        if entry.read == "sum"
    }
    found["cash"] = int(values["cash"][:near].min()) if "cash" in values else None
    found["inventory"] = int(values["stock_value"][:near][-1]) if "stock_value" in values else None
    lead_time = lead_time_by_month(values, made_to_order)
    found["lead_time"] = None if lead_time is None else round(float(lead_time[:near].max()), 1)
    on_time = on_time_by_month(values, slice(0, near))
    found["on_time"] = None if on_time is None else round(on_time, 4)
    return found


def lead_time_by_month(values: Values, made_to_order: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """Customer lead time (T,) in days: families made to order, else all, weighted by what is due."""
    if "customer_lead_time" not in values:
        return None
    days, due = values["customer_lead_time"], values["due"].sum(axis=1).astype(float)
    chosen = made_to_order if made_to_order.any() else np.ones(len(days), dtype=bool)
    weight = due[chosen] + 1e-9
    return (days[chosen] * weight).sum(axis=0) / weight.sum(axis=0)


def on_time_by_month(values: Values, span: slice) -> float | None:
    """Share of the units due in a span of months that are delivered in their own month; None where none are."""
    if "due_on_time" not in values:
        return None
    due = values["due"][..., span].sum()
    return float(values["due_on_time"][:, span].sum() / due) if due else None


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
    why = plan.why_unknown(key)
    unlock = next((found.unlock for found in plan.availability.values() if found.unlock and found.why == why), ())
    return f"{why} (import {', '.join(unlock)})" if unlock else why
