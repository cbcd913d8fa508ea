"""From the company's stored tables to `Inputs`: the edge where frames become arrays with a stated shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from sop.core.calendar import Calendar, bucket_of, periods_between
from sop.core.errors import CannotPlan
from sop.core.findings import Finding
from sop.core.inputs import (
    Exchange,
    Families,
    Floats,
    History,
    Inputs,
    Ledger,
    OrderHistory,
    Position,
    Products,
    StockHistory,
)
from sop.core.tables import MINIMUM
from sop.intake.across_limits import check_limits_ahead
from sop.intake.across_money import check_money
from sop.intake.across_prices import check_prices
from sop.intake.across_rates import check_rates
from sop.intake.across_strategy import check_strategy
from sop.intake.blocks.arrays import texts
from sop.intake.blocks.capacity import (
    build_capacity,
    build_materials,
    build_subcontract,
    opening_people,
)
from sop.intake.blocks.catalogue import build_families, build_products
from sop.intake.blocks.money import build_budget, build_exchange, build_ledger, read_rates
from sop.intake.blocks.sales import (
    at_list_price,
    build_history,
    mix_deviations,
    net_prices,
    product_shares,
    recent_units,
    standard_costs,
)
from sop.intake.blocks.stock import build_orders, build_stock
from sop.intake.blocks.strategy import (
    build_events,
    build_indicators,
    build_initiatives,
    build_launches,
    first_sales,
)


def assemble(
    tables: Mapping[str, pd.DataFrame],
    calendar: Calendar,
    *,
    company: str = "",
    currency: str = "EUR",
    sources: Mapping[str, str] | None = None,
) -> Inputs:
    """`Inputs` from tables by name. Rows of months from the first open one on are not actuals and left out.

    Raises CannotPlan where products or sales history are missing.
    """
    frames = {name: frame for name, frame in tables.items() if len(frame)}
    _require_minimum(frames)
    sales = _closed(frames["sales_actuals"], calendar)
    if sales.empty:
        raise CannotPlan(
            f"no sales before {calendar.first_open}",
            why="a forecast needs closed months",
            remedy="Import earlier sales or choose a later cycle",
        )
    products, pairs = build_products(frames["products"])
    regions = tuple(sorted(set(texts(sales, "region"))))
    history = build_history(
        sales, products, regions, periods_between(min(texts(sales, "month")), calendar.last_closed)
    )
    exchange = build_exchange(frames, calendar, regions, currency, history.months)
    home = np.array([exchange is None or exchange.currency[r] == exchange.home for r in range(len(regions))])
    history, listed = at_list_price(history, products, home)
    local, history = history, _at_dated_rates(history, exchange)
    products = replace(products, first_sale=first_sales(frames["products"], products, history, calendar))
    units = recent_units(history)
    families = build_families(frames["products"], products, pairs, units.sum(axis=1))
    shares = product_shares(units, products, len(families.names))
    product_weight = units.sum(axis=1)
    capacity = build_capacity(frames, calendar, families, products, product_weight)
    stock, findings = _stock(frames, products, families, calendar)
    findings += _stock_not_stated(stock, families, units, products)
    orders = _orders(frames, products, families, regions, history, calendar)
    rates = read_rates(frames.get("fx_rates"), currency)
    ledger = (
        build_ledger(frames["financials"], frames.get("account_map"), calendar, rates)
        if "financials" in frames
        else None
    )
    budget_weights = np.array([product_weight[products.family == f].sum() for f in range(len(families.names))])
    position = _position(calendar, families, products, history, stock, orders, ledger, shares)
    if exchange is not None:
        position = _at_base_rates(position, local, products, families, exchange)
    if capacity is not None:
        position = _with_people(position, opening_people(frames, calendar, capacity.plants))
    inputs = Inputs(
        company=company,
        currency=currency,
        calendar=calendar,
        families=families,
        regions=regions,
        products=products,
        history=history,
        position=position,
        stock=stock,
        orders=orders,
        capacity=capacity,
        materials=build_materials(frames, calendar, families, products, product_weight),
        subcontract=build_subcontract(frames, calendar, families),
        budget=build_budget(frames["budget"], families, regions, budget_weights) if "budget" in frames else None,
        ledger=ledger,
        exchange=exchange,
        launches=build_launches(frames, calendar, families, products, regions),
        initiatives=build_initiatives(frames, calendar),
        events=build_events(frames, calendar),
        indicators=build_indicators(frames, calendar),
        sources=dict(sources or {}),
    )
    across = (
        *check_strategy(inputs, frames),
        *check_money(inputs, frames),
        *check_rates(inputs, frames),
        *check_prices(inputs, listed, frames),
        *check_limits_ahead(frames, calendar),
    )
    return replace(inputs, findings=(*findings, *across))


def _require_minimum(frames: Mapping[str, pd.DataFrame]) -> None:
    missing = [name for name in MINIMUM if name not in frames]
    if missing:
        raise CannotPlan(
            f"{' and '.join(missing)} not loaded",
            why="every plan starts from products and their sales",
            remedy=f"Import {' and '.join(missing)} on the Data page or with `python -m sop import`",
        )


def _closed(frame: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Rows of closed months."""
    return frame[[calendar.position(month) < 0 for month in texts(frame, "month")]]


def _stock(
    frames: Mapping[str, pd.DataFrame], products: Products, families: Families, calendar: Calendar
) -> tuple[StockHistory | None, list[Finding]]:
    """Stock movements, and a finding where they do not reach the last closed month."""
    if "inventory" not in frames:
        return None, []
    frame = _closed(frames["inventory"], calendar)
    if frame.empty:
        return None, [Finding("warning", "stock_not_closed", "no closed month", table="inventory")]
    stock = build_stock(frame, products, len(families.names), calendar.last_closed)
    last = max(texts(frame, "month"))
    if last != calendar.last_closed:
        what = f"stock ends in {last}; the last closed month is {calendar.last_closed}"
        return None, [Finding("warning", "stock_stale", what, "Import the missing months", table="inventory")]
    return stock, []


def _stock_not_stated(
    stock: StockHistory | None, families: Families, units: Floats, products: Products
) -> list[Finding]:
    """Families made to stock and sold, of which the table of stock has no row: they start from nothing."""
    if stock is None:
        return []
    sold = {
        f for f, units_sold in zip(products.family.tolist(), units.sum(axis=1).tolist(), strict=True) if units_sold
    }
    missing = [
        name
        for f, name in enumerate(families.names)
        if f in sold and not families.made_to_order[f] and not np.isfinite(stock.closing[f, -1])
    ]
    what = f"no stock of {', '.join(missing)} is loaded, so the plan starts from none of it"
    remedy = "Import its stock; a row with a closing of 0 says that there is none"
    return [Finding("warning", "stock_not_stated", what, remedy, "inventory")] if missing else []


def _orders(
    frames: Mapping[str, pd.DataFrame],
    products: Products,
    families: Families,
    regions: tuple[str, ...],
    history: History,
    calendar: Calendar,
) -> OrderHistory | None:
    """The order book, where it reaches the last closed month."""
    if "order_book" not in frames:
        return None
    frame = _closed(frames["order_book"], calendar)
    if frame.empty or max(texts(frame, "month")) != calendar.last_closed:
        return None
    units = np.clip(recent_units(history), 0, None)
    recent = np.array([units[products.family == f].sum(axis=0) for f in range(len(families.names))]) / history.year
    lead = np.nan_to_num(families.standard_lead_time_days) / calendar.mean_days
    return build_orders(frame, products, len(families.names), regions, calendar.last_closed, recent, lead)


def _position(
    calendar: Calendar,
    families: Families,
    products: Products,
    history: History,
    stock: StockHistory | None,
    orders: OrderHistory | None,
    ledger: Ledger | None,
    shares: Floats,
) -> Position:
    """Opening stock and orders, prices and costs, and what recent months say of cash."""
    nothing = np.zeros((len(families.names), len(shares[0])))
    past_due = orders.past_due[..., -1] if orders else nothing
    return Position(
        month=calendar.last_closed,
        inventory=np.nan_to_num(stock.closing[:, -1]) if stock else None,
        past_due=past_due,
        orders_not_due=orders.quantity[..., -1] - past_due if orders else nothing,
        price=net_prices(history, products, families),
        unit_cost=standard_costs(history, products, families),
        product_share=shares,
        mix_sd=mix_deviations(history, products, len(families.names)),
        recent_revenue=np.nansum(history.revenue[..., -history.year :], axis=(0, 1)),
        recent_purchases=_recent(ledger, "purchases"),
        balances=_balances(ledger, calendar),
    )


def _at_dated_rates(history: History, exchange: Exchange | None) -> History:
    """Revenue in the company's currency at each month's own rate; not-a-number where that is not known."""
    return history if exchange is None else replace(history, revenue=history.revenue * exchange.rate_history)


def _at_base_rates(
    position: Position, local: History, products: Products, families: Families, exchange: Exchange
) -> Position:
    """Prices from what customers paid in their currency, at one rate; recent revenue so where it has no rate."""
    known = np.isfinite(exchange.base)[:, None]
    stated = replace(
        local, revenue=local.revenue * exchange.base[:, None], shipped=np.where(known, local.shipped, 0.0)
    )
    dated = local.revenue * exchange.rate_history
    recent = np.where(np.isfinite(dated), dated, stated.revenue)[..., -local.year :]
    return replace(
        position,
        price=np.where(known.T, net_prices(stated, products, families), np.nan),
        recent_revenue=np.nansum(recent, axis=(0, 1)),
    )


def _with_people(position: Position, people: Floats | None) -> Position:
    return replace(position, people=people)


def _recent(ledger: Ledger | None, line: str) -> Floats:
    """The last closed year of a ledger line, oldest first; empty when not known."""
    if ledger is None or line not in ledger.actual:
        return np.zeros(0)
    known = ledger.actual[line][np.isfinite(ledger.actual[line])]
    return known[-bucket_of(ledger.months[0]).a_year :]


def _balances(ledger: Ledger | None, calendar: Calendar) -> dict[str, float]:
    """Stated balances at the last closed month."""
    if ledger is None or calendar.last_closed not in ledger.months:
        return {}
    at = ledger.months.index(calendar.last_closed)
    stocks = ("cash", "receivables", "payables", "inventory_value", "debt")
    known = {name: float(ledger.actual[name][at]) for name in stocks if name in ledger.actual}
    return {name: value for name, value in known.items() if np.isfinite(value)}
