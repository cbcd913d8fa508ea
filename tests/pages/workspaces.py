"""Small workspaces for page tests, and a way to open a page as somebody without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from tests.companies import Shape
from tests.copies import copy_database
from tests.golden.visits import Visit, text_of
from tests.services.planned_company import make_room

APP = Path(__file__).parents[2] / "screens.py"
RICH = Shape(history=5, horizon=24, products=3, families=2)
"""Every table of the contract that a plan uses, and a history too short for the slow forecast models."""
POOR = Shape(
    history=5,
    horizon=24,
    products=3,
    families=2,
    made_to_order=False,
    orders=False,
    capacity=False,
    people=False,
    materials=False,
    strategy=False,
    ledger=False,
)
"""Products, sales and stock: what a company starts with."""


def make_workspace(folder: Path, shape: Shape) -> Path:
    """A workspace folder with a planned company."""
    room = make_room(folder, shape)
    room.input_set()
    room.store.close()
    return folder


def copy_of(folder: Path, to: Path) -> Path:
    """A workspace of a test's own."""
    store = open_store(folder)
    copy_database(store, to / "accord.sqlite")
    store.close()
    return to


def lines_on_copy(folder: Path, to: Path, page: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the CEO reads on a page of a copy of a workspace, none of which breaks or is refused."""
    monkeypatch.setenv("SOP_WORKSPACE", str(copy_of(folder, to)))
    st.cache_resource.clear()
    lines = text_of(Visit(page, "executive"))
    assert not [line for line in lines if line.startswith(("exception", "error"))]
    return lines


def room_of(folder: Path) -> PlanningRoom:
    """The planning room of a workspace, to look behind the page."""
    return PlanningRoom(open_store(folder))


def press(app: AppTest, label: str, place: int = 0) -> AppTest:
    """The page after a press on a button; `place` tells buttons of one label apart."""
    return [button for button in app.button if button.label == label][place].click().run()


def open_page(name: str, person: str | None, **state: object) -> AppTest:
    """A page as somebody sees it; signed out where nobody is named. `state`: what the session knows already."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    for key, value in state.items():
        app.session_state[key] = value
    if person:
        app.session_state["person"] = person
    app.switch_page(f"pages/{name}.py")
    return app.run()


def message(app: AppTest) -> str:
    """The page's one sentence."""
    return str(app.title[0].value)


def html(app: AppTest) -> list[str]:
    """The HTML blocks of a page, in order."""
    return [block.proto.body for block in app.get("html")]


def table_rows(app: AppTest, caption: str) -> list[list[str]]:
    """The rows of the table with that caption, cell by cell, as plain text."""
    found = next(text for text in html(app) if f'aria-label="{caption}"' in text)
    rows = re.findall(r"<tr.*?</tr>", found.split("<tbody>")[1], re.S)
    return [[plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)] for row in rows]


def plain(text: str) -> str:
    """HTML without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()
