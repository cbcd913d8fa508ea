"""What `plan` tells of money beside the plan's lines: headline with what is not known, decisions, and limits.

Money is that of the profit and loss and of cash, in the company's currency, by planning again; None is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sop.cli.terminal import print_rows
from sop.core.calendar import worded
from sop.core.format import how_many, number
from sop.core.money import MINOR
from sop.core.plan import Plan

if TYPE_CHECKING:
    from sop.analysis.decisions.decisions import Decision
    from sop.analysis.decisions.valuation import Valuation
    from sop.analysis.supply.limits import LimitWorth


def money_fields(valuation: Valuation, limits: tuple[LimitWorth, ...], why: str) -> dict[str, Any]:
    """Decisions and limits as plain fields. `why`: why EBIT is not known; empty where it is."""
    together = valuation.together
    return {
        "decisions": [decision_fields(decision) for decision in valuation.decisions],
        "decisions_together": None
        if together is None
        else {
            "ebit_12_months": currency(together.ebit_12_months),
            "ebit_horizon": currency(together.ebit_horizon),
            "cash_low": currency(together.cash_low),
        },
        "limits": [limit_fields(limit, why) for limit in limits],
    }


def decision_fields(decision: Decision) -> dict[str, Any]:
    """One decision: what it brings, net of its cost, and whether it is recommended, else why not."""
    effect, terms = decision.effect, decision.move.terms
    return {
        "name": decision.move.title,
        "ebit_12_months": currency(effect.ebit_12_months),
        "ebit_horizon": currency(effect.ebit_horizon),
        "cash_low": currency(effect.cash_low),
        "cash_below_minimum": currency(decision.cash_short),
        "cost": currency(decision.cost),
        "price": terms.price,
        "price_unit": terms.unit or None,
        "assumed": list(terms.assumed),
        "lead_months": terms.lead_months,
        "month_later": currency(decision.waiting),
        "last_month": decision.last_month,
        "owner": decision.move.owner,
        "recommended": decision.recommended,
        "why": decision.why_not,
    }


def limit_fields(limit: LimitWorth, why: str = "") -> dict[str, Any]:
    """One limit that binds: what the plan would gain without it, and the unit-days that customers wait for it;
    why the gain is not known where it is not."""
    effect = limit.effect
    waits = effect.unit_days
    return {
        "name": limit.label,
        "kind": limit.kind,
        "months_binding": limit.months,
        "ebit_12_months": currency(effect.ebit_12_months),
        "ebit_horizon": currency(effect.ebit_horizon),
        "cash_low": currency(effect.cash_low),
        "waiting_units_days": None if waits is None else -waits,
    } | ({"why": why or _NO_PLAN} if effect.ebit_12_months is None else {})


_NO_PLAN = "no plan without it was found"


def currency(minor: int | None) -> float | None:
    """Minor units in units of the currency."""
    return None if minor is None else minor / MINOR


def print_money(plan: Plan, valuation: Valuation, limits: tuple[LimitWorth, ...]) -> None:
    """Decisions and limits for a reader."""
    months = len(plan.months)
    spans = (
        f"EBIT {plan.near_text}, {plan.currency}",
        worded(f"EBIT {how_many(months, 'months')}", counted=True),
        "lowest cash",
    )
    if valuation.decisions:
        print("\nDecisions, net of what they cost")
        print_rows(
            ("decision", *spans, "costs", worded("months of lead"), "recommended"),
            [
                (
                    each["name"],
                    *(_text(each[key]) for key in ("ebit_12_months", "ebit_horizon", "cash_low", "cost")),
                    each["lead_months"],
                    "yes" if each["recommended"] else f"no: {each['why']}",
                )
                for each in map(decision_fields, valuation.decisions)
            ],
        )
    if limits:
        print("\nLimits: what the plan would gain without each")
        print_rows(
            ("limit", "months", *spans, "unit-days waited for it"),
            [
                (
                    each["name"],
                    each["months_binding"],
                    *(_text(each[key]) for key in ("ebit_12_months", "ebit_horizon", "cash_low")),
                    _text(each["waiting_units_days"]),
                )
                for each in map(limit_fields, limits)
            ],
        )


def _text(value: float | None) -> str:
    return "not known" if value is None else number(value)
