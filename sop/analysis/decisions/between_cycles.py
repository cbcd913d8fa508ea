"""Between cycles: families that are to be looked at more often, once their orders leave their range."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from sop.analysis.decisions.exceptions import ReviewException
from sop.core.calendar import first_day, working_days, working_share
from sop.core.inputs import Floats, Inputs
from sop.core.plan import StoredForecast
from sop.core.terms import Function
from sop.core.words import units_text

RANGE = "range"
"""The kind of exception of a family whose orders have left their range."""
_FEWEST_DAYS = 3
"""Working days of orders before which nothing is said: one order makes a range."""


@dataclass(frozen=True)
class OrdersSince:
    """Units ordered since the open cycle began (F,), up to the day `until`; `part` (T,) of each period is over."""

    until: str
    units: Floats
    part: Floats


def orders_since(inputs: Inputs, lines: pd.DataFrame | None) -> OrdersSince | None:
    """What order lines say of the open periods; None without any, or of too few days.

    The day of the last order is the day up to which they are loaded.
    """
    begins = first_day(inputs.calendar.first_open)
    if lines is None or "ordered" not in lines:
        return None
    own = lines[lines["ordered"].astype(str) >= begins.isoformat()]
    if own.empty:
        return None
    until = str(own["ordered"].max())[:10]
    family = dict(zip(inputs.products.numbers, inputs.products.family.tolist(), strict=True))
    at = own["product"].map(family)
    units = np.bincount(
        at.dropna().astype(int),
        weights=own["quantity_ordered"].astype(float)[at.notna()],
        minlength=len(inputs.families.names),
    ).astype(float)
    end = date.fromisoformat(until) + timedelta(days=1)
    part = np.array([working_share(period, begins, end) for period in inputs.calendar.months])
    return OrdersSince(until, units, part) if working_days(begins, end) >= _FEWEST_DAYS else None


def left_range(
    inputs: Inputs, forecast: StoredForecast, since: OrdersSince | None, often: Collection[str]
) -> tuple[ReviewException, ...]:
    """An exception for each family of `often` whose orders are outside the 80% range of what was expected by now.

    A part of a period strays by the root of that part, regions by themselves.
    """
    if since is None:
        return ()
    expected = (forecast.mean.sum(axis=1) * since.part).sum(axis=1)
    low, high = (
        np.sqrt((((bound - forecast.mean) ** 2).sum(axis=1) * since.part).sum(axis=1))
        for bound in (forecast.lo80, forecast.hi80)
    )
    found = []
    for f, name in enumerate(inputs.families.names):
        floor, top = max(expected[f] - low[f], 0.0), expected[f] + high[f]
        if name not in often or floor <= since.units[f] <= top:
            continue
        way = "above" if since.units[f] > top else "below"
        found.append(
            ReviewException(
                RANGE,
                name,
                f"{name} has left its range: {units_text(since.units[f])} ordered by {since.until}",
                f"{way} the {units_text(floor, '')} to {units_text(top)} in which eight in ten such spans end; "
                "it is reviewed between cycles too",
                Function.SALES.title,
            )
        )
    return tuple(found)
