"""A company that has almost nothing loaded."""

from __future__ import annotations

import re
from pathlib import Path

from sop.services.company.cycle import CompanySettings, initialise
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from sop.store.data import add_table
from sop.store.frames import frame_sha256
from tests.companies import FIRST_OPEN, Shape, company_tables

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


def figure(text: str) -> float:
    """A figure of a table as a number; blank is 0."""
    return float(re.sub(r"\s|[+±]", "", text).replace("−", "-") or 0)
