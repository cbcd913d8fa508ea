"""Stock as a plan leaves it: forward days of supply, excess and shortage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Bools, Floats
from sop.supply.curves import calendar_days, cross_curve, cumulative


@dataclass(frozen=True, eq=False)
class DaysOfSupply:
    """Forward cover: `days` [F, T], and whether it reaches `beyond` the horizon (shown as ">")."""

    days: Floats
    beyond: Bools


def days_of_supply(inventory: Floats, demand: Floats, days: Floats) -> DaysOfSupply:
    """Days of future demand that the closing stock of each period covers, interpolated.

    `inventory` and `demand` in units [F, T], `days` in each period [T]. Cover of period t starts in t+1 and is
    capped at the end of the horizon, where `beyond` says ">". Nothing to cover (no demand left) is beyond too;
    no stock covers 0 days.

    >>> cover = days_of_supply(np.array([[30.0, 0, 0]]), np.array([[9.0, 20, 20]]), np.array([31, 28, 31]))
    >>> cover.days[0].tolist()  # 28 days of February and 10 of 20 units in March's 31 days
    [43.5, 0.0, 0.0]
    """
    calendar, reached = calendar_days(days), cumulative(demand)
    stock = np.maximum(inventory, 0.0)
    until, late = cross_curve(reached, calendar, reached[:, 1:] + stock)
    return DaysOfSupply(np.where(stock > 0, until - calendar[1:], 0.0), late & (stock > 0))


def excess_units(inventory: Floats, cover_limit: Floats) -> Floats:
    """Units of stock above the cover limit; any matching shapes."""
    return np.maximum(inventory - cover_limit, 0)


def shortage_units(inventory: Floats, safety_stock: Floats) -> Floats:
    """Units missing below safety stock; any matching shapes."""
    return np.maximum(safety_stock - inventory, 0)
