"""What each measure is made of: its value at a place and over some months, and the parts it follows from.

Sums and stocks add up exactly; products and ratios say what is multiplied or divided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sop.core.calendar import period_name
from sop.core.inputs import Inputs, Ints
from sop.core.measures import CASH_BALANCES, CASH_FLOWS, measure
from sop.core.plan import Plan
from sop.core.units import on_grid

Sign = Literal["+", "−", "×", "÷"]
_SAME = 1e-6

SUMS: dict[str, tuple[tuple[Sign, str], ...]] = {
    "consensus_demand": (
        ("+", "baseline_forecast"), ("+", "overrides"), ("+", "launches"), ("+", "cannibalisation"),
        ("+", "events"), ("+", "initiatives"), ("+", "price_effect"), ("+", "floor"),
    ),
    "gross_margin": (
        ("+", "total_revenue"), ("−", "cost_of_sales"), ("−", "period_variance"), ("+", "revaluation"),
    ),
    "ebit": (
        ("+", "gross_margin"), ("−", "launch_spend"), ("−", "initiative_cost"), ("−", "operating_cost"),
        ("−", "depreciation"),
    ),
    "total_revenue": (("+", "revenue"),),
    "stock_value": (("+", "inventory_value"),),
    "revaluation": (("+", "inventory_revaluation"),),
    "launch_spend": (("+", "launch_cost"),),
    "initiative_cost": (("+", "initiative_spend"),),
}  # fmt: skip
"""Measures that are sums of others in the same months."""

STOCKS: dict[str, tuple[tuple[Sign, str], ...]] = {
    "inventory": (("+", "production"), ("+", "subcontract"), ("+", "adjustments"), ("−", "shipments")),
    "people": (("+", "hires"), ("−", "releases")),
    "past_due": (("+", "due"), ("−", "shipments"), ("−", "lost_sales")),
}
"""Stocks that are the previous stock and flows."""

RATIOS: dict[str, tuple[tuple[Sign, str], ...]] = {"utilisation": (("+", "load_hours"), ("÷", "capacity_hours"))}

MADE_OF: dict[str, tuple[str, ...]] = {
    **{key: tuple(part for _, part in parts) for key, parts in (*SUMS.items(), *STOCKS.items(), *RATIOS.items())},
    "cash": (*CASH_FLOWS, *CASH_BALANCES),
    "revenue": ("shipments",),
    "cost_of_sales": ("shipments",),
    "shipments": ("due", "production"),
    "due": ("consensus_demand",),
    "lost_sales": ("due", "production"),
    "load_hours": ("production",),
    "production": ("due", "safety_stock", "capacity_hours"),
    "material_need": ("production",),
    "inventory_value": ("inventory",),
    "inventory_revaluation": ("inventory",),
    "operating_cost": ("total_revenue",),
    "period_variance": ("production", "overtime_hours", "people", "subcontract"),
    "purchases": ("production", "subcontract"),
    "tax": ("ebit", "interest"),
    "interest": ("debt",),
    "receivables": ("total_revenue",),
    "payables": ("purchases",),
    "customer_lead_time": ("due", "shipments"),
    "days_of_supply": ("inventory", "consensus_demand"),
    "subcontract": ("due", "production"),
    "relief_hours": ("load_hours", "capacity_hours"),
    "regular_hours": ("people",),
    "overtime_hours": ("load_hours", "people"),
    "hires": ("production",),
    "releases": ("production",),
    "idle_hours": ("people", "regular_hours"),
    "idle_cost": ("idle_hours",),
    "safety_stock": ("consensus_demand",),
    "excess_units": ("inventory", "consensus_demand"),
    "shortage_units": ("safety_stock", "inventory"),
    "order_book": ("past_due", "due"),
    "due_on_time": ("due", "shipments"),
    "due_value": ("due",),
    "on_time_share": ("due_on_time", "due"),
    "price_effect": ("baseline_forecast",),
    "floor": ("baseline_forecast", "cannibalisation", "events"),
    "overrides": ("baseline_forecast",),
    "cannibalisation": ("launches",),
    "launch_cost": ("launch_volume",),
}
"""What each measure follows from, one step back."""


PER_UNIT: dict[str, tuple[str, str]] = {
    "revenue": ("shipments", "Net price, mean"),
    "due_value": ("due", "Net price, mean"),
    "cost_of_sales": ("shipments", "Standard cost, mean"),
    "inventory_value": ("inventory", "Standard cost"),
}
"""Money that is units times a price or a cost: which units, and what the money for one is called."""


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

    def at(self, axis: str, name: str) -> Place:
        """The same place with a name along an axis."""
        named = {"family": self.family, "region": self.region, "resource": self.resource, axis: name}
        return Place(named["family"], named["region"], named["resource"], self.first, self.last)


_ABSENT = ("launch_spend", "initiative_cost", "revaluation")
"""Lines that a company without launches or initiatives does not have, nor one signed before stock was revalued."""


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
    """What a measure's value follows from; empty for one figure that is not made of other lines.

    Where a measure has no formula of other lines it is told by name, then by month: what adds up to it.
    """
    if key in SUMS:
        return tuple(_summands(plan, key, place))
    if key in STOCKS and any(part in plan for _, part in STOCKS[key]):
        return (_opening(plan, inputs, key, place), *(_part(plan, s, k, place) for s, k in STOCKS[key]))
    if key in RATIOS:
        return tuple(_part(plan, sign, part, place) for sign, part in RATIOS[key])
    if key == "cash":
        return tuple(_cash(plan, place))
    if key == "period_variance" and plan.detail.variances is not None:
        return tuple(_variances(plan.detail.variances, place))
    return tuple(_by_name(plan, key, place) or _by_month(plan, key, place) or _per_unit(plan, key, place))


def adds_up(parts: Sequence[Part], value: float | None) -> bool:
    """Whether parts add up to a value to the last digit."""
    if value is None or not parts or any(part.value is None or part.sign not in ("+", "−") for part in parts):
        return False
    total = sum((-1 if part.sign == "−" else 1) * float(part.value or 0.0) for part in parts)
    return abs(total - value) < _SAME


def _part(plan: Plan, sign: Sign, key: str, place: Place, label: str = "") -> Part:
    entry = measure(key)
    return Part(sign, key, label or entry.label, entry.unit, value_at(plan, key, place))


def _summands(plan: Plan, key: str, place: Place) -> Iterator[Part]:
    """The parts of a sum; a sum of one measure over its names is told by name."""
    parts = SUMS[key]
    if len(parts) > 1:
        yield from (_part(plan, sign, part, place) for sign, part in parts if part in plan or part not in _ABSENT)
        return
    part = parts[0][1]
    axis = measure(part).grain[0]
    for name in plan.names(part):
        yield _part(plan, "+", part, place.at(axis, name), name)


def _opening(plan: Plan, inputs: Inputs, key: str, place: Place) -> Part:
    """The stock before the first month: of the plan, else the opening position."""
    before = value_at(plan, key, place.before) if place.first else _position(inputs, key, place)
    return Part("+", key, f"Previous {measure(key).label.lower()}", measure(key).unit, before)


def _position(inputs: Inputs, key: str, place: Place) -> float | None:
    position, decimals = inputs.position, inputs.families.decimals
    if key == "people":
        return _people_now(inputs, place)
    known = {
        "inventory": None if position.inventory is None else on_grid(position.inventory, decimals),
        "past_due": on_grid(np.maximum(position.past_due, 0.0), decimals).sum(axis=1),
    }[key]
    if known is None:
        return None
    rows = [f for f, name in enumerate(inputs.families.names) if place.family in ("", name)]
    return float(known[rows].sum())


def _people_now(inputs: Inputs, place: Place) -> float | None:
    """People who are there before the first month: of one plant, or of all whose people are known."""
    capacity, people = inputs.capacity, inputs.position.people
    if capacity is None or people is None:
        return None
    whole = np.floor(np.maximum(people, 0.0) + 0.5)
    here = [p for p, name in enumerate(capacity.plants.names) if place.resource in ("", name)]
    found = whole[here][np.isfinite(whole[here])]
    return float(found.sum()) if len(found) else None


def _cash(plan: Plan, place: Place) -> Iterator[Part]:
    yield Part("+", "cash", "Previous cash", "currency", _balance_before(plan, "cash", place))
    yield from (_part(plan, _sign(way), key, place) for key, way in CASH_FLOWS.items() if key in plan)
    for key, way in CASH_BALANCES.items():
        if key not in plan:
            continue
        now, before = value_at(plan, key, place), _balance_before(plan, key, place)
        change = None if now is None or before is None else now - before
        yield Part(_sign(way), key, f"Change of {measure(key).label.lower()}", "currency", change)


def _sign(way: int) -> Sign:
    return "+" if way > 0 else "−"


def _balance_before(plan: Plan, key: str, place: Place) -> float | None:
    """A balance before the first month: of the plan, else what it was opened with; None for a plan read back."""
    return value_at(plan, key, place.before) if place.first else plan.detail.opening.get(key)


def _variances(variances: Mapping[str, Ints], place: Place) -> Iterator[Part]:
    """The named variances, as far as anything is in them."""
    for name, values in variances.items():
        value = float(values[place.first : place.last + 1].sum())
        if value:
            yield Part("+", "", name.capitalize(), "currency", value)


def _by_name(plan: Plan, key: str, place: Place) -> list[Part]:
    """A flow or stock along the first axis that the place leaves open, name by name, without those at nothing."""
    entry = measure(key)
    open_axes = [axis for axis in entry.grain if not place.name(axis)]
    axis = next((name for name in open_axes if len(plan.names(key, entry.grain.index(name))) > 1), None)
    if axis is None or entry.kind not in ("flow", "stock"):
        return []
    names = plan.names(key, entry.grain.index(axis))
    parts = (_part(plan, "+", key, place.at(axis, name), name) for name in names)
    return [part for part in parts if part.value]


def _by_month(plan: Plan, key: str, place: Place) -> list[Part]:
    """A flow over several months, month by month."""
    if measure(key).kind != "flow" or place.first == place.last:
        return []
    months = range(place.first, place.last + 1)
    return [_part(plan, "+", key, replace(place, first=t, last=t), period_name(plan.months[t])) for t in months]


def _per_unit(plan: Plan, key: str, place: Place) -> list[Part]:
    """Money as units times what one is worth."""
    if key not in PER_UNIT:
        return []
    units_key, name = PER_UNIT[key]
    units, money = value_at(plan, units_key, place), value_at(plan, key, place)
    each = money / units if units and money is not None else None
    return [_part(plan, "+", units_key, place), Part("×", "", name, "currency", each)]
