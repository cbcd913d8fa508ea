"""The identities of a plan, held again before it is signed: what follows from what, to the unit and the cent."""

from __future__ import annotations

from typing import Any

import numpy as np

from sop.agreement.gate import GateLine
from sop.core.calendar import period_name
from sop.core.inputs import Inputs
from sop.core.money import exact
from sop.core.plan import Plan
from sop.core.terms import Role
from sop.core.units import on_grid

_TERMS = (
    "baseline_forecast",
    "overrides",
    "launches",
    "cannibalisation",
    "events",
    "initiatives",
    "price_effect",
    "floor",
)
_MOST = 20
"""Places of one broken identity that are listed."""


def check_identities(plan: Plan, inputs: Inputs) -> tuple[GateLine, ...]:
    """A red line for each place in which an identity of the plan is broken; none in a plan of this program."""
    position = inputs.position
    return (
        *check_stock_identity(plan, _told(position.inventory, inputs)),
        *check_past_due_identity(plan, _told(position.past_due.sum(axis=1), inputs)),
        *check_consensus_identity(plan),
        *check_profit_identity(plan),
    )


def _told(opening: np.ndarray | None, inputs: Inputs) -> np.ndarray | None:
    """An opening position (F,) as the plan counts it: to the smallest unit of each family."""
    return None if opening is None else on_grid(opening, inputs.families.decimals)


def check_stock_identity(plan: Plan, opening: np.ndarray | None) -> tuple[GateLine, ...]:
    """inventory[t] = inventory[t−1] + production + subcontract + adjustments − shipments, to the unit."""
    if opening is None or "inventory" not in plan:
        return ()
    inventory = plan["inventory"]
    before = np.concatenate([opening[:, None], inventory[:, :-1]], axis=1)
    flows = plan.by_family("production") + plan["subcontract"] + plan["adjustments"] - plan.by_family("shipments")
    return _broken(
        plan, "stock_identity", "inventory does not follow from its movements", before + flows - inventory
    )


def check_past_due_identity(plan: Plan, opening: np.ndarray | None) -> tuple[GateLine, ...]:
    """past_due[t] = past_due[t−1] + due − shipments − lost, to the unit."""
    if opening is None or "past_due" not in plan:
        return ()
    late = plan["past_due"]
    before = np.concatenate([opening[:, None], late[:, :-1]], axis=1)
    flows = plan.by_family("due") - plan.by_family("shipments") - plan.by_family("lost_sales")
    return _broken(plan, "past_due_identity", "past due does not follow from its movements", before + flows - late)


def check_consensus_identity(plan: Plan) -> tuple[GateLine, ...]:
    """Consensus demand is the sum of its terms, to the unit."""
    gap = sum(plan.by_family(term) for term in _TERMS) - plan.by_family("consensus_demand")
    return _broken(plan, "consensus_identity", "consensus demand is not the sum of its terms", gap)


def check_profit_identity(plan: Plan) -> tuple[GateLine, ...]:
    """Revenue by family and region adds to the financial plan, and gross margin to its lines, to the cent.

    A plan whose revenue is not known has neither.
    """
    if not plan.has_revenue:
        return ()
    gap = plan.total("revenue") - plan["total_revenue"]
    if "gross_margin" in plan:
        parts = plan["total_revenue"] - plan["cost_of_sales"] - plan["period_variance"]
        if "revaluation" in plan:
            parts = parts + plan["revaluation"]
        gap = np.abs(gap) + np.abs(parts - plan["gross_margin"])
    return _broken(plan, "profit_identity", "the financial plan does not add up", gap[None, :], ("company",))


def _broken(
    plan: Plan, rule: str, what: str, gap: Any, names: tuple[str, ...] | None = None
) -> tuple[GateLine, ...]:
    names = names or plan.names("consensus_demand")
    gap = np.round(gap, 6)  # quantities with decimals are floats; no unit has as many
    return tuple(
        GateLine(
            "red",
            rule,
            f"{names[f]}: {what} in {period_name(plan.months[t])} by {exact(gap[f, t])}",
            names[f],
            "Report this; do not sign",
            Role.COORDINATOR.title,
        )
        for f, t in np.argwhere(gap)[:_MOST]
    )
