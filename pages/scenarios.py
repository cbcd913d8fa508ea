"""Scenarios: move any assumption, see the whole company's plan move at once, keep what is worth keeping."""

import streamlit as st

from sop.services.scenarios.bench import list_choices
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import Visit, note_own_change, page, refusals
from sop.ui.frame.state import show_outcome, tell_on_page
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.ui.panels.scenarios.desk import RESULTS, WORKBENCH, SliderDesk
from sop.ui.panels.scenarios.scenario_acts import choose_scenario, show_acts
from sop.ui.panels.scenarios.scenario_bench import (
    show_beside,
    show_changes,
    show_kpis,
    show_moved,
    show_panels,
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
        left, right = st.columns([24, 76], gap="medium")
        with left:
            desk = SliderDesk(visit, choose_scenario(list_choices(visit.room, visit.person)).id)
        with right:
            results(desk)
        with left, st.container(key="slider_rail"):
            show_acts(visit, desk.bench)
            show_levers(desk)


@fragment(key=RESULTS)
def results(desk: SliderDesk) -> None:
    """The plan that the sliders lead to; when one is moved this runs, and that slider, and nothing else."""
    tell_on_page()
    with refusals():
        visit, bench = desk.visit, desk.read()
        above, asked, panels = st.container(), st.container(), st.container()
        # The charts are what is waited for, so they are on their way before the rest is worked out.
        with panels:
            show_panels(bench, visit.money)
        with above:
            visit.message(bench.message(visit.money.labelled))
            show_moved(bench)
            show_path(bench, visit.money)
            show_kpis(bench, visit.money)
        with asked:
            # What is asked is answered in sight: where it is asked, above what is always there.
            show_gap(visit, bench)
            show_worth(visit, bench, desk.levers)
        show_rows(bench, visit.money)
        show_changes(visit, bench)
        show_beside(visit, bench)
        note_own_change(visit)


with page("Scenarios", choose=False) as visit:
    show_comments(visit, "Scenarios", usual_things(visit))
    workbench(visit)
