"""The executive review on screen: what to decide, what is out of order, and how strategy comes along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.exceptions import ReviewException, outside_first
from sop.analysis.decisions.valuation import Valuation
from sop.analysis.people import PeopleMove
from sop.core.calendar import first_day, in_letters, period_short, worded
from sop.core.format import MINUS, MISSING, Effect, MoneyFormat, how_many, signed
from sop.core.plan import Plan
from sop.services.agreement.decision_acts import decide_on, list_decisions, try_decision
from sop.services.analysis.decisions import valuation_job
from sop.services.planning.choices import WORKING
from sop.ui.charts import StripItem, chart_strip, show_chart
from sop.ui.frame.page import Visit
from sop.ui.frame.state import tell
from sop.ui.frame.text import literal
from sop.ui.kit.acts import ask
from sop.ui.kit.cards import grey_line
from sop.ui.kit.html_tables import DecisionRow, decision_row, decisions_head
from sop.ui.kit.jobs import follow_job
from sop.ui.kit.tables import show_table
from sop.views.executive.decision_words import (
    nothing_to_decide,
    profit_words,
    recommendation,
    terms_sentence,
    together_text,
)
from sop.views.executive.decisions_table import decisions_message
from sop.views.executive.outside_in import profit_name
from sop.views.executive.review_table import (
    exceptions_note,
    exceptions_table,
    exceptions_title,
    people_moves_table,
)
from sop.views.portfolio.strip import Strand

MOST_DECISIONS = 3
MOST_EXCEPTIONS = 6
MOST_PEOPLE_MOVES = 6


def follow_valuation(visit: Visit) -> None:
    """How far the valuation of decisions is; the page is drawn again as soon as it is done."""
    st.header("Decide today", anchor=False)
    st.html(grey_line("Every decision is valued by planning again with it; it goes on when you leave this page."))
    follow_job(lambda: valuation_job(visit.room, visit.inputs, visit.view.assumptions), "Planning again")


def show_decisions(visit: Visit, valuation: Valuation) -> Decision | None:
    """The decisions wanted today with their money and the form to take each; returns the one to try first.

    Only the first few are in sight: the others open below them.
    """
    plan, money = visit.view.plan, visit.money
    profit, months = profit_words(plan), len(plan.months)
    how = worded(
        f"{profit} and lowest cash by planning again, net of what each costs, from the first open {visit.word} "
        "and "
        f"its lead time on; horizon: {how_many(months, 'months')}. A month later: what of the lasting "
        f"gain is lost. Pays "
        f"off: cases of low, planned and high demand in which it gains to the horizon.",
        counted=True,
    )
    st.header("Decide today", anchor=False, help=how)
    if not plan.has_revenue:
        why = plan.why_unknown("revenue")
        st.html(grey_line(f"What a decision is worth is not known: {why}. Scenarios show what it does in units."))
        return None
    if not valuation.decisions:
        st.html(grey_line(nothing_to_decide(plan)))
        return None
    first, others = valuation.decisions[:MOST_DECISIONS], valuation.decisions[MOST_DECISIONS:]
    with st.container(gap="xsmall"):
        chosen = show_decision_rows(visit, first)
    if others:
        with st.expander(f"{len(others)} more, worth less"):
            chosen = _decision_rows(visit, others, len(first)) or chosen
    if valuation.together is not None:
        st.html(
            grey_line(
                together_text(valuation.together, months, lambda v: money.signed(v, 2), money.unit, plan.near_text)
            )
        )
    return chosen


def show_decision_rows(visit: Visit, decisions: Sequence[Decision]) -> Decision | None:
    """Decisions under their heads, each with the form to take it; the one to be tried."""
    _decision_columns(decisions_head(visit.money.unit, visit.view.plan.near_text), visit.may("run_scenario"))
    return _decision_rows(visit, decisions, 0)


def open_tried(visit: Visit, decision: Decision) -> None:
    """Open Scenarios with a decision in one's own draft."""
    stands_on = try_decision(visit.room, visit.person.id, decision)
    if stands_on:
        tell(stands_on)
    st.switch_page("pages/scenarios.py")


def _decision_rows(visit: Visit, decisions: Sequence[Decision], before: int) -> Decision | None:
    """A row and its buttons for each decision, numbered on from `before`; the one to be tried."""
    chosen, plan = None, visit.view.plan
    for place, decision in enumerate(decisions, before):
        row = decision_row(decision_cells(place + 1, decision, plan.months[0], visit.money), plan.near_text)
        beside = _decision_columns(row, visit.may("run_scenario"))
        if beside is None:
            continue
        with beside, st.container(horizontal=True, gap="xsmall"):
            if visit.view.choice.key == WORKING and visit.may("decide"):
                decision_form(visit, str(place), decision)
            look = f"Opens Scenarios with '{decision.move.title}' in your own draft"
            if st.button("Try", key=f"try_{place}", width="stretch", help=literal(look)):
                chosen = decision
    return chosen


def decision_form(visit: Visit, key: str, decision: Decision) -> None:
    """Accept, refuse or defer; what is accepted is in the working plan at once, on every screen."""
    months = visit.inputs.inputs.calendar.months
    urgent = decision.recommended and decision.last_month == months[0]
    look = "primary" if urgent else "secondary"
    with ask(f"decide_{key}", popover="Decide", type=look, width="stretch") as form:
        form.field(st.radio, "say", literal(decision.move.title), ["Accept", "Refuse", "Defer"], horizontal=True)
        form.field(st.selectbox, "until", "Deferred to", months[1:], format_func=period_short)
        form.field(st.text_input, "note", "Reason", help="Needed where you decide over the owner")
        act = partial(decide_on, visit.room, visit.person.id, decision)
        form.button("Record", act, lambda found: f"{found.facts['title']}: {found.state}.", type="primary")


def show_decided(visit: Visit) -> None:
    """What was decided in this cycle, in a line that leads to the list."""
    records = list_decisions(visit.room.store, visit.person.id)
    text = decisions_message(records, visit.cycle.first_open, None, visit.money.words, visit.view.plan.near_text)
    st.page_link("pages/decisions.py", label=literal(text), icon=":material/gavel:")


def _decision_columns(html: str, may_decide: bool) -> st.delta_generator.DeltaGenerator | None:
    if not may_decide:
        st.html(html)
        return None
    left, right = st.columns([7, 1], vertical_alignment="center")
    left.html(html)
    return right


def decision_cells(number: int, decision: Decision, first_open: str, money: MoneyFormat) -> DecisionRow:
    """One decision as the texts of its row."""
    pays, effect_of_it = decision.pays_off, decision.effect
    return DecisionRow(
        number=number,
        title=decision.move.title,
        recommendation=recommendation(decision, money),
        ebit=money.signed(effect_of_it.ebit_12_months, 2),
        lasting=money.signed(effect_of_it.ebit_horizon, 2),
        cash_low=money.signed(effect_of_it.cash_low, 2),
        waiting=money.signed(decision.waiting, 2),
        last_month=period_short(decision.last_month),
        pays_off=MISSING if pays is None else f"{pays[0]} of {pays[1]}",
        owner=decision.move.owner,
        note=terms_sentence(decision, first_open, lambda v: money.labelled(v, 2), money.full),
    )


def show_people_moves(moves: Sequence[PeopleMove], owner: str, money: MoneyFormat) -> None:
    """Who starts and who goes in this plan, and by when to decide it; nothing where nobody does."""
    if not moves:
        return
    more = len(moves) - MOST_PEOPLE_MOVES
    with st.container(border=True, key="card_people"):
        st.header("People who start and go", anchor=False)
        st.html(grey_line("Agreeing this plan decides so"))
        show_table(people_moves_table(moves[:MOST_PEOPLE_MOVES], owner), money)
        if more > 0:
            st.html(grey_line(f"{more} more are on the Production page and in the download."))


def show_exceptions(exceptions: Sequence[ReviewException], plan: Plan, money: MoneyFormat) -> None:
    """The exceptions with the most money at stake."""
    shown = outside_first(exceptions, MOST_EXCEPTIONS)
    st.header(exceptions_title(shown), anchor=False)
    if not exceptions:
        st.html(grey_line("Nothing is late, lost, short, in excess or slipping."))
        return
    st.html(grey_line(exceptions_note(shown, plan)))
    show_table(exceptions_table(shown, plan.near_text, profit_name(plan)), money)
    if len(exceptions) > len(shown):
        left = len(exceptions) - len(shown)
        st.html(grey_line(f"{left} smaller {'one is' if left == 1 else 'ones are'} in the download."))


def show_strategy(strands: Sequence[Strand], plan: Plan, money: MoneyFormat) -> None:
    """Launches and initiatives on one strip."""
    st.header("Strategy: initiatives and launches", anchor=False)
    if not strands:
        st.html(grey_line("No launch or initiative is open. Import launches or initiatives to see them here."))
        return
    st.html(
        grey_line(
            f"Agreed span outlined, done solid, expected end ◆ · slip · "
            f"EBIT it costs in {plan.near_text}, {money.unit}"
        )
    )
    items = [strip_item(strand, money) for strand in strands]
    alt = "; ".join(f"{item.name} {item.text}" for item in items)
    show_chart(chart_strip(items, today=_day(plan.calendar.first_open), alt=alt), key="strategy")


def strip_item(strand: Strand, money: MoneyFormat) -> StripItem:
    """A strand as the strip draws it: '+3 mo · −0.10' in red, 'on date' in green, 'stopped' in neither."""
    text, colour = _strand_text(strand, money)
    return StripItem(
        name=strand.name,
        baseline_start=_day(strand.baseline_start),
        baseline_end=_day(strand.baseline_end),
        start=_day(strand.start),
        forecast_end=_day(strand.forecast_end),
        text=text,
        effect=colour,
    )


def _strand_text(strand: Strand, money: MoneyFormat) -> tuple[str, Effect]:
    """Slip and its cost; the health of what is in trouble without a slip."""
    cost = money.signed(-(strand.slip_cost or 0), 2)
    cost = f" · {cost}" if cost.startswith((MINUS, "+")) else ""
    slip = f"{signed(strand.late)} {in_letters()}{cost}" if strand.late else "on date"
    if strand.state == "stopped":
        return "stopped", "neutral"
    if strand.late > 0:
        return slip, "bad"
    return (f"{slip}, {strand.state}", "bad") if strand.state in ("late", "at risk") else (slip, "good")


def _day(month: str) -> date:
    return first_day(month)
