"""What signing means, in sentences: what one commits to, what is open, who dissents, and what comes after."""

from __future__ import annotations

from collections.abc import Sequence

from sop.agreement.process_records import Task
from sop.analysis.commitments import Commitment
from sop.core.calendar import is_period, period_name, shift_period, worded
from sop.core.format import number
from sop.core.terms import Function
from sop.core.words import Money, in_sentence
from sop.views.executive.proposal import Proposal

_MONEY = ("Purchases", "Capital spending", "Launch spend", "Initiative spend")


def commitment_sentence(proposal: Proposal, money: Money) -> str:
    """What signing commits the company to over twelve months: people, purchases, spending, lowest cash."""
    lines = {line.label: line for line in proposal.commitments}
    people = [
        f"{label[0].lower()}{label[1:]} {number(line.total)}"
        for label, line in lines.items()
        if line.unit == "people" and line.total and "," not in label
    ]
    spent = [_money(lines[label], money) for label in _MONEY if label in lines and lines[label].total]
    low = next((line for line in proposal.commitments if line.low and line.total is not None), None)
    cash = []
    if low is not None and low.total is not None:
        at = low.months.index(low.total)
        cash = [f"cash falls to {money(low.total)} in {period_name(proposal.plan.months[at])}"]
    parts = [*people, *spent, *cash]
    if not parts:
        return "The data of this plan name no people, purchases or cash that signing commits the company to."
    return worded(f"You commit the company, over the next 12 months, to: {'; '.join(parts)}.")


def _money(line: Commitment, money: Money) -> str:
    return f"{in_sentence(line.label)} of {money(line.total or 0)}"


def standing_sentence(proposal: Proposal, due: int | None) -> str:
    """Which decisions are open and who dissents or set a condition so far.

    `due`: recommended decisions that are due today and not taken; None while they are being valued.
    """
    open_ = (
        "Decisions are still being valued"
        if due is None
        else "No recommended decision is open"
        if not due
        else f"{due} recommended decision{' is' if due == 1 else 's are'} due and not taken"
    )
    said = [
        f"{Function(signature.function).title} {word}: “{signature.comment.strip()}”"
        for meaning, word in (("dissent", "dissents"), ("conditional", "approves on a condition"))
        for signature in proposal.state.signatures
        if signature.meaning == meaning
    ]
    return f"{open_}. {'; '.join(said) if said else 'Nobody dissents so far, and nobody set a condition'}."


def next_sentence(proposal: Proposal, open_cycle: str, conditions: Sequence[Task]) -> str:
    """What comes after the last signature; empty where the plan is not the open cycle's agreed one."""
    record = proposal.record
    if record.state != "agreed" or record.cycle != open_cycle:
        return ""
    open_ = [task for task in conditions if task.is_open]
    met = (
        f"{len(open_)} condition{'s' if open_[1:] else ''} to be met, the first until {_until(open_[0].due)}; "
        if open_
        else ""
    )
    return worded(
        f"All have signed. What comes next: download the snapshot and keep it outside; {met}when the actuals of "
        f"{period_name(open_cycle)} are in, the coordinator closes the month on the Cycle page, and "
        f"{period_name(shift_period(open_cycle, 1))} is planned from this plan."
    )


def _until(due: str) -> str:
    return period_name(due) if is_period(due) else due
