"""A company's financial plan: volumes of the other plans in money, as far as its inputs go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sop.core.calendar import Calendar, days_in
from sop.core.inputs import Floats, Inputs, Ints, Ledger, Position
from sop.core.money import MINOR, to_minor
from sop.core.plan import Availability
from sop.core.register import Assumptions
from sop.finance.cost_basis import CostBasis, cost_basis
from sop.finance.financing import plan_financing
from sop.finance.pnl import build_cost_of_sales, build_profit_and_loss, build_revenue, build_stock_value
from sop.finance.variances import SupplyCost, period_variances
from sop.finance.working_capital import project_balance, project_cash, purchases_before, realised_days


@dataclass(frozen=True)
class Volumes:
    """What the other plans say: whole units and currency.

    `shipments` (F, R, T); `receipts` (F, T) made and bought, None where supply is not planned; `price` (F, R, T)
    and `unit_cost` (F, T) currency per unit; `purchases` (T,) currency; spend (T,) in currency, None where there
    are no launches or initiatives.
    """

    shipments: Ints
    receipts: Ints | None
    price: Floats
    unit_cost: Floats
    purchases: Floats
    supply_cost: SupplyCost | None
    launch_spend: Floats | None
    initiative_spend: Floats | None


@dataclass(frozen=True)
class FinancialPlan:
    """Lines of the financial plan by key: (F, R, T), (F, T) or (T,) in whole minor units.

    `opening`: balances that the first month starts from, by line; empty where cash is not planned.
    """

    lines: dict[str, Ints]
    variances: dict[str, Ints] = field(default_factory=dict)
    availability: Availability = field(default_factory=lambda: Availability(True))
    opening: dict[str, int] = field(default_factory=dict)


def build_financial_plan(inputs: Inputs, assumptions: Assumptions, volumes: Volumes) -> FinancialPlan:
    """The financial plan with what could be known, and the line at which it stops with the reason.

    Without any price it has no line at all.
    """
    revenue = build_revenue(volumes.shipments, volumes.price)
    if not (np.isfinite(volumes.price).any() and np.isfinite(revenue).any()):
        return FinancialPlan({}, availability=Availability(False, NO_PRICE, ("sales_actuals", "products")))
    lines: dict[str, Any] = {"revenue": revenue}
    basis = cost_basis(inputs, assumptions)
    sold = volumes.shipments.sum(axis=(1, 2)) > 0
    unknown = [
        n for f, n in enumerate(inputs.families.names) if sold[f] and not np.isfinite(volumes.unit_cost[f]).all()
    ]
    cost = None if unknown else build_cost_of_sales(volumes.shipments, np.nan_to_num(volumes.unit_cost))
    variances = period_variances(volumes.supply_cost) if volumes.supply_cost else {}
    spend = {"launch_spend": volumes.launch_spend, "initiative_cost": volumes.initiative_spend}
    lines |= build_profit_and_loss(
        revenue,
        cost,
        variances,
        {key: to_minor(amount) for key, amount in spend.items() if amount is not None},
        inputs.ledger,
        assumptions,
        inputs.calendar,
        to_margin=not basis.cost_is_known,
    )
    if volumes.receipts is not None and inputs.position.inventory is not None and basis.stock_is_known:
        value = build_stock_value(
            _opening_stock(inputs.position),
            volumes.receipts,
            volumes.shipments.sum(axis=1),
            volumes.unit_cost,
            basis.opening_stock,
        )
        if np.isfinite(value).any():
            lines["inventory_value"] = value
        if np.isfinite(value).all():
            lines["stock_value"] = value.sum(axis=0)
    opening: dict[str, int] = {}
    notes: list[str] = []
    if "ebit" in lines and "stock_value" in lines:
        balances, opening, notes = _balances(inputs, assumptions, lines, volumes, basis)
        lines |= balances
    availability = _availability(inputs, lines, unknown, _unpriced(inputs, volumes), basis.why, notes)
    return FinancialPlan(lines, variances, availability, opening)


def _balances(
    inputs: Inputs, assumptions: Assumptions, lines: dict[str, Ints], volumes: Volumes, basis: CostBasis
) -> tuple[dict[str, Ints], dict[str, int], list[str]]:
    """Receivables, payables and, from a stated opening balance, cash with what it pays below EBIT.

    Beside them the balances that they start from, and what they rest on that the ledger does not say.
    """
    calendar, position = inputs.calendar, inputs.position
    dso, dpo = realised_days(inputs, "receivables"), realised_days(inputs, "payables")
    receivables = _balance(
        calendar,
        position.recent_revenue,
        lines["total_revenue"] / MINOR,
        assumptions.value("dso_days", table_value=dso),
        position.balances.get("receivables"),
    )
    payables = _balance(
        calendar,
        purchases_before(inputs),
        volumes.purchases,
        assumptions.value("dpo_days", table_value=dpo),
        position.balances.get("payables"),
    )
    balances = {
        "receivables": to_minor(receivables[1:]),
        "payables": to_minor(payables[1:]),
        "purchases": to_minor(volumes.purchases),
    }
    if "cash" not in position.balances:
        return balances, {}, []
    financing = plan_financing(inputs, assumptions, lines["ebit"])
    stock = (_opening_stock(position) * np.nan_to_num(position.unit_cost)).sum()
    amounts = {
        "cash": position.balances["cash"],
        "stock_value": stock if basis.opening_stock is None else basis.opening_stock,
        "receivables": receivables[0],
        "payables": payables[0],
        "debt": position.balances.get("debt", 0.0),
    }
    opening = {key: int(to_minor(np.array(amount))) for key, amount in amounts.items()}
    planned = {**lines, **balances, **financing.lines}
    notes = [*_assumed_days(position, dso, dpo), *financing.notes]
    return {**balances, **financing.lines, "cash": project_cash(planned, opening)}, opening, notes


def _assumed_days(position: Position, dso: float | None, dpo: float | None) -> list[str]:
    """Stated balances from which no days could be counted back."""
    stated = (("receivables", dso, "customers pay"), ("payables", dpo, "suppliers are paid"))
    return [
        f"the ledger's {name} do not say when {who}: the days are assumed"
        for name, realised, who in stated
        if name in position.balances and realised is None
    ]


def _balance(calendar: Calendar, past: Floats, planned: Floats, days: float, stated: float | None) -> Floats:
    """A balance at the last closed month and each planned month's end (T + 1,), currency."""
    past = past if len(past) else planned[:1]
    past_days = [days_in(month) for month in calendar.history(len(past))]
    balance = project_balance(past, planned, past_days, calendar.days, days, stated)
    opening = project_balance(past[:-1], past[-1:], past_days[:-1], past_days[-1:], days, None)[0]
    return np.concatenate([[stated if stated is not None else opening], balance])


NO_PRICE = "no price of anything is known, so the plan is in units"


def _unpriced(inputs: Inputs, volumes: Volumes) -> str:
    """What is shipped at a price that is not known: regions where nothing has one, else families; else nothing."""
    lost = np.any((volumes.shipments != 0) & ~np.isfinite(volumes.price), axis=2)
    priced = np.any(np.isfinite(volumes.price), axis=(0, 2))
    regions = [name for r, name in enumerate(inputs.regions) if lost[:, r].any() and not priced[r]]
    families = [name for f, name in enumerate(inputs.families.names) if lost[f, priced].any()]
    return ", ".join((*regions, *families))


def _availability(
    inputs: Inputs, lines: dict[str, Ints], unknown: list[str], unpriced: str, differs: str, notes: list[str]
) -> Availability:
    """How far the financial plan goes and what would take it further."""
    if unpriced:
        why = f"no total: no price or exchange rate is known of {unpriced}"
        return Availability(True, why, ("products", "fx_rates"))
    if unknown:
        return Availability(True, f"to revenue: no standard cost for {', '.join(unknown)}", ("products",))
    if differs:
        return Availability(True, differs, ("financials", "products"))
    if "ebit" not in lines:
        return Availability(True, _why_no_operating_cost(inputs.ledger), ("financials", "account_map"))
    unbooked = _unbooked(inputs.ledger, lines)
    if "cash" not in lines:
        why = "; ".join(filter(None, ("to EBIT: no opening balance of cash and stock loaded", unbooked)))
        return Availability(True, why, ("financials", "inventory"))
    why = "; ".join(filter(None, (unbooked, *notes)))
    return Availability(True, why, ("financials", "account_map") if why else ())


def _unbooked(ledger: Ledger | None, lines: dict[str, Ints]) -> str:
    """Costs that the plan counts as nothing because the ledger knows none; empty where it has all that matter."""
    booked = ledger.actual if ledger is not None else {}
    missing = [name for line, (name, result) in SPENDING.items() if line not in booked and result in lines]
    return f"without {' and '.join(missing)}: no ledger account is mapped to that" if missing else ""


SPENDING = {"depreciation": ("depreciation", "ebit"), "capital_spending": ("capital spending", "cash")}
"""Lines of the ledger that the plan does without where it has none: the name in a sentence, and what they move."""


def _why_no_operating_cost(ledger: Ledger | None) -> str:
    if ledger is None:
        return "to gross margin: no operating cost loaded"
    return "to gross margin: no ledger account is mapped to operating cost"


def _opening_stock(position: Position) -> Floats:
    """Opening stock (F,) units; a negative book balance counts as none."""
    return np.zeros(0) if position.inventory is None else np.maximum(position.inventory, 0.0)
