"""The demo workspace: a fictional company whose past plans were made on what was known and signed."""

from __future__ import annotations

from collections.abc import Callable

from sop.core.calendar import shift_month
from sop.core.errors import Conflict
from sop.core.terms import Role
from sop.demo.choices import PAST_CHOICES
from sop.demo.company import DemoCompany, demo_company
from sop.engine import forecast_company
from sop.intake.assemble import assemble
from sop.services.company import CompanySettings, calendar_of, read_company, read_ground_rules, save_company
from sop.services.cycle import close_and_roll, move_to_step, open_cycle
from sop.services.forecast_pool import forecast_pool
from sop.services.planning import PlanningRoom
from sop.services.scenarios import change_assumption, reset_assumption, working_scenario
from sop.services.signing import propose_plan, sign
from sop.store import Store
from sop.store.cycles import read_current_cycle
from sop.store.data import add_table, read_current_tables, read_heads
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
    _load_tables(store, company, shift_month(first_open, -past_cycles))
    for back in range(past_cycles, 0, -1):
        month = shift_month(first_open, -back)
        progress((past_cycles - back) / (past_cycles + 1), f"planning and signing {month}")
        _keep_family_forecast(room)
        _apply_choices(store, back)
        _sign_by_all(store, room)
        _load_tables(store, company, shift_month(month, 1))
        close_and_roll(store, COORDINATOR)
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


def _load_tables(store: Store, company: DemoCompany, known_at: str) -> None:
    """Store the tables as they were known at a month; they come from no file."""
    with store.write(by=COORDINATOR, role=COORDINATOR) as tx:
        for name, frame in company.tables_known_at(known_at).items():
            add_table(tx, name, frame, file_name=f"demo {name}", file_sha256="")


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


def _sign_by_all(store: Store, room: PlanningRoom) -> None:
    """Propose the working plan and have every required function sign it."""
    record = propose_plan(room, COORDINATOR)
    with store.read() as tx:
        rules, people = read_ground_rules(tx), read_people(tx)
    for person in people:
        function = Role(person.role).function
        if function is not None and function.value in rules.functions:
            sign(store, person.id, record.id, record.digest)
