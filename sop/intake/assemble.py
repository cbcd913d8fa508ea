"""From the company's stored tables to `Inputs`: the edge where frames become arrays with a stated shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from sop.core.arrays import roll_up
from sop.core.calendar import Bucket, Calendar, bucket_of, periods_between, worded
from sop.core.errors import CannotPlan
from sop.core.findings import Finding
from sop.core.inputs import (
    Budget,
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
from sop.facts.closed import closed_facts, with_promises
from sop.intake.across_limits import check_limits_ahead
from sop.intake.across_money import check_money
from sop.intake.across_orders import WATCHED, check_order_book
from sop.intake.across_prices import check_prices
from sop.intake.across_roadmap import check_roadmap
from sop.intake.across_units import check_parts_of_units
from sop.intake.blocks.books import build_budget, build_exchange, build_ledger, read_rates
from sop.intake.blocks.capacity import build_capacity, build_materials, build_subcontract, opening_people
from sop.intake.blocks.coarse import budget_findings, part_findings, partial_months, spread_budget, uncovered_by
from sop.intake.blocks.frames import Frames, numbers, texts
from sop.intake.blocks.holidays import build_holidays
from sop.intake.blocks.in_calendar import BALANCES, in_calendar
from sop.intake.blocks.products import (
    at_list_price,
    build_families,
    build_history,
    build_orders,
    build_products,
    build_stock,
    closed_rows,
    mix_deviations,
    net_prices,
    product_shares,
    recent_units,
    standard_costs,
)
from sop.intake.blocks.roadmap import (
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
    frames = in_calendar({name: frame for name, frame in tables.items() if len(frame)}, calendar)
    wanting = tuple(name for name in MINIMUM if name not in frames)
    if wanting:
        missing = " and ".join(wanting)
        raise CannotPlan(
            f"{missing} not loaded",
            tables=wanting,
            why="every plan starts from products and their sales",
            remedy=f"Import {missing} on the Data page or with `python -m sop import`",
        )
    sales = closed_rows(frames["sales_actuals"], calendar)
    if sales.empty:
        raise CannotPlan(
            f"no sales before {calendar.first_open}",
            tables=("sales_actuals",),
            why=worded("a forecast needs closed months"),
            remedy="Import earlier sales or choose a later cycle",
        )
    products, pairs = build_products(frames["products"])
    regions = tuple(sorted({*texts(sales, "region"), *_ordering_regions(frames, calendar)}))
    months = periods_between(min(texts(sales, "month")), calendar.last_closed)
    exchange = build_exchange(frames, calendar, regions, currency, months)
    home = np.array([exchange is None or exchange.currency[r] == exchange.home for r in range(len(regions))])
    local, listed = at_list_price(build_history(sales, products, regions, months), products, home)
    local = replace(local, told_by=_told_by(tables["sales_actuals"], calendar))
    history = local
    if exchange is not None:
        # Each month at its own rate; not-a-number where that is not known.
        history = replace(local, revenue=local.revenue * exchange.rate_history)
    products = replace(products, first_sale=first_sales(frames["products"], products, history, calendar))
    weight = recent_units(history).sum(axis=1)
    families = build_families(frames["products"], products, pairs, weight)
    capacity = build_capacity(frames, calendar, families, products, weight)
    stock, findings = build_stock(frames, products, len(pairs), calendar)
    budget, coarse = _budget(frames, families, regions, history, weight, products)
    findings += coarse
    findings += _stock_not_stated(stock, families, weight, products)
    orders = build_orders(frames, products, families, regions, history, calendar)
    holidays, unkept = build_holidays(frames, calendar, regions, months)
    findings += unkept
    ledger = build_ledger(frames, calendar, read_rates(frames.get("fx_rates"), currency))
    position = _position(calendar, families, products, history, orders, ledger)
    if stock is not None:
        position = replace(position, inventory=np.nan_to_num(stock.closing[:, -1]))
    if exchange is not None:
        position = _at_base_rates(position, local, products, families, exchange)
    if capacity is not None:
        position = replace(position, people=opening_people(frames, calendar, capacity.plants))
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
        materials=build_materials(frames, calendar, families, products, weight),
        subcontract=build_subcontract(frames, calendar, families),
        budget=budget,
        ledger=ledger,
        exchange=exchange,
        launches=build_launches(frames, calendar, families, products, regions),
        initiatives=build_initiatives(frames, calendar),
        events=build_events(frames, calendar),
        indicators=build_indicators(frames, calendar),
        holidays=holidays,
        sources=dict(sources or {}),
    )
    across = (
        *check_roadmap(inputs, frames),
        *check_money(inputs, frames),
        *check_prices(inputs, listed, frames),
        *check_order_book(inputs),
        *check_limits_ahead(frames, calendar),
        *check_parts_of_units(inputs),
    )
    if "deliveries" in frames:
        across = (*across, *with_promises(frames["deliveries"])[1])
    by_day = closed_facts(inputs, frames.get("deliveries"), None).by_day(calendar.year)
    position = replace(position, by_day=by_day)
    return replace(inputs, position=position, findings=(*findings, *across))


def _told_by(sales: pd.DataFrame, calendar: Calendar) -> Bucket | None:
    """The longer periods by which sales were told, where all of them were by one; None otherwise."""
    found = {bucket_of(month) for month in sales["month"].dropna().unique()}
    bucket = found.pop() if len(found) == 1 else calendar.bucket
    return bucket if bucket.mean_days > calendar.mean_days else None


def _ordering_regions(frames: Frames, calendar: Calendar) -> set[str]:
    """Regions with open orders now: what is accepted there is owed, sold before or not."""
    book = frames.get("order_book", pd.DataFrame())
    if "region" not in book or book.empty:
        return set()
    open_now = (book["month"] == calendar.last_closed) & (numbers(book, "quantity") > 0)
    return set(texts(book[open_now], "region")) - {""}


def _budget(
    frames: Mapping[str, pd.DataFrame],
    families: Families,
    regions: tuple[str, ...],
    history: History,
    weight: Floats,
    products: Products,
) -> tuple[Budget | None, list[Finding]]:
    """The budget, shared as recently sold as far as it does not say, and what it therefore cannot tell."""
    if "budget" not in frames:
        return None, []
    count = len(families.names)
    units, revenue = (
        roll_up(np.nan_to_num(values[..., -history.year :]).sum(axis=-1), products.family, count)
        for values in (history.shipped, history.revenue)
    )
    frame, grain = spread_budget(frames["budget"], families, regions, units, revenue)
    budget = build_budget(frame, families, regions, roll_up(weight, products.family, count))
    if budget is None:
        return None, []
    left_out = uncovered_by(budget, families.names, units, revenue)
    partial = partial_months(budget, units, revenue)
    budget = replace(budget, grain=grain, uncovered=left_out, partial=partial)
    return budget, [*budget_findings(frame, grain), *part_findings(budget, families.names)]


def book_findings(tables: Mapping[str, pd.DataFrame], calendar: Calendar) -> tuple[Finding, ...]:
    """What an order book says against lead times and sales; nothing before all of them are loaded."""
    if any(name not in tables or not len(tables[name]) for name in WATCHED):
        return ()
    try:
        return tuple(check_order_book(assemble({name: tables[name] for name in WATCHED}, calendar)))
    except CannotPlan:
        return ()


def _stock_not_stated(
    stock: StockHistory | None, families: Families, weight: Floats, products: Products
) -> list[Finding]:
    """Families made to stock and sold, of which the table of stock has no row: they start from nothing."""
    if stock is None:
        return []
    sold = set(products.family[weight != 0].tolist())
    missing = [
        name
        for f, name in enumerate(families.names)
        if f in sold and not families.made_to_order[f] and not np.isfinite(stock.closing[f, -1])
    ]
    what = f"no stock of {', '.join(missing)} is loaded, so the plan starts from none of it"
    remedy = "Import its stock; a row with a closing of 0 says that there is none"
    return [Finding("warning", "stock_not_stated", what, remedy, "inventory")] if missing else []


def _position(
    calendar: Calendar,
    families: Families,
    products: Products,
    history: History,
    orders: OrderHistory | None,
    ledger: Ledger | None,
) -> Position:
    """Opening orders, prices and costs, and what recent months say of cash; not yet stock and people."""
    shares = product_shares(recent_units(history), products, len(families.names))
    nothing = np.zeros((len(families.names), shares.shape[1]))
    past_due = orders.past_due[..., -1] if orders else nothing
    booked = {} if ledger is None else {line: dict(zip(ledger.months, values, strict=True))
                                        for line, values in ledger.actual.items()}  # fmt: skip
    now = {line: float(booked[line].get(calendar.last_closed, np.nan)) for line in BALANCES if line in booked}
    bought = [value for value in booked.get("purchases", {}).values() if np.isfinite(value)]
    return Position(
        month=calendar.last_closed,
        inventory=None,
        past_due=past_due,
        orders_not_due=orders.quantity[..., -1] - past_due if orders else nothing,
        price=net_prices(history, products, families),
        unit_cost=standard_costs(history, products, families),
        product_share=shares,
        mix_sd=mix_deviations(history, products, len(families.names)),
        recent_revenue=np.nansum(history.revenue[..., -history.year :], axis=(0, 1)),
        recent_purchases=np.array(bought[-calendar.year :]),
        balances={line: value for line, value in now.items() if np.isfinite(value)},
    )


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
