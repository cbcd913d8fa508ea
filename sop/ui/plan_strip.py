"""The strip of launches or initiatives against their baseline, and the choice of one launch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from sop.review.plan_views.gates import Span, slip_text
from sop.review.plan_views.timeline import PlanContext
from sop.ui.cards import grey_line
from sop.ui.charts import StripItem, chart_strip, show_chart
from sop.ui.format import Effect

ALL_LAUNCHES = "All launches"


def show_strip(context: PlanContext, spans: Sequence[Span], key: str, alt: str) -> None:
    """One row per launch or initiative: agreed span, what is done, and when it is expected to end."""
    if not spans:
        st.html(grey_line("No gates or milestones are loaded."))
        return
    today = _day(context.plan.calendar.first_open)
    show_chart(chart_strip([_item(span) for span in spans], today=today, alt=alt), key=f"strip-{key}")


def _item(span: Span) -> StripItem:
    tone: Effect = "bad" if span.slip_months > 0 else "good"
    return StripItem(
        span.name,
        _day(span.baseline_start),
        _day(span.baseline_end),
        _day(span.start),
        _day(span.forecast_end),
        slip_text(span.slip_months),
        tone,
    )


def _day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def choose_launch(context: PlanContext) -> str | None:
    """One launch, or None for all."""
    name = st.selectbox(
        "Launch",
        [ALL_LAUNCHES, *(launch.name for launch in context.inputs.launches or ())],
        key="plan_launch",
        label_visibility="collapsed",
        width=190,
        persist_state="session",
    )
    return None if name in (None, ALL_LAUNCHES) else name
