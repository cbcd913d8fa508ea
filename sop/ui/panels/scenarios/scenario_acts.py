"""What can be done with a scenario besides moving sliders: save, reset, bring into the working plan, propose."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from sop.core.calendar import period_short
from sop.services.agreement.plan_acts import propose_plan
from sop.services.scenarios.bench import Bench, scenario_name
from sop.services.scenarios.drafts import adopt_values, reset_draft, save_as
from sop.store.scenarios import Scenario
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import act_button, ask

_KINDS = {"draft": "private", "working": "shared", "saved": "saved"}
_THIS_CYCLE = ""


def _until(month: str) -> str:
    return period_short(month) if month else "this cycle ends"


def scenario_title(scenario: Scenario) -> str:
    """What a scenario is called where one is chosen, and in the address of the page that shows it."""
    return f"{scenario_name(scenario)} · {_KINDS[scenario.kind]}"


def choose_scenario(choices: Sequence[Scenario]) -> Scenario:
    """The scenario to work on; the choice stands in the address bar."""
    named = {str(scenario.id): scenario for scenario in choices}
    titles = {key: scenario_title(scenario) for key, scenario in named.items()}
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
    scenario = bench.scenario
    with st.container(horizontal=True, gap="xsmall", key="scenario_acts"):
        if visit.may("run_scenario"):
            with ask("save", popover="Save as", clear=True, type="primary") as form:
                form.field(st.text_input, "name", "Name", placeholder="Second shift in welding")
                form.field(st.text_input, "description", "The question that it answers")
                months = [_THIS_CYCLE, *bench.plan.months[1 : bench.plan.calendar.year]]
                form.field(st.selectbox, "expiry", "Kept until", months, format_func=_until)
                save = visit.call(save_as, scenario.id)
                form.button("Save", save, lambda saved: f"Saved “{saved.name}”.", type="primary")
        if scenario.kind == "draft":
            done = "Back to the working plan's values."
            act_button("Reset", visit.call(reset_draft), done, help="Back to the working plan's values")
        if visit.may("change_working_plan") and not bench.is_working:
            with ask("adopt", popover="To working plan", clear=True) as form:
                owner = visit.role.function.title if visit.role.function else "you"
                st.caption(
                    f"Puts this scenario's values that {owner} own into the working plan, which everybody shares."
                )
                form.field(st.text_input, "reason", "Reason")
                done = "Your values are in the working plan."
                form.button("Bring my values into the working plan", visit.call(adopt_values, scenario.id), done)
        if visit.may("propose_plan") and scenario.kind != "draft":
            of = (None, "") if bench.is_working else (scenario.id, bench.name)
            propose = partial(propose_plan, visit.room, visit.person.id, *of)
            show = partial(st.session_state.__setitem__, "view", "working")
            act_button("Propose for signature", propose, "Proposed for signature.", then=show, key="propose")
