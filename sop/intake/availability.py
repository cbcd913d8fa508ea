"""Which of the seven plans the loaded tables allow, and what would unlock the rest."""

from __future__ import annotations

from sop.core.inputs import Inputs
from sop.core.plan import Availability
from sop.core.terms import PlanName as P


def plan_availability(inputs: Inputs, financial: Availability) -> dict[P, Availability]:
    """Availability of each plan with its reason; the financial plan's is given by finance."""
    return {
        P.SALES: Availability(True),
        P.PRODUCTION: _production(inputs),
        P.INVENTORY: _inventory(inputs),
        P.CUSTOMER_LEAD_TIME: _lead_time(inputs),
        P.NEW_PRODUCTS: _loaded(inputs.launches, "no launches loaded", ("launches", "launch_gates")),
        P.STRATEGIC_INITIATIVES: _loaded(
            inputs.initiatives, "no initiatives loaded", ("initiatives", "milestones", "benefits")
        ),
        P.FINANCIAL: financial,
    }


def _no_stock(inputs: Inputs) -> str:
    stale = next((finding.what for finding in inputs.findings if finding.rule == "stock_stale"), "")
    return stale or "opening stock is not known: no inventory loaded"


def _production(inputs: Inputs) -> Availability:
    if inputs.position.inventory is None:
        return Availability(False, _no_stock(inputs), ("inventory",))
    if inputs.capacity is None:
        return Availability(True, "unconstrained: no capacity loaded", ("resources", "capacity", "routings"))
    if inputs.capacity.people_max is None:
        return Availability(True, "machine hours only: no workforce loaded", ("workforce",))
    return Availability(True)


def _inventory(inputs: Inputs) -> Availability:
    known = inputs.position.inventory is not None
    return Availability(True) if known else Availability(False, _no_stock(inputs), ("inventory",))


def _lead_time(inputs: Inputs) -> Availability:
    if inputs.orders is None:
        return Availability(False, "what customers wait for is not known: no order book loaded", ("order_book",))
    if inputs.position.inventory is not None and inputs.capacity is None:
        why = "how long customers wait is not known: no capacity loaded"
        return Availability(False, why, ("resources", "capacity", "routings"))
    return _inventory(inputs)


def _loaded(block: object, why: str, unlock: tuple[str, ...]) -> Availability:
    return Availability(True) if block else Availability(False, why, unlock)
