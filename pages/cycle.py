"""Cycle: the steps and who is done with them, tasks, the agenda, comments, and closing the month."""

import streamlit as st

from sop.services.process.steps import read_cycle_run
from sop.services.process.tasks import list_tasks
from sop.ui.frame.page import page
from sop.ui.panels.process.agenda import show_agenda
from sop.ui.panels.process.comments import show_comment_list
from sop.ui.panels.process.cycle import show_closing, show_contributors, show_steps, step_facts
from sop.ui.panels.process.tasks import show_tasks
from sop.ui.panels.scenarios.scenario_promotion import show_waiting
from sop.views.process.cycle_tables import cycle_message

with page("Cycle", choose=False) as visit:
    run = read_cycle_run(visit.room.store, visit.person.id)
    facts = step_facts(visit, run)
    visit.message(cycle_message(facts, list_tasks(visit.room.store, visit.person.id)))
    show_steps(visit, run, facts)
    show_agenda(visit)
    show_waiting(visit)
    show_tasks(visit, run)
    left, right = st.columns([55, 45], gap="small")
    with left:
        show_comment_list(visit)
    with right:
        show_contributors(visit, run, facts)
        show_closing(visit, run)
