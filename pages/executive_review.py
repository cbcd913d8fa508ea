"""Executive review: did we do what we said, what changed, what will happen, what to decide, who signs."""

from dataclasses import replace
from functools import partial

import streamlit as st

from sop.analysis.decisions.exceptions import AtStake, find_exceptions
from sop.analysis.decisions.valuation import Valuation
from sop.analysis.headline import tables_for
from sop.analysis.people import people_moves
from sop.core.calendar import worded
from sop.core.terms import Function
from sop.finance.cost_basis import cost_basis
from sop.services.agreement.decision_acts import still_to_decide
from sop.services.agreement.frozen_plans import agreed_plans
from sop.services.agreement.gate_findings import gate_of_view
from sop.services.analysis.between_cycles import read_left_range
from sop.services.analysis.changes import bridge_job, last_month, read_kpis
from sop.services.analysis.claims import read_track_record
from sop.services.analysis.decisions import valuation_job
from sop.services.analysis.drawing import read_ranges
from sop.services.analysis.goals import goals_job
from sop.services.analysis.outlook import outside_job, read_outlook
from sop.services.background import BackgroundJob
from sop.services.data.exports import table_csv
from sop.services.planning.choices import WORKING, once_of
from sop.services.planning.plan_context import against_last_year
from sop.ui.frame.fill import show_fill_links
from sop.ui.frame.page import page
from sop.ui.kit.downloads import download_button
from sop.ui.kit.jobs import follow_job
from sop.ui.kit.tables import show_table
from sop.ui.panels.process.comments import show_comments, usual_things
from sop.ui.panels.review.board_pack import show_board_pack
from sop.ui.panels.review.executive import (
    show_bridge,
    show_grey,
    show_kpis,
    show_outlook,
)
from sop.ui.panels.review.executive_acts import (
    follow_valuation,
    open_tried,
    show_decided,
    show_decisions,
    show_exceptions,
    show_people_moves,
    show_strategy,
)
from sop.ui.panels.review.explained import show_card_button
from sop.ui.panels.review.outlook import show_outside_first
from sop.ui.panels.review.ranges import show_range_state, show_why_wide
from sop.views.executive.change_tables import effects_table, kpis_table
from sop.views.executive.gate_words import gate_sentence
from sop.views.executive.plan_message import missing_sentence, review_message, spans_of
from sop.views.executive.range_words import range_caption
from sop.views.executive.review_table import review_table
from sop.views.jump_words import jump_sentence
from sop.views.portfolio.goals import goal_records, goals_now_table
from sop.views.portfolio.strip import build_strands

with page("Executive review", sign_off=True) as visit:
    room, inputs, view, base, money = visit.room, visit.inputs, visit.view, visit.base, visit.money
    found = bridge_job(room, inputs, view, base)
    bridge = None if isinstance(found, BackgroundJob) else found
    ranges = read_ranges(room, inputs, view.assumptions)
    outlook, record = read_outlook(inputs, view, base, ranges), read_track_record(room, inputs)
    kpis = read_kpis(room, inputs, view, base)

    nothing = Valuation((), None, AtStake())
    valuation = valuation_job(room, inputs, view.assumptions) if view.plan.has_revenue else nothing
    wanted, at_the_gate = None, ""
    if isinstance(valuation, Valuation):
        wanted = still_to_decide(room, valuation, inputs.cycle.first_open)
        gate = gate_of_view(room, visit.person.id, inputs, view)
        at_the_gate = gate_sentence(gate.lines, gate.waivers)

    visit.message(review_message(view.plan, base.plan if base else None, bridge, kpis, wanted))
    with st.container(gap=None):
        outside = outside_job(room, inputs, view)
        if isinstance(outside, BackgroundJob):
            follow_job(lambda: outside_job(room, inputs, view), "Pricing what may come from outside")
        else:
            show_outside_first(visit, outside)
        show_grey(
            jump_sentence(against_last_year(visit.room, visit.person.id, view), None, view.plan.currency),
            f"{spans_of(kpis, base is not None)}: {view.plan.near_span}. {last_month(room, inputs)} {at_the_gate}",
        )
    show_kpis(kpis, money, "agreed", lambda kpi: show_card_button(visit, kpi.key, kpi.headline.label), record)
    show_grey(missing_sentence(kpis, view.plan))
    if cost_basis(inputs.inputs, view.assumptions).why:
        st.page_link(
            "pages/financial.py", label="Choose which cost counts, on Financial", icon=":material/balance:"
        )
    unknown = [kpi.key for kpi in kpis if kpi.value is None]
    if unknown:
        show_fill_links(list(dict.fromkeys(name for key in unknown for name in tables_for(view.plan, key)[:1])))

    chosen = None
    with st.container(key="first_screen"):
        with st.container(border=True, key="card_bridge"):
            if isinstance(found, BackgroundJob):
                st.header("What changed", anchor=False)
                follow_job(partial(bridge_job, room, inputs, view, base), "Explaining what changed")
            else:
                show_bridge(bridge, kpis, view.plan, money)
        with st.container(border=True, key="card_decisions"):
            if wanted is not None:
                chosen = show_decisions(visit, wanted)
                show_decided(visit)
            else:
                follow_valuation(visit)
        with st.container(border=True, key="card_outlook"):
            beside = partial(show_range_state, visit, ranges)
            caption = range_caption(ranges.draws, record.share_of("revenue"), stale=ranges.stale, why=ranges.why)
            show_outlook(outlook, view.plan, view.name, money, caption, stale=ranges.stale, beside=beside)
            show_why_wide(ranges)
    if chosen is not None:
        open_tried(visit, chosen)

    worth = valuation.worth if isinstance(valuation, Valuation) else AtStake()
    at_stake = replace(money, known=view.plan.has_revenue)
    of_it = view.plan, inputs.inputs, view.assumptions
    moves = once_of(room, "people who move", inputs, (view,), lambda: people_moves(*of_it))
    show_people_moves(moves, Function.OPERATIONS.title, money)
    since = read_left_range(room, visit.person.id) if view.record is None else ()
    what = f"exceptions {isinstance(valuation, Valuation)}"
    found_in_plan = once_of(room, what, inputs, (view,), lambda: find_exceptions(*of_it, worth, money.labelled))
    exceptions = (*since, *found_in_plan)
    strands = build_strands(inputs.inputs, view.assumptions, worth.slip_costs())
    with st.grid(2 if strands else 1, min_column_width=520):
        with st.container(border=True, height="stretch", key="card_exceptions"):
            show_exceptions(exceptions, view.plan, at_stake)
        with st.container(border=True, height="stretch", key="card_strategy"):
            show_strategy(strands, view.plan, at_stake)
            # What else the page waits for comes first.
            promises = goals_job(room, inputs, view.assumptions) if isinstance(valuation, Valuation) else None
            known = None if isinstance(promises, BackgroundJob) or view.record is not None else promises
            goals = goals_now_table(goal_records(inputs.inputs, agreed_plans(room), view.plan, known))
            if goals.rows:
                near = worded(f"the next {view.plan.near_text}")
                show_grey(f"Goals: mean share of the full benefit that {near} count on; money in the months ahead")
                show_table(goals.without_empty_columns(), money)

    show_comments(visit, "Executive review", usual_things(visit), here=True)
    with st.expander("The numbers as tables: headline measures with how each is read, and what each cause does"):
        show_table(kpis_table(kpis, base.name if base else "Agreed plan"), money)
        if bridge and bridge.effects:
            show_table(effects_table(bridge), money)
    if view.scenario is None or view.choice.key == WORKING:
        show_board_pack(visit, view.record)
    if isinstance(valuation, Valuation) and not isinstance(found, BackgroundJob):
        rows = review_table(
            kpis, bridge, valuation, exceptions, moves, visit.company.currency, view.plan.near_text
        )
        download_button(
            "Download this page (CSV)",
            visit.call(table_csv, rows),
            f"executive-review-{inputs.cycle.first_open}.csv",
            "text/csv",
            icon=":material/download:",
        )
