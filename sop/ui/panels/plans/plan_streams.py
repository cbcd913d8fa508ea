"""The streams of demand on the Sales page: lines, a table by month, quarter or year, and where they disagree."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from sop.core.calendar import Calendar
from sop.core.format import signed
from sop.ui.charts import chart_streams, show_chart
from sop.ui.charts.heard import course_text
from sop.ui.frame.page import Visit
from sop.ui.kit.cards import grey_line, streams_legend
from sop.ui.kit.panel import download, panel, show_sentence
from sop.ui.kit.tables import show_table
from sop.ui.panels.plans.layout import ALL, Chosen, has_figures, told_in
from sop.views.sales.streams import (
    Streams,
    apart_from_statistical,
    buckets,
    disagreement_sentence,
    disagreement_table,
    disagreements,
    grains,
    streams_of,
    streams_table,
)
from sop.views.telescope import span_name
from sop.views.timeline import PlanContext

MOST_COLUMNS = 12
"""Buckets that the table shows."""


def show_streams(visit: Visit, context: PlanContext, chosen: Chosen) -> None:
    """What each function expects, side by side, and what their disagreement is worth."""
    streams = replace(streams_of(context, visit.view.assumptions), in_units=not chosen.in_money)
    found = disagreements(streams)
    show_sentence(disagreement_sentence(streams, found, visit.money.words))
    spans = list(grains(context.plan.calendar))
    grain = st.segmented_control(
        "By", spans, default=spans[0], required=True, key="streams_grain", label_visibility="collapsed",
        persist_state="session",
    )  # fmt: skip
    with st.grid(2, min_column_width=490):
        with panel(
            f"Against the statistical forecast: {chosen.family or ALL}",
            _chart_note(context.plan.calendar, grain or spans[0], _unit(visit, streams, chosen.family)),
            "streams",
        ):
            _chart(visit, streams, context, chosen.family, grain or spans[0])
        note = f"Next {context.near_text}; money at today's net price, stock at standard cost"
        with panel("Where the streams disagree", note, "streams-apart"):
            table = disagreement_table(found)
            show_table(table.without_empty_columns(), visit.money)
            if found:
                download(visit, table, "streams-apart", "Download")
    _table(visit, context, streams, chosen.family, grain or spans[0])


def _drawn_by(calendar: Calendar, grain: str) -> str:
    """Lines are drawn by quarter, or by the company's own period."""
    spans = grains(calendar)
    return "Quarter" if grain == "Quarter" else next(iter(spans))


def _unit(visit: Visit, streams: Streams, family: str | None) -> str:
    """What a choice is told in."""
    return f"{visit.money.unit} at today's net price" if streams.in_money(family) else "Units"


def _chart_note(calendar: Calendar, grain: str, unit: str) -> str:
    by = "quarter, whole quarters only" if grain == "Quarter" else calendar.word
    return f"{unit} a {by}; above the line a stream expects more than the statistical forecast"


def _chart(visit: Visit, streams: Streams, context: PlanContext, family: str | None, grain: str) -> None:
    """Lines by month, or by the quarters that are planned in full: part of a quarter would look like a fall."""
    calendar = context.plan.calendar
    by = _drawn_by(calendar, grain)
    whole = [group for group in buckets(calendar, by) if len(group) == grains(calendar)[by]]
    drawn = {name: apart_from_statistical(streams, name, family, whole) for name in streams.values}
    drawn = {name: values for name, values in drawn.items() if has_figures(values)}
    unit, decimals = told_in("currency" if streams.in_money(family) else "units", visit.money)
    if streams.in_money(family):
        drawn = {name: visit.money.values(values) for name, values in drawn.items()}
    least = 0.5 if not streams.in_money(family) else 0.5 / visit.money.minor_per_scale
    known = [abs(value) for values in drawn.values() for value in values if value is not None]
    if max(known, default=0.0) < least:
        st.html(grey_line("Every stream that is known equals the statistical forecast."))
        return
    spans = [span_name(group) for group in whole]
    alt = f"{family or 'All families'} less the statistical forecast. " + " ".join(
        course_text(name, spans, values, unit, decimals, signed) for name, values in drawn.items()
    )
    show_chart(
        chart_streams(spans, drawn, decimals=decimals, alt=alt),
        key="chart-streams",
    )
    st.html(streams_legend(list(drawn)))


def _table(visit: Visit, context: PlanContext, streams: Streams, family: str | None, grain: str) -> None:
    """The streams by bucket."""
    groups = buckets(context.plan.calendar, grain)[:MOST_COLUMNS]
    table = streams_table(streams, family, groups, [span_name(group) for group in groups], context.near_text)
    with panel(f"Streams by {grain.lower()}: {family or ALL}", _unit(visit, streams, family), "streams-table"):
        show_table(table.without_empty_columns(), visit.money)
        st.html(grey_line(_made_of(context)))
        download(visit, table, "streams", "Download")


def _made_of(context: PlanContext) -> str:
    """What each stream is, and which are missing."""
    text = (
        "Sales: baseline with sales' overrides. Marketing: baseline with marketing's overrides, launches less "
        "cannibalisation, and events. "
    )
    text += "Finance: the budget." if context.inputs.budget else "Finance: no budget is loaded."
    return text if context.base else f"{text} No plan has been agreed yet."
