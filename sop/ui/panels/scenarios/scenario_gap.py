"""The smallest changes that close a gap: a target is asked, ways to it shown, one opened as a scenario."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sop.analysis.decisions.gap import GapClosed, Tried
from sop.analysis.decisions.targets import TARGETS
from sop.core.measures import Headline
from sop.services.background import BackgroundJob
from sop.services.scenarios.bench import Bench
from sop.services.scenarios.closing import apply_moves, gap_job
from sop.ui.frame.page import Visit
from sop.ui.kit.acts import act_button
from sop.ui.kit.cards import grey_line
from sop.ui.kit.jobs import follow_job
from sop.ui.kit.panel import download, show_sentence
from sop.ui.kit.tables import show_table
from sop.ui.panels.scenarios.scenario_worth import choose_headline, known_headlines
from sop.views.executive.gap_words import gap_message, gap_table
from sop.views.measure_columns import headline_unit

_ASKED, _BETTER = "gap_asked", 0.01


def show_gap(visit: Visit, bench: Bench) -> None:
    """An expander that asks for a target; nothing is planned before it is asked."""
    entries = {key: entry for key, entry in known_headlines(bench).items() if key in TARGETS}
    expander = st.expander("Smallest changes that close a gap", key="gap", on_change="rerun")
    if not expander.open or not entries:
        return
    with expander:
        _ask(visit, bench, entries)
        asked = st.session_state.get(_ASKED)
        if asked is None:
            st.html(grey_line("Moves at their price, from their lead time on, within fences and allowances"))
            return
        again = partial(gap_job, visit.room, visit.inputs, bench.assumptions, *asked)
        found = again()
        if isinstance(found, BackgroundJob):
            follow_job(again, "Planning sets of moves")
        else:
            _show_found(visit, bench, found)


def _ask(visit: Visit, bench: Bench, entries: dict[str, Headline]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = choose_headline("Target", entries, "gap_in")
        entry, scale = entries[key], _scale(entries[key], visit)
        value = st.number_input(
            f"To reach, {headline_unit(entry, visit.money)}",
            value=round(_usual(bench, entry) / scale, 2),
            key=f"gap_value_{key}",
            width=175,
        )
        if st.button("Find the smallest changes", key="gap_find", type="primary"):
            st.session_state[_ASKED] = (key, float(value) * scale)


def _scale(entry: Headline, visit: Visit) -> float:
    """Inside units in one shown unit."""
    return float(visit.money.minor_per_scale) if entry.unit == "currency" else 1.0


def _usual(bench: Bench, entry: Headline) -> float:
    """What is likely asked for: the agreed plan's figure where it is better, else a hundredth better than now."""
    now, agreed = float(bench.plan.headline[entry.key] or 0), bench.agreed.get(entry.key)
    if agreed is not None and entry.better * (agreed - now) > 0:
        return float(agreed)
    return now + entry.better * _BETTER * abs(now)


def _show_found(visit: Visit, bench: Bench, found: GapClosed) -> None:
    show_sentence(gap_message(found, visit.money))
    table = gap_table(found, visit.inputs.cycle.first_open, visit.money)
    if not table.rows:
        return
    show_table(table, visit.money)
    ways = {", ".join(each.names): each.found for each in found.alternatives}
    if found.best is not None and found.best.moves:
        ways = {"Best that can be had": found.best}
    with st.container(horizontal=True):
        for place, (name, way) in enumerate(ways.items()):
            _open_button(visit, bench, place, name, way)
        download(visit, table, "gap")


def _open_button(visit: Visit, bench: Bench, place: int, name: str, way: Tried) -> None:
    if visit.may("run_scenario"):
        act_button(
            f"Open as my scenario: {name.lower()}",
            partial(apply_moves, visit.room, visit.person.id, bench.assumptions, way.moves),
            "Your own draft has these changes now.",
            key=f"gap_open_{place}",
        )
