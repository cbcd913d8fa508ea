"""The demo workspace: a fictional company whose past plans were made on what was known and signed."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sop.core.calendar import shift_month
from sop.core.errors import Conflict
from sop.core.terms import Function, Role
from sop.demo.choices import PAST_CHOICES
from sop.demo.company import DemoCompany, demo_company
from sop.engine import forecast_company
from sop.intake.assemble import assemble
from sop.services.acting import acting
from sop.services.company import CompanySettings, calendar_of, read_company, save_company
from sop.services.cycle import move_to_step, open_cycle, roll_forward
from sop.services.forecast_pool import forecast_pool
from sop.services.planning import PlanningRoom
from sop.services.scenarios import change_assumption, reset_assumption, working_scenario
from sop.services.signing import SignOff, propose_plan, read_sign_off, sign
from sop.store import Store, Transaction
from sop.store.cycles import read_current_cycle
from sop.store.data import TableVersion, add_table, read_current_tables, read_heads
from sop.store.people import read_people, save_person

PAST_CYCLES = 8
Progress = Callable[[float, str], None]
COORDINATOR = Role.COORDINATOR.value


def build_demo(
    store: Store, first_open: str, progress: Progress = lambda share, what: None, *, past_cycles: int = PAST_CYCLES
) -> None:
    """Fill an empty workspace with the demo company: past cycles planned and signed, then the open one.

    Raises Conflict where the workspace has a cycle already.
    """
    with forecast_pool() as run:
        _build(PlanningRoom(store, run), demo_company(first_open), progress, past_cycles)


def _build(room: PlanningRoom, company: DemoCompany, progress: Progress, past_cycles: int) -> None:
    store, first_open = room.store, company.first_open
    _set_up(store, company, shift_month(first_open, -past_cycles))
    for back in range(past_cycles, 0, -1):
        month = shift_month(first_open, -back)
        progress((past_cycles - back) / (past_cycles + 1), f"planning and signing {month}")
        _keep_family_forecast(room)
        _apply_choices(store, back)
        record = propose_plan(room, COORDINATOR)
        sign_by_all(store, record.id)
        with acting(store, COORDINATOR, "run_cycle") as tx:
            load_tables(tx, company, shift_month(month, 1))
            roll_forward(tx)
    progress(past_cycles / (past_cycles + 1), f"forecasting {first_open}")
    _apply_choices(store, 0)
    room.input_set()
    move_to_step(store, COORDINATOR, "executive")
    progress(1.0, "the demo company is ready")


def _set_up(store: Store, company: DemoCompany, first_open: str) -> None:
    """Company settings, personas and the first cycle."""
    with store.write(by=COORDINATOR, role=COORDINATOR) as tx:
        if read_current_cycle(tx) is not None:
            raise Conflict("this workspace is not empty", remedy="Choose a new folder with --workspace")
        settings = CompanySettings(name=company.name, currency=company.currency, fictional=True)
        save_company(tx, settings)
        for person in company.people:
            save_person(tx, person.role.value, person.name, person.role.value)
        open_cycle(tx, first_open, settings)
        load_tables(tx, company, first_open)


def load_tables(
    tx: Transaction, company: DemoCompany, known_at: str, but: Collection[str] = ()
) -> tuple[str, ...]:
    """Store the tables as they were known at a month, except those named; they come from no file.

    Returns the tables that are others now.
    """
    frames = {name: frame for name, frame in company.tables_known_at(known_at).items() if name not in but}
    stored = {name: add_table(tx, name, frames[name], file_name=_file(name), file_sha256="") for name in frames}
    return tuple(name for name, outcome in stored.items() if outcome.changed)


def is_of_demo(version: TableVersion) -> bool:
    """Whether a table's content was made by the demo company and not imported by somebody."""
    return version.file_name == _file(version.table_name) and not version.file_sha256


def _file(table_name: str) -> str:
    return f"demo {table_name}"


def _keep_family_forecast(room: PlanningRoom) -> None:
    """A past cycle's forecast at family and region; products follow their trailing share, which is quicker."""
    with room.store.read() as tx:
        company, cycle = read_company(tx), read_current_cycle(tx)
        tables, heads = read_current_tables(tx), read_heads(tx)
    assert cycle is not None
    calendar = calendar_of(company, cycle)
    inputs = assemble(tables, calendar, company=company.name, currency=company.currency)
    sources = {name: head.sha256 for name, head in heads.items()}
    room.keep(room.forecast_key(calendar, sources), forecast_company(inputs, by_product=False, run=room.run))


def _apply_choices(store: Store, back: int) -> None:
    """What the heads decided in the cycle `back` months ago, each by its owner."""
    for choice in (c for c in PAST_CHOICES if c.back == back):
        working = working_scenario(store, choice.role.value)
        if choice.value is None:
            reset_assumption(store, choice.role.value, working.id, choice.key, choice.scope)
        else:
            change_assumption(
                store,
                choice.role.value,
                working.id,
                choice.key,
                choice.value,
                scope=choice.scope,
                reason=choice.reason,
            )


def sign_by_all(store: Store, plan_id: int) -> SignOff:
    """Have every function that has not signed a proposed plan sign it, until it is agreed.

    Raises Conflict where a function has nobody who can sign.
    """
    state = read_sign_off(store, COORDINATOR, plan_id)
    with store.read() as tx:
        people = [person for person in read_people(tx) if person.active and person.id != state.record.prepared_by]
    for function in state.open_functions:
        if state.record.state == "agreed":
            break
        signer = next((person for person in people if Role(person.role).function == function), None)
        if signer is None:
            raise Conflict(
                f"nobody can sign for {Function(function).title}", remedy="Let an administrator add somebody"
            )
        state = sign(store, signer.id, plan_id, state.record.digest)
    return state
