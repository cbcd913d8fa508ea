"""What a board pack and a workbook cost: the demo, and generated companies with many families. Seconds of CPU.

The decisions of the demo are valued and its ranges drawn before, as they are when somebody asks for a pack.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from report import Figures, main

os.environ.setdefault("SOP_DRAWS", "50")

from sop.files.pack_pdf import write_pdf
from sop.files.pack_pptx import write_pptx
from sop.services.analysis.decisions import value_decisions
from sop.services.data import board_pack
from sop.services.planning.forecasting import KeptForecasts
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from sop.store.data import add_table
from tests.companies import Shape, company_tables
from tests.services.planned_company import make_room

CEO = "executive"
MANY = (50, 400)
"""Families of the generated companies."""
PLANTS = 5
"""Among which their families are spread, each with lines and people of its own."""


def over_plants(tables: dict[str, pd.DataFrame], plants: int) -> dict[str, pd.DataFrame]:
    """The tables of a company with one plant that tell of plants, as those of a company with several."""

    def each(name: str, *columns: str) -> pd.DataFrame:
        numbered = (
            tables[name].assign(**{column: tables[name][column] + f" {n + 1}" for column in columns})
            for n in range(plants)
        )
        return pd.concat(numbered, ignore_index=True)

    home = {family: f" {n % plants + 1}" for n, family in enumerate(tables["routings"]["family"].unique())}
    family_of = tables["products"].set_index("product")["family"]
    routes, stock = tables["routings"], tables["inventory"]
    return {
        "resources": each("resources", "resource", "plant"),
        "capacity": each("capacity", "resource"),
        "plants": each("plants", "plant"),
        "workforce": each("workforce", "plant"),
        "routings": routes.assign(resource=routes["resource"] + routes["family"].map(home)),
        "inventory": stock.assign(plant=stock["plant"] + stock["product"].map(family_of).map(home)),
    }


def make_plants(room: PlanningRoom, shape: Shape) -> None:
    """Spread a generated company over its plants."""
    with room.store.write(by="coordinator", role="coordinator") as tx:
        for name, frame in over_plants(company_tables(shape), PLANTS).items():
            add_table(tx, name, frame, file_name=f"{name}.csv", file_sha256="1" * 64)


def cost(work: Callable[[], object]) -> float:
    """Seconds of CPU that something takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def measure_room(room: PlanningRoom, name: str) -> Figures:
    """Pack and workbook of a room's working plan, planned and valued before."""
    value_decisions(room, room.input_set(), room.assumptions())
    packs = []
    found = {f"{name}_pack_read": (cost(lambda: packs.append(board_pack.read_pack(room, CEO, None))), "s CPU")}
    found[f"{name}_pack_pptx"] = (cost(lambda: write_pptx(packs[0])), "s CPU")
    found[f"{name}_pack_pdf"] = (cost(lambda: write_pdf(packs[0])), "s CPU")
    found[f"{name}_workbook"] = (cost(lambda: board_pack.export_workbook(room, CEO, None)), "s CPU")
    return found


def measure(options: argparse.Namespace) -> Figures:
    """The demo's where one is named, and those of generated companies."""
    found: Figures = {}
    if options.workspace:
        store = open_store(Path(options.workspace))
        found |= measure_room(PlanningRoom(store, KeptForecasts(store)), "demo")
        store.close()
    for families in options.families or MANY:
        with tempfile.TemporaryDirectory() as folder:
            shape = Shape(history=5, horizon=12, products=families, families=families)
            room = make_room(Path(folder), shape)
            make_plants(room, shape)
            found |= measure_room(room, f"families_{families}_x_{PLANTS}_plants")
            room.store.close()
    return found


if __name__ == "__main__":
    main(
        measure,
        __doc__,
        ("--workspace", {"help": "a workspace of the demo"}),
        ("--families", {"type": int, "nargs": "*", "help": "sizes of generated companies"}),
    )
