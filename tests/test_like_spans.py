"""Twelve months are never held against fewer: of part of a year no growth stands anywhere, and why is said."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import streamlit as st

from sop.analysis.comparison.bridge import prior_year_by_family
from sop.analysis.comparison.changes import plan_of_prior_year
from sop.analysis.jump import jumps_of
from sop.cli.main import run_command
from sop.core.present import PlanTable, plain
from sop.core.register import Assumptions
from sop.finance.explained import actual_year_items, plan_year_items
from sop.services.company.cycle import CompanySettings, initialise
from sop.services.data.board_pack import export_workbook, read_pack
from sop.services.planning.choices import list_views, read_view
from sop.services.planning.plan_context import channel_sales, plan_context
from sop.services.planning.room import PlanningRoom
from sop.store import open_store
from sop.store.data import add_table
from sop.views.financial.statement import statement_table
from sop.views.lead_time.delivery import on_time_table
from sop.views.sales.sales_plan import channels_note, channels_table, regions_note, regions_table
from sop.views.timeline import PlanContext
from tests import integrated
from tests.companies import FIRST_OPEN, company_tables
from tests.copies import copy_database
from tests.golden.visits import PAGES, TABS, Visit, tabs_of, text_of
from tests.pages.workspaces import RICH

CEO = "executive"
YEAR_BEHIND = r"(?i)to (last|prior) year|to (the )?year before|against the (year|12) before|prior year"
"""What a column is called that holds months against those a year before."""


@dataclass(frozen=True)
class Known:
    """How many closed months sales have, and of them order lines, channels and the region that came last."""

    history: int
    lines: int
    channels: int
    newest: int


WHOLE = Known(26, 26, 26, 26)
PART = {
    "seven closed months": Known(7, 7, 7, 7),
    "order lines and channels for a year and seven months": Known(26, 19, 19, 26),
    "order lines, channels and a region for seven months": Known(26, 7, 7, 7),
}


def tables_of(known: Known) -> Mapping[str, pd.DataFrame]:
    """A generated company with channels and order lines, each as far back as is known."""
    tables = company_tables(replace(RICH, history=known.history, horizon=18))
    sales = tables["sales_actuals"]
    since = sorted(sales["month"].unique(), reverse=True)
    late = (sales["region"] == "Region 1") & (sales["month"] < since[known.newest - 1])
    sales = sales[~late].reset_index(drop=True)
    channel = np.where(np.arange(len(sales)) % 2, "Web", "Dealer")
    tables["sales_actuals"] = sales.assign(
        channel=np.where(sales["month"] >= since[known.channels - 1], channel, None)
    )
    lines = sales[(sales["month"] >= since[known.lines - 1]) & (sales["quantity"] > 0)].reset_index(drop=True)
    day = np.where(np.arange(len(lines)) % 4, "-20", "-25")
    tables["deliveries"] = pd.DataFrame(
        {
            "order_line": [f"L{i}" for i in range(len(lines))], "product": lines["product"],
            "region": lines["region"], "ordered": lines["month"] + "-01", "requested": lines["month"] + "-20",
            "promised": lines["month"] + "-21", "delivered": lines["month"] + day,
            "quantity_ordered": lines["quantity"], "quantity_delivered": lines["quantity"],
        }
    )  # fmt: skip
    return tables


def make_company(folder: Path, known: Known) -> Path:
    store = open_store(folder)
    initialise(store, FIRST_OPEN, CompanySettings(name="Generated", horizon=18, fictional=True))
    with store.write(by="coordinator", role="coordinator") as tx:
        for name, frame in tables_of(known).items():
            add_table(tx, name, frame, file_name=f"{name}.csv", file_sha256="0" * 64)
    PlanningRoom(store).input_set()
    store.close()
    return folder


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_company(tmp_path_factory.mktemp("seven"), PART["seven closed months"])


@dataclass(frozen=True)
class Looked:
    """A company looked at: its room, context, and sales by channel as plain rows."""

    room: PlanningRoom
    context: PlanContext
    channels: list[tuple[str, float, float, float, float]]


def looked_at(folder: Path) -> Looked:
    room = PlanningRoom(open_store(folder))
    context = plan_context(room, CEO, read_view(room, CEO, list_views(room, CEO)[0]), None)
    found = channel_sales(room, CEO, None)
    rows = [(c.channel, c.units, c.units_before, c.revenue, c.revenue_before) for c in found]
    return Looked(room, context, rows)


def growth_in(table: PlanTable, column: str) -> dict[str, float | None]:
    """A column by the name of its row."""
    return {name: table.figure(name, column) for name in (str(plain(row[0])) for row in table.rows)}


GROWTH = {
    "regions": (lambda c: regions_table(c.context, None), "To last year"),
    "channels": (lambda c: channels_table(c.channels, c.context.last_text), "To year before"),
    "on time": (lambda c: on_time_table(c.context), "Against the year before, % points"),
    "revenue": (lambda c: statement_table(c.context), "To prior year"),
}


def test_with_two_whole_years_everything_grows(tmp_path: Path) -> None:
    looked = looked_at(make_company(tmp_path, WHOLE))
    for read, column in GROWTH.values():
        found = {
            name: value for name, value in growth_in(read(looked), column).items() if name != "Capital spending"
        }
        assert any(value is not None and np.isfinite(value) for value in found.values()), column
    assert channels_note(looked.channels) == "As shipped" and looked.context.last_text == "12 months"


@pytest.mark.parametrize("name", PART)
def test_with_part_of_a_year_nothing_grows_and_why_is_said(name: str, tmp_path: Path) -> None:
    known, looked = PART[name], looked_at(make_company(tmp_path, PART[name]))
    for row, value in growth_in(channels_table(looked.channels, "x"), "To year before").items():
        assert value is None, row
    assert channels_note(looked.channels).endswith("two whole years with channels are needed")
    delivered = on_time_table(looked.context)
    if known.lines < 12:
        assert not delivered.rows and "fewer are not told as a year" in delivered.empty
    for row in delivered.rows:
        assert delivered.figure(str(plain(row[0])), "Against the year before, % points") is None
    regions = growth_in(regions_table(looked.context, None), "To last year")
    if known.newest < 12:
        assert regions["Region 1"] is None
    if known.history < 12:
        assert set(regions.values()) == {None} and "a whole year is not known" in regions_note(looked.context)
        assert looked.context.last_text == "7 months"
        statement = growth_in(statement_table(looked.context), "To prior year")
        flows = [value for line, value in statement.items() if not line.endswith(", at the end")]
        assert len(flows) > 5 and set(flows) == {None}


# -- everywhere, with seven closed months


def assert_like_with_like(table: PlanTable) -> None:
    """Nothing is told against a year before, but what stood at its end."""
    for column in (column.title for column in table.columns if re.search(YEAR_BEHIND, column.title)):
        told = growth_in(table, column)
        assert not [row for row, value in told.items() if value is not None and not row.endswith(", at the end")]


def tables_on(lines: list[str]) -> Iterator[list[list[str]]]:
    """The tables of a page as rows of cells, the header first."""
    table: list[list[str]] = []
    for line in (*lines, ""):
        if line.startswith("html: |"):
            cells = [re.sub(r"\[[^\]]*\]", "", cell).strip() for cell in line.removeprefix("html: |").split(" | ")]
            table.append(cells)
        elif table:
            yield table
            table = []


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("Data", "Assumptions", "Settings")])
def test_no_page_holds_twelve_months_against_seven(
    seven: Path, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(seven)
    copy_database(store, tmp_path / "accord.sqlite")
    store.close()
    monkeypatch.setenv("SOP_WORKSPACE", str(tmp_path))
    st.cache_resource.clear()
    first = Visit(page, CEO)
    lines = text_of(first)
    visits = [lines, *(text_of(visit) for visit in tabs_of(first, lines))] if page in TABS else [lines]
    for lines in visits:
        assert not [line for line in lines if line.startswith(("exception", "error"))]
        for head, *rows in tables_on(lines):
            at = [place for place, cell in enumerate(head) if re.search(YEAR_BEHIND, cell)]
            for row in rows:
                compared = [row[place] for place in at] if len(row) == len(head) else []
                assert not re.search(r"\d", "".join(compared)) or row[0].endswith(", at the end"), (head, row)
        claimed = [line for line in lines if re.search(r"(?i)\b(last|past) (12|twelve) months\b", line)]
        assert not [line for line in claimed if re.search(r"\d", re.sub(r"(?i)12|twelve", "", line))], claimed


def test_no_file_holds_twelve_months_against_seven(seven: Path, capsys: pytest.CaptureFixture[str]) -> None:
    room = looked_at(seven).room
    book = openpyxl.load_workbook(io.BytesIO(export_workbook(room, CEO, None)), data_only=False)
    seen = 0
    for sheet in book.worksheets:
        block, flow = "", re.compile(r"(?i)revenue|cost|margin|ebit|spend|depreciation")
        for row in sheet.iter_rows(values_only=True):
            text = str(row[0] or "")
            if sum(cell is not None for cell in row) == 1:
                block = text
            if re.search(r"(?i)prior year", block) and flow.search(text) and len(row) > 3:
                seen += 1
                assert not [cell for cell in row[-1:] if isinstance(cell, (int, float))], (sheet.title, row)
    assert seen
    for slide in read_pack(room, CEO, None, lambda share: None).slides:
        assert not re.search(r"(?i)(last|past) (12|twelve) months|last year|year before", str(slide.message))
        for table in slide.tables:
            assert_like_with_like(table)
    assert run_command(["--workspace", str(seven), "plan", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["against_last_year"] == [] and data["service"]["on_time"]["last_12_months"] is None
    assert run_command(["--workspace", str(seven), "plan"]) == 0
    assert not re.search(r"(?i)in the last 12 months", capsys.readouterr().out)


# -- months of which nobody knows anything


def test_a_year_with_months_that_nobody_knows_is_no_year() -> None:
    """A month without a single row is not one in which nothing was sold."""
    sales = integrated.tables()["sales_actuals"]
    for months, years in (("2025-08", 0), ("2024-03", 1), ("", 2)):
        inputs = integrated.company(sales_actuals=sales[sales["month"] != months].reset_index(drop=True))
        plan = integrated.plan_of(inputs)
        known = [
            jumps_of(inputs, plan, integrated.forecast_of(inputs)),
            plan_of_prior_year(inputs),
            prior_year_by_family(inputs),
            plan_year_items(inputs, plan, Assumptions()),
        ]
        assert [bool(found) for found in known] == [years > 0] * 4
        assert bool(actual_year_items(inputs)) is (years > 1)
        growth = growth_in(regions_table(PlanContext(inputs, plan), None), "To last year")
        assert {value is not None for value in growth.values()} == {years > 0}
