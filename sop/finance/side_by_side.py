"""Profit and cash of plans side by side: line by line, and the difference as steps that add up to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sop.core.measures import CASH_BALANCES, CASH_FLOWS, measure
from sop.core.plan import Plan
from sop.finance.gap import Gap

PROFIT = {
    "total_revenue": 1,
    "cost_of_sales": -1,
    "period_variance": -1,
    "revaluation": 1,
    "launch_spend": -1,
    "initiative_cost": -1,
    "operating_cost": -1,
    "depreciation": -1,
}
"""Lines of the profit and loss and whether they add to EBIT."""

SHOWN = (
    "total_revenue", "cost_of_sales", "period_variance", "revaluation", "gross_margin", "launch_spend",
    "initiative_cost", "operating_cost", "depreciation", "ebit",
)  # fmt: skip
"""Lines in the order in which they are shown."""


@dataclass(frozen=True)
class ProfitRow:
    """A line of the profit and loss over some months in each plan, minor units; None where a plan has none."""

    key: str
    label: str
    amounts: tuple[int | None, ...]


def compare_profit(plans: Sequence[Plan], months: Sequence[str]) -> tuple[ProfitRow, ...]:
    """Each line of the profit and loss over `months`, which every plan must cover, in every plan."""
    return tuple(
        ProfitRow(key, measure(key).label, tuple(line_total(plan, key, months) for plan in plans)) for key in SHOWN
    )


def line_total(plan: Plan, key: str, months: Sequence[str]) -> int | None:
    """A line added up over some of the plan's months, minor units; None where the plan has no such line."""
    if key not in plan:
        return None
    return int(plan[key][[plan.months.index(month) for month in months]].sum())


def profit_steps(base: Plan, now: Plan, months: Sequence[str]) -> Gap | None:
    """From one plan's EBIT to another's over `months`: one step for each line, positive where it adds to EBIT.

    None where one of them does not reach EBIT.
    """
    if "ebit" not in base or "ebit" not in now:
        return None
    steps = {
        measure(key).label: sign * (_amount(now, key, months) - _amount(base, key, months))
        for key, sign in PROFIT.items()
    }
    return Gap(_amount(base, "ebit", months), _amount(now, "ebit", months), steps)


def cash_steps(base: Plan, now: Plan, months: Sequence[str]) -> Gap | None:
    """From one plan's cash at the end of `months` to another's; None without cash in both.

    `months` begin with the first month of both plans. Flows differ over the months, balances at their end;
    opening cash and working capital differ only where the two start from other positions: a step of its own.
    """
    if "cash" not in base or "cash" not in now:
        return None
    steps = {
        measure(key).label: sign * (_amount(now, key, months) - _amount(base, key, months))
        for key, sign in CASH_FLOWS.items()
        if key in base or key in now
    }
    last = months[-1:]
    steps |= {
        measure(key).label: sign * (_amount(now, key, last) - _amount(base, key, last))
        for key, sign in CASH_BALANCES.items()
        if key in base or key in now
    }
    start, end = _amount(base, "cash", last), _amount(now, "cash", last)
    opening = end - start - sum(steps.values())
    return Gap(start, end, steps | {"Opening position": opening})


def _amount(plan: Plan, key: str, months: Sequence[str]) -> int:
    return line_total(plan, key, months) or 0


def decision_costs(plan: Plan, months: Sequence[str], carrying_rate: float) -> Mapping[str, int]:
    """What decisions of the plan cost over `months`, minor units, by name: what is beyond standard, and stock.

    Carrying stock is `carrying_rate` a year on its value at each month's end; it is not a line of the profit and
    loss. Empty for a plan that was read back: the parts of its variance are not kept.
    """
    at = [plan.months.index(month) for month in months]
    found = {
        DECISIONS[name]: int(values[at].sum())
        for name, values in (plan.detail.variances or {}).items()
        if name in DECISIONS
    }
    if found and "stock_value" in plan:
        found["Carrying stock"] = round(float(plan["stock_value"][at].sum()) * carrying_rate / plan.calendar.year)
    return found


DECISIONS = {
    "overtime": "Overtime",
    "subcontract": "Subcontract above standard",
    "relief": "Expedited: spot material and outside hours",
    "routing": "Dearer routes",
    "hiring": "Hiring",
    "release": "Releases",
    "labour": "Labour paid and not used",
}
"""Variances that follow from a decision of the plan, by the name of the decision."""
