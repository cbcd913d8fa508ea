"""The levers that people can really pull: a shift, a line day, a supplier lot, a subcontract month.

A lever is a limit with the amount in which it comes. What it is worth is found by planning the company again with
it (`sop.analysis.supply.limits`), never by a dual: the tenth hour of a shift is seldom worth what the first is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sop.core.calendar import worded
from sop.core.format import number
from sop.supply.lp.plan import SupplyPlan
from sop.supply.what_if.limits import Limit, LimitUse, open_limits

SHIFT_HOURS = 8.0
WORKING_DAYS = 21.0
LOTS_PER_PERIOD = 4.0
"""A supplier's lot is taken as a quarter of what arrives in a usual period."""


@dataclass(frozen=True)
class ReliefLever:
    """`amount` more of a limit in each of `periods` (indices), by the name people know it by."""

    name: str
    limit: Limit
    periods: tuple[int, ...]
    amount: float


def standard_levers(
    plan: SupplyPlan,
    working_days: float = WORKING_DAYS,
    shift_hours: float = SHIFT_HOURS,
    leads: Mapping[Limit, int] | None = None,
) -> list[ReliefLever]:
    """The levers on every limit that binds, in the amounts in which they come, where the limit binds unfrozen.

    Line: one day in the first such period, and one more shift in all. People: one person. Material: one lot in the
    first. Subcontract: one more period at the limit. Overtime: a shift's hours. Others: a tenth more. `leads`:
    periods before which more of a limit cannot be there.
    """
    found = []
    for use in open_limits(plan):
        late = np.arange(len(use.binding)) >= (leads or {}).get(use.limit, 0)
        if (use.binding & late).any():
            found += _levers_of(replace(use, binding=use.binding & late), working_days, shift_hours)
    return found


def _levers_of(use: LimitUse, working_days: float, shift_hours: float) -> list[ReliefLever]:
    limit, binding = use.limit, tuple(int(t) for t in np.flatnonzero(use.binding))
    known = use.most[np.isfinite(use.most)]
    usual, first = float(known.mean()), binding[:1]
    if limit.kind == "line":
        day = ReliefLever(f"One more day of {limit.label}", limit, first, usual / working_days)
        return [day, ReliefLever(f"One more shift on {limit.label}", limit, binding, shift_hours * working_days)]
    if limit.kind == "people":
        return [ReliefLever(f"One more person at {limit.name}", limit, binding, 1.0)]
    if limit.kind == "material":
        return [ReliefLever(f"One more lot of {limit.name}", limit, first, usual / LOTS_PER_PERIOD)]
    if limit.kind == "subcontract":
        name = f"{worded('One more month of subcontract for')} {limit.name}"
        return [ReliefLever(name, limit, first, float(use.most[first[0]]))]
    if limit.kind == "overtime":
        hours = shift_hours * working_days
        return [ReliefLever(f"{number(hours)} more overtime hours at {limit.name}", limit, binding, hours)]
    return [ReliefLever(f"A tenth more of {limit.label}", limit, binding, 0.1 * usual)]
