"""The agenda of a cycle's meeting, made from what is known: outside events first, then exceptions, decisions that
are due, and conditions on which a plan was signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sop.agreement.decisions import move_name
from sop.agreement.process_records import ItemKind, Task
from sop.analysis.decisions.between_cycles import RANGE
from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.exceptions import OUTSIDE, ReviewException
from sop.analysis.gate.review_lines import exception_ref
from sop.core.calendar import is_period, period_name
from sop.core.format import MINUS
from sop.core.words import Words

MOST_EXCEPTIONS = 4
"""Exceptions that are not of the outside and come on the agenda by themselves; more are put there by hand."""
MINUTES = {"outside": 10, "exception": 5, "decision": 10, "condition": 5, "own": 10}
"""How long an item of a kind is given."""


@dataclass(frozen=True)
class DraftItem:
    """An item as it is proposed: what it is about, its title and message in words, and its owner by title."""

    kind: ItemKind
    ref: str
    title: str
    message: str
    owner: str

    @property
    def minutes(self) -> int:
        """The time that it is given."""
        return MINUTES[self.kind]


def draft_agenda(
    exceptions: Sequence[ReviewException],
    decisions: Iterable[Decision],
    conditions: Iterable[Task],
    names: dict[str, str],
    money: Words,
    resting: Collection[str] = (),
) -> tuple[DraftItem, ...]:
    """The items of a meeting in their order. `conditions`: tasks that are open; `names`: of people by id;
    `resting`: families that are not up this cycle, whose exceptions wait."""
    asked = [found for found in exceptions if found.kind == RANGE or (found.kind != OUTSIDE and found.at_stake)]
    inside = [found for found in asked if found.name not in resting][:MOST_EXCEPTIONS]
    return (
        *(_exception("outside", found, money) for found in exceptions if found.kind == OUTSIDE),
        *(_exception("exception", found, money) for found in inside),
        *(_decision(decision, money) for decision in decisions),
        *(_condition(task, names) for task in conditions),
    )


def _exception(kind: ItemKind, found: ReviewException, money: Words) -> DraftItem:
    stake = f"{money(found.at_stake)} at stake" if found.at_stake else ""
    title = (found.name or found.sentence)[:120]
    # The title stands over the message, which does not say it again.
    said = "" if found.sentence == title else found.sentence.removeprefix(f"{title}: ").rstrip(".")
    parts = [part for part in (said, found.detail.rstrip("."), stake) if part]
    message = f"{'; '.join(parts)}." if parts else ""
    if said != found.sentence.rstrip("."):
        message = message[:1].upper() + message[1:]
    return DraftItem(kind, exception_ref(found), title, message, found.owner)


def _decision(decision: Decision, money: Words) -> DraftItem:
    move, ebit = decision.move, decision.effect.ebit_horizon
    worth = "" if ebit is None else f" EBIT to the horizon {'+' if ebit > 0 else MINUS}{money(abs(ebit))}."
    advice = "Recommended" if decision.recommended else f"Not recommended: {decision.why_not}"
    message = f"{advice}; to be decided by {period_name(decision.last_month)}.{worth}"
    return DraftItem("decision", move_name(move.key, move.scope), move.title[:120], message, move.owner)


def _condition(task: Task, names: dict[str, str]) -> DraftItem:
    owner = names.get(task.owner, task.owner)
    due = period_name(task.due) if is_period(task.due) else task.due
    return DraftItem("condition", f"task|{task.id}", task.title[:120], f"“{task.note}”, until {due}", owner)
