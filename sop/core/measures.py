"""The one table of measures: what every plan line means, its unit, grain and how it adds up.

A flow adds over months; a stock takes the last month; a peak takes the highest; a ratio is recomputed from
its parts at every level, never averaged. `better` is +1 when more is good for the business, −1 when less is,
0 when neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sop.core.errors import NotFound
from sop.core.terms import PlanName as P

Kind = Literal["flow", "stock", "ratio", "peak"]
Unit = Literal["units", "currency", "hours", "people", "days", "fraction", "months"]


@dataclass(frozen=True)
class Measure:
    """One measure: key, plan it belongs to, label, unit, grain, kind, direction and definition."""

    key: str
    plan: P
    label: str
    unit: Unit
    grain: tuple[str, ...]
    kind: Kind
    better: int
    definition: str


_FR, _F = ("family", "region"), ("family",)

MEASURES: tuple[Measure, ...] = (
    Measure("baseline_forecast", P.SALES, "Baseline forecast", "units", _FR, "flow", 1,
        "Statistical forecast of demand"),
    Measure("overrides", P.SALES, "Overrides", "units", _FR, "flow", 1, "Owners' changes to the baseline"),
    Measure("launches", P.SALES, "Launches", "units", _FR, "flow", 1, "Expected volume of new products"),
    Measure("cannibalisation", P.SALES, "Cannibalisation", "units", _FR, "flow", 1,
        "Volume that launches take from a family"),
    Measure("events", P.SALES, "Events", "units", _FR, "flow", 1,
        "Outside events used in the plan, times probability"),
    Measure("initiatives", P.SALES, "Initiatives", "units", _FR, "flow", 1,
        "Demand benefits of initiatives, times confidence"),
    Measure("price_effect", P.SALES, "Price effect", "units", _FR, "flow", 1,
        "Elasticity × price change × the sum so far"),
    Measure("floor", P.SALES, "Floor at zero", "units", _FR, "flow", 0, "What lifts negative demand to zero"),
    Measure("consensus_demand", P.SALES, "Consensus demand", "units", _FR, "flow", 1, "Sum of the terms above"),
    Measure("due", P.SALES, "Demand due", "units", _FR, "flow", 0,
        "Consensus demand in the month it must be delivered: made to order moves by the standard lead time"),
    Measure("shipments", P.SALES, "Shipments", "units", _FR, "flow", 1, "Units delivered: oldest due first"),
    Measure("lost_sales", P.SALES, "Lost sales", "units", _FR, "flow", -1, "Due units that are never delivered"),
    Measure("revenue", P.SALES, "Revenue", "currency", _FR, "flow", 1, "Shipments × net price"),
    Measure("production", P.PRODUCTION, "Production", "units", ("family", "resource"), "flow", 0,
        "Units made, by line"),
    Measure("subcontract", P.PRODUCTION, "Subcontract", "units", _F, "flow", 0, "Finished units bought outside"),
    Measure("load_hours", P.PRODUCTION, "Load", "hours", ("resource",), "flow", 0,
        "Machine hours that production needs"),
    Measure("capacity_hours", P.PRODUCTION, "Demonstrated capacity", "hours", ("resource",), "flow", 0,
        "Hours offered × efficiency"),
    Measure("utilisation", P.PRODUCTION, "Utilisation", "fraction", ("resource",), "ratio", 0,
        "Load / demonstrated capacity"),
    Measure("relief_hours", P.PRODUCTION, "Hours bought outside", "hours", ("resource",), "flow", -1,
        "Hours above capacity that the plan had to buy"),
    Measure("people_opening", P.PRODUCTION, "People at the start", "people", ("resource",), "stock", 0,
        "People employed when the month begins: in the first month those who are there now"),
    Measure("hires", P.PRODUCTION, "Hires", "people", ("resource",), "flow", 0,
        "People who start in the month, decided the lead time to hire before"),
    Measure("releases", P.PRODUCTION, "Releases", "people", ("resource",), "flow", -1,
        "People who leave in the month, after notice; none unless releases are allowed"),
    Measure("people", P.PRODUCTION, "People", "people", ("resource",), "stock", 0,
        "People employed, by plant, whole: previous people + hires − releases"),
    Measure("regular_hours", P.PRODUCTION, "Regular hours", "hours", ("resource",), "flow", 0,
        "Regular hours worked, by plant"),
    Measure("overtime_hours", P.PRODUCTION, "Overtime", "hours", ("resource",), "flow", -1,
        "Overtime hours, by plant"),
    Measure("idle_hours", P.PRODUCTION, "Idle paid hours", "hours", ("resource",), "flow", -1,
        "Regular hours paid and not worked, by plant"),
    Measure("idle_cost", P.PRODUCTION, "Wages of idle hours", "currency", ("resource",), "flow", -1,
        "Idle paid hours × wage: the part of the labour variance that keeping people costs"),
    Measure("material_need", P.PRODUCTION, "Material need", "units", ("resource",), "flow", 0,
        "Use per unit × production"),
    Measure("inventory", P.INVENTORY, "Inventory", "units", _F, "stock", -1,
        "Opening + production + subcontract + adjustments − shipments"),
    Measure("adjustments", P.INVENTORY, "Adjustments", "units", _F, "flow", 0,
        "Counts, scrap and returns; zero in projections"),
    Measure("safety_stock", P.INVENTORY, "Safety stock", "units", _F, "stock", 0,
        "z × σ over the replenishment lead time"),
    Measure("days_of_supply", P.INVENTORY, "Days of supply", "days", _F, "ratio", 0,
        "Days of future demand that closing stock covers; capped at the horizon"),
    Measure("excess_units", P.INVENTORY, "Excess stock", "units", _F, "stock", -1, "Stock above the cover limit"),
    Measure("shortage_units", P.INVENTORY, "Below safety stock", "units", _F, "stock", -1,
        "Safety stock not there"),
    Measure("inventory_value", P.INVENTORY, "Inventory value", "currency", _F, "stock", -1,
        "Inventory × standard cost"),
    Measure("past_due", P.CUSTOMER_LEAD_TIME, "Past due", "units", _F, "stock", -1,
        "Previous past due + due − shipments − lost"),
    Measure("order_book", P.CUSTOMER_LEAD_TIME, "Order book", "units", _F, "stock", 0,
        "Past due + orders not yet due"),
    Measure("customer_lead_time", P.CUSTOMER_LEAD_TIME, "Customer lead time", "days", _F, "peak", -1,
        "Standard lead time + wait of what falls due in the month (first in, first out)"),
    Measure("lead_time_target", P.CUSTOMER_LEAD_TIME, "Target lead time", "days", _F, "peak", 0,
        "The lead time aimed for; the standard one where no target is loaded"),
    Measure("due_on_time", P.CUSTOMER_LEAD_TIME, "Delivered in the month due", "units", _F, "flow", 1,
        "Due units delivered in their own month, oldest due first"),
    Measure("launch_volume", P.NEW_PRODUCTS, "Launch volume", "units", ("resource",), "flow", 1,
        "Expected volume by launch (probability weighted)"),
    Measure("launch_cost", P.NEW_PRODUCTS, "Launch cost", "currency", ("resource",), "flow", -1,
        "Expected launch cost by launch"),
    Measure("launch_slip", P.NEW_PRODUCTS, "Slip", "months", ("resource",), "peak", -1,
        "Planned launch month − baseline month"),
    Measure("initiative_spend", P.STRATEGIC_INITIATIVES, "Spend", "currency", ("resource",), "flow", -1,
        "Budget not yet spent, evenly to the last milestone, times confidence above zero"),
    Measure("initiative_effect", P.STRATEGIC_INITIATIVES, "Effect", "fraction", ("resource",), "stock", 1,
        "Share of the promised benefit that is planned in the month"),
    Measure("total_revenue", P.FINANCIAL, "Revenue", "currency", (), "flow", 1, "Sum of revenue"),
    Measure("cost_of_sales", P.FINANCIAL, "Cost of sales at standard", "currency", (), "flow", -1,
        "Shipments × standard cost"),
    Measure("period_variance", P.FINANCIAL, "Period variances", "currency", (), "flow", -1,
        "Actual minus standard cost of what is made or bought: labour, overtime, routes, subcontract, "
        "spot, hiring and release"),
    Measure("gross_margin", P.FINANCIAL, "Gross margin", "currency", (), "flow", 1,
        "Revenue − cost of sales − variances"),
    Measure("launch_spend", P.FINANCIAL, "Launch spend", "currency", (), "flow", -1, "Sum of launch cost"),
    Measure("initiative_cost", P.FINANCIAL, "Initiative spend", "currency", (), "flow", -1,
        "Sum of initiative spend"),
    Measure("operating_cost", P.FINANCIAL, "Other operating cost", "currency", (), "flow", -1,
        "Trailing twelve months of the ledger × (1 + change)"),
    Measure("ebit", P.FINANCIAL, "EBIT", "currency", (), "flow", 1,
        "Gross margin − spend − operating cost − depreciation"),
    Measure("depreciation", P.FINANCIAL, "Depreciation", "currency", (), "flow", -1,
        "Trailing twelve months of the ledger"),
    Measure("capital_spending", P.FINANCIAL, "Capital spending", "currency", (), "flow", -1,
        "Trailing twelve months of the ledger"),
    Measure("stock_value", P.FINANCIAL, "Inventory value", "currency", (), "stock", -1,
        "Previous value + receipts at standard − shipments at standard"),
    Measure("receivables", P.FINANCIAL, "Receivables", "currency", (), "stock", -1,
        "Count-back of DSO days over past revenue"),
    Measure("payables", P.FINANCIAL, "Payables", "currency", (), "stock", 1,
        "Count-back of DPO days over past purchases"),
    Measure("purchases", P.FINANCIAL, "Purchases", "currency", (), "flow", 0,
        "Material bought for production, subcontract and spot"),
    Measure("cash", P.FINANCIAL, "Cash", "currency", (), "stock", 1,
        "Previous cash + EBIT + depreciation − capital spending − change in working capital; before taxes, "
        "interest and dividends"),
)  # fmt: skip

_BY_KEY = {measure.key: measure for measure in MEASURES}


def measure(key: str) -> Measure:
    """The measure of that key. Raises NotFound."""
    if key not in _BY_KEY:
        raise NotFound(f"there is no measure '{key}'")
    return _BY_KEY[key]


@dataclass(frozen=True)
class Headline:
    """A headline measure of the executive review: how it is read off the next twelve months.

    `read`: sum (flow), low (lowest month), last (last month), peak (highest month) or share (ratio of sums).
    """

    key: str
    label: str
    unit: Unit
    read: Literal["sum", "low", "last", "peak", "share"]
    better: int
    suffix: str
    definition: str


HEADLINES: tuple[Headline, ...] = (
    Headline("revenue", "Revenue", "currency", "sum", 1, "", "Revenue of the next twelve months"),
    Headline("gross_margin", "Gross margin", "currency", "sum", 1, "", "Gross margin of the next twelve months"),
    Headline("ebit", "EBIT", "currency", "sum", 1, "", "EBIT of the next twelve months"),
    Headline("cash", "Cash", "currency", "low", 1, "low", "Lowest month-end cash of the next twelve months"),
    Headline("inventory", "Inventory", "currency", "last", -1, "end",
        "Inventory value at the end of the next twelve months"),
    Headline("lead_time", "Lead time", "days", "peak", -1, "peak",
        "Highest customer lead time of families made to order, weighted by what falls due, "
        "in the next twelve months"),
    Headline("on_time", "Delivered on time", "fraction", "share", 1, "",
        "Share of due units delivered in the month they are due, next twelve months"),
)  # fmt: skip
"""What leadership sees first, in this order."""
