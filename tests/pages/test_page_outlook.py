"""The Outlook page: the sentence agrees with the register, its numbers with the plan, and owners change events."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sop.services.company.cycle import CompanySettings, initialise
from sop.services.scenarios import drafts as scenarios
from sop.store import open_store
from sop.store.data import add_table
from tests.companies import FIRST_OPEN, company_tables
from tests.pages.screens import blocks, message, open_page, press, table_rows, tables, words
from tests.pages.workspaces import POOR, RICH, make_workspace, room_of

EVENTS, AHEAD = "Outside events", "Projections"


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every table, with an indicator that is below its threshold."""
    folder = make_workspace(tmp_path_factory.mktemp("rich"), RICH)
    room = room_of(folder)
    frame = pd.DataFrame({
        "month": ["2025-10", "2025-11"], "indicator": "Orders of dealers", "value": [101.0, 93.0],
        "published_month": ["2025-11", "2025-12"], "alert_below": 95.0, "owner": "Head of sales",
    })  # fmt: skip
    with room.store.write(by="coordinator", role="coordinator") as tx:
        add_table(tx, "indicators", frame, file_name="indicators.csv", file_sha256="0" * 64)
    room.store.close()
    return folder


def set_event(workspace: Path, key: str, event: str, value: float) -> None:
    store = room_of(workspace).store
    working = scenarios.working_scenario(store, "head_of_sales")
    scenarios.change_assumption(store, "head_of_sales", working.id, key, value, scope=event, reason="Heard it")


def row_of(app: AppTest, table: str, name: str) -> list[str]:
    return next(row for row in table_rows(app, table) if row[0].startswith(name))


def test_signed_out_shows_nothing_of_the_plan(workspace: Path) -> None:
    app = open_page("outlook", None)
    assert "who are you" in message(app)
    assert not tables(app)


def test_the_sentence_is_about_the_first_risk_of_the_register(workspace: Path) -> None:
    app = open_page("outlook", "executive")
    assert not app.exception and not app.error
    rows = table_rows(app, EVENTS)
    stakes = [float(row[3].replace("−", "-").replace("±", "")) for row in rows]
    assert [abs(stake) for stake in stakes] == sorted((abs(stake) for stake in stakes), reverse=True)
    found = re.match(
        r"What hurts most from outside: “(.*)” \(partner\), an expected loss of [\d\u202f]+ € of EBIT "
        r"\(([\d\u202f]+) € at \d+%, in the (?:plan|range)\)",
        message(app),
    )
    assert found is not None, message(app)
    assert rows[0][0].startswith(found[1]), "both events cost money, and the first most"
    assert int(found[2].replace("\u202f", "")) > 0


def test_where_an_event_counts_is_what_its_owner_chose(workspace: Path) -> None:
    before = open_page("outlook", "executive")
    assert row_of(before, EVENTS, "Tender lost")[1:3] == ["In the plan", "50"]
    set_event(workspace, "event_use", "E1", 2)
    after = open_page("outlook", "executive")
    assert row_of(after, EVENTS, "Tender lost")[1:3] == ["Watched", "50"]
    assert row_of(after, EVENTS, "Tender lost")[3] == row_of(before, EVENTS, "Tender lost")[3], "its stake stays"


def test_every_measure_of_the_plan_has_a_range(workspace: Path) -> None:
    app = open_page("outlook", "executive")
    rows = {row[0].partition(",")[0]: row[1:] for row in table_rows(app, AHEAD)}
    assert {"Revenue", "Gross margin", "EBIT", "Operating cash", "Inventory"} <= set(rows)
    for figures in rows.values():
        assert len(figures) == 6 and "–" not in figures
    low, middle, high = (float(text.replace("−", "-")) for text in rows["Revenue"][1:4])
    assert low <= middle <= high


def test_an_indicator_beyond_its_threshold_opens_its_item(workspace: Path) -> None:
    app = open_page("outlook", "executive")
    assert "One leading indicator asks for attention." in message(app)
    assert any("Orders of dealers is 93 in Nov 2025, below 95 · Sales" in c.value for c in app.caption)


def test_the_head_of_sales_changes_an_event_with_a_reason(workspace: Path) -> None:
    app = open_page("outlook", "head_of_sales")
    field = next(number for number in app.number_input if number.label.startswith("Event probability"))
    reason = next(text for text in app.text_input if text.label == "Reason")
    field.set_value(90.0)
    reason.set_value("Their letter arrived")
    press(app, "Change working plan")
    assert not app.exception and not app.error
    assert row_of(open_page("outlook", "executive"), EVENTS, "Tender lost")[2] == "90"


def test_who_does_not_own_events_sees_the_form_closed(workspace: Path) -> None:
    app = open_page("outlook", "head_of_finance", **{"closed-sales-event_probability": True})
    assert "belongs to Sales" in words(app)
    assert next(button for button in app.button if button.label == "Change working plan").disabled


def test_a_company_that_has_little_loaded_sees_what_would_unlock_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(make_workspace(tmp_path, POOR)))
    app = open_page("outlook", "executive")
    assert not app.exception and not app.error
    text = words(app)
    assert message(app).endswith("No outside event that could hurt is in the register.")
    for told in (
        "No outside events are loaded",
        "No leading indicators are loaded",
        "No budget and no agreed plan",
    ):
        assert told in text
    assert "nan" not in text.lower().split()


def test_a_company_that_sold_nothing_has_no_range_and_the_pages_say_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    initialise(store, FIRST_OPEN, CompanySettings(name="Nothing", horizon=12, fictional=True))
    frames = company_tables(replace(POOR, horizon=12))
    frames["sales_actuals"] = frames["sales_actuals"].assign(quantity=0.0, revenue=0.0)
    with store.write(by="coordinator", role="coordinator") as tx:
        for name, frame in frames.items():
            add_table(tx, name, frame, file_name=f"{name}.csv", file_sha256="0" * 64)
    store.close()
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    for page in ("outlook", "executive_review"):
        app = open_page(page, "executive")
        assert not app.exception
        assert any("No range: nothing sold so far says how much may come" in text for text in blocks(app))


def test_a_range_on_five_months_says_why_it_is_wide(in_small: Path) -> None:
    app = open_page("outlook", "executive")
    assert any("Wide because only 5 months of sales are known" in text for text in blocks(app))
