"""What waiting costs and what an initiative is worth, by planning again: later, as promised, and without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sop.core.inputs import Initiative
from sop.core.plan import Plan
from sop.core.register import Assumptions, assumption

PlanOf = Callable[[Assumptions], Plan]
"""Plans again under other assumptions."""

SlipKey = Literal["launch_slip_months", "initiative_slip_months"]


@dataclass(frozen=True)
class SlipCost:
    """What a slip of some months changes in the next twelve months, against the plan as it stands.

    Money in minor units, None where the plan goes no further; `units` is demand over the whole horizon, by each
    family whose demand it moves: units of different families are not added up.
    """

    months: int
    units: Mapping[str, float]
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
    costs = []
    for months in range(1, last + 1):
        plan = plan_of(assumptions.set(key, name, now + months))
        due, before = (each.by_family("consensus_demand").sum(axis=1) for each in (plan, base))
        moved = zip(plan.names("consensus_demand"), (due - before).tolist(), strict=True)
        units = {family: more for family, more in moved if more}
        revenue, profit, cash = (headline_change(plan, base, k) for k in ("revenue", profit_key(base), "cash"))
        costs.append(SlipCost(months, units, revenue, profit, cash))
    return tuple(costs)


def profit_key(plan: Plan) -> str:
    """The lowest line of profit that the plan reaches, as a headline measure."""
    return "ebit" if plan.headline["ebit"] is not None else "gross_margin"


def headline_change(plan: Plan, base: Plan, key: str) -> int | None:
    """What a plan's headline measure is more than another's, minor units; None where one of both has none."""
    now, before = plan.headline[key], base.headline[key]
    return None if now is None or before is None else int(now) - int(before)


@dataclass(frozen=True)
class InitiativeWorth:
    """Profit of the next twelve months that an initiative brings, before its own spend, in minor units.

    `promised`: on its baseline and in full; `in_plan`: with the slip and confidence of the plan; `spend`: what
    it still costs in those months. Profit is EBIT, or gross margin where the plan ends there. `cash`: what the
    plan has more in cash at their end, after the spend, for what an initiative frees in stock is no profit; None
    where cash is not planned.
    """

    initiative: str
    promised: int | None
    in_plan: int | None
    spend: int
    cash: int | None = None

    @property
    def at_risk(self) -> int | None:
        """Promised minus in the plan; None where either is not known."""
        return None if self.promised is None or self.in_plan is None else self.promised - self.in_plan

    @property
    def net(self) -> int | None:
        """In the plan less spend; None where that is not known."""
        return None if self.in_plan is None else self.in_plan - self.spend


def value_initiative(item: Initiative, assumptions: Assumptions, plan_of: PlanOf) -> InitiativeWorth:
    """An initiative's worth, by planning three times."""
    stopped = plan_of(assumptions.set("initiative_confidence", item.name, 0.0))
    full = assumptions.set("initiative_confidence", item.name, 1.0).set("initiative_slip_months", item.name, 0.0)
    promised, now = plan_of(full), plan_of(assumptions)
    return InitiativeWorth(
        item.name,
        _brings(promised, stopped),
        _brings(now, stopped),
        _spend(now) - _spend(stopped),
        _cash(now) - _cash(stopped) if "cash" in now and "cash" in stopped else None,
    )


@dataclass(frozen=True)
class PromiseByMonth:
    """What initiatives together bring in each planned month of a plan, minor units: profit before their own spend,
    and cash at the month's end after it; each is empty where it is not known."""

    profit: Mapping[str, int]
    cash: Mapping[str, int]


def promised_by_month(items: Iterable[Initiative], assumptions: Assumptions, plan_of: PlanOf) -> PromiseByMonth:
    """As the plan counts on them, by planning again without all of them.

    Profit is EBIT, or gross margin where the plan ends there.
    """
    stopped = assumptions.having({("initiative_confidence", item.name): 0.0 for item in items})
    now, without = plan_of(assumptions), plan_of(stopped)
    key = profit_key(without)
    more = _more(now, without, key)
    if more and key == "ebit" and "initiative_cost" in now:
        spent = _more(now, without, "initiative_cost")
        more = {month: value + spent[month] for month, value in more.items()}
    return PromiseByMonth(more, _more(now, without, "cash"))


def _more(plan: Plan, base: Plan, key: str) -> dict[str, int]:
    """What a line is more than in another plan, by month; empty where either has none."""
    if key not in plan or key not in base:
        return {}
    return {month: int(now) - int(was) for month, now, was in zip(plan.months, plan[key], base[key], strict=True)}


def _cash(plan: Plan) -> int:
    return int(plan["cash"][: plan.calendar.year][-1])


def _brings(plan: Plan, stopped: Plan) -> int | None:
    """What profit before the spend of initiatives is more than without them, on the line that both plans reach;
    None where either has no such line."""
    key = profit_key(stopped)
    more = headline_change(plan, stopped, key)
    if more is None or key != "ebit":
        return more
    return more + _spend(plan) - _spend(stopped)


def _spend(plan: Plan) -> int:
    return int(plan["initiative_cost"][: plan.calendar.year].sum()) if "initiative_cost" in plan else 0
