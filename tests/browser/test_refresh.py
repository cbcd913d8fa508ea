"""A month's refresh of three sources, two files and a PostgreSQL query, with one click."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from sop.intake.sources import DataSource
from sop.services.company.settings import list_people
from sop.services.data.sources import add_source
from sop.store import open_store
from sop.store.data import read_current_tables
from tests.browser.conftest import Open
from tests.conftest import new_database

pytestmark = [pytest.mark.browser, pytest.mark.database]
CLOSED = "2026-11"


def _tables(folder: Path) -> dict[str, pd.DataFrame]:
    store = open_store(folder)
    with store.read() as tx:
        found = read_current_tables(tx)
    store.close()
    return {name: frame.drop(columns=["_file", "_line"], errors="ignore") for name, frame in found.items()}


@pytest.fixture(scope="module")
def demo_folder(demo_folder: Path, postgres_server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo's workspace with three sources: products with a new one, plants, and sales with a restated row."""
    exports, tables = tmp_path_factory.mktemp("exports"), _tables(demo_folder)
    products, sales = tables["products"], tables["sales_actuals"]
    new = products.iloc[:1].assign(product="NEW-1", name="A new one")
    pd.concat([products, new]).to_csv(exports / f"products_{CLOSED}.csv", index=False)
    tables["plants"].to_csv(exports / "plants.csv", index=False)
    month = sales[sales["month"] == CLOSED].copy()
    month.iloc[0, month.columns.get_loc("quantity")] += 10
    with new_database(postgres_server) as url, pytest.MonkeyPatch.context() as patch:
        engine = create_engine(url)
        month.to_sql("sales", engine, index=False)
        engine.dispose()
        place = make_url(url).set(drivername="postgresql", username=None).render_as_string(hide_password=False)
        allowed = exports.parent / "sources.toml"
        allowed.write_text(
            f'[folders]\nexports = "{exports}"\n'
            f'[connections.erp]\nurl = "{place}"\nuser_from = "SOURCE_USER"\nseconds = 60\n'
        )
        patch.setenv("SOP_SOURCES", str(allowed))
        patch.setenv("SOURCE_USER", "postgres")
        store = open_store(demo_folder)
        for name, table, kind, where, what in (
            ("Product list", "products", "file", "exports", "products_{month}.csv"),
            ("Plants", "plants", "file", "exports", "plants.csv"),
            ("ERP sales", "sales_actuals", "query", "erp", "SELECT * FROM sales"),
        ):
            add_source(store, "coordinator", DataSource(name, table, kind, where, what, ""))
        store.close()
        yield demo_folder


def test_one_click_brings_three_sources_up_to_date(open_as: Open, demo_folder: Path) -> None:
    assert os.environ["SOP_SOURCES"]
    before = _tables(demo_folder)
    page = open_as(_coordinator(demo_folder), "Data")
    section = page.locator(".st-key-card_sources")
    expect(section.get_by_text("never")).to_have_count(3)
    section.get_by_role("button", name="Bring all up to date").click()
    told = section.get_by_test_id("stAlert")
    expect(told).to_contain_text(
        "3 sources are brought up to date: 1 added, 1 changed, 0 gone rows; 1 of them restate"
    )
    expect(section.get_by_text("never")).to_have_count(0)
    expect(section.get_by_role("region", name="What the sources change")).to_contain_text("+10")
    after = _tables(demo_folder)
    assert len(after["products"]) == len(before["products"]) + 1
    assert after["sales_actuals"]["quantity"].sum() == before["sales_actuals"]["quantity"].sum() + 10
    assert len(after["sales_actuals"]) == len(before["sales_actuals"])


def _coordinator(folder: Path) -> str:
    store = open_store(folder)
    found = next(person.name for person in list_people(store) if person.id == "coordinator")
    store.close()
    return found
