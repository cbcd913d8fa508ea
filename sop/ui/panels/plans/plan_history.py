"""The history panel of the Sales page: booked against used, every correction with its reason, methods and drivers.

Whoever owns demand decides about each month here, in the working plan or a draft of their own: the decision is an
assumption with its reason, the forecast follows, and it can be taken back.
"""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from sop.core.calendar import period_name, period_short, worded
from sop.core.format import number
from sop.core.lengths import longest
from sop.core.plan import DriverProof
from sop.core.terms import PlanName
from sop.demand.cleaning import DRIVER_USE
from sop.services.planning.overrides import decide_history, read_history
from sop.ui.charts import show_chart
from sop.ui.charts.heard import course_text
from sop.ui.charts.lines import chart_pair
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import act_button
from sop.ui.kit.cards import grey_line
from sop.ui.kit.edit_form import show_edit_form
from sop.ui.kit.panel import download, panel, show_opened
from sop.ui.kit.tables import show_table, table_frame
from sop.views.sales.history import CORRECTIONS, DRIVERS, METHODS, ForecastHistory, HistoryRow, SeriesMethod
from sop.views.series import display

EVERY_REGION = "All regions"
_ROWS = 12
"""Rows shown before somebody asks for all of them."""
_LONG = 60


def show_history(visit: Visit, family: str | None) -> None:
    """The history behind the forecast of a family (None: all): chart, corrections, methods and drivers."""
    found = read_history(visit.room, visit.person, visit.view)
    region = _choose_region(found)
    with panel("Booked and used history", f"Units a {visit.word}; {found.message(family, region)}", "history"):
        _show_chart(visit, found, family, region)
        _show_rows(visit, found, found.rows_of(family, region))
    methods = _methods_of(found, family, region)
    drivers = [proof for proof in found.drivers if family in (None, proof.family)]
    # Open from the start where one family is looked at.
    one = family is not None
    title = f"Method and why of {len(methods)} series"
    show_opened(title, f"history_methods_{one}", _show_methods, visit, found, methods, expanded=one)
    if drivers:
        title = f"What leads demand: {_driver_words(drivers)}"
        show_opened(title, f"history_drivers_{one}", _show_drivers, visit, drivers, expanded=one)


def _choose_region(found: ForecastHistory) -> str | None:
    region = st.selectbox(
        "Region",
        [EVERY_REGION, *found.inputs.regions],
        key="history_region",
        label_visibility="collapsed",
        width=170,
        persist_state="session",
    )
    return None if region in (EVERY_REGION, None) else region


def _show_chart(visit: Visit, found: ForecastHistory, family: str | None, region: str | None) -> None:
    months = [period_short(month) for month in found.inputs.history.months]
    booked, used = (display(values, "units", visit.money) for values in found.totals(family, region))
    apart = sum(one != other for one, other in zip(booked, used, strict=True))
    alt = course_text("Demand as the forecast uses it", months, used, "units")
    alt += f" It differs from what was booked in {apart} of {len(months)} {visit.word}s."
    show_chart(chart_pair(months, used, booked, names=("used", "booked"), alt=alt), key="chart-history")


# -- rows


def _show_rows(visit: Visit, found: ForecastHistory, rows: Sequence[HistoryRow]) -> None:
    """What was found month by month, what waits for a decision first, each with its button."""
    if not rows:
        st.html(grey_line(worded("No month was corrected, suggested, missing or cut off.")))
        return
    if found.locked:
        st.html(grey_line(found.locked))
    ordered = sorted(rows, key=lambda row: row.month, reverse=True)
    ordered.sort(key=lambda row: (row.decided is not None or row.kind in ("corrected", "gap"), row.kind == "gap"))
    everything = len(rows) <= _ROWS or st.toggle(f"Show all {len(rows)}", key="history_all")
    for row in ordered if everything else ordered[:_ROWS]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(_row_html(row), width="stretch")
            for answer in row.answers:
                _show_act(visit, answer, bool(found.locked))
    download(visit, CORRECTIONS.of(rows), "history", "Download")


def _row_html(row: HistoryRow) -> str:
    """One month in words: where, what, booked and used, state, and the reason in grey."""
    figures = " → ".join(number(value) if value is not None else "none" for value in (row.was, row.now))
    by = (
        f" by {row.by}" + (f": {row.decided.reason}" if row.decided and row.decided.reason else "")
        if row.by
        else ""
    )
    head = f"<b>{period_name(row.month)}</b> {escape(row.family)}, {escape(row.region)}: {escape(row.what)}"
    amounts = "" if row.kind == "decided" else f" {figures}"
    grey = f"<br><span class=sop-grey>{escape(row.reason)}</span>"
    return f"<p>{head}{amounts}. <b>{escape(row.state)}</b>{escape(by)}{grey}</p>"


def _show_act(visit: Visit, row: HistoryRow, closed: bool) -> None:
    """The button of a row; a decision asks for its reason, taking one back does not."""
    place, scenario = f"{row.key}-{row.scope}", visit.view.scenario
    act = partial(decide_history, visit.room, visit.person.id, scenario.id if scenario else 0, row)
    if row.decided is not None:
        back = partial(act, "")
        act_button(row.act, back, "The decision is taken back", key=f"back-{place}", disabled=closed)
        return
    with st.popover(row.act, key=f"open-{place}", disabled=closed, width="content"):
        st.text_input("Reason", max_chars=longest("reason"), key=f"why-{place}", disabled=closed)
        done, fields = "The forecast follows the decision", {"reason": f"why-{place}"}
        act_button(row.act, act, done, fields, key=f"do-{place}", type="primary", disabled=closed)


# -- methods and drivers


def _methods_of(found: ForecastHistory, family: str | None, region: str | None) -> list[SeriesMethod]:
    return [m for m in found.methods if family in (None, m.family) and region in (None, m.region)]


def _show_methods(visit: Visit, found: ForecastHistory, chosen: Sequence[SeriesMethod]) -> None:
    """Every series with its method, the WAPE of its backtests and the reason; products without a forecast."""
    st.html(grey_line("WAPE: of the method's own backtests, before the levels are reconciled"))
    table = METHODS.of(chosen)
    if len(chosen) > _LONG:
        st.dataframe(table_frame(table), hide_index=True, height=420)
    else:
        show_table(table)
    download(visit, table, "forecast-methods", "Download")
    if found.no_forecast:
        some = "; ".join(f"{name} ({why})" for _, name, why in found.no_forecast[:8])
        more = f" and {len(found.no_forecast) - 8} more" if len(found.no_forecast) > 8 else ""
        st.html(grey_line(f"Forecast as zero: {some}{more}"))


def _show_drivers(visit: Visit, chosen: Sequence[DriverProof]) -> None:
    """Every driver tested with its verdict, and the switch with which sales leaves it out."""
    st.html(grey_line(worded("Gain: part of the error saved on months that were not fitted, with its interval")))
    shown = sorted(chosen, key=lambda proof: (not proof.used, not proof.proven, -(proof.gain or 0.0)))
    if not st.session_state.get("drivers_all"):
        shown = shown[:_ROWS]
    show_table(DRIVERS.of(shown))
    if len(chosen) > _ROWS:
        st.toggle(f"Show all {len(chosen)}", key="drivers_all")
    show_edit_form(visit, PlanName.SALES, (DRIVER_USE,), "Use of drivers", "", "For every family, or one by one")


def _driver_words(proofs: Sequence[DriverProof]) -> str:
    used = {proof.driver for proof in proofs if proof.used}
    proven = sum(proof.proven for proof in proofs)
    moving = f", {', '.join(sorted(used))} in use" if used else ""
    return f"{proven} of {len(proofs)} pairs proven{moving}"
