"""The register of assumptions as it stands in the working plan, and the form that changes one of it: where it
stands, who set it and why, and who may change it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sop.analysis.decisions.levers import Lever, build_lever, can_move, scope_names, scope_title, table_value
from sop.analysis.explain.sources import USES
from sop.core.calendar import is_open
from sop.core.findings import Finding
from sop.core.format import does, how_many
from sop.core.inputs import Inputs
from sop.core.plan import Plan
from sop.core.register import REGISTER, Assumption, Assumptions, Entry, as_assumptions
from sop.core.terms import Function
from sop.facts.material_cost import materials_priced
from sop.finance.operating_cost import estimate_operating_cost
from sop.finance.rate_findings import ASSUMED, FREE
from sop.services.acting import reading
from sop.services.company.settings import names_of
from sop.services.planning.choices import View
from sop.services.planning.room import InputSet, PlanningRoom
from sop.services.scenarios.bench import why_locked
from sop.services.scenarios.drafts import entries, working_scenario
from sop.store.scenarios import Scenario, read_assumptions
from sop.store.settings import Person, read_people

WHOLE = "Whole company"
NONE_SET = Assumptions()
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
    wanted = (entry for entry in REGISTER if entry.key in keys and can_move(inputs, entry.key))
    return tuple(entry for entry in wanted if edit_scopes(inputs, entry))


def edit_scopes(inputs: Inputs, entry: Assumption) -> dict[str, str]:
    """What an entry can be set for, scope → name on screen; nothing for what is set month by month."""
    rates = inputs.exchange if entry.scope == "currency" else None
    foreign = sorted(set(rates.currency) - {rates.home}) if rates else []
    narrow = [*scope_names(inputs, entry), *_named(inputs, entry), *foreign]
    if entry.scope in MONTHLY_KINDS or (entry.scope in (*_NAMED, "currency") and not narrow):
        return {}
    whole = {"": WHOLE} if entry.default is not None else {}
    return whole | {scope: scope_title(inputs, entry, scope) for scope in narrow}


def read_edit(room: PlanningRoom, person: Person, inputs: InputSet, view: View, key: str, scope: str) -> Edit:
    """One assumption in the scenario that is shown, read anew. A frozen plan is locked."""
    if view.scenario is None:
        lever = build_lever(inputs.inputs, view.assumptions, key, scope)
        return Edit(lever, 0, locked=f"{view.name} is frozen. Choose the working plan above to change it.")
    edit = read_edit_of(room, person, inputs, view.scenario.id, key, scope)
    return replace(edit, locked=why_locked(person, view.scenario, key))


def read_edit_of(
    room: PlanningRoom, person: Person, inputs: InputSet, scenario_id: int, key: str, scope: str
) -> Edit:
    """The same in any scenario that the person may read: what stands there now, who set it and why."""
    found = entries(room.store, person.id, scenario_id)
    lever = build_lever(inputs.inputs, as_assumptions(found), key, scope)
    stored = next((entry for entry in found if (entry.key, entry.scope) == (key, scope)), None)
    if stored is None:
        return Edit(lever, scenario_id)
    names = names_of(room.store)
    by = names.get(stored.by, stored.by)
    return Edit(lever, scenario_id, stored.version, by, stored.reason, stored.expiry)


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
class SilentDefault:
    """A default of the register that counts in the plan: no table says it and nobody set it, for `names`; for the
    whole company where there are none."""

    entry: Assumption
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Register:
    """Every row of the register with the working plan that it belongs to. `unset`: what of that plan rests on a
    default that nobody has set, or on a price of 0, with the money that does; `defaults`: all that count in it."""

    scenario: Scenario
    rows: tuple[RegisterRow, ...]
    unset: tuple[Finding, ...] = ()
    defaults: tuple[SilentDefault, ...] = ()

    @property
    def message(self) -> str:
        """How much of the register people have set, in one sentence."""
        own = [row for row in self.rows if row.entry]
        expired = sum(row.expired for row in own)
        if not own:
            return (
                f"All {how_many(len(self.rows), 'assumptions', 'stand')} at what the tables or the register say."
            )
        owners = [(function, sum(row.owner is function for row in own)) for function in Function]
        who = ", ".join(f"{function.title} {count}" for function, count in owners if count)
        old = f"; {expired} {does(expired, 'have')} expired" if expired else ""
        return (
            f"{len(own)} of {how_many(len(self.rows), 'assumptions')} {does(len(own), 'are')} set by people "
            f"({who}){old}."
        )


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
            lever = build_lever(inputs.inputs, assumptions, entry.key, scope)
            set_here = entries.get((entry.key, scope))
            by, expiry = (names.get(set_here.by, set_here.by), set_here.expiry) if set_here else ("", None)
            rows.append(
                RegisterRow(lever, set_here, by, bool(expiry and not is_open(expiry, inputs.cycle.first_open)))
            )
    plan = room.plan(assumptions, inputs)
    unset = tuple(found for found in plan.findings if found.rule in (ASSUMED, FREE))
    return Register(scenario, tuple(rows), unset, tuple(silent_defaults(inputs.inputs, assumptions, plan)))


_USED_IN = {entry.key: {of for of, keys in USES.items() if entry.key in keys} for entry in REGISTER}
"""The measures that use an assumption themselves, by its key; of none, it counts in ranges, gate and levers."""


def silent_defaults(inputs: Inputs, assumptions: Assumptions, plan: Plan) -> Iterator[SilentDefault]:
    """Defaults that stand for a fact of the company which nobody has stated, and that count in this plan."""
    for entry in REGISTER:
        measures = _USED_IN[entry.key]
        if not entry.assumed or (entry.key, "") in assumptions or not can_move(inputs, entry.key):
            continue
        if measures and not any(key in plan for key in measures):
            continue
        if entry.scope in _NAMED and not _named(inputs, entry):
            continue
        narrow = entry.scope in _NARROW
        names = scope_names(inputs, entry) if narrow else [""]
        silent = [name for name in names if _says_nothing(inputs, assumptions, entry.key, name)]
        if silent:
            yield SilentDefault(entry, tuple(silent) if narrow and len(silent) < len(names) else ())


_NARROW = ("family", "plant", "resource", "material")


def _says_nothing(inputs: Inputs, assumptions: Assumptions, key: str, name: str) -> bool:
    said = _INSTEAD[key](inputs).get(name) if key in _INSTEAD else table_value(inputs, key, name)
    return (key, name) not in assumptions and (said is None or said != said)


def _priced_materials(inputs: Inputs) -> dict[str, float]:
    priced = zip(inputs.families.names, materials_priced(inputs).tolist(), strict=True)
    return {name: 1.0 for name, known in priced if known}


def _overtime_rates(inputs: Inputs) -> dict[str, float]:
    plants = inputs.capacity.plants if inputs.capacity else None
    return dict(zip(plants.names, plants.overtime_rate.tolist(), strict=True)) if plants else {}


def _proven_cost(inputs: Inputs) -> dict[str, float]:
    cost = estimate_operating_cost(inputs)
    return {"": 1.0} if cost is None or cost.course is not None else {}


_INSTEAD = {
    "material_share": _priced_materials,
    "overtime_premium": _overtime_rates,
    "cost_inflation": _proven_cost,
}
"""What stands in place of a default where the tables have it: it is another thing than the assumption itself."""


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
    """The rows of an entry: the whole company, each named thing, or each of which the tables say it, the company
    where nothing does; then whatever people set besides."""
    if entry.scope in _NAMED:
        usual = _named(inputs, entry)
    elif entry.default is not None:
        usual = [""]
    else:
        known = [s for s in scope_names(inputs, entry) if build_lever(inputs, NONE_SET, entry.key, s).is_known]
        usual = known or ([""] if not set_scopes else [])
    return [*usual, *(scope for scope in set_scopes if scope not in usual)]


_NAMED = ("launch", "initiative", "event")


def _named(inputs: Inputs, entry: Assumption) -> list[str]:
    things = {"launch": inputs.launches, "initiative": inputs.initiatives, "event": inputs.events}
    return [thing.name for thing in things.get(entry.scope) or ()]
