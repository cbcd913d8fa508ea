"""Did we do what we said: actual against the plan in force at the time. Ratios come from their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sop.core.calendar import shift_month
from sop.core.inputs import Floats, Inputs
from sop.core.plan import Plan

TOLERANCE = 0.10
"""A family is on plan within this share of its plan."""


@dataclass(frozen=True)
class Track:
    """One measure over closed months: `actual` and `plan` (F, H), not-a-number where not known."""

    key: str
    label: str
    unit: str
    better: int
    actual: Floats
    plan: Floats

    @property
    def difference(self) -> Floats:
        """Actual minus plan."""
        return self.actual - self.plan

    @property
    def cumulative_difference(self) -> Floats:
        """Running difference over months in which both are known."""
        return np.cumsum(np.nan_to_num(self.difference), axis=1)


def plan_in_force(month: str, plans: Mapping[str, Plan]) -> Plan | None:
    """The plan agreed at the latest cycle up to `month` that covers it; `plans` by their first open month."""
    cycles = [cycle for cycle in plans if cycle <= month]
    plan = plans[max(cycles)] if cycles else None
    return plan if plan is not None and month in plan.months else None


def planned(key: str, families: Sequence[str], months: Sequence[str], plans: Mapping[str, Plan]) -> Floats:
    """What the plan in force said of a measure for each family and month (F, H)."""
    values = np.full((len(families), len(months)), np.nan)
    for t, month in enumerate(months):
        plan = plan_in_force(month, plans)
        if plan is None or key not in plan:
            continue
        column = plan.by_family(key)[:, plan.months.index(month)]
        names = plan.names(key)
        for f, family in enumerate(families):
            if family in names:
                values[f, t] = column[names.index(family)]
    return values


def build_tracks(inputs: Inputs, months: Sequence[str], plans: Mapping[str, Plan]) -> dict[str, Track]:
    """Sales, production, inventory and backlog of closed months against the plan of the time, by measure."""
    families = inputs.families.names
    history, at = inputs.history, [inputs.history.months.index(month) for month in months]

    def sold(values: NDArray[Any]) -> Floats:
        return np.nan_to_num(inputs.by_family(values)).sum(axis=1)[:, at]

    def said(key: str) -> Floats:
        return planned(key, families, months, plans)

    tracks = {
        "demand": Track("demand", "Demand", "units", 1, sold(history.ordered), said("consensus_demand")),
        "sales": Track("sales", "Sales", "units", 1, sold(history.shipped), said("shipments")),
        "revenue": Track("revenue", "Revenue", "currency", 1, sold(history.revenue), said("revenue") / 100),
    }
    stock = inputs.stock
    if stock is not None and set(months) <= set(stock.months):
        place = [stock.months.index(month) for month in months]
        tracks["production"] = Track(
            "production", "Production", "units", 0, stock.production[:, place], said("production")
        )
        tracks["inventory"] = Track(
            "inventory", "Inventory", "units", -1, stock.closing[:, place], said("inventory")
        )
    orders = inputs.orders
    if orders is not None and set(months) <= set(orders.months):
        place = [orders.months.index(month) for month in months]
        late = orders.past_due.sum(axis=1)[:, place]
        tracks["past_due"] = Track("past_due", "Past due", "units", -1, late, said("past_due"))
    return tracks


def attainment(track: Track, span: slice = slice(None)) -> float:
    """Σ actual / Σ plan over families and months where both are known; not-a-number without a plan."""
    actual, plan = _known(track, span)
    return float(actual.sum() / plan.sum()) if plan.sum() else float("nan")


def plan_performance(track: Track, span: slice = slice(None)) -> float:
    """1 − Σ|actual − plan| / Σ plan: a shortfall in one family is not netted by a surplus in another."""
    actual, plan = _known(track, span)
    return float(1 - np.abs(actual - plan).sum() / plan.sum()) if plan.sum() else float("nan")


def hit_rate(track: Track, month: int = -1, tolerance: float = TOLERANCE) -> tuple[int, int]:
    """Families within tolerance of their plan in a month, and families that had a plan."""
    actual, plan = track.actual[:, month], track.plan[:, month]
    known = np.isfinite(actual) & np.isfinite(plan) & (plan > 0)
    within = np.abs(actual - plan)[known] <= tolerance * plan[known]
    return int(within.sum()), int(known.sum())


def _known(track: Track, span: slice) -> tuple[Floats, Floats]:
    actual, plan = track.actual[:, span], track.plan[:, span]
    known = np.isfinite(actual) & np.isfinite(plan)
    return actual[known], plan[known]


@dataclass(frozen=True)
class LagAccuracy:
    """Accuracy of one step's forecast at a lag: WAPE, bias (positive = over-forecast) and what they rest on."""

    step: str
    lag: int
    wape: float
    bias: float
    months: int


STEPS = {"baseline_forecast": "Statistical forecast", "consensus_demand": "Consensus"}


def accuracy_by_lag(
    inputs: Inputs, months: Sequence[str], plans: Mapping[str, Plan], most_lags: int = 6
) -> list[LagAccuracy]:
    """WAPE and bias by step and lag, at family × region, over the closed months that a plan of that lag covers.

    Lag k is the plan whose first open month is k − 1 months before the month forecast. The seasonal naive step
    is the same month a season earlier.
    """
    actual = np.nan_to_num(inputs.by_family(inputs.history.ordered))
    rows: list[LagAccuracy] = []
    at = {month: i for i, month in enumerate(inputs.history.months)}
    for lag in range(1, most_lags + 1):
        pairs: dict[str, list[tuple[Floats, Floats]]] = {name: [] for name in ("Seasonal naive", *STEPS.values())}
        for month in months:
            plan = plans.get(_earlier(month, lag - 1))
            if plan is None or month not in plan.months:
                continue
            truth = actual[:, :, at[month]]
            if at[month] >= inputs.calendar.season_length:
                pairs["Seasonal naive"].append((actual[:, :, at[month] - inputs.calendar.season_length], truth))
            for key, name in STEPS.items():
                forecast = _on_families(plan, key, month, inputs)
                if forecast is not None:
                    pairs[name].append((forecast, truth))
        rows += [_accuracy(name, lag, found) for name, found in pairs.items() if found]
    return rows


def vintages(inputs: Inputs, month: str, plans: Mapping[str, Plan]) -> list[tuple[str, float]]:
    """How consensus demand for one month moved over the cycles: (cycle, units) for every plan that covers it."""
    return [
        (cycle, float(plan.total("consensus_demand")[plan.months.index(month)]))
        for cycle, plan in sorted(plans.items())
        if month in plan.months
    ]


def price_volume_mix(
    quantity: Floats, revenue: Floats, base_quantity: Floats, base_revenue: Floats
) -> dict[str, float]:
    """Revenue against a base at item level (n,): volume, mix, price; new and discontinued items on their own.

    Volume: change of total units at the base's mean price. Mix: what the change of each item's units adds
    beyond it, at base prices. Price: new units at the change of price. The steps sum to the difference.
    """
    both = (quantity > 0) & (base_quantity > 0)
    base_price = np.divide(base_revenue, base_quantity, out=np.zeros_like(base_revenue), where=both)
    total_base, mean_price = base_quantity[both].sum(), 0.0
    if total_base:
        mean_price = base_revenue[both].sum() / total_base
    volume = (quantity[both].sum() - total_base) * mean_price
    at_base_price = (quantity[both] * base_price[both]).sum() - base_revenue[both].sum()
    return {
        "volume": float(volume),
        "mix": float(at_base_price - volume),
        "price": float(revenue[both].sum() - (quantity[both] * base_price[both]).sum()),
        "new": float(revenue[~both & (quantity > 0)].sum() + revenue[~both & (quantity <= 0)].sum()),
        "discontinued": float(-base_revenue[~both].sum()),
    }


def _earlier(month: str, months: int) -> str:
    return shift_month(month, -months)


def _on_families(plan: Plan, key: str, month: str, inputs: Inputs) -> Floats | None:
    """A plan's values on today's families and regions (F, R) in a month; None where they are not the same."""
    block = plan.blocks.get(key)
    if block is None or block.names != (inputs.families.names, inputs.regions):
        return None
    values: Floats = block.values[:, :, plan.months.index(month)].astype(float)
    return values


def _accuracy(step: str, lag: int, pairs: list[tuple[Floats, Floats]]) -> LagAccuracy:
    forecast, actual = (np.stack(side) for side in zip(*pairs, strict=True))
    total = actual.sum()
    error = forecast - actual
    wape = float(np.abs(error).sum() / total) if total else float("nan")
    return LagAccuracy(step, lag, wape, float(error.sum() / total) if total else float("nan"), len(pairs))
