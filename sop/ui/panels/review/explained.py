"""Every number explains itself: a button that opens a figure, on cards and beside the sheets of the plan pages.

    show_explain_button(visit, PlanName.SALES, family)     # choose measure, place and months in the dialog
    show_card_button(visit, "revenue", "Revenue")           # a headline measure, on its card

Nothing is loaded before the dialog is opened. It shows the formula in words, what the figure follows from to the
cent, the rows of the company's tables by file and line, and the assumptions with owner, reason and who set them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import streamlit as st

from sop.analysis.explain.explain import ExplainedFigure, Explanation, explainable
from sop.analysis.explain.parts import RATIOS, Place
from sop.analysis.explain.sources import Source
from sop.core.calendar import period_name, worded
from sop.core.format import how_many, number
from sop.core.measures import Measure, measure
from sop.core.plan import Plan
from sop.core.present import Col, PlanTable, texts
from sop.core.terms import PlanName
from sop.services.analysis.explained import explain_card, explain_figure
from sop.ui.frame.fragments import held
from sop.ui.frame.page import Visit, refusals
from sop.ui.frame.text import literal
from sop.ui.kit.cards import grey_line, kpi_card
from sop.ui.kit.tables import show_table
from sop.views.executive.explained_figure import assumptions_table, full_text, parts_table, place_words, sum_words

TITLE, EVERY, YEAR = "Explain a figure", "All together", "year"
_MEASURE = "explain_measure"
MAIN: dict[PlanName, tuple[str, ...]] = {
    PlanName.SALES: ("consensus_demand",),
    PlanName.PRODUCTION: ("production",),
    PlanName.INVENTORY: ("inventory",),
    PlanName.CUSTOMER_LEAD_TIME: ("past_due",),
    PlanName.NEW_PRODUCTS: ("launch_volume",),
    PlanName.STRATEGIC_INITIATIVES: ("initiative_spend",),
    PlanName.FINANCIAL: ("ebit", "gross_margin", "total_revenue"),
}
"""The measures of each plan with which its explanation begins: the first that is planned."""


def show_explain_button(visit: Visit, plan: PlanName, family: str | None = None) -> None:
    """A quiet button that opens any figure of the plan that is shown, beginning with this plan and family."""
    if st.button(TITLE, key=f"explain_{plan}", type="tertiary", icon=":material/function:"):
        st.session_state.pop(_MEASURE, None)
        _figure_dialog(visit, plan, family)


def show_card_button(visit: Visit, headline: str, label: str) -> None:
    """A small button on a headline measure's card that opens its figure."""
    name = f"explain_card_{headline}"
    if st.button(f"Explain {label}", key=name, type="tertiary", icon=":material/function:"):
        _card_dialog(visit, headline)


@st.dialog(TITLE, width="large")
@held
def _card_dialog(visit: Visit, headline: str) -> None:
    with refusals():
        found = explain_card(visit.room, visit.person.id, visit.inputs, visit.view, headline)
        _show(visit, found)


@st.dialog(TITLE, width="large")
@held
def _figure_dialog(visit: Visit, plan: PlanName, family: str | None) -> None:
    with refusals():
        entry = _choose_measure(explainable(visit.view.plan, plan), MAIN[plan])
        place = _choose_place(visit.view.plan, entry, family)
        found = explain_figure(visit.room, visit.person.id, visit.inputs, visit.view, entry.key, place)
        _show(visit, found)
        _show_way_back(visit.view.plan, found.explanation)


# -- what to explain


def _choose_measure(entries: Sequence[Measure], first: Sequence[str]) -> Measure:
    by_key = {entry.key: entry for entry in entries}
    keys = list(by_key)
    start = next((keys.index(key) for key in first if key in by_key), 0)
    key = st.selectbox(
        "Measure", keys, start, format_func=lambda k: f"{by_key[k].label} ({by_key[k].plan.title})", key=_MEASURE
    )
    return by_key[key]


def _choose_place(plan: Plan, entry: Measure, family: str | None) -> Place:
    """The names and months to explain: all together where that has a meaning, else one of each."""
    place = Place()
    with st.grid(3, min_column_width=150, gap="small"):
        for axis_number, axis in enumerate(entry.grain):
            names = plan.names(entry.key, axis_number)
            whole = [EVERY] if entry.kind in ("flow", "stock") or entry.key in RATIOS else []
            choices = [*whole, *names]
            start = choices.index(family) if axis == "family" and family in choices else 0
            chosen = st.selectbox(axis.capitalize(), choices, start, key=f"explain_{axis}_{entry.key}")
            place = place.at(axis, "" if chosen == EVERY else chosen)
        months = [YEAR, *plan.months]
        month = st.selectbox(
            worded("Months"),
            months,
            format_func=lambda m: f"Next {plan.near_text}" if m == YEAR else period_name(m),
        )
    if month == YEAR:
        return Place(place.family, place.region, place.resource, 0, min(plan.calendar.year, len(plan.months)) - 1)
    at = plan.months.index(month)
    return Place(place.family, place.region, place.resource, at, at)


def _show_way_back(plan: Plan, found: Explanation) -> None:
    """Buttons to the measures that this one follows from, one step back."""
    if not found.leads_to:
        return
    st.html(grey_line("One step back"))
    with st.container(horizontal=True, gap="xsmall"):
        for key in found.leads_to:
            st.button(measure(key).label, key=f"explain_go_{key}", on_click=_go_to, args=(key,))


def _go_to(key: str) -> None:
    st.session_state[_MEASURE] = key


# -- the explanation


def _show(visit: Visit, found: ExplainedFigure) -> None:
    """The figure, its formula, its parts, its rows and its assumptions."""
    explanation, money = found.explanation, visit.money
    st.html(kpi_card(explanation.label, full_text(explanation.value, explanation.unit, money), ""))
    st.html(grey_line(f"{visit.view.name} · {place_words(explanation, visit.view.plan)}"))
    st.markdown(literal(f"{explanation.formula}."))
    if explanation.parts:
        show_table(parts_table(explanation, money))
        st.html(grey_line(sum_words(explanation)))
    for note in found.not_kept:
        st.html(grey_line(note))
    _show_assumptions(visit, found)
    _show_rows(explanation.sources)


def _show_assumptions(visit: Visit, found: ExplainedFigure) -> None:
    show_table(assumptions_table(found, visit.inputs.inputs, visit.money))


def _show_rows(sources: Sequence[Source]) -> None:
    """The newest rows of one of the tables behind a figure, with the file and line that each came from."""
    if not sources:
        st.html(grey_line("No row of a table stands behind it by itself."))
        return
    by_table = {source.table: source for source in sources}
    chosen = st.selectbox(
        "Rows of the company's tables", list(by_table), format_func=lambda t: _rows_of(by_table[t])
    )
    columns = (Col[object]("File", "text", width="12rem"), Col[object]("Line", width="4rem"), *texts("Row"))
    rows = tuple((PurePath(row.file).name or None, row.line, row.text) for row in by_table[chosen].rows)
    show_table(PlanTable(f"Rows of {chosen}", columns, rows))


def _rows_of(source: Source) -> str:
    of = how_many(number(source.count), "rows")
    return f"{source.table}: {of}" + (
        f", the newest {len(source.rows)}" if source.count > len(source.rows) else ""
    )
