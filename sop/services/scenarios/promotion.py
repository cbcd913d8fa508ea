"""A scenario becomes the working plan in one act, once every owner of what it changes has consented to it."""

from collections.abc import Iterable

from sop.agreement.promotion import (
    Changes,
    Consent,
    Promotion,
    Said,
    declined,
    owners_of,
    require_ruling,
    require_voice,
    standing,
)
from sop.core.errors import BadInput, Conflict
from sop.core.register import Entry, Place, as_assumptions, start_of
from sop.core.terms import Function, Role
from sop.services.acting import acting, reading, require_now
from sop.services.company.cycle import require_cycle, require_in_time
from sop.services.scenarios.drafts import bring_values, by_place, saved_copy
from sop.store import Store, Transaction
from sop.store.consents import add_consent, read_consents
from sop.store.scenarios import Scenario, read_scenario, read_scenarios, read_working_scenario


def read_promotion(store: Store, person_id: str, scenario_id: int) -> Promotion | Consent | None:
    """Where the promotion of a scenario stands, or who declined it; None where neither. Raises NotAllowed."""
    with reading(store, person_id) as tx:
        records = read_consents(tx, require_cycle(tx).first_open)
        found = standing(records, scenario_id, _changes(tx, scenario_id))
        return found if found is not None else declined(records, scenario_id)


def list_promotions(store: Store, person_id: str) -> tuple[tuple[Scenario, Promotion], ...]:
    """The scenarios of the open cycle that wait for consent, with where each stands. Raises NotAllowed."""
    with reading(store, person_id) as tx:
        cycle = require_cycle(tx).first_open
        records = read_consents(tx, cycle)
        saved = [each for each in read_scenarios(tx, cycle) if each.kind == "saved"]
        found = ((each, standing(records, each.id, _changes(tx, each.id))) for each in saved)
        return tuple((each, promotion) for each, promotion in found if promotion is not None)


def ask_owners(
    store: Store, person_id: str, scenario_id: int, note: str = "", name: str | None = None
) -> Promotion | None:
    """Ask every owner to make a saved scenario the working plan; who asks consents to what is their own.

    `name`: save it under this name first, as a draft of one's own has to be. None where nobody else is to
    consent: then it is done. Raises NotAllowed, BadInput for what is not saved, has no name or changes nothing,
    and Conflict where it is asked for already or is of a closed cycle.
    """
    with acting(store, person_id, "run_scenario") as tx:
        asked = scenario_id if name is None else saved_copy(tx, person_id, scenario_id, name).id
        scenario, changes = _saved(tx, asked), _changes(tx, asked)
        if not changes:
            raise BadInput("this scenario changes nothing in the working plan", remedy="Nothing is to be asked")
        if standing(read_consents(tx, scenario.cycle), scenario.id, changes) is not None:
            raise Conflict(
                f"the owners are asked about '{scenario.name}' already", remedy="Wait for what they say"
            )
        add_consent(tx, scenario, "asked", note=note.strip())
        function = Role(require_now(tx, person_id, "run_scenario").role).function
        if function is not None and function in owners_of(changes):
            _say_yes(tx, person_id, scenario, [function])
        return _settle(tx, scenario)


def consent(store: Store, person_id: str, scenario_id: int, note: str = "") -> Promotion | None:
    """Consent for one's own function to what a scenario changes of it; None where that was the last: it is done.

    Raises NotAllowed for who owns nothing that it changes, Conflict after the cut-off and where it is no longer
    asked for.
    """
    with acting(store, person_id, "change_working_plan") as tx:
        scenario, promotion = _asked(tx, scenario_id)
        function = require_voice(Role(require_now(tx, person_id, "change_working_plan").role), promotion)
        _say_yes(tx, person_id, scenario, [function], note.strip())
        return _settle(tx, scenario)


def decline(store: Store, person_id: str, scenario_id: int, note: str) -> Consent:
    """Decline for one's own function, with a reason: the scenario does not become the working plan.

    Raises as consenting does, and BadInput without a reason.
    """
    with acting(store, person_id, "change_working_plan") as tx:
        scenario, promotion = _asked(tx, scenario_id)
        function = require_voice(Role(require_now(tx, person_id, "change_working_plan").role), promotion)
        if not note.strip():
            raise BadInput("who declines says why", remedy="Write a sentence for who asked")
        return add_consent(tx, scenario, "declines", function=function.value, note=note.strip())


def rule_over_owners(store: Store, person_id: str, scenario_id: int, note: str) -> None:
    """The CEO decides for every owner who has not consented, with a reason, and it is done.

    Raises NotAllowed for everybody else, BadInput without a reason, Conflict where it is not asked for any more.
    """
    with acting(store, person_id, "change_working_plan") as tx:
        role = Role(require_now(tx, person_id, "change_working_plan").role)
        require_ruling(role, note)
        scenario, promotion = _asked(tx, scenario_id)
        _say_yes(tx, person_id, scenario, promotion.open, note.strip())
        _settle(tx, scenario)


def _say_yes(
    tx: Transaction, person_id: str, scenario: Scenario, functions: Iterable[Function], note: str = ""
) -> None:
    role = Role(require_now(tx, person_id, "change_working_plan").role)
    require_in_time(tx, role)
    basis = owners_of(_changes(tx, scenario.id))
    for function in functions:
        said: Said = "consents" if role.function is function else "rules"
        add_consent(tx, scenario, said, function=function.value, basis=basis[function], note=note)


def _settle(tx: Transaction, scenario: Scenario) -> Promotion | None:
    """Make the scenario the working plan once nobody is open; where it stands otherwise."""
    promotion = standing(read_consents(tx, scenario.cycle), scenario.id, _changes(tx, scenario.id))
    if promotion is None or promotion.open:
        return promotion
    working, wanted = read_working_scenario(tx, scenario.cycle).id, by_place(tx, scenario.id)
    why = f"Scenario “{scenario.name}”" + (f": {promotion.asked.note}" if promotion.asked.note else "")
    bring_values(tx, working, as_assumptions(tuple(wanted.values())), by_place(tx, working), why, like=wanted)
    add_consent(tx, scenario, "done")
    return None


def _changes(tx: Transaction, scenario_id: int) -> Changes:
    """Where a scenario differs from the working plan of its cycle."""
    scenario = read_scenario(tx, scenario_id)
    wanted = by_place(tx, scenario_id)
    now = by_place(tx, read_working_scenario(tx, scenario.cycle).id)
    pairs = {place: (_held(now, place), _held(wanted, place)) for place in {**now, **wanted}}
    return {place: (was, want) for place, (was, want) in pairs.items() if was != want}


def _held(entries: dict[Place, Entry], place: Place) -> tuple[float | None, object]:
    entry = entries.get(place)
    return (None, None) if entry is None else (float(entry.value), start_of(entry))


def _saved(tx: Transaction, scenario_id: int) -> Scenario:
    scenario, cycle = read_scenario(tx, scenario_id), require_cycle(tx).first_open
    if scenario.kind != "saved":
        raise BadInput(
            f"'{scenario.name}' is not saved",
            why="owners have to see what they consent to",
            remedy="Save it under a name first",
        )
    if scenario.cycle != cycle:
        raise Conflict(f"'{scenario.name}' is of a closed cycle", remedy="Save it anew in the open one")
    return scenario


def _asked(tx: Transaction, scenario_id: int) -> tuple[Scenario, Promotion]:
    scenario = _saved(tx, scenario_id)
    found = standing(read_consents(tx, scenario.cycle), scenario_id, _changes(tx, scenario_id))
    if found is None:
        raise Conflict(
            f"nobody asks any more to make '{scenario.name}' the working plan",
            why="it was declined or is done",
            remedy="Look at the scenario as it stands now",
        )
    return scenario, found
