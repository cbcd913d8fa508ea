"""A launch's gate, an initiative, a mitigation are decided where they are looked at: priced, in one form."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from sop.agreement.decisions import DecisionRecord
from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.fates import Fated
from sop.services.agreement.decision_acts import Say, decide_on, undecided
from sop.services.analysis.decisions import value_fates
from sop.services.planning.choices import WORKING
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import ask
from sop.ui.kit.panel import show_opened
from sop.ui.panels.plans.layout import show_table_panel
from sop.views.portfolio.fates import TITLES, fates_table

_NOTE = "By planning again with each, against the plan as it stands; what was decided in this cycle is left out"


def show_fates(visit: Visit, of: Fated) -> None:
    """What is to be decided, worked out when it is opened; only for the working plan."""
    if visit.view.choice.key == WORKING and visit.view.plan.has_revenue:
        title = TITLES[of]
        show_opened(f"Decide: {title[0].lower()}{title[1:]}", f"fates_{of}", _show, visit, of)


def _show(visit: Visit, of: Fated) -> None:
    with st.spinner("Planning again with each"):
        every = value_fates(visit.room, visit.inputs, visit.view.assumptions, of)
    wanted = undecided(visit.room, every, visit.cycle.first_open)
    show_table_panel(visit, fates_table(wanted, of, visit.money), _NOTE, f"fates-{of}")
    if wanted and visit.may("decide"):
        _decide(visit, wanted)


def _decide(visit: Visit, wanted: tuple[Decision, ...]) -> None:
    titles = [each.move.title for each in wanted]
    with ask("fate", popover="Decide", type="primary") as form:
        form.field(st.selectbox, "place", "Decision", range(len(wanted)), format_func=titles.__getitem__)
        form.field(st.radio, "say", "What is decided", ["Accept", "Refuse", "Defer"], horizontal=True)
        form.field(st.selectbox, "until", "Deferred to", visit.view.plan.months[1:])
        form.field(st.text_input, "note", "Reason", help="Needed where you decide over the owner")

        def act(place: int, say: Say, **given: Any) -> DecisionRecord:
            return partial(decide_on, visit.room, visit.person.id)(wanted[place], say, **given)

        form.button("Record", act, lambda found: f"{found.facts['title']}: {found.state}.", type="primary")
