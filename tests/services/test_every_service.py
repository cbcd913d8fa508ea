"""Every service × every role: refused exactly where the permissions table says so, and then nothing has changed.

`TABLE` has a row for each service that somebody calls in their own name; one without a row fails. How each is
called stands in `tests.golden.permissions`, by the name of the case, or here where no case needs it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

import sop.services
from sop.access import PERMISSIONS, may
from sop.agreement.process_records import AgendaItem
from sop.agreement.promotion import Promotion
from sop.core.errors import SopError
from sop.core.terms import Role
from sop.demand.override_effect import WantedOverride
from sop.intake.sources import DataSource
from sop.services import acting
from sop.services.access import people
from sop.services.agreement import decision_acts, frozen_plans, gate_findings, plan_acts
from sop.services.analysis import between_cycles, changes, outlook, review_ahead
from sop.services.company import adopt_cadence, settings
from sop.services.data import board_pack, effort, pack_jobs, sources
from sop.services.planning import choices, overrides, plan_context
from sop.services.process import agenda, comments, meeting, steps
from sop.services.scenarios import closing, drafts, promotion, register
from sop.store import Store
from tests.golden.permissions import CASES, DECISION, DONE, EVERYBODY, FORMER, STRANGER, Desk, Stages

IN_NOBODYS_NAME = {
    "access.mode.set_access": "the command line of the installation",
    "agreement.signing_keys.signing_ring": "asked of by build_signed_snapshot, once it is permitted",
    "agreement.signing_keys.rotate": "the command line of the installation",
    "agreement.signing_keys.revoke": "the command line of the installation",
    "access.passwords.confirm_password": "whoever holds the session, by its password",
    "access.passwords.set_password": "whoever holds the invitation",
    "access.people.invite_from_here": "the command line of the installation",
    "access.sessions.begin_session": "the front desk, once somebody has proved who they are",
    "access.sessions.begin_for": "the front desk, once somebody else has vouched for them",
    "access.sessions.person_of": "the front desk",
    "access.sessions.find_session": "the guard",
    "access.sessions.sign_out": "whoever holds the session",
    "access.sessions.choose_persona": "whoever holds the session of a demo",
    "acting.acting": "the check itself",
    "acting.reading": "the check itself",
    "acting.read_actor": "the check itself",
    "company.cycle.initialise": "the command line of the installation",
    "company.backup.write_backup": "the command line of the installation",
    "data.board_pack.export_pdf": "asks through read_pack",
    "data.board_pack.export_pptx": "asks through read_pack",
    "data.board_pack.export_snapshot": "asks through read_pack and build_signed_snapshot",
    "data.board_pack.make_files": "asks through read_pack",
    "data.pack_jobs.pack_job": "tells of the pack that start_pack began for the same person",
    "planning.room.answer": "keeps what was computed for who was let in",
    "process.contributing.delegated_words": "says what a person may; who writes is asked",
    "process.contributing.override_key": "says what a person may; who writes is asked",
    "process.contributing.why_no_override": "says what a person may; who writes is asked",
}
"""Services that no role is asked for, with who calls them."""
Call = Callable[[Desk], object]
BY_NAME = {case.name: case for case in CASES}


def _case(name: str) -> tuple[str, Call]:
    return BY_NAME[name].stage, BY_NAME[name].act


def _read(call: Call) -> tuple[str, Call]:
    return "agreed", call


def _change(desk: Desk) -> Any:
    """The working plan, and why it differs from the plan agreed since the CEO changed it."""
    working = drafts.working_scenario(desk.store, "executive").id
    place = ("initiative_slip_months", "Leaner")
    if not any((each.key, each.scope) == place for each in drafts.entries(desk.store, "executive", working)):
        drafts.change_assumption(desk.store, "executive", working, place[0], 1.0, scope=place[1], reason="Later")
    view, base = desk.view, choices.list_bases(desk.room, "executive")[0]
    found = changes.read_changes(desk.room, "executive", view, choices.read_view(desk.room, "executive", base))
    assert found is not None
    return view, found.change


def _read_group(desk: Desk) -> None:
    view, change = _change(desk)
    changes.read_group(desk.room, desk.who, view, change, next(iter(change.steps)))


def _store_proposal(desk: Desk) -> None:
    content = frozen_plans.read_content(desk.store, "executive", desk.plan.id)
    plan_acts.store_proposal(desk.store, desk.who, content | {"revision": desk.plan.revision + 1})


def _take_back(desk: Desk) -> None:
    """The override of sales, entered again where somebody took it back."""
    sales = acting.read_actor(desk.store, "head_of_sales")
    wanted = WantedOverride("Family A", "Region 0", ("2026-02",), "units", 6.0)
    found = overrides.overrides_in_force(desk.room, "executive", desk.working)
    if not any(each.key == "demand_units" for each in found):
        overrides.enter_override(desk.room, sales, desk.working, wanted, "A tender")
    overrides.take_back(desk.store, desk.who, desk.working, desk.override("head_of_sales"))


def _bold(desk: Desk) -> int:
    """A saved scenario that the CEO made, which changes something of everybody's."""
    found = drafts.list_scenarios(desk.store, "executive")
    bold = next((each for each in found if each.name == "Everything"), None)
    if bold is None:
        mine = drafts.own_draft(desk.store, "executive").id
        for key, value in (("price_pct", 0.05), ("people_pct", 0.1), ("supply_pct", 0.9), ("dso_days", 40.0)):
            drafts.change_assumption(desk.store, "executive", mine, key, value)
        bold = drafts.save_as(desk.store, "executive", mine, "Everything")
    return bold.id


def _adopt(desk: Desk) -> None:
    """From a saved scenario that the CEO made, whoever adopts."""
    drafts.adopt_values(desk.store, desk.who, _bold(desk), "Agreed in the team")


def _asked(desk: Desk) -> int:
    """The same, asked by the coordinator to become the working plan."""
    bold = _bold(desk)
    if not isinstance(promotion.read_promotion(desk.store, "executive", bold), Promotion):
        promotion.ask_owners(desk.store, "coordinator", bold)
    return bold


ASKED_ALONE = {
    "agreement.decision_acts.close_decision": "needs a decision of a closed cycle",
    "data.sources.add_source": "needs a place that the operator allows",
    "data.sources.look_at_source": "needs a source",
    "data.sources.preview_refresh": "needs a source",
    "data.sources.refresh_sources": "needs a source",
    "data.sources.remove_source": "needs a source",
    "process.meeting.end_meeting": "needs a meeting that is on, for each role anew",
    "process.meeting.go_to_item": "needs a meeting that is on",
    "process.steps.take_back_submission": "needs a submission, for each role anew",
}
"""Services that nobody can carry out on these workspaces: who may is let past the permission, no further."""
SALES_FILE = DataSource("erp", "sales_actuals", "file", "erp", "sales_*.csv", "head_of_sales")


def _item(desk: Desk) -> AgendaItem:
    """An item of the agenda, put there by the CEO where there is none."""
    found = agenda.list_agenda(desk.store, "executive")
    return found[0] if found else agenda.add_own_item(desk.store, "executive", "Robot")


def _thread(desk: Desk) -> int:
    """A comment of the CEO."""
    found = comments.list_comments(desk.store, "executive")
    return found[0].id if found else comments.say(desk.store, "executive", "plan", "", "Why?").id


def _change_item(desk: Desk) -> None:
    item = _item(desk)
    agenda.change_item(desk.store, desk.who, item.id, "Robots", "", 5, item.version)


AS_IT_STANDS = replace(DECISION, move=replace(DECISION.move, before=0.02, value=0.03))
"""A decision that was valued on the working plan of the stage."""

TABLE: dict[str, tuple[str, tuple[str, Call]]] = {
    "access.people.add_person": ("manage_people", _case("add a person")),
    "access.people.change_person": ("manage_people", _case("change a person's role")),
    "access.people.invite": ("manage_people", ("open", lambda d: people.invite(d.store, d.who, "viewer"))),
    "agreement.decision_acts.list_decisions": ("read_plans", _case("list decisions")),
    "agreement.decision_acts.accept_decision": ("decide", ("open",
        lambda d: decision_acts.accept_decision(d.room, d.who, AS_IT_STANDS, "It is worth it"))),
    "agreement.decision_acts.refuse_decision": ("decide", _case("refuse a decision")),
    "agreement.decision_acts.defer_decision": ("decide", _case("defer a decision")),
    "agreement.decision_acts.decide_on": ("decide", _case("defer a decision")),
    "agreement.decision_acts.try_decision": ("run_scenario", _case("try a decision in one's draft")),
    "agreement.decision_acts.take_back_decision": ("decide", _case("take a decision back")),
    "agreement.frozen_plans.read_proposal": ("read_plans", _case("read a proposal with all that is signed")),
    "agreement.frozen_plans.read_frozen": ("read_plans", _case("read a frozen plan back")),
    "agreement.frozen_plans.list_frozen": ("read_plans", _case("list frozen plans for sign-off")),
    "agreement.frozen_plans.read_sign_off": ("read_plans", _case("read where a plan stands")),
    "agreement.frozen_plans.current_proposal": ("read_plans", _case("find the current proposal")),
    "agreement.frozen_plans.list_plans": ("read_plans", _case("list every plan ever proposed")),
    "agreement.frozen_plans.read_content": ("read_plans", _case("read the content of a plan")),
    "agreement.frozen_plans.latest_agreed": ("read_plans", _case("find the plan in force")),
    "agreement.decision_acts.close_decision": ("decide", _read(
        lambda d: decision_acts.close_decision(d.store, d.who, 1, "It came"))),
    "agreement.frozen_plans.build_signed_snapshot": ("export", _read(
        lambda d: frozen_plans.build_signed_snapshot(d.store, d.who, d.plan.id, d.keys, {}))),
    "agreement.frozen_plans.waive": ("waive_finding", _case("waive a finding of the gate")),
    "agreement.gate_findings.working_gate": ("read_plans", _case("ask what the gate says of the working plan")),
    "agreement.gate_findings.gate_of_view": ("read_plans", _read(
        lambda d: gate_findings.gate_of_view(d.room, d.who, d.room.input_set(), d.view))),
    "agreement.plan_acts.sign": ("sign_plan", _case("sign for one's function")),
    "agreement.plan_acts.decide_over_dissent": ("sign_plan", _case("decide over a dissent")),
    "agreement.plan_acts.return_plan": ("return_plan", _case("return a plan")),
    "agreement.plan_acts.withdraw_plan": ("sign_plan|propose_plan", _case("withdraw a plan that all have signed")),
    "agreement.plan_acts.propose_plan": ("propose_plan", _case("propose the working plan")),
    "agreement.plan_acts.store_proposal": ("propose_plan", ("proposed", _store_proposal)),
    "analysis.changes.read_changes": ("read_plans", _case("read what a plan changes")),
    "analysis.changes.read_group": ("read_plans", _read(_read_group)),
    "analysis.explained.explain_figure": ("read_plans", _case("explain a figure")),
    "analysis.explained.explain_card": ("read_plans", _case("explain a headline measure")),
    "analysis.review_ahead.keep_review": ("read_plans", _read(
        lambda d: review_ahead.keep_review(d.room, d.who))),
    "analysis.outlook.read_drawn_page": ("read_plans", _read(
        lambda d: outlook.read_drawn_page(d.room, d.who, d.room.input_set(), 5))),
    "analysis.performance.read_performance": ("read_plans", _case("read performance")),
    "analysis.performance.read_value_added": ("read_plans", _case("read value added by forecast step")),
    "analysis.between_cycles.read_left_range": (
        "read_plans",
        ("open", lambda d: between_cycles.read_left_range(d.room, d.who)),
    ),
    "analysis.performance.read_cadences": ("read_plans", _case("read the proposed cadences")),
    "company.cycle.close_and_roll": ("run_cycle", _case("close the cycle and open the next")),
    "company.cycle.move_to_step": ("run_cycle", _case("move the cycle to a step")),
    "company.cycle.current_cycle": ("read_plans", _case("read the open cycle")),
    "company.cycle.read_overview": ("read_plans", _case("read the overview of the workspace")),
    "company.settings.read_settings_page": ("read_audit", _case("read the settings")),
    "company.settings.set_ground_rules": ("set_ground_rules", _case("set the ground rules")),
    "company.settings.set_planning_rules": ("set_ground_rules", _case("set the planning rules")),
    "company.settings.set_look": ("set_look", _case("set how figures look")),
    "company.settings.read_trail": ("read_audit", _case("read the audit trail")),
    "company.settings.check_trail": ("read_audit", _case("check the audit trail")),
    "data.exports.chosen_plan": ("read_plans", _case("find a plan by its number")),
    "data.board_pack.export_workbook": ("export", _case("export the agreed plan as a workbook")),
    "data.board_pack.read_pack": ("export", _case("read the board pack of a plan")),
    "data.board_pack.read_sheets": ("export", _read(lambda d: board_pack.read_sheets(d.room, d.who, d.plan))),
    "data.pack_jobs.start_pack": ("export", _read(lambda d: pack_jobs.start_pack(d.room, d.who, d.plan))),
    "data.exports.export_inputs": ("export", _case("export the loaded tables to work on")),
    "data.exports.export_lines": ("export", _case("export the agreed plan's lines")),
    "data.exports.working_content": ("export", _case("export the working plan's lines")),
    "data.open_data.list_open_tables": ("read_open_data", _case("list the open tables")),
    "data.open_data.read_open_table": ("read_open_data", _case("read an open table")),
    "data.open_data.export_parquet": ("read_open_data", _case("export all data")),
    "data.exports.table_csv": ("export", _case("download a table")),
    "data.imports.preview_import": ("import_data", _case("preview an import")),
    "data.imports.import_table": ("import_data", _case("import a table")),
    "data.imports.undo_import": ("import_data", _case("undo an import")),
    "data.imports.read_data_state": ("read_plans", _case("read what data are loaded")),
    "data.imports.read_accounts": ("read_plans", _case("read the accounts")),
    "data.imports.save_accounts": ("import_data", _case("give an account its line")),
    "data.sources.add_source": ("import_data", ("open", lambda d: sources.add_source(d.store, d.who, SALES_FILE))),
    "data.sources.look_at_source": ("import_data", _read(lambda d: sources.look_at_source(d.store, d.who, "erp"))),
    "data.sources.preview_refresh": ("import_data", _read(lambda d: sources.preview_refresh(d.store, d.who))),
    "data.sources.read_sources_state": ("read_plans", _read(lambda d: sources.read_sources_state(d.store, d.who))),
    "data.sources.refresh_sources": ("import_data", _read(lambda d: sources.refresh_sources(d.store, d.who))),
    "data.sources.remove_source": ("import_data", ("open",
        lambda d: sources.remove_source(d.store, d.who, "erp"))),
    "planning.choices.list_views": ("read_plans", _case("list plans to look at")),
    "planning.choices.list_bases": ("read_plans", _case("list plans to compare with")),
    "planning.choices.list_others": ("read_plans", _case("list plans to put beside")),
    "planning.choices.read_view": ("read_plans", _case("look at the working plan")),
    "planning.choices.told_values": ("read_plans", _read(lambda d: choices.told_values(d.room, d.who, d.view))),
    "planning.overrides.enter_override": ("contribute", _case("enter an override in the working plan")),
    "planning.overrides.take_back": ("contribute", ("open", _take_back)),
    "planning.overrides.overrides_in_force": ("read_plans", _case("read overrides in force")),
    "planning.overrides.overrides_frozen": ("read_plans", _case("read overrides of a frozen plan")),
    "planning.overrides.read_history": ("read_plans", _case("read the history behind the forecast")),
    "planning.overrides.decide_history": ("run_scenario", _case("decide about history")),
    "planning.plan_context.plan_context": ("read_plans", _case("read the context of a plan page")),
    "planning.plan_context.channel_sales": ("read_plans", _case("read sales by channel")),
    "planning.plan_context.read_ages": ("read_plans", _case("read the age of stock")),
    "planning.plan_context.against_last_year": ("read_plans", _read(
        lambda d: plan_context.against_last_year(d.room, d.who, d.view))),
    "planning.refine_runs.start_run": ("run_scenario", _case("refine the first months")),
    "planning.supply_questions.quote_under": ("read_plans", _case("ask for a quote")),
    "planning.supply_questions.read_basis": ("read_plans", _case("read what safety stock rests on")),
    "process.agenda.add_own_item": ("lead_meeting", _case("put an item on the agenda")),
    "process.agenda.change_item": ("lead_meeting", ("open", _change_item)),
    "process.agenda.list_agenda": ("read_plans", _case("read the agenda")),
    "process.agenda.make_agenda": ("lead_meeting", ("open", lambda d: agenda.make_agenda(d.room, d.who))),
    "process.agenda.move_item": ("lead_meeting", ("open",
        lambda d: agenda.move_item(d.store, d.who, _item(d).id, True))),
    "process.agenda.record_outcome": ("give_task", _case("record an outcome")),
    "process.agenda.take_off": ("lead_meeting", ("open", lambda d: agenda.take_off(d.store, d.who, _item(d).id))),
    "process.comments.answer": ("comment", ("open", lambda d: comments.answer(d.store, d.who, _thread(d), "So"))),
    "process.comments.list_comments": ("read_plans", _case("list comments")),
    "process.comments.say": ("comment", _case("comment")),
    "process.comments.settle": ("comment", _case("settle a thread")),
    "process.meeting.attend": ("comment", ("open", lambda d: meeting.attend(d.store, d.who))),
    "process.meeting.begin_meeting": ("lead_meeting", _case("begin the meeting")),
    "process.meeting.current_meeting": ("read_plans", _case("find the meeting")),
    "process.meeting.end_meeting": ("lead_meeting", ("open", lambda d: meeting.end_meeting(d.store, d.who))),
    "process.meeting.export_minutes": ("export", _read(
        lambda d: meeting.export_minutes(d.store, d.who, d.room.input_set().cycle.first_open))),
    "process.meeting.go_to_item": ("lead_meeting", ("open",
        lambda d: meeting.go_to_item(d.store, d.who, _item(d).id))),
    "process.meeting.list_minutes": ("read_plans", _case("list minutes")),
    "process.steps.delegate": ("delegate", _case("delegate a family")),
    "process.steps.read_cycle_run": ("read_plans", _case("read where the cycle stands")),
    "process.steps.set_cycle_plan": ("run_cycle", _case("set the cycle's steps")),
    "process.steps.submit": ("contribute|submit_step", _case("submit demand")),
    "process.steps.take_back_submission": ("contribute", ("open",
        lambda d: steps.take_back_submission(d.store, d.who, "demand"))),
    "process.steps.undelegate": ("delegate", _case("end a delegation")),
    "process.tasks.change_task": ("do_task", _case("do the viewer's task")),
    "process.tasks.give_task": ("give_task", _case("give a task")),
    "process.tasks.list_tasks": ("read_plans", _case("list tasks")),
    "scenarios.bench.list_choices": ("read_plans", _case("list what one can work on")),
    "scenarios.bench.read_bench": ("read_plans", _case("open the working plan on the bench")),
    "scenarios.closing.apply_moves": ("run_scenario", ("open",
        lambda d: closing.apply_moves(d.room, d.who, d.room.assumptions(), [DECISION.move]))),
    "scenarios.drafts.list_scenarios": ("read_plans", _case("list scenarios")),
    "scenarios.drafts.working_scenario": ("read_plans", _case("find the working plan's scenario")),
    "scenarios.drafts.own_draft": ("run_scenario", _case("open one's own draft")),
    "scenarios.drafts.entries": ("read_plans", _case("read the values of the working plan")),
    "scenarios.drafts.change_assumption": ("run_scenario", _case("change an assumption of one's own draft")),
    "scenarios.drafts.reset_assumption": ("run_scenario", _case("reset sales' assumption of the working plan")),
    "scenarios.drafts.reset_draft": ("run_scenario", _case("put one's draft back to the working plan")),
    "scenarios.drafts.save_as": ("run_scenario", _case("save a scenario")),
    "scenarios.drafts.rename": ("run_scenario", _case("rename the head of supply's saved scenario")),
    "scenarios.drafts.adopt_values": ("change_working_plan", ("open", _adopt)),
    "scenarios.promotion.read_promotion": (
        "read_plans",
        _read(lambda desk: promotion.read_promotion(desk.store, desk.who, desk.working)),
    ),
    "scenarios.promotion.list_promotions": (
        "read_plans",
        _read(lambda desk: promotion.list_promotions(desk.store, desk.who)),
    ),
    "scenarios.promotion.ask_owners": (
        "run_scenario",
        ("open", lambda desk: promotion.ask_owners(desk.store, desk.who, _bold(desk))),
    ),
    "scenarios.promotion.consent": (
        "change_working_plan",
        ("open", lambda desk: promotion.consent(desk.store, desk.who, _asked(desk))),
    ),
    "scenarios.promotion.decline": (
        "change_working_plan",
        ("open", lambda desk: promotion.decline(desk.store, desk.who, _asked(desk), "Not now")),
    ),
    "scenarios.promotion.rule_over_owners": (
        "change_working_plan",
        ("open", lambda desk: promotion.rule_over_owners(desk.store, desk.who, _asked(desk), "It is wanted")),
    ),
    "scenarios.live_changes.only_edited": ("read_audit", _case("ask whether others acted")),
    "scenarios.live_changes.changes_since": ("read_audit", _case("ask what others changed")),
    "scenarios.own_changes.list_changes": ("read_plans", _case("list who changed what")),
    "scenarios.own_changes.undo_change": ("change_working_plan", _case("undo one's own change")),
    "scenarios.register.read_edit": ("read_plans", _case("read an assumption in its form")),
    "scenarios.register.read_edit_of": ("read_plans", _read(lambda d: register.read_edit_of(
        d.room, d.person, d.room.input_set(), d.working, "price_pct", ""))),
    "data.effort.read_restatements": ("read_plans", _read(lambda d: effort.read_restatements(d.room, d.who))),
    "data.effort.value_restated": ("read_plans", _read(lambda d: effort.value_restated(
        d.room, d.who, d.room.input_set()))),
    "data.effort.rank_inputs": ("read_plans", _read(lambda d: effort.rank_inputs(
        d.room, d.who, d.room.input_set(), "ebit"))),
    "company.adopt_cadence.read_company_cadence": ("read_plans", _read(
        lambda d: adopt_cadence.read_company_cadence(d.room, d.who))),
    "company.adopt_cadence.adopt_cadence": ("set_ground_rules", ("open", lambda d: adopt_cadence.adopt_cadence(
        d.room, d.who, settings.read_settings_page(d.store, "executive").versions.get("company", 0)))),
    "process.agenda.read_resting": ("read_plans", _read(lambda d: agenda.read_resting(d.store, d.who))),
    "scenarios.register.read_register": ("read_plans", _case("read the register of assumptions")),
}  # fmt: skip
"""Service → the permission that it asks for, and a call of it on a workspace at a stage."""


def services() -> Iterator[tuple[str, bool]]:
    """Every public service that changes something or acts in somebody's name, and whether it names them."""
    for module in pkgutil.walk_packages(sop.services.__path__, "sop.services."):
        if module.name.startswith("sop.services.demo"):
            continue  # builds the fictional company, on the command line
        for name, found in vars(importlib.import_module(module.name)).items():
            if not inspect.isfunction(found) or found.__module__ != module.name or name.startswith("_"):
                continue
            first = list(inspect.signature(found).parameters)[:2]
            named = first[:1] in (["store"], ["room"]) and first[1:] in (["person_id"], ["person"])
            if named or ".write(" in inspect.getsource(found):
                yield f"{module.name.removeprefix('sop.services.')}.{name}", named


def test_every_service_has_a_row() -> None:
    found = {name for name, _ in services()}
    assert found == {*TABLE, *IN_NOBODYS_NAME}
    assert not {*TABLE} & {*IN_NOBODYS_NAME}
    assert {each for act, _ in TABLE.values() for each in act.split("|")} == {
        permission.act for permission in PERMISSIONS
    }


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(tmp_path_factory.mktemp("services"))


def outcome(call: Call, desk: Desk) -> str:
    try:
        call(desk)
    except SopError as refusal:
        return f"{type(refusal).__name__}: {refusal}"
    return DONE


def contents(store: Store) -> dict[str, Any]:
    """Every row but those of the audit trail, where refusals are logged, and the versions that seal it."""
    with store.read() as tx:
        bind = tx.session.connection()
        tables = [row[0] for row in bind.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        return {
            name: bind.execute(text(f'SELECT * FROM "{name}"')).all() for name in tables if "audit" not in name
        }


def says_no(person: str, act: str) -> tuple[str, ...]:
    """How a refusal of the permissions table begins; whoever may not even read may be told that first."""
    acts = [*act.split("|"), *([] if may(person, "read_plans") else ["read_plans"])]
    meanings = [each.meaning for each in PERMISSIONS if each.act in acts]
    return tuple(f"NotAllowed: {Role(person).title} may not {said[0].lower()}{said[1:]}" for said in meanings)


@pytest.mark.parametrize("service", TABLE)
def test_a_service_is_refused_exactly_where_the_table_says_so(stages: Stages, service: str) -> None:
    act, (stage, call) = TABLE[service]
    roles = [role.value for role in Role]
    refused = [role for role in roles if not any(may(role, each) for each in act.split("|"))]
    with stages.opened(stage) as room:
        at = partial(stages.desk, room)
        # Whatever the call itself prepares in others' names is there from here on.
        assert outcome(call, at(STRANGER)).startswith("NotFound: there is no person 'stranger'")
        before = contents(room.store)
        for person in refused:
            assert outcome(call, at(person)).startswith(says_no(person, act))
        assert outcome(call, at(FORMER)).startswith("NotAllowed: Former may no longer sign in")
        assert contents(room.store) == before, "a refused call changed something"
        allowed = {person: outcome(call, at(person)) for person in roles if person not in refused}
        assert not [told for person, told in allowed.items() if told.startswith(says_no(person, act))]
        assert DONE in allowed.values() or service in ASKED_ALONE, allowed
    assert set(EVERYBODY) == {*roles, FORMER, STRANGER}
