"""The Settings page for every role: rules with their forms, people, cadence, and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from sop.access import may
from sop.core.terms import Role
from sop.services.access.mode import set_access
from sop.services.agreement.plan_acts import propose_plan
from sop.services.company.settings import read_settings_page, read_trail, set_planning_rules
from tests.pages.screens import markup, message, open_page, press, table_rows, tables, words
from tests.pages.starter import make_starter
from tests.pages.workspaces import room_of


def field(kind: Sequence, name: str):
    """The field of a form by the end of its key; what stands before is the form with the version that it shows."""
    return next(found for found in kind if found.key.endswith(f"_{name}"))


def test_signed_out_shows_no_settings(workspace):
    app = open_page("settings", None)
    assert "who are you today" in message(app) and not tables(app)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_sees_the_rules_and_only_who_may_sees_a_form(workspace, role):
    app = open_page("settings", role.value)
    assert not app.exception and not app.error
    assert message(app).startswith("Generated plans 24 months")
    assert ["Changes need approval", "to month 3"] in table_rows(app, "Planning rules")
    assert len(table_rows(app, "People and roles")) == len(Role)
    labels = [button.label for button in app.button]
    assert labels.count("Set") == (2 if role is Role.EXECUTIVE else 0)
    assert ("Set the look" in labels) is may(role, "set_look")
    assert ("Save" in labels) is (role is Role.ADMINISTRATOR)
    assert ("Set by: CEO" in words(app)) is (role is not Role.EXECUTIVE)


def test_the_ceo_sets_fences_and_the_page_says_so(workspace):
    app = open_page("settings", "executive")
    field(app.number_input, "frozen").set_value(2)
    field(app.number_input, "horizon").set_value(36)
    press(app, "Set")
    assert not app.error and "2 frozen" in message(app)
    assert ["Horizon", "24 months; 36 from the next cycle on"] in table_rows(app, "Planning rules")


def test_a_form_shows_what_another_set_meanwhile_and_does_not_take_it_back(workspace):
    app = open_page("settings", "executive")
    room = room_of(workspace)
    version = read_settings_page(room.store, "executive").versions.get("company", 0)
    rules = {"horizon": 30, "frozen": 1, "slushy": 4, "fiscal_start": 1}
    set_planning_rules(room.store, "executive", **rules, expected_version=version)
    app.run()
    assert field(app.number_input, "horizon").value == 30
    field(app.number_input, "frozen").set_value(2)
    press(app, "Set")
    assert ["Horizon", "24 months; 30 from the next cycle on"] in table_rows(app, "Planning rules")


def test_fences_that_do_not_fit_are_refused_in_one_sentence(workspace):
    app = open_page("settings", "executive")
    field(app.number_input, "frozen").set_value(9)
    press(app, "Set")
    assert app.error[0].value.startswith("Fences of 9 and 3 months do not fit") and not app.exception


def test_the_ceo_hands_over_to_a_coalition(workspace):
    app = open_page("settings", "executive")
    field(app.segmented_control, "mode").set_value("coalition")
    field(app.number_input, "quorum").set_value(4)
    press(app, "Set", place=1)
    assert not app.error and "4 of 6 functions sign" in message(app)


def test_rules_stand_still_while_a_plan_is_up_for_signature(workspace):
    room = room_of(workspace)
    propose_plan(room, "coordinator")
    room.store.close()
    app = open_page("settings", "executive")
    assert "the rules stand still" in words(app)
    assert [button.disabled for button in app.button if button.label == "Set"] == [True, True]


def test_an_administrator_adds_a_person_and_changes_a_role(workspace):
    app = open_page("settings", "administrator")
    app.text_input(key=f"person_Add a person_{hash(None)}_added").set_value("mira")
    app.text_input(key=f"person_Add a person_{hash(None)}_name").set_value("Mira <b>Sol")
    press(app, "Save")
    assert not app.error and "Mira &lt;b&gt;Sol" in markup(app)
    app.selectbox(key="person_id").set_value("mira").run()
    next(box for box in app.selectbox if box.label == "Role").set_value(Role.COORDINATOR)
    press(app, "Save")
    row = next(row for row in table_rows(app, "People and roles") if row[1] == "mira")
    assert row[2] == "Coordinator"


def test_an_empty_name_is_refused_in_one_sentence(workspace):
    app = open_page("settings", "administrator")
    press(app, "Save")
    assert app.error[0].value.startswith("'' is no id of a person")


def test_the_trail_says_who_did_what(workspace):
    app = open_page("settings", "viewer", settings_trail=True)
    assert not app.exception
    frame = app.dataframe[0].value
    assert {"at", "who", "role", "what"} == set(frame.columns)
    assert 1 < len(frame) == len(read_trail(room_of(workspace).store, "executive"))
    assert all(sentence.endswith(".") for sentence in frame["what"])
    press(app, "Check that nothing was altered")
    assert "as they were written" in words(app)


def test_the_cadence_of_every_family_stands_with_its_reason(workspace):
    app = open_page("settings", "head_of_supply", settings_cadence=True)
    rows = table_rows(app, "Cadence by family")
    assert len(rows) == 2 and all("months of history" in row[-1] for row in rows)


def test_without_data_the_rules_are_there_and_the_cadence_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("SOP_WORKSPACE", str(make_starter(tmp_path, loaded=False)))
    app = open_page("settings", "executive", settings_cadence=True)
    assert not app.exception and message(app).startswith("Starter plans 24 months")
    assert "Import products and sales_actuals" in " ".join(block.value for block in app.markdown)


def test_a_link_is_shown_once_while_its_form_stands_and_is_on_record(workspace: Path) -> None:
    set_access(room_of(workspace).store, "local")
    app = open_page("settings", "administrator", person_id="viewer")
    press(app, "New sign-in link")
    (shown,) = [code.value for code in app.code]
    assert "/invitation?link=" in shown
    secret = shown.partition("link=")[2]
    trail = read_trail(room_of(workspace).store, "administrator")
    assert [each.who for each in trail if each.action == "invited"] == ["Administrator"]
    assert not any(secret in each.text for each in trail)
    app.selectbox(key="person_id").set_value("coordinator").run()
    app.selectbox(key="person_id").set_value("viewer").run()
    assert not app.code, "who comes back makes a new one"
