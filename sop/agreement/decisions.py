"""What leadership decides about a move: a record of what somebody said, and the rules by which it counts.

A decision is accepted, refused or deferred; until its plan is signed it may be taken back. What was accepted is in
the working plan; once its months are closed it is closed itself, with a sentence on what it brought. What was
refused comes back when its worth has changed by half, what was deferred in its month.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sop.access import require, require_owner
from sop.core.calendar import is_period, period_name, worded
from sop.core.errors import BadInput, NotAllowed
from sop.core.measures import headline_measure
from sop.core.money import exact, money_text
from sop.core.register import Place, assumption
from sop.core.terms import Role

DecisionState = Literal["accepted", "refused", "deferred", "taken back", "closed"]
CHANGED = 0.5
"""By so much of what it was worth a move that was refused has to change before it is asked about again."""


@dataclass(frozen=True)
class DecisionRecord:
    """What somebody decided about a move, when (UTC) and why; the last record of a move is its state.

    `move`: key and scope of the assumption that it changes. `until`: the month to which it is deferred. `facts`:
    the move and what it was expected to bring, as plain data: money in minor units.
    """

    id: int
    cycle: str
    move: str
    state: DecisionState
    by: str
    at: str
    note: str
    until: str | None
    facts: Mapping[str, Any]

    @property
    def start(self) -> str:
        """The month from which it is in force."""
        return self.facts.get("start") or self.cycle

    @property
    def expected(self) -> Mapping[str, Any]:
        """What it was expected to bring: EBIT of 12 months and of the horizon, lowest cash, waiting."""
        found: Mapping[str, Any] = self.facts["effect"]
        return found


def move_name(key: str, scope: str) -> str:
    """By what a move is known: the assumption that it changes."""
    return f"{key}|{scope}"


def moved_place(move: str) -> Place:
    """The assumption and the scope that a move of that name changes."""
    key, _, scope = move.partition("|")
    return key, scope


def latest(records: Iterable[DecisionRecord]) -> tuple[DecisionRecord, ...]:
    """The state of every decision, the newest first: a move may be decided on again in each cycle."""
    last: dict[tuple[str, str], DecisionRecord] = {}
    for record in sorted(records, key=lambda record: record.id):
        last[record.cycle, record.move] = record
    return tuple(sorted(last.values(), key=lambda record: -record.id))


def settled_by(
    records: Iterable[DecisionRecord], move: str, first_open: str, worth: int | None
) -> DecisionRecord | None:
    """The record because of which a move need not be decided today; None where it has to be.

    `first_open`: of the open cycle; `worth`: what the move brings to EBIT of the horizon now, minor units.
    """
    record = next((found for found in latest(records) if found.move == move), None)
    if record is None:
        return None
    match record.state:
        case "accepted":
            settled = record.cycle == first_open
        case "deferred":
            settled = record.until is not None and first_open < record.until
        case "refused":
            settled = not _changed(record.expected["ebit_horizon"], worth)
        case _:
            settled = False
    return record if settled else None


def _changed(then: int | None, now: int | None) -> bool:
    if then is None or now is None:
        return then is not now
    return abs(now - then) > CHANGED * abs(then)


def require_authority(role: Role | str, key: str, note: str) -> bool:
    """Whether deciding on a move of this assumption is the chair's ruling over its owner.

    Raises NotAllowed for who neither owns it nor chairs, BadInput for a ruling without a reason.
    """
    require(role, "decide")
    try:
        require_owner(role, key)
    except NotAllowed:
        if Role(role) is not Role.EXECUTIVE:
            raise
        if not note.strip():
            owner = assumption(key).owner.title
            raise BadInput(
                f"{assumption(key).label} belongs to {owner}; deciding over {owner} needs a reason",
                remedy="Write why, in a sentence; it is kept with the decision and signed with the plan",
            ) from None
        return True
    return False


def require_until(until: str, first_open: str) -> None:
    """Raises BadInput unless a decision can be put off to this month."""
    if not is_period(until) or until <= first_open:
        raise BadInput(
            f"a decision cannot be deferred to '{until}'",
            why=worded(f"{period_name(first_open)} is the month that is being planned"),
            remedy=worded("Choose a later month"),
        )


def decision_content(record: DecisionRecord, owner: str, decided_by: str) -> dict[str, Any]:
    """A decision as it is signed: money as decimal text, no clock."""
    facts, effect = record.facts, record.expected
    moved = {key: value for key, value in (facts.get("headline") or {}).items() if value is not None}
    money = {**{key: effect[key] for key in ("ebit_12_months", "ebit_horizon", "cash_low")}, "cost": facts["cost"]}
    return {
        "title": facts["title"],
        "state": record.state,
        "owner": owner,
        "decided_by": decided_by,
        "ruling": bool(facts["ruling"]),
        "reason": record.note,
        "key": facts["key"],
        "scope": facts["scope"],
        "value": facts["value_text"],
        **({"start": facts["start"]} if facts.get("start") else {}),
        **({"until": record.until} if record.until else {}),
        **{key: None if value is None else money_text(value) for key, value in money.items()},
        # Decisions that were signed before every headline measure was kept have none.
        **({"headline": {key: _headline_text(key, value) for key, value in moved.items()}} if moved else {}),
    }


def _headline_text(key: str, value: float | int) -> int | str:
    """A change of a headline measure as it is signed: money as decimal text, the rest as an exact number."""
    return money_text(round(value)) if headline_measure(key).unit == "currency" else exact(value)
