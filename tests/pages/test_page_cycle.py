"""The Cycle page, the meeting and comments, as people meet them."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from sop.services.process import agenda, comments, meeting, steps, tasks
from tests.pages.screens import markup, message, open_page, press, table_rows, words
from tests.pages.workspaces import room_of

COORDINATOR, SALES, CEO, VIEWER = "coordinator", "head_of_sales", "executive", "viewer"


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def fine(app: AppTest) -> AppTest:
    assert not app.exception and not app.error, ([e.value for e in app.error], app.exception)
    return app


def test_a_company_without_steps_sees_one_and_the_coordinator_switches_them_on(workspace: Path) -> None:
    app = open_page("cycle", COORDINATOR)
    assert "is planned and signed in one step" in message(app)
    assert len(table_rows(app, "Steps of the cycle")) == 1
    for step, day in (("demand", 5), ("executive", 12)):
        app.number_input(key=f"cycle_plan_0_{step}").set_value(day)
    press(app, "Set")
    assert [row[0].split()[0] for row in table_rows(fine(app), "Steps of the cycle")] == ["Demand", "Executive"]
    app = fine(press(open_page("cycle", COORDINATOR), "Move on to Demand"))
    assert "stands at Demand; it waits: Sales has not submitted" in message(app)
    assert not {"Set", "Move"} & set(labels(open_page("cycle", SALES)))
    app = fine(press(open_page("cycle", SALES), "Submit"))
    assert "Demand, with nothing in its way" in message(app)
    assert "✓ Sales" in table_rows(app, "Steps of the cycle")[0][3]


def test_a_contributor_enters_what_was_delegated_and_is_refused_elsewhere_with_a_sentence(workspace: Path) -> None:
    room = room_of(workspace)
    steps.delegate(room.store, SALES, VIEWER, "Family A")
    app = open_page("sales", VIEWER, plan_family="Family B", sales_view="Overrides")
    assert "You enter overrides for Family A." in words(app)
    app.number_input(key="override_number_units").set_value(24.0).run()
    app.text_input(key="override_reason").set_value("A tender").run()
    press(app, "Enter override")
    assert "Family B was not delegated to you, because you enter overrides for Family A" in app.error[0].value
    app = open_page("sales", VIEWER, plan_family="Family A", sales_view="Overrides")
    app.number_input(key="override_number_units").set_value(24.0).run()
    app.text_input(key="override_reason").set_value("A tender").run()
    fine(press(app, "Enter override"))
    assert "A tender" in words(app)
    steps.submit(room.store, VIEWER, "demand")
    app = open_page("sales", VIEWER, plan_family="Family A", sales_view="Overrides")
    assert "takes no further override, because you have submitted" in words(app)


def test_a_task_is_given_and_done_on_the_page(workspace: Path) -> None:
    app = open_page("cycle", CEO)
    app.text_input(key="give_task_title").set_value("Ask the <b>bank</b>")
    app.selectbox(key="give_task_owner").set_value(SALES)
    app.text_input(key="give_task_due").set_value("2025-12")
    press(app, "Give it")
    assert "that month is closed" in app.error[0].value
    app = open_page("cycle", CEO)
    app.text_input(key="give_task_title").set_value("Ask the <b>bank</b>")
    app.selectbox(key="give_task_owner").set_value(SALES)
    fine(press(app, "Give it"))
    assert "Ask the &lt;b&gt;bank" in markup(app) and "1 task open" in message(app)
    app = open_page("cycle", SALES)
    (task,) = tasks.list_tasks(room_of(workspace).store, SALES)
    app.segmented_control(key=f"task_{task.id}_1_state").set_value("done")
    fine(press(app, "Save"))
    assert "✓ done" in table_rows(app, "Tasks")[0][3]


def test_the_agenda_makes_itself_the_outside_first_and_the_meeting_keeps_its_outcomes(workspace: Path) -> None:
    room = room_of(workspace)
    app = fine(press(open_page("cycle", COORDINATOR), "Make the agenda"))
    kinds = [row[1] for row in table_rows(app, "Agenda")]
    order = ["outside", "exception", "decision", "condition"]
    assert kinds and kinds == sorted(kinds, key=order.index) and "decision" in kinds
    app = fine(press(open_page("meeting", COORDINATOR), "Begin the meeting"))
    items = agenda.list_agenda(room.store, VIEWER)
    assert message(app).replace("\\", "") == items[0].title and f"Item 1 of {len(items)}" in words(app)
    app.text_area(key=f"outcome_{items[0].id}").set_value("Watch <i>it</i>").run()
    fine(press(app, "Keep the outcome"))
    other = open_page("meeting", SALES)
    assert other.text_area(key=f"outcome_{items[0].id}").value == "Watch <i>it</i>"
    assert "Next" not in labels(other), "who leads moves on"
    fine(press(app, "Next"))
    assert message(open_page("meeting", CEO)).replace("\\", "") == items[1].title, "any leader goes on where it is"
    fine(press(app, "End and keep the minutes"))
    text = meeting.export_minutes(room.store, VIEWER, items[0].cycle).decode()
    assert "outcome: Watch <i>it</i>" in text and "Head of sales" in text
    assert "The meeting has ended" in words(open_page("meeting", VIEWER))


def test_two_who_write_an_outcome_keep_what_they_typed(workspace: Path) -> None:
    room = room_of(workspace)
    item = agenda.add_own_item(room.store, COORDINATOR, "Robot")
    meeting.begin_meeting(room.store, COORDINATOR)
    app = open_page("meeting", SALES)
    app.text_area(key=f"outcome_{item.id}").set_value("Buy it").run()
    agenda.record_outcome(room.store, CEO, item.id, "Do not", item.version)
    press(app, "Keep the outcome")
    assert "it says now: “Do not”" in app.error[0].value
    assert app.text_area(key=f"outcome_{item.id}").value == "Buy it"
    assert "Yours stays below" in app.warning[0].value
    fine(press(app, "Take what is there"))
    assert app.text_area(key=f"outcome_{item.id}").value == "Do not"


def test_comments_are_listed_escaped_answered_and_settled(workspace: Path) -> None:
    room = room_of(workspace)
    first = comments.say(room.store, VIEWER, "family", "Family A", "<img src=x onerror=alert(1)> *hm* \u202eאבג")
    app = open_page("cycle", CEO)
    body = markup(app)
    assert "&lt;img src=x" in body and "<img src=x" not in body and 'dir="auto"' in body
    app.text_area(key=f"list_answer_{first.id}_comment").set_value("Why?")
    fine(press(app, "Answer"))
    assert "Why?" in words(app) and "1 thread, 1 open" in words(app)
    fine(press(app, "Settle"))
    assert "1 thread, 0 open" in words(app)
