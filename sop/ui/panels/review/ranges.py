"""Where the draws behind the ranges stand, on screen: progress, cancel, go on, and drawing for a changed plan."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sop.core.words import units_text
from sop.services.analysis.drawing import FIRST, Ranges, ask_for_ranges, read_ranges
from sop.ui.frame.fragments import fragment
from sop.ui.frame.page import Visit, refusals
from sop.ui.kit.cards import grey_line
from sop.views.executive.range_words import wide_sentence

_MORE = 1000


def show_range_state(visit: Visit, ranges: Ranges, *, more: bool = False) -> None:
    """What can be done about the draws: nothing where all are there, unless `more` offers further ones."""
    ask = partial(ask_for_ranges, visit.room, visit.inputs, visit.view.assumptions)
    if ranges.stale:
        st.button("Draw the ranges of this plan", key="draw_ranges", on_click=ask)
    elif ranges.running is not None:
        _follow(visit, ranges.draws.count if ranges.draws else 0)
    elif ranges.job is not None and ranges.draws is not None:
        st.button(f"Go on from {units_text(ranges.draws.count, 'draws')}", key="draw_on", on_click=ask)
    elif more and ranges.draws is not None:
        total = ranges.draws.count + _MORE
        st.button(f"Draw {units_text(total, '')}", key="draw_more", on_click=partial(ask, total))


def show_why_wide(ranges: Ranges) -> None:
    """What makes the ranges wide, where something does."""
    sentence = wide_sentence(ranges.draws)
    if sentence:
        st.html(grey_line(sentence))


@fragment(run_every=1.0)
def _follow(visit: Visit, shown: int) -> None:
    """How far the draws are; the page is drawn again when the first are done, and when all are."""
    with refusals():
        ranges = read_ranges(visit.room, visit.inputs, visit.view.assumptions)
        job, count = ranges.running, ranges.draws.count if ranges.draws else 0
        if job is None or shown < FIRST <= count:
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(job.fraction, f"{units_text(job.done, '')} of {units_text(job.wanted, 'draws')}")
            st.button("Cancel", key="cancel_draws", on_click=job.cancel)
