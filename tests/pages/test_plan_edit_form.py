"""The form with which owners change an assumption on a plan page."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from sop.services.scenarios.drafts import change_assumption, entries, own_draft, working_scenario
from sop.store.scenarios import save_assumption
from tests.pages.screens import markup, open_page, plain, press, words
from tests.pages.workspaces import room_of

CHANGE, BACK = "Change working plan", "Back to the default"


def fill(app: AppTest, value: float, reason: str) -> None:
    next(
        f for f in app.number_input if str(f.key).startswith("edit_") and str(f.key).endswith("_value")
    ).set_value(value)
    next(f for f in app.text_input if str(f.key).startswith("edit_") and str(f.key).endswith("_reason")).set_value(
        reason
    )


def test_the_owner_changes_a_value_with_its_reason_and_takes_it_back(workspace: Path) -> None:
    app = open_page("production", "head_of_operations")
    fill(app, 5.0, "")
    press(app, CHANGE)
    assert "needs its reason" in app.error[0].value
    fill(app, 5.0, "A third <b>shift</b>")
    press(app, CHANGE)
    room = room_of(workspace)
    scenario = working_scenario(room.store, "head_of_operations")
    (entry,) = entries(room.store, "head_of_operations", scenario.id)
    assert (entry.key, entry.value, entry.reason) == ("capacity_pct", 0.05, "A third <b>shift</b>")
    assert "Now +5%, set by" in words(app) and "&lt;b&gt;shift" in markup(app)
    press(app, BACK)
    assert not app.exception and not app.error
    assert entries(room.store, "head_of_operations", scenario.id) == ()
    assert "Now +0%" in words(app) or "Now ±0%" in words(app)


def test_whoever_does_not_own_it_sees_the_form_closed_with_the_reason(workspace: Path) -> None:
    app = open_page("production", "head_of_sales")
    assert not any(button.label == CHANGE for button in app.button), "it is folded"
    app = open_page("production", "head_of_sales", **{"closed-production-capacity_pct": True})
    assert next(button for button in app.button if button.label == CHANGE).disabled
    assert "belongs to Operations" in words(app)


def test_in_a_private_scenario_everybody_may_try_it(workspace: Path) -> None:
    room = room_of(workspace)
    draft = own_draft(room.store, "head_of_sales")
    app = open_page("production", "head_of_sales", view=f"scenario-{draft.id}")
    fill(app, -10.0, "")
    press(app, f"Change {draft.name}")
    assert not app.exception and not app.error
    (entry,) = entries(room.store, "head_of_sales", draft.id)
    assert entry.value == -0.1
    assert entries(room.store, "head_of_sales", working_scenario(room.store, "head_of_sales").id) == ()


def test_an_edit_that_crosses_another_is_refused_and_the_other_stands(workspace: Path) -> None:
    app = open_page("production", "head_of_operations")
    room = room_of(workspace)
    scenario = working_scenario(room.store, "head_of_operations")
    line = str(next(box for box in app.selectbox if box.label == "For").value)
    change_assumption(
        room.store, "head_of_operations", scenario.id, "capacity_pct", 0.2, scope=line, reason="first"
    )
    fill(app, 5.0, "Mine")
    press(app, CHANGE)
    assert "meanwhile" in app.error[0].value
    (entry,) = entries(room.store, "head_of_operations", scenario.id)
    assert entry.value == 0.2


def test_another_assumption_brings_its_own_range_and_what_it_can_be_set_for(workspace: Path) -> None:
    app = open_page("production", "head_of_operations")
    what = next(box for box in app.selectbox if box.label == "What")
    what.set_value("overtime_share").run()
    assert "from 0% to 50%" in words(app)
    plants = next(box for box in app.selectbox if box.label == "For").options
    assert plants[0] == "Whole company" and len(plants) > 1


def test_an_edit_that_crosses_another_shows_both_and_keeps_what_was_typed(workspace: Path) -> None:
    room = room_of(workspace)
    scenario = working_scenario(room.store, "head_of_operations")
    app = open_page("production", "head_of_operations")
    with room.store.write(by="executive", role="executive") as tx:
        theirs = {"scope": "L1", "reason": "The chair's <i>word</i>"}
        save_assumption(tx, scenario.id, "capacity_pct", 0.03, expected_version=0, **theirs)
    fill(app, 7.0, "A third shift")
    press(app, CHANGE)
    refused = plain(app.error[0].value.replace("\\", ""))
    for part in (
        "CEO set L1 hours to +3%",
        "word",
        "wants +7%",
        "A third shift",
        "Yours still stands in the form",
    ):
        assert part in refused, (part, refused)
    assert "while this form was open" in app.warning[0].value
    kept = next(field for field in app.text_input if str(field.key).startswith("edit_"))
    assert kept.value == "A third shift", "what was typed stays"
    press(app, CHANGE)
    assert not app.exception and not app.error
    (entry,) = entries(room.store, "head_of_operations", scenario.id)
    assert (entry.value, entry.reason) == (0.07, "A third shift"), "having seen both, it is theirs to save"
