"""Settings: planning rules, ground rules, people and roles, the audit trail, the cadence proposed by family."""

import streamlit as st

from sop.services.company.settings import read_settings_page
from sop.ui.frame.page import page, refusals
from sop.ui.panels.process.cadence import show_cadences
from sop.ui.panels.process.settings import (
    show_ground_rules,
    show_look,
    show_people,
    show_planning_rules,
    show_trail,
)

with page("Settings", act="read_audit", choose=False) as visit:
    found = read_settings_page(visit.room.store, visit.person.id)
    visit.message(found.message)
    with st.grid(2, min_column_width=380):
        show_planning_rules(visit, found)
        show_ground_rules(visit, found)
    show_look(visit, found)
    show_people(visit, found)
    show_trail(visit)
    if visit.may("read_plans"):
        with st.expander("Cadence proposed for each family", key="settings_cadence", on_change="rerun") as box:
            if box.open:
                with refusals():
                    show_cadences(visit)
