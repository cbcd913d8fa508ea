"""What an initiative is worth: planned again as promised, as it stands, and without it."""

from __future__ import annotations

from dataclasses import dataclass

from sop.core.inputs import Initiative
from sop.core.plan import Plan
from sop.core.register import Assumptions
from sop.portfolio.slips import PlanOf, profit_key


@dataclass(frozen=True)
class InitiativeWorth:
    """Profit of the next twelve months that an initiative brings, before its own spend, in minor units.

    `promised`: on its baseline and in full; `in_plan`: with the slip and confidence of the plan; `spend`: what
    it still costs in those months. Profit is EBIT, or gross margin where the plan ends there. `cash`: what the
    plan has more in cash at their end, after the spend, for what an initiative frees in stock is no profit; None
    where cash is not planned.
    """

    initiative: str
    promised: int
    in_plan: int
    spend: int
    cash: int | None = None

    @property
    def at_risk(self) -> int:
        """Promised minus in the plan."""
        return self.promised - self.in_plan


def value_initiative(item: Initiative, assumptions: Assumptions, plan_of: PlanOf) -> InitiativeWorth:
    """An initiative's worth, by planning three times."""
    stopped = plan_of(assumptions.set("initiative_confidence", item.name, 0.0))
    full = assumptions.set("initiative_confidence", item.name, 1.0).set("initiative_slip_months", item.name, 0.0)
    promised, now = plan_of(full), plan_of(assumptions)
    return InitiativeWorth(
        item.name,
        _before_spend(promised, stopped) - _before_spend(stopped, stopped),
        _before_spend(now, stopped) - _before_spend(stopped, stopped),
        _spend(now) - _spend(stopped),
        _cash(now) - _cash(stopped) if "cash" in now else None,
    )


def _cash(plan: Plan) -> int:
    return int(plan["cash"][: plan.calendar.year][-1])


def _before_spend(plan: Plan, like: Plan) -> int:
    """Profit with the spend of initiatives put back, on the line that both plans reach."""
    key = profit_key(like)
    return int(plan.headline[key] or 0) + (_spend(plan) if key == "ebit" else 0)


def _spend(plan: Plan) -> int:
    return int(plan["initiative_cost"][: plan.calendar.year].sum()) if "initiative_cost" in plan else 0
