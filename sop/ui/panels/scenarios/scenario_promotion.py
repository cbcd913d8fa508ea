"""Making a scenario the working plan in one act: owners are asked, each consents or declines, or the CEO rules."""

from __future__ import annotations

import streamlit as st

from sop.agreement.promotion import Promotion
from sop.core.terms import Role
from sop.services.company.settings import names_of
from sop.services.scenarios.promotion import (
    ask_owners,
    consent,
    decline,
    list_promotions,
    read_promotion,
    rule_over_owners,
)
from sop.store.scenarios import Scenario
from sop.ui.frame.page import Visit
from sop.ui.frame.text import literal
from sop.ui.kit.acts import act_button, ask
from sop.ui.kit.panel import panel, show_sentence
from sop.ui.panels.scenarios.scenario_acts import scenario_title
from sop.views.process.promotion_words import declined_sentence, promotion_sentence


def show_promotion(visit: Visit, scenario: Scenario) -> None:
    """Where it stands, and what this person may say; a draft is saved as it is asked for."""
    if scenario.kind == "working" or scenario.cycle != visit.cycle.first_open:
        return
    if scenario.kind == "draft":
        _ask(visit, scenario, "It is saved under its name, so that they see what they consent to.")
        return
    found = read_promotion(visit.room.store, visit.person.id, scenario.id)
    names = names_of(visit.room.store)
    if isinstance(found, Promotion):
        show_sentence(promotion_sentence(found, names))
        _answers(visit, scenario, found)
        return
    if found is not None:
        show_sentence(declined_sentence(found, names))
    _ask(visit, scenario)


def _ask(visit: Visit, scenario: Scenario, saving: str = "") -> None:
    """The form by which the owners are asked, with a name where it is saved by that; then it is what is shown."""
    if not visit.may("run_scenario"):
        return
    with ask("ask_owners", popover="Ask the owners", clear=True, type="primary") as form:
        st.caption(f"{saving} What you own counts as consented. With the last consent it is the working plan.")
        if saving:
            form.field(st.text_input, "name", "Name", placeholder="Second shift in welding")
        form.field(st.text_input, "note", "What it is for", placeholder="Why everybody should want it")
        form.button("Ask for consent", visit.call(ask_owners, scenario.id), _asked, type="primary")


def _asked(found: Promotion | None) -> str:
    """What is told, and what is shown from now on: the scenario that waits for consent."""
    if found is None:
        return _DONE
    st.session_state["scenario"] = str(found.scenario_id)
    return "The owners are asked; it stands on the Cycle page too."


_DONE = "All consented: it is the working plan now."


def _answers(visit: Visit, scenario: Scenario, found: Promotion) -> None:
    """Consent or decline for one's own function; the CEO also for all who are open."""
    function = visit.role.function
    with st.container(horizontal=True):
        if function in found.open and function is not None:
            act_button(
                f"Consent for {function.title}",
                visit.call(consent, scenario.id),
                lambda left: _DONE if left is None else "Your consent is recorded.",
                type="primary",
            )
            with ask("decline", popover="Decline") as form:
                form.field(st.text_input, "note", "Why not")
                form.button("Decline", visit.call(decline, scenario.id), "Declined; who asked reads why.")
        if visit.role is Role.EXECUTIVE and found.open:
            with ask("rule_over", popover="Decide over the owners") as form:
                form.field(st.text_input, "note", "Reason")
                form.button("Make it the working plan", visit.call(rule_over_owners, scenario.id), _DONE)


def show_waiting(visit: Visit) -> None:
    """The scenarios that wait for somebody's consent, each with the way to it; nothing where there are none."""
    waiting = list_promotions(visit.room.store, visit.person.id)
    if not waiting:
        return
    names = names_of(visit.room.store)
    with panel("Scenarios that wait for consent", "", "waiting"):
        for scenario, found in waiting:
            st.page_link(
                "pages/scenarios.py",
                label=literal(f"{scenario.name}: {promotion_sentence(found, names)}"),
                icon=":material/how_to_reg:",
                query_params={"scenario": scenario_title(scenario)},
            )
