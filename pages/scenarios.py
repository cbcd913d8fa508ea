"""Scenarios: move any assumption, see the whole company's plan move at once, keep what is worth keeping."""

import streamlit as st

from sop.services.scenarios.bench import list_choices
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import Visit, note_own_change, page, refusals
from sop.ui.frame.state import show_outcome, tell_on_page
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.ui.panels.scenarios.desk import SAID, TABLES, WORKBENCH, SliderDesk
from sop.ui.panels.scenarios.scenario_acts import choose_scenario, show_acts
from sop.ui.panels.scenarios.scenario_bench import (
    show_beside,
    show_changes,
    show_frames,
    show_kpis,
    show_moved,
    show_path,
    show_rows,
)
from sop.ui.panels.scenarios.scenario_gap import show_gap
from sop.ui.panels.scenarios.scenario_worth import show_worth
from sop.ui.panels.scenarios.sliders import show_levers


@fragment(key=WORKBENCH)
def workbench(visit: Visit) -> None:
    """Sliders on the left, the plan they lead to on the right."""
    with refusals():
        show_outcome()
        with st.container(key="bench"):
            left, right = st.columns([24, 76], gap="medium")
        with left:
            desk = SliderDesk(visit, choose_scenario(list_choices(visit.room, visit.person)).id)
        with right:
            results(desk)
        with left, st.container(key="slider_rail"):
            show_acts(visit, desk.bench)
            show_levers(desk)


def results(desk: SliderDesk) -> None:
    """The plan that the sliders lead to: when one is moved its charts change, then these parts run, and that
    slider, and nothing else."""
    above, panels = st.container(), st.container()
    with panels:
        show_frames(desk.read(), desk.visit.money, desk.place_chart)
    with above:
        said(desk)
    tables(desk)


@fragment(key=SAID)
def said(desk: SliderDesk) -> None:
    """What is said above the charts, and what is asked: answered in sight, above what is always there."""
    tell_on_page()
    with refusals():
        visit, bench = desk.visit, desk.read()
        if not desk.is_charted():
            # Moved from elsewhere since the charts were drawn: one page shows one plan.
            st.rerun()
        visit.message(bench.message(visit.money.labelled))
        show_moved(bench)
        show_path(bench, visit.money)
        show_kpis(bench, visit.money)
        show_gap(visit, bench)
        show_worth(visit, bench, desk.levers)


@fragment(key=TABLES)
def tables(desk: SliderDesk) -> None:
    """What stands below the charts."""
    tell_on_page()
    with refusals():
        visit, bench = desk.visit, desk.read()
        if not desk.is_charted():
            st.rerun()
        show_rows(bench, visit.money)
        show_changes(visit, bench)
        show_beside(visit, bench)
        note_own_change(visit)


with page("Scenarios", choose=False) as visit:
    show_comments(visit, "Scenarios", usual_things(visit))
    workbench(visit)
