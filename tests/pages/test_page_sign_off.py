"""The Sign-off page: what is signed, by whom, and that its sentence agrees with its tables."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sop.cli.main import run_command
from sop.files.snapshot import verify_snapshot
from sop.services.agreement import frozen_plans, plan_acts
from sop.services.data import board_pack
from sop.services.planning.room import PlanningRoom
from sop.services.process import tasks
from sop.services.scenarios import drafts
from tests.pages.screens import markup, message, open_page, press, table_rows, tables, words
from tests.pages.workspaces import POOR, make_workspace, room_of
from tests.services.planned_company import FUNCTIONS


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def take_position(app: AppTest, meaning: str) -> None:
    app.radio(key="sign_meaning").set_value(meaning).run()


def test_signed_out_shows_no_plan(workspace: Path) -> None:
    app = open_page("sign_off", None)
    assert "who are you" in message(app)
    assert not tables(app)


def test_before_the_first_proposal_the_coordinator_proposes_and_the_page_shows_it(workspace: Path) -> None:
    app = open_page("sign_off", "coordinator")
    assert "No plan has been proposed yet" in message(app)
    app.text_input(key="propose_label").set_value("First <plan>")
    press(app, "Freeze and propose")
    assert not app.exception and not app.error
    assert message(app).startswith("Jan 2026, revision 1 is up for signing: 0 of 6 signatures")
    digest = frozen_plans.list_plans(room_of(workspace).store, "viewer")[0].digest
    assert digest in [code.value for code in app.code]
    assert "First &lt;plan&gt;" in markup(app)


def test_a_page_that_has_nothing_to_show_yet_follows_all_the_same(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []
    monkeypatch.setattr("sop.ui.frame.page.follow_live", lambda version, *_: heard.append(version))
    assert "No plan has been proposed yet" in message(open_page("sign_off", "viewer"))
    assert len(heard) == 1


@pytest.mark.parametrize("person", ["executive", "head_of_finance", "viewer"])
def test_only_the_coordinator_sees_the_way_to_propose(workspace: Path, person: str) -> None:
    assert "Freeze and propose" not in labels(open_page("sign_off", person))


def test_all_functions_sign_on_the_page_and_the_sentence_counts_what_the_table_shows(workspace: Path) -> None:
    plan_acts.propose_plan(room_of(workspace), "coordinator")
    for count, (function, person) in enumerate(FUNCTIONS.items(), start=1):
        app = open_page("sign_off", person)
        title = "CEO" if function == "ceo" else function.capitalize()
        assert f"Sign for {title}" not in labels(app), "no position is chosen for anybody"
        take_position(app, "approve")
        press(app, f"Sign for {title}")
        assert not app.exception and not app.error
        positions = [row[1] for row in table_rows(app, "Signatures")]
        assert sum(text.startswith("✓") for text in positions) == count
        said = "6 signatures of 6" if count == 6 else f"{count} of 6 signatures"
        assert said in message(app)
    assert "is agreed and in force" in message(app)
    assert [row[1] for row in table_rows(app, "Every plan ever proposed")] == ["in force"]


def test_a_dissent_without_words_is_refused_on_the_page(workspace: Path) -> None:
    plan_acts.propose_plan(room_of(workspace), "coordinator")
    app = open_page("sign_off", "head_of_sales")
    take_position(app, "dissent")
    press(app, "Sign for Sales")
    assert "needs its words" in app.error[0].value
    assert table_rows(app, "Signatures")[0][1] == "○ open"


def test_a_condition_is_said_again_with_what_one_commits_to_and_becomes_a_task(workspace: Path) -> None:
    room = room_of(workspace)
    plan = plan_acts.propose_plan(room, "coordinator")
    plan_acts.sign(room.store, "head_of_sales", plan.id, plan.digest, meaning="dissent", comment="Too <b>high</b>")
    app = open_page("sign_off", "head_of_finance")
    take_position(app, "conditional")
    said = markup(app)
    assert "You commit the company, over the next 12 months, to: " in said and "cash falls to" in said
    assert "Sales dissents: “Too &lt;b&gt;high&lt;/b&gt;”" in said
    press(app, "Sign for Finance")
    assert "needs its words" in app.error[0].value and tasks.list_tasks(room.store, "viewer") == ()
    app.text_area(key="sign_conditional_comment").set_value("The bank agrees")
    app.selectbox(key="sign_conditional_owner").set_value("executive")
    press(app, "Sign for Finance")
    assert not app.exception and not app.error
    (task,) = tasks.list_tasks(room.store, "viewer")
    assert (task.owner, task.due, task.note, task.kind) == ("executive", "2026-02", "The bank agrees", "condition")
    assert "The bank agrees" in " ".join(
        " ".join(row) for row in table_rows(open_page("cycle", "viewer"), "Tasks")
    )


def test_after_the_last_signature_the_page_says_what_comes_next(workspace: Path) -> None:
    room = room_of(workspace)
    plan = plan_acts.propose_plan(room, "coordinator")
    for function, person in FUNCTIONS.items():
        meaning = "conditional" if function == "supply" else "approve"
        plan_acts.sign(room.store, person, plan.id, plan.digest, meaning=meaning, comment="A second source")  # type: ignore[arg-type]
    app = open_page("sign_off", "viewer")
    assert "What comes next: download the snapshot" in app.info[0].value
    assert "1 condition to be met, the first until Feb 2026" in app.info[0].value


def test_a_plan_replaced_while_the_page_was_open_is_not_signed(workspace: Path) -> None:
    room = room_of(workspace)
    first = plan_acts.propose_plan(room, "coordinator")
    app = open_page("sign_off", "head_of_sales")
    take_position(app, "approve")
    plan_acts.propose_plan(room, "coordinator")
    press(app, "Sign for Sales")
    assert "revision 1 cannot be signed any more" in app.error[0].value
    assert frozen_plans.read_sign_off(room.store, "viewer", first.id).given == 0


def test_the_chair_decides_over_a_dissent_on_the_page(workspace: Path) -> None:
    room = room_of(workspace)
    plan = plan_acts.propose_plan(room, "coordinator")
    for function, person in FUNCTIONS.items():
        meaning = "dissent" if function == "operations" else "approve"
        plan_acts.sign(room.store, person, plan.id, plan.digest, meaning=meaning, comment="too thin")  # type: ignore[arg-type]
    assert "Decide as chair: the plan is agreed" not in labels(open_page("sign_off", "head_of_sales"))
    app = open_page("sign_off", "executive")
    assert "Operations dissents" in message(app)
    app.text_input(key="decide_reason").set_value("we hire in May")
    press(app, "Decide as chair: the plan is agreed")
    assert "(1 dissenting)" in message(app) and "in force" in message(app)


def test_a_plan_is_returned_with_its_reason_on_screen(workspace: Path) -> None:
    plan_acts.propose_plan(room_of(workspace), "coordinator")
    app = open_page("sign_off", "head_of_finance")
    app.text_input(key="send_back_reason").set_value("cash <too> low")
    press(app, "Return")
    assert "revision 1 is returned: cash <too> low" in message(app).replace("\\", "")
    assert "cash &lt;too&gt; low" in markup(app)


def test_the_commitments_add_up_and_the_downloads_are_there(workspace: Path) -> None:
    room = room_of(workspace)
    plan = plan_acts.propose_plan(room, "coordinator")
    app = open_page("sign_off", "viewer")
    lines = {row[0]: row[1:] for row in table_rows(app, "Commitments")}
    bought = [float(cell) for cell in lines["Purchases, M€"]]
    assert sum(bought[:-1]) == pytest.approx(bought[-1], abs=0.06)
    assert len(app.get("download_button")) == 3
    assert verify_snapshot(board_pack.export_snapshot(room, "viewer", plan.id, workspace / "keys")).valid


def test_the_gate_on_the_page_is_that_of_the_command_line(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan_acts.propose_plan(room_of(workspace), "coordinator")
    app = open_page("sign_off", "viewer")
    signed, now = (
        table_rows(app, caption) for caption in ("Lines of the gate", "Lines of the gate for the working plan")
    )
    assert signed == now, "nothing has changed since"
    capsys.readouterr()
    assert run_command(["--workspace", str(workspace), "plan", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["gate"]
    assert [[row[0], row[2]] for row in now] == [[row["level"], row["owner"]] for row in rows[: len(now)]]
    for shown, row in zip(now, rows, strict=False):
        assert unescape(shown[1]).lower() == f"{row['what']} {row['remedy']}".lower()


def test_the_ceo_sees_what_is_red_and_waives_it_and_others_are_told_who_may(workspace: Path) -> None:
    room = room_of(workspace)
    working = drafts.working_scenario(room.store, "head_of_operations")
    agree(room)
    drafts.change_assumption(
        room.store, "head_of_operations", working.id, "capacity_pct", -0.3, reason="a breakdown"
    )
    assert "The gate is closed: 1 red" in words(open_page("sign_off", "coordinator"))
    app = open_page("sign_off", "coordinator")
    assert any("CEO may waive them here" in caption.value for caption in app.caption)
    press(app, "Freeze and propose")
    assert "The gate is red" in app.error[0].value
    app = open_page("sign_off", "executive")
    app.text_input(key="waive_reason").set_value("a shift on <Saturday>")
    app.text_input(key="waive_expiry").set_value("2099-12")
    press(app, "Waive")
    assert not app.exception and not app.error
    assert table_rows(app, "Lines of the gate for the working plan")[0][0] == "red, waived"
    assert "Waived by CEO until Dec 2099: a shift on &lt;Saturday&gt;" in markup(app)
    app = open_page("sign_off", "coordinator")
    press(app, "Freeze and propose")
    assert not app.exception and not app.error
    assert "is up for signing" in message(app)


def agree(room: PlanningRoom) -> None:
    """Have a plan of the cycle signed, which fixes its frozen month."""
    plan = plan_acts.propose_plan(room, "coordinator")
    for person in FUNCTIONS.values():
        plan_acts.sign(room.store, person, plan.id, plan.digest)


def test_a_company_that_has_only_sales_and_stock_signs_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workspace(tmp_path, POOR)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    plan_acts.propose_plan(room_of(tmp_path), "coordinator")
    app = open_page("sign_off", "executive")
    assert not app.exception and not app.error
    rows = {
        row[0].split(",")[0]: row[1:] for row in table_rows(app, "Headline measures of the plan that is signed")
    }
    assert rows["EBIT"] == ["–", "–", "–"]
    assert rows["Revenue"][0] != "–"
    findings = " ".join(" ".join(row) for row in table_rows(app, "Lines of the gate"))
    assert "Strategic initiatives" in findings
    assert "nan" not in words(app).lower().split()
