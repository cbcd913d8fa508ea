"""Service of the last twelve closed months beside that of the plan: on time in full, and what is past due now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.analysis.headline import least_on_time
from sop.core.inputs import Inputs
from sop.core.plan import Plan, Worst
from sop.facts.closed import ClosedFacts


@dataclass(frozen=True)
class Service:
    """What customers saw and are to see; shares are fractions, None where not known.

    `last` by the date promised and `by_request` by the date asked for, over the last twelve closed months, with
    the family that was `worst`; counted by value, or in units where not every price is known (not `in_money`).
    `next` and `next_worst` are those of the plan. `past_due` units at the end of `month`, `inferred` where no
    table says.
    """

    month: str
    last: float | None
    by_request: float | None
    worst: Worst | None
    in_money: bool
    next: float | None
    next_worst: Worst | None
    past_due: float | None
    inferred: bool


def service_of(inputs: Inputs, plan: Plan, facts: ClosedFacts) -> Service:
    """The service of a company in its last twelve closed months and under a plan."""
    year, promised, orders = inputs.calendar.year, facts.promised, inputs.orders
    shares: list[float | None] = []
    for lines in (promised, facts.requested):
        kept, due = (0.0, 0.0) if lines is None else (float(values.sum()) for values in lines.of_year(year))
        shares.append(kept / due if due else None)
    worst = None
    if promised is not None:
        by_family = promised.of_year(year)
        least = least_on_time(*by_family)
        if least is not None:
            worst = Worst(inputs.families.names[least], float(by_family[0][least] / by_family[1][least]))
    late = None if orders is None else float(np.rint(np.maximum(inputs.position.past_due, 0.0)).sum())
    on_time = plan.headline.get("on_time")
    return Service(
        month=inputs.calendar.last_closed,
        last=shares[0],
        by_request=shares[1],
        worst=worst,
        in_money="due_value" in plan if promised is None else promised.in_money,
        next=None if on_time is None else float(on_time),
        next_worst=plan.worst.get("on_time"),
        past_due=late,
        inferred=orders is not None and orders.derived,
    )
