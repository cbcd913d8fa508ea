"""Assumptions: what the working plan rests on, who owns it, and why it is set as it is."""

import streamlit as st

from sop.core.format import how_many, number
from sop.services.scenarios.register import read_register
from sop.ui.frame.page import page
from sop.ui.kit.cards import grey_line
from sop.ui.kit.panel import show_opened
from sop.ui.kit.tables import show_table
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.ui.panels.process.register import choose_rows, defaults_table, set_table, show_all, show_edit, unset_table

with page("Assumptions", choose=False) as visit:
    register = read_register(visit.room, visit.person.id, visit.inputs)
    visit.message(register.message)
    show_comments(visit, "Assumptions", usual_things(visit))
    show_edit(visit, register)
    rows = choose_rows(register)
    with st.container(border=True, key="card_register"):
        st.header("Set by people", anchor=False)
        st.html(grey_line("In the working plan, with reason and owner; what has expired is marked"))
        show_table(set_table(rows, visit.company.currency))
    with st.container(border=True, key="card_unset"):
        st.header("What nobody has set", anchor=False)
        st.html(grey_line("Defaults and prices of 0 that the plan counts with, and the money on them"))
        show_table(unset_table(register))
        st.html(grey_line("Every default that counts: no table says it, and nobody has set it"))
        show_table(defaults_table(register, visit.company.currency))
    show_opened(
        f"All {how_many(number(len(rows)), 'assumptions')}, with what the tables or the defaults say",
        "register_all",
        show_all,
        rows,
        visit.company.currency,
    )
