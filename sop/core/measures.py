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

FULL = 0.995
"""A line is full from this utilisation on: whole units leave it a fraction below its hours."""
OVER_TARGET_DAYS = 0.5
"""A family waits beyond its target from here on: targets are whole days, and less is told as the target."""

Kind = Literal["flow", "stock", "ratio", "peak"]
Unit = Literal["units", "currency", "hours", "people", "days", "fraction", "months"]


@dataclass(frozen=True)
class Measure:
    """One measure: key, plan it belongs to, label, unit, grain, kind, direction and definition.

    `made` and `shown` name the function in `sop` that works it out, and the one in `sop.views` that shows it.
    """

    key: str
    plan: P
    label: str
    unit: Unit
    grain: tuple[str, ...]
    kind: Kind
    better: int
    definition: str
    made: str
    shown: str


_FR, _F = ("family", "region"), ("family",)

MEASURES: tuple[Measure, ...] = (
    Measure("baseline_forecast", P.SALES, "Baseline forecast", "units", _FR, "flow", 1,
        "Statistical forecast of demand",
        "demand.forecast:forecast_company", "sales.sales_plan:terms_table"),
    Measure("overrides", P.SALES, "Overrides", "units", _FR, "flow", 1, "Owners' changes to the baseline",
        "demand.override_effect:sales_override", "sales.sales_plan:terms_table"),
    Measure("launches", P.SALES, "Launches", "units", _FR, "flow", 1, "Expected volume of new products",
        "portfolio.launch_volumes:project_launches", "sales.sales_plan:terms_table"),
    Measure("cannibalisation", P.SALES, "Cannibalisation", "units", _FR, "flow", 1,
        "Volume that launches take from a family",
        "portfolio.launch_volumes:project_launches", "sales.sales_plan:terms_table"),
    Measure("events", P.SALES, "Events", "units", _FR, "flow", 1,
        "Outside events used in the plan, times probability",
        "portfolio.effects:event_effects", "sales.sales_plan:terms_table"),
    Measure("initiatives", P.SALES, "Initiatives", "units", _FR, "flow", 1,
        "Demand benefits of initiatives, times confidence",
        "portfolio.effects:initiative_effects", "sales.sales_plan:terms_table"),
    Measure("price_effect", P.SALES, "Price effect", "units", _FR, "flow", 1,
        "Elasticity × price change × the sum so far",
        "demand.consensus:build_consensus", "sales.sales_plan:terms_table"),
    Measure("floor", P.SALES, "Floor at zero", "units", _FR, "flow", 0, "What lifts negative demand to zero",
        "demand.consensus:build_consensus", "sales.sales_plan:terms_table"),
    Measure("consensus_demand", P.SALES, "Consensus demand", "units", _FR, "flow", 1, "Sum of the terms above",
        "demand.consensus:round_terms", "series:demand"),
    Measure("due", P.SALES, "Demand due", "units", _FR, "flow", 0,
        "Consensus demand in the month it must be delivered: made to order moves by the standard lead time",
        "supply.before.demand:due_of", "lead_time.waiting:made_to_stock_table"),
    Measure("shipments", P.SALES, "Shipments", "units", _FR, "flow", 1, "Units delivered: oldest due first",
        "supply.after.regions:split_by_region", "series:shipments"),
    Measure("lost_sales", P.SALES, "Lost sales", "units", _FR, "flow", -1, "Due units that are never delivered",
        "supply.lp.whole_units:round_plan", "sheet_blocks:backlog_part"),
    Measure("revenue", P.SALES, "Revenue", "currency", _FR, "flow", 1, "Shipments × net price",
        "finance.pnl:build_revenue", "series:revenue"),
    Measure("production", P.PRODUCTION, "Production", "units", ("family", "resource"), "flow", 0,
        "Units made, by line",
        "supply.lp.whole_units:round_plan", "series:production"),
    Measure("subcontract", P.PRODUCTION, "Subcontract", "units", _F, "flow", 0, "Finished units bought outside",
        "supply.lp.whole_units:round_plan", "series:subcontract"),
    Measure("load_hours", P.PRODUCTION, "Load", "hours", ("resource",), "flow", 0,
        "Machine hours that production needs",
        "supply.after.outcomes:supply_outcome", "production.resources:build_resources"),
    Measure("capacity_hours", P.PRODUCTION, "Demonstrated capacity", "hours", ("resource",), "flow", 0,
        "Hours offered × efficiency",
        "supply.before.company_problem:company_problem", "production.resources:build_resources"),
    Measure("utilisation", P.PRODUCTION, "Utilisation", "fraction", ("resource",), "ratio", 0,
        "Load / demonstrated capacity",
        "supply.after.outcomes:supply_outcome", "production.resources:build_resources"),
    Measure("relief_hours", P.PRODUCTION, "Hours bought outside", "hours", ("resource",), "flow", -1,
        "Hours above capacity that the plan had to buy",
        "supply.lp.model:SupplyModel.solve", "production.production_plan:lines_table"),
    Measure("people_opening", P.PRODUCTION, "People at the start", "people", ("resource",), "stock", 0,
        "People employed when the month begins: in the first month those who are there now",
        "supply.lp.whole_people:round_people", "production.production_plan:people_table"),
    Measure("hires", P.PRODUCTION, "Hires", "people", ("resource",), "flow", 0,
        "People who start in the month, decided the lead time to hire before",
        "supply.lp.whole_people:round_people", "production.production_plan:people_table"),
    Measure("releases", P.PRODUCTION, "Releases", "people", ("resource",), "flow", -1,
        "People who leave in the month, after notice; none unless releases are allowed",
        "supply.lp.whole_people:round_people", "production.production_plan:people_table"),
    Measure("people", P.PRODUCTION, "People", "people", ("resource",), "stock", 0,
        "People employed, by plant, whole: previous people + hires − releases",
        "supply.lp.whole_people:round_people", "production.production_plan:people_table"),
    Measure("regular_hours", P.PRODUCTION, "Regular hours", "hours", ("resource",), "flow", 0,
        "Regular hours worked, by plant",
        "supply.lp.whole_people:round_people", "production.production_plan:people_table"),
    Measure("overtime_hours", P.PRODUCTION, "Overtime", "hours", ("resource",), "flow", -1,
        "Overtime hours, by plant",
        "supply.lp.whole_people:round_people", "production.production_plan:people_table"),
    Measure("idle_hours", P.PRODUCTION, "Idle paid hours", "hours", ("resource",), "flow", -1,
        "Regular hours paid and not worked, by plant",
        "supply.lp.whole_people:round_people", "production.production_plan:people_table"),
    Measure("idle_cost", P.PRODUCTION, "Wages of idle hours", "currency", ("resource",), "flow", -1,
        "Idle paid hours × wage: the part of the labour variance that keeping people costs",
        "supply.after.outcomes:supply_outcome", "production.production_plan:people_table"),
    Measure("material_need", P.PRODUCTION, "Material need", "units", ("resource",), "flow", 0,
        "Use per unit × production",
        "supply.after.outcomes:supply_outcome", "production.production_plan:materials_table"),
    Measure("inventory", P.INVENTORY, "Inventory", "units", _F, "stock", -1,
        "Opening + production + subcontract + adjustments − shipments",
        "supply.lp.whole_units:round_plan", "series:inventory"),
    Measure("adjustments", P.INVENTORY, "Adjustments", "units", _F, "flow", 0,
        "Counts, scrap and returns; zero in projections",
        "supply.after.outcomes:opening_adjustments", "sheet_blocks:inventory_part"),
    Measure("safety_stock", P.INVENTORY, "Safety stock", "units", _F, "stock", 0,
        "z × σ of demand over the replenishment lead time and the month to the next review, or what a fill rate "
        "needs, with what is planned above it",
        "supply.before.safety:SafetyBasis.stock_at", "inventory.stock_plan:stock_table"),
    Measure("days_of_supply", P.INVENTORY, "Days of supply", "days", _F, "ratio", 0,
        "Days of future demand that closing stock covers; capped at the horizon",
        "supply.after.inventory:days_of_supply", "inventory.cover:cover_days"),
    Measure("excess_units", P.INVENTORY, "Excess stock", "units", _F, "stock", -1, "Stock above the cover limit",
        "supply.after.inventory:excess_units", "inventory.excess:excess_table"),
    Measure("shortage_units", P.INVENTORY, "Below safety stock", "units", _F, "stock", -1,
        "Safety stock not there",
        "supply.after.inventory:shortage_units", "inventory.excess:excess_table"),
    Measure("inventory_value", P.INVENTORY, "Inventory value", "currency", _F, "stock", -1,
        "Inventory × standard cost",
        "facts.stock_value:value_of_stock", "inventory.stock_plan:stock_table"),
    Measure("inventory_revaluation", P.INVENTORY, "Revaluation of stock", "currency", _F, "flow", 1,
        "Units there when standard cost changes × the change",
        "finance.pnl:build_revaluation", "plan_lines:plan_lines_table"),
    Measure("past_due", P.CUSTOMER_LEAD_TIME, "Past due", "units", _F, "stock", -1,
        "Previous past due + due − shipments − lost",
        "supply.after.outcomes:supply_outcome", "series:past_due"),
    Measure("order_book", P.CUSTOMER_LEAD_TIME, "Order book", "units", _F, "stock", 0,
        "Past due + orders not yet due",
        "supply.after.outcomes:supply_outcome", "series:order_book"),
    Measure("customer_lead_time", P.CUSTOMER_LEAD_TIME, "Customer lead time", "days", _F, "peak", -1,
        "Standard lead time + wait of what falls due in the month (first in, first out)",
        "supply.after.lead_time:wait_curve", "sheet_blocks:lead_time"),
    Measure("lead_time_target", P.CUSTOMER_LEAD_TIME, "Target lead time", "days", _F, "peak", 0,
        "The lead time aimed for; the standard one where no target is loaded",
        "supply.after.outcomes:lead_time_targets", "sheet_blocks:lead_time"),
    Measure("due_on_time", P.CUSTOMER_LEAD_TIME, "Delivered when due", "units", _F, "flow", 1,
        "Due units delivered in their own month, oldest due first",
        "supply.after.outcomes:delivered_on_time", "plan_lines:plan_lines_table"),
    Measure("due_value", P.CUSTOMER_LEAD_TIME, "Value due", "currency", _F, "flow", 0,
        "Demand due × net price; not known before every price is",
        "supply.after.service:value_due", "plan_lines:plan_lines_table"),
    Measure("on_time_share", P.CUSTOMER_LEAD_TIME, "On time in full", "fraction", _F, "ratio", 1,
        "Of what falls due the share delivered whole by the date promised: the share delivered in the month due × "
        "the share of such lines that came by their day in the last twelve months",
        "supply.after.service:on_time_share", "sheet_blocks:service_part"),
    Measure("launch_volume", P.NEW_PRODUCTS, "Launch volume", "units", ("resource",), "flow", 1,
        "Expected volume by launch (probability weighted)",
        "portfolio.launch_volumes:project_launches", "portfolio.launches:launch_volume"),
    Measure("launch_cost", P.NEW_PRODUCTS, "Launch cost", "currency", ("resource",), "flow", -1,
        "Expected launch cost by launch",
        "portfolio.launch_volumes:project_launches", "portfolio.launches:launches_table"),
    Measure("launch_slip", P.NEW_PRODUCTS, "Slip", "months", ("resource",), "peak", -1,
        "Planned launch month − baseline month",
        "portfolio.launch_volumes:launch_start", "portfolio.launches:readiness_table"),
    Measure("initiative_spend", P.STRATEGIC_INITIATIVES, "Spend", "currency", ("resource",), "flow", -1,
        "Budget not yet spent, evenly to the last milestone, times confidence above zero",
        "portfolio.effects:initiative_spend", "portfolio.initiatives:spend_series"),
    Measure("initiative_effect", P.STRATEGIC_INITIATIVES, "Effect", "fraction", ("resource",), "stock", 1,
        "Share of the promised benefit that is planned in the month",
        "portfolio.effects:benefit_share", "portfolio.initiative_detail:effect_of"),
    Measure("total_revenue", P.FINANCIAL, "Revenue", "currency", (), "flow", 1, "Sum of revenue",
        "finance.pnl:build_profit_and_loss", "financial.statement:statement_table"),
    Measure("cost_of_sales", P.FINANCIAL, "Cost of sales at standard", "currency", (), "flow", -1,
        "Shipments × standard cost",
        "finance.pnl:build_cost_of_sales", "financial.statement:statement_table"),
    Measure("period_variance", P.FINANCIAL, "Period variances", "currency", (), "flow", -1,
        "Actual minus standard cost of what is made or bought: labour, overtime, routes, subcontract, "
        "spot, hiring and release",
        "finance.variances:period_variances", "financial.statement:statement_table"),
    Measure("revaluation", P.FINANCIAL, "Revaluation of stock", "currency", (), "flow", 1,
        "Sum of what changes of standard cost add to the value of stock; negative is a write-down. It is no cash",
        "finance.pnl:build_revaluation", "financial.statement:statement_table"),
    Measure("gross_margin", P.FINANCIAL, "Gross margin", "currency", (), "flow", 1,
        "Revenue − cost of sales − variances + revaluation of stock",
        "finance.pnl:build_profit_and_loss", "financial.statement:statement_table"),
    Measure("launch_spend", P.FINANCIAL, "Launch spend", "currency", (), "flow", -1, "Sum of launch cost",
        "finance.pnl:build_profit_and_loss", "financial.statement:statement_table"),
    Measure("initiative_cost", P.FINANCIAL, "Initiative spend", "currency", (), "flow", -1,
        "Sum of initiative spend",
        "finance.pnl:build_profit_and_loss", "financial.statement:statement_table"),
    Measure("operating_cost", P.FINANCIAL, "Other operating cost", "currency", (), "flow", -1,
        "The ledger's level, drift and share of revenue where proven, else its trailing mean with inflation; × "
        "(1 + change)",
        "finance.operating_cost:OperatingCost.over", "financial.statement:statement_table"),
    Measure("ebit", P.FINANCIAL, "EBIT", "currency", (), "flow", 1,
        "Gross margin − spend − operating cost − depreciation",
        "finance.pnl:build_profit_and_loss", "financial.statement:statement_table"),
    Measure("depreciation", P.FINANCIAL, "Depreciation", "currency", (), "flow", -1,
        "Trailing twelve months of the ledger",
        "finance.pnl:trailing_cost", "financial.statement:statement_table"),
    Measure("capital_spending", P.FINANCIAL, "Capital spending", "currency", (), "flow", -1,
        "Trailing twelve months of the ledger",
        "finance.pnl:trailing_cost", "financial.statement:statement_table"),
    Measure("stock_value", P.FINANCIAL, "Inventory value", "currency", (), "stock", -1,
        "Sum of inventory value: units × standard cost",
        "facts.stock_value:value_of_stock", "financial.statement:statement_table"),
    Measure("receivables", P.FINANCIAL, "Receivables", "currency", (), "stock", -1,
        "Count-back of DSO days over past revenue",
        "finance.working_capital:project_balance", "financial.statement:statement_table"),
    Measure("payables", P.FINANCIAL, "Payables", "currency", (), "stock", 1,
        "Count-back of DPO days over past purchases",
        "finance.working_capital:project_balance", "financial.statement:statement_table"),
    Measure("purchases", P.FINANCIAL, "Purchases", "currency", (), "flow", 0,
        "Material bought for production, subcontract and spot",
        "engine:Planner._financial", "plan_lines:plan_lines_table"),
    Measure("tax", P.FINANCIAL, "Taxes paid", "currency", (), "flow", -1,
        "Tax rate × profit before tax since the last payment, in the months in which taxes were paid last",
        "finance.financing:plan_tax", "financial.statement:statement_table"),
    Measure("interest", P.FINANCIAL, "Interest", "currency", (), "flow", -1,
        "Last year's interest in its months, in proportion to debt",
        "finance.financing:plan_financing", "financial.statement:statement_table"),
    Measure("dividend", P.FINANCIAL, "Dividend", "currency", (), "flow", -1,
        "As decided, else as last paid, in the months in which it was paid last",
        "finance.financing:plan_financing", "financial.statement:statement_table"),
    Measure("debt", P.FINANCIAL, "Debt", "currency", (), "stock", -1,
        "Repaid as in the last year; new borrowing by decision",
        "finance.financing:plan_financing", "financial.statement:statement_table"),
    Measure("other_cash", P.FINANCIAL, "Other cash received", "currency", (), "flow", 1,
        "Trailing twelve months of the ledger; what is paid is negative",
        "finance.financing:plan_financing", "financial.statement:statement_table"),
    Measure("cash", P.FINANCIAL, "Cash", "currency", (), "stock", 1,
        "Previous cash + EBIT + depreciation − capital spending − change in working capital − taxes − interest "
        "− dividend + change in debt + other cash; operating cash where the ledger has nothing below EBIT",
        "finance.working_capital:project_cash", "financial.statement:statement_table"),
)  # fmt: skip

CASH_FLOWS = {
    "ebit": 1,
    "depreciation": 1,
    "capital_spending": -1,
    "tax": -1,
    "interest": -1,
    "dividend": -1,
    "other_cash": 1,
}
CASH_BALANCES = {"stock_value": -1, "receivables": -1, "payables": 1, "debt": 1}
"""Cash is the previous cash, these flows, and what these balances change by; each with its sign."""

BELOW_EBIT = ("tax", "interest", "dividend", "debt", "other_cash")
"""What cash pays below EBIT; a plan without any of it has operating cash."""

OPERATING_CASH = "Operating cash"

_BY_KEY = {measure.key: measure for measure in MEASURES}


def measure(key: str) -> Measure:
    """The measure of that key. Raises NotFound."""
    if key not in _BY_KEY:
        raise NotFound(f"there is no measure '{key}'")
    return _BY_KEY[key]


@dataclass(frozen=True)
class Headline:
    """A headline measure of the executive review: how it is read off the next twelve months of a plan's `line`.

    `read`: sum (flow), low (lowest month), last (last month), peak (highest month) or share (ratio of sums).
    `page`: the plan whose page tells most of it, where that is not the plan of the line it is read off.
    """

    key: str
    label: str
    unit: Unit
    read: Literal["sum", "low", "last", "peak", "share"]
    better: int
    suffix: str
    definition: str
    line: str
    page: P | None = None


HEADLINES: tuple[Headline, ...] = (
    Headline("revenue", "Revenue", "currency", "sum", 1, "", "Revenue of the next twelve months", "total_revenue"),
    Headline("gross_margin", "Gross margin", "currency", "sum", 1, "",
        "Gross margin of the next twelve months", "gross_margin"),
    Headline("ebit", "EBIT", "currency", "sum", 1, "", "EBIT of the next twelve months", "ebit"),
    Headline("cash", "Cash", "currency", "low", 1, "low",
        "Lowest month-end cash of the next twelve months", "cash"),
    Headline("inventory", "Inventory", "currency", "last", -1, "end",
        "Inventory value at the end of the next twelve months", "stock_value", P.INVENTORY),
    Headline("lead_time", "Lead time", "days", "peak", -1, "peak",
        "Highest customer lead time in the next twelve months of the family made to order that keeps most value "
        "waiting beyond its target", "customer_lead_time"),
    Headline("on_time", "On time in full", "fraction", "share", 1, "",
        "Of the value that falls due in the next twelve months, the share delivered whole by the date promised; "
        "of units where not every price is known", "on_time_share"),
)  # fmt: skip
"""What leadership sees first, in this order."""


def headline_measure(key: str) -> Headline:
    """The headline measure of that key. Raises NotFound."""
    found = next((entry for entry in HEADLINES if entry.key == key), None)
    if found is None:
        raise NotFound(f"there is no headline measure '{key}'")
    return found
