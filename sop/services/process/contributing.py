"""Who enters overrides: owners, and contributors for what a head delegated, until they submit."""

from sop.access import owns
from sop.agreement.cycle_steps import require_place
from sop.core.errors import NotAllowed, SopError
from sop.core.override_scopes import MARKETING_UNITS, SALES_UNITS
from sop.core.terms import Function, Role
from sop.services.acting import require_now
from sop.services.company.cycle import require_cycle, require_in_time
from sop.services.process.steps import CONTRIBUTED, delegations_of
from sop.services.scenarios.bench import why_locked
from sop.services.scenarios.drafts import require_editable
from sop.store import Store, Transaction
from sop.store.process import read_delegations, read_submissions
from sop.store.scenarios import Scenario, read_scenario
from sop.store.settings import Person


def override_key(store: Store, person: Person) -> str:
    """The assumption in which a person's overrides are kept: that of who delegated to them, else their own.

    Marketing's for the head of product, else sales'.
    """
    if _owns_some(person):
        return key_of(person)
    with store.read() as tx:
        mine = delegations_of(tx, person.id)
    return CONTRIBUTED[Function(mine[0].function)] if mine else key_of(person)


def key_of(person: Person) -> str:
    """The assumption in which the overrides of a person's function are kept."""
    return MARKETING_UNITS if Role(person.role) is Role.HEAD_OF_PRODUCT else SALES_UNITS


def require_override(
    tx: Transaction, scenario_id: int, person_id: str, key: str, family: str, region: str, by: str = ""
) -> None:
    """Raises NotAllowed and Conflict unless a person may enter an override there, or take back the one of `by`."""
    person = require_now(tx, person_id, "contribute")
    contributes = (
        read_scenario(tx, scenario_id).kind == "working"
        and not owns(person.role, key)
        and bool(delegations_of(tx, person_id))
    )
    if not contributes:
        require_now(tx, person_id, "run_scenario")
        require_editable(tx, scenario_id, person_id, [key])
        return
    require_in_time(tx, person.role)
    cycle = require_cycle(tx).first_open
    given = require_place(read_delegations(tx), read_submissions(tx, cycle), person_id, family, region)
    if CONTRIBUTED[Function(given.function)] != key:
        raise NotAllowed(
            f"overrides of {Function(given.function).title} alone were delegated to you",
            remedy="Ask the head of the other function",
        )
    if by and by != person_id:
        raise NotAllowed(f"{by} entered this override", remedy="Enter one of your own beside it, or ask them")


def why_no_override(store: Store, person: Person, scenario: Scenario, key: str) -> str:
    """Why a person may enter no override in a scenario; empty where they may. The service checks again."""
    locked = why_locked(person, scenario, key)
    if not locked or scenario.kind != "working":
        return locked
    with store.read() as tx:
        mine = delegations_of(tx, person.id)
        if not mine:
            return locked
        try:
            require_override(tx, scenario.id, person.id, key, mine[0].family, mine[0].region)
        except SopError as refusal:
            return refusal.sentence
    return ""


def delegated_words(store: Store, person: Person) -> str:
    """What was delegated to a person, in a sentence; empty where nothing was."""
    with store.read() as tx:
        mine = delegations_of(tx, person.id)
    places = "; ".join(found.place for found in mine)
    return f"You enter overrides for {places}. Submit them on the Cycle page when you are done." if mine else ""


def _owns_some(person: Person) -> bool:
    return any(owns(person.role, key) for key in (SALES_UNITS, MARKETING_UNITS))
