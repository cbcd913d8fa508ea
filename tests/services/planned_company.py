"""A generated company in a workspace of its own, ready to be planned: every role has one person, named as it."""

from __future__ import annotations

from pathlib import Path

from sop.services.company.cycle import CompanySettings, initialise
from sop.services.planning.room import PlanningRoom
from sop.store import Store, open_store
from sop.store.data import add_table
from tests.companies import FIRST_OPEN, Shape, company_tables

SHORT = Shape(history=5, horizon=6, products=3, families=2)
"""Five closed months: too short for the forecast models, so that the tests are quick."""

FUNCTIONS = {
    "sales": "head_of_sales",
    "operations": "head_of_operations",
    "supply": "head_of_supply",
    "product": "head_of_product",
    "finance": "head_of_finance",
    "ceo": "executive",
}
"""Who signs for which function."""


def make_room(folder: Path, shape: Shape = SHORT) -> PlanningRoom:
    """A planning room on a new workspace with the company's tables and the cycle 2026-01 open."""
    store = open_store(folder)
    initialise(store, FIRST_OPEN, CompanySettings(name="Generated", horizon=shape.horizon, fictional=True))
    load_tables(store, shape)
    return PlanningRoom(store)


def load_tables(store: Store, shape: Shape) -> None:
    """Store a company's tables as the coordinator would."""
    with store.write(by="coordinator", role="coordinator") as tx:
        for name, frame in company_tables(shape).items():
            add_table(tx, name, frame, file_name=f"{name}.csv", file_sha256="0" * 64)
