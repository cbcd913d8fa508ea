"""Performance: did we do what we said? Actuals of closed months against the plan in force at the time."""

import numpy as np
import streamlit as st

from sop.analysis.performance.judged_steps import vintages
from sop.analysis.performance.performance_review import Performance, year_gap
from sop.analysis.performance.tracks import ALL, adds_up, read_line
from sop.core.calendar import period_short, worded
from sop.core.words import table_title
from sop.facts.unit_worth import prices_of_several
from sop.services.analysis.performance import read_performance
from sop.ui.charts import show_chart
from sop.ui.frame.page import Visit, page
from sop.ui.frame.text import literal
from sop.ui.kit.cards import grey_line, legend
from sop.ui.kit.panel import download
from sop.ui.kit.tables import show_table
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.ui.panels.review.performance import (
    chart_accuracy,
    chart_otif,
    chart_vintages,
    chart_year_gap,
    charts_of,
    scale_of,
    show_indicators,
)
from sop.views.executive.performance_tables import families_table, indicators_table, on_time_table, tracks_table
from sop.views.sales.accuracy_tables import lags_table, vintage_table


def filters(visit: Visit, found: Performance) -> tuple[str, str]:
    """The measure and family that the page shows, and the download of all of it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        labels = {key: track.label for key, track in found.tracks.items()}
        measure = st.segmented_control(
            "Measure", list(labels), format_func=labels.__getitem__, default="revenue", required=True,
            key="performance_measure", label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        family = st.selectbox(
            "Family", [ALL, *found.inputs.families.names], key="performance_family",
            label_visibility="collapsed", width=175, persist_state="session",
        )  # fmt: skip
        st.space("stretch")
        download(visit, lambda: tracks_table(list(found.tracks.values()), visit.money.currency), "performance")
    return measure or "revenue", family


def plan_panels(visit: Visit, found: Performance, measure: str, family: str) -> None:
    """One measure by month, and its last month by family."""
    track = found.tracks[measure]
    unit = scale_of(track, visit.money).unit
    with st.grid(2, min_column_width=360):
        with st.container(border=True, height="stretch", key="card_track"):
            st.header(literal(f"{track.label}: {family}"), anchor=False)
            if family == ALL and not adds_up(track):
                st.caption("Units of different families are not added up: choose a family, or Revenue.")
            else:
                st.html(grey_line(worded(f"{unit} a month · closed months · the plan in force at the time")))
                line = read_line(track, family)
                for place, chart in enumerate(charts_of(track, line, visit.money)):
                    show_chart(chart, f"track_{place}")
                told = bool(np.isfinite(line.difference).any())
                names = [("actual", "actual"), *([("agreed", "agreed plan")] * told)]
                st.html(legend(names, "below: difference" if told else ""))
        with st.container(border=True, height="stretch", key="card_families"):
            st.header(f"{track.label} by family, {period_short(found.months[-1])}", anchor=False)
            st.html(grey_line(worded("On plan: within 10% · cumulative since the first month with a plan")))
            show_table(families_table(track).without_empty_columns(), visit.money)
            for label, needed in found.missing.items():
                st.caption(f"{label} cannot be shown: needs {table_title(needed)}.")


def forecast_panels(found: Performance, family: str) -> None:
    """How good the forecast was by lag and step, and how it moved for one month."""
    with st.grid(2, min_column_width=360):
        with st.container(border=True, height="stretch", key="card_accuracy"):
            st.header("Forecast accuracy by lag", anchor=False)
            st.html(grey_line(worded("% · lag 1: the month a plan opens with · gain: WAPE taken off by a step")))
            if found.accuracy:
                show_chart(chart_accuracy(found.accuracy), "accuracy")
                show_table(lags_table(found.accuracy))
            else:
                st.caption(worded("No agreed plan of an earlier cycle covers a closed month yet."))
        with st.container(border=True, height="stretch", key="card_vintages"):
            st.header(worded("How the forecast for one month moved"), anchor=False)
            choices = list(reversed([*found.months, *found.inputs.calendar.months[:3]]))
            month = st.selectbox(
                worded("Month"), choices, index=3, format_func=period_short, key="performance_vintage", width=140,
                label_visibility="collapsed", persist_state="session",
            )  # fmt: skip
            chosen = None if family == ALL else family
            worth = prices_of_several(found.inputs) if chosen is None else None
            money = None if worth is None else visit.money
            vintage, asked = vintages(month, found.plans, chosen, worth), found.asked(month, family, worth)
            unit = "units" if money is None else f"{money.unit} at net price"
            st.html(
                grey_line(f"Consensus demand for {period_short(month)} by cycle of the plan, {unit} · {family}")
            )
            if vintage:
                show_chart(chart_vintages(month, vintage, asked, money), "vintages")
                show_table(vintage_table(month, vintage, asked, in_money=money is not None), visit.money)
            else:
                st.caption(worded("No agreed plan covers this month."))


def revenue_panels(visit: Visit, found: Performance, family: str) -> None:
    """Revenue against the year before, and on time in full."""
    with st.grid(2, min_column_width=360):
        with st.container(border=True, height="stretch", key="card_mix"):
            st.header("Price, volume and mix", anchor=False)
            unit = visit.money.unit
            st.html(grey_line(worded(f"Revenue, last 12 months against the 12 before, {unit} · {family}")))
            gap = year_gap(found.inputs, None if family == ALL else family)
            if gap is None:
                st.caption("Two years of sales are needed.")
            else:
                show_chart(chart_year_gap(gap, visit.money), "mix")
        with st.container(border=True, height="stretch", key="card_otif"):
            st.header("On time in full, by promise", anchor=False)
            st.html(grey_line("Value of order lines delivered whole by the date promised, % of the value due"))
            if found.otif:
                show_chart(chart_otif(found.otif["promised"].of()), "otif")
                with st.expander(worded("By month, by promise and by request")):
                    show_table(on_time_table(found.otif, found.inputs.families.names), visit.money)
            else:
                st.caption("The deliveries table is not loaded.")


with page("Performance", choose=False) as visit:
    found = read_performance(visit.room, visit.person.id)
    visit.message(found.message)
    for limit in found.limits:
        st.html(grey_line(limit))
    show_comments(visit, "Performance", usual_things(visit))
    show_indicators(found.indicators, found.months)
    with st.expander("How each indicator is measured, its target and its owner"):
        show_table(indicators_table(found.indicators, found.months[-1]))
    measure, family = filters(visit, found)
    plan_panels(visit, found, measure, family)
    forecast_panels(found, family)
    revenue_panels(visit, found, family)
