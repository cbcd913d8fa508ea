"""What waiting costs: a launch or an initiative planned again a month later, and another, and another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sop.core.plan import Plan
from sop.core.register import Assumptions, assumption

PlanOf = Callable[[Assumptions], Plan]
"""Plans again under other assumptions."""

SlipKey = Literal["launch_slip_months", "initiative_slip_months"]


@dataclass(frozen=True)
class SlipCost:
    """What a slip of some months changes in the next twelve months, against the plan as it stands.

    Money in minor units, None where the plan goes no further; `units` is demand over the whole horizon.
    """

    months: int
    units: int
    revenue: int | None
    profit: int | None
    cash_low: int | None


def slip_costs(
    key: SlipKey, name: str, assumptions: Assumptions, plan_of: PlanOf, most: int = 6
) -> tuple[SlipCost, ...]:
    """The cost of each further month of slip, up to `most` or to the end of the register's range.

    `profit` is EBIT, or gross margin where the plan ends there.
    """
    base, now = plan_of(assumptions), assumptions.value(key, name)
    last = min(most, int(assumption(key).high - now))
    return tuple(
        _cost(plan_of(assumptions.set(key, name, now + months)), base, months) for months in range(1, last + 1)
    )


def profit_key(plan: Plan) -> str:
    """The lowest line of profit that the plan reaches, as a headline measure."""
    return "ebit" if plan.headline["ebit"] is not None else "gross_margin"


def _cost(plan: Plan, base: Plan, months: int) -> SlipCost:
    return SlipCost(
        months,
        int(plan.total("consensus_demand").sum() - base.total("consensus_demand").sum()),
        _change(plan, base, "revenue"),
        _change(plan, base, profit_key(base)),
        _change(plan, base, "cash"),
    )


def _change(plan: Plan, base: Plan, key: str) -> int | None:
    now, before = plan.headline[key], base.headline[key]
    return None if now is None or before is None else int(now) - int(before)
