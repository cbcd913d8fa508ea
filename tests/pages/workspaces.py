"""Small workspaces for page tests, and a way to open a page as somebody without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st

from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from tests.companies import Shape
from tests.copies import copy_database
from tests.golden.visits import Visit, text_of
from tests.services.planned_company import make_room

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
