"""The register of assumptions as it stands in the working plan: every entry with value, owner, reason and age."""

from __future__ import annotations

from dataclasses import dataclass

from sop.analysis.decisions.levers import Lever, build_lever, scope_names
from sop.core.inputs import Inputs
from sop.core.register import REGISTER, Assumption, Entry, as_assumptions
from sop.core.terms import Function
from sop.services.acting import reading
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.scenarios.assumption_form import MONTHLY_KINDS, WHOLE
from sop.services.scenarios.drafts import working_scenario
from sop.store.people import read_people
from sop.store.scenarios import Scenario, read_assumptions


@dataclass(frozen=True)
class RegisterRow:
    """One assumption at one scope: where it stands, and who set it why, None where nobody did.

    `expired`: the entry was meant to hold until a month before the open cycle.
    """

    lever: Lever
    entry: Entry | None
    by: str = ""
    expired: bool = False

    @property
    def owner(self) -> Function:
        """The function that owns it."""
        return self.lever.entry.owner

    @property
    def scope(self) -> str:
        """What it applies to, in words."""
        return self.lever.name or WHOLE


@dataclass(frozen=True)
class Register:
    """Every row of the register with the working plan that it belongs to."""

    scenario: Scenario
    rows: tuple[RegisterRow, ...]

    @property
    def message(self) -> str:
        """How much of the register people have set, in one sentence."""
        own = [row for row in self.rows if row.entry]
        expired = sum(row.expired for row in own)
        if not own:
            return f"All {len(self.rows)} assumptions stand at what the tables or the register say."
        owners = [(function, sum(row.owner is function for row in own)) for function in Function]
        who = ", ".join(f"{function.title} {count}" for function, count in owners if count)
        old = f"; {expired} {'has' if expired == 1 else 'have'} expired" if expired else ""
        return f"{len(own)} of {len(self.rows)} assumptions are set by people ({who}){old}."


def read_register(room: PlanningRoom, person_id: str, inputs: InputSet) -> Register:
    """The register in the working plan. Raises NotAllowed."""
    scenario = working_scenario(room.store, person_id)
    with reading(room.store, person_id) as tx:
        found = read_assumptions(tx, scenario.id)
        names = {person.id: person.name for person in read_people(tx)}
    entries, assumptions = {(entry.key, entry.scope): entry for entry in found}, as_assumptions(found)
    rows = []
    for entry in REGISTER:
        for scope in _scopes(inputs.inputs, entry, [s for key, s in entries if key == entry.key]):
            lever, set_here = (
                build_lever(inputs.inputs, assumptions, entry.key, scope),
                entries.get((entry.key, scope)),
            )
            expiry = set_here.expiry if set_here else None
            expired = bool(expiry) and str(expiry)[:7] < inputs.cycle.first_open
            rows.append(
                RegisterRow(lever, set_here, names.get(set_here.by, set_here.by) if set_here else "", expired)
            )
    return Register(scenario, tuple(rows))


def settable(inputs: Inputs, owner: Function) -> dict[str, tuple[str, ...]]:
    """The scopes at which an owner can set each of their assumptions; the empty scope is the whole company.

    What is said of one family, region and month is edited on the Sales page.
    """
    return {
        entry.key: tuple(_possible(inputs, entry))
        for entry in REGISTER
        if entry.owner is owner and entry.scope not in MONTHLY_KINDS and _possible(inputs, entry)
    }


def _possible(inputs: Inputs, entry: Assumption) -> list[str]:
    narrow = [*scope_names(inputs, entry), *_named(inputs, entry)]
    return ["", *narrow] if entry.default is not None and entry.scope not in _NAMED else narrow


def _scopes(inputs: Inputs, entry: Assumption, set_scopes: list[str]) -> list[str]:
    """The rows of an entry: the whole company or each named thing, then whatever people set besides."""
    usual = _named(inputs, entry) if entry.scope in _NAMED else [""]
    return [*usual, *(scope for scope in set_scopes if scope not in usual)]


_NAMED = ("launch", "initiative", "event")


def _named(inputs: Inputs, entry: Assumption) -> list[str]:
    things = {"launch": inputs.launches, "initiative": inputs.initiatives, "event": inputs.events}
    return [thing.name for thing in things.get(entry.scope) or ()]
