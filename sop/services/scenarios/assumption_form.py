"""What a form that changes one assumption shows: where it stands, who set it and why, and who may change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sop.analysis.decisions.levers import Lever, build_lever, can_move, scope_names, scope_title
from sop.core.inputs import Inputs
from sop.core.register import REGISTER, Assumption, as_assumptions
from sop.services.company.people import names_of
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.scenarios.bench import why_locked
from sop.services.scenarios.drafts import entries
from sop.store.people import Person

WHOLE = "Whole company"
MONTHLY_KINDS = ("family_month", "history_month")
"""Assumptions about one family, region and month, which have forms of their own."""


@dataclass(frozen=True)
class Edit:
    """One assumption as a form shows it.

    `locked` says why it may not be changed, and is empty where it may; `version` is what a change is checked
    against, 0 where nobody has set the value.
    """

    lever: Lever
    scenario_id: int
    version: int = 0
    by: str = ""
    reason: str = ""
    expiry: str | None = None
    locked: str = ""


def edit_keys(inputs: Inputs, keys: Sequence[str]) -> tuple[Assumption, ...]:
    """The register's entries of these keys, as far as the company has the data that they act on."""
    wanted = [entry for entry in REGISTER if entry.key in keys and can_move(inputs, entry.key)]
    return tuple(entry for entry in wanted if edit_scopes(inputs, entry))


def edit_scopes(inputs: Inputs, entry: Assumption) -> dict[str, str]:
    """What an entry can be set for, scope → name on screen; nothing for what is set month by month."""
    named: dict[str, Sequence[str]] = {
        "launch": [launch.name for launch in inputs.launches or ()],
        "initiative": [initiative.name for initiative in inputs.initiatives or ()],
        "event": [event.name for event in inputs.events or ()],
        "currency": _foreign(inputs),
    }
    if entry.scope in MONTHLY_KINDS:
        return {}
    whole = {"": WHOLE} if entry.default is not None else {}
    narrow = scope_names(inputs, entry) or named.get(entry.scope, ())
    if entry.scope in named and not narrow:
        return {}
    return whole | {scope: scope_title(inputs, entry, scope) for scope in narrow}


def _foreign(inputs: Inputs) -> list[str]:
    exchange = inputs.exchange
    return [] if exchange is None else sorted({name for name in exchange.currency if name != exchange.home})


def read_edit(room: PlanningRoom, person: Person, inputs: InputSet, view: View, key: str, scope: str) -> Edit:
    """One assumption in the scenario that is shown, read anew. A frozen plan is locked."""
    if view.scenario is None:
        lever = build_lever(inputs.inputs, view.assumptions, key, scope)
        return Edit(lever, 0, locked=f"{view.name} is frozen. Choose the working plan above to change it.")
    found = entries(room.store, person.id, view.scenario.id)
    lever = build_lever(inputs.inputs, as_assumptions(found), key, scope)
    locked = why_locked(person, view.scenario, key)
    stored = next((entry for entry in found if (entry.key, entry.scope) == (key, scope)), None)
    if stored is None:
        return Edit(lever, view.scenario.id, locked=locked)
    names = names_of(room.store)
    by = names.get(stored.by, stored.by)
    return Edit(lever, view.scenario.id, stored.version, by, stored.reason, stored.expiry, locked)
