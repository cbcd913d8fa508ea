"""What stands in the workbook, on the slides and in the PDF is what the screens and the plan's lines say."""

from __future__ import annotations

import io
import json
import math
import random
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pypdfium2 import PdfDocument
from sqlalchemy import text

from sop.agreement.records import PlanRecord
from sop.core.calendar import period_short
from sop.core.open_data import open_table
from sop.core.paper import BoardPack, PaperChart, PaperLine, folded
from sop.core.plan import Plan
from sop.core.present import figure_text, plain, table_texts
from sop.core.spreadsheet import STATEMENT, family_sheet_names
from sop.core.terms import PlanName
from sop.files.pack_pdf import write_pdf
from sop.files.pack_pptx import write_pptx
from sop.services.agreement.frozen_plans import read_frozen
from sop.services.data import board_pack
from sop.services.data.exports import working_content
from sop.services.data.open_data import read_open_table
from sop.views.financial.statement import statement_table
from tests.files.test_board_pack import slide_texts
from tests.test_figures_agree import (
    CEO,
    SAMPLED,
    Company,
    Line,
    apart,
    company,  # noqa: F401
    in_sheets,
    line_keys,
    on_screen,
)

OFFICE = shutil.which("soffice")
CLOSE = 0.005


def recalculated(data: bytes, folder: Path) -> Any:
    """The workbook with every formula worked out anew: saved without figures first, so that none is left."""
    openpyxl.load_workbook(io.BytesIO(data)).save(folder / "book.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "again")]
    subprocess.run([*command, str(folder / "book.xlsx")], check=True, capture_output=True, timeout=300)
    return openpyxl.load_workbook(folder / "again" / "book.xlsx", data_only=True)


def blocks(sheet: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Figures by block and row of a sheet that compares, each by its column's title."""
    rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    # Notes, such as what is not known, may stand above the header.
    top = next(number for number, row in enumerate(rows) if row[1] == "Unit")
    header, found, block = rows[top], {}, ""
    for row in rows[top + 1 :]:
        if row[0] is not None and row[1] is None:
            block = row[0]
        elif row[0] is not None:
            found[block, row[0]] = dict(zip(header[2:], row[2:], strict=True))
    return found


def same(one: float | None, other: float | None) -> bool:
    unknown = [value is None or math.isnan(value) for value in (one, other)]
    return all(unknown) if any(unknown) else abs((one or 0) - (other or 0)) < CLOSE


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_the_workbook_worked_out_anew_says_what_screens_and_lines_say(company: Company, tmp_path: Path) -> None:  # noqa: F811
    book = recalculated(company.workbook_file, tmp_path)
    compared, apart = 0, []
    year = f"{period_short(company.year[0])} – {period_short(company.year[-1])}"
    if company.view.plan.has_revenue:
        told, table = blocks(book[STATEMENT]), statement_table(company.context)
        columns = {
            "Plan": "Actual, then plan",
            "Agreed": "Agreed plan",
            "Budget": "Budget",
            "Prior year": "Prior year",
        }
        for row in table.rows:
            name = str(plain(row[0])).removesuffix(", at the end")
            for column, block in columns.items():
                said = table.figure(str(plain(row[0])), column)
                figure = None if said is None or said != said else float(said) / 100
                compared += 1
                found = told.get((block, name), {}).get(year)
                apart += [] if same(figure, found) else [f"{block}, {name}: {figure}, in the workbook {found}"]
    families = company.inputs.inputs.families.names
    for family, sheet in zip(families, family_sheet_names(families)[2:], strict=True):
        row = blocks(book[sheet])["Sales", "Actual or consensus"]
        lines = company.lines
        own = lines[(lines["measure"] == "consensus_demand") & (lines["family"] == family)]
        by_month = own.groupby("month")["value"].sum()
        for month in company.view.plan.months:
            compared += 1
            said, found = float(by_month[month]), row[period_short(month)]
            apart += [] if same(said, found) else [f"{family}, {month}: {said}, in the workbook {found}"]
    assert not apart, "\n".join(apart)
    assert compared >= 12 * len(families)


def figures_of(pack: BoardPack) -> list[str]:
    """Texts that must stand on paper: every card, every figure of the statement, the digest."""
    statement = pack.slide(PlanName.FINANCIAL.value).tables
    cells = [cell.text for table in statement for row in table_texts(table, pack.money)[1] for cell in row]
    return [*(card.value for card in pack.slide("verdict").cards), *cells, pack.digest]


def bare(text: str) -> str:
    """Without the spaces that break and do not."""
    return "".join(text.split()).replace("\u200b", "")


def test_slides_and_pages_say_what_the_screens_say(company: Company) -> None:  # noqa: F811
    pack = board_pack.read_pack(company.room, CEO, None)
    table = statement_table(company.context)
    if company.view.plan.has_revenue:
        plan = [figure_text(plain(row[1]), table.columns[1], pack.money) for row in table.rows]
        assert set(plan) <= set(figures_of(pack))
    for card in pack.slide("verdict").cards:
        kpi = next(each for each in company.view.plan.headline_measures if each.label == card.label)
        assert company.view.plan.headline[kpi.key] is not None
    slides = bare(" ".join(slide_texts(write_pptx(pack))))
    missing = [told for told in figures_of(pack) if bare(told) not in slides]
    assert not missing
    with PdfDocument(write_pdf(pack)) as document:
        pages = bare(" ".join(page.get_textpage().get_text_bounded() for page in document))
    assert not [told for told in figures_of(pack) if bare(told) not in pages]


# -- sampled figures of one plan, on every surface


@dataclass
class Surfaces:
    """A plan wherever it is told: the one in force, or the working plan where none is agreed yet."""

    company: Company
    folder: Path

    @cached_property
    def record(self) -> PlanRecord | None:
        """The plan in force; None for the working plan."""
        return self.company.agreed

    @cached_property
    def plan(self) -> Plan:
        """The plan as its pages read it."""
        room = self.company.room
        return self.company.view.plan if self.record is None else read_frozen(room, CEO, self.record).plan

    @cached_property
    def files(self) -> dict[str, bytes]:
        """plan.json, the workbook and the pack: of a plan in force those in its snapshot."""
        if self.record is not None:
            return self.company.snapshot
        room = self.company.room
        pack = board_pack.make_files(room, CEO, None)
        return {
            "plan.json": json.dumps({"content": working_content(room, CEO)}).encode(),
            "plan.xlsx": self.company.workbook_file,
            "board-pack.pptx": pack.pptx,
            "board-pack.pdf": pack.pdf,
        }

    @cached_property
    def pack(self) -> BoardPack:
        """The pack before it is a file."""
        return board_pack.read_pack(self.company.room, CEO, self.record)

    @cached_property
    def told(self) -> dict[Line, float]:
        """The lines of plan.json."""
        return line_keys(pd.DataFrame(json.loads(self.files["plan.json"])["content"]["lines"]))

    @cached_property
    def lines(self) -> dict[str, dict[Line, float]]:
        """The plan's lines in every place that tells lines."""
        room, book = self.company.room, recalculated(self.files["plan.xlsx"], self.folder)
        sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
        of = "working" if self.record is None else str(self.record.id)
        found = {
            "screen": on_screen(self.plan),
            "workbook, worked out anew": in_sheets(sheets),
            "JSON": line_keys(pd.DataFrame(read_open_table(room, CEO, "plan_lines", of))),
        }
        if self.record is not None:
            where = f"SELECT * FROM {open_table('plan_lines').view} WHERE plan_id = {self.record.id}"
            with room.store.read() as tx:
                rows = [dict(row) for row in tx.session.execute(text(where)).mappings()]
            found["SQL view"] = line_keys(pd.DataFrame(rows))
        return found


@pytest.fixture(scope="module")
def surfaces(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Surfaces:  # noqa: F811
    return Surfaces(company, tmp_path_factory.mktemp("surfaces"))


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_sampled_lines_of_one_plan_are_one_figure_on_every_surface(surfaces: Surfaces) -> None:
    """Screen, workbook recalculated, JSON, the SQL view and plan.json."""
    assert len(surfaces.told) >= (SAMPLED if surfaces.record is not None else 1), "a plan of three periods has few"
    assert apart(surfaces.lines, surfaces.told) == []


@dataclass(frozen=True)
class OnPaper:
    """A figure of the pack: a cell of a table, or a point of a chart, by its place; and what it says."""

    slide: int
    table: int | None
    row: int
    column: int
    says: str | float


def declared(pack: BoardPack) -> Iterator[OnPaper]:
    """Every figure that the tables and charts of a pack declare."""
    for at, slide in enumerate(folded(pack.slides)):
        for place, table in enumerate(table for table in slide.tables if table.rows):
            shown = table if pack.money.known else table.without_money()
            figures = [i for i, column in enumerate(shown.columns) if column.form != "text"]
            for row, cells in enumerate(table_texts(table, pack.money)[1]):
                yield from (OnPaper(at, place, row, i, cells[i].text) for i in figures if cells[i].text)
        if isinstance(slide.chart, PaperChart):
            for row, line in enumerate(drawn_lines(slide.chart)):
                known = ((i, value) for i, value in enumerate(line.values) if value is not None)
                yield from (OnPaper(at, None, row, i, value) for i, value in known)


def drawn_lines(chart: PaperChart) -> list[PaperLine]:
    """The lines of a chart that a slide draws: among columns no budget."""
    return [line for line in chart.lines if chart.form != "columns" or line.role in ("actual", "plan", "agreed")]


def test_sampled_figures_of_tables_and_charts_are_the_same_on_slides_and_pages(surfaces: Surfaces) -> None:
    pack, found = surfaces.pack, []
    figures = list(declared(pack))
    slides = list(Presentation(io.BytesIO(surfaces.files["board-pack.pptx"])).slides)
    tables = [[shape.table for shape in slide.shapes if shape.has_table] for slide in slides]
    charts = [[shape.chart for shape in slide.shapes if shape.has_chart] for slide in slides]
    with PdfDocument(surfaces.files["board-pack.pdf"]) as document:
        pages = bare(" ".join(page.get_textpage().get_text_bounded() for page in document))
    compared = 0
    for each in random.Random(17).sample(figures, min(SAMPLED, len(figures))):
        if each.table is None:
            series = list(charts[each.slide][0].plots[0].series)[each.row]
            compared += 1
            found += [] if same(list(series.values)[each.column], float(each.says)) else [f"slide: {each}"]
            continue
        made = tables[each.slide][each.table]
        shown = [table for table in folded(pack.slides)[each.slide].tables if table.rows][each.table]
        cells = table_texts(shown, pack.money)[1][each.row]
        on_page = "".join(bare(f"{cell.text}{cell.beside}{cell.note}") for cell in cells)
        found += [] if on_page in pages else [f"page: {each}, {on_page}"]
        if each.row + 1 < len(made.rows):
            compared += 1
            told = bare(made.cell(each.row + 1, each.column).text_frame.text)
            found += [] if told.startswith(bare(str(each.says))) else [f"slide: {each}, {told}"]
    assert not found, "\n".join(found)
    assert compared >= 0.9 * min(SAMPLED, len(figures))


CHARTED = {
    PlanName.SALES: "total_revenue",
    PlanName.INVENTORY: "stock_value",
    PlanName.FINANCIAL: "ebit",
}
"""Plans whose chart in the pack draws one measure of money, added up over all lines of a month."""


def test_what_slides_draw_by_month_is_what_the_lines_of_every_surface_add_up_to(surfaces: Surfaces) -> None:
    plan, drawn = surfaces.plan, Presentation(io.BytesIO(surfaces.files["board-pack.pptx"]))
    titles, compared = [slide.key for slide in folded(surfaces.pack.slides)], 0
    scale = plan.money.minor_per_scale / plan.money.minor_per_unit
    for name, key in CHARTED.items():
        chart = surfaces.pack.slide(name.value).chart
        if key not in plan or not isinstance(chart, PaperChart):
            continue
        (native,) = [shape.chart for shape in drawn.slides[titles.index(name.value)].shapes if shape.has_chart]
        (series,) = [each for each in native.plots[0].series if each.name == "Plan"]
        for place, lines in {**surfaces.lines, "plan.json": surfaces.told}.items():
            for month in plan.months[: plan.calendar.year]:
                total = sum(value for line, value in lines.items() if (line[0], line[-1]) == (key, month))
                at = chart.categories.index(period_short(month))
                compared += 1
                assert list(series.values)[at] == pytest.approx(total / scale, abs=1e-6), (place, key, month)
    assert compared or not plan.money.known
