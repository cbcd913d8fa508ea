"""Where a frozen plan stands, in one sentence."""

from __future__ import annotations

from sop.core.calendar import period_name
from sop.core.format import how_many
from sop.core.terms import Function
from sop.core.words import all_of
from sop.views.executive.proposal import Proposal
from sop.views.executive.sign_off_tables import when


def sign_off_message(proposal: Proposal, cycle: str) -> str:
    """Where a plan stands, in one sentence; `cycle` is the open one."""
    state, name = proposal.state, proposal.name
    if state.record.state == "agreed" and state.record.cycle < cycle:
        name = f"{period_name(cycle)} has no proposal yet; {name}"
    record = state.record
    if record.state == "agreed":
        given = f"{how_many(state.given, 'signatures')} of {len(state.required)}{_but(proposal)}"
        return f"{name} is agreed and in force: {given}."
    if record.state != "proposed":
        return f"{name} is {record.state}: {_last_reason(proposal)}."
    if state.chair_decides:
        who = all_of([Function(s.function).title for s in state.dissents])
        dissent = "dissents" if len(state.dissents) == 1 else "dissent"
        return (
            f"{name} has all signatures, but {who} {dissent}: the plan agreed last stands unless the CEO decides."
        )
    open_ = all_of([Function(function).title for function in state.open_functions])
    waiting = f"; {open_} {'is' if len(state.open_functions) == 1 else 'are'} open" if open_ else ""
    return (
        f"{name} is up for signing: {state.given} of "
        f"{how_many(state.needed, 'signatures')}{_but(proposal)}{waiting}."
    )


def _but(proposal: Proposal) -> str:
    """How many of the signatures dissent or carry a condition."""
    meanings = [signature.meaning for signature in proposal.state.signatures]
    parts = [(meanings.count("conditional"), "on a condition"), (meanings.count("dissent"), "dissenting")]
    said = [f"{count} {word}" for count, word in parts if count]
    return f" ({', '.join(said)})" if said else ""


def _last_reason(proposal: Proposal) -> str:
    event = proposal.state.events[-1]
    return event.reason.rstrip(".") or f"on {when(event.at)}"
