"""What can be done with a scenario besides moving sliders: save, reset, bring into the working plan, propose."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sop.services.agreement.proposing import propose_plan
from sop.services.scenarios.bench import Bench, scenario_name
from sop.services.scenarios.drafts import adopt_values, reset_draft, save_as
from sop.store.scenarios import Scenario
from sop.ui.frame.page import Visit
from sop.ui.frame.state import attempt

_KINDS = {"draft": "private", "working": "shared", "saved": "saved"}


def choose_scenario(choices: Sequence[Scenario]) -> Scenario:
    """The scenario to work on; the choice stands in the address bar."""
    named = {str(scenario.id): scenario for scenario in choices}
    titles = {key: f"{scenario_name(scenario)} · {_KINDS[scenario.kind]}" for key, scenario in named.items()}
    chosen = st.selectbox(
        "Scenario",
        list(named),
        format_func=lambda key: titles.get(key, key),
        key="scenario",
        bind="query-params",
        label_visibility="collapsed",
    )
    return named[chosen]


def show_acts(visit: Visit, bench: Bench) -> None:
    """The buttons that this person may use on this scenario."""
    with st.container(horizontal=True, gap="xsmall", key="scenario_acts"):
        if visit.may("run_scenario"):
            _save(visit, bench)
        if bench.scenario.kind == "draft":
            st.button("Reset", on_click=_reset, args=(visit,), help="Back to the working plan's values")
        if visit.may("change_working_plan") and not bench.is_working:
            _adopt(visit, bench)
        if visit.may("propose_plan") and bench.scenario.kind != "draft":
            st.button("Propose for signature", on_click=_propose, args=(visit, bench), key="propose")


def _save(visit: Visit, bench: Bench) -> None:
    with st.popover("Save as", type="primary"), st.form("save_as", border=False, clear_on_submit=True):
        st.text_input("Name", key="save_name", placeholder="Second shift in welding")
        st.text_input("What for", key="save_why")
        st.form_submit_button("Save", on_click=_save_now, args=(visit, bench), type="primary")


def _save_now(visit: Visit, bench: Bench) -> None:
    name, why = st.session_state["save_name"], st.session_state["save_why"]
    attempt(f"Saved “{name}”.", save_as, visit.room.store, visit.person.id, bench.scenario.id, name, why)


def _reset(visit: Visit) -> None:
    attempt("Back to the working plan's values.", reset_draft, visit.room.store, visit.person.id)


def _adopt(visit: Visit, bench: Bench) -> None:
    with st.popover("To working plan"), st.form("adopt", border=False, clear_on_submit=True):
        st.caption(
            f"Puts this scenario's values that {visit.role.function.title if visit.role.function else 'you'} "
            "own into the working plan, which everybody shares."
        )
        st.text_input("Reason", key="adopt_why")
        st.form_submit_button("Bring my values into the working plan", on_click=_adopt_now, args=(visit, bench))


def _adopt_now(visit: Visit, bench: Bench) -> None:
    reason = st.session_state["adopt_why"]
    done = "Your values are in the working plan."
    attempt(done, adopt_values, visit.room.store, visit.person.id, bench.scenario.id, reason)


def _propose(visit: Visit, bench: Bench) -> None:
    scenario_id = None if bench.is_working else bench.scenario.id
    label = "" if bench.is_working else bench.name
    if attempt("Proposed for signature.", propose_plan, visit.room, visit.person.id, scenario_id, label):
        st.session_state["view"] = "working"
