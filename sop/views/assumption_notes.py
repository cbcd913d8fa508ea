"""Which assumptions stand behind each plan, and those of them that somebody has set."""

from __future__ import annotations

from sop.core.register import Assumptions, assumption
from sop.core.terms import PlanName as P

KEYS: dict[P, tuple[str, ...]] = {
    P.SALES: (
        "demand_pct",
        "demand_units",
        "marketing_units",
        "price_pct",
        "price_elasticity",
        "event_probability",
        "event_use",
        "driver_use",
        "history_restored",
        "history_accepted",
        "history_train_since",
        "history_ended",
        "history_interrupted",
    ),
    P.PRODUCTION: (
        "supply_strategy",
        "capacity_pct",
        "extra_hours_pct",
        "extra_hour_price",
        "extra_lead_months",
        "overtime_share",
        "people_pct",
        "min_people",
        "hire_lead_months",
        "notice_months",
        "releases_allowed",
        "subcontract_pct",
        "subcontract_lead_months",
        "supply_pct",
        "spot_premium",
        "labour_rate",
        "overtime_premium",
        "hire_cost",
        "release_cost",
    ),
    P.INVENTORY: (
        "service_level",
        "service_measure",
        "replenishment_days",
        "replenishment_sd_days",
        "stock_above_safety",
        "cover_limit_days",
        "carrying_rate",
    ),
    P.CUSTOMER_LEAD_TIME: ("standard_lead_time_days", "lead_time_target_days", "past_due_rate"),
    P.NEW_PRODUCTS: ("launch_slip_months", "launch_volume_pct", "launch_probability"),
    P.STRATEGIC_INITIATIVES: ("initiative_confidence", "initiative_slip_months", "mitigation_cost"),
    P.FINANCIAL: (
        "operating_cost_pct",
        "cost_inflation",
        "material_share",
        "dso_days",
        "dpo_days",
        "tax_rate",
        "dividend",
        "borrowing",
        "minimum_cash",
        "exception_limit",
        "cost_tolerance",
        "cost_basis",
        "fx_pct",
    ),
}
"""The keys of the register by the plan whose page shows them."""

OF_RANGES = (
    "price_spread",
    "output_spread",
    "supplier_delay_days",
    "launch_volume_spread",
    "delay_spread_months",
    "initiative_spread",
    "operating_cost_spread",
    "dso_spread_days",
)
"""Keys that no plan rests on: they say how far it may differ, and stand on the Assumptions page alone."""

_BY_FAMILY = ("family", "family_month", "history_month")


def assumptions_behind(assumptions: Assumptions, plan: P, family: str | None) -> tuple[tuple[str, str], ...]:
    """Key and scope of what is set for a plan; with a family only what is set for it or for all.

    >>> assumptions_behind(Assumptions({("demand_pct", "Bikes"): 0.1, ("dso_days", ""): 60}), P.SALES, "Bikes")
    (('demand_pct', 'Bikes'),)
    """
    found = (place for place in assumptions if place[0] in KEYS[plan])
    return tuple(
        (key, scope)
        for key, scope in found
        if family is None or assumption(key).scope not in _BY_FAMILY or scope.split("|")[0] in ("", family)
    )
