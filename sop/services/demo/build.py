"""The demo workspace: a fictional company whose past plans were made on what was known and signed."""

import os
from collections.abc import Callable, Collection
from contextlib import nullcontext
from functools import partial

from sop.analysis.decisions.lever_terms import terms_of
from sop.analysis.decisions.proposals import Move
from sop.analysis.decisions.valuation import value_move
from sop.core.calendar import periods_apart, shift_period
from sop.core.errors import Conflict
from sop.core.register import assumption
from sop.demo.choices import PAST_CHOICES, PAST_DECISIONS, PastDecision
from sop.demo.demo_company import DemoCompany, demo_company
from sop.engine import forecast_company
from sop.intake.assemble import assemble
from sop.intake.incoming import TableVersion
from sop.services.acting import acting
from sop.services.agreement.decision_acts import accept_decision
from sop.services.analysis.outlook import trial_of
from sop.services.company.cycle import (
    CompanySettings,
    calendar_of,
    current_cycle,
    open_cycle,
    read_company,
    roll_forward,
    save_company,
)
from sop.services.demo.personas import COORDINATOR, agree_on_plan
from sop.services.planning.forecasting import KeptForecasts, fresh_processes
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import change_assumption, reset_assumption, working_scenario
from sop.store import Store, Transaction
from sop.store.cycles import read_current_cycle, save_step
from sop.store.data import add_table, read_current_tables, read_heads
from sop.store.decisions import read_decisions
from sop.store.plans import read_plans
from sop.store.settings import read_setting, save_person, save_setting

PAST_CYCLES = 8
_SERIES_AT_ONCE = 4
Progress = Callable[[float, str], None]
_UNFINISHED = "demo_unfinished"
"""The setting that holds the first open month of a demo while it is being built."""


def build_demo(
    store: Store, first_open: str, progress: Progress = lambda share, what: None, *, past_cycles: int = PAST_CYCLES
) -> None:
    """Fill an empty workspace with the demo company: past cycles planned and signed, then the open one.

    What was begun in this workspace and interrupted is finished. Raises Conflict where it holds anything else.
    """
    count = os.cpu_count() or 1
    with fresh_processes(count) if count > 1 else nullcontext() as pool:
        run = partial(pool.map, chunksize=_SERIES_AT_ONCE) if pool else map
        _build(PlanningRoom(store, run), demo_company(first_open), progress, past_cycles)


def _build(room: PlanningRoom, company: DemoCompany, progress: Progress, past_cycles: int) -> None:
    store, first_open = room.store, company.first_open
    _begin(store, company, shift_period(first_open, -past_cycles))
    while (month := current_cycle(store, COORDINATOR).first_open) < first_open:
        back = periods_apart(month, first_open)
        progress((past_cycles - back) / (past_cycles + 1), f"planning and signing {month}")
        _keep_family_forecast(room)
        _apply_choices(room, month, back)
        agree_on_plan(room)
        with acting(store, COORDINATOR, "run_cycle") as tx:
            load_tables(tx, company, shift_period(month, 1))
            roll_forward(tx)
    progress(past_cycles / (past_cycles + 1), f"forecasting {first_open}")
    _apply_choices(room, first_open, 0)
    # Kept series by series, so that a later decision about one of them forecasts only that one again.
    room.input_set(run=KeptForecasts(store))
    with acting(store, COORDINATOR, "run_cycle") as tx:
        save_step(tx, first_open, "executive")
        save_setting(tx, _UNFINISHED, "")
    progress(1.0, "the demo company is ready")


def _begin(store: Store, company: DemoCompany, first_cycle: str) -> None:
    """Company settings, personas and the first cycle; nothing where the same demo was begun."""
    with store.write(by=COORDINATOR, role=COORDINATOR) as tx:
        begun = read_setting(tx, _UNFINISHED, "")
        if begun == company.first_open:
            return
        require_finished(tx)
        if read_current_cycle(tx) is not None:
            raise Conflict("this workspace is not empty", remedy="Choose a new folder with --workspace")
        settings = CompanySettings(name=company.name, currency=company.currency, fictional=True)
        save_company(tx, settings)
        for person in company.people:
            save_person(tx, person.role.value, person.name, person.role.value)
        open_cycle(tx, first_cycle, settings)
        load_tables(tx, company, first_cycle)
        save_setting(tx, _UNFINISHED, company.first_open)


def require_finished(tx: Transaction) -> None:
    """Raises Conflict, with how to go on, in a workspace in which building the demo was interrupted."""
    begun = read_setting(tx, _UNFINISHED, "")
    if begun:
        raise Conflict(
            f"the demo of {begun} was begun here and is not finished",
            remedy=f"Finish it with `python -m sop demo --cycle {begun}`",
        )


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


def _apply_choices(room: PlanningRoom, month: str, back: int) -> None:
    """What the heads decided in a cycle, `back` months ago, each by its owner; nothing once it has a plan."""
    store = room.store
    with store.read() as tx:
        if read_plans(tx, month) or read_decisions(tx, month):
            return
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
    for decided in (d for d in PAST_DECISIONS if d.back == back):
        _decide(room, decided)


def _decide(room: PlanningRoom, decided: PastDecision) -> None:
    """Have a past decision valued and accepted by its owner, as it would be on the executive review."""
    inputs, now = room.input_set(), room.assumptions()
    move = Move(
        kind=decided.kind,
        name=decided.name,
        key=decided.key,
        scope=decided.name,
        before=decided.before,
        value=decided.value,
        title=decided.title,
        need=inputs.cycle.first_open,
        terms=terms_of(inputs.inputs, now, decided.kind, decided.name),
        owner=assumption(decided.key).owner.title,
    )
    accept_decision(room, decided.role.value, value_move(trial_of(room, inputs, now), move), decided.note)
