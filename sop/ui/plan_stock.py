"""What the pages of stock and of waiting customers have in common: a line chart beside a second one."""

from __future__ import annotations

import numpy as np
import streamlit as st

from sop.core.inputs import Floats
from sop.review.plan_views import series
from sop.review.plan_views.lead_time import waited_days
from sop.review.plan_views.parts import cover_days, lead_time, on_time_shares
from sop.review.plan_views.series import PlanSeries
from sop.review.plan_views.timeline import PlanContext
from sop.ui.frame import Visit
from sop.ui.plan_page import Chosen, panel, show_stock


def show_stock_panels(
    visit: Visit,
    context: PlanContext,
    chosen: Chosen,
    stock: PlanSeries,
    band: tuple[Floats, Floats],
    message: str,
) -> None:
    """Stock in its target band, and the days of demand it covers."""
    cover = _line("Days of supply", "days", context, cover_days(context, chosen.family))
    with st.grid(2, min_column_width=360):
        with panel(f"Stock: {chosen.name}", f"{chosen.unit} at month end", "inventory-stock"):
            show_stock(stock, context, visit.money, "stock", message, band=band)
        with panel(
            f"Days of supply: {chosen.name}", "Days of future demand that closing stock covers", "inventory-cover"
        ):
            show_stock(cover, context, visit.money, "cover", "Days of supply by month; the sheet has the figures.")


def show_waiting_panels(visit: Visit, context: PlanContext, chosen: Chosen, message: str) -> None:
    """Lead time against its target, orders that are late, and what was delivered on time in full."""
    family = chosen.family
    days = np.where(
        np.arange(len(context.months)) < context.past, waited_days(context, family), lead_time(context, family)
    )
    target = lead_time(context, family, "lead_time_target")[context.past]
    agreed = _agreed_lead_time(context, family)
    waiting = _line("Customer lead time", "days", context, days, agreed)
    actual, planned = on_time_shares(context, family)
    service = _line("On time", "fraction", context, np.where(np.isfinite(actual), actual, planned))
    note = "Days · actual: mean from order to delivery; plan: the last unit due in the month"
    with st.grid(3, min_column_width=330):
        with panel(f"Lead time: {chosen.waiting_name}", note, "lead-time"):
            limit = float(target) if np.isfinite(target) else None
            show_stock(waiting, context, visit.money, "lead", message, limit=limit, limit_name="target")
        with panel(f"Past due: {chosen.name}", "Units at month end", "lead-late"):
            show_stock(
                series.past_due(context, family),
                context,
                visit.money,
                "late",
                "Past due by month; the sheet has the figures.",
            )
        with panel(
            f"On time: {chosen.name}", "% · actual: lines on time in full; plan: units in their month", "lead-otif"
        ):
            show_stock(service, context, visit.money, "otif", "Share on time by month; the sheet has the figures.")


def _agreed_lead_time(context: PlanContext, family: str | None) -> Floats:
    """Lead time of the plan compared with, of one family; a mean over families needs more than a frozen plan keeps."""
    if family is None:
        return np.full(len(context.months), np.nan)
    return context.total(context.compared("customer_lead_time"), family)


def _line(name: str, unit: str, context: PlanContext, now: Floats, agreed: Floats | None = None) -> PlanSeries:
    """Figures by month as a series for a line chart."""
    nothing = np.full(len(now), np.nan)
    return PlanSeries(
        name, unit, "stock", 0, context.past, now, nothing if agreed is None else agreed, nothing, nothing, nothing
    )
