"""Sales history and what it says of price, cost and shares, from `sales_actuals`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sop.core.inputs import Bools, Families, Floats, History, Products
from sop.facts.given import given_revenue
from sop.intake.blocks.arrays import cube, numbers, positions, since_first, texts


def build_history(
    frame: pd.DataFrame, products: Products, regions: tuple[str, ...], months: tuple[str, ...]
) -> History:
    """Closed months by product and region; channels and customers are added up."""
    axes = [("product", positions(products.numbers)), ("region", positions(regions)), ("month", positions(months))]
    quantity = numbers(frame, "quantity")
    revenue = given_revenue(texts(frame, "product"), texts(frame, "month"), quantity, numbers(frame, "revenue"))
    ordered = numbers(frame, "ordered")
    shipped = since_first(cube(frame, axes, quantity))
    cost = numbers(frame, "cost")
    known = cube(frame, axes, revenue)
    missing = cube(frame, axes, np.where((quantity != 0) & ~np.isfinite(revenue), 1.0, np.nan))
    return History(
        months=months,
        ordered=since_first(cube(frame, axes, np.where(np.isfinite(ordered), ordered, quantity))),
        shipped=shipped,
        revenue=np.where(np.isfinite(missing), np.nan, np.where(np.isfinite(known), known, 0.0 * shipped)),
        cost=since_first(cube(frame, axes, cost)) if np.isfinite(cost).any() else None,
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
    """Each product's share of its family's recent units in each region (N, R); equal shares where none sold."""
    live = np.where(products.retired[:, None], 0.0, np.clip(units, 0.0, None))
    shares = np.zeros_like(live)
    for f in range(families):
        members = products.family == f
        for r in range(units.shape[1]):
            weights = live[members, r] if live[members, r].sum() > 0 else live[members].sum(axis=1)
            weights = weights if weights.sum() > 0 else np.ones(int(members.sum()))
            shares[members, r] = weights / weights.sum()
    return shares


def mix_deviations(history: History, products: Products, families: int) -> Floats:
    """Standard deviation (N,) in units a month of a product's demand around its share of the family's.

    Stock is kept by product: a family total that is forecast well still needs stock for the mix. Taken over the
    trailing year with that year's shares, regions added up; zero for retired products.
    """
    demand = np.nan_to_num(history.ordered[..., -history.year :]).sum(axis=1)
    demand = np.where(products.retired[:, None], 0.0, np.clip(demand, 0.0, None))
    deviation = np.zeros(len(demand))
    for f in range(families):
        own = demand[products.family == f]
        total = own.sum(axis=0)
        share = own.sum(axis=1) / total.sum() if total.sum() > 0 else np.zeros(len(own))
        deviation[products.family == f] = (own - share[:, None] * total).std(axis=1)
    return deviation


def net_prices(history: History, products: Products, families: Families) -> Floats:
    """Net price (F, R): trailing revenue per unit, else the family's, else list × (1 − discount).

    The discount is the company's own: trailing revenue against list value of the same units.
    """
    membership = (products.family[None, :] == np.arange(len(families.names))[:, None]).astype(float)
    # Units whose revenue is not known say nothing of the price.
    priced = np.where(np.isfinite(history.revenue), history.shipped, 0.0)[..., -history.year :]
    units = membership @ np.clip(np.nan_to_num(priced).sum(axis=-1), 0, None)
    revenue = membership @ np.clip(np.nan_to_num(history.revenue[..., -history.year :]).sum(axis=-1), 0, None)
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
    result = np.full(len(families.names), np.nan)
    for f in range(len(families.names)):
        members = (products.family == f) & np.isfinite(cost)
        if members.any():
            weights = units[members] if units[members].sum() > 0 else None
            result[f] = np.average(cost[members], weights=weights)
    return result
