"""The one layout of the seven plan pages: filters, message, panels with charts, the sheet, tables, downloads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import streamlit as st

from sop.core.calendar import period_name, period_short
from sop.core.format import MoneyFormat, signed
from sop.core.inputs import Floats
from sop.core.present import GOOD, PlanTable
from sop.core.terms import PlanName
from sop.core.words import in_sentence, load_words
from sop.services.planning.plan_context import plan_context
from sop.ui.charts import Series, chart_plan, chart_stock, chart_variance, show_chart
from sop.ui.charts.heard import course_text
from sop.ui.frame.fill import show_fill_links
from sop.ui.frame.links import from_address, to_address
from sop.ui.frame.page import Visit, end_page
from sop.ui.kit.cards import grey_line, legend
from sop.ui.kit.panel import download, panel, show_sentence
from sop.ui.kit.sheet import sheet_frame, sheet_html
from sop.ui.kit.tables import show_table
from sop.ui.panels.review.explained import show_explain_button
from sop.views.family_sheet import SheetPart, build_sheet
from sop.views.plan_lines import plan_lines_table
from sop.views.production.resources import ResourceLoad
from sop.views.series import PlanSeries, display
from sop.views.timeline import PlanContext

ALL, UNITS = "All families", "Units"
SHOWN_FINDINGS = 3


@dataclass(frozen=True)
class Chosen:
    """What the filters of a plan page say: a family (None: all), and whether to show money."""

    family: str | None
    unit: str
    in_money: bool

    @property
    def name(self) -> str:
        """The family's name, or that of all."""
        return self.family or ALL


def read_context(visit: Visit) -> PlanContext:
    """Everything that the page shows of the plan chosen in the context row."""
    return plan_context(visit.room, visit.person.id, visit.view, visit.base)


def require_plan(visit: Visit, name: PlanName) -> None:
    """Stop a page whose plan is not available, after saying why and what would unlock it."""
    state = visit.view.plan.availability[name]
    if state.available:
        return
    visit.message(f"The {name.title.lower()} plan is not available: {state.why}.")
    show_sentence(f"{load_words(state.unlock)} to unlock it. The other plans go on without it.")
    show_fill_links(state.unlock)
    end_page()


def show_how_far(visit: Visit, name: PlanName) -> None:
    """For a plan that goes only part of the way: why, and what takes it further."""
    state = visit.view.plan.availability[name]
    if state.available and state.why:
        remedy = f" {load_words(state.unlock)} on the Data page." if state.unlock else ""
        st.html(grey_line(f"{state.why[0].upper()}{state.why[1:]}.{remedy}"))
        if state.unlock:
            show_fill_links(state.unlock)


def show_findings(told: Sequence[str], about: str) -> None:
    """What is odd in the data and what the plan does about it; the longer list folded away."""
    for sentence in told[:SHOWN_FINDINGS]:
        st.html(grey_line(sentence))
    if told[SHOWN_FINDINGS:]:
        with st.expander(f"{len(told) - SHOWN_FINDINGS} more about the {about}"):
            for sentence in told[SHOWN_FINDINGS:]:
                show_sentence(sentence)


def monthly_note(unit: str, context: PlanContext) -> str:
    """The grey line over a chart of a flow."""
    return f"{unit} a {context.word}" + (
        "; below, the difference to the agreed plan" if context.base is not None else ""
    )


# -- filters


@contextmanager
def filter_row(context: PlanContext) -> Iterator[None]:
    """The row of filters with, at its end, the time fences of the plan."""
    with st.container(horizontal=True, vertical_alignment="center", key="filters"):
        yield
        if fences := fences_text(context):
            st.markdown(fences, width="content")


def choose(context: PlanContext, money: MoneyFormat) -> Chosen:
    """The family and the unit, kept from page to page.

    Units of different families are not added up unasked: all families open in money, and where none is known the
    first family opens.
    """
    families = [ALL, *context.inputs.families.names]
    opens = 0 if money.known or len(families) <= 2 else 1
    from_address("plan_family", "family", families)
    family = st.selectbox(
        "Family",
        families,
        index=opens,
        key="plan_family",
        label_visibility="collapsed",
        width=170,
        persist_state="session",
    )
    to_address("plan_family", "family", families[opens])
    together = family in (ALL, None) and len(families) > 2
    in_money = together and money.known
    unit = st.segmented_control(
        "Unit",
        [UNITS, money.unit] if money.known else [UNITS],
        default=money.unit if in_money else UNITS,
        required=True,
        key="plan_unit_together" if together else "plan_unit",
        label_visibility="collapsed",
        persist_state="session",
    )
    return Chosen(None if family in (ALL, None) else family, unit or UNITS, unit == money.unit)


def choose_resource(resources: Sequence[ResourceLoad]) -> ResourceLoad | None:
    """One of the lines that the family runs on, the fullest unless another is chosen; None where there is none."""
    if not resources:
        return None
    names = {resource.key: resource.name for resource in resources}
    key = st.selectbox(
        "Line",
        list(names),
        format_func=lambda name: names.get(name, name),
        key=f"plan_line-{'-'.join(names)}",
        label_visibility="collapsed",
        width=190,
        persist_state="session",
    )
    return next((resource for resource in resources if resource.key == key), resources[0])


def fences_text(context: PlanContext) -> str:
    """What of the plan is fixed; empty before a first plan is agreed, when there is nothing to hold it to."""
    if context.base is None and not context.agreed:
        return ""
    calendar = context.plan.calendar
    parts = []
    if 0 < calendar.frozen <= calendar.horizon:
        parts.append(f"frozen to **{period_name(calendar.months[calendar.frozen - 1])}**")
    if calendar.frozen < calendar.slushy <= calendar.horizon:
        parts.append(f"changes need approval to **{period_name(calendar.months[calendar.slushy - 1])}**")
    return ", ".join(parts)


# -- panels


def show_unknown(item: PlanSeries) -> bool:
    """In place of a chart of money that nobody knows, why there is none."""
    unknown = item.unit == "currency" and not np.isfinite(item.now).any()
    if unknown:
        st.html(
            grey_line("Not known in money: no price or cost of all its units counts. Choose a family, or units.")
        )
    return unknown


def show_series(item: PlanSeries, context: PlanContext, money: MoneyFormat, key: str, alt: str) -> None:
    """A flow by month with its references, and under it the difference to the agreed plan."""
    if show_unknown(item):
        return
    months = [period_short(month) for month in context.months]
    drawn = {
        name: display(getattr(item, name), item.unit, money)
        for name in ("actual", "plan", "agreed", "prior_year", "budget")
    }
    decimals = money.places(2) if item.unit == "currency" else 0
    prior, budget = (values if any(v is not None for v in values) else None
                     for values in (drawn["prior_year"], drawn["budget"]))  # fmt: skip
    chart = chart_plan(
        months, drawn["actual"], drawn["plan"], drawn["agreed"], prior, budget, decimals=decimals, alt=alt
    )
    show_chart(chart, key=f"chart-{key}")
    entries = [("actual", "actual"), ("plan", "plan"), ("agreed", "agreed plan")]
    entries += [("prior year", "prior year")] * (prior is not None) + [("budget", "budget")] * (budget is not None)
    st.html(legend(entries if has_figures(drawn["agreed"]) else [e for e in entries if e[0] != "agreed"]))
    show_difference(item, context, money, key)


def show_difference(item: PlanSeries, context: PlanContext, money: MoneyFormat, key: str) -> None:
    """The difference to the agreed plan by month; nothing where there is none to show."""
    difference = display(item.difference, item.unit, money)
    unit, decimals = told_in(item.unit, money)
    if not any(abs(value) >= 0.5 * 10**-decimals for value in difference if value is not None):
        return
    months = [period_short(month) for month in context.months]
    about = f"Difference of {in_sentence(item.name)} to the agreed plan"
    chart = chart_variance(
        months,
        difference,
        more_is_good=GOOD[item.better],
        decimals=decimals,
        alt=course_text(about, months, difference, unit, decimals, signed),
    )
    show_chart(chart, key=f"variance-{key}")


def heard(item: PlanSeries, context: PlanContext, money: MoneyFormat) -> str:
    """What the chart of a series says of its actuals and its plan."""
    months = [period_short(month) for month in context.months]
    return course_text(item.name, months, display(item.now, item.unit, money), *told_in(item.unit, money))


def told_in(unit: str, money: MoneyFormat) -> tuple[str, int]:
    """The unit in which a chart's figures are told, and with how many decimals."""
    return (money.unit, money.places(2)) if unit == "currency" else (unit, 0)


def show_stock(
    item: PlanSeries,
    context: PlanContext,
    money: MoneyFormat,
    key: str,
    alt: str,
    *,
    band: tuple[Floats, Floats] | None = None,
    limit: float | None = None,
    limit_name: str = "limit",
) -> None:
    """A stock or ratio by month: actual, plan and agreed plan as lines, in its band or against a limit."""
    if show_unknown(item):
        return
    low, high = (None, None) if band is None else (display(side, item.unit, money) for side in band)
    banded = low is not None and high is not None and has_figures(low) and has_figures(high)
    chart = chart_stock(
        [period_short(month) for month in context.months],
        display(item.actual, item.unit, money),
        display(item.plan, item.unit, money),
        display(item.agreed, item.unit, money),
        low if banded else None,
        high if banded else None,
        limit=limit,
        decimals=money.places(2) if item.unit == "currency" else 0,
        alt=alt,
    )
    show_chart(chart, key=f"chart-{key}")
    entries = [("actual", "actual"), ("plan line", "plan")]
    entries += [("agreed", "agreed plan")] * bool(np.isfinite(item.agreed).any())
    entries += [("limit", limit_name)] * (limit is not None)
    st.html(legend(entries, "tinted: safety stock to cover limit" if banded else ""))


def has_figures(values: Series) -> bool:
    """Whether any month has a figure."""
    return any(value is not None for value in values)


# -- sheet, lines, downloads


_SHEETS = {
    "sales": PlanName.SALES,
    "production": PlanName.PRODUCTION,
    "inventory": PlanName.INVENTORY,
    "lead-time": PlanName.CUSTOMER_LEAD_TIME,
    "financial": PlanName.FINANCIAL,
}
"""The plan of each sheet, whose figures can be explained under it."""


def show_sheet(visit: Visit, context: PlanContext, parts: Sequence[SheetPart], chosen: Chosen, key: str) -> None:
    """The family sheet in its panel, with its download."""
    money = f"Money in {visit.money.unit}" if visit.money.known else "No price is known, so all of it is in units"
    note = f"{money}; {_compared_text(context)}"
    _sheet_panel(visit, context, parts, f"Family sheet: {chosen.name}", chosen.unit, note, key, chosen.family)


def show_money_sheet(visit: Visit, context: PlanContext, parts: Sequence[SheetPart], key: str) -> None:
    """The sheet of the whole company in money."""
    unit = visit.money.unit
    closed = f"launches and initiatives of closed {context.word}s are in operating cost"
    note = f"{unit}; {_compared_text(context)}; {closed}"
    _sheet_panel(visit, context, parts, "Profit and loss, and cash", unit, note, key)


def _sheet_panel(
    visit: Visit,
    context: PlanContext,
    parts: Sequence[SheetPart],
    title: str,
    unit: str,
    note: str,
    key: str,
    family: str | None = None,
) -> None:
    sheet = build_sheet(context, parts)
    with panel(title, note, f"sheet-{key}"):
        st.html(sheet_html(sheet, visit.money, title, unit))
        with st.container(horizontal=True):
            download(visit, lambda: sheet_frame(sheet), f"{key}-sheet", "Download the sheet")
            show_explain_button(visit, _SHEETS[key], family)


def _compared_text(context: PlanContext) -> str:
    """What 'agreed plan' and 'difference' mean in the sheet."""
    if context.base is None:
        return "no plan has been agreed yet, so there is no difference to show"
    return (
        f"agreed: the plan in force at the time, then {context.base_name}; "
        "difference: actual or new plan minus agreed"
    )


def show_lines(visit: Visit, plan: PlanName, family: str | None) -> None:
    """The longer table: every line of this plan, read only once it is opened."""
    if plan not in _SHEETS.values():
        show_explain_button(visit, plan, family)
    with st.expander(f"All lines of the {plan.title.lower()} plan", key=f"lines-{plan}", on_change="rerun") as box:
        if not box.open:
            return
        frame = plan_lines_table(visit.view.plan, plan, family)
        st.dataframe(frame, hide_index=True, height=420)
        download(visit, lambda: frame, f"{plan}-lines", "Download all lines")


def show_table_panel(visit: Visit, table: PlanTable, note: str, key: str) -> None:
    """A panel that holds one table and its download."""
    with panel(table.name, note, key):
        show_table(table.without_empty_columns(), visit.money)
        if table.rows:
            download(visit, table if visit.money.known else table.without_money(), key)
