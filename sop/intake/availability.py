"""Which of the seven plans the loaded tables allow, and what would unlock the rest."""

from __future__ import annotations

from sop.core.inputs import Inputs
from sop.core.plan import Availability
from sop.core.terms import PlanName as P


def plan_availability(inputs: Inputs, financial: Availability) -> dict[P, Availability]:
    """Availability of each plan with its reason; the financial plan's is given by finance."""
    stale = next((finding.what for finding in inputs.findings if finding.rule == "stock_stale"), "")
    no_stock = Availability(False, stale or "opening stock is not known: no inventory loaded", ("inventory",))
    stock = Availability(True) if inputs.position.inventory is not None else no_stock
    return {
        P.SALES: Availability(True),
        P.PRODUCTION: _production(inputs) if stock.available else stock,
        P.INVENTORY: stock,
        P.CUSTOMER_LEAD_TIME: _lead_time(inputs, stock),
        P.NEW_PRODUCTS: _loaded(inputs.launches, "launches", "launch_gates"),
        P.STRATEGIC_INITIATIVES: _loaded(inputs.initiatives, "initiatives", "milestones", "benefits"),
        P.FINANCIAL: financial,
    }


def _production(inputs: Inputs) -> Availability:
    if inputs.capacity is None:
        return Availability(True, "unconstrained: no capacity loaded", ("resources", "capacity", "routings"))
    if inputs.capacity.people_max is None:
        return Availability(True, "machine hours only: no workforce loaded", ("workforce",))
    return Availability(True)


def _lead_time(inputs: Inputs, stock: Availability) -> Availability:
    if inputs.orders is None:
        return Availability(
            False, "no order book is loaded, so what customers wait for is not known", ("order_book",)
        )
    if stock.available and inputs.capacity is None:
        why = "how long customers wait is not known: no capacity loaded"
        return Availability(False, why, ("resources", "capacity", "routings"))
    return stock


def _loaded(block: object, *tables: str) -> Availability:
    return Availability(True) if block else Availability(False, f"no {tables[0]} loaded", tables)
