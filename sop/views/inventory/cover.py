"""Days of supply: how long closing stock covers the demand that comes after it, of a family and of all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sop.core.arrays import sum_known
from sop.core.calendar import days_of
from sop.core.inputs import Floats
from sop.supply.after.inventory import days_of_supply
from sop.views.series import inventory, sold
from sop.views.timeline import Flags, PlanContext


def with_cover(context: PlanContext) -> PlanContext:
    """The context with the days of supply of each family and of all; without any where no stock is known.

    Past stock is held against the demand that came after it. Those of all are added up at standard cost, or
    at net price where no cost counts: a screw covers no bicycle.
    """
    names, demand = context.inputs.families.names, context.new_plan("consensus_demand")
    values, months = sold(context, "ordered")
    demand[:, : context.past] = context.closed_values(values, months)[:, : context.past]
    stock = np.array([inventory(context, name).now for name in names])
    if not np.isfinite(stock).any():
        return context
    price = context.net_price if context.prices_known else 1.0
    weight = context.unit_cost if context.costs_known else price
    stock, demand = (np.vstack([rows, sum_known(rows * weight, axis=0)]) for rows in (stock, demand))
    days = np.array(days_of(context.months), dtype=float)
    cover = days_of_supply(np.nan_to_num(stock), np.nan_to_num(demand), days)
    known = np.where(np.isfinite(stock), cover.days, np.nan)
    return replace(
        context,
        cover_days=dict(zip((*names, ""), known, strict=True)),
        cover_beyond=dict(zip((*names, ""), cover.beyond, strict=True)),
    )


def cover_days(context: PlanContext, family: str | None) -> Floats:
    """Days of supply (P + T,) of a family, or of the stock of all families."""
    return context.cover_days.get(family or "", np.full(len(context.months), np.nan))


def cover_is_beyond(context: PlanContext, family: str | None) -> Flags:
    """Months (P + T,) whose stock covers more than is left of the horizon: days of supply are a minimum."""
    return context.cover_beyond.get(family or "", np.zeros(len(context.months), dtype=bool))
