"""The board pack: fourteen slides from the verdict to the sign-off, in the words and figures of the screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sop.agreement.decisions import DecisionRecord
from sop.agreement.gate import GateLine
from sop.agreement.records import Waiver
from sop.analysis.commitments import Commitment
from sop.analysis.comparison.bridge import Bridge
from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.exceptions import ReviewException, outside_first
from sop.analysis.decisions.valuation import Valuation
from sop.analysis.jump import Jump
from sop.analysis.performance.kpis import Kpi
from sop.core.calendar import period_name, period_short, worded
from sop.core.format import MoneyFormat, how_many, number
from sop.core.paper import BoardPack, Slide
from sop.core.present import Cell, Col, Declared, PlanTable
from sop.core.terms import Function
from sop.core.words import in_sentence
from sop.views.board_pack.charts import bridge_chart, cards_of, fan_chart
from sop.views.board_pack.plans import PlanWords, plan_slides, shorter
from sop.views.executive.change_tables import effects_table, kpis_table
from sop.views.executive.decision_words import nothing_to_decide, recommendation, terms_sentence, together_text
from sop.views.executive.decisions_table import decisions_message, decisions_table
from sop.views.executive.gate_words import gate_sentence, gate_table
from sop.views.executive.outlook_page import OutlookPage, outside_sentence
from sop.views.executive.outlook_tables import events_table, targets_table
from sop.views.executive.outside_in import profit_name
from sop.views.executive.plan_message import missing_sentence, review_message
from sop.views.executive.proposal import Proposal
from sop.views.executive.review_table import exceptions_table
from sop.views.executive.sign_off_tables import commitments_table, signatures_table
from sop.views.executive.sign_off_words import sign_off_message
from sop.views.jump_words import jump_sentence
from sop.views.timeline import PlanContext

CLOSED = "What was open when this plan was signed. Its cycle is closed: Performance shows what came of it."
MOST_DECISIONS, MOST_EXCEPTIONS, MOST_EVENTS, MOST_GATE, MOST_COMMITMENTS = 6, 6, 4, 6, 14


@dataclass(frozen=True)
class PackSources:
    """Everything that the pack tells of one plan, as the screens read it.

    `caption` says what the ranges hold. `valuation`: None for a frozen plan, whose decisions are `decided`.
    `proposal`: None for a plan that is not frozen. `open_cycle`: the first open month of the workspace; of a plan
    of an earlier one neither ranges nor outside events are told, which would be those of today.
    """

    context: PlanContext
    words: PlanWords
    plan_name: str
    digest: str
    fictional: bool
    open_cycle: str
    kpis: Sequence[Kpi]
    bridge: Bridge | None
    outlook: OutlookPage
    caption: str
    jumps: Sequence[Jump]
    valuation: Valuation | None
    decided: Sequence[DecisionRecord]
    exceptions: Sequence[ReviewException]
    commitments: Sequence[Commitment]
    gate: Sequence[GateLine]
    waivers: Sequence[Waiver]
    proposal: Proposal | None
    names: Mapping[str, str]

    @property
    def is_open(self) -> bool:
        """Whether the plan is of the open cycle."""
        return self.context.plan.calendar.first_open == self.open_cycle


def build_pack(sources: PackSources) -> BoardPack:
    """The pack of a plan: verdict, bridge, range, decisions, seven plans, commitments, risks, sign-off."""
    plan = sources.context.plan
    slides = (
        _verdict(sources),
        _bridge(sources),
        _range(sources),
        _decisions(sources),
        *plan_slides(sources.context, sources.words),
        _commitments(sources),
        _risks(sources),
        _sign_off(sources),
    )
    return BoardPack(
        company=plan.company,
        fictional=sources.fictional,
        cycle=period_name(plan.calendar.first_open),
        plan=sources.plan_name,
        state=_state(sources),
        digest=sources.digest,
        money=plan.money,
        slides=slides,
    )


def _state(sources: PackSources) -> str:
    if sources.proposal is None:
        return "not signed: a working plan, as it stood when this was made"
    state = sources.proposal.state
    word = "up for signing" if state.record.state == "proposed" else state.record.state
    return f"{word}, {state.given} of {how_many(len(state.required), 'signatures')}"


def _verdict(sources: PackSources) -> Slide:
    plan, base = sources.context.plan, sources.context.base
    text = review_message(plan, base, sources.bridge, sources.kpis, sources.valuation)
    missing = missing_sentence(sources.kpis, plan)
    beside = [name for name, read in (("agreed plan", "base"), ("budget", "budget")) if _any(sources, read)]
    span = f", also of the {' and the '.join(beside)}" if beside else ""
    jump = jump_sentence(sources.jumps, None, plan.currency)
    notes = [f"Figures of {plan.near_span}{span}.", jump, missing]
    table = kpis_table(sources.kpis, sources.context.base_name or "Agreed plan").without_empty_columns()
    return Slide(
        "verdict",
        "Executive summary",
        text,
        cards=cards_of(sources.kpis, plan.money),
        tables=(table,),
        notes=tuple(filter(None, notes)),
    )


def _any(sources: PackSources, read: str) -> bool:
    return any(getattr(kpi, read) is not None for kpi in sources.kpis)


def _bridge(sources: PackSources) -> Slide:
    plan, bridge = sources.context.plan, sources.bridge
    if bridge is None:
        why = "no agreed plan, no budget and less than a year of sales"
        why = why if plan.has_revenue else plan.why_unknown("revenue")
        return Slide("bridge", "What changed", f"What moved revenue is not known: {why}.")
    revenue = next(kpi for kpi in sources.kpis if kpi.key == "revenue")
    chart = bridge_chart(bridge, revenue, plan.money)
    cause, gap = bridge.main_cause, bridge.total - bridge.start[1]
    money = plan.money
    text = f"{bridge.title}: revenue {money.labelled(bridge.total)}, {money.signed(gap)} {money.unit}"
    if cause is not None:
        text += f"; most of it from {cause[0]}, {money.signed(cause[1])}"
    kept, notes = shorter(effects_table(bridge))
    tables = (kept,) if bridge.effects else ()
    return Slide("bridge", "What changed", f"{text}.", chart=chart, tables=tables, notes=notes)


def _range(sources: PackSources) -> Slide:
    plan, page = sources.context.plan, sources.outlook
    if page.outlook is None:
        why = plan.why_unknown("revenue")
        return Slide("range", "What will happen", f"Ranges and chances of revenue are not known: {why}.")
    outlook, money = page.outlook, plan.money
    end = outlook.plan[-1]
    text = f"Revenue of the {plan.calendar.rolling_text} is planned at {money.labelled(end)}"
    if outlook.span:
        low, high = (money.labelled(value) for value in outlook.span)
        text += f", between {low} and {high} in eight of ten cases"
    draws = f"Rests on {how_many(number(outlook.draws), 'draws')}." if outlook.draws else ""
    table, more = shorter(targets_table(page.targets, plan.worst))
    tables = (table,) if outlook.draws else ()
    notes = tuple(filter(None, (f"{sources.caption}.", draws, *more)))
    chart = fan_chart(outlook, sources.plan_name, money)
    return Slide("range", "What will happen", f"{text}.", chart=chart, tables=tables, notes=notes)


def _decisions(sources: PackSources) -> Slide:
    plan, money = sources.context.plan, sources.context.plan.money
    taken, more = shorter(decisions_table(sources.decided, sources.names, plan.near_text), MOST_DECISIONS)
    if sources.valuation is None or not plan.has_revenue:
        text = decisions_message(sources.decided, plan.calendar.first_open, None, money.words, plan.near_text)
        return Slide("decisions", "Decisions", text, tables=(taken,), notes=more)
    wanted, first = sources.valuation.decisions, plan.months[0]
    due = sum(each.recommended and each.last_month == first for each in wanted)
    text = decisions_message(sources.decided, plan.calendar.first_open, due, money.words, plan.near_text)
    together, notes = sources.valuation.together, list(more)
    if together is not None:
        change = partial(money.signed, decimals=2)
        told = together_text(together, len(plan.months), change, money.unit, plan.near_text)
        notes.insert(0, told)
    table, others = shorter(
        wanted_table(wanted, first, money, plan.near_text, nothing_to_decide(plan)), MOST_DECISIONS
    )
    tables = (table, taken) if taken.rows else (table,)
    return Slide("decisions", "Decisions", text, tables=tables, notes=(*notes, *others))


def wanted_table(
    decisions: Sequence[Decision], first_open: str, money: MoneyFormat, near: str, nothing: str
) -> PlanTable:
    """The decisions wanted, as the executive review tells each; `nothing`: what is said where there are none."""

    def terms(decision: Decision) -> str:
        return terms_sentence(decision, first_open, lambda value: money.labelled(value, 2), money.full)

    return Declared[Decision](
        "Decide today",
        (
            Col("Decision", "text", lambda each: Cell(each.move.title, note=terms(each), strong=True)),
            Col("Recommended", "text", lambda each: recommendation(each, money)),
            Col(f"EBIT, {near}", "money", lambda each: each.effect.ebit_12_months, signed=True, better=1),
            Col("to the horizon", "money", lambda each: each.effect.ebit_horizon, signed=True, better=1),
            Col("Lowest cash", "money", lambda each: each.effect.cash_low, signed=True, better=1),
            Col(worded("A month later"), "money", lambda each: each.waiting, signed=True, better=1),
            Col("Decide by", "text", lambda each: period_short(each.last_month)),
            Col("Owner", "text", lambda each: each.move.owner),
        ),
        nothing,
    ).of(decisions)


def _commitments(sources: PackSources) -> Slide:
    plan = sources.context.plan
    if not sources.commitments:
        text = "This plan has no people, spending or cash lines: their data are not loaded."
        return Slide("commitments", "What signing commits us to", text)
    table, notes = shorter(commitments_table(plan, sources.commitments), MOST_COMMITMENTS)
    text = commitments_sentence(sources.commitments, plan.money, plan.near_text)
    return Slide("commitments", "What signing commits us to", text, tables=(table,), notes=notes)


def commitments_sentence(commitments: Sequence[Commitment], money: MoneyFormat, near: str) -> str:
    """What signing commits to in the `near` span: 'Hires 4, purchases 18.9 M€; cash at month end 0.7 M€ at its
    lowest.'"""
    whole = [line for line in commitments if ", " not in line.label]
    told = [f"{in_sentence(line.label)} {_amount(line, money)}" for line in whole if line.total and not line.low]
    lows = [f"{in_sentence(line.label)} {_amount(line, money)} at its lowest" for line in whole if line.low]
    parts = [", ".join(told) or "nothing beyond what is paid already", *lows]
    text = "; ".join(parts)
    return f"Next {near}: {text}."


def _amount(line: Commitment, money: MoneyFormat) -> str:
    if line.unit == "currency":
        return money.words(line.total)
    return number(line.total) if line.unit == "people" else how_many(number(line.total), line.unit)


def _risks(sources: PackSources) -> Slide:
    plan, page = sources.context.plan, sources.outlook
    text = outside_sentence(plan, plan.money, page.outside, page.outlook) if sources.is_open else CLOSED
    shown = outside_first(sources.exceptions, MOST_EXCEPTIONS)
    left = len(sources.exceptions) - len(shown)
    events, more = shorter(
        events_table(page.outside.stakes, profit_name(plan), plan.calendar, plan.money), MOST_EVENTS
    )
    notes = (*more, *((f"{left} smaller exceptions are in the app.",) if left else ()))
    tables = (exceptions_table(shown, plan.near_text, profit_name(plan)), events.without_empty_columns())
    return Slide("risks", "Risks and exceptions", text, tables=tuple(t for t in tables if t.rows), notes=notes)


def _sign_off(sources: PackSources) -> Slide:
    gate = gate_sentence(sources.gate, sources.waivers)
    lines = gate_table(sources.gate[:MOST_GATE], sources.waivers, sources.names, "Checks")
    left = len(sources.gate) - MOST_GATE
    notes = [gate, f"{left} more {'line is' if left == 1 else 'lines are'} in the app." if left > 0 else ""]
    proposal, tables = sources.proposal, (lines,) if lines.rows else ()
    if proposal is None:
        text = "This is a working plan: nobody has signed it, and it may change."
    else:
        text = sign_off_message(proposal, sources.open_cycle)
        tables = (signatures_table(proposal.state), *tables)
        notes += [
            f"{Function(each.function).title} {'dissents' if each.meaning == 'dissent' else 'on a condition'}: "
            f"{each.comment}"
            for each in proposal.state.signatures
            if each.meaning != "approve"
        ]
        notes += [f"{event.state.capitalize()}: {event.reason}" for event in proposal.state.events if event.reason]
    notes.append(f"Digest of what is shown (SHA-256): {sources.digest}")
    return Slide("sign-off", "Sign-off", text, tables=tables, notes=tuple(filter(None, notes)))
