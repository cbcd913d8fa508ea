"""The Assumptions page: the whole register with who set what, and changes by owners only."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.core.register import REGISTER, Entry
from sop.services.scenarios import drafts as scenarios
from tests.pages.screens import message, open_page, press, table_rows, tables, words
from tests.pages.workspaces import POOR, make_workspace, room_of

TABLE = "Register of assumptions"


def set_working(workspace: Path, person: str, key: str, value: float, **how: str) -> Entry:
    store = room_of(workspace).store
    working = scenarios.working_scenario(store, person)
    return scenarios.change_assumption(store, person, working.id, key, value, **how)  # type: ignore[arg-type]


def test_signed_out_shows_no_register(workspace: Path) -> None:
    app = open_page("assumptions", None)
    assert "who are you" in message(app)
    assert not tables(app)


def test_every_entry_of_the_register_is_there(workspace: Path) -> None:
    app = open_page("assumptions", "viewer", register_all=True)
    assert not app.exception and not app.error
    text = " ".join(row[0] for row in table_rows(app, TABLE))
    assert [entry.label for entry in REGISTER if entry.label not in text] == []


def test_the_sentence_counts_what_the_table_shows(workspace: Path) -> None:
    set_working(workspace, "head_of_finance", "dso_days", 40, reason="direct <debit>")
    set_working(workspace, "head_of_sales", "price_pct", 0.02, reason="new list", expiry="2025-12")
    app = open_page("assumptions", "executive", register_all=True)
    rows = table_rows(app, TABLE)
    own = [row for row in rows if row[6]]
    assert [row[0].split(" ")[0] for row in table_rows(app, "Set by people")] == [r[0].split(" ")[0] for r in own]
    assert message(app) == (
        f"{len(own)} of {len(rows)} assumptions are set by people (Sales 1, Finance 1); 1 has expired."
    )
    paid = next(row for row in own if row[0].startswith("Customers pay after"))
    assert paid[3:7] == ["40 days", "15.4 days", "direct <debit>", "Head of finance"]
    assert next(row for row in own if row[0].startswith("Net price"))[8] == "2025-12 expired"


def test_what_the_plan_rests_on_and_nobody_has_set_is_named(workspace: Path) -> None:
    plan = room_of(workspace).scenario_plan()
    told = [finding for finding in plan.findings if finding.rule in ("assumed", "costs_nothing")]
    rows = table_rows(open_page("assumptions", "viewer"), "What nobody has set")
    assert told and [row[0].lower()[:30] for row in rows] == [finding.what.lower()[:30] for finding in told]


def test_every_default_that_counts_and_nobody_set_is_listed(workspace: Path) -> None:
    told = [row[0] for row in table_rows(open_page("assumptions", "viewer"), "Defaults that count")]
    assert any(label.startswith("Stock cover limit") for label in told), told
    assert any(label.startswith("Cost of carrying stock") for label in told)
    assert not any(label.startswith("Customers pay after") for label in told), "finance has set it"
    assert not any(label.startswith("Demand against forecast") for label in told), "it changes nothing"


def test_an_owner_changes_an_assumption_for_everybody(workspace: Path) -> None:
    app = open_page("assumptions", "head_of_finance", register_all=True)
    app.selectbox(key="edit_key").set_value("dso_days").run()
    app.number_input(key="edit_dso_days__0_value").set_value(50.0)
    app.text_input(key="edit_dso_days__0_reason").set_value("slow payers")
    press(app, "Set")
    assert not app.exception and not app.error
    row = next(row for row in table_rows(app, TABLE) if row[0].startswith("Customers pay after"))
    assert (row[3], row[5]) == ("50 days", "slow payers")
    press(app, "Back to default")
    row = next(row for row in table_rows(app, TABLE) if row[0].startswith("Customers pay after"))
    assert (row[3], row[6]) == ("15.4 days", ""), "as the ledger shows"


def test_an_expiry_that_is_no_month_is_refused(workspace: Path) -> None:
    app = open_page("assumptions", "head_of_finance")
    app.selectbox(key="edit_key").set_value("dso_days").run()
    app.text_input(key="edit_dso_days__0_until").set_value("next year")
    press(app, "Set")
    assert "no month for the expiry" in app.error[0].value


@pytest.mark.parametrize("person", ["viewer", "coordinator"])
def test_whoever_owns_nothing_has_no_form(workspace: Path, person: str) -> None:
    app = open_page("assumptions", person)
    assert "Set" not in [button.label for button in app.button]
    assert "owns no assumptions" in words(app)


def test_a_company_that_has_only_sales_and_stock_sees_its_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workspace(tmp_path, POOR)
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    app = open_page("assumptions", "head_of_product")
    assert not app.exception and not app.error
    assert message(app).startswith("All ")
