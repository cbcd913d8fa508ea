"""What each measure is made of: its value at a place and over some months, and the parts it follows from.

Sums and stocks add up exactly; products and ratios say what is multiplied or divided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sop.core.inputs import Inputs
from sop.core.measures import measure
from sop.core.plan import Plan

Sign = Literal["+", "−", "×", "÷"]

SUMS: dict[str, tuple[tuple[Sign, str], ...]] = {
    "consensus_demand": (
        ("+", "baseline_forecast"), ("+", "overrides"), ("+", "launches"), ("+", "cannibalisation"),
        ("+", "events"), ("+", "initiatives"), ("+", "price_effect"), ("+", "floor"),
    ),
    "gross_margin": (("+", "total_revenue"), ("−", "cost_of_sales"), ("−", "period_variance")),
    "ebit": (
        ("+", "gross_margin"), ("−", "launch_spend"), ("−", "initiative_cost"), ("−", "operating_cost"),
        ("−", "depreciation"),
    ),
    "total_revenue": (("+", "revenue"),),
    "stock_value": (("+", "inventory_value"),),
    "launch_spend": (("+", "launch_cost"),),
    "initiative_cost": (("+", "initiative_spend"),),
}  # fmt: skip
"""Measures that are sums of others in the same months."""

STOCKS: dict[str, tuple[tuple[Sign, str], ...]] = {
    "inventory": (("+", "production"), ("+", "subcontract"), ("+", "adjustments"), ("−", "shipments")),
    "past_due": (("+", "due"), ("−", "shipments"), ("−", "lost_sales")),
}
"""Stocks that are the previous stock and flows."""

CASH_FLOWS: tuple[tuple[Sign, str], ...] = (("+", "ebit"), ("+", "depreciation"), ("−", "capital_spending"))
CASH_BALANCES: tuple[tuple[Sign, str], ...] = (("−", "stock_value"), ("−", "receivables"), ("+", "payables"))
"""Cash is the previous cash, these flows, and what these balances change by."""

RATIOS: dict[str, tuple[tuple[Sign, str], ...]] = {"utilisation": (("+", "load_hours"), ("÷", "capacity_hours"))}

MADE_OF: dict[str, tuple[str, ...]] = {
    **{key: tuple(part for _, part in parts) for key, parts in (*SUMS.items(), *STOCKS.items(), *RATIOS.items())},
    "cash": tuple(part for _, part in (*CASH_FLOWS, *CASH_BALANCES)),
    "revenue": ("shipments",),
    "cost_of_sales": ("shipments",),
    "shipments": ("due", "production"),
    "due": ("consensus_demand",),
    "lost_sales": ("due", "production"),
    "load_hours": ("production",),
    "production": ("due", "safety_stock", "capacity_hours"),
    "material_need": ("production",),
    "inventory_value": ("inventory",),
    "period_variance": ("production", "overtime_hours", "people", "subcontract"),
    "purchases": ("production", "subcontract"),
    "receivables": ("total_revenue",),
    "payables": ("purchases",),
    "customer_lead_time": ("due", "shipments"),
    "days_of_supply": ("inventory", "consensus_demand"),
}
"""What each measure follows from, one step back."""


@dataclass(frozen=True)
class Place:
    """Where and when: names are empty for all; planned months `first` to `last`, both positions."""

    family: str = ""
    region: str = ""
    resource: str = ""
    first: int = 0
    last: int = 0

    @property
    def before(self) -> Place:
        """The month before the first."""
        return replace(self, first=self.first - 1, last=self.first - 1)

    def name(self, axis: str) -> str:
        """The name along an axis of a measure's grain."""
        return {"family": self.family, "region": self.region, "resource": self.resource}[axis]


@dataclass(frozen=True)
class Part:
    """One part of a measure: how it enters (+, −, ×, ÷), its value in its unit (money in minor units)."""

    sign: Sign
    key: str
    label: str
    unit: str
    value: float | None


def value_at(plan: Plan, key: str, place: Place) -> float | None:
    """A measure's value: flows added up over the months, stocks at their end, the highest of a peak.

    Over names that are not given flows and stocks are added up; a ratio follows from its parts, else it needs
    every name, as a peak does, and is that of the last month. None where the plan has no such line or name.
    """
    if key not in plan or place.first < 0:
        return None
    if key in RATIOS:
        over, under = (value_at(plan, part, place) for _, part in RATIOS[key])
        return None if over is None or not under else over / under
    entry, values = measure(key), plan[key]
    for axis, name in reversed(list(enumerate(entry.grain))):
        wanted = place.name(name)
        if wanted and wanted not in plan.names(key, axis):
            return None
        if wanted:
            values = values.take(plan.names(key, axis).index(wanted), axis=axis)
        elif entry.kind in ("ratio", "peak") and values.shape[axis] > 1:
            return None
        else:
            values = values.sum(axis=axis)
    months = values[place.first : place.last + 1]
    total = float(months.sum() if entry.kind == "flow" else months.max() if entry.kind == "peak" else months[-1])
    return total if np.isfinite(total) else None


def parts_of(plan: Plan, inputs: Inputs, key: str, place: Place) -> tuple[Part, ...]:
    """What a measure's value follows from; empty where it is not made of other lines."""
    if key in SUMS:
        return tuple(_summands(plan, key, place))
    if key in STOCKS:
        return (_opening(plan, inputs, key, place), *(_part(plan, s, k, place) for s, k in STOCKS[key]))
    if key in RATIOS:
        return tuple(_part(plan, sign, part, place) for sign, part in RATIOS[key])
    if key == "cash":
        return tuple(_cash(plan, place))
    if key == "revenue":
        return tuple(_revenue(plan, place))
    return ()


def adds_up(key: str) -> bool:
    """Whether the parts of a measure add up to it exactly."""
    return key in SUMS or key in STOCKS or key == "cash"


def _part(plan: Plan, sign: Sign, key: str, place: Place, label: str = "") -> Part:
    entry = measure(key)
    return Part(sign, key, label or entry.label, entry.unit, value_at(plan, key, place))


def _summands(plan: Plan, key: str, place: Place) -> Iterator[Part]:
    """The parts of a sum; a sum of one measure over its names is told by name."""
    parts = SUMS[key]
    if len(parts) > 1:
        yield from (_part(plan, sign, part, place) for sign, part in parts)
        return
    part = parts[0][1]
    axis = measure(part).grain[0]
    for name in plan.names(part):
        here = replace(place, family=name) if axis == "family" else replace(place, resource=name)
        yield _part(plan, "+", part, here, name)


def _opening(plan: Plan, inputs: Inputs, key: str, place: Place) -> Part:
    """The stock before the first month: of the plan, else the opening position."""
    before = value_at(plan, key, place.before) if place.first else _position(inputs, key, place)
    return Part("+", key, f"Previous {measure(key).label.lower()}", measure(key).unit, before)


def _position(inputs: Inputs, key: str, place: Place) -> float | None:
    position = inputs.position
    known = {
        "inventory": None if position.inventory is None else np.rint(position.inventory),
        "past_due": np.rint(np.maximum(position.past_due, 0.0)).sum(axis=1),
    }[key]
    if known is None:
        return None
    rows = [f for f, name in enumerate(inputs.families.names) if place.family in ("", name)]
    return float(known[rows].sum())


def _cash(plan: Plan, place: Place) -> Iterator[Part]:
    yield Part("+", "cash", "Previous cash", "currency", _balance_before(plan, "cash", place))
    yield from (_part(plan, sign, key, place) for sign, key in CASH_FLOWS)
    for sign, key in CASH_BALANCES:
        now, before = value_at(plan, key, place), _balance_before(plan, key, place)
        change = None if now is None or before is None else now - before
        yield Part(sign, key, f"Change of {measure(key).label.lower()}", "currency", change)


def _balance_before(plan: Plan, key: str, place: Place) -> float | None:
    """A balance before the first month: of the plan, else what it was opened with; None for a plan read back."""
    return value_at(plan, key, place.before) if place.first else plan.detail.get("opening", {}).get(key)


def _revenue(plan: Plan, place: Place) -> Iterator[Part]:
    shipped, revenue = value_at(plan, "shipments", place), value_at(plan, "revenue", place)
    yield Part("+", "shipments", measure("shipments").label, "units", shipped)
    price = revenue / shipped if shipped and revenue is not None else None
    yield Part("×", "", "Net price, mean", "currency", price)
