"""Products and planning families, and what was sold, stocked and ordered of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sop.core.arrays import roll_up, shares_of
from sop.core.calendar import Calendar, days_in, periods_between, worded
from sop.core.findings import Finding
from sop.core.inputs import Bools, Families, Floats, History, OrderHistory, Products, StockHistory
from sop.core.terms import Strategy
from sop.facts.given import given_revenue
from sop.intake.blocks.coarse import MOVES_UNKNOWN, moves_of_stock
from sop.intake.blocks.frames import Frames, above_zero, cube, numbers, text_rows, texts, weighted_mean


def build_products(frame: pd.DataFrame) -> tuple[Products, list[tuple[str, Strategy]]]:
    """Products in order of their number, and the planning families (base name, strategy) they fall into."""
    frame = frame.sort_values("product", kind="stable")
    pairs = [(family, Strategy(text or Strategy.MTS)) for family, text in text_rows(frame, "family", "strategy")]
    families = sorted(set(pairs))
    products = Products(
        numbers=tuple(texts(frame, "product")),
        names=tuple(texts(frame, "name")),
        family=np.array([families.index(pair) for pair in pairs], dtype=np.int64),
        list_price=above_zero(numbers(frame, "price")),
        unit_cost=numbers(frame, "unit_cost"),
        retired=np.array([status == "retired" for status in texts(frame, "status")], dtype=bool),
    )
    return products, families


def build_families(
    frame: pd.DataFrame, products: Products, pairs: list[tuple[str, Strategy]], weights: Floats
) -> Families:
    """Planning families with means of their products' data, weighted by `weights` (N,) recent shipments."""
    frame = frame.sort_values("product", kind="stable")
    bases = [base for base, _ in pairs]
    members = [products.family == i for i in range(len(pairs))]
    units = np.array(texts(frame, "unit"), dtype=object)
    divided = np.rint(np.nan_to_num(numbers(frame, "unit_decimals"))).astype(np.int64)

    def mean(values: str | Floats) -> Floats:
        values = numbers(frame, values) if isinstance(values, str) else values
        return np.array([weighted_mean(values[m], weights[m]) for m in members])

    return Families(
        names=tuple(f"{base} ({s.value})" if bases.count(base) > 1 else base for base, s in pairs),
        base=tuple(bases),
        strategy=tuple(s for _, s in pairs),
        unit=tuple(next(filter(None, units[m]), "each") for m in members),
        list_price=mean(above_zero(numbers(frame, "price"))),
        unit_cost=mean("unit_cost"),
        standard_lead_time_days=mean("standard_lead_time_days"),
        target_lead_time_days=mean("target_lead_time_days"),
        service_level=mean("service_level"),
        volume_per_unit=mean("volume_per_unit"),
        priority=np.nan_to_num(mean("priority"), nan=1.0),
        unit_decimals=np.array([divided[m].max(initial=0) for m in members], dtype=np.int64),
    )


# -- sales


def build_history(
    frame: pd.DataFrame, products: Products, regions: tuple[str, ...], months: tuple[str, ...]
) -> History:
    """Closed months by product and region; channels and customers are added up.

    Between a series' first value and the last month nothing is a true zero; before it nothing is known, nor in a
    month in which no series at all has a value.
    """

    def series(figures: str | Floats) -> Floats:
        known = cube(frame, figures, product=products.numbers, region=regions, month=months)
        started = np.maximum.accumulate(np.isfinite(known), axis=-1)
        return np.where(started & np.isfinite(known).any(axis=(0, 1)), np.nan_to_num(known), np.nan)

    quantity, ordered, cost = (numbers(frame, column) for column in ("quantity", "ordered", "cost"))
    product, region, month = (texts(frame, name) for name in ("product", "region", "month"))
    revenue = given_revenue(product, region, month, quantity, numbers(frame, "revenue"))
    axes = {"product": products.numbers, "region": regions, "month": months}
    known = cube(frame, revenue, **axes)
    missing = cube(frame, np.where((quantity != 0) & ~np.isfinite(revenue), 1.0, np.nan), **axes)
    shipped = series(quantity)
    return History(
        months=months,
        ordered=series(np.where(np.isfinite(ordered), ordered, quantity)),
        shipped=shipped,
        revenue=np.where(np.isfinite(missing), np.nan, np.where(np.isfinite(known), known, 0.0 * shipped)),
        cost=series(cost) if np.isfinite(cost).any() else None,
    )


def at_list_price(history: History, products: Products, home: Bools) -> tuple[History, Bools]:
    """Revenue that is not given at list price, in regions `home` (R,) that sell in the company's currency.

    Beside it where list price stands in (N, R, H).
    """
    missing = ~np.isfinite(history.revenue) & (np.nan_to_num(history.shipped) != 0)
    filled = missing & home[None, :, None] & np.isfinite(products.list_price)[:, None, None]
    listed = history.shipped * products.list_price[:, None, None]
    return replace(history, revenue=np.where(filled, listed, history.revenue)), filled


def recent_units(history: History) -> Floats:
    """Units shipped in the trailing year, by product and region (N, R)."""
    return np.nan_to_num(history.shipped[..., -history.year :]).sum(axis=-1)


def product_shares(units: Floats, products: Products, families: int) -> Floats:
    """Each product's share of its family's recent units in each region (N, R), else of those of all regions.

    Equal shares where none sold.
    """
    live = np.where(products.retired[:, None], 0.0, np.clip(units, 0.0, None))
    everywhere = np.broadcast_to(live.sum(axis=1, keepdims=True), live.shape)
    return shares_of([live, everywhere], products.family, families)


def mix_deviations(history: History, products: Products, families: int) -> Floats:
    """Standard deviation (N,) in units a month of a product's demand around its share of the family's.

    Stock is kept by product: a family total that is forecast well still needs stock for the mix. Taken over the
    trailing year with that year's shares, regions added up; zero for retired products.
    """
    demand = np.nan_to_num(history.ordered[..., -history.year :]).sum(axis=1)
    demand = np.where(products.retired[:, None], 0.0, np.clip(demand, 0.0, None))
    total = roll_up(demand, products.family, families)
    year = total.sum(axis=1)[products.family]
    share = np.divide(demand.sum(axis=1), year, out=np.zeros(len(demand)), where=year > 0)
    return (demand - share[:, None] * total[products.family]).std(axis=1)


def net_prices(history: History, products: Products, families: Families) -> Floats:
    """Net price (F, R): trailing revenue per unit, else the family's, else list × (1 − discount).

    The discount is the company's own: trailing revenue against list value of the same units.
    """
    membership = (products.family[None, :] == np.arange(len(families.names))[:, None]).astype(float)
    # Units whose revenue is not known say nothing of the price.
    priced = np.where(np.isfinite(history.revenue), history.shipped, 0.0)
    units, revenue = (
        membership @ np.clip(np.nan_to_num(values[..., -history.year :]).sum(axis=-1), 0, None)
        for values in (priced, history.revenue)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        here = np.where(units > 0, revenue / units, np.nan)
        family = np.where(units.sum(1) > 0, revenue.sum(1) / units.sum(1), np.nan)
        list_value = np.nansum(units * families.list_price[:, None])
        discount = 1 - revenue.sum() / list_value if list_value > 0 else 0.0
    fallback = np.where(np.isfinite(family), family, families.list_price * (1 - discount))
    return np.where(np.isfinite(here), here, fallback[:, None])


def standard_costs(history: History, products: Products, families: Families) -> Floats:
    """Standard cost by family (F,): products weighted by trailing units, else cost per unit sold.

    Not-a-number where neither a standard cost nor the cost of sales is known.
    """
    units = np.clip(recent_units(history), 0, None).sum(axis=1)
    sold_cost = np.full(len(units), np.nan)
    if history.cost is not None:
        cost = np.nan_to_num(history.cost[..., -history.year :]).sum(axis=(1, 2))
        sold_cost = np.divide(cost, units, out=sold_cost, where=units > 0)
    cost = np.where(np.isfinite(products.unit_cost), products.unit_cost, sold_cost)
    members = (products.family == f for f in range(len(families.names)))
    return np.array([weighted_mean(cost[m], units[m]) for m in members])


# -- stock and orders


def build_stock(
    frames: Frames, products: Products, families: int, calendar: Calendar
) -> tuple[StockHistory | None, list[Finding]]:
    """Movements by family and closed month, plants added up, and a finding where they end too early to be used."""
    if "inventory" not in frames:
        return None, []
    frame = closed_rows(frames["inventory"], calendar)
    frame, derived = moves_of_stock(frame, frames["sales_actuals"])
    last = max(texts(frame, "month"), default="")
    if last != calendar.last_closed:
        rule = "stock_stale" if last else "stock_not_closed"
        what = (
            worded(f"stock ends in {last}; the last closed month is {calendar.last_closed}")
            if last
            else worded("no closed month")
        )
        return None, [
            Finding("warning", rule, what, worded("Import the missing months") if last else "", "inventory")
        ]
    months = periods_between(min(texts(frame, "month")), last)

    def flow(column: str) -> Floats:
        return _by_family(cube(frame, column, product=products.numbers, month=months), products, families)

    production, shipments, subcontract, adjustments = (
        np.nan_to_num(flow(column))
        for column in ("production", "shipments", "subcontract_receipts", "adjustments")
    )
    closing = flow("closing")
    # Opening follows from the identity, so that it holds to the unit also where the file brings no opening.
    opening = closing - production - subcontract - adjustments + shipments
    stock = StockHistory(months, opening, production, subcontract, adjustments, shipments, closing, derived)
    return stock, [MOVES_UNKNOWN] if derived else []


def build_orders(
    frames: Frames,
    products: Products,
    families: Families,
    regions: tuple[str, ...],
    history: History,
    calendar: Calendar,
) -> OrderHistory | None:
    """Open orders by family, region and closed month; None where they do not reach the last closed month.

    Where `past_due` is not given it is derived: what exceeds the standard lead time at recent shipments a day.
    """
    frame = closed_rows(frames.get("order_book", pd.DataFrame()), calendar)
    if max(texts(frame, "month"), default="") != calendar.last_closed:
        return None
    months = periods_between(min(texts(frame, "month")), calendar.last_closed)
    axes = {"product": products.numbers, "region": regions, "month": months}
    count = len(families.names)
    quantity = np.nan_to_num(_by_family(cube(frame, "quantity", **axes), products, count))
    derived = not np.isfinite(numbers(frame, "past_due")).any()
    if derived:
        rate = shipped_a_day(history, products, count)
        late = np.clip(quantity - (rate * families.lead_days[:, None])[..., None], 0, None).round()
        # Of what was not shipped lately nothing tells what is late.
        late[rate.sum(axis=1) == 0] = 0.0
    else:
        late = np.nan_to_num(_by_family(cube(frame, "past_due", **axes), products, count))
    return OrderHistory(months, quantity, np.clip(late, 0, np.maximum(quantity, 0)), derived)


def shipped_a_day(history: History, products: Products, families: int) -> Floats:
    """Units shipped a day (F, R) over the last twelve months, or as many of them as the family has been sold."""
    last = history.shipped[..., -history.year :]
    days = np.array([days_in(month) for month in history.months[-history.year :]], dtype=float)
    units = roll_up(np.clip(np.nan_to_num(last), 0, None), products.family, families).sum(axis=-1)
    # A family counts from its first row in any region on: before it nothing is known, and nothing was sold.
    known = roll_up(np.isfinite(last).any(axis=1).astype(float), products.family, families) > 0
    span = (np.logical_or.accumulate(known, axis=1) * days).sum(axis=1)[:, None]
    return np.divide(units, span, out=np.zeros(units.shape), where=span > 0)


def closed_rows(frame: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Rows of closed months."""
    months = texts(frame, "month")
    closed = {month: calendar.position(month) < 0 for month in set(months)}
    return frame[[closed[month] for month in months]]


def _by_family(values: Floats, products: Products, families: int) -> Floats:
    """Product values (N, …) added up to families (F, …); not-a-number only where no product has a value."""
    known, total = (
        roll_up(part, products.family, families) for part in (np.isfinite(values), np.nan_to_num(values))
    )
    return np.where(known, total, np.nan)
