"""What it takes for a scenario to become the working plan: each owner consents to what it changes of theirs, or
the CEO rules for an owner, with a reason.

A consent holds for exactly the changes that were seen. Where the scenario or the working plan moves on in what an
owner consented to, that owner is asked again; what others consented to stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sop.core.errors import BadInput, NotAllowed
from sop.core.register import Place, assumption
from sop.core.terms import Function, Role
from sop.core.words import sha256_hex

Said = Literal["asked", "consents", "rules", "declines", "done"]


@dataclass(frozen=True)
class Consent:
    """What somebody said about a scenario: that it is asked for; for a function, yes, no, or the chair's ruling;
    that it is done. `basis`: digest of the function's changes that were seen."""

    id: int
    scenario_id: int
    cycle: str
    said: Said
    function: str
    basis: str
    note: str
    by: str
    at: str


Held = tuple[object, object]
"""A value with its start, as a scenario holds it."""
Changes = Mapping[Place, tuple[Held, Held]]
"""Where a scenario differs from the working plan: what stands there, and what is wanted."""


@dataclass(frozen=True)
class Promotion:
    """A scenario that is asked to become the working plan: who is to be asked, and who has said what.

    `given`: by function, the consent or ruling that holds for what the scenario changes now.
    """

    scenario_id: int
    asked: Consent
    needed: tuple[Function, ...]
    given: Mapping[Function, Consent]

    @property
    def open(self) -> tuple[Function, ...]:
        """The owners who have not said yes to what it changes now."""
        return tuple(function for function in self.needed if function not in self.given)


def owners_of(changes: Changes) -> dict[Function, str]:
    """The owners of what a scenario changes, each with the digest of the changes that are theirs."""
    mine: dict[Function, list[str]] = {}
    for place, (was, wanted) in sorted(changes.items()):
        mine.setdefault(assumption(place[0]).owner, []).append(f"{place} {was} {wanted}")
    return {function: sha256_hex("\n".join(mine[function])) for function in Function if function in mine}


def standing(records: Iterable[Consent], scenario_id: int, changes: Changes) -> Promotion | None:
    """Where the promotion of a scenario stands; None where it is not asked for, was declined or is done."""
    asked: Consent | None = None
    given: dict[Function, Consent] = {}
    owners = owners_of(changes)
    for record in sorted(records, key=lambda each: each.id):
        if record.scenario_id != scenario_id:
            continue
        match record.said:
            case "asked":
                asked, given = record, {}
            case "declines" | "done":
                asked = None
            case _:
                function = Function(record.function)
                if owners.get(function) == record.basis:
                    given[function] = record
    return None if asked is None else Promotion(scenario_id, asked, tuple(owners), given)


def declined(records: Iterable[Consent], scenario_id: int) -> Consent | None:
    """Who declined a scenario last; None where nobody did, or it was asked for anew since."""
    mine = [record for record in records if record.scenario_id == scenario_id and record.said != "consents"]
    last = max(mine, key=lambda record: record.id, default=None)
    return last if last is not None and last.said == "declines" else None


def require_voice(role: Role, promotion: Promotion) -> Function:
    """The function for which somebody says yes or no. Raises NotAllowed for who owns nothing that it changes."""
    function = role.function
    if function is None or function not in promotion.needed:
        who = ", ".join(each.title for each in promotion.needed)
        raise NotAllowed(
            "this scenario changes nothing that you own", remedy=f"It is {who} who consent to what it changes"
        )
    return function


def require_ruling(role: Role, note: str) -> None:
    """Raises NotAllowed unless somebody chairs, and BadInput for a ruling over owners without a reason."""
    if role is not Role.EXECUTIVE:
        raise NotAllowed("only the CEO decides over an owner", remedy="Ask each owner, or bring it to the CEO")
    if not note.strip():
        raise BadInput(
            "deciding over an owner needs a reason", remedy="Write why; it is kept and told to everybody"
        )
