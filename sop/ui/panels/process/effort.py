"""The Data page's card on where effort pays: what was restated since the last plan, and what the plan hangs on."""

from functools import partial

import streamlit as st

from sop.core.calendar import worded
from sop.services.background import BackgroundJob
from sop.services.data.effort import rank_inputs, read_restatements, value_restated
from sop.ui.frame.page import Visit, refusals
from sop.ui.kit.cards import grey_line
from sop.ui.kit.jobs import follow_job
from sop.ui.kit.tables import show_table
from sop.views.inputs_ranked import MOVED_FAMILIES, RESTATED, effect_table, rank, ranked_inputs
from sop.views.loaded_tables import DataState

_SHOWN = 10


def show_effort(visit: Visit, state: DataState) -> None:
    """Restated closed months, and inputs ranked once somebody asks; nothing before there can be a plan."""
    if not visit.may("read_plans") or any(each.state.needed for each in state.missing):
        return
    with st.container(border=True, key="card_effort"):
        st.header("Where effort pays", anchor=False)
        with refusals():
            restated = read_restatements(visit.room, visit.person.id)
            if restated is not None:
                st.html(grey_line(restated.sentence))
                if restated.tables:
                    show_table(RESTATED.of(restated.tables))
                    _show_moved(visit)
        expander = st.expander("Inputs by what the plan hangs on", key="effort", on_change="rerun")
        if expander.open:
            with expander, refusals():
                _show_ranks(visit, state)


def _show_moved(visit: Visit) -> None:
    """What restated months move in the plan, as headlines and by family."""
    ask = partial(value_restated, visit.room, visit.person.id, visit.inputs)
    effect = ask()
    if effect is None:
        return
    if isinstance(effect, BackgroundJob):
        follow_job(ask, worded("Planning with closed months as they were"))
        return
    st.html(grey_line(effect.sentence))
    if any(effect.moved.values()) or effect.families:
        money = visit.room.plan(visit.room.assumptions(), visit.inputs).money
        show_table(effect_table(effect), money)
        show_table(MOVED_FAMILIES.of(effect.families), money)


def _show_ranks(visit: Visit, state: DataState) -> None:
    plan = visit.room.plan(visit.room.assumptions(), visit.inputs)
    known = [entry for entry in plan.headline_measures if plan.headline.get(entry.key) is not None]
    entry = next((entry for entry in known if entry.key == "ebit"), known[0] if known else None)
    if entry is None:
        st.caption("No headline measure is known yet, so nothing can be ranked by it.")
        return
    ask = partial(rank_inputs, visit.room, visit.person.id, visit.inputs, entry.key)
    worth = ask()
    if isinstance(worth, BackgroundJob):
        follow_job(ask, "Planning each input lower and higher")
        return
    st.html(
        grey_line(
            f"The most that {entry.label} moves by where an input comes out otherwise by as much as is plausible, "
            "the others as they stand; with what its tables still lack"
        )
    )
    show_table(ranked_inputs(entry).of(rank(worth, state.tables)[:_SHOWN]), plan.money)
