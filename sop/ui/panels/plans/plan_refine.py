"""Refining the first months of a plan on screen: what is to be whole, the run, and the comparison."""

import math
from typing import Any

import streamlit as st

from sop.analysis.supply.refining import MOST_MONTHS, RefineOptions
from sop.core.calendar import worded
from sop.core.format import how_many, number, percent
from sop.services.planning.refine_runs import RefineRun, find_run, start_run
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import Visit, refusals
from sop.ui.kit.acts import act_button, ask
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import panel, show_sentence
from sop.ui.panels.plans.layout import show_table_panel
from sop.ui.panels.plans.plan_limits import plan_key
from sop.views.production.refined import compare_refined


def show_refine(visit: Visit) -> None:
    """The form of a run; a run that works, with its progress; or what it found."""
    if visit.view.record is not None:
        show_sentence("Refining plans again in whole numbers, which a frozen plan is not.")
        return
    run = find_run(plan_key(visit))
    note = "A run of its own: it changes nothing, and ends with the stock that the plan has then"
    with panel(worded("Refine the first months in whole numbers"), note, "refine"):
        _form(visit, closed=run is not None and run.running)
        if run is not None and run.running:
            _watch(visit)
        elif run is not None:
            show_sentence(_ended(run, visit.money.symbol))
            for finding in run.findings:
                show_sentence(str(finding))
    if run is not None and not run.running and run.base is not None and run.refined is not None:
        found = compare_refined(run.base, run.refined, visit.money.symbol)
        with st.grid(2, min_column_width=420):
            for place, table in enumerate(found):
                show_table_panel(visit, table, worded("Same months, same limits"), f"refine-table-{place}")


def _form(visit: Visit, *, closed: bool) -> None:
    """What is to be whole."""
    capacity = visit.inputs.inputs.capacity
    loaded = capacity is not None and capacity.minimum_lot is not None
    may = visit.may("run_scenario")
    if not may:
        st.html(grey_line(f"{visit.person.name} may look, not plan again."))
    if not loaded:
        st.html(
            grey_line("No smallest lots are loaded (minimum_lot in routings): the lot below holds everywhere.")
        )

    def start(**given: Any) -> None:
        options = RefineOptions(**given)
        start_run(visit.room, visit.person.id, plan_key(visit), visit.view, visit.inputs.inputs, options)

    with ask("refine") as form:
        with st.grid(5, min_column_width=110, gap="small"):
            form.field(st.number_input, "months", worded("Months"), 1, MOST_MONTHS, 6)
            lot = "Lot where none is loaded" if loaded else "Smallest lot, units"
            form.field(st.number_input, "lot_units", lot, 0.0, None, 0.0 if loaded else 10.0, 1.0)
            form.field(st.number_input, "setup_hours", "Set-up, line hours", 0.0, None, 0.0, 0.5)
            form.field(st.number_input, "shift_hours", f"One shift, hours a {visit.word}", 0.0, None, 0.0, 8.0)
            form.field(st.number_input, "seconds", "Seconds at most", 5, 600, 60, 5)
        form.field(st.checkbox, "whole_people", "Whole people", True)
        form.button("Refine", start, disabled=closed or not may)


@fragment(run_every=1.0)
def _watch(visit: Visit) -> None:
    """How far the run is, and a way to end it; the page runs again once it has ended."""
    with refusals():
        run = find_run(plan_key(visit))
        if run is None or not run.running:
            st.rerun()
        share = min(run.seconds / run.options.seconds, 1.0)
        st.progress(share, _going(run))
        act_button("Stop with the best plan found", run.stop, key="refine_stop")


def _going(run: RefineRun) -> str:
    told = run.progress
    if told is None or not math.isfinite(told.found):
        return f"{number(run.seconds)} s; no plan found yet"
    proven = f"the best plan so far is proven within {percent(told.gap, 2)} of the best there is"
    return f"{number(run.seconds)} s; {proven}"


def _ended(run: RefineRun, currency: str) -> str:
    """How the run ended, in one sentence."""
    if run.refined is None:
        return run.refusal or "The run ended without a plan."
    refined = run.refined
    how = "proven" if refined.finished else "not proven further, because the run was ended"
    months = len(refined.plan.problem.periods)
    dearer = refined.plan.paid - run.base.paid if run.base else 0.0
    late = refined.plan.past_due[:, -1].sum() - run.base.past_due[:, -1].sum() if run.base else 0.0
    return worded(
        f"In whole numbers the first {how_many(months, 'months')} cost {number(abs(dearer))} {currency} "
        f"{'more' if dearer >= 0 else 'less'}, and {how_many(number(abs(late)), 'units')} "
        f"{'more' if late >= 0 else 'fewer'} "
        f"are late at their end; at most {percent(refined.gap, 2)} from the best there is, {how}."
    )
