"""What the pages of stock and of waiting customers have in common: a line chart beside a second one."""

from __future__ import annotations

import numpy as np
import streamlit as st

from sop.core.inputs import Floats
from sop.review.plan_views import series
from sop.review.plan_views.lead_time import waited_days
from sop.review.plan_views.parts import cover_days, cover_is_beyond, lead_time, on_time_in_full
from sop.review.plan_views.series import PlanSeries
from sop.review.plan_views.timeline import PlanContext
from sop.ui.cards import grey_line
from sop.ui.charts import chart_stock, show_chart
from sop.ui.format import percent
from sop.ui.frame import Visit
from sop.ui.plan_page import Chosen, panel, show_stock
from sop.ui.plan_tables import month_name


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
    cover = _line("Days of supply", "days", context, days)
    with st.grid(2, min_column_width=360):
        with panel(f"Stock: {chosen.name}", f"{chosen.unit} at month end", "inventory-stock"):
            show_stock(stock, context, visit.money, "stock", message, band=band)
        with panel(
            f"Days of supply: {chosen.name}",
            "Days of future demand that closing stock covers, as far as the horizon tells",
            "inventory-cover",
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
        _show_on_time(context, chosen)


def _show_on_time(context: PlanContext, chosen: Chosen) -> None:
    """On time in full of the closed months, where deliveries are loaded."""
    months, share = on_time_in_full(context, chosen.family)
    note = "% of order lines delivered in full by the promised day, by the month promised"
    with panel(f"On time in full: {chosen.name}", note, "lead-otif"):
        if not months:
            st.html(grey_line("No deliveries are loaded. The table deliveries unlocks this."))
            return
        figures = [None if value != value else float(value) * 100 for value in share]
        nothing = [None] * len(months)
        alt = f"On time in full: {percent(float(share[-1]))} in {months[-1]}."
        chart = chart_stock(
            [month_name(month) for month in months], figures, nothing, nothing, decimals=0, alt=alt
        )
        show_chart(chart, key="chart-otif")


def _agreed_lead_time(context: PlanContext, family: str | None) -> Floats:
    """Lead time of the plan compared with, of one family; over families it is a mean that no plan line holds."""
    if family is None:
        return np.full(len(context.months), np.nan)
    return context.total(context.compared("customer_lead_time"), family)


def _line(name: str, unit: str, context: PlanContext, now: Floats, agreed: Floats | None = None) -> PlanSeries:
    """Figures by month as a series for a line chart."""
    nothing = np.full(len(now), np.nan)
    return PlanSeries(
        name, unit, "stock", 0, context.past, now, nothing if agreed is None else agreed, nothing, nothing, nothing
    )
