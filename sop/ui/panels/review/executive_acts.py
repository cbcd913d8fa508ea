"""The executive review on screen: what to decide, what is out of order, and how strategy comes along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.exceptions import ReviewException, outside_first
from sop.analysis.decisions.valuation import Valuation
from sop.analysis.people import PeopleMove
from sop.core.calendar import period_short
from sop.core.format import MINUS, MISSING, Effect, MoneyFormat, effect, signed
from sop.core.plan import Plan
from sop.ui.charts import StripItem, chart_strip, show_chart
from sop.ui.kit.cards import grey_line
from sop.ui.kit.html_tables import DecisionRow, decision_row, decisions_head
from sop.ui.kit.tables import show_table
from sop.views.executive.review_table import EXCEPTIONS, people_moves_table
from sop.views.portfolio.strip import Strand

MOST_EXCEPTIONS = 6
MOST_PEOPLE_MOVES = 6
NO_BREAK = "\u00a0"


def show_decisions(valuation: Valuation, plan: Plan, money: MoneyFormat, may_decide: bool) -> Decision | None:
    """The decisions wanted today with their money; returns the one whose button was pressed."""
    st.header("Decide today", anchor=False)
    if not plan.has_revenue:
        why = plan.why_unknown("revenue")
        st.html(grey_line(f"What a decision is worth is not known: {why}. Scenarios show what it does in units."))
        return None
    if not valuation.decisions:
        st.html(grey_line("No limit binds and nothing slips that a decision of today would change noticeably."))
        return None
    st.html(
        grey_line(
            "Effects on the next 12 months, each found by planning again as if in force from the first month · "
            "pays off: cases of low (P10), planned and high (P90) demand in which EBIT rises"
        )
    )
    chosen = None
    with st.container(gap="xsmall"):
        _decision_columns(decisions_head(money.unit), may_decide)
        for place, decision in enumerate(valuation.decisions):
            row = decision_row(decision_cells(place + 1, decision, money))
            button = _decision_columns(row, may_decide)
            urgent = decision.recommended and decision.last_month == plan.months[0]
            if button is not None and button.button(
                "Decide",
                key=f"decide_{place}",
                type="primary" if urgent else "secondary",
                width="stretch",
                help="Opens Scenarios with this change in your own draft",
            ):
                chosen = decision
    stand_in = (
        " EBIT is not known in this plan: gross margin stands in for it." if plan.headline["ebit"] is None else ""
    )
    st.html(grey_line(together_sentence(valuation, money) + stand_in))
    return chosen


def _decision_columns(html: str, may_decide: bool) -> st.delta_generator.DeltaGenerator | None:
    if not may_decide:
        st.html(html)
        return None
    left, right = st.columns([10, 1], vertical_alignment="center")
    left.html(html)
    return right


def decision_cells(number: int, decision: Decision, money: MoneyFormat) -> DecisionRow:
    """One decision as the texts of its row."""
    pays = decision.pays_off
    return DecisionRow(
        number=number,
        title=decision.move.title,
        recommendation=recommendation(decision, money),
        ebit=money.signed(decision.ebit, 2),
        revenue=money.signed(decision.revenue, 2),
        waiting=money.signed(decision.waiting, 2),
        last_month=period_short(decision.last_month),
        pays_off=MISSING if pays is None else f"{pays[0]} of {pays[1]}",
        owner=decision.move.owner,
    )


def recommendation(decision: Decision, money: MoneyFormat) -> str:
    """Yes or no with what goes along: lead time, stock, and what the valuation takes for granted."""
    parts = []
    if abs(decision.lead_time) >= 1:
        parts.append(f"lead time {signed(decision.lead_time)} days")
    if effect(money.signed(decision.inventory, 2), False) == "good" and decision.move.kind == "stock":
        parts.append(f"stock {money.signed(decision.inventory, 2)} {money.unit}")
    if decision.move.condition == "cost" and decision.recommended:
        parts.append(f"if it costs under {money.text(decision.ebit, 2)}{NO_BREAK}{money.unit}")
    elif decision.move.condition == "success":
        parts.append("if it works fully")
    return ", ".join(["Yes" if decision.recommended else "No", *parts])


def show_people_moves(moves: Sequence[PeopleMove], owner: str, money: MoneyFormat) -> None:
    """Who starts and who goes in this plan, and by when to decide it; nothing where nobody does."""
    if not moves:
        return
    st.html(grey_line("In this plan people start and go; agreeing it decides so"))
    show_table(people_moves_table(moves[:MOST_PEOPLE_MOVES], owner), money)
    if len(moves) > MOST_PEOPLE_MOVES:
        st.html(
            grey_line(f"{len(moves) - MOST_PEOPLE_MOVES} more are on the Production page and in the download.")
        )


def together_sentence(valuation: Valuation, money: MoneyFormat) -> str:
    """What all recommended decisions bring at once: less than their sum where they share a limit."""
    if valuation.together is None:
        return ""
    ebit, revenue = (money.signed(value, 2) for value in valuation.together)
    return f"All recommended together, re-planned: EBIT {ebit} {money.unit}, revenue {revenue} {money.unit}."


def show_exceptions(exceptions: Sequence[ReviewException], money: MoneyFormat) -> None:
    """The exceptions with the most money at stake."""
    st.header("Exceptions, ranked by money at stake" if money.known else "Exceptions", anchor=False)
    if not exceptions:
        st.html(grey_line("Nothing is late, lost, short, in excess or slipping."))
        return
    stakes = "late, lost: revenue · slips, events: EBIT · short: margin · excess: carrying cost"
    st.html(grey_line(f"What comes from outside first · {stakes if money.known else 'in units'} · 12 months"))
    shown = outside_first(exceptions, MOST_EXCEPTIONS)
    show_table(EXCEPTIONS.of(shown), money)
    if len(exceptions) > len(shown):
        st.html(grey_line(f"{len(exceptions) - len(shown)} smaller ones are in the download."))


def show_strategy(strands: Sequence[Strand], today: str, money: MoneyFormat) -> None:
    """Launches and initiatives on one strip."""
    st.header("Strategy: initiatives and launches", anchor=False)
    if not strands:
        st.html(grey_line("No launch or initiative is open. Import launches or initiatives to see them here."))
        return
    st.html(
        grey_line(
            f"Agreed span outlined, done solid, expected end ◆ · slip · EBIT it costs in 12 months, {money.unit}"
        )
    )
    items = [strip_item(strand, money) for strand in strands]
    alt = "; ".join(f"{item.name} {item.text}" for item in items)
    show_chart(chart_strip(items, today=_day(today), alt=alt), key="strategy")


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
    slip = f"{signed(strand.late)} mo{cost}" if strand.late else "on date"
    if strand.state == "stopped":
        return "stopped", "neutral"
    if strand.late > 0:
        return slip, "bad"
    return (f"{slip}, {strand.state}", "bad") if strand.state in ("late", "at risk") else (slip, "good")


def _day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
