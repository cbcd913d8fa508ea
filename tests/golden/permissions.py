"""Who may do what: every public use case that takes a person, tried as everybody on a small company.

`CASES` names each use case in words and is the only place that knows where it is in the code. A case is tried on a
copy of a workspace at a stage: `open`, `proposed`, `dissent` (all have signed, sales dissents) or `agreed`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from sop.agreement.ground_rules import GroundRules
from sop.agreement.process_records import AgendaItem, Task
from sop.agreement.records import PlanRecord
from sop.analysis.decisions.decisions import Decision
from sop.analysis.decisions.lever_terms import LeverTerms
from sop.analysis.decisions.proposals import Move
from sop.analysis.effects import PlanEffect
from sop.analysis.explain.parts import Place
from sop.analysis.supply.quotes import check_order
from sop.analysis.supply.refining import RefineOptions
from sop.core.errors import SopError
from sop.core.terms import Role
from sop.demand.override_effect import WantedOverride
from sop.files.export import csv_of
from sop.finance.accounts import Account
from sop.intake.incoming import ImportReport, ImportRequest
from sop.services import acting
from sop.services.access import people
from sop.services.agreement import decision_acts, frozen_plans, gate_findings, plan_acts
from sop.services.agreement.decision_acts import Say
from sop.services.agreement.signing_keys import keys_of
from sop.services.analysis import changes, explained, performance
from sop.services.company import cycle, settings
from sop.services.data import board_pack, exports, imports, open_data
from sop.services.planning import choices, overrides, plan_context, refine_runs, supply_questions
from sop.services.planning.room import PlanningRoom
from sop.services.process import agenda, comments, contributing, meeting, steps, tasks
from sop.services.scenarios import bench, drafts, live_changes, own_changes, register
from sop.store import Store, open_store
from sop.store.settings import Person
from sop.views.sales.history import HistoryRow
from tests.companies import FIRST_OPEN, company_tables
from tests.copies import copy_keys
from tests.golden.page_text import masked
from tests.golden.workspaces import DATABASE
from tests.services.planned_company import FUNCTIONS, SHORT, make_room

FORMER, STRANGER = "former", "stranger"
EVERYBODY = (*(role.value for role in Role), FORMER, STRANGER)
"""Every role, a CEO who may no longer sign in, and somebody who is not known."""
FAMILY, REGION = "Family A", "Region 0"
DONE = "done"


@dataclass
class Desk:
    """A workspace at a stage and who acts in it."""

    room: PlanningRoom
    who: str
    keys: Path
    """Where the signing keys of its workspace are."""

    @property
    def store(self) -> Store:
        """Where everything is."""
        return self.room.store

    @property
    def person(self) -> Person:
        """Who acts, as pages read them."""
        return acting.read_actor(self.store, self.who)

    @cached_property
    def working(self) -> int:
        """The working plan's scenario."""
        return drafts.working_scenario(self.store, "executive").id

    @property
    def view(self) -> choices.View:
        """The working plan."""
        return choices.read_view(self.room, "executive", choices.Choice("working", "Working plan"))

    @cached_property
    def plan(self) -> PlanRecord:
        """The plan that was frozen last."""
        return frozen_plans.list_plans(self.store, "executive")[0]

    def scenario(self, owner: str, kind: str) -> Any:
        """A scenario of somebody."""
        found = drafts.list_scenarios(self.store, owner)
        return next(each for each in found if (each.owner, each.kind) == (owner, kind))

    def override(self, person: str) -> Any:
        """The override of somebody in the working plan."""
        keys = {contributing.key_of(acting.read_actor(self.store, person))}
        found = overrides.overrides_in_force(self.room, "executive", self.working)
        return next(each for each in found if each.key in keys)


@dataclass(frozen=True)
class Case:
    """A use case in words, at a stage of the workspace; `writes` where it changes something."""

    name: str
    act: Callable[[Desk], object]
    stage: str = "open"
    writes: bool = False


# -- stages


@dataclass
class Stages:
    """Workspaces at every stage, made once, and copies of them."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        (self.folder / "open").mkdir()
        room = make_room(self.folder / "open", SHORT)
        _fill(room)
        room.store.close()
        self._copy("open", "proposed", _propose)
        self._copy("proposed", "dissent", _sign_with_dissent)
        self._copy("proposed", "agreed", _agree)

    def desk(self, room: PlanningRoom, who: str) -> Desk:
        """Somebody at a workspace."""
        return Desk(room, who, keys_of(room.store))

    def _copy(self, stage: str, to: str, act: Callable[[PlanningRoom], None]) -> None:
        with self.opened(stage, to) as room:
            act(room)

    @contextmanager
    def opened(self, stage: str, to: str = "") -> Iterator[PlanningRoom]:
        """A room on a copy of a stage."""
        folder = self.folder / (to or f"copy-{next(self._numbers)}")
        folder.mkdir()
        shutil.copy(self.folder / stage / DATABASE, folder)
        copy_keys(self.folder / stage, folder)
        store = open_store(folder)
        try:
            yield PlanningRoom(store)
        finally:
            store.close()


def _fill(room: PlanningRoom) -> None:
    """Values and overrides in the working plan, a draft and a saved scenario, and who may no longer sign in."""
    store = room.store
    people.add_person(store, "administrator", FORMER, "Former", Role.EXECUTIVE, active=False)
    working = drafts.working_scenario(store, "executive").id
    drafts.change_assumption(store, "head_of_sales", working, "price_pct", 0.02, reason="New list")
    for who in ("head_of_sales", "head_of_product"):
        wanted = _wanted(24.0)
        overrides.enter_override(room, acting.read_actor(store, who), working, wanted, "A tender")
    draft = drafts.own_draft(store, "head_of_supply").id
    drafts.save_as(store, "head_of_supply", draft, "Bold")
    sales = company_tables(SHORT)["sales_actuals"]
    sales.loc[0, "quantity"] += 1
    imports.import_table(store, "coordinator", ImportRequest("sales_actuals", csv_of(sales), "sales.csv"))
    room.input_set()


def _propose(room: PlanningRoom) -> None:
    plan_acts.propose_plan(room, "coordinator")


def _sign_with_dissent(room: PlanningRoom) -> None:
    for who in FUNCTIONS.values():
        _sign(room, who, "dissent" if who == "head_of_sales" else "approve")


def _agree(room: PlanningRoom) -> None:
    for who in FUNCTIONS.values():
        _sign(room, who)


# -- acts that need more than one line


def _wanted(units: float) -> WantedOverride:
    return WantedOverride(FAMILY, REGION, ("2026-02", "2026-03"), "units", units)


def _sign(room: PlanningRoom, who: str, meaning: Any = "approve") -> None:
    plan = frozen_plans.list_plans(room.store, "executive")[0]
    comment = "" if meaning == "approve" else "We cannot sell this"
    plan_acts.sign(room.store, who, plan.id, plan.digest, meaning=meaning, comment=comment)


def _imported(desk: Desk, run: Callable[[Store, str, ImportRequest], ImportReport]) -> None:
    products = company_tables(SHORT)["products"].assign(name="Renamed")
    report = run(desk.store, desk.who, ImportRequest("products", csv_of(products), "products.csv"))
    assert report.accepted, report.message


def _map_account(desk: Desk) -> None:
    row = Account("P&L", "Rent", 0.0, "other")
    assert imports.save_accounts(desk.store, desk.who, [row]).accepted


def _change(desk: Desk, scenario: int, key: str, value: float, scope: str = "") -> None:
    drafts.change_assumption(desk.store, desk.who, scenario, key, value, scope=scope, reason="Golden")


def _changes(key: str, value: float, scope: str = "") -> Callable[[Desk], None]:
    return lambda desk: _change(desk, desk.working, key, value, scope)


def _change_own_draft(desk: Desk) -> None:
    _change(desk, drafts.own_draft(desk.store, desk.who).id, "price_pct", 0.05)


def _adopt(desk: Desk) -> None:
    draft = drafts.own_draft(desk.store, desk.who).id
    for key, value in (("price_pct", 0.05), ("people_pct", 0.1), ("supply_pct", 0.9), ("dso_days", 40.0)):
        _change(desk, draft, key, value)
    _change(desk, draft, "launch_slip_months", 1.0, "New one")
    _change(desk, draft, "initiative_slip_months", 1.0, "Leaner")
    drafts.adopt_values(desk.store, desk.who, draft, "Agreed in the team")


def _decide_history(desk: Desk) -> None:
    told = ("suggested", "Outlier", FAMILY, REGION, "2025-10", 1.0, 2.0, "high", "Suggested", "Accept")
    row = HistoryRow(*told, "history_accepted")
    overrides.decide_history(desk.room, desk.who, desk.working, row, "A one-off")


MOVE = Move("price", "Price", "price_pct", "", 0.0, 0.01, "Raise the price", "2026-02", LeverTerms())
DECISION = Decision(MOVE, PlanEffect(), None, 0, 0, 0.0, "2026-02")


def _decide(say: Say) -> Callable[[Desk], object]:
    until = "2026-12"
    return lambda desk: decision_acts.decide_on(desk.room, desk.who, DECISION, say, "It is worth it", until)


def _take_back(desk: Desk) -> None:
    """Whoever tried before and was refused has left the decision there."""
    taken = [found for found in decision_acts.list_decisions(desk.store, "executive") if found.state == "refused"]
    (record,) = taken or [decision_acts.refuse_decision(desk.room, "head_of_sales", DECISION)]
    decision_acts.take_back_decision(desk.room, desk.who, record.id, "It is worth it after all")


def _undelegate(desk: Desk) -> None:
    given = steps.read_cycle_run(desk.store, "executive").delegations
    found = given[0] if given else steps.delegate(desk.store, "head_of_sales", "viewer", FAMILY)
    steps.undelegate(desk.store, desk.who, found.id)


def _task(desk: Desk, who: str) -> Task:
    return tasks.give_task(desk.store, who, "Call", "viewer", "2026-02")


def _do_task(desk: Desk) -> None:
    found = next(iter(tasks.list_tasks(desk.store, "executive")), None) or _task(desk, "executive")
    tasks.change_task(desk.store, desk.who, found.id, state="done", expected_version=found.version)


def _settle(desk: Desk) -> None:
    threads = comments.list_comments(desk.store, "executive")
    found = threads[0] if threads else comments.say(desk.store, "executive", "family", FAMILY, "Why?")
    comments.settle(desk.store, desk.who, found.id)


def _item(desk: Desk) -> AgendaItem:
    items = agenda.list_agenda(desk.store, "executive")
    return items[0] if items else agenda.add_own_item(desk.store, "executive", "Robot")


def _record_outcome(desk: Desk) -> None:
    item = _item(desk)
    agenda.record_outcome(desk.store, desk.who, item.id, "Bought", item.version)


def _begin_meeting(desk: Desk) -> None:
    _item(desk)
    meeting.begin_meeting(desk.store, desk.who)


def _undo(desk: Desk) -> None:
    """Sales' last change of one value."""
    found = next(c for c in own_changes.list_changes(desk.store, "head_of_sales") if c.undoable)
    own_changes.undo_change(desk.store, desk.who, found.entry)


def _set_planning(desk: Desk) -> None:
    _set_fences(desk, 3)


def _set_fences(desk: Desk, slushy: int) -> None:
    version = settings.read_settings_page(desk.store, "executive").versions.get("company", 0)
    settings.set_planning_rules(
        desk.store, desk.who, horizon=12, frozen=1, slushy=slushy, fiscal_start=4, expected_version=version
    )


def _set_look(desk: Desk) -> None:
    version = settings.read_settings_page(desk.store, "executive").versions.get("company", 0)
    settings.set_look(desk.store, desk.who, number_style="german", large_type=True, expected_version=version)


def _set_ground(desk: Desk) -> None:
    _set_rules(desk, GroundRules("coalition", ("sales", "finance", "ceo"), 2))


def _set_rules(desk: Desk, rules: GroundRules) -> None:
    version = settings.read_settings_page(desk.store, "executive").versions.get("ground_rules", 0)
    settings.set_ground_rules(desk.store, desk.who, rules, version)


def _explain(desk: Desk) -> None:
    inputs = desk.room.input_set()
    explained.explain_figure(desk.room, desk.who, inputs, desk.view, "total_revenue", Place(last=3))


def _quote(desk: Desk) -> None:
    inputs = desk.room.input_set().inputs
    order = check_order(inputs, FAMILY, REGION, 1.0, inputs.calendar.months[-1])
    supply_questions.quote_under(desk.room, desk.who, desk.view, inputs, order)


def _refine(desk: Desk) -> None:
    inputs = desk.room.input_set().inputs
    options = RefineOptions(months=1, seconds=5.0)
    run = refine_runs.start_run(desk.room, desk.who, "golden", desk.view, inputs, options)
    run.stop()
    assert run.thread is not None
    run.thread.join()


def _agreed_base(desk: Desk) -> choices.View:
    return choices.read_view(desk.room, "executive", choices.list_bases(desk.room, "executive")[0])


def _frozen_view(desk: Desk) -> choices.View:
    return choices.read_view(desk.room, "executive", choices.Choice(f"plan-{desk.plan.id}", "frozen"))


# -- the table


def _reads(name: str, act: Callable[[Desk], object], stage: str = "agreed") -> Case:
    return Case(name, act, stage)


def _writes(name: str, act: Callable[[Desk], object], stage: str = "open") -> Case:
    return Case(name, act, stage, writes=True)


READING = (
    _reads("read the open cycle", lambda d: cycle.current_cycle(d.store, d.who)),
    _reads("read the overview of the workspace", lambda d: cycle.read_overview(d.store, d.who)),
    _reads("read what data are loaded", lambda d: imports.read_data_state(d.store, d.who)),
    _reads("read the accounts", lambda d: imports.read_accounts(d.store, d.who)),
    _reads("list plans to look at", lambda d: choices.list_views(d.room, d.who)),
    _reads("list plans to compare with", lambda d: choices.list_bases(d.room, d.who)),
    _reads("look at the working plan", lambda d: choices.read_view(d.room, d.who, d.view.choice)),
    _reads("look at a frozen plan", lambda d: choices.read_view(d.room, d.who, _agreed_base(d).choice)),
    _reads("list plans to put beside", lambda d: choices.list_others(d.room, d.who, d.view)),
    _reads("read a plan to put beside", lambda d: choices.read_view(d.room, d.who, d.view.choice)),
    _reads("read the context of a plan page", lambda d: plan_context.plan_context(d.room, d.who, d.view, None)),
    _reads("read sales by channel", lambda d: plan_context.channel_sales(d.room, d.who, None)),
    _reads("read what a plan changes", lambda d: changes.read_changes(d.room, d.who, d.view, _agreed_base(d))),
    _reads("read where the cycle stands", lambda d: steps.read_cycle_run(d.store, d.who)),
    _reads("list tasks", lambda d: tasks.list_tasks(d.store, d.who)),
    _reads("list comments", lambda d: comments.list_comments(d.store, d.who)),
    _reads("read the agenda", lambda d: agenda.list_agenda(d.store, d.who)),
    _reads("find the meeting", lambda d: meeting.current_meeting(d.store, d.who)),
    _reads("list minutes", lambda d: meeting.list_minutes(d.store, d.who, FIRST_OPEN)),
    _reads("list who changed what", lambda d: own_changes.list_changes(d.store, d.who)),
    _reads("list decisions", lambda d: decision_acts.list_decisions(d.store, d.who)),
    _reads("explain a figure", _explain),
    _reads(
        "explain a headline measure",
        lambda d: explained.explain_card(d.room, d.who, d.room.input_set(), d.view, "revenue"),
    ),
    _reads("read performance", lambda d: performance.read_performance(d.room, d.who)),
    _reads("read value added by forecast step", lambda d: performance.read_value_added(d.room, d.who)),
    _reads("read the proposed cadences", lambda d: performance.read_cadences(d.room, d.who)),
    _reads("read what safety stock rests on", lambda d: supply_questions.read_basis(d.room, d.who, d.view)),
    _reads("read the age of stock", lambda d: plan_context.read_ages(d.room, d.who, d.view)),
    _reads("read the history behind the forecast", lambda d: overrides.read_history(d.room, d.person, d.view)),
    _reads(
        "read the register of assumptions",
        lambda d: register.read_register(d.room, d.who, d.room.input_set()),
    ),
    _reads(
        "read an assumption in its form",
        lambda d: register.read_edit(d.room, d.person, d.room.input_set(), d.view, "price_pct", ""),
    ),
    _reads("read overrides in force", lambda d: overrides.overrides_in_force(d.room, d.who, d.working)),
    _reads(
        "read overrides of a frozen plan", lambda d: overrides.overrides_frozen(d.room, d.who, _frozen_view(d))
    ),
    _reads("list scenarios", lambda d: drafts.list_scenarios(d.store, d.who)),
    _reads("find the working plan's scenario", lambda d: drafts.working_scenario(d.store, d.who)),
    _reads("read the values of the working plan", lambda d: drafts.entries(d.store, d.who, d.working)),
    _reads(
        "read the values of another's draft",
        lambda d: drafts.entries(d.store, d.who, d.scenario("head_of_supply", "draft").id),
    ),
    _reads(
        "open the working plan on the bench",
        lambda d: bench.read_bench(d.room, d.who, d.room.input_set(), d.working),
    ),
    _reads("read the settings", lambda d: settings.read_settings_page(d.store, d.who)),
    _reads("read the audit trail", lambda d: settings.read_trail(d.store, d.who)),
    _reads("check the audit trail", lambda d: settings.check_trail(d.store, d.who)),
    _reads("ask what others changed", lambda d: live_changes.changes_since(d.store, d.who, 0)),
    _reads(
        "ask whether others acted",
        lambda d: live_changes.only_edited(d.store, d.who, live_changes.Moment(0, 0), live_changes.Moment(0, 0)),
    ),
    _reads("ask for a quote", _quote),
    _reads("refine the first months", _refine),
    _reads("list every plan ever proposed", lambda d: frozen_plans.list_plans(d.store, d.who)),
    _reads("list frozen plans for sign-off", lambda d: frozen_plans.list_frozen(d.room, d.who, FIRST_OPEN)),
    _reads("find the current proposal", lambda d: frozen_plans.current_proposal(d.store, d.who, FIRST_OPEN)),
    _reads("find the plan in force", lambda d: frozen_plans.latest_agreed(d.store, d.who)),
    _reads("read where a plan stands", lambda d: frozen_plans.read_sign_off(d.store, d.who, d.plan.id)),
    _reads("read the content of a plan", lambda d: frozen_plans.read_content(d.store, d.who, d.plan.id)),
    _reads("read a frozen plan back", lambda d: frozen_plans.read_frozen(d.room, d.who, d.plan)),
    _reads(
        "read a proposal with all that is signed",
        lambda d: frozen_plans.read_proposal(d.room, d.who, d.plan.id, d.room.input_set()),
    ),
    _reads(
        "ask what the gate says of the working plan",
        lambda d: gate_findings.working_gate(d.room, d.who, d.room.input_set()),
    ),
    _reads("find a plan by its number", lambda d: exports.chosen_plan(d.store, d.who, str(d.plan.id))),
    _reads("export the agreed plan as a workbook", lambda d: board_pack.export_workbook(d.room, d.who, d.plan)),
    _reads("export the agreed plan's lines", lambda d: exports.export_lines(d.store, d.who, d.plan)),
    _reads("export the working plan's lines", lambda d: exports.working_content(d.room, d.who)),
    _reads(
        "export a snapshot",
        lambda d: board_pack.export_snapshot(d.room, d.who, d.plan.id, d.keys),
    ),
    _reads("read the board pack of a plan", lambda d: board_pack.read_pack(d.room, d.who, d.plan)),
    _reads("read the board pack of the working plan", lambda d: board_pack.read_pack(d.room, d.who, None)),
    _reads("export the loaded tables to work on", lambda d: exports.export_inputs(d.store, d.who)),
    _reads("list the open tables", lambda d: open_data.list_open_tables(d.store, d.who)),
    _reads("read an open table", lambda d: open_data.read_open_table(d.room, d.who, "plan_lines", "agreed")),
    _reads("export all data", lambda d: open_data.export_parquet(d.room, d.who)),
    _reads("download a table", lambda d: exports.table_csv(d.store, d.who, pd.DataFrame({"a": [1]}))),
)

WRITING = (
    _writes("preview an import", lambda d: _imported(d, imports.preview_import)),
    _writes("import a table", lambda d: _imported(d, imports.import_table)),
    _writes("undo an import", lambda d: imports.undo_import(d.store, d.who, "sales_actuals")),
    _writes("give an account its line", _map_account),
    _writes("change sales' assumption of the working plan", _changes("price_pct", 0.05)),
    _writes("change operations' assumption of the working plan", _changes("people_pct", 0.1)),
    _writes("change supply's assumption of the working plan", _changes("supply_pct", 0.9)),
    _writes("change product's assumption of the working plan", _changes("launch_slip_months", 1.0, "New one")),
    _writes("change finance's assumption of the working plan", _changes("dso_days", 40.0)),
    _writes("change the CEO's assumption of the working plan", _changes("initiative_slip_months", 1.0, "Leaner")),
    _writes("change an assumption beyond its range", _changes("price_pct", 9.0)),
    _writes(
        "reset sales' assumption of the working plan",
        lambda d: drafts.reset_assumption(d.store, d.who, d.working, "price_pct"),
    ),
    _writes("open one's own draft", lambda d: drafts.own_draft(d.store, d.who)),
    _writes("list what one can work on", lambda d: bench.list_choices(d.room, d.person)),
    _writes("change an assumption of one's own draft", _change_own_draft),
    _writes(
        "change an assumption of the head of supply's draft",
        lambda d: _change(d, d.scenario("head_of_supply", "draft").id, "price_pct", 0.05),
    ),
    _writes(
        "change an assumption of the head of supply's saved scenario",
        lambda d: _change(d, d.scenario("head_of_supply", "saved").id, "price_pct", 0.05),
    ),
    _writes("put one's draft back to the working plan", lambda d: drafts.reset_draft(d.store, d.who)),
    _writes("save a scenario", lambda d: drafts.save_as(d.store, d.who, d.working, "Careful")),
    _writes(
        "rename the head of supply's saved scenario",
        lambda d: drafts.rename(d.store, d.who, d.scenario("head_of_supply", "saved"), "Bolder", ""),
    ),
    _writes("bring one's own values into the working plan", _adopt),
    _writes(
        "enter an override in the working plan",
        lambda d: overrides.enter_override(d.room, d.person, d.working, _wanted(12.0), "A tender"),
    ),
    _writes(
        "take back sales' override",
        lambda d: overrides.take_back(d.store, d.who, d.working, d.override("head_of_sales")),
    ),
    _writes(
        "take back marketing's override",
        lambda d: overrides.take_back(d.store, d.who, d.working, d.override("head_of_product")),
    ),
    _writes("decide about history", _decide_history),
    _writes("try a decision in one's draft", lambda d: decision_acts.try_decision(d.room, d.who, DECISION)),
    _writes("accept a decision", _decide("Accept")),
    _writes("refuse a decision", _decide("Refuse")),
    _writes("defer a decision", _decide("Defer")),
    _writes("take a decision back", _take_back),
    _writes("set the cycle's steps", lambda d: steps.set_cycle_plan(d.store, d.who, {"executive": 9}, None, 0)),
    _writes("submit demand", lambda d: steps.submit(d.store, d.who, "demand")),
    _writes("delegate a family", lambda d: steps.delegate(d.store, d.who, "viewer", FAMILY)),
    _writes("end a delegation", _undelegate),
    _writes("give a task", lambda d: _task(d, d.who)),
    _writes("do the viewer's task", _do_task),
    _writes("comment", lambda d: comments.say(d.store, d.who, "family", FAMILY, "Why?")),
    _writes("settle a thread", _settle),
    _writes("put an item on the agenda", lambda d: agenda.add_own_item(d.store, d.who, "Robot")),
    _writes("record an outcome", _record_outcome),
    _writes("begin the meeting", _begin_meeting),
    _writes("undo one's own change", _undo),
    _writes("move the cycle to a step", lambda d: cycle.move_to_step(d.store, d.who, "demand")),
    _writes("close the cycle and open the next", lambda d: cycle.close_and_roll(d.store, d.who), "agreed"),
    _writes("propose the working plan", lambda d: plan_acts.propose_plan(d.room, d.who)),
    _writes(
        "propose a saved scenario",
        lambda d: plan_acts.propose_plan(d.room, d.who, d.scenario("head_of_supply", "saved").id, "Bold"),
    ),
    _writes("sign for one's function", lambda d: _sign(d.room, d.who), "proposed"),
    _writes("dissent for one's function", lambda d: _sign(d.room, d.who, "dissent"), "proposed"),
    _writes("sign what was not shown", lambda d: plan_acts.sign(d.store, d.who, d.plan.id, "0" * 64), "proposed"),
    _writes("sign an agreed plan", lambda d: _sign(d.room, d.who), "agreed"),
    _writes(
        "decide over a dissent",
        lambda d: plan_acts.decide_over_dissent(d.store, d.who, d.plan.id, d.plan.digest, "It holds"),
        "dissent",
    ),
    _writes(
        "decide where nobody dissents",
        lambda d: plan_acts.decide_over_dissent(d.store, d.who, d.plan.id, d.plan.digest, "It holds"),
        "proposed",
    ),
    _writes("return a plan", lambda d: plan_acts.return_plan(d.store, d.who, d.plan.id, "Too bold"), "proposed"),
    _writes(
        "return a plan without a reason",
        lambda d: plan_acts.return_plan(d.store, d.who, d.plan.id, ""),
        "proposed",
    ),
    _writes("return an agreed plan", lambda d: plan_acts.return_plan(d.store, d.who, d.plan.id, "Why"), "agreed"),
    _writes(
        "withdraw a plan that the coordinator prepared",
        lambda d: plan_acts.withdraw_plan(d.store, d.who, d.plan.id, "A mistake"),
        "proposed",
    ),
    _writes(
        "withdraw a plan that all have signed",
        lambda d: plan_acts.withdraw_plan(d.store, d.who, d.plan.id, "A mistake"),
        "dissent",
    ),
    _writes(
        "waive a finding of the gate",
        lambda d: frozen_plans.waive(d.store, d.who, FIRST_OPEN, "identity", "Known", "2099-12"),
    ),
    _writes("set the ground rules", _set_ground),
    _writes("set the ground rules while a plan is up for signing", _set_ground, "proposed"),
    _writes("set ground rules that nobody can meet", lambda d: _set_rules(d, GroundRules("coalition", (), 1))),
    _writes("set how figures look", _set_look),
    _writes("set the planning rules", _set_planning),
    _writes("set fences beyond the horizon", lambda d: _set_fences(d, 99)),
    _writes(
        "waive a finding without an end",
        lambda d: frozen_plans.waive(d.store, d.who, FIRST_OPEN, "identity", "Known", "some day"),
    ),
    _writes(
        "add a person without a name",
        lambda d: people.add_person(d.store, d.who, "newcomer", "", Role.VIEWER, True),
    ),
    _writes(
        "add a person",
        lambda d: people.add_person(d.store, d.who, "newcomer", "New", Role.VIEWER, True),
    ),
    _writes(
        "change a person's role",
        lambda d: people.change_person(d.store, d.who, "viewer", "Viewer", Role.COORDINATOR, True),
    ),
    _writes(
        "change one's own role",
        lambda d: people.change_person(d.store, d.who, d.who, "Me", Role.EXECUTIVE, True),
    ),
)
CASES = (*READING, *WRITING)


def tried(folder: Path, everybody: Sequence[str] = EVERYBODY) -> dict[str, dict[str, str]]:
    """What comes of every case for everybody, on workspaces made in `folder`."""
    stages = Stages(folder)
    found: dict[str, dict[str, str]] = {}
    with stages.opened("agreed") as room:
        for case in READING:
            found[case.name] = {who: _outcome(case, stages.desk(room, who)) for who in everybody}
    for case in WRITING:
        found[case.name] = _written(case, stages, everybody)
    return found


def _written(case: Case, stages: Stages, everybody: Sequence[str]) -> dict[str, str]:
    """A case that changes something: everybody finds the workspace as it was before anybody succeeded."""
    found: dict[str, str] = {}
    waiting = list(everybody)
    while waiting:
        with stages.opened(case.stage) as room:
            while waiting:
                who = waiting.pop(0)
                found[who] = _outcome(case, stages.desk(room, who))
                if found[who] == DONE:
                    break
    return found


def _outcome(case: Case, desk: Desk) -> str:
    """'done', or what refused it and in which words."""
    try:
        case.act(desk)
    except SopError as refusal:
        return masked(f"{type(refusal).__name__}: {refusal}")
    return DONE
