"""Benefits of initiatives that came: actual against the plan signed at the time, with and without the benefit.

For every closed month the plan in force says what it expected with the initiative; taken back by the promised
change it says what it expected without. What is actual beyond that is called realised. It holds everything else
that went otherwise than planned too, so it is an estimate and named so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sop.analysis.performance.tracks import plan_in_force
from sop.core.calendar import worded
from sop.core.inputs import Benefit, Floats, Initiative, Inputs
from sop.core.plan import Plan

NOT_MEASURED = {
    "unit_cost": "a signed plan keeps the cost of sales of the whole company, not the unit cost of a family",
    "lead_time": "actual lead times are not kept by month with the plan",
    "inventory_target": "a target has no actual; see inventory",
    "supply": "what suppliers could have delivered is not recorded",
}
"""Why a measure's benefit cannot be read off closed months."""


@dataclass(frozen=True)
class RealisedBenefit:
    """A benefit over the closed `months` in which a signed plan counted on it, in the measure's own unit.

    `without`: planned without the initiative; `promised` and `realised`: what the plan added and what came on
    top of it. All None, with `why`, where it cannot be measured.
    """

    initiative: str
    measure: str
    scope: str
    months: tuple[str, ...] = ()
    without: float | None = None
    promised: float | None = None
    realised: float | None = None
    why: str = ""

    @property
    def share(self) -> float | None:
        """Realised / promised; None where nothing was promised or measured."""
        return self.realised / self.promised if self.promised and self.realised is not None else None


Read = Callable[[str, Plan], tuple[float, float] | None]
"""(actual, planned) of a closed month and the plan in force; None where either is not known."""


def realised_benefits(
    inputs: Inputs, agreed: Mapping[str, Plan], months: Sequence[str]
) -> tuple[RealisedBenefit, ...]:
    """Every benefit of every initiative; `agreed`: plans by their first open month."""
    return tuple(
        _realised(inputs, item, benefit, agreed, months)
        for item in inputs.initiatives or ()
        for benefit in item.benefits
    )


def _realised(
    inputs: Inputs, item: Initiative, benefit: Benefit, agreed: Mapping[str, Plan], months: Sequence[str]
) -> RealisedBenefit:
    here = RealisedBenefit(item.name, benefit.measure, benefit.scope)
    read = _reader(inputs, benefit)
    if read is None:
        return replace(here, why=NOT_MEASURED.get(benefit.measure, "its scope names nothing that is loaded"))
    found = [row for month in months if (row := _month(item, benefit, month, agreed, read))]
    if not found:
        return replace(here, why=worded("no signed plan of a closed month counted on it"))
    actual, planned, without = (float(sum(row[1][i] for row in found)) for i in range(3))
    months_found = tuple(row[0] for row in found)
    return replace(
        here, months=months_found, without=without, promised=planned - without, realised=actual - without
    )


def _month(
    item: Initiative, benefit: Benefit, month: str, agreed: Mapping[str, Plan], read: Read
) -> tuple[str, tuple[float, float, float]] | None:
    """(month, (actual, planned, planned without)); None where no signed plan counted on the initiative."""
    plan = plan_in_force(month, agreed)
    if plan is None or item.name not in plan.names("initiative_effect"):
        return None
    effect = plan["initiative_effect"][plan.names("initiative_effect").index(item.name), plan.months.index(month)]
    values = read(month, plan)
    if not effect > 0 or values is None:
        return None
    actual, planned = values
    change = benefit.amount * float(effect)
    without = planned - change if benefit.unit == "abs" else planned / (1 + change) if change > -1 else np.nan
    return (month, (actual, planned, without)) if np.isfinite(without) else None


# -- how a measure is read from closed months and from a signed plan


def _reader(inputs: Inputs, benefit: Benefit) -> Read | None:
    """How a measure is read; None where it cannot be measured."""
    if benefit.measure == "capacity_hours":
        return _capacity(inputs, benefit.scope)
    read = {"demand": _demand, "price": _price}.get(benefit.measure)
    return read(inputs, benefit.scope) if read is not None and all(_cells(inputs, benefit.scope)) else None


def _cells(inputs: Inputs, scope: str) -> tuple[list[str], list[str]]:
    """Families and regions that a scope names; an empty scope names all of them."""
    if scope in inputs.regions:
        return list(inputs.families.names), [scope]
    rows = range(len(inputs.families.names)) if not scope else inputs.families.index(scope)
    return [inputs.families.names[f] for f in rows], list(inputs.regions)


def _actual(inputs: Inputs, product_values: Floats, scope: str, month: str) -> float:
    families, regions = _cells(inputs, scope)
    rows = [inputs.families.names.index(name) for name in families]
    columns = [inputs.regions.index(name) for name in regions]
    values = inputs.by_family(product_values)[np.ix_(rows, columns, [inputs.history.months.index(month)])]
    return float(np.nansum(values)) if np.isfinite(values).any() else float("nan")


def _planned(plan: Plan, inputs: Inputs, key: str, scope: str, month: str) -> float:
    families, regions = _cells(inputs, scope)
    rows = [plan.names(key).index(name) for name in families if name in plan.names(key)]
    columns = [plan.names(key, 1).index(name) for name in regions if name in plan.names(key, 1)]
    return float(plan[key][np.ix_(rows, columns, [plan.months.index(month)])].sum())


def _demand(inputs: Inputs, scope: str) -> Read:
    def read(month: str, plan: Plan) -> tuple[float, float] | None:
        actual = _actual(inputs, inputs.history.ordered, scope, month)
        return _both(actual, _planned(plan, inputs, "consensus_demand", scope, month))

    return read


def _price(inputs: Inputs, scope: str) -> Read:
    """Net price a unit shipped, over the families and regions of the scope."""

    def read(month: str, plan: Plan) -> tuple[float, float] | None:
        units = _actual(inputs, inputs.history.shipped, scope, month)
        planned_units = _planned(plan, inputs, "shipments", scope, month)
        if not units > 0 or planned_units <= 0:
            return None
        actual = _actual(inputs, inputs.history.revenue, scope, month) / units
        return _both(actual, _planned(plan, inputs, "revenue", scope, month) / 100 / planned_units)

    return read


def _capacity(inputs: Inputs, scope: str) -> Read | None:
    """Demonstrated hours of the lines of the scope."""
    capacity = inputs.capacity
    if capacity is None:
        return None
    lines = [
        line
        for line, name in zip(capacity.lines, capacity.line_names, strict=True)
        if not scope or scope in (line, name)
    ]

    def read(month: str, plan: Plan) -> tuple[float, float] | None:
        if month not in capacity.history_months or not set(lines) <= set(plan.names("capacity_hours")):
            return None
        rows = [capacity.lines.index(line) for line in lines]
        actual = float(capacity.line_hours_history[rows, capacity.history_months.index(month)].sum())
        places = [plan.names("capacity_hours").index(line) for line in lines]
        return _both(actual, float(plan["capacity_hours"][places, plan.months.index(month)].sum()))

    return read if lines else None


def _both(actual: float, planned: float) -> tuple[float, float] | None:
    return (actual, planned) if np.isfinite(actual) and np.isfinite(planned) else None
