"""The Data page, run without a browser: what is loaded, who may import, preview, import and undo."""

from __future__ import annotations

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

from sop.core.tables import TABLES
from sop.services.background import BackgroundJob
from sop.services.data.effort import value_restated
from sop.store import open_store
from sop.store.data import read_current_tables
from tests.pages.screens import markup, open_page, table, words
from tests.pages.starter import make_starter
from tests.services.planned_company import make_room
from tests.services.test_effort import agree, restate_sales

PAGE = "data"
PRODUCTS = b"product,name,family\nA,Box,Boxes\nB,Bell,Bells\n"


def stored_rows(workspace: Path, name: str) -> int:
    store = open_store(workspace)
    with store.read() as tx:
        rows = len(read_current_tables(tx).get(name, ()))
    store.close()
    return rows


def upload(app: AppTest, name: str, content: bytes, file: str) -> AppTest:
    app.selectbox(key="data_table").set_value(name).run()
    app.file_uploader[0].set_value((file, content, "text/csv")).run()
    return app


def test_nobody_sees_data_before_signing_in(demo_workspace: Path) -> None:
    app = open_page(PAGE, None)
    assert "who are you today" in app.title[0].value and not app.header


def test_the_message_counts_what_the_tables_list(demo_workspace: Path) -> None:
    app = open_page(PAGE)
    assert not app.exception and not app.error
    found = re.match(r"(\d+) of (\d+) tables are loaded; actuals reach Nov 2026", app.title[0].value)
    assert found, app.title[0].value
    loaded, missing = table(app, "Rows")[1:], table(app, "Would unlock")[1:]
    assert (
        (len(loaded), len(loaded) + len(missing)) == (int(found[1]), int(found[2])) == (len(loaded), len(TABLES))
    )
    rows = {row[0]: row for row in loaded}
    assert rows["sales_actuals"][2].endswith("Nov 26") and rows["sales_actuals"][3] == "up to date"


def test_only_the_coordinator_can_import_and_others_are_told(demo_workspace: Path) -> None:
    app = open_page(PAGE, "head_of_sales")
    assert not app.file_uploader
    assert any(caption.value.startswith("The coordinator imports data") for caption in app.caption)
    assert open_page(PAGE, "coordinator").file_uploader


def test_a_new_workspace_opens_and_asks_for_the_minimum(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(make_starter(tmp_path, loaded=False)))
    app = open_page(PAGE, "coordinator")
    assert not app.exception and not app.error
    assert app.title[0].value.replace("\\", "") == (
        "Nothing is loaded yet: products and sales_actuals are the minimum for a first plan."
    )


def test_a_file_is_previewed_imported_and_undone(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(make_starter(tmp_path, loaded=False)))
    app = upload(open_page(PAGE, "coordinator"), "products", PRODUCTS, "products.csv")
    assert not app.exception
    assert app.info[0].value.startswith("products from products.csv: 2 rows would be imported (2 added")
    assert stored_rows(tmp_path, "products") == 0
    next(button for button in app.button if button.label == "Import products").click().run()
    assert not app.exception and not app.error
    assert stored_rows(tmp_path, "products") == 2
    assert "needed for a first plan" in app.title[0].value
    next(button for button in app.button if button.label.startswith("Undo the last import")).click().run()
    assert not app.exception and stored_rows(tmp_path, "products") == 0


def test_a_column_with_another_name_is_mapped_and_one_value_set_for_all(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(make_starter(tmp_path, loaded=False)))
    content = b"product,title\nA,Box\n"
    app = upload(open_page(PAGE, "coordinator"), "products", content, "p.csv")
    assert app.error and "refused, nothing was changed" in app.error[0].value
    next(box for box in app.selectbox if box.label == "name *").set_value("title")
    next(box for box in app.text_input if box.label == "family for every row").set_value("Boxes")
    next(button for button in app.button if button.label == "Check with these columns").click().run()
    assert not app.error and app.info[0].value.startswith("products from p.csv: 1 row would be imported")


def test_a_refusal_names_row_and_remedy_and_changes_nothing(poor_workspace: Path) -> None:
    app = open_page(PAGE, "coordinator")
    before = stored_rows(poor_workspace, "sales_actuals")
    bad = b"month,product,region,quantity,revenue\n2025-12,NOPE,Region 0,5,50\n"
    upload(app, "sales_actuals", bad, "bad.csv")
    assert "refused, nothing was changed" in app.error[0].value
    (row,) = [row for row in table(app, "How to mend it")[1:] if row[0] == "error"]
    assert row[1:3] == ["2", "product"] and "NOPE" in row[4]
    assert next(button for button in app.button if button.label == "Import sales_actuals").disabled
    assert stored_rows(poor_workspace, "sales_actuals") == before


def test_a_damaged_file_is_one_sentence_and_the_tables_stay_on_screen(poor_workspace: Path) -> None:
    app = upload(open_page(PAGE, "coordinator"), "sales_actuals", b"PK\x03\x04rubbish", "sales.xlsx")
    assert not app.exception and len(app.error) == 1
    assert "What is loaded" in [heading.value for heading in app.header]


def test_what_strangers_wrote_is_shown_and_never_run(poor_workspace: Path) -> None:
    bad = b"month,product,region,quantity,revenue\n2025-12,<img src=x onerror=alert(1)>,Region 0,5,50\n"
    app = upload(open_page(PAGE, "coordinator"), "sales_actuals", bad, "<b>.csv")
    assert not app.exception
    assert "<img src=x" not in markup(app) and "<img src=x" in words(app)


def test_restated_months_stand_with_what_they_move_in_the_plan(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    room = make_room(tmp_path)
    agree(room)
    restate_sales(room, 5_000.0)
    found = value_restated(room, "coordinator", room.input_set())
    effect = found.result() if isinstance(found, BackgroundJob) else found
    assert effect is not None
    app = open_page(PAGE, "coordinator")
    assert not app.exception and not app.error
    assert table(app, "Rows restated")[1][:2] == ["sales_actuals", "1"]
    moved = table(app, "Moved by")
    assert moved[0][1:] == ["Working plan", "Closed months as they were", "Moved by"]
    assert moved[1][0].startswith("Revenue") and "−" in moved[1][3]
    assert [row[0] for row in table(app, "Family")[1:]] == [each.family for each in effect.families]
    assert "they move Revenue" in words(app)


def test_order_lines_are_added_up_when_the_page_is_told_so_and_totals_stand_beside_each_other(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(make_starter(tmp_path, loaded=False)))
    app = upload(open_page(PAGE, "coordinator"), "products", PRODUCTS, "products.csv")
    next(button for button in app.button if button.label == "Import products").click().run()
    header = "order,month,product,region,quantity\n"
    lines = "".join(f"SO{i},2025-12-0{i},A,North,10\n" for i in range(1, 4))
    upload(app, "sales_actuals", (header + lines).encode(), "orders.csv")
    (box,) = [box for box in app.selectbox if "Add them up if they are separate" in box.label]
    box.set_value("sum").run()
    assert not app.exception and not app.error
    (row,) = table(app, "In the result")[1:]
    assert row == ["quantity", "30", "0", "30"]


def test_what_a_ledger_books_in_open_months_is_set_aside_before_anybody_asks(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(make_starter(tmp_path)))
    header = "month,scenario,account_type,account,amount\n"
    booked = "".join(f"{month},actual,Revenue,Sales,90\n" for month in ("2025-11", "2025-12", "2026-01"))
    app = upload(open_page(PAGE, "coordinator"), "financials", (header + booked).encode(), "ledger.csv")
    assert not app.exception and not app.error
    assert "1 row of actuals after 2025-12 set aside" in app.info[0].value


def test_periods_of_a_fiscal_year_offer_what_fits_the_company_and_weeks_offer_weeks(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("SOP_WORKSPACE", str(make_starter(tmp_path)))
    periods = "".join(f"2027,P{n:02},900\n" for n in range(1, 13))
    app = upload(
        open_page(PAGE, "coordinator"), "budget", f"Fiscal year,Period,revenue\n{periods}".encode(), "budget.csv"
    )
    (box,) = [box for box in app.selectbox if "periods of a fiscal year" in box.label]
    assert box.options[1:] == ["period 1 is January and period 12 December"]
    box.set_value("calendar").run()
    assert not app.exception and not app.error
    assert app.info[0].value.startswith("budget from budget.csv: 12 rows would be imported (12 added")
    app = upload(app, "budget", b"Monat,revenue\n17.2027,900\n18.2027,900\n", "weeks.csv")
    (box,) = [box for box in app.selectbox if "may be a week" in box.label]
    assert box.options[1:] == ["they are weeks of the year, from Monday to Sunday"]
