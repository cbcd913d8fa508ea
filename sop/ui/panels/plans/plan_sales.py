"""What only the sales page has: the chart of terms, how good past consensus was, and sales by channel."""

from __future__ import annotations

import numpy as np
import streamlit as st

from sop.analysis.jump import Jump
from sop.core.calendar import period_short
from sop.services.planning.plan_context import against_last_year, channel_sales
from sop.ui.charts import chart_terms, show_chart
from sop.ui.charts.heard import course_text
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line, terms_legend
from sop.ui.panels.plans.layout import told_in
from sop.ui.panels.plans.plan_accuracy import accuracy_note
from sop.views.sales.sales_plan import demand_terms
from sop.views.series import display
from sop.views.timeline import PlanContext


def show_terms(visit: Visit, context: PlanContext, family: str | None, in_money: bool) -> None:
    """Consensus demand of the planned months stacked by its terms, and how good past consensus was.

    Terms that are always 0 are left out of the chart.
    """
    found, unit = demand_terms(context, family, in_money), "currency" if in_money else "units"
    terms = {name: display(values, unit, visit.money) for name, values in found.items()}
    drawn = {name: terms[name] for name in terms if found[name].any() or name == "Baseline forecast"}
    total = display(np.sum(list(found.values()), axis=0), unit, visit.money)
    months = [period_short(month) for month in context.plan.months]
    alt = course_text(f"Consensus demand by {context.word}", months, total, *told_in(unit, visit.money))
    show_chart(chart_terms(months, drawn, total, alt=alt), key="chart-terms")
    st.html(terms_legend(list(drawn)))
    st.html(grey_line(accuracy_note(visit)))


def channels(visit: Visit, family: str | None) -> list[tuple[str, float, float, float, float]]:
    """Sales by channel as plain rows."""
    found = channel_sales(visit.room, visit.person.id, family)
    return [(c.channel, c.units, c.units_before, c.revenue, c.revenue_before) for c in found]


def jumps(visit: Visit) -> tuple[Jump, ...]:
    """Twelve planned months against the last twelve, of the company and each family."""
    return against_last_year(visit.room, visit.person.id, visit.view)
