"""Accuracy on the Sales page: what each step of the forecast added, and how the forecast of one month moved."""

from __future__ import annotations

import numpy as np
import streamlit as st

from sop.analysis.performance.judged_steps import vintages
from sop.core.calendar import period_short, worded
from sop.core.format import percent, points_signed
from sop.core.scores import ALL, CONSENSUS, STEPS, StepAccuracy
from sop.facts.unit_worth import added_up, prices_of_several
from sop.services.analysis.performance import read_value_added
from sop.ui.charts import Chart, chart_intervals, show_chart
from sop.ui.frame.page import Visit
from sop.ui.kit.panel import panel, show_sentence
from sop.ui.kit.tables import show_table
from sop.ui.panels.plans.layout import Chosen
from sop.ui.panels.review.performance import chart_vintages
from sop.views.sales.accuracy_tables import STEPS_AT_PLACE, places_table, vintage_table
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
            f"Accuracy is told once a {context.word} has closed that an agreed plan covers: "
            "sign a plan, then close."
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
            show_table(STEPS_AT_PLACE.of(steps.values()))
        with panel(
            "What each step added", "Points of WAPE; right of the line is better; bar: 90% interval", "gains"
        ):
            show_chart(chart_gains(steps, place), "chart-gains")
    with st.grid(2, min_column_width=360):
        note = worded(
            f"Lag {lag}; gain in points of WAPE with half its 90% interval; the same months for every step"
        )
        with panel(f"{chosen.name} by region" if family else "By family and region", note, "accuracy-places"):
            show_table(places_table(rows, lag, family, context.inputs))
        with panel(
            worded("How the forecast of one month moved"), "Consensus demand by cycle of the plan", "vintages"
        ):
            _vintages(visit, context, chosen.family)


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


def _vintages(visit: Visit, context: PlanContext, family: str | None) -> None:
    """The forecast of a chosen month in every agreed plan, and what was asked for in the end."""
    closed = context.inputs.history.months[-context.year :]
    choices = list(reversed([*closed, *context.plan.months[:3]]))
    month = st.selectbox(
        worded("Month"), choices, index=3, format_func=period_short, key="sales_vintage", width=140,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    worth = prices_of_several(context.inputs) if family is None else None
    found = vintages(month, context.agreed, family, worth)
    values, months = sold(context, "ordered")
    actual = None
    if month in closed:
        families, at = context.inputs.families.names, months.index(month)
        rows = [families.index(name) for name in context.chosen(family)]
        actual = added_up(context.chosen(family), np.nan_to_num(values[rows, at]), worth)
    if not found:
        st.caption(worded("No agreed plan covers this month."))
        return
    money = None if worth is None else visit.money
    show_chart(chart_vintages(month, found, actual, money), "chart-vintages")
    show_table(vintage_table(month, found, actual, in_money=money is not None), visit.money)


def accuracy_note(visit: Visit) -> str:
    """How good the consensus was one month ahead, in one line."""
    steps = at_place(read_value_added(visit.room, visit.person.id), 1)
    if not steps:
        return f"No closed {visit.word} had an agreed plan yet, so accuracy is not known"
    consensus, naive = steps[CONSENSUS], steps[STEPS[0]]
    months = "month" if consensus.months == 1 else "months"
    return worded(
        f"One month ahead, all families, {consensus.months} {months}: consensus missed by "
        f"{percent(consensus.wape.value)} (WAPE), bias {percent(consensus.bias.value)}; last year's figure missed "
        f"by {percent(naive.wape.value)}",
        counted=True,
    )
