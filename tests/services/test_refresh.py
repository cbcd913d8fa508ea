"""Sources brought up to date: all of them in one transaction or none, in units and money, with a trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sop.core.errors import BadInput, Conflict, NotAllowed, NotFound
from sop.intake.sources import DataSource
from sop.services.data import sources
from sop.services.data.imports import import_table
from sop.store import Store, cycles, data, settings
from sop.store.audit import read_audit
from tests.conftest import new_database
from tests.sources.foreign import INSERT, MORE, PRODUCTS, QUERY, SALES, allow, fill_server, fill_sqlite, run_on

STOCK = "Monat;Werk;product;production;shipments;opening;closing\n2026-03;Main;P-1;10;5;1,5;6,5\n"


@pytest.fixture
def store(store: Store) -> Store:
    """An empty workspace, on each database, with a coordinator and a viewer; first open month 2026-04."""
    with store.write() as tx:
        settings.save_person(tx, "jana", "Jana", "coordinator")
        settings.save_person(tx, "vera", "Vera", "viewer")
        settings.save_person(tx, "gone", "Gone", "coordinator", active=False)
        cycles.add_cycle(tx, "2026-04", 24)
    return store


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with products, and an ERP database with sales, both allowed."""
    place = tmp_path / "exports"
    place.mkdir()
    (place / "products.csv").write_text(PRODUCTS)
    allow(tmp_path / "sources.toml", monkeypatch, {"exports": str(place)}, erp=fill_sqlite(tmp_path / "erp.db"))
    return place


def _add(store: Store, *added: DataSource) -> None:
    for source in added:
        sources.add_source(store, "jana", source)


PRODUCT_LIST = DataSource("Product list", "products", "file", "exports", "products.csv", "")
ERP_SALES = DataSource("ERP sales", "sales_actuals", "query", "erp", QUERY, "")


def _tables(store: Store) -> dict[str, int]:
    with store.read() as tx:
        return {name: len(frame) for name, frame in data.read_current_tables(tx).items()}


def _actions(store: Store) -> list[str]:
    with store.read() as tx:
        return [entry.action for entry in reversed(read_audit(tx))]


def test_a_dry_run_stores_nothing_and_a_refresh_does_what_it_said(store: Store, folder: Path) -> None:
    _add(store, ERP_SALES, PRODUCT_LIST)
    dry = sources.preview_refresh(store, "jana")
    assert (dry.accepted, dry.stored, _tables(store)) == (True, False, {})
    assert dry.message == "2 sources would be brought up to date: 4 added, 0 changed, 0 gone rows."
    report = sources.refresh_sources(store, "jana")
    assert report.stored and _tables(store) == {"products": 2, "sales_actuals": 2}
    moved = report.outcomes[1].report.difference.moved["added"]
    assert (moved.rows, moved.units, moved.money, moved.months) == (2, 11.0, 110.75, ("2026-02", "2026-03"))
    again = sources.refresh_sources(store, "jana")
    assert again.message == "2 sources are up to date already: nothing changed."


def test_a_restated_closed_month_is_told_in_units_and_money(store: Store, folder: Path, tmp_path: Path) -> None:
    _add(store, PRODUCT_LIST, ERP_SALES)
    sources.refresh_sources(store, "jana")
    run_on(
        f"sqlite:///{tmp_path / 'erp.db'}", "UPDATE sales SET quantity = 4 WHERE month = '2026-02'",
        INSERT.format(*MORE), INSERT.format("2026-04", "P-1", "North", 99, 99),
    )  # fmt: skip
    report = sources.refresh_sources(store, "jana")
    moved = report.outcomes[1].report.difference.moved
    assert {kind: (m.rows, m.units, m.money) for kind, m in moved.items()} == {
        "added": (1, 7.0, 126.0),
        "changed": (1, -1.0, 0.0),
        "removed": (0, 0.0, 0.0),
        "restated": (2, 6.0, 126.0),
    }
    assert "2 of them restate closed months" in report.message
    assert report.outcomes[1].report.checked.set_aside == 1


def test_what_stands_against_one_source_stops_all_and_is_in_the_trail(store: Store, folder: Path) -> None:
    _add(store, PRODUCT_LIST, ERP_SALES)
    (folder / "products.csv").write_text("product,name,family\nP-9,Lid,Boxes\n")
    report = sources.refresh_sources(store, "jana")
    assert not report.accepted and not report.stored and _tables(store) == {}
    assert report.message.startswith(
        "1 of 2 sources cannot be brought up to date, so nothing was changed. ERP sales:"
    )
    assert "P-1" in report.message
    assert _actions(store)[-3:] == ["source_added", "source_added", "refresh_refused"]
    (folder / "products.csv").unlink()
    report = sources.refresh_sources(store, "jana")
    assert "Product list: no file is named products.csv" in report.message and _tables(store) == {}


def test_everything_is_in_the_audit_trail_and_nothing_of_credentials(store: Store, folder: Path) -> None:
    _add(store, PRODUCT_LIST, ERP_SALES)
    sources.refresh_sources(store, "jana")
    sources.remove_source(store, "jana", "ERP sales")
    actions = _actions(store)
    assert actions[-8:] == [
        "source_added", "source_added", "table_stored", "table_import", "table_stored", "table_import",
        "sources_refreshed", "source_removed",
    ]  # fmt: skip
    assert _tables(store) == {"products": 2, "sales_actuals": 2}
    with store.read() as tx:
        details = str([entry.detail for entry in read_audit(tx)])
    assert "erp.db" not in details and str(folder) not in details


def test_mapping_sums_and_answers_are_kept_with_the_source(store: Store, folder: Path) -> None:
    (folder / "stock.csv").write_bytes(STOCK.replace("Main", "Köln").encode("cp1252"))
    _add(store, PRODUCT_LIST, DataSource("Stock", "inventory", "file", "exports", "stock.csv", ""))
    refused = sources.preview_refresh(store, "jana")
    assert not refused.accepted and "1 of 2" in refused.message
    import_table(store, "jana", sources.look_at_source(store, "jana", "Product list"))
    request = sources.look_at_source(store, "jana", "Stock")
    answered = replace(
        request, mapping={"Monat": "month", "Werk": "plant"}, answers={"encoding": "cp1252", "same_key": "sum"}
    )
    assert import_table(store, "jana", answered).accepted
    more = "2026-03;Köln;product;10;5;1,5;6,5\n".replace("product", "P-2")
    (folder / "stock.csv").write_bytes((STOCK.replace("Main", "Köln") + more * 2).encode("cp1252"))
    report = sources.refresh_sources(store, "jana")
    assert not report.accepted and "repeats an earlier one" in report.message
    (folder / "stock.csv").write_bytes((STOCK.replace("Main", "Köln") + more).encode("cp1252"))
    assert sources.refresh_sources(store, "jana").stored
    with store.read() as tx:
        assert set(data.read_table(tx, "inventory")["plant"]) == {"Köln"}


def test_a_column_that_was_read_and_is_gone_is_no_silent_loss(store: Store, folder: Path) -> None:
    _add(store, PRODUCT_LIST)
    sources.refresh_sources(store, "jana")
    (folder / "products.csv").write_text("product,name,family\nP-1,Box,Boxes\nP-2,Crate,Boxes\n")
    report = sources.refresh_sources(store, "jana")
    assert "Product list: 1 column that it had is gone: price" in report.message
    assert import_table(store, "jana", sources.look_at_source(store, "jana", "Product list")).accepted
    assert sources.refresh_sources(store, "jana").accepted


def test_freshness_and_owner_stand_with_the_source(store: Store, folder: Path) -> None:
    _add(store, PRODUCT_LIST)
    (before,) = sources.read_sources_state(store, "vera").sources
    assert (before.owner, before.refreshed_at, before.file) == ("jana", "", "")
    sources.refresh_sources(store, "jana")
    state = sources.read_sources_state(store, "vera")
    (after,) = state.sources
    assert (after.refreshed_by, after.file, bool(after.refreshed_at), bool(after.file_at)) == (
        "jana", "products.csv", True, True,
    )  # fmt: skip
    assert (state.folders, state.connections) == (("exports",), ("erp",))


def test_who_may_not_import_may_not_touch_sources(store: Store, folder: Path) -> None:
    _add(store, PRODUCT_LIST)
    acts = (
        lambda who: sources.add_source(store, who, ERP_SALES),
        lambda who: sources.remove_source(store, who, "Product list"),
        lambda who: sources.look_at_source(store, who, "Product list"),
        lambda who: sources.preview_refresh(store, who),
        lambda who: sources.refresh_sources(store, who),
    )
    for act in acts:
        for who in ("vera", "gone"):
            with pytest.raises(NotAllowed):
                act(who)
    assert _tables(store) == {} and len(sources.read_sources_state(store, "jana").sources) == 1


def test_what_cannot_be_added_is_refused_with_nothing_kept(store: Store, folder: Path) -> None:
    with pytest.raises(BadInput, match="there is no source yet"):
        sources.refresh_sources(store, "jana")
    for wrong in (
        DataSource("A", "products", "file", "/etc", "passwd", ""),
        DataSource("A", "products", "file", "exports", "../products.csv", ""),
        DataSource("A", "sales_actuals", "query", "exports", QUERY, ""),
        DataSource("A", "sales_actuals", "query", "erp", "DELETE FROM sales", ""),
        DataSource("A", "products", "file", "exports", "p.csv", "gone"),
    ):
        with pytest.raises(BadInput):
            sources.add_source(store, "jana", wrong)
    with pytest.raises(NotFound):
        sources.add_source(store, "jana", DataSource("A", "nothing", "file", "exports", "p.csv", ""))
    with pytest.raises(NotFound):
        sources.remove_source(store, "jana", "A")
    _add(store, PRODUCT_LIST)
    with pytest.raises(Conflict, match="already"):
        _add(store, PRODUCT_LIST)


def test_a_connection_that_the_operator_takes_away_is_one_sentence(
    store: Store, folder: Path, monkeypatch
) -> None:
    _add(store, PRODUCT_LIST, ERP_SALES)
    monkeypatch.delenv("SOP_SOURCES")
    report = sources.refresh_sources(store, "jana")
    assert "2 of 2 sources cannot be brought up to date" in report.message and not report.stored


@pytest.fixture
def server_url(postgres_server) -> Iterator[str]:
    """A PostgreSQL database with sales, as an operator writes it."""
    with new_database(postgres_server) as url:
        yield fill_server(url)


@pytest.mark.database
def test_a_month_of_two_files_and_postgresql(
    store: Store, folder: Path, tmp_path, server_url, monkeypatch
) -> None:
    allow(tmp_path / "sources.toml", monkeypatch, {"exports": str(folder)}, erp=server_url)
    (folder / "stock_2026-03.csv").write_text(
        STOCK.replace(",", ".").replace("Monat", "month").replace("Werk", "plant")
    )
    stock = DataSource("Stock", "inventory", "file", "exports", "stock_{month}.csv", "")
    _add(store, PRODUCT_LIST, ERP_SALES, stock)
    report = sources.refresh_sources(store, "jana")
    assert report.stored and _tables(store) == {"products": 2, "sales_actuals": len(SALES), "inventory": 1}
    assert [outcome.source.name for outcome in report.outcomes] == ["Product list", "ERP sales", "Stock"]
