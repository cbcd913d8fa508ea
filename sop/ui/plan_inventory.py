"""What the inventory page shows beside the family sheet: stock in its band, cover, service against cash, tabs."""

from __future__ import annotations

import numpy as np
import streamlit as st

from sop.core.inputs import Floats
from sop.review.plan_views.parts import cover_days, cover_is_beyond
from sop.review.plan_views.series import PlanSeries
from sop.review.plan_views.timeline import PlanContext
from sop.ui.frame import Visit
from sop.ui.plan_page import Chosen, panel, show_stock
from sop.ui.plan_stock import month_line


def show_stock_panels(
    visit: Visit,
    context: PlanContext,
    chosen: Chosen,
    stock: PlanSeries,
    band: tuple[Floats, Floats],
    message: str,
) -> None:
    """Stock in its target band, and the days of demand it covers."""
    days = np.where(cover_is_beyond(context, chosen.family), np.nan, cover_days(context, chosen.family))
    cover = month_line("Days of supply", "days", context, days)
    with st.grid(2, min_column_width=360):
        with panel(f"Stock: {chosen.name}", f"{chosen.unit} at month end", "inventory-stock"):
            show_stock(stock, context, visit.money, "stock", message, band=band)
        with panel(
            f"Days of supply: {chosen.name}",
            "Days of future demand that closing stock covers, as far as the horizon tells",
            "inventory-cover",
        ):
            show_stock(cover, context, visit.money, "cover", "Days of supply by month; the sheet has the figures.")
