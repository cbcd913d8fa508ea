"""What people, settings, cycles and scenarios must be by the audit chain: its entries acted out again.

These rows change, so no digest of theirs is sealed; but every change is an entry, and the last says what is so.
Private drafts are nobody's business and are left out, with what was copied out of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import select

from sop.store.schema import (
    AssumptionRow,
    AuditRow,
    CycleRow,
    PersonRow,
    ScenarioRow,
    SettingRow,
    canonical_json,
)
from sop.store.transaction import Transaction

Place = tuple[str, str]
"""An assumption in a scenario: key and scope."""


@dataclass
class _ScenarioState:
    """A scenario by its entries. `whole`: whether every value of it is known from them."""

    name: str = ""
    kind: str = ""
    whole: bool = False
    values: dict[Place, str] = field(default_factory=dict)
    gone: set[Place] = field(default_factory=set)


@dataclass
class _State:
    settings: dict[str, str] = field(default_factory=dict)
    people: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    cycles: dict[str, dict[str, Any]] = field(default_factory=dict)
    scenarios: dict[int, _ScenarioState] = field(default_factory=dict)


def state_problems(tx: Transaction, entries: Iterable[AuditRow]) -> Iterator[str]:
    """Every person, setting, cycle and scenario that is not as the last entry about it says, in words."""
    state = _State()
    for entry in entries:
        _act_out(state, entry.action, entry.detail)
    settings = {row.key: canonical_json(row.value) for row in tx.session.exec(select(SettingRow))}
    yield from _differences("setting", state.settings, settings)
    rows = tx.session.exec(select(PersonRow))
    yield from _differences("person", state.people, {row.id: (row.name, row.role, row.active) for row in rows})
    yield from _cycle_problems(tx, state)
    yield from _scenario_problems(tx, state)


def _act_out(state: _State, action: str, detail: dict[str, Any]) -> None:
    match action:
        case "setting_changed":
            state.settings[detail["key"]] = canonical_json(detail["now"])
        case "person_saved":
            state.people[detail["id"]] = (detail["name"], detail["role"], detail["active"])
        case "cycle_opened":
            state.cycles[detail["cycle"]] = {"horizon": detail["horizon"], "closed": False}
        case "cycle_closed":
            state.cycles.setdefault(detail["cycle"], {})["closed"] = True
        case "step_changed":
            state.cycles.setdefault(detail["cycle"], {})["step"] = detail["now"]
        case "scenario_added" | "scenario_changed":
            _act_scenario(state, action, detail)
        case "assumption_set" | "assumption_removed" | "assumption_expired":
            scenario = state.scenarios.setdefault(detail["scenario"], _ScenarioState())
            place = (detail["key"], detail.get("scope") or "")
            if action == "assumption_set":
                scenario.values[place] = canonical_json(detail["now"])
                scenario.gone.discard(place)
            else:
                scenario.values.pop(place, None)
                scenario.gone.add(place)


def _act_scenario(state: _State, action: str, detail: dict[str, Any]) -> None:
    scenario = state.scenarios.setdefault(detail["scenario"], _ScenarioState())
    scenario.name, scenario.kind = detail["name"], detail["kind"]
    if action == "scenario_added":
        source = state.scenarios.get(detail.get("copy_of") or 0)
        scenario.whole = detail.get("copy_of") is None or (source is not None and source.whole)
        copied = source.values if source else {}
        # A scenario that is carried on loses what has expired before it is told of itself.
        scenario.values = {p: v for p, v in copied.items() if p not in scenario.gone} | scenario.values


def _differences(kind: str, said: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    for key in sorted(said.keys() | found.keys()):
        if key not in found:
            yield f"{kind} {key} was removed"
        elif key not in said:
            yield f"{kind} {key} was added without an audit entry"
        elif said[key] != found[key]:
            yield f"{kind} {key} was altered"


def _cycle_problems(tx: Transaction, state: _State) -> Iterator[str]:
    rows = {row.first_open: row for row in tx.session.exec(select(CycleRow))}
    said = {key: key for key in state.cycles}
    yield from _differences("cycle", said, {key: key for key in rows})
    for key in sorted(state.cycles.keys() & rows.keys()):
        row = rows[key]
        now = {"horizon": row.horizon, "closed": row.closed_at is not None, "step": row.step}
        if any(now[name] != value for name, value in state.cycles[key].items()):
            yield f"cycle {key} was altered"


def _scenario_problems(tx: Transaction, state: _State) -> Iterator[str]:
    rows = {row.id or 0: row for row in tx.session.exec(select(ScenarioRow))}
    values: dict[int, dict[Place, str]] = {}
    for value in tx.session.exec(select(AssumptionRow)):
        values.setdefault(value.scenario_id, {})[(value.key, value.scope)] = canonical_json(value.value)
    for key, scenario in sorted(state.scenarios.items()):
        row = rows.get(key)
        if row is None:
            yield f"scenario {key} was removed"
        elif (row.name, row.kind) != (scenario.name, scenario.kind):
            yield f"scenario {key} was altered"
        else:
            yield from _value_problems(key, scenario, values.get(key, {}))
    for row in rows.values():
        if row.kind != "draft" and row.id not in state.scenarios:
            yield f"scenario {row.id} was added without an audit entry"


def _value_problems(key: int, said: _ScenarioState, found: dict[Place, str]) -> Iterator[str]:
    for place in sorted(said.values.keys() | said.gone | found.keys()):
        if place in said.values:
            differs = found.get(place) != said.values[place]
        else:
            differs = place in found and (said.whole or place in said.gone)
        if differs:
            name = " ".join(filter(None, place))
            yield f"assumption {name} of scenario {key} is not what the last entry about it says"
