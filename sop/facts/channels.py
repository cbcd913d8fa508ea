"""Sales of closed months by channel: the last twelve months beside the year before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sop.core.inputs import Inputs
from sop.core.money import MINOR
from sop.facts.given import given_revenue

NOT_NAMED = "not named"
COLUMNS = ["quantity", "revenue", "missing"]
"""What is added up by channel: units, currency, and rows of which the revenue is not known."""


@dataclass(frozen=True)
class ChannelSales:
    """Shipped units and revenue (minor units) of a channel in the last twelve months and the year before.

    The year before is not-a-number where the history does not cover all of it, and where a month of either year
    names no channel: twelve months are not compared with fewer.
    """

    channel: str
    units: float
    revenue: float
    units_before: float
    revenue_before: float


def channel_rows(inputs: Inputs, sales: pd.DataFrame | None) -> pd.DataFrame | None:
    """Sales added up by month, family position and channel; None where the table brings no channel."""
    if sales is None or "channel" not in sales or sales["channel"].isna().all():
        return None
    family = sales["product"].map(inputs.products.family_by_number)
    named = sales.assign(family=family, channel=sales["channel"].fillna(NOT_NAMED))
    revenue = named["revenue"] if "revenue" in named else pd.Series(np.nan, named.index)
    given = given_revenue(named["product"], named["region"], named["month"], named["quantity"], revenue)
    named = named.assign(revenue=given, missing=np.isnan(given))
    return named.groupby(["month", "family", "channel"], as_index=False)[COLUMNS].sum()


def sales_by_channel(inputs: Inputs, rows: pd.DataFrame | None, family: str | None) -> tuple[ChannelSales, ...]:
    """Channels of a family (None: of all), the largest first, from `channel_rows`; none where that is None."""
    if rows is None:
        return ()
    months, year = inputs.history.months, inputs.calendar.year
    chosen = rows if family is None else rows[rows["family"] == inputs.families.names.index(family)]
    last, before = months[-year:], months[-2 * year : -year]
    totals = [chosen[chosen["month"].isin(span)].groupby("channel")[COLUMNS].sum()
              for span in (last, before)]  # fmt: skip
    named = set(rows.loc[rows["channel"] != NOT_NAMED, "month"])
    whole = len(before) == year and set(rows["month"]) & {*last, *before} <= named
    nothing = 0.0 if whole else float("nan")
    now, then = totals[0], totals[1].reindex(totals[0].index, fill_value=0.0) + nothing
    found = [
        ChannelSales(
            str(channel),
            float(now["quantity"][channel]),
            _revenue(now, channel),
            float(then["quantity"][channel]),
            _revenue(then, channel),
        )
        for channel in now.index
    ]
    return tuple(sorted(found, key=lambda row: (-row.revenue if row.revenue == row.revenue else 0.0, -row.units)))


def _revenue(totals: pd.DataFrame, channel: Any) -> float:
    """A channel's revenue in minor units; not-a-number where that of some rows is not known."""
    known = totals["missing"][channel] == 0
    return float(totals["revenue"][channel] * MINOR) if known else float("nan")
