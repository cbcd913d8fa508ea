"""The demo workspace: a fictional company whose past plans were made on what was known and signed."""

import os
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

from sop.analysis.decisions.lever_terms import terms_of
from sop.analysis.decisions.proposals import Move
from sop.analysis.decisions.valuation import value_move
from sop.core.calendar import MONTH, bucket_named, periods_apart, periods_between, shift_period
from sop.core.errors import BadInput, Conflict
from sop.core.register import assumption
from sop.engine import forecast_company
from sop.files.company_folder import CompanyFolder, PastDecision
from sop.intake.assemble import assemble
from sop.services.acting import acting
from sop.services.agreement.decision_acts import accept_decision
from sop.services.analysis.outlook import trial_of
from sop.services.analysis.review_ahead import keep_review
from sop.services.company.cycle import (
    CompanySettings,
    calendar_of,
    current_cycle,
    open_cycle,
    read_company,
    require_cycle,
    roll_forward,
    save_company,
)
from sop.services.demo.demo_tables import prepare_tables, read_demo, store_tables
from sop.services.demo.personas import COORDINATOR, agree_on_plan
from sop.services.planning.forecasting import KeptForecasts, fresh_processes
from sop.services.planning.room import PlanningRoom
from sop.services.scenarios.drafts import change_assumption, reset_assumption, working_scenario
from sop.store import Store, Transaction
from sop.store.cycles import read_current_cycle, save_step
from sop.store.data import read_current_tables, read_heads
from sop.store.decisions import read_decisions
from sop.store.plans import read_plans
from sop.store.settings import read_setting, save_person, save_setting

PAST_CYCLES = 8
_SERIES_AT_ONCE = 4
Progress = Callable[[float, str], None]
_UNFINISHED = "demo_unfinished"
"""The setting that holds the first open month of a demo while it is being built."""


def build_demo(
    store: Store,
    first_open: str,
    progress: Progress = lambda share, what: None,
    *,
    past_cycles: int = PAST_CYCLES,
    calendar: str = "",
) -> None:
    """Fill an empty workspace with the demo company: past cycles planned and signed, then the open one.

    What was begun in this workspace and interrupted is finished. `calendar`: the key of another bucket, in which
    it plans from the open cycle on, its tables told by month as they are. Raises Conflict where the workspace
    holds anything else, BadInput where `first_open` is not a month or the calendar none.
    """
    wanted = bucket_named(calendar) if calendar else MONTH
    if wanted.mean_days > MONTH.mean_days:
        raise BadInput(f"the demo cannot plan in {wanted.plural}", why="its story is told by month")
    company, count = read_demo().told_for(first_open), os.cpu_count() or 1
    with fresh_processes(count) if count > 1 else nullcontext() as pool:
        run = partial(pool.map, chunksize=_SERIES_AT_ONCE) if pool else map
        room = PlanningRoom(store, run)
        _begin(store, company, first_open, shift_period(first_open, -past_cycles))
        _sign_past_cycles(room, company, first_open, progress, past_cycles, calendar)
        progress(past_cycles / (past_cycles + 1), f"forecasting {first_open}")
        _decide_all(room, company, first_open, 0)
        # Kept series by series, so that a later decision about one of them forecasts only that one again.
        room.input_set(run=KeptForecasts(store, pool=pool))
    with acting(store, COORDINATOR, "run_cycle") as tx:
        save_step(tx, require_cycle(tx).first_open, "executive")
        save_setting(tx, _UNFINISHED, "")
    keep_review(room, COORDINATOR)
    progress(1.0, "the demo company is ready")


def _sign_past_cycles(
    room: PlanningRoom,
    company: CompanyFolder,
    first_open: str,
    progress: Progress,
    past_cycles: int,
    calendar: str,
) -> None:
    """Plan, sign and close every cycle before the open one, on what was known at the time.

    With the last of them the company goes on in another calendar, where one is named.
    """
    past = periods_between(shift_period(first_open, -past_cycles), shift_period(first_open, -1))
    while (month := current_cycle(room.store, COORDINATOR).first_open) in past:
        back = periods_apart(month, first_open)
        progress((past_cycles - back) / (past_cycles + 1), f"planning and signing {month}")
        _keep_family_forecast(room)
        _decide_all(room, company, month, back)
        agree_on_plan(room)
        with acting(room.store, COORDINATOR, "run_cycle") as tx:
            if back == 1 and calendar:
                save_company(tx, replace(read_company(tx), next_calendar=calendar, every=MONTH.key))
            roll_forward(tx)
            store_tables(tx, prepare_tables(tx, company.brought_by(month)))


def _begin(store: Store, company: CompanyFolder, first_open: str, first_cycle: str) -> None:
    """Company settings, personas and the first cycle; nothing where the same demo was begun."""
    with store.write(by=COORDINATOR, role=COORDINATOR) as tx:
        begun = read_setting(tx, _UNFINISHED, "")
        if begun == first_open:
            return
        require_finished(tx)
        if read_current_cycle(tx) is not None:
            raise Conflict("this workspace is not empty", remedy="Choose a new folder with --workspace")
        settings = CompanySettings(name=company.name, currency=company.currency, fictional=True)
        save_company(tx, settings)
        for role, name in company.people.items():
            save_person(tx, role, name, role)
        open_cycle(tx, first_cycle, settings)
        store_tables(tx, prepare_tables(tx, company.known_at(first_cycle)))
        save_setting(tx, _UNFINISHED, first_open)


def require_finished(tx: Transaction) -> None:
    """Raises Conflict, with how to go on, in a workspace in which building the demo was interrupted."""
    begun = read_setting(tx, _UNFINISHED, "")
    if begun:
        raise Conflict(
            f"the demo of {begun} was begun here and is not finished",
            remedy=f"Finish it with `python -m sop demo --cycle {begun}`",
        )


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


def _decide_all(room: PlanningRoom, company: CompanyFolder, month: str, back: int) -> None:
    """What the heads decided in a cycle, `back` months ago, each by its owner; nothing once it has a plan."""
    store = room.store
    with store.read() as tx:
        if read_plans(tx, month) or read_decisions(tx, month):
            return
    told = shift_period(company.opened, -back)
    for change in (each for each in company.changes if each.cycle == told):
        working = working_scenario(store, change.by).id
        if change.value is None:
            reset_assumption(store, change.by, working, change.assumption, change.scope)
        else:
            key, value = change.assumption, float(change.value)
            reason, scope = change.reason, change.scope
            change_assumption(store, change.by, working, key, value, scope=scope, reason=reason)
    for decided in (each for each in company.decisions if each.cycle == told):
        _decide(room, decided)


def _decide(room: PlanningRoom, decided: PastDecision) -> None:
    """Have a past decision valued and accepted by its owner, as it would be on the executive review."""
    inputs, now = room.input_set(), room.assumptions()
    move = Move(
        kind=decided.kind,
        name=decided.name,
        key=decided.assumption,
        scope=decided.name,
        before=float(decided.before),
        value=float(decided.value),
        title=decided.title,
        need=inputs.cycle.first_open,
        terms=terms_of(inputs.inputs, now, decided.kind, decided.name),
        owner=assumption(decided.assumption).owner.title,
    )
    accept_decision(room, decided.by, value_move(trial_of(room, inputs, now), move), decided.note)
