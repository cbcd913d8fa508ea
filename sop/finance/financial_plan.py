"""A company's financial plan: volumes of the other plans in money, as far as its inputs go."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from sop.core.calendar import Calendar, days_in
from sop.core.inputs import Bools, Floats, Inputs, Ints, Ledger
from sop.core.money import MINOR, to_minor
from sop.core.plan import Availability
from sop.core.register import Assumptions, assumption
from sop.core.units import on_grid
from sop.facts.stock_value import value_of_stock
from sop.finance.cost_basis import ComparedCosts, CostBasis, compare_costs
from sop.finance.financing import BelowEbit, plan_financing
from sop.finance.operating_cost import OperatingCost, estimate_operating_cost
from sop.finance.pnl import build_cost_of_sales, build_profit_and_loss, build_revaluation, build_revenue
from sop.finance.variances import SupplyCost, period_variances
from sop.finance.working_capital import project_balance, project_cash, purchases_before, realised_days


@dataclass(frozen=True)
class Volumes:
    """What the other plans say: whole units and currency.

    `shipments` (F, R, T); `inventory` (F, T) at month ends, None where supply is not planned; `price` (F, R, T)
    and `unit_cost` (F, T) currency per unit; `purchases` (T,) currency; spend (T,) in currency, None where there
    are no launches or initiatives. `stock_cost` (F, 1 + T): what a unit in stock is worth today and in each month.
    `unpriced_hours`: resources whose hours are bought at a price that nobody says, so `supply_cost` is not all.
    """

    shipments: Ints
    inventory: Ints | None
    price: Floats
    unit_cost: Floats
    stock_cost: Floats
    purchases: Floats
    supply_cost: SupplyCost | None
    launch_spend: Floats | None
    initiative_spend: Floats | None
    unpriced_hours: tuple[str, ...] = ()


@dataclass(frozen=True)
class FinancialPlan:
    """Lines of the financial plan by key: (F, R, T), (F, T) or (T,) in whole minor units.

    `opening`: balances that the first month starts from, by line; empty where cash is not planned.
    `ways`: by line, in a sentence, which way it was worked out where there is more than one. `cost`: what the
    supply plan pays.
    """

    lines: dict[str, Ints]
    variances: dict[str, Ints] = field(default_factory=dict)
    availability: Availability = field(default_factory=lambda: Availability(True))
    opening: dict[str, int] = field(default_factory=dict)
    ways: dict[str, str] = field(default_factory=dict)
    cost: SupplyCost | None = None


@dataclass(frozen=True)
class Books:
    """What the ledger says of the company: worked out once for an input set, and planned on again and again.

    `signed`: the books that an agreed plan rested on, where these inputs hold its ledger: what they said of cost,
    payment days and taxes goes on as it was, and is not read anew because months have passed.
    """

    inputs: Inputs
    signed: Books | None = None

    @cached_property
    def operating(self) -> OperatingCost | None:
        """How other operating cost goes on; None where the ledger has none."""
        if self.signed is None:
            return estimate_operating_cost(self.inputs)
        said = self.signed.operating
        passed = self.signed.inputs.calendar.position(self.inputs.calendar.first_open)
        return said and said.later(passed)

    @cached_property
    def costs(self) -> ComparedCosts:
        """Cost of sales and stock of the tables beside the ledger's."""
        return compare_costs(self.inputs)

    @cached_property
    def dso(self) -> float | None:
        """Days after which customers pay; None where the ledger does not say."""
        return self.signed.dso if self.signed else realised_days(self.inputs, "receivables")

    @cached_property
    def dpo(self) -> float | None:
        """Days after which suppliers are paid; None where the ledger does not say."""
        return self.signed.dpo if self.signed else realised_days(self.inputs, "payables")

    @cached_property
    def purchases(self) -> Floats:
        """What was bought in the last closed year, oldest first, currency."""
        return purchases_before(self.inputs)

    @cached_property
    def below_ebit(self) -> BelowEbit:
        """Lines below EBIT as they were paid."""
        return BelowEbit(self.inputs, self.signed.below_ebit if self.signed else None)


def build_financial_plan(books: Books, assumptions: Assumptions, volumes: Volumes) -> FinancialPlan:
    """The financial plan with what could be known, and the line at which it stops with the reason.

    Without any price it has no line at all.
    """
    inputs, operating = books.inputs, books.operating
    revenue = build_revenue(volumes.shipments, volumes.price)
    if not (np.isfinite(volumes.price).any() and np.isfinite(revenue).any()):
        return FinancialPlan({}, availability=Availability(False, NO_PRICE, ("sales_actuals", "products")))
    lines: dict[str, Any] = {"revenue": revenue}
    basis = books.costs.under(assumptions)
    sold = volumes.shipments.sum(axis=(1, 2)) > 0
    unknown = [
        n for f, n in enumerate(inputs.families.names) if sold[f] and not np.isfinite(volumes.unit_cost[f]).all()
    ]
    cost = None if unknown else build_cost_of_sales(volumes.shipments, np.nan_to_num(volumes.unit_cost))
    variances = period_variances(volumes.supply_cost) if volumes.supply_cost else {}
    spend = {"launch_spend": volumes.launch_spend, "initiative_cost": volumes.initiative_spend}
    stock, unvalued = _stock(inputs, volumes, basis)
    revalued = stock.get("inventory_revaluation")
    lines |= build_profit_and_loss(
        revenue,
        cost,
        None if volumes.unpriced_hours else variances,
        {key: to_minor(amount) for key, amount in spend.items() if amount is not None},
        inputs.ledger,
        inputs.calendar,
        None if operating is None else operating.over(revenue.sum(axis=(0, 1)), assumptions),
        None if revalued is None or unvalued else revalued.sum(axis=0),
        to_margin=not basis.cost_is_known,
    )
    lines |= stock
    if stock and not unvalued:
        lines["stock_value"] = stock["inventory_value"].sum(axis=0)
    opening: dict[str, int] = {}
    if "ebit" in lines and "stock_value" in lines:
        balances, opening = _balances(books, assumptions, lines, volumes)
        lines |= balances
    availability = _availability(inputs, lines, unknown, unvalued, volumes, basis.why)
    ways = {"operating_cost": operating.in_words(assumptions)} if operating and "operating_cost" in lines else {}
    known = {} if volumes.unpriced_hours else variances
    return FinancialPlan(lines, known, availability, opening, ways, volumes.supply_cost)


def _stock(inputs: Inputs, volumes: Volumes, basis: CostBasis) -> tuple[dict[str, Any], list[str]]:
    """Value and revaluation of stock by family (F, T), and the families whose stock has no standard cost.

    Nothing is valued where supply is not planned, or where tables and ledger say different values of the same
    stock and nobody has chosen; of a family whose cost is not known neither is.
    """
    if volumes.inventory is None or inputs.position.inventory is None or not basis.stock_is_known:
        return {}, []
    opening, (today, costs) = _opening_stock(inputs), np.split(volumes.stock_cost, [1], axis=1)
    value = value_of_stock(volumes.inventory, costs)
    known = np.isfinite(value).all(axis=1) & np.isfinite(value_of_stock(opening, today[:, 0]))
    unvalued = [name for name, flag in zip(inputs.families.names, known.tolist(), strict=True) if not flag]
    if not known.any():
        return {}, unvalued
    change = build_revaluation(opening, volumes.inventory, today[:, 0], costs)
    found = {"inventory_value": value, "inventory_revaluation": change}
    return {key: _where_known(values, known) for key, values in found.items()}, unvalued


def _where_known(values: Any, known: Bools) -> Any:
    """Minor units by family (F, T): whole where all are `known` (F,), else floats and not-a-number."""
    return values.astype(np.int64) if known.all() else np.where(known[:, None], values, np.nan)


def _balances(
    books: Books, assumptions: Assumptions, lines: dict[str, Ints], volumes: Volumes
) -> tuple[dict[str, Ints], dict[str, int]]:
    """Receivables, payables and, from a stated opening balance, cash with what it pays below EBIT.

    Beside them the balances that they start from.
    """
    calendar, position = books.inputs.calendar, books.inputs.position
    receivables = planned_balance(
        calendar,
        position.recent_revenue,
        lines["total_revenue"] / MINOR,
        assumptions.value("dso_days", table_value=books.dso),
        books.dso is not None,
        position.balances.get("receivables"),
    )
    payables = planned_balance(
        calendar,
        books.purchases,
        volumes.purchases,
        assumptions.value("dpo_days", table_value=books.dpo),
        books.dpo is not None,
        position.balances.get("payables"),
    )
    balances = {
        "receivables": to_minor(receivables[1:]),
        "payables": to_minor(payables[1:]),
        "purchases": to_minor(volumes.purchases),
    }
    if "cash" not in position.balances:
        return balances, {}
    financing = plan_financing(books.below_ebit, assumptions, lines["ebit"])
    stock = value_of_stock(_opening_stock(books.inputs), volumes.stock_cost[:, 0]).sum() / MINOR
    amounts = {
        "cash": position.balances["cash"],
        "stock_value": stock,
        "receivables": receivables[0],
        "payables": payables[0],
        "debt": position.balances.get("debt", 0.0),
    }
    opening = {key: int(to_minor(np.array(amount))) for key, amount in amounts.items()}
    planned = {**lines, **balances, **financing}
    return {**balances, **financing, "cash": project_cash(planned, opening)}, opening


def planned_balance(
    calendar: Calendar, past: Floats, planned: Floats, days: float, realised: bool, stated: float | None
) -> Floats:
    """A balance at the last closed month and each planned month's end (T + 1,), currency.

    `stated` at the last closed month; whether it says after how many days it is paid is `realised`.
    """
    past = past if len(past) else planned[:1]
    past_days = [days_in(month) for month in calendar.history(len(past))]
    balance = project_balance(past, planned, past_days, calendar.days, days, stated, runs_off=realised)
    opening = project_balance(past[:-1], past[-1:], past_days[:-1], past_days[-1:], days, None)[0]
    return np.concatenate([[stated if stated is not None else opening], balance])


HOURS_REMEDY = f"set '{assumption('extra_hour_price').label}' on Assumptions"
NO_PRICE = "no price of anything is known, so the plan is in units"


def _unpriced(inputs: Inputs, volumes: Volumes) -> str:
    """What is shipped at a price that is not known: regions where nothing has one, else families; else nothing."""
    lost = np.any((volumes.shipments != 0) & ~np.isfinite(volumes.price), axis=2)
    priced = np.any(np.isfinite(volumes.price), axis=(0, 2))
    regions = [name for r, name in enumerate(inputs.regions) if lost[:, r].any() and not priced[r]]
    families = [name for f, name in enumerate(inputs.families.names) if lost[f, priced].any()]
    return ", ".join((*regions, *families))


def _availability(
    inputs: Inputs,
    lines: dict[str, Any],
    unknown: list[str],
    unvalued: list[str],
    volumes: Volumes,
    differs: str,
) -> Availability:
    """How far the financial plan goes and what would take it further."""
    if unpriced := _unpriced(inputs, volumes):
        why = f"no price or exchange rate is known of {unpriced}"
        return Availability(True, why, ("products", "fx_rates"))
    if unknown:
        why = f"the plan ends at revenue: no standard cost for {', '.join(unknown)}"
        return Availability(True, why, ("products",))
    if volumes.unpriced_hours:
        names = " and ".join(volumes.unpriced_hours)
        said = f"hours are bought for {names} at a price that is not known; {HOURS_REMEDY}"
        why = f"the plan ends at cost of sales: {said}"
        return Availability(True, why, ("capacity",))
    if differs:
        return Availability(True, differs, ())
    if "ebit" not in lines:
        return Availability(True, _why_no_operating_cost(inputs.ledger), ("financials", "account_map"))
    unbooked = _unbooked(inputs.ledger, lines)
    if unvalued:
        why = f"the plan ends at EBIT: no standard cost for what is in stock of {', '.join(unvalued)}"
        return Availability(True, why, ("products",))
    if "cash" not in lines:
        why = "; ".join(
            filter(None, ("the plan ends at EBIT: no opening balance of cash and stock loaded", unbooked))
        )
        return Availability(True, why, ("financials", "inventory"))
    return Availability(True, unbooked, ("financials", "account_map") if unbooked else ())


def _unbooked(ledger: Ledger | None, lines: dict[str, Ints]) -> str:
    """Costs that the plan counts as nothing because the ledger knows none; empty where it has all that matter."""
    booked = ledger.actual if ledger is not None else {}
    missing = [name for line, (name, result) in SPENDING.items() if line not in booked and result in lines]
    return f"without {' and '.join(missing)}: no ledger account is mapped to that" if missing else ""


SPENDING = {"depreciation": ("depreciation", "ebit"), "capital_spending": ("capital spending", "cash")}
"""Lines of the ledger that the plan does without where it has none: the name in a sentence, and what they move."""


def _why_no_operating_cost(ledger: Ledger | None) -> str:
    if ledger is None:
        return "the plan ends at gross margin: no operating cost loaded"
    return "the plan ends at gross margin: no ledger account is mapped to operating cost"


def _opening_stock(inputs: Inputs) -> Floats:
    """Opening stock (F,) in whole units, as supply starts from it; a negative book balance counts as none."""
    stock = inputs.position.inventory
    return np.zeros(0) if stock is None else on_grid(np.maximum(stock, 0.0), inputs.families.decimals)
