"""Scenarios: move any assumption, see the whole company's plan move at once, keep what is worth keeping."""

import streamlit as st

from sop.services.scenarios.bench import levers_of, list_choices, read_bench
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import Visit, note_own_change, page, refusals
from sop.ui.frame.state import show_outcome
from sop.ui.panels.process.comments import show_comments, usual_things
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
from sop.ui.panels.scenarios.sliders import chosen_scopes, show_levers


@fragment()
def workbench(visit: Visit) -> None:
    """Sliders on the left, the plan they lead to on the right; only this part runs again when one is moved."""
    with refusals():
        show_outcome()
        left, right = st.columns([24, 76], gap="medium")
        with left:
            scenario = choose_scenario(list_choices(visit.room, visit.person))
        bench = read_bench(visit.room, visit.person.id, visit.inputs, scenario.id)
        levers = levers_of(visit.room, visit.inputs, bench, chosen_scopes())
        with left, st.container(key="slider_rail"):
            show_acts(visit, bench)
            show_levers(visit, bench, levers)
        with right:
            visit.message(bench.message(visit.money.labelled))
            show_moved(bench)
            show_path(bench, visit.money)
            show_kpis(bench, visit.money)
            # What is asked is answered in sight: where it is asked, above what is always there.
            show_gap(visit, bench)
            show_worth(visit, bench, levers)
            show_panels(bench, visit.money)
            show_rows(bench, visit.money)
            show_changes(visit, bench)
            show_beside(visit, bench)
        note_own_change(visit)


with page("Scenarios", choose=False) as visit:
    show_comments(visit, "Scenarios", usual_things(visit))
    workbench(visit)
