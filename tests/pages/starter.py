"""Opening a page without a browser, reading its tables, and a company that has almost nothing loaded."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from streamlit.testing.v1 import AppTest

from sop.services.company.cycle import CompanySettings, initialise
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from sop.store.data import add_table
from sop.store.frames import frame_sha256
from tests.companies import FIRST_OPEN, Shape, company_tables

ROOT = Path(__file__).parents[2]
POOR = Shape(orders=False, capacity=False, people=False, materials=False, strategy=False, ledger=False, horizon=24)
"""Products, sales and stock: what a company starts with."""


def make_starter(folder: Path, *, loaded: bool = True) -> Path:
    """A workspace with a cycle open, with what a company starts with or without any table."""
    store = open_store(folder)
    initialise(store, FIRST_OPEN, CompanySettings(name="Starter", currency="USD", fictional=True))
    with store.write(by="coordinator", role="coordinator") as tx:
        for name, frame in company_tables(POOR).items() if loaded else ():
            add_table(tx, name, frame, file_name=name, file_sha256=frame_sha256(name, frame))
    if loaded:  # so that no page has to show the forecast being made
        PlanningRoom(store).input_set()
    store.close()
    return folder


def open_page(page: str, person: str | None = "executive") -> AppTest:
    """A page of the app as somebody sees it."""
    app = AppTest.from_file(ROOT / "screens.py", default_timeout=90)
    if person:
        app.session_state["person"] = person
    return app.switch_page(page).run()


def html(app: AppTest) -> str:
    """All HTML of the page."""
    return " ".join(block.proto.body for block in app.get("html"))


def plain(text: str) -> str:
    """HTML as text."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def table(app: AppTest, header: str) -> list[list[str]]:
    """The first table with this header, row by row, the header row first."""
    bodies = [block.proto.body for block in app.get("html") if "<table" in block.proto.body]
    body = next(body for body in bodies if header in plain(body.split("</thead>")[0]))
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    return [[cell_text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def figure(text: str) -> float:
    """A figure of a table as a number; blank is 0."""
    return float(re.sub(r"\s|[+±]", "", text).replace("−", "-") or 0)


def cell_text(cell: str) -> str:
    """A cell's own text, without the grey note under it."""
    return plain(re.sub(r"<small>.*?</small>", "", cell, flags=re.DOTALL)).strip()
