"""The ledger of the demo company: actual and budget by account and month, from the same rules.

Amounts are positive sizes of their account, in EUR. Cash moves by EBIT, depreciation, capital spending, working
capital, taxes and the dividend, from an opening balance that leaves CASH_LOW at the lowest month of two years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.generator.budget import DemoBudget, budget_span
from data.demo.generator.catalogue import FAMILIES, Catalogue
from data.demo.generator.chance import Chance
from data.demo.generator.demand_history import Demand
from data.demo.generator.operations import Operations, labour_variance
from data.demo.generator.prices import Prices
from data.demo.generator.strategy import initiative_spending
from data.demo.generator.supply_history import Supply
from data.demo.generator.timeline import END, HISTORY, NOW, POSITIONS, YEARS, Timeline
from sop.core.calendar import days_in

Array = NDArray[np.float64]

ACCOUNTS = {
    "Bicycle sales": ("Revenue", "revenue"),
    "Parts and accessory sales": ("Revenue", "revenue"),
    "Standard cost of sales": ("Cost of sales", "cost_of_sales"),
    "Production variances": ("Cost of sales", "cost_of_sales"),
    "Salaries": ("Operating cost", "operating_cost"),
    "Marketing": ("Operating cost", "operating_cost"),
    "Research and development": ("Operating cost", "operating_cost"),
    "Outbound logistics": ("Operating cost", "operating_cost"),
    "Rent, IT and administration": ("Operating cost", "operating_cost"),
    "Strategic initiatives": ("Operating cost", "operating_cost"),
    "Depreciation": ("Operating cost", "depreciation"),
    "Capital spending": ("Investment", "capital_spending"),
    "Taxes": ("Below EBIT", "tax"),
    "Dividend": ("Below EBIT", "dividend"),
    "Cash": ("Assets", "cash"),
    "Trade receivables": ("Assets", "receivables"),
    "Finished goods": ("Assets", "inventory_value"),
    "Trade payables": ("Liabilities", "payables"),
    "Headcount": ("Statistics", "statistical"),
}
"""Account → kind of account, line of the financial plan."""

PARTS = ("Accessories", "Spare parts")
MONTHLY = {
    "Salaries": 555_000.0,
    "Marketing": 165_000.0,
    "Research and development": 130_000.0,
    "Rent, IT and administration": 118_000.0,
}
"""Operating cost a month in today's money; it has risen by COST_GROWTH a year."""

COST_GROWTH = 0.03
LOGISTICS_SHARE, BOUGHT_SHARE, VARIANCE_SHARE = 0.034, 0.60, 0.002
DEPRECIATION, CAPITAL_SPENDING = 118_000.0, 125_000.0
TAX_RATE, PAYOUT, DIVIDEND_MONTH = 0.25, 0.75, 3
OFFICE_PEOPLE = 96
CUSTOMER_DAYS, CUSTOMER_DAYS_SPREAD = 46.0, 1.0
"""Days after which customers pay, and by how much that differs from month to month."""

CASH_LOW = 2_100_000.0
COVER_MONTHS = 1.5
"""Months of sales that the budget holds in stock."""


@dataclass(frozen=True)
class TradeFlows:
    """What the ledger follows from (T,): EUR of sales by kind, standard cost of sales, receipts, stock and wages
    beyond standard; days after which customers pay."""

    bicycles: Array
    parts: Array
    cost_of_sales: Array
    receipts: Array
    stock: Array
    people: Array
    labour: Array
    paid_after: Array


def actual_ledger(
    timeline: Timeline,
    catalogue: Catalogue,
    demand: Demand,
    supply: Supply,
    prices: Prices,
    operations: Operations,
    seed: int,
) -> dict[str, Array]:
    """Amounts by account (END,); sales differ from the sales table by cut-off only."""
    chance = Chance(seed, 7)
    revenue = np.round(supply.shipments * prices.net, 2).sum(axis=1)
    cost = prices.cost[:, :END]
    cut_off = chance.months(lambda rng, months: rng.normal(1.0, 0.0015, (2, months)))
    parts = np.isin(np.array([f.name for f in FAMILIES])[catalogue.family], PARTS)
    noise = chance.months(lambda rng, months: rng.normal(1.0, 0.02, (len(ACCOUNTS), months)))
    late = chance.months(lambda rng, months: rng.normal(0.0, CUSTOMER_DAYS_SPREAD, months))
    trade = TradeFlows(
        bicycles=revenue[~parts].sum(axis=0) * cut_off[0],
        parts=revenue[parts].sum(axis=0) * cut_off[1],
        cost_of_sales=(supply.shipments.sum(axis=1) * cost).sum(axis=0),
        receipts=((supply.production + supply.subcontract) * cost).sum(axis=0),
        stock=(supply.closing * cost).sum(axis=0),
        people=operations.employed.sum(axis=0) + OFFICE_PEOPLE,
        labour=labour_variance(catalogue, operations, supply),
        paid_after=CUSTOMER_DAYS + late,
    )
    return _ledger(timeline, trade, noise)


def budget_ledger(timeline: Timeline, budget: DemoBudget, operations: Operations) -> dict[str, Array]:
    """Budgeted amounts by account (T,)."""
    revenue, cost = budget.revenue.sum(axis=1), budget.cost.sum(axis=(0, 1))
    parts = np.isin([f.name for f in FAMILIES], PARTS)
    ahead = np.pad(cost, (0, 2), mode="edge")
    stock = ahead[1:-1] + (COVER_MONTHS - 1) * ahead[2:]
    stock = stock * 0.8
    people = operations.people.sum(axis=0) + OFFICE_PEOPLE
    trade = TradeFlows(
        bicycles=revenue[~parts].sum(axis=0),
        parts=revenue[parts].sum(axis=0),
        cost_of_sales=cost,
        receipts=cost + np.diff(stock, prepend=stock[0]),
        stock=stock,
        people=people,
        labour=np.zeros(len(cost)),
        paid_after=np.full(len(cost), CUSTOMER_DAYS),
    )
    return _ledger(timeline, trade, np.ones((len(ACCOUNTS), len(POSITIONS))))


def _ledger(timeline: Timeline, trade: TradeFlows, noise: Array) -> dict[str, Array]:
    """Amounts by account for the months of `trade`, rounded to the cent."""
    months = len(trade.stock)
    rise = (1 + COST_GROWTH) ** YEARS[:months]
    revenue = trade.bicycles + trade.parts
    amounts = {
        "Bicycle sales": trade.bicycles,
        "Parts and accessory sales": trade.parts,
        "Standard cost of sales": trade.cost_of_sales,
        "Production variances": trade.receipts * VARIANCE_SHARE * noise[0] ** 5 + trade.labour,
        **{name: base * rise * noise[i + 1] for i, (name, base) in enumerate(MONTHLY.items())},
        "Outbound logistics": revenue * LOGISTICS_SHARE * noise[5],
        "Strategic initiatives": initiative_spending(months),
        "Depreciation": DEPRECIATION * rise,
        "Capital spending": CAPITAL_SPENDING * rise * noise[6] ** 5,
        "Trade receivables": _unpaid(timeline, revenue, trade.paid_after),
        "Finished goods": trade.stock,
        "Trade payables": trade.receipts * BOUGHT_SHARE,
        "Headcount": trade.people,
    }
    ebit = revenue - sum(amounts[name] for name in _costs())
    amounts |= _below_ebit(timeline, ebit)
    amounts["Cash"] = _cash(ebit, amounts)
    return {name: np.round(amounts[name], 2) for name in ACCOUNTS}


def _costs() -> list[str]:
    return [
        name for name, (_, line) in ACCOUNTS.items() if line in ("cost_of_sales", "operating_cost", "depreciation")
    ]


def _unpaid(timeline: Timeline, flow: Array, paid_after: Array) -> Array:
    """What is open at month ends when the last `paid_after` days of a flow, over a month, are unpaid."""
    days = np.array([days_in(str(month)) for month in timeline.months[: len(flow)]])
    before = np.concatenate([flow[:1], flow[:-1]]) / np.concatenate([days[:1], days[:-1]])
    return np.asarray(flow + before * (paid_after - days))


def _below_ebit(timeline: Timeline, ebit: Array) -> dict[str, Array]:
    """Taxes each quarter on its EBIT, and once a year a dividend from the year before."""
    month = timeline.calendar_month[: len(ebit)]
    quarter = _sum_back(ebit, 3)
    year = _sum_back(ebit, 12) * (1 - TAX_RATE)
    taxes = np.where(month % 3 == 2, np.clip(quarter * TAX_RATE, 0, None), 0.0)
    dividend = np.where(month == DIVIDEND_MONTH, np.clip(year * PAYOUT, 0, None), 0.0)
    return {"Taxes": taxes, "Dividend": dividend}


def _sum_back(values: Array, months: int) -> Array:
    total = np.cumsum(values)
    return total - np.pad(total, (months, 0))[: len(values)]


def _cash(ebit: Array, amounts: dict[str, Array]) -> Array:
    """Cash at month ends from the flows, lifted so that its low point of two years is CASH_LOW."""
    working = amounts["Trade receivables"] + amounts["Finished goods"] - amounts["Trade payables"]
    flow = ebit + amounts["Depreciation"] - amounts["Capital spending"] - amounts["Taxes"] - amounts["Dividend"]
    cash = np.cumsum(flow) - working
    return cash - cash[NOW - 24 : NOW].min() + CASH_LOW


def ledger_tables(
    timeline: Timeline, actual: dict[str, Array], budget: dict[str, Array], vantage: int
) -> dict[str, pd.DataFrame]:
    """`financials` as known when position `vantage` is the first open month, and `account_map`."""
    closed = slice(NOW - HISTORY, NOW + vantage)
    months = timeline.months
    rows = [
        _rows("actual", months[closed], {name: values[closed] for name, values in actual.items()}),
        _rows("budget", months[span := budget_span(timeline, vantage)], {n: v[span] for n, v in budget.items()}),
    ]
    account_map = [(kind, name, line) for name, (kind, line) in ACCOUNTS.items()]
    return {
        "financials": pd.concat(rows, ignore_index=True),
        "account_map": pd.DataFrame(account_map, columns=["account_type", "account", "line"]),
    }


def _rows(scenario: str, months: NDArray[np.object_], amounts: dict[str, Array]) -> pd.DataFrame:
    count = len(months)
    names = list(amounts)
    return pd.DataFrame(
        {
            "month": np.tile(months, len(names)),
            "scenario": scenario,
            "account_type": np.repeat([ACCOUNTS[name][0] for name in names], count),
            "account": np.repeat(names, count),
            "amount": np.concatenate([amounts[name] for name in names]),
            "unit": np.repeat(["people" if name == "Headcount" else "EUR" for name in names], count),
        }
    )
