"""Outlook: what may come from outside and from demand, what it does to the year, and what claims were worth."""

import streamlit as st

from sop.services.analysis.claims import read_stock_above
from sop.services.analysis.drawing import read_ranges
from sop.services.analysis.outlook import read_outlook_page
from sop.ui.frame.page import page
from sop.ui.panels.plans.plan_fates import show_fates
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.ui.panels.review.executive import show_outlook
from sop.ui.panels.review.outlook import (
    page_message,
    say_unknown,
    show_claims,
    show_corrections,
    show_event_form,
    show_indicators,
    show_projections,
    show_register,
    show_sizes,
    show_spread,
    show_targets,
)
from sop.ui.panels.review.ranges import show_range_state, show_why_wide
from sop.views.executive.plan_message import units_message
from sop.views.executive.range_words import range_caption

with page("Outlook") as visit:
    ranges = read_ranges(visit.room, visit.inputs, visit.view.assumptions)
    found = read_outlook_page(visit.room, visit.inputs, visit.view, visit.base, ranges)
    held = found.record.share_of("revenue")
    plan = visit.view.plan
    visit.message(
        page_message(visit, found.outside, found.outlook) if found.outlook else units_message(plan, None)
    )
    show_comments(visit, "Outlook", usual_things(visit))
    if found.outlook is None:
        say_unknown(plan)
    else:
        show_register(visit, found.outside.stakes)
        show_fates(visit, "outside")
    with st.grid(2, min_column_width=360):
        with st.container(border=True, height="stretch", key="card_outlook"):
            caption = range_caption(ranges.draws, held, stale=ranges.stale, why=ranges.why)
            show_outlook(found.outlook, plan, visit.view.name, visit.money, caption, stale=ranges.stale)
            show_why_wide(ranges)
            show_range_state(visit, ranges, more=True)
        if ranges.draws is not None:
            show_spread(found.spreads, visit.money, plan.near_text, found.record, stale=ranges.stale)
    if ranges.draws is not None:
        show_projections(visit, found, stale=ranges.stale)
    with st.grid(2, min_column_width=520):
        if ranges.draws is not None and not ranges.stale:
            show_targets(visit, found.targets, plan.near_text)
        show_claims(found.record)
    show_indicators(visit.inputs.inputs.indicators or (), found.outside)
    show_event_form(visit)
    show_sizes(visit)
    show_corrections(visit, found.record, read_stock_above(visit.room, visit.inputs))
