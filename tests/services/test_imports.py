"""Importing through the store: all or nothing, remembered, repeatable, undone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop.core.errors import BadInput, Conflict, NotAllowed, NotFound
from sop.intake.incoming import ImportRequest
from sop.services.data.imports import import_table, preview_import, read_table_states, undo_import
from sop.store import Store, cycles, data, open_store, settings

PRODUCTS = b"product,name,family\n00123,Box,Boxes\nMAR-1,Bell,Bells\n"
SALES = b"month,product,region,quantity,revenue\n2026-02,00123,North,5,50\n2026-03,00123,North,6,60\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty workspace with a coordinator and a viewer, first open month 2026-04."""
    opened = open_store(tmp_path)
    with opened.write() as tx:
        settings.save_person(tx, "jana", "Jana", "coordinator")
        settings.save_person(tx, "vera", "Vera", "viewer")
        settings.save_person(tx, "gone", "Gone", "coordinator", active=False)
        cycles.add_cycle(tx, "2026-04", 24)
    yield opened
    opened.close()


def _request(table: str, content: bytes, **options: object) -> ImportRequest:
    return ImportRequest(table, content, f"{table}.csv", **options)  # type: ignore[arg-type]


def _rows(store: Store, table: str) -> int:
    with store.read() as tx:
        return len(data.read_current_tables(tx).get(table, ()))


def test_a_preview_stores_nothing_and_an_import_does_what_it_said(store: Store) -> None:
    preview = preview_import(store, "jana", _request("products", PRODUCTS))
    assert (preview.accepted, preview.imported, preview.difference.added, _rows(store, "products")) == (
        True,
        False,
        2,
        0,
    )
    report = import_table(store, "jana", _request("products", PRODUCTS))
    assert (report.imported, report.difference.added, _rows(store, "products")) == (True, 2, 2)
    assert (
        report.message
        == "products from products.csv: 2 rows imported (2 added, 0 changed, 0 unchanged, 0 removed)."
    )


def test_the_same_file_twice_changes_nothing_and_says_so(store: Store) -> None:
    import_table(store, "jana", _request("products", PRODUCTS))
    again = import_table(store, "jana", _request("products", PRODUCTS))
    assert not again.changed
    assert again.message == "products from products.csv: the same rows are stored already, nothing changed."
    with store.read() as tx:
        assert len(data.read_versions(tx, "products")) == 1


def test_one_error_refuses_the_whole_file(store: Store) -> None:
    import_table(store, "jana", _request("products", PRODUCTS))
    report = import_table(store, "jana", _request("sales_actuals", SALES + b"2026-03,X-9,North,1,1\n"))
    assert (report.imported, report.accepted, _rows(store, "sales_actuals")) == (False, False, 0)
    assert "refused, nothing was changed" in report.message


def test_a_report_is_json_with_every_finding_row_by_row(store: Store) -> None:
    report = import_table(store, "jana", _request("sales_actuals", SALES))
    fields = json.loads(json.dumps(report.fields()))
    assert fields["accepted"] is False
    assert set(fields["rows"][0]) >= {"file", "line", "column", "value", "rule", "remedy"}


def test_a_mapping_is_remembered_for_the_next_file(store: Store) -> None:
    theirs = b"Artikel,name,family\n00123,Box,Boxes\n"
    assert not import_table(store, "jana", _request("products", theirs)).accepted
    assert import_table(store, "jana", _request("products", theirs, mapping={"Artikel": "product"})).accepted
    later = import_table(store, "jana", _request("products", theirs.replace(b"Box,", b"Big box,")))
    assert (later.accepted, later.difference.changed) == (True, 1)


def test_a_remembered_value_gives_way_to_a_column_of_the_file(store: Store) -> None:
    import_table(store, "jana", _request("products", PRODUCTS))
    moves = b"month,product,production,shipments,closing\n2026-03,00123,5,2,10\n"
    assert import_table(store, "jana", _request("inventory", moves, set_values={"plant": "Main"})).accepted
    assert import_table(store, "jana", _request("inventory", moves)).set_values == {"plant": "Main"}
    named = b"month,plant,product,production,shipments,closing\n2026-03,Brno,00123,5,2,10\n"
    report = import_table(store, "jana", _request("inventory", named, answers={"removed_rows": "1"}))
    assert (report.accepted, report.set_values) == (True, {})


def test_a_file_replaces_the_months_it_covers_and_nothing_else(store: Store) -> None:
    import_table(store, "jana", _request("products", PRODUCTS))
    import_table(store, "jana", _request("sales_actuals", SALES))
    restated = b"month,product,region,quantity,revenue\n2026-03,00123,North,8,80\n"
    d = import_table(store, "jana", _request("sales_actuals", restated)).difference
    assert (d.added, d.changed, d.unchanged, d.removed) == (0, 1, 1, 0)
    assert not import_table(store, "jana", _request("sales_actuals", restated, mode="replace")).accepted
    confirmed = _request("sales_actuals", restated, mode="replace", answers={"removed_rows": "1"})
    assert (import_table(store, "jana", confirmed).difference.removed, _rows(store, "sales_actuals")) == (1, 1)
    undo_import(store, "jana", "sales_actuals")
    assert _rows(store, "sales_actuals") == 2


def test_adding_up_is_remembered_for_the_source_and_not_for_files_with_other_headers(store: Store) -> None:
    import_table(store, "jana", _request("products", PRODUCTS))
    lines = b"order,month,product,region,quantity\nSO1,2026-02,00123,North,5\nSO2,2026-02,00123,North,5\n"
    assert not import_table(store, "jana", _request("sales_actuals", lines)).accepted
    summed = import_table(store, "jana", _request("sales_actuals", lines, answers={"same_key": "sum"}))
    assert (summed.accepted, summed.rows_after, summed.total_lines) == (
        True,
        1,
        ("quantity: 10 in the file, 10 in the result",),
    )
    march = lines.replace(b"2026-02", b"2026-03")
    later = import_table(store, "jana", _request("sales_actuals", march))
    assert (later.accepted, later.rows_after, dict(later.answers)) == (True, 2, {"same_key": "sum"})
    assert not import_table(
        store, "jana", _request("sales_actuals", march, answers={"same_key": "refuse"})
    ).accepted
    assert not import_table(
        store, "jana", _request("sales_actuals", march.replace(b"order,", b"invoice,"))
    ).accepted


def test_added_rows_join_the_stored_ones(store: Store) -> None:
    import_table(store, "jana", _request("products", PRODUCTS))
    import_table(store, "jana", _request("sales_actuals", SALES))
    more = b"month,product,region,quantity,revenue\n2026-03,00123,North,7,60\n2026-03,MAR-1,North,1,5\n"
    report = import_table(store, "jana", _request("sales_actuals", more, mode="add"))
    d = report.difference
    assert (d.added, d.changed, d.unchanged, d.removed, report.rows_after) == (1, 1, 1, 0, 3)
    assert _rows(store, "sales_actuals") == 3


def test_an_undo_brings_the_table_back_and_the_first_one_empties_it(store: Store) -> None:
    import_table(store, "jana", _request("products", PRODUCTS))
    import_table(store, "jana", _request("products", PRODUCTS + b"NEW,New,Boxes\n"))
    assert undo_import(store, "jana", "products").rows == 2
    assert undo_import(store, "jana", "products").message.endswith("the table is empty again.")
    with pytest.raises(NotFound):
        undo_import(store, "jana", "products")


def test_an_undo_that_would_leave_sales_without_products_is_refused(store: Store) -> None:
    import_table(store, "jana", _request("products", PRODUCTS))
    import_table(store, "jana", _request("sales_actuals", SALES))
    with pytest.raises(Conflict, match="sales_actuals uses 1 product"):
        undo_import(store, "jana", "products")
    assert _rows(store, "products") == 2


@pytest.mark.parametrize("person", ["vera", "gone"])
def test_only_an_active_coordinator_may_import_or_undo(store: Store, person: str) -> None:
    with pytest.raises(NotAllowed):
        import_table(store, person, _request("products", PRODUCTS))
    with pytest.raises(NotAllowed):
        undo_import(store, person, "products")
    assert _rows(store, "products") == 0


def test_an_unknown_table_is_refused_naming_those_there_are(store: Store) -> None:
    with pytest.raises(NotFound, match="sales_actuals"):
        import_table(store, "jana", _request("sales", SALES))


def test_a_question_is_answered_in_the_request(store: Store) -> None:
    content = PRODUCTS.replace(b"Box,", "Kiste größer,".encode("cp1252"))
    assert not import_table(store, "jana", _request("products", content)).accepted
    answered = import_table(store, "jana", _request("products", content, answers={"encoding": "cp1252"}))
    assert answered.accepted
    with pytest.raises(BadInput):
        import_table(store, "jana", _request("products", content, answers={"colour": "red"}))


def test_the_data_page_sees_what_is_loaded_and_from_which_file(store: Store) -> None:
    import_table(store, "jana", _request("products", PRODUCTS))
    states = {state.table: (state, version) for state, version in read_table_states(store)}
    state, version = states["products"]
    assert version is not None
    assert (state.rows, version.file_name, version.by) == (2, "products.csv", "jana")
    assert states["sales_actuals"][1] is None


def test_the_companys_time_zone_is_asked_once(store: Store) -> None:
    import_table(store, "jana", _request("products", PRODUCTS))
    instants = b"month,product,region,quantity\n2026-01-31T23:00Z,00123,North,5\n"
    assert not import_table(store, "jana", _request("sales_actuals", instants)).accepted
    with store.read() as tx:
        assert settings.read_setting(tx, "time_zone") is None
    answered = _request("sales_actuals", instants, answers={"time_zone": "Europe/Berlin"})
    assert import_table(store, "jana", answered).checked.frame["month"].tolist() == ["2026-02"]
    later = (
        instants.replace(b"2026-01-31", b"2026-02-28")
        .replace(b"product,", b"product,note,")
        .replace(b"00123,", b"00123,x,")
    )
    assert import_table(store, "jana", _request("sales_actuals", later)).checked.frame["month"].tolist() == [
        "2026-03"
    ]


def test_a_book_that_contradicts_lead_time_and_shipments_is_told_at_import_and_stands_against_none(
    store: Store,
) -> None:
    products = b"product,name,family,strategy,standard_lead_time_days\nA-1,Jet,Aircraft,MTO,60\n"
    sales = b"month,product,region,quantity\n2026-02,A-1,World,100\n2026-03,A-1,World,100\n"
    book = b"month,product,region,quantity\n2026-03,A-1,World,540\n"
    import_table(store, "jana", _request("products", products))
    assert not import_table(store, "jana", _request("sales_actuals", sales)).across
    preview = preview_import(store, "jana", _request("order_book", book))
    report = import_table(store, "jana", _request("order_book", book))
    assert preview.across == report.across and report.imported
    (found,) = (finding for finding in report.findings if finding.rule == "little_law")
    assert "540 open orders are 159 days of shipments, its stated lead time is 60 days" in found.what
    assert found.what in json.dumps(report.fields(), ensure_ascii=False)
    # It is told again with the plan, as the tables then stand; what was stored with the file would grow old.
    with store.read() as tx:
        assert all(row["rule"] != "little_law" for row in data.read_heads(tx)["order_book"].findings)
    longer = products.replace(b",60", b",160")
    assert not import_table(store, "jana", _request("products", longer)).across
