"""What the page of customer lead time shows of waiting: charts, and tabs with families, levers, deliveries."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st

from sop.analysis.supply.waiting import late_because
from sop.core.calendar import period_short, worded
from sop.core.format import percent
from sop.core.inputs import Floats
from sop.services.planning.supply_questions import levers_on_gap
from sop.ui.charts import Series, chart_pair, show_chart
from sop.ui.frame.page import Visit, refusals
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel, show_sentence, show_tabs
from sop.ui.panels.plans.layout import Chosen, heard, show_stock, show_table_panel
from sop.ui.panels.plans.plan_limits import ask_again
from sop.ui.panels.plans.plan_stock import month_line
from sop.views import series
from sop.views.lead_time.delivery import on_time_table
from sop.views.lead_time.gap_levers import gap_sentence, gap_table
from sop.views.lead_time.waiting import (
    Waits,
    little_table,
    made_to_order_table,
    made_to_stock_table,
    waited_days,
)
from sop.views.measure_columns import worst_family_text
from sop.views.sheet_blocks import lead_time, on_time_in_full
from sop.views.timeline import PlanContext

Causes = Mapping[str, str]


def read_causes(visit: Visit) -> Causes:
    """What stops most of each family's late units; nothing for a frozen plan, which cannot be planned again."""
    return ask_again(visit, "Finding what customers wait for", None, lambda: late_because(visit.view.plan))


# -- charts


def show_waiting_panels(visit: Visit, context: PlanContext, chosen: Chosen, message: str) -> None:
    """Lead time against its target, orders that are late, and what was delivered on time in full."""
    family = chosen.family
    days = np.where(
        np.arange(len(context.months)) < context.past, waited_days(context, family), lead_time(context, family)
    )
    target = lead_time(context, family, "lead_time_target")[context.past]
    waiting = month_line("Customer lead time", "days", context, days, _agreed_lead_time(context, family))
    note = f"Days · actual: mean from order to delivery; plan: the last unit due in the {context.word}"
    with st.grid(3, min_column_width=300):
        with panel(f"Lead time: {family or context.waiting or chosen.name}", note, "lead-time"):
            limit = float(target) if np.isfinite(target) else None
            show_stock(waiting, context, visit.money, "lead", message, limit=limit, limit_name="target")
        inferred = context.inputs.orders is not None and context.inputs.orders.derived
        at = " at net price" if chosen.in_money else ""
        unit = f"{chosen.unit}{at} at {context.word} end" + (
            f": no past due of closed {context.word}s is given" if inferred else ""
        )
        with panel(f"Past due: {chosen.name}", unit, "lead-late"):
            late = series.past_due(context, family, chosen.in_money)
            show_stock(late, context, visit.money, "late", heard(late, context, visit.money))
        _show_on_time(context, chosen)


def _agreed_lead_time(context: PlanContext, family: str | None) -> Floats:
    """Lead time of the plan compared with, of the same family."""
    one = family or context.waiting
    if not one:
        return np.full(len(context.months), np.nan)
    return context.total(context.compared("customer_lead_time"), one)


def _show_on_time(context: PlanContext, chosen: Chosen) -> None:
    """On time in full of the closed months by promise and by request, where deliveries are loaded."""
    months, promised = on_time_in_full(context, chosen.family)
    _, asked = on_time_in_full(context, chosen.family, by_request=True)
    note = "% of the value due that came whole by the day promised or asked for"
    worst = context.plan.worst.get("on_time")
    if chosen.family is None and worst is not None:
        note += f"; next {context.near_text} {worst_family_text(worst)}"
    with panel(f"On time in full: {chosen.name}", note, "otif"):
        if not months:
            st.html(grey_line("No deliveries are loaded. The table deliveries unlocks this."))
            return
        names = [period_short(month) for month in months]
        alt = f"On time in full as promised: {percent(float(promised[-1]))} in {names[-1]}."
        first, second = _percents(promised), _percents(asked)
        show_chart(
            chart_pair(names, first, second, names=("As promised", "As asked"), zero=False, alt=alt),
            key="chart-otif",
        )


def _percents(shares: Floats) -> Series:
    return [None if value != value else float(value) * 100 for value in shares]


# -- tabs


def show_waiting_depth(
    visit: Visit, context: PlanContext, family: str | None, waits: Waits, causes: Causes
) -> None:
    """Who waits, who is served from stock, levers, deliveries, a check; each worked out when it is opened."""
    shown: dict[str, Callable[[], None]] = {
        "Made to order": lambda: _made_to_order(visit, context, waits, causes),
        "Made to stock": lambda: _made_to_stock(visit, context, waits),
        "Close the gap": lambda: _levers(visit, context, family),
        "Delivered on time": lambda: _delivered(visit, context),
        "Check by Little's law": lambda: _little(visit, context, waits),
    }
    if not context.made_to_order:
        shown = {name: shown[name] for name in ("Made to stock", "Delivered on time")}
    show_tabs("waiting_depth", shown)


def _made_to_order(visit: Visit, context: PlanContext, waits: Waits, causes: Causes) -> None:
    note = (
        f"Next {context.near_text}, days from order to delivery; 9 in 10: of the units due, so many wait no longer"
    )
    show_table_panel(visit, made_to_order_table(context, waits, causes), note, "lead-mto")


def _made_to_stock(visit: Visit, context: PlanContext, waits: Waits) -> None:
    note = f"Share of the units due that are shipped in their {context.word}; the mean wait of the others"
    show_table_panel(visit, made_to_stock_table(context, waits), note, "lead-mts")


def _delivered(visit: Visit, context: PlanContext) -> None:
    note = worded(
        "Value of the order lines promised for the last 12 closed months, and of it the share that came whole by "
        "the day promised or asked for; planned: of what falls due in the next "
        f"{context.near_text}"
    )
    show_table_panel(visit, on_time_table(context), note, "lead-on-time")


def _little(visit: Visit, context: PlanContext, waits: Waits) -> None:
    note = (
        f"Mean of the next {context.near_text}, days. Little's law is the order book over what is "
        "shipped a day; it holds "
        "where the queue is steady, so it reads longer while a queue grows"
    )
    show_table_panel(visit, little_table(context, waits), note, "lead-little")


def _levers(visit: Visit, context: PlanContext, family: str | None) -> None:
    """The levers of the family looked at, else of the one that drifts."""
    name = family if family in context.made_to_order else context.waiting
    if not name:
        show_sentence("How long customers wait is not known.")
        return
    with refusals():
        found = ask_again(
            visit,
            "Planning again with each lever",
            name,
            lambda: levers_on_gap(visit.room, visit.inputs, visit.view, name),
        )
        if found is None:
            show_sentence(
                "Levers are valued by planning again, which a frozen plan is not: choose the working plan."
            )
            return
        show_sentence(gap_sentence(found, visit.money.full, context.near_text))
        note = (
            f"Each planned again, next {context.near_text}, from its lead time on; EBIT and lowest cash are "
            "net of what the "
            "lever costs, where that is known"
        )
        show_table_panel(visit, gap_table(found, context.near_text), note, "lead-levers")
