"""Accuracy on the Sales page: what each step of the forecast added, and how the forecast of one month moved."""

from __future__ import annotations

import numpy as np
import streamlit as st

from sop.analysis.performance.judged_steps import vintages
from sop.core.calendar import period_short
from sop.core.scores import ALL, CONSENSUS, MARKETING, SALES, STEPS, Score, StepAccuracy
from sop.services.analysis.performance import read_value_added
from sop.ui.charts import Chart, chart_intervals, show_chart
from sop.ui.frame.page import Visit
from sop.ui.kit.format import number, percent, percent_number, points_signed, signed
from sop.ui.kit.html_tables import Cell, HtmlColumn, html_table
from sop.ui.kit.panel import (
    panel,
    show_sentence,
)
from sop.ui.panels.plans.layout import Chosen
from sop.ui.panels.review.performance import chart_vintages, gain_cell, vintage_table
from sop.views.sales.accuracy_words import accuracy_sentence, at_place, lags_of, proven_sentence
from sop.views.series import sold
from sop.views.timeline import PlanContext

USUAL_LAG = 3
"""The lag shown first where it was judged: early enough for supply to act on it."""
EVERYWHERE = "All regions"


def show_accuracy(visit: Visit, context: PlanContext, chosen: Chosen) -> None:
    """Error and value added by step at a lag, by family and region, and the vintages of one month."""
    rows = read_value_added(visit.room, visit.person.id)
    lags = lags_of(rows)
    if not lags:
        show_sentence(
            "Accuracy is told once a month has closed that an agreed plan covers: sign a plan, then close."
        )
        return
    family = chosen.family or ALL
    lag, region = _choose(lags, context)
    if family:
        rows = read_value_added(visit.room, visit.person.id, family)
    text = accuracy_sentence(rows, lag, family, region)
    show_sentence(text if family or region else f"{text} {proven_sentence(rows, lag)}".strip())
    steps = at_place(rows, lag, family, region)
    place = f"{chosen.name}{f', {region}' if region else ''}, lag {lag}"
    with st.grid(2, min_column_width=360):
        note = "WAPE, bias and gain in %; gain: WAPE taken off by the step, with half its 90% interval"
        with panel(f"Error by step: {place}", note, "accuracy-steps"):
            st.html(steps_table(steps))
        with panel(
            "What each step added", "Points of WAPE; right of the line is better; bar: 90% interval", "gains"
        ):
            show_chart(chart_gains(steps, place), "chart-gains")
    with st.grid(2, min_column_width=360):
        note = f"Lag {lag}; gain in points of WAPE with half its 90% interval; the same months for every step"
        with panel(f"{chosen.name} by region" if family else "By family and region", note, "accuracy-places"):
            st.html(places_table(rows, lag, family, context))
        with panel("How the forecast of one month moved", "Consensus demand by cycle of the plan", "vintages"):
            _vintages(context, chosen.family)


def _choose(lags: list[int], context: PlanContext) -> tuple[int, str]:
    """The lag and the region."""
    with st.container(horizontal=True, vertical_alignment="center"):
        lag = st.segmented_control(
            "Lag", lags, format_func=lambda each: f"lag {each}", required=True, key="accuracy_lag",
            default=USUAL_LAG if USUAL_LAG in lags else lags[0], label_visibility="collapsed",
            persist_state="session",
        )  # fmt: skip
        region = st.selectbox(
            "Region", ["", *context.inputs.regions], format_func=lambda name: name or EVERYWHERE,
            key="accuracy_region", label_visibility="collapsed", width=170, persist_state="session",
        )  # fmt: skip
    return lag or lags[0], region or ""


def steps_table(steps: dict[str, StepAccuracy]) -> str:
    """One row per step: error, bias with its sign, tracking signal, MASE and what it added."""
    columns = [
        HtmlColumn("Step"),
        *(HtmlColumn(title, True) for title in ("WAPE", "Bias", "Tracking signal", "MASE", "Gain")),
    ]
    rows: list[list[str | Cell]] = [
        [
            Cell(row.step, strong=row.step == CONSENSUS),
            Cell(percent_number(row.wape.value, 1), strong=row.step == CONSENSUS),
            points_signed(row.bias.value),
            signed(row.tracking_signal.value, 1),
            _score(row.mase, 2),
            gain_cell(row.added),
        ]
        for row in steps.values()
    ]
    return html_table(columns, rows, caption="Forecast error by step")


def _score(score: Score, decimals: int) -> str:
    return number(score.value, decimals)


def chart_gains(steps: dict[str, StepAccuracy], place: str) -> Chart:
    """Value added of every step but the first, in points, with its interval."""
    added = [(row.step, row.added) for row in steps.values() if row.added]
    points = {name: [_points(getattr(each, name)) for _, each in added] for name in ("value", "lo", "hi")}
    told = ", ".join(f"{step} {points_signed(each.value)}" for step, each in added)
    return chart_intervals(
        [step for step, _ in added], points["value"], points["lo"], points["hi"], measure="Points of WAPE",
        alt=f"{place}: points of WAPE added by {told}.",
    )  # fmt: skip


def _points(fraction: float) -> float | None:
    return fraction * 100 if np.isfinite(fraction) else None


def places_table(rows: tuple[StepAccuracy, ...], lag: int, family: str, context: PlanContext) -> str:
    """All, each family and each region, or one family and its regions: error, bias, and what each step added."""
    families = () if family else context.inputs.families.names
    places = [(family, ALL, family or "All families"), *((name, ALL, name) for name in families)]
    places += [(family, name, name) for name in context.inputs.regions]
    titles = ("WAPE", "Bias", "Statistical", "Sales", "Marketing", "Months")
    body: list[list[str | Cell]] = []
    for at, (place, region, name) in enumerate(places):
        steps = at_place(rows, lag, place, region)
        if steps:
            consensus = steps[CONSENSUS]
            gains = [gain_cell(steps[step].added) for step in (STEPS[1], SALES, MARKETING)]
            figures = [percent_number(consensus.wape.value, 1), points_signed(consensus.bias.value)]
            body.append([Cell(name, strong=at == 0), *figures, *gains, number(consensus.months)])
    return html_table(
        [HtmlColumn("Family or region"), *(HtmlColumn(title, True) for title in titles)],
        body,
        caption="Value added by place",
    )


def _vintages(context: PlanContext, family: str | None) -> None:
    """The forecast of a chosen month in every agreed plan, and what was asked for in the end."""
    closed = context.inputs.history.months[-context.year :]
    choices = list(reversed([*closed, *context.plan.months[:3]]))
    month = st.selectbox(
        "Month", choices, index=3, format_func=period_short, key="sales_vintage", width=140,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    found = vintages(month, context.agreed, family)
    values, months = sold(context, "ordered")
    actual = float(context.total(values, family)[months.index(month)]) if month in closed else None
    if not found:
        st.caption("No agreed plan covers this month.")
        return
    show_chart(chart_vintages(month, found, actual), "chart-vintages")
    st.html(vintage_table(month, found, actual))


def accuracy_note(visit: Visit) -> str:
    """How good the consensus was one month ahead, in one line."""
    steps = at_place(read_value_added(visit.room, visit.person.id), 1)
    if not steps:
        return "No closed month had an agreed plan yet, so accuracy is not known"
    consensus, naive = steps[CONSENSUS], steps[STEPS[0]]
    return (
        f"One month ahead, all families, {consensus.months} months: consensus missed by "
        f"{percent(consensus.wape.value)} (WAPE), bias {percent(consensus.bias.value)}; last year's figure missed "
        f"by {percent(naive.wape.value)}"
    )
