"""The process around a planned company, on both databases: contributors, cut-off, gate, conditions, minutes."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from sop.agreement.ground_rules import GroundRules
from sop.agreement.process_records import Task
from sop.cli.main import run_command
from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.demand.override_effect import WantedOverride
from sop.files.snapshot import verify_snapshot
from sop.services.acting import read_actor
from sop.services.agreement import frozen_plans, plan_acts
from sop.services.agreement.gate_findings import working_gate
from sop.services.company.cycle import CompanySettings, close_and_roll, initialise, move_to_step
from sop.services.company.settings import read_settings_page, set_ground_rules
from sop.services.data.board_pack import export_snapshot, export_workbook
from sop.services.demo.personas import waive_red
from sop.services.planning.overrides import enter_override, overrides_in_force, take_back
from sop.services.planning.room import PlanningRoom
from sop.services.process import agenda, meeting, steps, tasks
from sop.services.scenarios import drafts
from sop.store import Store, open_store
from tests.companies import FIRST_OPEN
from tests.services.planned_company import FUNCTIONS, SHORT, load_tables, make_room

SALES, CEO, VIEWER, COORDINATOR = "head_of_sales", "executive", "viewer", "coordinator"
HERE, ELSEWHERE = ("Family A", "Region 0"), ("Family B", "Region 0")


@pytest.fixture
def room(store: Store) -> PlanningRoom:
    initialise(store, FIRST_OPEN, CompanySettings(name="Generated", horizon=SHORT.horizon, fictional=True))
    load_tables(store, SHORT)
    return PlanningRoom(store)


def enter(room: PlanningRoom, who: str, place: tuple[str, str], units: float = 24.0) -> None:
    working = drafts.working_scenario(room.store, who).id
    wanted = WantedOverride(*place, ("2026-02",), "units", units)
    enter_override(room, read_actor(room.store, who), working, wanted, "A tender")


def test_contributors_enter_what_was_delegated_until_they_or_the_head_submit(room: PlanningRoom) -> None:
    store = room.store
    with pytest.raises(NotAllowed):
        enter(room, VIEWER, HERE)
    steps.delegate(store, SALES, VIEWER, HERE[0])
    with pytest.raises(NotAllowed, match=r"Family B, Region 0 was not delegated to you, because you enter"):
        enter(room, VIEWER, ELSEWHERE)
    with pytest.raises(NotAllowed, match="not delegated"):
        enter(room, VIEWER, ("", ""))
    enter(room, VIEWER, HERE)
    enter(room, SALES, HERE, 12.0)
    working = drafts.working_scenario(store, SALES).id
    theirs, own = overrides_in_force(room, SALES, working)
    assert (theirs.by, own.by) == (SALES, VIEWER)
    with pytest.raises(NotAllowed, match="head_of_sales entered this override"):
        take_back(store, VIEWER, working, theirs)
    with pytest.raises(NotAllowed):
        drafts.change_assumption(store, VIEWER, working, "demand_pct", 0.1)
    steps.submit(store, VIEWER, "demand")
    with pytest.raises(Conflict, match="because you have submitted"):
        enter(room, VIEWER, HERE)
    steps.take_back_submission(store, VIEWER, "demand")
    steps.submit(store, SALES, "demand")
    with pytest.raises(Conflict, match="the head has submitted, whose figure is the last"):
        take_back(store, VIEWER, working, own)
    enter(room, SALES, HERE, 6.0)


def test_a_contributor_of_one_region_enters_nothing_for_another(room: PlanningRoom) -> None:
    steps.delegate(room.store, SALES, VIEWER, region="Region 0")
    enter(room, VIEWER, HERE)
    for place in (("Family A", "Region 1"), ("Family A", "")):
        with pytest.raises(NotAllowed, match="was not delegated to you, because you enter overrides for Region 0"):
            enter(room, VIEWER, place)
    working = drafts.working_scenario(room.store, SALES).id
    assert len(overrides_in_force(room, SALES, working)) == 1, "nothing of what was refused is kept"


def test_after_the_cut_off_only_what_the_ground_rules_allow_changes_the_plan(
    room: PlanningRoom, monkeypatch
) -> None:
    store = room.store
    steps.set_cycle_plan(store, COORDINATOR, {}, 1, 0)
    working = drafts.working_scenario(store, SALES).id
    day = steps.read_cycle_run(store, SALES).plan.cut_off_day(FIRST_OPEN)
    assert day == "2026-01-01" and steps.read_cycle_run(store, SALES).late, "the cycle of these tests is long past"
    with pytest.raises(Conflict, match="edits of the working plan ended on 2026-01-01"):
        drafts.change_assumption(store, SALES, working, "demand_pct", 0.1)
    with pytest.raises(Conflict, match="ended on"):
        enter(room, SALES, HERE)
    drafts.change_assumption(store, SALES, drafts.own_draft(store, SALES).id, "demand_pct", 0.1)
    with pytest.raises(Conflict, match="ended on"):
        drafts.adopt_values(store, SALES, drafts.own_draft(store, SALES).id, "Late")
    found = read_settings_page(store, CEO)
    rules = found.rules.__class__(**{**vars(found.rules), "late_edits": "owners"})
    set_ground_rules(store, CEO, rules, found.versions.get("ground_rules", 0))
    drafts.change_assumption(store, SALES, working, "demand_pct", 0.1)


def test_a_step_is_not_moved_back_under_a_plan_that_people_signed(room: PlanningRoom) -> None:
    store = room.store
    for step in ("supply", "demand", "executive"):
        move_to_step(store, COORDINATOR, step)
    plan = plan_acts.propose_plan(room, COORDINATOR)
    move_to_step(store, COORDINATOR, "supply")
    move_to_step(store, COORDINATOR, "executive")
    plan_acts.sign(store, SALES, plan.id, plan.digest)
    with pytest.raises(Conflict, match="cannot go back to Supply, because Head of sales signed its plan"):
        move_to_step(store, COORDINATOR, "supply")
    plan_acts.return_plan(store, CEO, plan.id, "Once more")
    move_to_step(store, COORDINATOR, "supply")


def test_steps_that_were_switched_on_stop_a_plan_before_they_are_done(room: PlanningRoom) -> None:
    def red() -> set[str]:
        return {line.rule for line in working_gate(room, CEO, room.input_set()).lines if line.level == "red"}

    assert not red() & {"cycle_step", "exception"}
    steps.set_cycle_plan(room.store, COORDINATOR, {"demand": 5, "executive": 10}, None, 0)
    move_to_step(room.store, COORDINATOR, "demand")
    assert "cycle_step" in red()
    with pytest.raises(Conflict, match="the gate is red"):
        plan_acts.propose_plan(room, COORDINATOR)
    move_to_step(room.store, COORDINATOR, "executive")
    assert "cycle_step" not in red()
    gate = working_gate(room, CEO, room.input_set())
    for line in (line for line in gate.lines if line.rule == "exception"):
        assert line.level == "red"


def test_a_condition_is_a_task_until_it_is_met_by_who_may_say_so(room: PlanningRoom) -> None:
    store, plan = room.store, plan_acts.propose_plan(room, COORDINATOR)
    how = {"meaning": "conditional", "comment": "Stock is counted"}
    for wrong, why in (({"owner": "nobody"}, "cannot take a task"), ({"due": "2025-12"}, "that month is closed")):
        with pytest.raises(BadInput, match=why):
            plan_acts.sign(store, "head_of_supply", plan.id, plan.digest, **how, **wrong)  # type: ignore[arg-type]
        assert frozen_plans.read_sign_off(store, CEO, plan.id).signatures == (), "nothing is half signed"
    plan_acts.sign(store, "head_of_supply", plan.id, plan.digest, owner=SALES, due="2026-03", **how)  # type: ignore[arg-type]
    (task,) = tasks.list_tasks(store, VIEWER)
    assert isinstance(task, Task) and (task.owner, task.due, task.kind) == (SALES, "2026-03", "condition")
    with pytest.raises(NotAllowed, match="a condition is met when its owner or who signed on it says so"):
        tasks.change_task(store, CEO, task.id, state="done", expected_version=task.version)
    assert tasks.change_task(store, "head_of_supply", task.id, state="done", expected_version=1).state == "done"


def test_minutes_dissent_and_ruling_travel_with_the_snapshot(room: PlanningRoom, tmp_path: Path, capsys) -> None:
    store = room.store
    item = agenda.add_own_item(store, COORDINATOR, "Robot")
    meeting.begin_meeting(store, CEO)
    agenda.record_outcome(store, CEO, item.id, "We buy it", item.version)
    meeting.end_meeting(store, CEO)
    plan = plan_acts.propose_plan(room, COORDINATOR)
    for function, person in FUNCTIONS.items():
        meaning = {"sales": "dissent", "finance": "conditional"}.get(function, "approve")
        words = {"dissent": "We cannot\nsell this", "conditional": "The bank agrees"}.get(meaning, "")
        plan_acts.sign(store, person, plan.id, plan.digest, meaning=meaning, comment=words)  # type: ignore[arg-type]
    plan_acts.decide_over_dissent(store, CEO, plan.id, plan.digest, "The market will turn")
    zipped = export_snapshot(room, CEO, plan.id, tmp_path / "keys")
    report = verify_snapshot(zipped)
    assert report.valid, report.text()
    told = report.text()
    assert told.splitlines()[0].endswith("(sales dissents; finance on a condition)")
    assert "DISSENTS: “We cannot sell this”" in told and "approves on a condition: “The bank agrees”" in told
    assert "decided by CEO over the dissent of Sales: The market will turn" in told
    fields = report.fields()
    assert {row["function"]: row["meaning"] for row in fields["positions"]}["sales"] == "dissent"
    assert fields["decided"] and json.dumps(fields)
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        minutes, listed = archive.read("minutes.txt").decode(), json.loads(archive.read("manifest.json"))
        readme, book = archive.read("README.txt").decode(), archive.read("plan.xlsx")
    assert "minutes.txt" in listed["files"] and plan.digest in minutes and "outcome: We buy it" in minutes
    assert "Sales: Head of sales DISSENTS: We cannot sell this" in minutes
    assert "The market will turn" in readme
    for data in (book, export_workbook(room, CEO, plan)):
        sheet = openpyxl.load_workbook(io.BytesIO(data))["Summary"]
        cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        assert "dissent" in cells and any("The market will turn" in text for text in cells)
    altered = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(zipped)) as source, zipfile.ZipFile(altered, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            target.writestr(
                entry, data.replace(b"buy it", b"sell it") if entry.filename == "minutes.txt" else data
            )
    again = verify_snapshot(altered.getvalue())
    assert not again.valid and [finding.file for finding in again.findings] == ["minutes.txt"]


@pytest.mark.parametrize("mode", ["ceo", "coalition"])
@pytest.mark.parametrize("with_steps", [True, False], ids=["steps", "one step"])
def test_a_whole_cycle_with_and_without_steps_under_a_chair_and_in_a_coalition(
    tmp_path: Path, monkeypatch, with_steps: bool, mode: str
) -> None:
    room = make_room(tmp_path)
    store, head = room.store, "head_of_operations"
    functions = ("sales", "operations", "ceo") if mode == "ceo" else ("sales", "operations", "finance")
    set_ground_rules(store, CEO, GroundRules(mode, functions, 0 if mode == "ceo" else 2), 0)
    if with_steps:
        steps.set_cycle_plan(store, COORDINATOR, {"demand": 5, "executive": 10}, None, 0)
        move_to_step(store, COORDINATOR, "demand")
        steps.delegate(store, SALES, VIEWER, HERE[0])
        enter(room, VIEWER, HERE)
        steps.submit(store, VIEWER, "demand")
        steps.submit(store, SALES, "demand")
        move_to_step(store, COORDINATOR, "executive")
    for item in agenda.make_agenda(room, COORDINATOR):
        agenda.record_outcome(store, CEO, item.id, "Talked about", item.version)
    meeting.begin_meeting(store, COORDINATOR)
    meeting.end_meeting(store, COORDINATOR)
    waive_red(room, FIRST_OPEN)
    plan = plan_acts.propose_plan(room, COORDINATOR)
    plan_acts.sign(store, SALES, plan.id, plan.digest, meaning="dissent", comment="Too high")
    plan_acts.sign(store, head, plan.id, plan.digest, meaning="conditional", comment="Hire", due="2026-03")
    last = CEO if mode == "ceo" else "head_of_finance"
    state = plan_acts.sign(store, last, plan.id, plan.digest)
    assert (state.record.state == "agreed") is (mode == "coalition"), (
        "a quorum decides; under a chair the chair does"
    )
    if mode == "ceo":
        state = plan_acts.decide_over_dissent(store, CEO, plan.id, plan.digest, "It holds")
    report = verify_snapshot(export_snapshot(room, CEO, plan.id, tmp_path / "keys"))
    assert report.valid and "minutes.txt" in report.files and "DISSENTS: “Too high”" in report.text()
    assert ("decided by" in report.text()) is (mode == "ceo")
    assert close_and_roll(store, COORDINATOR).step == ("demand" if with_steps else "data")
    assert [task.note for task in tasks.list_tasks(store, CEO) if task.is_open] == ["Hire"]


def test_the_command_lists_tasks(tmp_path: Path, capsys, monkeypatch) -> None:
    store = open_store(tmp_path)
    month = datetime.now(UTC).strftime("%Y-%m")
    initialise(store, month, CompanySettings(name="Ours", fictional=True))
    tasks.give_task(store, CEO, "Ask the bank", SALES, f"{month}-01", "By phone")
    store.close()
    base = ["--workspace", str(tmp_path), "tasks"]
    assert run_command(base) == 0
    assert f"{month}-01  Head of sales: Ask the bank (By phone)" in capsys.readouterr().out
    assert run_command([*base, "--json"]) == 0 and json.loads(capsys.readouterr().out)[0]["owner"] == SALES
    assert run_command([*base, "--ics", str(tmp_path / "c.ics")]) == 0
    assert b"Ask the bank (Head of sales)" in (tmp_path / "c.ics").read_bytes()
    assert run_command([*base, "--owner", CEO]) == 0 and ": 0 open tasks" in capsys.readouterr().out
