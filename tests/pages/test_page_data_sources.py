"""Sources on the Data page, run without a browser: added, looked at with a mapping, refreshed, removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.store import open_store
from sop.store.sources import read_sources
from tests.pages.screens import open_page, words
from tests.pages.starter import make_starter
from tests.pages.test_page_data import stored_rows
from tests.sources.foreign import allow

PAGE = "data"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty workspace, and a folder that its operator allows."""
    place = tmp_path / "exports"
    place.mkdir()
    monkeypatch.setenv("SOP_WORKSPACE", str(make_starter(tmp_path, loaded=False)))
    allow(tmp_path / "sources.toml", monkeypatch, {"exports": str(place)})
    return place


def test_a_source_is_added_mapped_once_refreshed_and_removed(tmp_path: Path, folder: Path) -> None:
    (folder / "p.csv").write_text("product,Bezeichnung intern,family\nA,Box,Boxes\n")
    app = open_page(PAGE, "coordinator")
    app.text_input(key="source_file_name").set_value("Product list")
    app.text_input(key="source_file_what").set_value("p.csv")
    next(button for button in app.button if button.label == "Add").click().run()
    assert not app.exception and not app.error
    assert "exports: p.csv" in words(app)
    app.button(key="refresh_all").click().run()
    assert "Product list" in app.error[0].value and "name" in app.error[0].value
    next(button for button in app.button if button.label == "Look at it").click().run()
    next(box for box in app.selectbox if box.label == "name *").set_value("Bezeichnung intern")
    next(button for button in app.button if button.label == "Check with these columns").click().run()
    next(button for button in app.button if button.label == "Import products").click().run()
    assert not app.exception and stored_rows(tmp_path, "products") == 1
    (folder / "p.csv").write_text("product,Bezeichnung intern,family\nA,Box,Boxes\nB,Bell,Bells\n")
    app.button(key="refresh_dry").click().run()
    assert "1 source would be brought up to date: 1 added" in app.info[0].value
    assert stored_rows(tmp_path, "products") == 1
    app.button(key="refresh_all").click().run()
    assert "1 source is brought up to date: 1 added" in app.info[0].value
    assert stored_rows(tmp_path, "products") == 2
    next(button for button in app.button if button.label == "Remove it").click().run()
    store = open_store(tmp_path)
    with store.read() as tx:
        assert read_sources(tx) == ()
    store.close()


def test_a_path_is_no_pattern_and_others_see_no_buttons(tmp_path: Path, folder: Path) -> None:
    app = open_page(PAGE, "coordinator")
    app.text_input(key="source_file_name").set_value("Secrets")
    app.text_input(key="source_file_what").set_value("../../etc/passwd")
    next(button for button in app.button if button.label == "Add").click().run()
    assert len(app.error) == 1 and "is no file pattern" in app.error[0].value
    assert not [button for button in open_page(PAGE, "head_of_sales").button if button.label == "Add"]


def test_a_broken_list_of_places_is_one_sentence_and_the_page_stays(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "sources.toml").write_text("[folders")
    app = open_page(PAGE, "coordinator")
    assert not app.exception and len(app.error) == 1 and "SOP_SOURCES" in app.error[0].value
    assert "Import" in [heading.value for heading in app.header]
